//! Snapshots written by hand, for the tests of what reads them.

use serde_json::{Value, json};

use super::Inventory;
use super::document::SnapshotDocument;

/// The inventory of documents: kind, account, ARN and JSON of each.
pub(crate) fn inventory(documents: Vec<(&str, &str, &str, Value)>) -> Inventory {
    let documents: Vec<SnapshotDocument> = documents
        .into_iter()
        .map(|(kind, account_id, arn, value)| super::tests::document(kind, account_id, arn, value))
        .collect();
    Inventory::of(&documents)
}

/// An organization whose root and account `account_id` have the same service control policy.
pub(crate) fn organization(
    statement: &Value,
    account_id: &str,
) -> Vec<(&'static str, &'static str, &'static str, Value)> {
    let content = json!({"Version": "2012-10-17", "Statement": statement}).to_string();
    vec![
        ("root", "999988887777", "r-1", json!({"Id": "r-1"})),
        (
            "account",
            "999988887777",
            "account",
            json!({"Id": account_id, "ParentId": "r-1"}),
        ),
        (
            "scp",
            "999988887777",
            "p-1",
            json!({"Policy": {"PolicySummary": {"Name": "ceiling", "Arn": "p-1"}, "Content": content}, "Targets": [{"TargetId": "r-1"}, {"TargetId": account_id}]}),
        ),
    ]
}
