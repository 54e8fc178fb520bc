//! Lists and single values, literals without quotes, versions, and elements that exclude each other.

use super::*;

#[test]
fn statement_and_its_elements_may_be_single_or_lists() {
    let one = json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": OBJECT});
    let list = json!([{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": [OBJECT]}]);
    Case::user().identity(one).allowed();
    Case::user().identity(list).allowed();
    Case::user().resource(grant_to(USER)).allowed();
    Case::user()
        .resource(grant_to(json!([ROLE, USER])))
        .allowed();
    assert!(holds(
        json!({"StringEquals": {"aws:k": ["a"]}}),
        json!({"aws:k": "a"})
    ));
}

#[test]
fn numbers_and_booleans_may_stand_without_quotes() {
    assert!(holds(
        json!({"NumericLessThanEquals": {"s3:max-keys": 10}}),
        json!({"s3:max-keys": ["10"]})
    ));
    assert!(holds(
        json!({"Bool": {"aws:SecureTransport": true}}),
        json!({"aws:SecureTransport": [true]})
    ));
    assert!(holds(
        json!({"StringEquals": {"aws:k": 10}}),
        json!({"aws:k": ["10"]})
    ));
}

#[test]
fn a_variable_is_literal_text_without_the_current_version() {
    let statement = allow_on("arn:aws:s3:::bucket/${aws:username}");
    let ask = |resource, version: Option<&str>| {
        let mut policy = json!({"Statement": statement});
        if let Some(version) = version {
            policy["Version"] = json!(version);
        }
        Case::user()
            .set("identity_policies", json!([policy]))
            .ask("s3:GetObject", resource)
    };
    for version in [None, Some("2008-10-17")] {
        ask("arn:aws:s3:::bucket/ana", version).not_allowed();
        ask("arn:aws:s3:::bucket/${aws:username}", version).allowed();
    }
    ask("arn:aws:s3:::bucket/ana", Some("2012-10-17")).allowed();
    ask("arn:aws:s3:::bucket/${aws:username}", Some("2012-10-17")).not_allowed();
}

#[test]
fn elements_that_exclude_each_other_are_an_error_that_names_the_policy() {
    for (statement, reason) in [
        (
            json!({"Effect": "Allow", "Action": "*", "NotAction": "*", "Resource": "*"}),
            "Action",
        ),
        (
            json!({"Effect": "Allow", "Action": "*", "Resource": "*", "NotResource": "*"}),
            "Resource",
        ),
        (json!({"Effect": "Allow", "Action": "*"}), "Resource"),
    ] {
        let case = Case::user().identity(json!([allow("*"), statement]));
        let error = case.answer()["error"].as_str().unwrap().to_owned();
        assert!(
            error.contains("`identity_policies[0]`: statement 1"),
            "{error}"
        );
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn a_principal_on_the_caller_s_side_says_nothing() {
    let all = Case::user().identity(allow("*"));
    for case in [
        Case::user().identity(grant_to(ROLE)),
        all.clone().boundary(grant_to(ROLE)),
        all.clone().session(grant_to(ROLE)),
        all.clone().set("scps", json!([[policy(grant_to(ROLE))]])),
    ] {
        case.allowed();
    }
}

#[test]
fn a_principal_of_bare_text_is_one_of_type_aws() {
    for element in ["Principal", "NotPrincipal"] {
        let mut statement = allow("*");
        statement[element] = json!(ROLE);
        let case = |arn| Case::of(arn).resource(statement.clone());
        let (named, other) = (case(ROLE).decision(), case(USER).decision());
        assert_eq!(named == "allowed", element == "Principal");
        assert_eq!(other == "allowed", element == "NotPrincipal");
    }
}

#[test]
fn a_statement_of_a_resource_without_principal_is_skipped_and_keeps_its_place() {
    let case = Case::user().resource(json!([deny("*"), allow("*"), grant_to(USER)]));
    case.allowed();
    assert_eq!(
        case.answer()["by"],
        json!([{"policy": "resource_policy", "statement": 2}])
    );
    Case::user().resource(allow("*")).not_allowed();
}

#[test]
fn a_policy_may_have_no_statement() {
    Case::user().identity(json!([])).not_allowed();
    let all = Case::user().identity(allow("*"));
    all.clone()
        .set("scps", json!([[policy(json!([]))]]))
        .not_allowed();
    all.resource(json!([])).allowed();
}

#[test]
fn an_action_without_a_service_matches_and_excludes_nothing() {
    for odd in ["s3:", "GetObject", ":GetObject", ""] {
        Case::user().identity(allow(odd)).not_allowed();
        Case::user()
            .identity(allow(json!([odd, "s3:Get*"])))
            .allowed();
        let except = json!({"Effect": "Allow", "NotAction": odd, "Resource": "*"});
        Case::user().identity(except).allowed();
    }
}

#[test]
fn an_unknown_operator_makes_its_condition_false() {
    for operator in ["FakeOp", "ForAnyValue:Fake", "NullIfExists"] {
        assert!(!holds(
            json!({operator: {"svc:k": "a"}, "StringEquals": {"svc:k": "a"}}),
            json!({"svc:k": "a"})
        ));
    }
}

#[test]
fn a_condition_key_without_a_colon_is_a_key() {
    let with = |given: &str| holds(json!({"StringEquals": {"k": "1.50"}}), json!({"k": given}));
    assert!(with("1.50"));
    assert!(!with("1.5"));
}

#[test]
fn what_has_no_plain_meaning_stays_an_error_beside_what_has() {
    let extra = |key: &str, value: Value| {
        let mut statement = grant_to("*");
        statement[key] = value;
        statement
    };
    for statement in [
        extra("Effect", json!("allow")),
        extra("Effect", Value::Null),
        extra("NotAction", json!("s3:*")),
        extra("Action", json!([7])),
        extra("Action", json!({})),
        extra(
            "Condition",
            json!({"ForSomeValues:StringEquals": {"svc:k": "a"}}),
        ),
        extra("Condition", json!({"FakeOp": "a"})),
        extra("Condition", json!({"FakeOp": {"svc:k": {}}})),
        json!({"Effect": "Allow", "Principal": "*", "Resource": "*"}),
        json!([[]]),
        json!("Allow"),
    ] {
        let case = Case::user().identity(statement);
        assert!(case.answer()["error"].is_string(), "{:#}", case.0);
    }
    let versioned = json!([{"Version": "2020-01-01", "Statement": []}]);
    for policies in [versioned, json!([7]), json!([{"Version": "2012-10-17"}])] {
        let case = Case::user().set("identity_policies", policies);
        assert!(case.answer()["error"].is_string(), "{:#}", case.0);
    }
}

#[test]
fn a_trust_policy_without_resource_is_about_the_role_itself() {
    let trust = json!({"Effect": "Allow", "Principal": {"AWS": USER}, "Action": "sts:AssumeRole"});
    Case::user()
        .resource(trust)
        .ask("sts:AssumeRole", ROLE)
        .allowed();
}
