//! What a line may be, what its answer says, and what is refused with which words.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn answer(line: &Value) -> Value {
    serde_json::from_str(&decide_line(&line.to_string()).to_line()).unwrap()
}

fn case() -> Value {
    json!({
        "id": "a",
        "principal": {"arn": "arn:aws:iam::111122223333:user/ana"},
        "request": {"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "resourceAccount": "111122223333", "context": {}},
        "identity_policies": [{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}],
        "more": "is left alone",
    })
}

fn changed(change: impl Fn(&mut Value)) -> Value {
    let mut line = case();
    change(&mut line);
    answer(&line)
}

#[track_caller]
fn refused(part: &str, change: impl Fn(&mut Value)) {
    let answer = changed(change);
    let error = answer["error"]
        .as_str()
        .unwrap_or_else(|| panic!("{answer}"));
    assert!(error.contains(part), "{error}");
    assert_eq!(answer.as_object().unwrap().len(), 2, "{answer}");
    assert_eq!(answer["id"], "a");
}

#[test]
fn the_id_comes_back_as_it_was_written() {
    for id in [
        "7",
        "12345678901234567890123",
        "1.50",
        "null",
        "\"é\\u00e9\"",
        "{\"a\": [1, 2]}",
        "true",
    ] {
        let line = case().to_string().replace("\"a\"", id);
        let line = decide_line(&line).to_line();
        assert!(
            line.starts_with(&format!("{{\"id\":{id},\"decision\":\"allowed\"")),
            "{line}"
        );
    }
    assert_eq!(
        changed(|line| {
            line.as_object_mut().unwrap().remove("id");
        })["id"],
        Value::Null
    );
}

#[test]
fn an_id_that_cannot_be_read_back_is_null() {
    for line in ["{\"id\":1e400}", "[7]", "[1e400]"] {
        let answer = decide_line(line).to_line();
        assert!(answer.starts_with("{\"id\":null,\"error\":"), "{answer}");
    }
}

#[test]
fn a_list_of_fields_is_no_case() {
    let case = case();
    let fields =
        ["principal", "request", "none", "identity_policies"].map(|field| case[field].clone());
    let answer = answer(&json!(fields));
    assert_eq!(answer["error"], "the line is not a JSON object");
}

#[test]
fn an_answer_has_four_fields_and_a_failure_two() {
    let line = decide_line(&case().to_string()).to_line();
    let expected = r#"{"id":"a","decision":"allowed","by":[{"policy":"identity_policies[0]","statement":0}],"needs":[]}"#;
    assert_eq!(line, expected);
    assert!(!decide_line("{").is_decided());
    assert!(
        decide_line("")
            .to_line()
            .starts_with(r#"{"id":null,"error":"the line is not JSON"#)
    );
    assert_eq!(
        decide_line("[]").to_line(),
        r#"{"id":null,"error":"the line is not a JSON object"}"#
    );
}

#[test]
fn missing_and_odd_fields_are_named() {
    let remove = |line: &mut Value, field: &str| {
        line["request"].as_object_mut().unwrap().remove(field);
    };
    refused("`principal` is missing", |line| {
        line["principal"] = Value::Null;
    });
    refused("`principal.arn` is missing", |line| {
        line["principal"] = json!({});
    });
    refused("`principal.arn`: `x`", |line| {
        line["principal"]["arn"] = json!("x");
    });
    refused("`principal.tags`", |line| {
        line["principal"]["tags"] = json!([1]);
    });
    refused("`request` is missing", |line| line["request"] = Value::Null);
    refused("`request.action` is missing", |line| remove(line, "action"));
    refused("`request.action`: `s3:*`", |line| {
        line["request"]["action"] = json!("s3:*");
    });
    refused("`request.resource` is missing", |line| {
        remove(line, "resource");
    });
    refused("`request.resource`: `bucket`", |line| {
        line["request"]["resource"] = json!("bucket");
    });
    refused("`request.resourceAccount` is missing", |line| {
        remove(line, "resourceAccount");
        line["request"]["resource"] = Value::Null;
    });
    refused("`request.principalAccount`", |line| {
        line["request"]["principalAccount"] = json!("999999999999");
    });
    refused("`request.context`", |line| {
        line["request"]["context"] = json!([]);
    });
    refused("`aws:K`", |line| {
        line["request"]["context"] = json!({"aws:K": [{}]});
    });
    refused("stands twice", |line| {
        line["request"]["context"] = json!({"aws:K": [], "aws:k": []});
    });
    refused("`context_complete`", |line| {
        line["context_complete"] = json!("no");
    });
}

#[test]
fn a_policy_that_aws_would_refuse_is_named_with_statement_and_reason() {
    let bad = json!({"Version": "2012-10-17", "Statement": [{"Sid": "Read", "Action": "s3:*", "Resource": "*"}]});
    for part in [
        "`identity_policies[1]`: statement 0 (`Read`)",
        "has no `Effect`",
    ] {
        refused(part, |line| {
            line["identity_policies"] = json!([line["identity_policies"][0], bad]);
        });
    }
    refused("`permission_boundary`: ", |line| {
        line["permission_boundary"] = bad.clone();
    });
    refused("`session_policies[0]`: ", |line| {
        line["session_policies"] = json!([bad]);
    });
    refused("`scps[1][0]`: ", |line| line["scps"] = json!([[], [bad]]));
    refused("`rcps[0][0]`: ", |line| line["rcps"] = json!([[bad]]));
    refused("`resource_policy`: ", |line| {
        line["resource_policy"] = bad.clone();
    });
    refused("`resource_policy`: ", |line| {
        line["resource_policy"] = json!(7);
    });
}

#[test]
fn a_key_that_stands_twice_in_a_policy_is_refused() {
    let line = case()
        .to_string()
        .replace(r#""Effect":"Allow""#, r#""Effect":"Deny","Effect":"Allow""#);
    let answer = decide_line(&line).to_line();
    assert!(
        answer.contains("`identity_policies[0]`: ") && answer.contains("twice"),
        "{answer}"
    );
}

#[test]
fn policies_may_be_texts_and_single_where_lists_are_asked() {
    let policy = case()["identity_policies"][0].clone();
    for given in [
        json!(policy.to_string()),
        json!([policy.to_string()]),
        policy,
    ] {
        assert_eq!(
            changed(|line| line["identity_policies"] = given.clone())["decision"],
            "allowed"
        );
        assert_eq!(
            changed(|line| line["scps"] = given.clone())["decision"],
            "allowed"
        );
        assert_eq!(
            changed(|line| line["scps"] = json!([given.clone(), given.clone()]))["decision"],
            "allowed"
        );
        assert_eq!(
            changed(|line| line["permission_boundary"] = given.clone())["decision"],
            "allowed"
        );
    }
    for field in [
        "permission_boundary",
        "session_policies",
        "scps",
        "rcps",
        "resource_policy",
    ] {
        assert_eq!(
            changed(|line| line[field] = Value::Null)["decision"],
            "allowed"
        );
    }
}

#[test]
fn an_account_that_is_not_given_is_read_from_the_arn() {
    let with = |resource: &str| {
        changed(|line| {
            line["request"] = json!({"action": "sqs:SendMessage", "resource": resource});
            line["identity_policies"][0]["Statement"][0]["Action"] = json!("*");
        })
    };
    assert_eq!(
        with("arn:aws:sqs:eu-west-1:111122223333:q")["decision"],
        "allowed"
    );
    assert_eq!(
        with("arn:aws:sqs:eu-west-1:444455556666:q")["decision"],
        "implicitly_denied"
    );
    for without in ["*", "arn:aws:s3:::b/k", "arn:aws:iam::aws:policy/X"] {
        assert_eq!(with(without)["decision"], "allowed", "{without}");
    }
}

#[test]
fn the_account_of_a_resource_is_not_known_where_neither_arn_nor_caller_shows_it() {
    let with = |condition: Value| {
        changed(|line| {
            line["principal"] = json!({"arn": null});
            line["request"]
                .as_object_mut()
                .unwrap()
                .remove("resourceAccount");
            let everyone =
                json!({"Effect": "Allow", "Principal": "*", "Action": "*", "Condition": condition});
            line["resource_policy"] = json!({"Version": "2012-10-17", "Statement": everyone});
        })
    };
    assert_eq!(with(json!({}))["decision"], "allowed");
    let other = json!({"StringNotEquals": {"aws:ResourceAccount": "111122223333"}});
    assert_eq!(with(other)["needs"], json!(["aws:resourceaccount"]));
}

#[test]
fn an_incomplete_context_makes_absent_keys_unknown() {
    let mut line = case();
    line["identity_policies"][0]["Statement"][0]["Condition"] = json!({
        "StringEquals": {"aws:SourceVpc": "vpc-1", "aws:PrincipalType": "User"}, "NumericLessThan": {"s3:max-keys": 10}});
    assert_eq!(answer(&line)["decision"], "implicitly_denied");
    line["context_complete"] = json!(false);
    let open = answer(&line);
    assert_eq!(
        (&open["decision"], &open["needs"]),
        (
            &json!("undecided"),
            &json!(["aws:sourcevpc", "s3:max-keys"])
        )
    );
    assert_eq!(
        open["by"],
        json!([{"policy": "identity_policies[0]", "statement": 0}])
    );
    line["request"]["context"] = json!({"aws:SourceVpc": []});
    assert_eq!(answer(&line)["decision"], "implicitly_denied");
}

#[test]
fn which_denial_it_is_may_hang_on_a_key_too() {
    let deny = json!({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}});
    let with = |action: &str| {
        changed(|line| {
            line["context_complete"] = json!(false);
            line["identity_policies"][0]["Statement"] =
                json!([{"Effect": "Allow", "Action": action, "Resource": "*"}, deny]);
        })
    };
    for action in ["s3:*", "ec2:*"] {
        assert_eq!(with(action)["needs"], json!(["aws:securetransport"]));
    }
    let certain =
        changed(|line| line["request"]["context"] = json!({"aws:SecureTransport": ["false"]}));
    assert_eq!(certain["decision"], "allowed");
}

#[test]
fn a_value_that_is_not_of_the_operator_s_type_matches_nothing() {
    let with = |operator: &str| {
        changed(|line| {
            line["request"]["context"] = json!({"aws:SourceIp": ["lambda.amazonaws.com"]});
            line["identity_policies"][0]["Statement"][0]["Condition"] =
                json!({operator: {"aws:SourceIp": "10.0.0.0/8"}});
        })
    };
    assert_eq!(with("IpAddress")["decision"], "implicitly_denied");
    assert_eq!(with("NotIpAddress")["decision"], "allowed");
}

proptest! {
    #[test]
    fn any_line_has_an_answer(line in any::<String>()) {
        prop_assert!(serde_json::from_str::<Value>(&decide_line(&line).to_line()).is_ok());
    }

    /// Any part of a case may be any value.
    #[test]
    fn any_value_in_any_field_has_an_answer(
        field in prop::sample::select(vec!["id", "principal", "request", "context_complete", "identity_policies",
            "permission_boundary", "session_policies", "scps", "rcps", "resource_policy"]),
        within in prop::option::of(prop::sample::select(vec!["arn", "tags", "action", "resource", "resourceAccount", "context", "Statement"])),
        value in "(\\{|\\}|\\[|\\]|:|,|\"[a-zA-Z*:$\\{\\}]{0,6}\"|null|1|true){0,12}",
    ) {
        let mut line = case();
        let value: Value = serde_json::from_str(&value).unwrap_or(Value::from(value));
        match (within, line.get_mut(field)) {
            (Some(within), Some(Value::Object(inside))) => { inside.insert(within.to_owned(), value); }
            _ => line[field] = value,
        }
        let answer = answer(&line);
        prop_assert!(answer["error"].is_string() || answer["decision"].is_string());
    }
}
