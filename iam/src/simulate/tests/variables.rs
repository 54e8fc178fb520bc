//! Policy variables in resources and conditions.

use super::*;

fn home(pattern: &str) -> Case {
    Case::user().identity(allow_on(pattern))
}

#[test]
fn a_variable_stands_for_the_value_and_its_name_ignores_case() {
    home("arn:aws:s3:::bucket/${aws:username}/*")
        .ask("s3:GetObject", "arn:aws:s3:::bucket/ana/x")
        .allowed();
    home("arn:aws:s3:::bucket/${AWS:UserName}/*")
        .ask("s3:GetObject", "arn:aws:s3:::bucket/ana/x")
        .allowed();
    home("arn:aws:s3:::bucket/${aws:username}/*")
        .ask("s3:GetObject", "arn:aws:s3:::bucket/bob/x")
        .not_allowed();
}

#[test]
fn a_variable_without_value_takes_no_resource() {
    let pattern = "arn:aws:s3:::bucket/${aws:SourceIdentity}*";
    for resource in [
        "arn:aws:s3:::bucket/",
        "arn:aws:s3:::bucket/${aws:SourceIdentity}",
        "arn:aws:s3:::bucket/x",
    ] {
        home(pattern).ask("s3:GetObject", resource).not_allowed();
    }
    let not_resource = json!({"Effect": "Allow", "Action": "*", "NotResource": pattern});
    Case::user()
        .identity(not_resource)
        .ask("s3:GetObject", "arn:aws:s3:::bucket/x")
        .allowed();
}

#[test]
fn a_value_is_data_not_a_pattern() {
    let case = |tag: &str| {
        home("arn:aws:s3:::bucket/${aws:PrincipalTag/team}/x").tags(json!({"team": tag}))
    };
    case("a*")
        .ask("s3:GetObject", "arn:aws:s3:::bucket/ab/x")
        .not_allowed();
    case("a*")
        .ask("s3:GetObject", "arn:aws:s3:::bucket/a*/x")
        .allowed();
    case("a.c")
        .ask("s3:GetObject", "arn:aws:s3:::bucket/abc/x")
        .not_allowed();
    case("(a|b)+[")
        .ask("s3:GetObject", "arn:aws:s3:::bucket/(a|b)+[/x")
        .allowed();
}

#[test]
fn colons_in_names_and_values_do_not_shift_components() {
    let case =
        home("arn:aws:s3:::bucket/${aws:userid}/x").context(json!({"aws:userid": ["AROA1:build"]}));
    case.ask("s3:GetObject", "arn:aws:s3:::bucket/AROA1:build/x")
        .allowed();
}

#[test]
fn a_default_stands_in_for_a_missing_value_only() {
    let case = home("arn:aws:s3:::bucket/${aws:PrincipalTag/team, 'none'}/x");
    case.clone()
        .ask("s3:GetObject", "arn:aws:s3:::bucket/none/x")
        .allowed();
    case.clone()
        .tags(json!({"team": "red"}))
        .ask("s3:GetObject", "arn:aws:s3:::bucket/none/x")
        .not_allowed();
    case.tags(json!({"team": "red"}))
        .ask("s3:GetObject", "arn:aws:s3:::bucket/red/x")
        .allowed();
}

#[test]
fn escapes_stand_for_the_characters_themselves() {
    home("arn:aws:s3:::bucket/a${*}b${?}c${$}")
        .ask("s3:GetObject", "arn:aws:s3:::bucket/a*b?c$")
        .allowed();
    home("arn:aws:s3:::bucket/a${*}")
        .ask("s3:GetObject", "arn:aws:s3:::bucket/ab")
        .not_allowed();
    assert!(holds(
        json!({"StringEquals": {"aws:k": "${*}"}}),
        json!({"aws:k": ["*"]})
    ));
    assert!(!holds(
        json!({"StringLike": {"aws:k": "${?}"}}),
        json!({"aws:k": ["x"]})
    ));
}

#[test]
fn without_value_positive_operators_fail_and_negated_ones_pass() {
    let context = json!({"aws:k": ["x"]});
    for (operator, expected) in [
        ("StringEquals", false),
        ("StringLike", false),
        ("ArnLike", false),
        ("StringNotEquals", true),
        ("StringNotLike", true),
        ("ArnNotEquals", true),
    ] {
        let conditions = json!({operator: {"aws:k": "${aws:SourceIdentity}"}});
        assert_eq!(holds(conditions, context.clone()), expected, "{operator}");
    }
}

#[test]
fn variables_work_in_string_and_arn_operators() {
    let context = json!({"aws:k": ["ana"], "aws:a": ["arn:aws:iam::111122223333:user/ana"]});
    assert!(holds(
        json!({"StringEquals": {"aws:k": "${aws:username}"}}),
        context.clone()
    ));
    assert!(holds(
        json!({"StringEqualsIgnoreCase": {"aws:k": "A${aws:username, 'x'}"}}),
        json!({"aws:k": ["aANA"]})
    ));
    assert!(holds(
        json!({"StringLike": {"aws:k": "${aws:username}*"}}),
        context.clone()
    ));
    assert!(holds(
        json!({"ArnEquals": {"aws:a": "arn:aws:iam::*:user/${aws:username}"}}),
        context
    ));
}

#[test]
fn a_user_name_exists_for_users_and_not_for_sessions() {
    let statement = json!({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::bucket/${aws:username}"});
    let ask = |arn: &str, name: &str| {
        Case::of(arn)
            .identity(statement.clone())
            .ask("s3:GetObject", &format!("arn:aws:s3:::bucket/{name}"))
    };
    ask("arn:aws:iam::111122223333:user/team/ana", "ana").allowed();
    ask(SESSION, "build").not_allowed();
    ask(SESSION, "app").not_allowed();
}

#[test]
fn a_multivalued_key_is_no_variable_and_matches_nothing() {
    let case =
        home("arn:aws:s3:::bucket/${aws:TagKeys}").context(json!({"aws:TagKeys": ["a", "b"]}));
    case.ask("s3:GetObject", "arn:aws:s3:::bucket/a")
        .not_allowed();
}

#[test]
fn a_variable_in_an_early_component_is_replaced() {
    let queue = |account| format!("arn:aws:sqs:eu-west-1:{account}:q");
    let case = home("arn:aws:sqs:*:${aws:PrincipalAccount}:q");
    case.clone()
        .ask("sqs:SendMessage", &queue(ACCOUNT))
        .allowed();
    case.ask("sqs:SendMessage", &queue(OTHER)).not_allowed();
}

#[test]
fn a_truth_value_may_be_a_variable() {
    let with = |given: Value| {
        holds(
            json!({"Bool": {"aws:SecureTransport": "${svc:wanted}"}}),
            json!({"aws:SecureTransport": "true", "svc:wanted": given}),
        )
    };
    assert!(with(json!(["True"])));
    assert!(!with(json!(["false"])));
    assert!(!with(json!([])) && !with(json!(["true", "true"])));
}

#[test]
fn a_variable_in_another_operator_is_no_value_of_its_type() {
    for (operator, key) in [
        ("NumericEquals", "s3:max-keys"),
        ("DateLessThan", "aws:CurrentTime"),
        ("BinaryEquals", "svc:blob"),
    ] {
        let case = Case::user()
            .identity(allow_if(json!({operator: {key: "${aws:username}"}})))
            .context(json!({key: ["1"]}));
        case.not_allowed();
    }
}
