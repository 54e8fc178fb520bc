//! Advanced event selectors: a list of conditions on fields, all of which an event must meet.
//!
//! Understood are the category, the resource type, the direction, and event sources that are left out; any other
//! condition narrows the selector to a part of its kind.

use serde_json::Value;

use super::{MANAGEMENT, Selection, service_prefix};
use crate::inventory::document::{items, text};

/// What one element of `AdvancedEventSelectors` selects; nothing for network activity and Insights events.
pub(super) fn selection(selector: &Value) -> Option<Selection> {
    let category = equal(selector, "eventCategory");
    let resource_type = match category.as_slice() {
        ["Management"] => MANAGEMENT.to_owned(),
        ["Data"] => equal(selector, "resources.type")
            .first()
            .map(|kind| (*kind).to_owned())?,
        _ => return None,
    };
    let read_only = equal(selector, "readOnly");
    let (excluded_services, all_known) = excluded(selector);
    Some(Selection {
        read_events: read_only.is_empty() || read_only.contains(&"true"),
        write_events: read_only.is_empty() || read_only.contains(&"false"),
        limited: !all_known
            || items(selector, "FieldSelectors").any(|field| narrows(field, &resource_type)),
        resource_type,
        excluded_services,
    })
}

/// The values that a field must equal.
fn equal<'a>(selector: &'a Value, name: &str) -> Vec<&'a str> {
    let fields =
        items(selector, "FieldSelectors").filter(|field| text(field, "Field") == Some(name));
    fields
        .flat_map(|field| items(field, "Equals"))
        .filter_map(Value::as_str)
        .collect()
}

/// The services left out by event source, and whether all of them are known by their actions' prefix.
fn excluded(selector: &Value) -> (Vec<String>, bool) {
    let fields = items(selector, "FieldSelectors")
        .filter(|field| text(field, "Field") == Some("eventSource"));
    let sources: Vec<&str> = fields
        .flat_map(|field| items(field, "NotEquals"))
        .filter_map(Value::as_str)
        .collect();
    let mut services: Vec<String> = sources
        .iter()
        .filter_map(|source| service_prefix(source))
        .map(str::to_owned)
        .collect();
    services.sort();
    let all_known = services.len() == sources.len();
    (services, all_known)
}

/// Whether a condition leaves out events of the kind other than by direction or known source.
fn narrows(field: &Value, resource_type: &str) -> bool {
    let operators = field.as_object().into_iter().flatten();
    let mut operators = operators.filter(|(key, value)| {
        key.as_str() != "Field" && value.as_array().is_some_and(|values| !values.is_empty())
    });
    match text(field, "Field").unwrap_or_default() {
        "eventCategory" | "resources.type" | "readOnly" => {
            operators.any(|(operator, _)| operator != "Equals")
        }
        "eventSource" if resource_type == MANAGEMENT => {
            operators.any(|(operator, _)| operator != "NotEquals")
        }
        _ => operators.next().is_some(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn selected(fields: &Value) -> Option<Selection> {
        selection(&json!({"Name": "n", "FieldSelectors": fields}))
    }

    #[test]
    fn a_resource_type_without_more_is_the_whole_kind() {
        let selection = selected(&json!([
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        ]))
        .unwrap();
        assert_eq!(selection.resource_type, "AWS::S3::Object");
        assert!(selection.read_events && selection.write_events && !selection.limited);
    }

    #[test]
    fn a_condition_on_resources_covers_a_part() {
        let selection = selected(&json!([
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
            {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::reports/"]},
        ]))
        .unwrap();
        assert!(selection.limited);
    }

    #[test]
    fn read_only_false_records_writes_alone() {
        let selection = selected(&json!([
            {"Field": "eventCategory", "Equals": ["Management"]},
            {"Field": "readOnly", "Equals": ["false"]},
            {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]},
        ]))
        .unwrap();
        assert!(!selection.read_events && selection.write_events && !selection.limited);
        assert_eq!(selection.excluded_services, ["kms"]);
    }

    #[test]
    fn leaving_out_a_source_whose_actions_are_not_known_covers_a_part() {
        let selection = selected(&json!([
            {"Field": "eventCategory", "Equals": ["Management"]},
            {"Field": "eventSource", "NotEquals": ["other.amazonaws.com"]},
        ]))
        .unwrap();
        assert!(selection.limited);
    }

    #[test]
    fn network_activity_is_no_record_of_calls() {
        assert_eq!(
            selected(&json!([{"Field": "eventCategory", "Equals": ["NetworkActivity"]}])),
            None
        );
    }
}
