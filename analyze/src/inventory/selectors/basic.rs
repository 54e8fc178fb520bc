//! Basic event selectors: management events as a whole, data events of S3 objects, functions and tables.
//!
//! Source: CloudTrail API Reference, `EventSelector` and `DataResource`.

use serde_json::Value;

use super::part::{Part, condition};
use super::{MANAGEMENT, Selection, everything_of, is_resource_type, service_prefix};
use crate::inventory::document::{items, text};

/// What one element of `EventSelectors` selects.
pub(super) fn selections(selector: &Value) -> Vec<Selection> {
    let (read_events, write_events) = direction(selector);
    let of = |resource_type: &str, part: Part| Selection {
        read_events,
        write_events,
        part,
        ..everything_of(resource_type)
    };
    let mut selections = Vec::new();
    if includes_management(selector) {
        let (excluded_services, part) = excluded(selector);
        selections.push(Selection {
            excluded_services,
            ..of(MANAGEMENT, part)
        });
    }
    for resource in items(selector, "DataResources") {
        let values: Vec<&str> = items(resource, "Values")
            .filter_map(Value::as_str)
            .collect();
        let resource_type = text(resource, "Type").filter(|name| is_resource_type(name));
        if let (Some(resource_type), false) = (resource_type, values.is_empty()) {
            let whole = values
                .iter()
                .any(|value| is_every_resource(resource_type, value));
            let named = values.into_iter().filter(|_| !whole);
            selections.push(of(resource_type, Part::of_resources(named)));
        }
    }
    selections
}

/// Whether reads and writes are selected. Without `ReadWriteType` both are; a word that AWS does not know selects none.
fn direction(selector: &Value) -> (bool, bool) {
    match selector.get("ReadWriteType") {
        None | Some(Value::Null) => (true, true),
        Some(direction) => {
            let direction = direction.as_str().unwrap_or_default();
            (
                matches!(direction, "All" | "ReadOnly"),
                matches!(direction, "All" | "WriteOnly"),
            )
        }
    }
}

/// Whether management events are selected, as they are by default.
fn includes_management(selector: &Value) -> bool {
    match selector.get("IncludeManagementEvents") {
        None | Some(Value::Null) => true,
        Some(included) => included.as_bool() == Some(true),
    }
}

/// The services whose management events are left out; a source whose actions are not known leaves an unknown part.
fn excluded(selector: &Value) -> (Vec<String>, Part) {
    let mut services = Vec::new();
    for source in items(selector, "ExcludeManagementEventSources") {
        let Some(prefix) = source.as_str().and_then(service_prefix) else {
            let sources = selector.get("ExcludeManagementEventSources");
            let sources = sources.unwrap_or(&Value::Null);
            let part = Part::of(&[condition("eventSource", "NotEquals", sources)]);
            return (Vec::new(), part);
        };
        services.push(prefix.to_owned());
    }
    services.sort();
    services.dedup();
    (services, Part::default())
}

/// Whether a value stands for every resource of its type: `arn:aws:s3` does, and for objects `arn:aws:s3:::` too.
/// Source: CloudTrail API Reference, `DataResource`, `Values`.
fn is_every_resource(resource_type: &str, value: &str) -> bool {
    let parts: Vec<&str> = value.split(':').collect();
    let (service, every) = match resource_type {
        "AWS::S3::Object" => (
            "s3",
            matches!(parts.as_slice(), ["arn", _, _] | ["arn", _, _, "", "", ""]),
        ),
        "AWS::Lambda::Function" => ("lambda", matches!(parts.as_slice(), ["arn", _, _])),
        "AWS::DynamoDB::Table" => ("dynamodb", matches!(parts.as_slice(), ["arn", _, _])),
        _ => return false,
    };
    every && parts.get(2) == Some(&service)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of_data(resource_type: &str, values: &Value) -> Vec<(String, Option<String>)> {
        let selector = json!({
            "ReadWriteType": "All",
            "IncludeManagementEvents": false,
            "DataResources": [{"Type": resource_type, "Values": values}],
        });
        let selections = selections(&selector).into_iter();
        selections
            .map(|selection| (selection.resource_type, selection.part.text()))
            .collect()
    }

    #[test]
    fn all_resources_are_the_whole_kind_and_some_are_a_part() {
        for (resource_type, value, part) in [
            ("AWS::S3::Object", "arn:aws:s3", None),
            ("AWS::S3::Object", "arn:aws-cn:s3:::", None),
            (
                "AWS::S3::Object",
                "arn:aws:s3:::logs/",
                Some("arn:aws:s3:::logs/"),
            ),
            (
                "AWS::S3::Object",
                "arn:aws:s3:::logs/2026/",
                Some("arn:aws:s3:::logs/2026/"),
            ),
            ("AWS::Lambda::Function", "arn:aws:lambda", None),
            (
                "AWS::Lambda::Function",
                "arn:aws:lambda:eu-west-1:111122223333:function",
                Some("arn:aws:lambda:eu-west-1:111122223333:function"),
            ),
            ("AWS::DynamoDB::Table", "arn:aws:dynamodb", None),
            (
                "AWS::DynamoDB::Table",
                "arn:aws:dynamodb:eu-west-1:111122223333:table/t",
                Some("arn:aws:dynamodb:eu-west-1:111122223333:table/t"),
            ),
        ] {
            let expected = [(resource_type.to_owned(), part.map(str::to_owned))];
            assert_eq!(of_data(resource_type, &json!([value])), expected, "{value}");
        }
    }

    /// Symptom: any value with few colons, such as a bare name, was taken for every resource.
    #[test]
    fn a_value_that_is_no_prefix_of_the_type_is_a_part() {
        for (resource_type, value) in [
            ("AWS::S3::Object", "logs"),
            ("AWS::S3::Object", "arn"),
            ("AWS::S3::Object", "arn:aws:lambda"),
            ("AWS::Lambda::Function", "arn:aws:lambda:::"),
            ("AWS::SQS::Queue", "arn:aws:sqs"),
        ] {
            let [(_, part)] = <[_; 1]>::try_from(of_data(resource_type, &json!([value]))).unwrap();
            assert_eq!(part.as_deref(), Some(value));
        }
    }

    #[test]
    fn one_value_for_all_is_enough() {
        let values = json!(["arn:aws:s3:::logs/", "arn:aws:s3"]);
        assert_eq!(
            of_data("AWS::S3::Object", &values),
            [("AWS::S3::Object".to_owned(), None)]
        );
    }

    #[test]
    fn excluded_sources_are_named_by_the_prefix_of_their_actions() {
        let selector = json!({
            "ReadWriteType": "WriteOnly",
            "ExcludeManagementEventSources": ["rdsdata.amazonaws.com", "kms.amazonaws.com"],
        });
        let [selection] = <[Selection; 1]>::try_from(selections(&selector)).unwrap();
        assert_eq!(selection.excluded_services, ["kms", "rds-data"]);
        assert!(!selection.read_events && selection.write_events && selection.part.is_whole());
    }

    #[test]
    fn an_excluded_source_whose_actions_are_not_known_leaves_a_part() {
        let selector = json!({"ExcludeManagementEventSources": ["other.amazonaws.com"]});
        assert_eq!(
            selections(&selector)[0].part.text().unwrap(),
            "events with eventSource other than other.amazonaws.com"
        );
    }

    #[test]
    fn reads_and_writes_are_selected_by_default_and_by_no_unknown_word() {
        for (direction, expected) in [
            (Value::Null, (true, true)),
            (json!("All"), (true, true)),
            (json!("ReadOnly"), (true, false)),
            (json!("WriteOnly"), (false, true)),
            (json!("Everything"), (false, false)),
            (json!(1), (false, false)),
        ] {
            let selection = &selections(&json!({"ReadWriteType": direction}))[0];
            assert_eq!((selection.read_events, selection.write_events), expected);
        }
    }

    #[test]
    fn management_events_are_selected_unless_it_is_said_otherwise() {
        for (included, count) in [
            (Value::Null, 1),
            (json!(true), 1),
            (json!(false), 0),
            (json!("true"), 0),
        ] {
            let selector = json!({"IncludeManagementEvents": included});
            assert_eq!(selections(&selector).len(), count);
        }
    }

    #[test]
    fn an_empty_list_of_resources_selects_nothing() {
        assert_eq!(of_data("AWS::S3::Object", &json!([])), []);
        assert_eq!(of_data("management", &json!(["arn:aws:s3"])), []);
    }
}
