//! How the parts of a `Condition` block combine, and what a missing key means.

use super::*;

#[test]
fn operators_and_keys_are_anded_and_values_ored() {
    let block = json!({
        "StringEquals": {"aws:a": ["x", "y"], "aws:b": "z"},
        "Bool": {"aws:SecureTransport": "true"},
    });
    let with = |a: &str, b: &str, secure: &str| {
        holds(
            block.clone(),
            json!({"aws:a": [a], "aws:b": [b], "aws:SecureTransport": [secure]}),
        )
    };
    assert!(with("x", "z", "true"));
    assert!(with("y", "z", "true"));
    assert!(!with("q", "z", "true"));
    assert!(!with("x", "q", "true"));
    assert!(!with("x", "z", "false"));
}

#[test]
fn values_of_a_negated_operator_are_a_nor() {
    let block = json!({"StringNotEquals": {"aws:a": ["x", "y"]}});
    assert!(!holds(block.clone(), json!({"aws:a": ["x"]})));
    assert!(!holds(block.clone(), json!({"aws:a": ["y"]})));
    assert!(holds(block, json!({"aws:a": ["z"]})));
}

#[test]
fn key_names_ignore_case_and_values_follow_the_operator() {
    assert!(holds(
        json!({"StringEquals": {"AWS:sourceVPC": "vpc-1"}}),
        json!({"aws:SourceVpc": ["vpc-1"]})
    ));
    assert!(!holds(
        json!({"StringEquals": {"aws:SourceVpc": "VPC-1"}}),
        json!({"aws:SourceVpc": ["vpc-1"]})
    ));
    assert!(holds(
        json!({"StringEqualsIgnoreCase": {"aws:SourceVpc": "VPC-1"}}),
        json!({"aws:SourceVpc": ["vpc-1"]})
    ));
}

#[test]
fn a_missing_key_fails_plain_operators_and_passes_negated_ones() {
    for (operator, value, expected) in [
        ("StringEquals", "x", false),
        ("StringLike", "*", false),
        ("NumericEquals", "1", false),
        ("NumericLessThan", "1", false),
        ("DateLessThan", "2030-01-01T00:00:00Z", false),
        ("Bool", "false", false),
        ("BinaryEquals", "QQ==", false),
        ("IpAddress", "0.0.0.0/0", false),
        ("ArnLike", "arn:aws:iam::*:role/*", false),
        ("StringNotEquals", "x", true),
        ("StringNotEqualsIgnoreCase", "x", true),
        ("StringNotLike", "*", true),
        ("NumericNotEquals", "1", true),
        ("DateNotEquals", "2030-01-01T00:00:00Z", true),
        ("NotIpAddress", "0.0.0.0/0", true),
        ("ArnNotLike", "arn:aws:iam::*:role/*", true),
        ("ArnNotEquals", "arn:aws:iam::*:role/*", true),
    ] {
        assert_eq!(
            holds(json!({operator: {"svc:missing": value}}), json!({})),
            expected,
            "{operator}"
        );
        let if_exists = format!("{operator}IfExists");
        assert!(holds(json!({if_exists: {"svc:missing": value}}), json!({})));
    }
}

#[test]
fn a_deny_with_a_negated_operator_hits_requests_without_the_key() {
    for operator in ["StringNotEquals", "StringNotEqualsIfExists"] {
        let statements = json!([
            allow("*"),
            deny_if(json!({operator: {"aws:SourceVpce": "vpce-1"}}))
        ]);
        Case::user().identity(statements.clone()).denied();
        Case::user()
            .identity(statements)
            .context(json!({"aws:SourceVpce": ["vpce-1"]}))
            .allowed();
    }
}

#[test]
fn if_exists_is_otherwise_the_plain_operator_also_after_a_set_prefix() {
    assert!(!holds(
        json!({"StringEqualsIfExists": {"aws:k": "x"}}),
        json!({"aws:k": ["y"]})
    ));
    assert!(holds(
        json!({"ForAnyValue:StringEqualsIfExists": {"aws:k": "x"}}),
        json!({})
    ));
    assert!(!holds(
        json!({"ForAnyValue:StringEqualsIfExists": {"aws:k": "x"}}),
        json!({"aws:k": ["y", "z"]})
    ));
}

#[test]
fn the_usual_mfa_deny_needs_if_exists() {
    let with = |operator: &str, context: Value| {
        let statements = json!([
            allow("*"),
            deny_if(json!({operator: {"aws:MultiFactorAuthPresent": "false"}}))
        ]);
        Case::user()
            .identity(statements)
            .context(context)
            .decision()
    };
    assert_eq!(with("Bool", json!({})), "allowed");
    assert_eq!(with("BoolIfExists", json!({})), "explicitly_denied");
    for operator in ["Bool", "BoolIfExists"] {
        assert_eq!(
            with(operator, json!({"aws:MultiFactorAuthPresent": ["true"]})),
            "allowed"
        );
        assert_eq!(
            with(operator, json!({"aws:MultiFactorAuthPresent": ["false"]})),
            "explicitly_denied"
        );
    }
}

#[test]
fn null_asks_for_presence() {
    let with = |value: &str, context: Value| {
        holds(json!({"Null": {"aws:TokenIssueTime": value}}), context)
    };
    assert!(with("true", json!({})));
    assert!(!with("false", json!({})));
    assert!(with(
        "false",
        json!({"aws:TokenIssueTime": ["2026-01-01T00:00:00Z"]})
    ));
    assert!(!with(
        "true",
        json!({"aws:TokenIssueTime": ["2026-01-01T00:00:00Z"]})
    ));
    assert!(with("true", json!({"aws:TokenIssueTime": []})));
    assert!(with("true", json!({"aws:TokenIssueTime": [null]})));
}
