//! The rules on conditions: keys, operators, values and variables.

use super::*;

#[test]
fn keys_that_nobody_or_another_action_has() {
    let asks = |action: &str, key: &str| json!({"Action": [action], "Condition": {"StringEquals": {key: "a"}}});
    tells(
        "unknown-condition-key",
        asks("s3:GetObject", "aws:PrincipalOrg"),
    );
    tells("unknown-condition-key", asks("s3:GetObject", "s3:Nothing"));
    silent(
        "unknown-condition-key",
        asks("s3:GetObject", "aws:principalorgid"),
    );
    silent(
        "unknown-condition-key",
        asks("s3:GetObject", "s3:existingobjecttag/team"),
    );
    silent(
        "unknown-condition-key",
        asks("s3:GetObject", "accounts.google.com:sub"),
    );
    tells(
        "condition-key-not-of-actions",
        asks("s3:GetObject", "s3:prefix"),
    );
    tells(
        "condition-key-not-of-actions",
        asks("s3:GetObject", "ec2:InstanceType"),
    );
    silent(
        "condition-key-not-of-actions",
        asks("s3:ListBucket", "s3:prefix"),
    );
    silent(
        "condition-key-not-of-actions",
        asks("ec2:TerminateInstances", "ec2:ResourceTag/team"),
    );
    tells(
        "tag-name-missing",
        asks("ec2:RunInstances", "aws:RequestTag"),
    );
    silent(
        "tag-name-missing",
        asks("ec2:RunInstances", "aws:RequestTag/team"),
    );
    let some = json!({"Action": ["s3:ListBucket", "s3:GetObject"], "Condition": {"StringLike": {"s3:prefix": "a/*"}}});
    tells("condition-key-not-of-some-actions", some);
    silent(
        "condition-key-not-of-some-actions",
        asks("s3:ListBucket", "s3:prefix"),
    );
}

#[test]
fn operators_for_one_value_and_for_many() {
    let missing = json!({"StringEquals": {"aws:TagKeys": "a"}});
    tells("set-operator-missing", when("Allow", missing));
    silent(
        "set-operator-missing",
        when(
            "Allow",
            json!({"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}}),
        ),
    );
    tells(
        "set-operator-on-single-value",
        when(
            "Deny",
            json!({"ForAnyValue:StringLike": {"aws:PrincipalArn": "a"}}),
        ),
    );
    silent(
        "set-operator-on-single-value",
        when(
            "Deny",
            json!({"ForAnyValue:StringLike": {"aws:CalledVia": "a"}}),
        ),
    );
    let all = json!({"ForAllValues:StringEquals": {"aws:TagKeys": "a"}});
    tells("for-all-values-allow", when("Allow", all.clone()));
    silent("for-all-values-allow", when("Deny", all.clone()));
    let mut present = all;
    present["Null"] = json!({"aws:TagKeys": "false"});
    silent("for-all-values-allow", when("Allow", present));
}

#[test]
fn conditions_that_hold_where_the_key_is_missing() {
    let not_vpc = json!({"StringNotEquals": {"aws:SourceVpc": "vpc-1"}});
    tells("negated-allow", when("Allow", not_vpc.clone()));
    silent("negated-allow", when("Deny", not_vpc));
    silent(
        "negated-allow",
        when(
            "Allow",
            json!({"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}),
        ),
    );
    let no_mfa = json!({"Bool": {"aws:MultiFactorAuthPresent": "false"}});
    tells("mfa-deny-without-if-exists", when("Deny", no_mfa));
    let no_mfa = json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}});
    silent("mfa-deny-without-if-exists", when("Deny", no_mfa));
    tells(
        "mfa-allow-if-exists",
        when(
            "Allow",
            json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}),
        ),
    );
    silent(
        "mfa-allow-if-exists",
        when(
            "Allow",
            json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        ),
    );
}

#[test]
fn null_beside_other_operators() {
    let both = |missing: &str| json!({"Null": {"aws:SourceVpc": missing}, "StringEquals": {"aws:sourcevpc": "vpc-1"}});
    tells("null-contradiction", when("Allow", both("true")));
    silent("null-contradiction", when("Allow", both("false")));
    tells(
        "null-with-set-operator",
        when(
            "Deny",
            json!({"ForAllValues:Null": {"aws:TagKeys": "true"}}),
        ),
    );
    silent(
        "null-with-set-operator",
        when("Deny", json!({"Null": {"aws:TagKeys": "true"}})),
    );
    tells(
        "true-and-false",
        when("Deny", json!({"Null": {"aws:TagKeys": ["true", "false"]}})),
    );
    silent(
        "true-and-false",
        when("Deny", json!({"Null": {"aws:TagKeys": ["true"]}})),
    );
    tells(
        "empty-list",
        when("Deny", json!({"StringEquals": {"aws:SourceVpc": []}})),
    );
    tells("empty-condition", when("Deny", json!({})));
    tells("empty-condition", when("Deny", json!({"StringEquals": {}})));
    silent(
        "empty-condition",
        when("Deny", json!({"StringEquals": {"aws:SourceVpc": []}})),
    );
}

#[test]
fn values_of_another_type() {
    let compare =
        |operator: &str, key: &str, value: &str| when("Deny", json!({operator: {key: value}}));
    let max_age = "aws:MultiFactorAuthAge";
    tells(
        "value-not-a-number",
        compare("NumericLessThan", max_age, "an hour"),
    );
    silent(
        "value-not-a-number",
        compare("NumericLessThan", max_age, "-3600.5"),
    );
    tells(
        "value-not-a-date",
        compare("DateLessThan", "aws:CurrentTime", "tomorrow"),
    );
    for date in ["2026-03-01T12:00:00Z", "2026-03-01", "1772366400"] {
        silent(
            "value-not-a-date",
            compare("DateLessThan", "aws:CurrentTime", date),
        );
    }
    tells(
        "value-not-a-boolean",
        compare("Bool", "aws:SecureTransport", "no"),
    );
    silent(
        "value-not-a-boolean",
        compare("Bool", "aws:SecureTransport", "False"),
    );
    tells("value-not-a-boolean", compare("Null", "aws:SourceVpc", "1"));
    tells(
        "wildcard-without-like",
        compare("StringEquals", "aws:PrincipalArn", "arn:aws:iam::*:role/a"),
    );
    silent(
        "wildcard-without-like",
        compare("StringLike", "aws:PrincipalArn", "arn:aws:iam::*:role/a"),
    );
    tells(
        "operator-not-of-key",
        compare("Bool", "aws:SourceIp", "true"),
    );
    tells(
        "operator-not-of-key",
        compare("StringEquals", "aws:SourceIp", "203.0.113.9"),
    );
    silent(
        "operator-not-of-key",
        compare("IpAddress", "aws:SourceIp", "203.0.113.9"),
    );
    silent(
        "operator-not-of-key",
        compare("NumericLessThan", "aws:PrincipalTag/level", "3"),
    );
    tells(
        "variable-in-operator",
        compare("NumericEquals", max_age, "${aws:username}"),
    );
    silent(
        "variable-in-operator",
        compare("StringEquals", "aws:SourceVpc", "${aws:username}"),
    );
}

#[test]
fn addresses() {
    let from = |key: &str, value: &str| when("Deny", json!({"NotIpAddress": {key: value}}));
    tells("private-address", from("aws:SourceIp", "10.0.0.0/8"));
    tells("private-address", from("aws:SourceIp", "fd00::/8"));
    silent("private-address", from("aws:SourceIp", "203.0.113.0/24"));
    silent("private-address", from("aws:VpcSourceIp", "10.0.0.0/8"));
    tells("host-bits", from("aws:SourceIp", "203.0.113.9/24"));
    tells("host-bits", from("aws:SourceIp", "2001:db8::1/64"));
    for network in [
        "203.0.113.0/24",
        "203.0.113.9/32",
        "203.0.113.9",
        "0.0.0.0/0",
        "2001:db8::/32",
        "::/0",
    ] {
        silent("host-bits", from("aws:SourceIp", network));
    }
}

#[test]
fn variables() {
    let home = |name: &str| json!({"Resource": format!("arn:aws:s3:::b/{name}/*")});
    tells("variable-unclosed", home("${aws:username"));
    tells("variable-empty", home("${}"));
    tells("variable-space", home("${aws:user name}"));
    tells("variable-default", home("${aws:PrincipalTag/team, none}"));
    tells("multivalued-variable", home("${aws:TagKeys}"));
    tells("unknown-variable", home("${aws:user}"));
    tells("unknown-variable", home("${user}"));
    tells(
        "variable-in-arn-head",
        json!({"Resource": "arn:aws:s3:${aws:RequestedRegion}::b/*"}),
    );
    let written = [
        "${aws:username}",
        "${AWS:UserId}",
        "${aws:PrincipalTag/team, 'none'}",
        "${*}${?}${$}",
        "${www.amazon.com:user_id}",
    ];
    for name in written {
        let codes = codes(&policy(&home(name)), PolicyUse::Identity);
        assert!(codes.is_empty(), "{name}: {codes:?}");
    }
    let mut old = policy(&home("${aws:username}"));
    old["Version"] = json!("2008-10-17");
    assert_eq!(
        codes(&old, PolicyUse::Identity),
        ["old-version", "variable-in-old-version"]
    );
}
