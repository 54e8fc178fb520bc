//! Advanced event selectors: a list of conditions on fields, all of which an event must meet.
//!
//! Understood are the category, the resource type, the direction, and event sources that are left out; any other
//! condition narrows the selector to a part of its kind. So does an understood field in a form that AWS does not
//! document, since what it selects is then not known.
//! Source: CloudTrail API Reference, `AdvancedFieldSelector`; AWS CloudTrail User Guide, "How CloudTrail evaluates
//! multiple conditions for a field".

use std::collections::BTreeSet;

use serde_json::Value;

use super::part::{Part, condition};
use super::{
    MANAGEMENT, NETWORK_ACTIVITY, Selection, everything_of, is_resource_type, service_prefix,
};
use crate::inventory::document::{items, text};

/// What one element of `AdvancedEventSelectors` selects, by kind; nothing for Insights events.
pub(super) fn selections(selector: &Value) -> Vec<Selection> {
    let category: Vec<&str> = equal(selector, "eventCategory").collect();
    match category.as_slice() {
        ["Management"] => vec![of_management(selector)],
        ["Data"] => equal(selector, "resources.type")
            .filter(|resource_type| is_resource_type(resource_type))
            .map(|resource_type| of_kind(selector, resource_type, &[]))
            .collect(),
        ["NetworkActivity"] => of_network_activity(selector),
        _ => Vec::new(),
    }
}

fn of_management(selector: &Value) -> Selection {
    let sources = values_of(selector, "eventSource", "NotEquals");
    let mut services = Vec::new();
    for source in sources {
        match source.as_str().and_then(service_prefix) {
            Some(prefix) => services.push(prefix.to_owned()),
            // Which actions the source stands for is not known: the selector covers an unknown part.
            None => return of_kind(selector, MANAGEMENT, &[]),
        }
    }
    services.sort();
    services.dedup();
    Selection {
        excluded_services: services,
        ..of_kind(selector, MANAGEMENT, &[("eventSource", "NotEquals")])
    }
}

/// A selection for each event source that the selector names, as AWS asks for.
fn of_network_activity(selector: &Value) -> Vec<Selection> {
    let selection = of_kind(selector, NETWORK_ACTIVITY, &[("eventSource", "Equals")]);
    let sources = equal(selector, "eventSource").map(|source| Selection {
        event_source: Some(source.to_owned()),
        ..selection.clone()
    });
    sources.collect()
}

/// What the selector selects of a kind; `understood` are the fields and operators that narrow nothing further.
fn of_kind(selector: &Value, kind: &str, understood: &[(&str, &str)]) -> Selection {
    let (read_events, write_events) = direction(selector);
    Selection {
        read_events,
        write_events,
        part: Part::of(&conditions(selector, understood)),
        ..everything_of(kind)
    }
}

/// The operators of which an event must meet one; of all others it must meet each.
const ANY_OF: [&str; 3] = ["Equals", "StartsWith", "EndsWith"];

/// The conditions that narrow the selector, in words, all of which an event must meet.
fn conditions(selector: &Value, understood: &[(&str, &str)]) -> Vec<String> {
    let mut conditions = Vec::new();
    let mut types = 0;
    for field in items(selector, "FieldSelectors") {
        let name = text(field, "Field").unwrap_or_default();
        types += usize::from(name == "resources.type");
        let known = |operator: &str, value: &Value| {
            value.is_array()
                && match name {
                    "eventCategory" | "readOnly" => operator == "Equals",
                    // An event must meet every field: what two that name types select together is not known.
                    "resources.type" => operator == "Equals" && types == 1,
                    _ => understood.contains(&(name, operator)),
                }
        };
        let operators = field.as_object().into_iter().flatten();
        let narrowing = operators.filter(|(operator, value)| {
            operator.as_str() != "Field" && !is_empty(value) && !known(operator, value)
        });
        let (mut any_of, mut each) = (BTreeSet::new(), BTreeSet::new());
        for (operator, value) in narrowing {
            let condition = condition(name, operator, value);
            if ANY_OF.contains(&operator.as_str()) {
                any_of.insert(condition);
            } else {
                each.insert(condition);
            }
        }
        let any_of: Vec<String> = any_of.into_iter().collect();
        conditions.extend((!any_of.is_empty()).then(|| any_of.join(" or ")));
        conditions.extend(each);
    }
    conditions
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

/// Whether reads and writes are selected: both, unless a field `readOnly` leaves one out.
fn direction(selector: &Value) -> (bool, bool) {
    let (mut read_events, mut write_events) = (true, true);
    let fields = items(selector, "FieldSelectors");
    for field in fields.filter(|field| text(field, "Field") == Some("readOnly")) {
        let values: Vec<&Value> = items(field, "Equals").collect();
        if !values.is_empty() {
            let names = |name: &str, flag: bool| {
                values
                    .iter()
                    .any(|value| value.as_str() == Some(name) || value.as_bool() == Some(flag))
            };
            read_events &= names("true", true);
            write_events &= names("false", false);
        }
    }
    (read_events, write_events)
}

/// The texts that a field must equal.
fn equal<'a>(selector: &'a Value, name: &'a str) -> impl Iterator<Item = &'a str> {
    values_of(selector, name, "Equals").filter_map(Value::as_str)
}

fn values_of<'a>(
    selector: &'a Value,
    name: &'a str,
    operator: &'a str,
) -> impl Iterator<Item = &'a Value> {
    let fields = items(selector, "FieldSelectors");
    fields
        .filter(move |field| text(field, "Field") == Some(name))
        .flat_map(move |field| items(field, operator))
}

#[cfg(test)]
mod tests;
