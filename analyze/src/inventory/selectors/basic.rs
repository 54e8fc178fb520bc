//! Basic event selectors: management events as a whole, data events of S3 objects, functions and tables.

use serde_json::Value;

use super::{MANAGEMENT, Selection, service_prefix};
use crate::inventory::document::{items, text};

/// What one element of `EventSelectors` selects.
pub(super) fn selections(selector: &Value) -> Vec<Selection> {
    let direction = text(selector, "ReadWriteType").unwrap_or("All");
    let (read_events, write_events) = (direction != "WriteOnly", direction != "ReadOnly");
    let of = |resource_type: &str, limited: bool, excluded_services: Vec<String>| Selection {
        resource_type: resource_type.to_owned(),
        read_events,
        write_events,
        limited,
        excluded_services,
    };
    let mut selections = Vec::new();
    if selector
        .get("IncludeManagementEvents")
        .and_then(Value::as_bool)
        != Some(false)
    {
        let left_out: Vec<&str> = items(selector, "ExcludeManagementEventSources")
            .filter_map(Value::as_str)
            .collect();
        let mut excluded: Vec<String> = left_out
            .iter()
            .filter_map(|source| service_prefix(source))
            .map(str::to_owned)
            .collect();
        excluded.sort();
        selections.push(of(MANAGEMENT, excluded.len() < left_out.len(), excluded));
    }
    for resource in items(selector, "DataResources") {
        let values: Vec<&str> = items(resource, "Values")
            .filter_map(Value::as_str)
            .collect();
        if let (Some(resource_type), false) = (text(resource, "Type"), values.is_empty()) {
            let whole = values.iter().any(|value| names_no_resource(value));
            selections.push(of(resource_type, !whole, Vec::new()));
        }
    }
    selections
}

/// Whether a value stands for every resource of its service: `arn:aws:s3` and `arn:aws:s3:::` do.
fn names_no_resource(value: &str) -> bool {
    value
        .splitn(4, ':')
        .nth(3)
        .is_none_or(|rest| rest.chars().all(|character| character == ':'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn all_buckets_are_the_whole_kind_and_one_bucket_is_a_part() {
        let selector = json!({
            "ReadWriteType": "All",
            "IncludeManagementEvents": false,
            "DataResources": [
                {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::"]},
                {"Type": "AWS::Lambda::Function", "Values": ["arn:aws:lambda"]},
                {"Type": "AWS::DynamoDB::Table", "Values": ["arn:aws:dynamodb:eu-west-1:111122223333:table/t"]},
            ],
        });
        let limited: Vec<(String, bool)> = selections(&selector)
            .into_iter()
            .map(|selection| (selection.resource_type, selection.limited))
            .collect();
        let expected = [
            ("AWS::S3::Object", false),
            ("AWS::Lambda::Function", false),
            ("AWS::DynamoDB::Table", true),
        ];
        assert_eq!(
            limited,
            expected.map(|(kind, limited)| (kind.to_owned(), limited))
        );
    }

    #[test]
    fn excluded_sources_are_named_by_the_prefix_of_their_actions() {
        let selector = json!({
            "ReadWriteType": "WriteOnly",
            "ExcludeManagementEventSources": ["rdsdata.amazonaws.com", "kms.amazonaws.com"],
        });
        let selections = selections(&selector);
        assert_eq!(selections.len(), 1);
        assert_eq!(selections[0].excluded_services, ["kms", "rds-data"]);
        assert!(!selections[0].read_events && selections[0].write_events && !selections[0].limited);
    }

    #[test]
    fn an_empty_list_of_resources_selects_nothing() {
        let selector = json!({"IncludeManagementEvents": false, "DataResources": [{"Type": "AWS::S3::Object", "Values": []}]});
        assert_eq!(selections(&selector), []);
    }
}
