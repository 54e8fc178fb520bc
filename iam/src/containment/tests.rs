//! Answers on policies as people write them.

use serde_json::{Value, json};

use super::*;

fn document(statements: Value) -> Vec<Document> {
    let mut value = json!({"Version": "2012-10-17"});
    value["Statement"] = statements;
    vec![Document::from_value(value).unwrap()]
}

fn allow(action: &str, resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": resource})
}

fn deny(action: &str, resource: &str) -> Value {
    json!({"Effect": "Deny", "Action": action, "Resource": resource})
}

fn under(condition: Value) -> Value {
    let mut statement = allow("s3:GetObject", "arn:aws:s3:::b/*");
    statement["Condition"] = condition;
    json!([statement])
}

fn answer(wide: Value, narrow: Value) -> Containment {
    let (wide, narrow) = (document(wide), document(narrow));
    contains(&wide, &narrow, Actions::Every, Catalog::embedded())
}

fn witness(wide: Value, narrow: Value) -> Witness {
    match answer(wide, narrow) {
        Containment::NotContained { witness } => witness,
        other => panic!("{other:?}"),
    }
}

#[test]
fn two_patterns_together_cover_what_neither_does_alone() {
    let narrow = json!([allow("s3:Get*", "arn:aws:s3:::b/*")]);
    let halves = |second: &str| {
        json!([
            {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/a*"},
            {"Effect": "Allow", "Action": "s3:*", "NotResource": second},
        ])
    };
    assert_eq!(
        answer(halves("arn:aws:s3:::b/ab*"), narrow.clone()),
        Containment::Contained
    );
    let found = witness(halves("arn:aws:s3:::b/*b*"), narrow);
    assert!(found.resource.contains('b') && !found.resource.starts_with("arn:aws:s3:::b/a"));
}

#[test]
fn a_witness_is_an_action_of_the_catalog_where_one_will_do() {
    let found = witness(
        json!([allow("sqs:Send*", "*")]),
        json!([allow("sqs:*", "*")]),
    );
    assert!(found.in_catalog, "{found:?}");
    let made_up = witness(
        json!([allow("sqs:A*", "*"), allow("sqs:SendMessage", "*")]),
        json!([allow("sqs:SendMessage*", "*")]),
    );
    assert!(!made_up.in_catalog && made_up.action.starts_with("sqs:sendmessage"));
}

#[test]
fn names_that_the_catalog_lacks_count_only_on_demand() {
    let all = crate::expand::expand("sqs:*", Catalog::embedded());
    let names: Vec<&str> = all.iter().map(|action| action.name).collect();
    let wide = document(json!([{"Effect": "Allow", "Action": names, "Resource": "*"}]));
    let narrow = document(json!([allow("sqs:*", "*")]));
    let among = |actions| contains(&wide, &narrow, actions, Catalog::embedded());
    assert_eq!(among(Actions::Listed), Containment::Contained);
    assert!(matches!(
        among(Actions::Every),
        Containment::NotContained { witness } if !witness.in_catalog
    ));
}

#[test]
fn a_deny_of_the_wide_side_must_be_answered() {
    let denied = json!([allow("s3:*", "*"), deny("s3:Delete*", "arn:aws:s3:::b/*")]);
    let found = witness(denied.clone(), json!([allow("s3:*", "*")]));
    assert!(found.action.to_lowercase().starts_with("s3:delete"));
    let more_denied = json!([allow("s3:*", "*"), deny("s3:D*", "arn:aws:s3:::b*")]);
    assert_eq!(answer(denied, more_denied), Containment::Contained);
}

#[test]
fn an_action_without_a_resource_tells_a_star_from_all_arns() {
    let found = witness(
        json!([allow("sqs:*", "arn:*:*:*:*:*")]),
        json!([allow("sqs:*", "*")]),
    );
    assert_eq!(found.resource, "*");
}

#[test]
fn a_longer_list_a_wider_network_and_a_looser_bound_are_implied() {
    let implied = [
        (
            json!({"StringEquals": {"aws:RequestedRegion": ["a", "b"]}}),
            json!({"StringEquals": {"AWS:requestedregion": "b"}}),
        ),
        (
            json!({"StringLike": {"s3:prefix": "home/*"}}),
            json!({"StringEquals": {"s3:prefix": "home/x"}}),
        ),
        (
            json!({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
            json!({"IpAddress": {"aws:SourceIp": ["10.1.0.0/16", "10.2.3.4"]}}),
        ),
        (
            json!({"NumericLessThan": {"s3:max-keys": 10}}),
            json!({"NumericLessThanEquals": {"s3:max-keys": 9}}),
        ),
        (
            json!({"DateGreaterThan": {"aws:CurrentTime": "2024-01-01T00:00:00Z"}}),
            json!({"DateGreaterThan": {"aws:CurrentTime": "2024-01-01T00:00:01Z"}}),
        ),
        (
            json!({"BoolIfExists": {"aws:SecureTransport": "true"}}),
            json!({"Bool": {"aws:SecureTransport": true}}),
        ),
        (
            json!({"Null": {"aws:TagKeys": "false"}}),
            json!({"ForAnyValue:StringEquals": {"aws:TagKeys": "x"}}),
        ),
        (
            json!({"StringNotEquals": {"k": "a"}}),
            json!({"StringNotEquals": {"k": ["a", "b"]}}),
        ),
    ];
    for (wide, narrow) in implied {
        assert_eq!(
            answer(under(wide.clone()), under(narrow.clone())),
            Containment::Contained,
            "{wide} {narrow}"
        );
        assert!(
            matches!(
                answer(under(narrow.clone()), under(wide.clone())),
                Containment::NotContained { .. }
            ),
            "{wide} {narrow}"
        );
    }
}

#[test]
fn a_list_of_values_may_be_split_over_statements() {
    let split: Vec<Value> = ["a", "b"]
        .iter()
        .flat_map(|region| {
            under(json!({"StringEquals": {"aws:RequestedRegion": region}}))
                .as_array()
                .unwrap()
                .clone()
        })
        .collect();
    let whole = under(json!({"StringEquals": {"aws:RequestedRegion": ["a", "b"]}}));
    assert_eq!(answer(json!(split), whole), Containment::Contained);
}

#[test]
fn a_witness_has_the_values_that_it_needs() {
    let found = witness(
        under(json!({"IpAddress": {"aws:SourceIp": "10.0.0.0/9"}})),
        under(json!({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})),
    );
    assert_eq!(found.context["aws:sourceip"], ["10.128.0.0"]);
}

#[test]
fn a_variable_equals_itself_and_lies_within_a_star() {
    let of = |resource: &str| json!([allow("s3:*", resource)]);
    let home = "arn:aws:s3:::b/${aws:username}/*";
    assert_eq!(
        answer(of("arn:aws:s3:::b/${AWS:UserName}/*"), of(home)),
        Containment::Contained
    );
    assert_eq!(
        answer(of("arn:aws:s3:::b/*/*"), of(home)),
        Containment::Contained
    );
    let found = witness(of("arn:aws:s3:::b/a/*"), of(home));
    assert!(found.context.contains_key("aws:username"));
    // A question mark is one letter, and the value may have more.
    assert!(matches!(
        answer(of("arn:aws:s3:::b/?/*"), of(home)),
        Containment::NotContained { .. }
    ));
    assert!(matches!(
        answer(of(home), of("arn:aws:s3:::b/${aws:username, 'x'}/*")),
        Containment::NotContained { .. }
    ));
}

#[test]
fn what_only_one_reading_of_a_star_gives_is_unknown() {
    let short = json!([allow("s3:*", "arn:aws:s3:*:b")]);
    let bucket = json!([allow("s3:*", "arn:aws:s3:::b")]);
    assert!(matches!(
        answer(short.clone(), bucket),
        Containment::Unknown { why } if why.reason == Reason::Readings
    ));
    assert_eq!(answer(short.clone(), short), Containment::Contained);
}

#[test]
fn an_arn_cut_short_stands_for_all_that_begin_with_it() {
    let short = json!([allow("sqs:*", "arn:aws:sqs")]);
    let whole = json!([allow("sqs:*", "arn:aws:sqs:*:*:*")]);
    let queue = json!([allow("sqs:*", "arn:aws:sqs:eu-west-1:111122223333:q")]);
    assert_eq!(answer(short.clone(), queue), Containment::Contained);
    assert_eq!(answer(short.clone(), whole.clone()), Containment::Contained);
    let everything = json!([allow("sqs:*", "arn:aws:s3")]);
    assert!(matches!(
        answer(everything, short),
        Containment::NotContained { .. }
    ));
}

#[test]
fn principals_are_compared_for_equality() {
    let of = |account: &str| {
        let mut statement = allow("s3:GetObject", "arn:aws:s3:::b/*");
        statement["Principal"] = json!({"AWS": account});
        json!([statement])
    };
    let one = of("111122223333");
    assert_eq!(answer(one.clone(), one.clone()), Containment::Contained);
    assert!(matches!(
        answer(of("444455556666"), one),
        Containment::Unknown { why } if why.reason == Reason::Principals
    ));
}

#[test]
fn a_trust_policy_is_within_itself_and_nothing_else_is_said_of_it() {
    let trust = json!([{
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }]);
    assert_eq!(answer(trust.clone(), trust.clone()), Containment::Contained);
    assert!(matches!(
        answer(json!([allow("sts:*", "*")]), trust),
        Containment::Unknown { why } if why.reason == Reason::NoResource
    ));
}

#[test]
fn patterns_that_explode_are_told_to_be_too_large() {
    let many: Vec<String> = (0..60)
        .map(|n| {
            format!(
                "s3:*{}",
                format!("{}?", char::from(b'a' + n % 26)).repeat(12 + usize::from(n) % 7)
            )
        })
        .collect();
    let wide = json!([{"Effect": "Allow", "Action": many, "Resource": "*"}, allow("s3:??*", "*")]);
    let found = answer(wide, json!([allow("s3:*", "*")]));
    // One letter alone tells them apart; with it the search would have no end.
    assert!(matches!(
        found,
        Containment::NotContained { .. } | Containment::Unknown { .. }
    ));
}
