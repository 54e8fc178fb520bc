//! Which events advanced event selectors leave in.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn selected(fields: &Value) -> Vec<Selection> {
    selections(&json!({"Name": "n", "FieldSelectors": fields}))
}

/// The one selection of the fields.
fn one(fields: &Value) -> Selection {
    let [selection] = <[Selection; 1]>::try_from(selected(fields)).unwrap();
    selection
}

/// The part of S3's data events that one further field leaves.
fn part_of_objects(field: &Value) -> Option<String> {
    let selection = one(&json!([
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        field,
    ]));
    assert_eq!(selection.resource_type, "AWS::S3::Object");
    selection.part.text()
}

#[test]
fn a_resource_type_without_more_is_the_whole_kind() {
    let selection = one(&json!([
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
    ]));
    assert_eq!(selection, everything_of("AWS::S3::Object"));
}

#[test]
fn every_other_field_covers_a_part_and_says_which() {
    for (field, part) in [
        (
            json!({"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::reports/"]}),
            "arn:aws:s3:::reports/",
        ),
        (
            json!({"Field": "resources.ARN", "NotEquals": ["arn:aws:s3:::b/k"]}),
            "resources other than arn:aws:s3:::b/k",
        ),
        (
            json!({"Field": "eventName", "NotEndsWith": ["Object"]}),
            "events with eventName not ending in Object",
        ),
        (
            json!({"Field": "eventType", "NotEquals": ["AwsServiceEvent"]}),
            "events with eventType other than AwsServiceEvent",
        ),
        (
            json!({"Field": "sessionCredentialFromConsole", "NotEquals": ["true"]}),
            "events with sessionCredentialFromConsole other than true",
        ),
        (
            json!({"Field": "userIdentity.arn", "NotStartsWith": ["arn:aws:sts::1:assumed-role/x"]}),
            "events with userIdentity.arn not starting with arn:aws:sts::1:assumed-role/x",
        ),
        (
            json!({"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]}),
            "events with eventSource other than kms.amazonaws.com",
        ),
    ] {
        assert_eq!(part_of_objects(&field).as_deref(), Some(part));
    }
}

#[test]
fn an_event_must_meet_one_of_what_selects_and_each_of_what_leaves_out() {
    let part = part_of_objects(&json!({
        "Field": "resources.ARN",
        "NotStartsWith": ["arn:aws:s3:::b/tmp/"],
        "NotEndsWith": [".log"],
        "StartsWith": ["arn:aws:s3:::b/"],
        "EndsWith": [".csv"],
    }));
    assert_eq!(
        part.as_deref(),
        Some(
            "arn:aws:s3:::b/ or resources ending in .csv and resources not ending in .log and resources not starting with arn:aws:s3:::b/tmp/"
        )
    );
}

#[test]
fn read_only_false_records_writes_alone() {
    let selection = one(&json!([
        {"Field": "eventCategory", "Equals": ["Management"]},
        {"Field": "readOnly", "Equals": ["false"]},
        {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com", "rdsdata.amazonaws.com"]},
    ]));
    assert!(!selection.read_events && selection.write_events && selection.part.is_whole());
    assert_eq!(selection.excluded_services, ["kms", "rds-data"]);
}

/// Symptom: `readOnly` as a truth value, or twice, was taken for both directions.
#[test]
fn read_only_is_read_in_any_form_and_every_one_must_hold() {
    let directions = |fields: Value| {
        let mut all = vec![json!({"Field": "eventCategory", "Equals": ["Management"]})];
        all.extend(fields.as_array().unwrap().clone());
        let selection = one(&Value::Array(all));
        (selection.read_events, selection.write_events)
    };
    assert_eq!(
        directions(json!([{"Field": "readOnly", "Equals": [true]}])),
        (true, false)
    );
    assert_eq!(
        directions(json!([{"Field": "readOnly", "Equals": ["true", "false"]}])),
        (true, true)
    );
    assert_eq!(
        directions(json!([{"Field": "readOnly", "Equals": ["maybe"]}])),
        (false, false)
    );
    assert_eq!(
        directions(
            json!([{"Field": "readOnly", "Equals": ["true"]}, {"Field": "readOnly", "Equals": ["false"]}])
        ),
        (false, false)
    );
}

#[test]
fn leaving_out_a_source_whose_actions_are_not_known_covers_a_part() {
    let selection = one(&json!([
        {"Field": "eventCategory", "Equals": ["Management"]},
        {"Field": "eventSource", "NotEquals": ["other.amazonaws.com", "kms.amazonaws.com"]},
    ]));
    assert!(!selection.part.is_whole());
    assert_eq!(selection.excluded_services, [""; 0]);
}

#[test]
fn one_source_alone_is_a_part_of_the_management_events() {
    let selection = one(&json!([
        {"Field": "eventCategory", "Equals": ["Management"]},
        {"Field": "eventSource", "Equals": ["iam.amazonaws.com"]},
    ]));
    assert_eq!(
        selection.part.text().unwrap(),
        "events with eventSource iam.amazonaws.com"
    );
}

/// Symptom: a condition whose values were no list was not seen, and the kind taken for whole.
#[test]
fn a_condition_in_an_unknown_form_narrows() {
    assert_eq!(
        part_of_objects(&json!({"Field": "resources.ARN", "StartsWith": "arn:aws:s3:::b/"}))
            .as_deref(),
        Some("arn:aws:s3:::b/")
    );
    assert!(part_of_objects(&json!({"Equals": ["x"]})).is_some());
    assert_eq!(
        part_of_objects(&json!({"Field": "resources.ARN", "StartsWith": [""]})).as_deref(),
        Some("(empty)")
    );
    assert!(
        part_of_objects(&json!({"Field": "resources.type", "StartsWith": ["AWS::"]})).is_some()
    );
}

#[test]
fn two_fields_of_types_are_a_part_of_each() {
    let selections = selected(&json!([
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::AccessPoint"]},
    ]));
    assert_eq!(selections.len(), 2);
    assert!(
        selections
            .iter()
            .all(|selection| !selection.part.is_whole())
    );
}

#[test]
fn several_types_in_one_field_are_several_kinds() {
    let kinds: Vec<String> = selected(&json!([
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object", "AWS::SQS::Queue"]},
    ]))
    .into_iter()
    .map(|selection| selection.resource_type)
    .collect();
    assert_eq!(kinds, ["AWS::S3::Object", "AWS::SQS::Queue"]);
}

#[test]
fn network_activity_is_a_kind_of_its_own_by_source() {
    let selection = one(&json!([
        {"Field": "eventCategory", "Equals": ["NetworkActivity"]},
        {"Field": "eventSource", "Equals": ["s3.amazonaws.com"]},
        {"Field": "errorCode", "Equals": ["VpceAccessDenied"]},
        {"Field": "vpcEndpointId", "NotEquals": ["vpce-1"]},
    ]));
    assert_eq!(selection.resource_type, NETWORK_ACTIVITY);
    assert_eq!(selection.event_source.as_deref(), Some("s3.amazonaws.com"));
    assert_eq!(
        selection.part.text().unwrap(),
        "events with errorCode VpceAccessDenied and events with vpcEndpointId other than vpce-1"
    );
}

#[test]
fn what_has_no_category_or_an_unknown_one_selects_nothing() {
    for fields in [
        json!([]),
        json!([{"Field": "eventCategory", "Equals": ["Insight"]}]),
        json!([{"Field": "eventCategory", "Equals": ["Management", "Data"]}]),
        json!([{"Field": "eventCategory", "StartsWith": ["Management"]}]),
        json!([{"Field": "eventCategory", "Equals": ["Data"]}]),
        // The name of a kind that is no resource type.
        json!([{"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": ["management"]}]),
        json!("x"),
    ] {
        assert_eq!(selected(&fields), [], "{fields}");
    }
}

/// Fields that AWS documents for data events beside the understood ones, and one that it does not.
const FIELDS: [&str; 7] = [
    "resources.ARN",
    "eventName",
    "eventSource",
    "eventType",
    "sessionCredentialFromConsole",
    "userIdentity.arn",
    "unheard.of",
];

const OPERATORS: [&str; 7] = [
    "Equals",
    "StartsWith",
    "EndsWith",
    "NotEquals",
    "NotStartsWith",
    "NotEndsWith",
    "Matches",
];

proptest! {
    #[test]
    fn whatever_else_a_selector_asks_for_it_is_never_the_whole_kind(
        field in prop::sample::select(FIELDS.as_slice()),
        operator in prop::sample::select(OPERATORS.as_slice()),
        text in ".*",
        listed in any::<bool>(),
    ) {
        let value = if listed { json!([text]) } else { json!(text) };
        let part = part_of_objects(&json!({"Field": field, operator: value}));
        prop_assert!(part.is_some());
    }
}
