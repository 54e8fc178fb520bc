//! The part of a kind of events that selectors select: conditions in, a text that is read after "only for" out.
//!
//! INVARIANT: a part is whole only if nothing narrows it, and only what is whole supports a claim. The text is for people:
//! it names a few of the conditions and counts the others.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{MANAGEMENT, Trail};
use crate::inventory::document::text;

/// Values and alternatives that a text names; the rest are counted. Chosen: one line of a report.
const NAMED: usize = 3;

/// Characters of a value that a text shows. Chosen: an ARN fits.
const SHOWN_CHARACTERS: usize = 160;

/// A part of the events of a kind; by default all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part {
    /// Any of these is selected; empty: all events are.
    alternatives: BTreeSet<String>,
    /// What the trail itself is bound to.
    within: BTreeSet<String>,
}

impl Part {
    /// The part that meets all of `conditions`.
    pub(super) fn of(conditions: &[String]) -> Self {
        let all = (!conditions.is_empty()).then(|| conditions.join(" and "));
        Self {
            alternatives: all.into_iter().collect(),
            within: BTreeSet::new(),
        }
    }

    /// The part of the resources that `values` name; all, if there are none.
    pub(super) fn of_resources<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            alternatives: values.into_iter().map(shown).collect(),
            within: BTreeSet::new(),
        }
    }

    /// What this part and another cover together.
    pub(super) fn join(&mut self, mut other: Self) {
        if self.alternatives.is_empty() || other.alternatives.is_empty() {
            self.alternatives.clear();
        } else {
            self.alternatives.append(&mut other.alternatives);
        }
        self.within.append(&mut other.within);
    }

    /// Leaves only what the trail covers of the kind.
    ///
    /// A trail that the snapshot does not describe may record one region only. A trail of every region records the events
    /// of global services, unless its description says otherwise.
    pub(super) fn narrow(&mut self, arn: &str, trail: Option<&Trail<'_>>, resource_type: &str) {
        let Some(trail) = trail else {
            let unknown = "the regions of a trail that the snapshot does not describe";
            self.within.insert(unknown.to_owned());
            return;
        };
        if trail.is("IsMultiRegionTrail") != Some(true) {
            let region = text(trail.value, "HomeRegion").or_else(|| arn.split(':').nth(3));
            let region = shown(region.unwrap_or_default());
            self.within.insert(format!("the region {region}"));
        }
        let without_global = trail.is("IncludeGlobalServiceEvents") == Some(false);
        if without_global && resource_type == MANAGEMENT {
            self.within
                .insert("services that are not global".to_owned());
        }
    }

    pub(super) fn is_whole(&self) -> bool {
        self.alternatives.is_empty() && self.within.is_empty()
    }

    /// The part in words; nothing for the whole.
    pub(super) fn text(&self) -> Option<String> {
        let within = self.within.iter().map(String::as_str).collect::<Vec<_>>();
        let within = within.join(" and ");
        match (self.alternatives.is_empty(), within.is_empty()) {
            (true, true) => None,
            (true, false) => Some(within),
            (false, true) => Some(listed(&self.alternatives)),
            (false, false) => Some(format!("{}, within {within}", listed(&self.alternatives))),
        }
    }
}

/// A condition of an advanced event selector in words.
pub(super) fn condition(field: &str, operator: &str, value: &Value) -> String {
    let values: BTreeSet<String> = match value {
        Value::Array(values) => values.iter().map(plain).collect(),
        other => BTreeSet::from([plain(other)]),
    };
    let (values, relation) = (listed(&values), relation(operator));
    match (field, operator) {
        ("resources.ARN", "Equals" | "StartsWith") => values,
        ("resources.ARN", _) => format!("resources {relation}{values}"),
        _ => format!("events with {} {relation}{values}", shown(field)),
    }
}

fn relation(operator: &str) -> String {
    match operator {
        "Equals" => String::new(),
        "StartsWith" => "starting with ".to_owned(),
        "EndsWith" => "ending in ".to_owned(),
        "NotEquals" => "other than ".to_owned(),
        "NotStartsWith" => "not starting with ".to_owned(),
        "NotEndsWith" => "not ending in ".to_owned(),
        other => format!("{} ", shown(other)),
    }
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| shown(&value.to_string()), shown)
}

/// A text of the snapshot as far as one line of a report shows it.
fn shown(text: &str) -> String {
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    let mut characters = text.chars();
    let start: String = characters
        .by_ref()
        .take(SHOWN_CHARACTERS)
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect();
    if characters.next().is_none() {
        start
    } else {
        format!("{start}...")
    }
}

fn listed(texts: &BTreeSet<String>) -> String {
    let named: Vec<&str> = texts.iter().take(NAMED).map(String::as_str).collect();
    let named = named.join(", ");
    match texts.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_one_selector_selects_whole_is_whole_beside_any_other() {
        let mut part = Part::of_resources(["arn:aws:s3:::a/"]);
        part.join(Part::of_resources(["arn:aws:s3:::b/"]));
        assert_eq!(part.text().unwrap(), "arn:aws:s3:::a/, arn:aws:s3:::b/");
        part.join(Part::default());
        assert!(part.is_whole());
        assert_eq!(part.text(), None);
    }

    #[test]
    fn conditions_read_as_a_sentence_goes_on() {
        let said = |field, operator, values: Value| condition(field, operator, &values);
        assert_eq!(
            said("resources.ARN", "StartsWith", json!(["arn:aws:s3:::logs/"])),
            "arn:aws:s3:::logs/"
        );
        assert_eq!(
            said(
                "resources.ARN",
                "NotStartsWith",
                json!(["arn:aws:s3:::logs/"])
            ),
            "resources not starting with arn:aws:s3:::logs/"
        );
        assert_eq!(
            said("eventName", "Equals", json!(["GetObject", "PutObject"])),
            "events with eventName GetObject, PutObject"
        );
        assert_eq!(
            said("userIdentity.arn", "NotEquals", json!("arn:x")),
            "events with userIdentity.arn other than arn:x"
        );
    }

    #[test]
    fn a_text_stays_short_whatever_the_selectors_say() {
        let values: Vec<String> = (0..1_000)
            .map(|index| format!("{index:04}\n{}", "x".repeat(5_000)))
            .collect();
        let text = Part::of_resources(values.iter().map(String::as_str))
            .text()
            .unwrap();
        assert!(text.len() < 600 && !text.contains('\n'), "{text}");
        assert!(text.ends_with("and 997 more"), "{text}");
    }
}
