//! What each trail records of each account: `describe-trails` and `get-event-selectors` in, one row per trail, account
//! and kind of event out.
//!
//! An organization trail records every account of the organization. A trail of one region, and a selector that names
//! some resources, events or principals, cover a kind only in part, which supports no claim: such rows are `limited`.
//! Source: AWS CloudTrail User Guide, "Logging management events", "Logging data events"; CloudTrail API Reference,
//! `EventSelector` and `AdvancedFieldSelector`.

mod advanced;
mod basic;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::document::{SnapshotDocument, items, text};
use super::organization::Organization;

/// The kind of management events, beside the resource types of data events.
pub(crate) const MANAGEMENT: &str = "management";

/// The kind of a trail whose selectors select nothing.
const NOTHING: &str = "nothing";

/// What one trail records of one kind of event in one account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Selector {
    pub(crate) account_id: String,
    pub(crate) trail_arn: String,
    /// `management`, or the resource type of data events.
    pub(crate) resource_type: String,
    pub(crate) read_events: bool,
    pub(crate) write_events: bool,
    /// Only a part of the kind is recorded.
    pub(crate) limited: bool,
    /// Service prefixes of IAM actions whose events are left out, sorted.
    pub(crate) excluded_services: Vec<String>,
}

/// What a trail's selectors say, before it is known of which accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Selection {
    resource_type: String,
    read_events: bool,
    write_events: bool,
    limited: bool,
    excluded_services: Vec<String>,
}

/// The selectors of every trail, by account and trail. `accounts` are those of the snapshot's roles.
pub(super) fn selectors(
    documents: &[SnapshotDocument],
    organization: &Organization,
    accounts: &BTreeSet<String>,
) -> Vec<Selector> {
    let trails = trails(documents);
    let mut selections: BTreeMap<String, Vec<Selection>> = BTreeMap::new();
    for document in documents
        .iter()
        .filter(|document| document.kind == "event_selectors")
    {
        let arn = text(&document.value, "TrailARN").unwrap_or(&document.arn);
        selections.insert(arn.to_owned(), selected(&document.value));
    }
    for (arn, trail) in &trails {
        let by_default = trail
            .value
            .get("HasCustomEventSelectors")
            .and_then(Value::as_bool)
            == Some(false);
        if by_default && !selections.contains_key(arn) {
            selections.insert(arn.clone(), vec![everything_managed()]);
        }
    }
    let mut selectors = Vec::new();
    for (arn, selections) in selections {
        let trail = trails.get(&arn);
        for account_id in accounts_of(&arn, trail, organization, accounts) {
            selectors.extend(
                selections
                    .iter()
                    .map(|selection| selection.of(&account_id, &arn, trail)),
            );
        }
    }
    selectors.sort();
    selectors.dedup();
    selectors
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
    let trails = documents.iter().filter(|document| document.kind == "trail");
    trails
        .map(|document| {
            (
                text(&document.value, "TrailARN")
                    .unwrap_or(&document.arn)
                    .to_owned(),
                Trail {
                    value: &document.value,
                },
            )
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
    fn of(&self, account_id: &str, trail_arn: &str, trail: Option<&Trail<'_>>) -> Selector {
        // A trail that the snapshot does not describe may record one region only.
        let one_region = trail.and_then(|trail| trail.is("IsMultiRegionTrail")) != Some(true);
        Selector {
            account_id: account_id.to_owned(),
            trail_arn: trail_arn.to_owned(),
            resource_type: self.resource_type.clone(),
            read_events: self.read_events,
            write_events: self.write_events,
            limited: self.limited || one_region,
            excluded_services: self.excluded_services.clone(),
        }
    }
}

/// A trail without selectors of its own records all management events and no data events.
fn everything_managed() -> Selection {
    Selection {
        resource_type: MANAGEMENT.to_owned(),
        read_events: true,
        write_events: true,
        limited: false,
        excluded_services: Vec::new(),
    }
}

fn selected(document: &Value) -> Vec<Selection> {
    let mut selections: Vec<Selection> = items(document, "EventSelectors")
        .flat_map(basic::selections)
        .collect();
    selections.extend(items(document, "AdvancedEventSelectors").filter_map(advanced::selection));
    if selections.is_empty() {
        let nothing = Selection {
            resource_type: NOTHING.to_owned(),
            read_events: false,
            write_events: false,
            ..everything_managed()
        };
        selections.push(nothing);
    }
    selections
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
