//! What trails record of which account, as the inventory tells it.

use serde_json::{Value, json};

use crate::inventory::Inventory;
use crate::inventory::document::SnapshotDocument;
use crate::inventory::tests::{document, tree};

fn trail(more: &Value) -> SnapshotDocument {
    let mut value = json!({"TrailARN": "arn:aws:cloudtrail:eu-west-1:999988887777:trail/t", "IsMultiRegionTrail": true});
    for (key, more) in more.as_object().unwrap() {
        value[key] = more.clone();
    }
    document(
        "trail",
        "999988887777",
        "arn:aws:cloudtrail:eu-west-1:999988887777:trail/t",
        value,
    )
}

fn accounts_and_limits(documents: &[SnapshotDocument]) -> Vec<(String, String, bool)> {
    let inventory = Inventory::of(documents);
    let selectors = inventory.selectors().iter();
    selectors
        .map(|row| {
            (
                row.account_id.clone(),
                row.resource_type.clone(),
                row.limited,
            )
        })
        .collect()
}

#[test]
fn an_organization_trail_records_every_account_of_the_organization() {
    let mut documents = tree();
    documents.push(trail(
        &json!({"IsOrganizationTrail": true, "HasCustomEventSelectors": false}),
    ));
    let expected = ["111122223333", "999988887777"]
        .map(|account| (account.to_owned(), "management".to_owned(), false));
    assert_eq!(accounts_and_limits(&documents), expected);
}

#[test]
fn a_trail_of_one_region_covers_a_part() {
    let documents = [trail(
        &json!({"IsMultiRegionTrail": false, "HasCustomEventSelectors": false}),
    )];
    assert_eq!(
        accounts_and_limits(&documents),
        [("999988887777".to_owned(), "management".to_owned(), true)]
    );
}

#[test]
fn a_trail_that_selects_nothing_is_known_to_record_nothing() {
    let arn = "arn:aws:cloudtrail:eu-west-1:999988887777:trail/t";
    let selectors = document(
        "event_selectors",
        "999988887777",
        arn,
        json!({"TrailARN": arn, "EventSelectors": []}),
    );
    let described = trail(&json!({"HasCustomEventSelectors": true}));
    assert_eq!(
        accounts_and_limits(&[described, selectors]),
        [("999988887777".to_owned(), "nothing".to_owned(), false)]
    );
}

/// Symptom: selectors without the description of their trail were taken as a trail of every region.
#[test]
fn a_trail_that_is_not_described_may_cover_a_part() {
    let arn = "arn:aws:cloudtrail:eu-west-1:999988887777:trail/t";
    let management =
        json!([{"ReadWriteType": "All", "IncludeManagementEvents": true, "DataResources": []}]);
    let selectors = document(
        "event_selectors",
        "999988887777",
        arn,
        json!({"TrailARN": arn, "EventSelectors": management}),
    );
    assert_eq!(
        accounts_and_limits(&[selectors]),
        [("999988887777".to_owned(), "management".to_owned(), true)]
    );
}

fn parts(documents: &[SnapshotDocument]) -> Vec<(String, Option<String>)> {
    let inventory = Inventory::of(documents);
    let selectors = inventory.selectors().iter();
    selectors
        .map(|row| (row.resource_type.clone(), row.part.clone()))
        .collect()
}

fn selectors_of_trail(more: &Value) -> SnapshotDocument {
    let arn = "arn:aws:cloudtrail:eu-west-1:999988887777:trail/t";
    let mut value = json!({"TrailARN": arn});
    for (key, more) in more.as_object().unwrap() {
        value[key] = more.clone();
    }
    document("event_selectors", "999988887777", arn, value)
}

#[test]
fn a_part_names_the_resources_and_the_region() {
    let data = |values: Value| json!([{"Type": "AWS::S3::Object", "Values": values}]);
    let selectors = selectors_of_trail(&json!({"EventSelectors": [
        {"IncludeManagementEvents": false, "DataResources": data(json!(["arn:aws:s3:::logs/"]))},
        {"IncludeManagementEvents": false, "DataResources": data(json!(["arn:aws:s3:::in/"]))},
    ]}));
    let described = trail(&json!({"IsMultiRegionTrail": false, "HomeRegion": "eu-west-1"}));
    let expected = "arn:aws:s3:::in/, arn:aws:s3:::logs/, within the region eu-west-1".to_owned();
    assert_eq!(
        parts(&[described, selectors]),
        [("AWS::S3::Object".to_owned(), Some(expected))]
    );
}

#[test]
fn a_selector_of_all_beside_one_of_some_is_the_whole_kind() {
    let data = |value: &str| json!([{"Type": "AWS::S3::Object", "Values": [value]}]);
    let selectors = selectors_of_trail(&json!({"EventSelectors": [
        {"IncludeManagementEvents": false, "DataResources": data("arn:aws:s3:::logs/")},
        {"IncludeManagementEvents": false, "DataResources": data("arn:aws:s3")},
    ]}));
    assert_eq!(
        parts(&[trail(&json!({})), selectors]),
        [("AWS::S3::Object".to_owned(), None)]
    );
}

#[test]
fn advanced_selectors_replace_basic_ones() {
    let objects = json!([
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
    ]);
    let selectors = selectors_of_trail(&json!({
        "EventSelectors": [{"IncludeManagementEvents": true}],
        "AdvancedEventSelectors": [{"FieldSelectors": objects}],
    }));
    assert_eq!(
        parts(&[trail(&json!({})), selectors]),
        [("AWS::S3::Object".to_owned(), None)]
    );
}

#[test]
fn a_trail_that_does_not_log_records_nothing_whatever_it_selects() {
    let arn = "arn:aws:cloudtrail:eu-west-1:999988887777:trail/t";
    let stopped = [("stopped".to_owned(), None)];
    let described = trail(&json!({"HasCustomEventSelectors": false, "IsLogging": false}));
    assert_eq!(parts(&[described]), stopped);
    let status = document(
        "trail_status",
        "999988887777",
        arn,
        json!({"IsLogging": false}),
    );
    let selectors = selectors_of_trail(&json!({"EventSelectors": [{}]}));
    assert_eq!(
        parts(&[trail(&json!({})), selectors.clone(), status]),
        stopped
    );
    let logging = document(
        "trail_status",
        "999988887777",
        arn,
        json!({"IsLogging": true}),
    );
    let management = [("management".to_owned(), None)];
    assert_eq!(parts(&[trail(&json!({})), selectors, logging]), management);
}

#[test]
fn a_trail_without_global_services_covers_a_part_of_the_management_events() {
    let described =
        trail(&json!({"HasCustomEventSelectors": false, "IncludeGlobalServiceEvents": false}));
    let part = Some("services that are not global".to_owned());
    assert_eq!(parts(&[described]), [("management".to_owned(), part)]);
}

#[test]
fn network_activity_is_a_row_of_its_own_by_source() {
    let field = |name: &str, value: &str| json!({"Field": name, "Equals": [value]});
    let selectors = selectors_of_trail(&json!({"AdvancedEventSelectors": [
        {"FieldSelectors": [field("eventCategory", "NetworkActivity"), field("eventSource", "s3.amazonaws.com")]},
    ]}));
    let documents = [trail(&json!({})), selectors];
    let inventory = Inventory::of(&documents);
    let rows: Vec<_> = inventory
        .selectors()
        .iter()
        .map(|row| (row.resource_type.as_str(), row.event_source.as_deref()))
        .collect();
    assert_eq!(rows, [("network_activity", Some("s3.amazonaws.com"))]);
}

#[test]
fn a_trail_whose_selectors_are_not_in_the_snapshot_says_nothing() {
    assert_eq!(
        accounts_and_limits(&[trail(&json!({"HasCustomEventSelectors": true}))]),
        []
    );
}
