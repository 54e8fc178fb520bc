//! Each rule of the condition operators, as a claim.

use super::*;

const V: Version = Version::V2012;

fn condition(operator: &str, values: &[&str]) -> Condition {
    Condition {
        operator: operator.to_owned(),
        key: "Svc:Key".to_owned(),
        values: values.iter().map(|&value| value.to_owned()).collect(),
    }
}

/// The truth for a request in which the key has these values.
fn test(operator: &str, listed: &[&str], given: &[&str]) -> Truth {
    let given = given.iter().map(|&value| value.to_owned()).collect();
    let context = Context::from([
        ("svc:key".to_owned(), given),
        ("aws:principaltag/team".to_owned(), vec!["Blue*".to_owned()]),
        ("aws:username".to_owned(), vec![]),
    ]);
    holds(&condition(operator, listed), V, &context)
}

#[test]
fn an_unknown_key_is_undecided() {
    for operator in [
        "StringEquals",
        "StringNotEqualsIfExists",
        "Null",
        "ForAllValues:StringLike",
    ] {
        let truth = holds(&condition(operator, &["true"]), V, &Context::new());
        assert_eq!(truth, Truth::unknown("svc:key"), "{operator}");
    }
}

#[test]
fn a_missing_key_fails_plain_operators_and_passes_negated_ones() {
    for (operator, expected) in [
        ("StringEquals", Truth::False),
        ("StringNotEquals", Truth::True),
        ("NumericNotEquals", Truth::True),
        ("DateNotEquals", Truth::True),
        ("NotIpAddress", Truth::True),
        ("ArnNotLike", Truth::True),
        ("NumericLessThan", Truth::False),
        ("Bool", Truth::False),
        ("BoolIfExists", Truth::True),
        ("StringNotLikeIfExists", Truth::True),
        ("ForAllValues:StringEquals", Truth::True),
        ("ForAnyValue:StringEquals", Truth::False),
        ("ForAnyValue:StringNotEquals", Truth::False),
        ("ForAnyValue:StringEqualsIfExists", Truth::True),
    ] {
        assert_eq!(test(operator, &["false"], &[]), expected, "{operator}");
    }
}

#[test]
fn null_asks_for_presence() {
    assert_eq!(test("Null", &["true"], &[]), Truth::True);
    assert_eq!(test("Null", &["false"], &[]), Truth::False);
    assert_eq!(test("Null", &["false"], &["a", "b"]), Truth::True);
    assert_eq!(test("Null", &["maybe"], &[]), Truth::False);
    assert_eq!(test("Null", &["maybe", "true"], &[]), Truth::True);
}

#[test]
fn null_after_a_set_prefix_is_decided_by_the_prefix() {
    for given in [&[][..], &["a"], &["a", "b"]] {
        assert_eq!(test("ForAllValues:Null", &["true"], given), Truth::True);
        assert_eq!(test("ForAnyValue:Null", &["true"], given), Truth::False);
    }
}

#[test]
fn listed_values_are_alternatives_and_of_negated_operators_none_may_match() {
    assert_eq!(test("StringEquals", &["a", "b"], &["b"]), Truth::True);
    assert_eq!(test("StringNotEquals", &["a", "b"], &["b"]), Truth::False);
    assert_eq!(test("StringNotEquals", &["a", "b"], &["c"]), Truth::True);
    assert_eq!(test("StringEquals", &[], &["c"]), Truth::False);
}

#[test]
fn only_like_reads_wildcards() {
    assert_eq!(test("StringEquals", &["a*"], &["ab"]), Truth::False);
    assert_eq!(test("StringEquals", &["a*"], &["a*"]), Truth::True);
    assert_eq!(test("StringLike", &["a*"], &["ab"]), Truth::True);
    assert_eq!(test("StringLike", &["A*"], &["ab"]), Truth::False);
    assert_eq!(
        test("StringEqualsIgnoreCase", &["A*"], &["a*"]),
        Truth::True
    );
    assert_eq!(
        test("StringEqualsIgnoreCase", &["A*"], &["ab"]),
        Truth::False
    );
    assert_eq!(test("StringLike", &[""], &[""]), Truth::True);
}

#[test]
fn operators_and_keys_ignore_case() {
    assert_eq!(
        test("foranyvalue:stringlikeifexists", &["a*"], &["ab"]),
        Truth::True
    );
}

#[test]
fn all_values_and_any_value_quantify_over_the_request() {
    assert_eq!(
        test("ForAllValues:StringEquals", &["a", "b"], &["a", "b"]),
        Truth::True
    );
    assert_eq!(
        test("ForAllValues:StringEquals", &["a", "b"], &["a", "c"]),
        Truth::False
    );
    assert_eq!(
        test("ForAnyValue:StringEquals", &["a", "b"], &["c", "b"]),
        Truth::True
    );
    assert_eq!(
        test("ForAnyValue:StringNotEquals", &["a"], &["a", "c"]),
        Truth::True
    );
    assert_eq!(
        test("ForAllValues:StringNotEquals", &["a"], &["a", "c"]),
        Truth::False
    );
}

#[test]
fn several_values_without_a_set_prefix_are_undecided_unless_none_matches() {
    assert_eq!(test("StringEquals", &["x"], &["a", "b"]), Truth::False);
    assert_eq!(test("StringNotEquals", &["x"], &["a", "b"]), Truth::True);
    assert_eq!(
        test("StringNotEquals", &["a"], &["a", "b"]),
        Truth::unknown("svc:key")
    );
    assert_eq!(
        test("StringEquals", &["a"], &["a", "b"]),
        Truth::unknown("svc:key")
    );
}

#[test]
fn numbers_and_dates_compare_the_request_with_the_listed_value() {
    assert_eq!(test("NumericLessThan", &["10"], &["9.5"]), Truth::True);
    assert_eq!(test("NumericLessThan", &["10"], &["10.0"]), Truth::False);
    assert_eq!(
        test("NumericGreaterThanEquals", &["10"], &["10.0"]),
        Truth::True
    );
    assert_eq!(test("NumericEquals", &["10"], &["ten"]), Truth::False);
    assert_eq!(
        test(
            "DateGreaterThan",
            &["2026-03-01T12:00:00Z"],
            &["1772366401"]
        ),
        Truth::True
    );
    assert_eq!(
        test(
            "DateLessThanEquals",
            &["2026-03-01T12:00:00Z"],
            &["1772366401"]
        ),
        Truth::False
    );
}

#[test]
fn addresses_of_the_other_family_are_outside() {
    assert_eq!(
        test("IpAddress", &["10.0.0.0/8", "2001:db8::/32"], &["10.9.9.9"]),
        Truth::True
    );
    assert_eq!(
        test("NotIpAddress", &["10.0.0.0/8"], &["2001:db8::1"]),
        Truth::True
    );
    assert_eq!(
        test("IpAddress", &["10.0.0.0/8"], &["lambda.amazonaws.com"]),
        Truth::False
    );
}

#[test]
fn arns_compare_component_by_component_and_equals_is_like() {
    let role = "arn:aws:iam::111122223333:role/team/app";
    assert_eq!(
        test("ArnEquals", &["arn:aws:iam::*:role/*"], &[role]),
        Truth::True
    );
    assert_eq!(
        test("ArnLike", &["arn:aws:iam:*:role/team/app"], &[role]),
        Truth::False
    );
    assert_eq!(
        test("StringLike", &["arn:aws:iam:*:role/team/app"], &[role]),
        Truth::True
    );
    assert_eq!(
        test(
            "ArnLike",
            &["arn:aws:iam::111122223333:role/Team/*"],
            &[role]
        ),
        Truth::False
    );
}

#[test]
fn an_arn_pattern_cut_short_by_a_star_takes_whole_arns() {
    let role = "arn:aws:iam::111122223333:role/team/app";
    for (pattern, truth) in [
        ("*", Truth::True),
        ("arn:*", Truth::True),
        ("arn:aws:iam::*", Truth::True),
        ("arn:${svc:part, 'aws'}:iam:*", Truth::unknown("svc:part")),
        ("arn:aws:sqs:*", Truth::False),
        ("arn:aws:iam", Truth::False),
    ] {
        assert_eq!(test("ArnLike", &[pattern], &[role]), truth, "{pattern}");
        assert_eq!(test("ArnNotEquals", &[pattern], &[role]), truth.negated());
    }
    assert_eq!(test("ArnLike", &["*"], &["no-arn"]), Truth::False);
}

#[test]
fn a_value_that_is_not_of_the_operator_s_type_matches_nothing() {
    for (plain, negated, good, bad) in [
        ("NumericEquals", "NumericNotEquals", "1", "abc"),
        ("DateEquals", "DateNotEquals", "2020-01-01", "nope"),
        ("IpAddress", "NotIpAddress", "10.0.0.1", "abc"),
        ("Bool", "", "true", "yes"),
        ("BinaryEquals", "", "QQ==", "!!"),
    ] {
        for (listed, given) in [(good, bad), (bad, good)] {
            assert_eq!(test(plain, &[listed], &[given]), Truth::False, "{plain}");
            if !negated.is_empty() {
                assert_eq!(test(negated, &[listed], &[given]), Truth::True);
            }
        }
        assert_eq!(test(plain, &[bad, good], &[good]), Truth::True, "{plain}");
    }
}

#[test]
fn variables_of_known_keys_are_replaced_and_unknown_ones_undecided() {
    assert_eq!(
        test("StringLike", &["${aws:PrincipalTag/team}?"], &["Blue*1"]),
        Truth::True
    );
    assert_eq!(
        test("StringLike", &["${aws:PrincipalTag/team}"], &["Blues"]),
        Truth::False
    );
    assert_eq!(
        test("StringEquals", &["x${aws:SourceIdentity}"], &["xy"]),
        Truth::unknown("aws:sourceidentity")
    );
    assert_eq!(
        test("StringEquals", &["x${aws:SourceIdentity}"], &["y"]),
        Truth::False
    );
    assert_eq!(
        test("StringEquals", &["${aws:username}"], &[""]),
        Truth::False
    );
    assert_eq!(
        test("StringNotEquals", &["${aws:username}"], &[""]),
        Truth::True
    );
}

#[test]
fn what_is_no_documented_operator_is_undecided() {
    for operator in [
        "StringMatches",
        "NullIfExists",
        "ForSomeValues:StringLike",
        "NumericLike",
        "",
    ] {
        let truth = test(operator, &["true"], &["true"]);
        assert_eq!(truth, Truth::unknown(format!("operator `{operator}`")));
    }
}

#[test]
fn bytes_are_compared_not_their_base_64() {
    assert_eq!(test("BinaryEquals", &["QQ=="], &["QQ=="]), Truth::True);
    assert_eq!(test("BinaryEquals", &["QQ=="], &["QQ"]), Truth::True);
    assert_eq!(test("BinaryEquals", &["QQ=="], &["Qg=="]), Truth::False);
    assert_eq!(test("BinaryEqualsIfExists", &["QQ=="], &[]), Truth::True);
    assert_eq!(
        test("BinaryEquals", &["not base-64"], &["QQ=="]),
        Truth::False
    );
}

#[test]
fn values_that_are_all_empty_count_as_none_under_a_set_operator() {
    assert_eq!(
        test("ForAllValues:StringEquals", &["a"], &[""]),
        Truth::True
    );
    assert_eq!(
        test("ForAnyValue:StringLike", &["*"], &["", ""]),
        Truth::False
    );
    assert_eq!(
        test("ForAllValues:StringEquals", &["a"], &["", "a"]),
        Truth::False
    );
    assert_eq!(test("StringEquals", &[""], &[""]), Truth::True);
}
