//! One case for each thing that is refused, beside one that passes.

use serde_json::{Value, json};

use super::*;

fn read(statements: &Value) -> Document {
    Document::from_value(json!({"Version": "2012-10-17", "Statement": statements})).unwrap()
}

fn refusal(statement: &Value, policy_use: PolicyUse) -> String {
    match read(statement).check(policy_use) {
        Ok(()) => "taken".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// The uses for which AWS takes the statement.
fn taken_as(statement: &Value) -> Vec<PolicyUse> {
    let document = read(statement);
    let taken = |policy_use: &PolicyUse| document.check(*policy_use).is_ok();
    PolicyUse::ALL.into_iter().filter(taken).collect()
}

fn with(more: &Value) -> Value {
    let mut statement = json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*"});
    for (key, value) in more.as_object().unwrap() {
        statement[key] = value.clone();
    }
    statement
}

#[test]
fn each_use_takes_its_own_form() {
    use PolicyUse::{Boundary, Identity, Resource, ServiceControl, Session};
    let plain = with(&json!({}));
    assert_eq!(
        taken_as(&plain),
        [Identity, Boundary, Session, ServiceControl]
    );
    assert_eq!(taken_as(&with(&json!({"Principal": "*"}))), [Resource]);
    let trust = json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}});
    assert_eq!(taken_as(&trust), [Resource, PolicyUse::Trust]);
    let control = with(&json!({"Effect": "Deny", "Principal": {"AWS": "*"}}));
    assert_eq!(taken_as(&control), [Resource, PolicyUse::ResourceControl]);
}

#[test]
fn identity_policies_have_resources_and_no_principal() {
    let first = json!({"Sid": "A", "Effect": "Allow", "Action": "s3:*", "Resource": "*"});
    let refusal = |second: Value| {
        let document = read(&json!([first, second]));
        document.check_identity().unwrap_err().to_string()
    };
    let found = [
        refusal(json!({"Effect": "Allow", "Action": "s3:*"})),
        refusal(with(&json!({"Principal": "*"}))),
        refusal(with(&json!({"Resource": "bucket"}))),
        refusal(with(&json!({"Resource": ["*", "arn:aws:s3"]}))),
        refusal(with(&json!({"Sid": "A"}))),
        refusal(with(&json!({"Sid": "A b"}))),
    ];
    insta::assert_snapshot!(found.join("\n"), @r#"
    statement 1: has neither `Resource` nor `NotResource`, which identity policies need
    statement 1: has a principal, which identity policies cannot have
    statement 1: has the resource `bucket`, which is neither an ARN nor `*`
    statement 1: has the resource `arn:aws:s3`, which is neither an ARN nor `*`
    statement 1 (`A`): has the `Sid` of an earlier statement
    statement 1 (`A b`): has a `Sid` with more than letters and digits
    "#);
}

#[test]
fn an_arn_may_begin_or_break_off_with_a_wildcard() {
    for resource in [
        "*",
        "arn:aws:s3*",
        "*:bucket",
        "arn:aws:s3:::${aws:username}",
        "?rn:aws:s3:::b",
    ] {
        assert_eq!(
            refusal(&with(&json!({"Resource": resource})), PolicyUse::Identity),
            "taken"
        );
    }
}

#[test]
fn no_policy_has_an_unknown_operator_or_key_or_a_service_with_a_wildcard() {
    let condition =
        |block: Value| refusal(&with(&json!({"Condition": block})), PolicyUse::Identity);
    let found = [
        condition(json!({"StringEqual": {"aws:username": "a"}})),
        condition(json!({"NullIfExists": {"aws:username": "true"}})),
        condition(json!({"ForSomeValue:StringEquals": {"aws:TagKeys": "a"}})),
        condition(json!({"StringEquals": {"username": "a"}})),
        condition(json!({"StringEquals": {"aws:username": "a", "aws:Username": "b"}})),
        condition(json!({"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "10.0.0/8"]}})),
        condition(json!({"ForAllValues:Null": {"aws:TagKeys": "true"}})),
        condition(
            json!({"StringEquals": {"aws:username": "a"}, "StringLike": {"aws:username": "b"}}),
        ),
        refusal(
            &with(&json!({"Action": ["s3:*", "s*:Get*"]})),
            PolicyUse::Identity,
        ),
        refusal(&with(&json!({"Action": ["*", "*:*"]})), PolicyUse::Identity),
    ];
    insta::assert_snapshot!(found.join("\n"), @r#"
    statement 0: has the unknown condition operator `StringEqual`
    statement 0: has the unknown condition operator `NullIfExists`
    statement 0: has the unknown condition operator `ForSomeValue:StringEquals`
    statement 0: has the condition key `username`, which names no service
    statement 0: has the condition key `aws:Username` twice under one operator
    statement 0: compares `aws:SourceIp` with `10.0.0/8`, which is no address or network
    taken
    taken
    statement 0: has the action `s*:Get*`, with a wildcard in the name of its service
    taken
    "#);
}

#[test]
fn principals_have_one_of_the_documented_forms() {
    let principal = |kind: &str, text: &str| {
        refusal(
            &with(&json!({"Principal": {kind: [text]}})),
            PolicyUse::Resource,
        )
    };
    for (kind, text) in [
        ("AWS", "*"),
        ("AWS", "111122223333"),
        ("AWS", "arn:aws:iam::111122223333:root"),
        ("AWS", "arn:aws-cn:sts::111122223333:assumed-role/a/b"),
        (
            "AWS",
            "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1",
        ),
        ("AWS", "AROAEXAMPLEEXAMPLE123"),
        ("Service", "lambda.amazonaws.com"),
        ("Federated", "accounts.google.com"),
        ("Federated", "arn:aws:iam::111122223333:saml-provider/p"),
        (
            "CanonicalUser",
            "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be",
        ),
    ] {
        assert_eq!(principal(kind, text), "taken", "{text}");
    }
    for (kind, text) in [
        ("AWS", ""),
        ("AWS", "1111222233"),
        ("AWS", "arn:aws:iam::111122223333:role/*"),
        ("AWS", "arn:aws:s3:::bucket"),
        ("AWS", "somebody"),
        ("Service", "lambda"),
        ("Service", "*.amazonaws.com"),
        ("Federated", ""),
        ("CanonicalUser", "*"),
    ] {
        assert!(
            principal(kind, text).contains("which is none of type"),
            "{text}"
        );
    }
}

#[test]
fn trust_policies_are_about_sts_and_have_no_resource() {
    let trust = |more: Value| {
        let mut statement = json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "111122223333"}});
        for (key, value) in more.as_object().unwrap() {
            statement[key] = value.clone();
        }
        statement
    };
    let mut negated = trust(json!({"NotPrincipal": {"AWS": "111122223333"}}));
    negated.as_object_mut().unwrap().remove("Principal");
    let found = [
        trust(json!({"Action": ["sts:AssumeRole", "sts:TagSession"]})),
        trust(json!({"Resource": "*"})),
        trust(json!({"NotResource": "*"})),
        trust(json!({"Action": "s3:GetObject"})),
        negated,
        json!({"Effect": "Allow", "Action": "sts:AssumeRole"}),
    ]
    .map(|statement| refusal(&statement, PolicyUse::Trust));
    insta::assert_snapshot!(found.join("\n"), @r#"
    taken
    statement 0: has `Resource`, which trust policies cannot have
    statement 0: has `NotResource`, which trust policies cannot have
    statement 0: has an action of another service than STS, which trust policies cannot have
    statement 0: has `NotPrincipal`, which trust policies cannot have
    statement 0: has no `Principal`, which trust policies need
    "#);
}

#[test]
fn service_control_policies_have_the_whole_language_but_no_principal() {
    let conditional = with(&json!({
        "Action": "s3:*Object", "Resource": "arn:aws:s3:::b/*",
        "Condition": {"Bool": {"aws:SecureTransport": "true"}}
    }));
    assert_eq!(refusal(&conditional, PolicyUse::ServiceControl), "taken");
    let found = [
        with(&json!({"Principal": "*"})),
        json!({"Effect": "Deny", "Action": "s3:*"}),
        with(&json!({"Sid": "with space"})),
    ]
    .map(|statement| refusal(&statement, PolicyUse::ServiceControl));
    insta::assert_snapshot!(found.join("\n"), @r#"
    statement 0: has a principal, which service control policies cannot have
    statement 0: has neither `Resource` nor `NotResource`, which service control policies need
    statement 0 (`with space`): has a `Sid` with more than letters and digits
    "#);
}

#[test]
fn resource_control_policies_only_deny_everyone_named_services() {
    let full = with(&json!({"Action": "*", "Principal": "*"}));
    assert_eq!(refusal(&full, PolicyUse::ResourceControl), "taken");
    let deny = |more: Value| {
        let mut statement = with(&json!({"Effect": "Deny", "Principal": "*"}));
        for (key, value) in more.as_object().unwrap() {
            statement[key] = value.clone();
        }
        statement
    };
    let mut not_action = deny(json!({"NotAction": "s3:*"}));
    not_action.as_object_mut().unwrap().remove("Action");
    let mut no_resource = deny(json!({}));
    no_resource.as_object_mut().unwrap().remove("Resource");
    let found = [
        deny(json!({})),
        with(&json!({"Principal": "*"})),
        deny(json!({"Action": "*"})),
        not_action,
        no_resource,
        deny(json!({"Principal": {"AWS": "111122223333"}})),
    ]
    .map(|statement| refusal(&statement, PolicyUse::ResourceControl));
    insta::assert_snapshot!(found.join("\n"), @r#"
    taken
    statement 0: allows, which only the policy `RCPFullAWSAccess` does
    statement 0: denies `*`, where resource control policies must name the service
    statement 0: has `NotAction`, which resource control policies cannot have
    statement 0: has neither `Resource` nor `NotResource`, which resource control policies need
    statement 0: has another principal than `*`, which resource control policies cannot have
    "#);
}

#[test]
fn a_sid_may_stand_twice_only_in_resource_policies() {
    let twice = json!([
        with(&json!({"Sid": "A", "Principal": "*"})),
        with(&json!({"Sid": "A", "Principal": "*"}))
    ]);
    assert!(read(&twice).check(PolicyUse::Resource).is_ok());
}

#[test]
fn refusals_name_their_position_where_the_text_is_known() {
    let text = "{\n  \"Statement\": {\n    \"Effect\": \"Allow\",\n    \"Action\": [\"s3:Get*\", \"?3:*\"],\n    \"Resource\": \"*\"\n  }\n}";
    let error = Document::parse(text).unwrap().check_identity().unwrap_err();
    assert_eq!(
        error.to_string(),
        "statement 0, line 4, column 27: has the action `?3:*`, with a wildcard in the name of its service"
    );
}

#[test]
fn iam_takes_the_characters_of_latin_1_alone() {
    let text = |sid: &str| {
        format!(
            r#"{{"Statement": {{"Sid": "", "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::{sid}"}}}}"#
        )
    };
    let check = |text: &str, policy_use| Document::parse(text).unwrap().check(policy_use);
    assert!(check(&text("é"), PolicyUse::Identity).is_ok());
    assert!(check(&text("\\u4e2d"), PolicyUse::Identity).is_ok());
    assert!(check(&text("中"), PolicyUse::ServiceControl).is_ok());
    assert_eq!(
        check(&text("中"), PolicyUse::Identity)
            .unwrap_err()
            .to_string(),
        "line 1, column 90: holds the character `中`, which IAM does not take"
    );
}

#[test]
fn the_grammar_leaves_a_service_s_own_rules_out() {
    let grammar = |statement: &Value, policy_use| {
        let checked = read(statement).check_grammar(policy_use);
        checked.map_or_else(|error| error.to_string(), |()| "taken".to_owned())
    };
    for odd in [
        json!({"Sid": "with space"}),
        json!({"Resource": "bucket"}),
        json!({"Action": "*:Get*"}),
        json!({"Condition": {"IpAddress": {"aws:SourceIp": "10"}}}),
    ] {
        assert_eq!(grammar(&with(&odd), PolicyUse::Identity), "taken");
        assert_ne!(refusal(&with(&odd), PolicyUse::Identity), "taken");
    }
    let role = json!({"Principal": {"AWS": "arn:aws:iam::111122223333:role/*"}});
    assert_eq!(grammar(&with(&role), PolicyUse::Resource), "taken");
    let deny_all = json!({"Effect": "Deny", "Principal": "*", "Action": "*"});
    assert_eq!(
        grammar(&with(&deny_all), PolicyUse::ResourceControl),
        "taken"
    );
    let found = [
        grammar(&with(&json!({"Principal": "*"})), PolicyUse::ServiceControl),
        grammar(&with(&json!({})), PolicyUse::Resource),
        grammar(
            &json!({"Effect": "Deny", "Action": "*"}),
            PolicyUse::Boundary,
        ),
        grammar(
            &with(&json!({"Condition": {"Equals": {"aws:username": "a"}}})),
            PolicyUse::Session,
        ),
    ];
    insta::assert_snapshot!(found.join("\n"), @r#"
    statement 0: has a principal, which service control policies cannot have
    statement 0: has no `Principal`, which resource policies need
    statement 0: has neither `Resource` nor `NotResource`, which permissions boundaries need
    statement 0: has the unknown condition operator `Equals`
    "#);
}

#[test]
fn the_form_of_a_document_points_to_its_use() {
    let guess = |statement: &Value| PolicyUse::guess(&read(statement)).as_str();
    assert_eq!(guess(&with(&json!({}))), "identity");
    assert_eq!(guess(&with(&json!({"Principal": "*"}))), "resource");
    let trust = json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"});
    assert_eq!(guess(&trust), "trust");
}
