//! What each trail records of each account: `describe-trails` and `get-event-selectors` in, one row per trail, account
//! and kind of event out.
//!
//! An organization trail records every account of the organization. A trail of one region, and a selector that names
//! some resources, events or principals, cover a kind only in part, which supports no claim: such rows are `limited`,
//! and say to which part. A trail that does not log records nothing, whatever it selects.
//! Source: AWS CloudTrail User Guide, "Logging management events", "Logging data events", "Logging network activity
//! events"; CloudTrail API Reference, `EventSelector`, `AdvancedFieldSelector`, `Trail` and `GetTrailStatus`.

mod advanced;
mod basic;
mod part;
#[cfg(test)]
mod tests;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::document::{SnapshotDocument, items, text};
use super::organization::Organization;
use part::Part;

/// The kind of management events, beside the resource types of data events.
pub(crate) const MANAGEMENT: &str = "management";

/// The kind of network activity events; they show calls through a VPC endpoint alone, and prove nothing of others.
const NETWORK_ACTIVITY: &str = "network_activity";

/// The kind of a trail whose selectors select nothing.
const NOTHING: &str = "nothing";

/// The kind of a trail that does not log.
const STOPPED: &str = "stopped";

/// What one trail records of one kind of event in one account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Selector {
    pub(crate) account_id: String,
    pub(crate) trail_arn: String,
    /// `management`, the resource type of data events, or another kind that no action's use is shown by.
    pub(crate) resource_type: String,
    pub(crate) read_events: bool,
    pub(crate) write_events: bool,
    /// Only a part of the kind is recorded.
    pub(crate) limited: bool,
    /// That part, to be read after "only for".
    pub(crate) part: Option<String>,
    /// Service prefixes of IAM actions whose events are left out, sorted.
    pub(crate) excluded_services: Vec<String>,
    /// Of network activity events, the event source.
    pub(crate) event_source: Option<String>,
}

/// What one selector selects of one kind, before it is known of which accounts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Selection {
    resource_type: String,
    read_events: bool,
    write_events: bool,
    excluded_services: Vec<String>,
    event_source: Option<String>,
    /// What narrows it to a part of the kind.
    part: Part,
}

/// The selectors of every trail, by account and trail. `accounts` are those of the snapshot's roles.
pub(super) fn selectors(
    documents: &[SnapshotDocument],
    organization: &Organization,
    accounts: &BTreeSet<String>,
) -> Vec<Selector> {
    let trails = trails(documents);
    let stopped = stopped(documents);
    let mut selections: BTreeMap<String, Vec<Selection>> = BTreeMap::new();
    for document in of_kind(documents, "event_selectors") {
        let arn = text(&document.value, "TrailARN").unwrap_or(&document.arn);
        selections.insert(arn.to_owned(), selected(&document.value));
    }
    for (arn, trail) in &trails {
        if trail.is("HasCustomEventSelectors") == Some(false) && !selections.contains_key(arn) {
            selections.insert(arn.clone(), vec![everything_of(MANAGEMENT)]);
        }
    }
    for arn in stopped {
        selections.insert(arn, vec![none(STOPPED)]);
    }
    let mut selectors = Vec::new();
    for (arn, selections) in selections {
        let trail = trails.get(&arn);
        let selections = merged(selections, &arn, trail);
        for account_id in accounts_of(&arn, trail, organization, accounts) {
            selectors.extend(
                selections
                    .iter()
                    .map(|selection| selection.of(&account_id, &arn)),
            );
        }
    }
    selectors.sort();
    selectors.dedup();
    selectors
}

fn of_kind<'a>(
    documents: &'a [SnapshotDocument],
    kind: &'a str,
) -> impl Iterator<Item = &'a SnapshotDocument> {
    documents
        .iter()
        .filter(move |document| document.kind == kind)
}

/// A trail as described; a member account sees the organization's trail too.
struct Trail<'a> {
    value: &'a Value,
}

impl Trail<'_> {
    fn is(&self, field: &str) -> Option<bool> {
        self.value.get(field).and_then(Value::as_bool)
    }
}

fn trails(documents: &[SnapshotDocument]) -> BTreeMap<String, Trail<'_>> {
    let trails = of_kind(documents, "trail").map(|document| {
        let arn = text(&document.value, "TrailARN").unwrap_or(&document.arn);
        let value = &document.value;
        (arn.to_owned(), Trail { value })
    });
    trails.collect()
}

/// The trails that are known not to log: by the answer of `get-trail-status`, alone or within the trail's description.
fn stopped(documents: &[SnapshotDocument]) -> BTreeSet<String> {
    let statuses = of_kind(documents, "trail").chain(of_kind(documents, "trail_status"));
    let stopped = statuses
        .filter(|document| document.value.get("IsLogging").and_then(Value::as_bool) == Some(false));
    stopped
        .map(|document| {
            text(&document.value, "TrailARN")
                .unwrap_or(&document.arn)
                .to_owned()
        })
        .collect()
}

fn accounts_of(
    arn: &str,
    trail: Option<&Trail<'_>>,
    organization: &Organization,
    accounts: &BTreeSet<String>,
) -> BTreeSet<String> {
    let home = arn.split(':').nth(4).unwrap_or_default().to_owned();
    let mut covered = BTreeSet::from([home.clone()]);
    if trail.and_then(|trail| trail.is("IsOrganizationTrail")) == Some(true) {
        covered.extend(organization.members(&home).cloned());
        if covered.len() == 1 {
            covered.extend(accounts.iter().cloned());
        }
    }
    covered
}

impl Selection {
    fn of(&self, account_id: &str, trail_arn: &str) -> Selector {
        Selector {
            account_id: account_id.to_owned(),
            trail_arn: trail_arn.to_owned(),
            resource_type: self.resource_type.clone(),
            read_events: self.read_events,
            write_events: self.write_events,
            limited: !self.part.is_whole(),
            part: self.part.text(),
            excluded_services: self.excluded_services.clone(),
            event_source: self.event_source.clone(),
        }
    }
}

/// The selections of one trail, those that differ by their part alone in one, within what the trail itself covers.
fn merged(selections: Vec<Selection>, arn: &str, trail: Option<&Trail<'_>>) -> Vec<Selection> {
    let mut parts: BTreeMap<Selection, Part> = BTreeMap::new();
    for mut selection in selections {
        let part = std::mem::take(&mut selection.part);
        match parts.entry(selection) {
            Entry::Vacant(entry) => drop(entry.insert(part)),
            Entry::Occupied(mut entry) => entry.get_mut().join(part),
        }
    }
    let merged = parts.into_iter().map(|(selection, mut part)| {
        if ![NOTHING, STOPPED].contains(&selection.resource_type.as_str()) {
            part.narrow(arn, trail, &selection.resource_type);
        }
        Selection { part, ..selection }
    });
    merged.collect()
}

/// All events of a kind. A trail without selectors of its own records all management events and no data events.
fn everything_of(resource_type: &str) -> Selection {
    Selection {
        read_events: true,
        write_events: true,
        ..none(resource_type)
    }
}

/// No event of a kind.
fn none(resource_type: &str) -> Selection {
    Selection {
        resource_type: resource_type.to_owned(),
        read_events: false,
        write_events: false,
        excluded_services: Vec::new(),
        event_source: None,
        part: Part::default(),
    }
}

/// What a trail's selectors select. A trail has basic or advanced ones; advanced ones replace the others.
fn selected(document: &Value) -> Vec<Selection> {
    let mut selections: Vec<Selection> = items(document, "AdvancedEventSelectors")
        .flat_map(advanced::selections)
        .collect();
    if items(document, "AdvancedEventSelectors").next().is_none() {
        selections.extend(items(document, "EventSelectors").flat_map(basic::selections));
    }
    if selections.is_empty() {
        selections.push(none(NOTHING));
    }
    selections
}

/// Whether a text names a resource type (`AWS::S3::Object`), and no kind of ours.
fn is_resource_type(text: &str) -> bool {
    text.contains("::")
}

/// The prefix that a service's IAM actions have, by its event source, for the sources that selectors can leave out.
/// Source: CloudTrail API Reference, `EventSelector`, `ExcludeManagementEventSources`.
fn service_prefix(event_source: &str) -> Option<&'static str> {
    match event_source {
        "kms.amazonaws.com" => Some("kms"),
        "rdsdata.amazonaws.com" => Some("rds-data"),
        _ => None,
    }
}
