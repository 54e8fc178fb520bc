//! Each family of condition operators.

use super::*;

fn with(operator: &str, listed: Value, given: &str) -> bool {
    holds(
        condition(operator, "svc:key", listed),
        json!({"svc:key": [given]}),
    )
}

#[test]
fn string_equals_is_exact_and_a_star_is_a_star() {
    assert!(with("StringEquals", json!("a*"), "a*"));
    assert!(!with("StringEquals", json!("a*"), "ab"));
    assert!(!with("StringEquals", json!("A"), "a"));
    assert!(!with("StringEquals", json!("a"), "ab"));
}

#[test]
fn ignoring_case_is_still_without_wildcards() {
    assert!(with("StringEqualsIgnoreCase", json!("TeAm"), "tEaM"));
    assert!(!with("StringEqualsIgnoreCase", json!("te*"), "team"));
    assert!(!with("StringNotEqualsIgnoreCase", json!("TEAM"), "team"));
}

#[test]
fn string_like_is_anchored_heeds_case_and_runs_over_every_character() {
    assert!(with("StringLike", json!("a*c??"), "a/b:c\nx"));
    assert!(with("StringLike", json!("*"), ""));
    assert!(!with("StringLike", json!("a?"), "a"));
    assert!(!with("StringLike", json!("b*"), "ab"));
    assert!(!with("StringLike", json!("A*"), "ab"));
    assert!(!with("StringNotLike", json!("a*"), "ab"));
}

#[test]
fn empty_text_is_a_value() {
    assert!(holds(
        json!({"StringEquals": {"s3:prefix": ["", "home/"]}}),
        json!({"s3:prefix": [""]})
    ));
    assert!(!holds(
        json!({"StringNotEquals": {"s3:prefix": ""}}),
        json!({"s3:prefix": [""]})
    ));
}

#[test]
fn numbers_compare_as_numbers() {
    assert!(with("NumericEquals", json!("10"), "10.0"));
    assert!(with("NumericLessThan", json!("10"), "9"));
    assert!(with("NumericGreaterThan", json!("-10"), "-9.5"));
    assert!(with("NumericNotEquals", json!("10"), "11"));
    assert!(!with("NumericNotEquals", json!(["10", "11"]), "11.00"));
}

#[test]
fn the_request_s_value_stands_on_the_left() {
    assert!(with("NumericLessThan", json!("10"), "5"));
    assert!(!with("NumericLessThan", json!("10"), "10"));
    assert!(with("NumericLessThanEquals", json!("10"), "10"));
    assert!(!with("NumericGreaterThan", json!("10"), "5"));
    assert!(with("NumericGreaterThanEquals", json!("10"), "10"));
    assert!(with(
        "DateLessThan",
        json!("2026-06-30T00:00:00Z"),
        "2026-06-29T23:59:59Z"
    ));
    assert!(with(
        "DateGreaterThanEquals",
        json!("2026-06-30T00:00:00Z"),
        "2026-06-30T00:00:00Z"
    ));
}

#[test]
fn dates_compare_as_instants_also_with_epochs() {
    assert!(with(
        "DateEquals",
        json!("2026-03-01T12:00:00Z"),
        "1772366400"
    ));
    assert!(with(
        "DateEquals",
        json!(1_772_366_400),
        "2026-03-01T13:00:00+01:00"
    ));
    assert!(with("DateEquals", json!("2026-03-01"), "2026-03-01T00:00Z"));
    assert!(with(
        "DateLessThan",
        json!("2026-03-01T12:00:00.5Z"),
        "2026-03-01T12:00:00.25Z"
    ));
    assert!(with(
        "DateNotEquals",
        json!("2026-03-01T12:00:00Z"),
        "1772366401"
    ));
    assert!(with("DateGreaterThan", json!("0"), "1"));
}

#[test]
fn networks_ignore_host_bits_and_no_prefix_is_one_address() {
    assert!(with("IpAddress", json!("203.0.113.77/24"), "203.0.113.5"));
    assert!(with("IpAddress", json!("203.0.113.5"), "203.0.113.5"));
    assert!(!with("IpAddress", json!("203.0.113.5"), "203.0.113.6"));
    assert!(with("IpAddress", json!("0.0.0.0/0"), "255.255.255.255"));
    assert!(with("IpAddress", json!("::/0"), "2001:db8::1"));
    assert!(!with(
        "NotIpAddress",
        json!(["10.0.0.0/8", "192.0.2.0/24"]),
        "192.0.2.9"
    ));
}

#[test]
fn text_forms_of_an_address_are_equal_and_families_are_apart() {
    assert!(with("IpAddress", json!("2001:DB8:0:0:0::1"), "2001:db8::1"));
    assert!(with(
        "IpAddress",
        json!("2001:db8::/32"),
        "2001:0db8:ffff::"
    ));
    assert!(!with("IpAddress", json!("0.0.0.0/0"), "2001:db8::1"));
    assert!(with("NotIpAddress", json!("0.0.0.0/0"), "2001:db8::1"));
}

#[test]
fn binary_compares_bytes() {
    assert!(with(
        "BinaryEquals",
        json!("QmluYXJ5VmFsdWVJbkJhc2U2NA=="),
        "QmluYXJ5VmFsdWVJbkJhc2U2NA=="
    ));
    assert!(!with("BinaryEquals", json!("QQ=="), "Qg=="));
}

#[test]
fn arn_equals_and_arn_like_are_the_same_and_compare_by_component() {
    let topic = "arn:aws:sns:eu-west-1:111122223333:topic";
    for operator in ["ArnEquals", "ArnLike"] {
        assert!(with(operator, json!("arn:aws:sns:*:*:top*"), topic));
        assert!(!with(operator, json!("arn:aws:sns:*:topic"), topic));
        assert!(!with(
            operator,
            json!("arn:aws:sns:eu-west-1:111122223333:Topic"),
            topic
        ));
        assert!(!with(
            operator,
            json!("arn:aws:s*1:111122223333:topic"),
            topic
        ));
    }
    assert!(with(
        "StringLike",
        json!("arn:aws:s*1:111122223333:topic"),
        topic
    ));
    for operator in ["ArnNotEquals", "ArnNotLike"] {
        assert!(!with(operator, json!("arn:aws:sns:*:*:top*"), topic));
    }
}

#[test]
fn truth_values_compare() {
    assert!(with("Bool", json!("true"), "true"));
    assert!(!with("Bool", json!("true"), "false"));
    assert!(with("Bool", json!(["true", "false"]), "false"));
}
