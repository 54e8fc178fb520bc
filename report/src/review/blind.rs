//! What the trail could not have shown: unobservable rows in, what to turn on out.
//!
//! Source: AWS CloudTrail User Guide, "Logging data events" (advanced event selectors with
//! `eventCategory` and `resources.type`) and "Logging management events" (`readOnly`).

use std::collections::{BTreeMap, BTreeSet};

use curtail_analyze::{ActionRow, Analysis, Bucket};
use curtail_iam::catalog::{Catalog, Recording as CatalogRecording};
use serde::Serialize;

/// How CloudTrail would record an action.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Recording {
    /// As a management event.
    Management,
    /// As a data event of a resource type, if a selector names it.
    Data {
        /// The selector's `resources.type`.
        resource_type: String,
    },
    /// Never by itself: the permission is checked on the way of another call.
    PermissionOnly,
    /// Never.
    NotLogged,
}

/// Actions that one switch would make observable, or that none would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlindSpot {
    /// How CloudTrail would record them.
    pub recording: Recording,
    /// The accounts concerned.
    pub accounts: BTreeSet<String>,
    /// The agents concerned.
    pub agents: BTreeSet<String>,
    /// The actions concerned.
    pub actions: BTreeSet<String>,
    /// Why a use would not have shown.
    pub reasons: BTreeSet<String>,
    /// What to turn on, or what else to do.
    pub remedy: String,
}

/// The blind spots behind the unobservable rows, in the order of [`Recording`]; a row of several kinds is behind each.
pub(super) fn blind_spots<'a>(
    analysis: &Analysis,
    catalog: &Catalog,
    rows: impl IntoIterator<Item = &'a ActionRow>,
) -> Vec<BlindSpot> {
    let mut spots: BTreeMap<Recording, BlindSpot> = BTreeMap::new();
    for row in rows {
        if row.bucket != Bucket::Unobservable {
            continue;
        }
        for recording in missing(row, catalog) {
            let spot = spots.entry(recording.clone()).or_insert_with(|| BlindSpot {
                remedy: remedy(&recording),
                recording,
                accounts: BTreeSet::new(),
                agents: BTreeSet::new(),
                actions: BTreeSet::new(),
                reasons: BTreeSet::new(),
            });
            if let Some(role) = analysis.roles.get(&row.role_arn) {
                spot.accounts.insert(role.account_id.clone());
            }
            spot.agents.insert(row.agent.clone());
            spot.actions.insert(row.action.clone());
            spot.reasons.extend(row.unobservable_because.clone());
        }
    }
    spots.into_values().collect()
}

/// The kinds of events that the trail lacks to show every use; where none can be turned on, why.
fn missing(row: &ActionRow, catalog: &Catalog) -> Vec<Recording> {
    if !row.turn_on.is_empty() {
        return row.turn_on.iter().map(|kind| of_selector(kind)).collect();
    }
    let Some(action) = catalog.action(&row.action) else {
        return vec![Recording::NotLogged];
    };
    let kinds = action.recordings.kinds().iter().copied();
    let (selectable, blind): (Vec<_>, Vec<_>) = kinds.partition(|kind| kind.selectable().is_some());
    let kinds = if blind.is_empty() { selectable } else { blind };
    kinds.into_iter().map(of_catalog).collect()
}

/// A kind by the name that event selectors have for it.
fn of_selector(kind: &str) -> Recording {
    match kind {
        "management" => Recording::Management,
        resource_type => Recording::Data {
            resource_type: resource_type.to_owned(),
        },
    }
}

fn of_catalog(kind: CatalogRecording) -> Recording {
    match kind {
        CatalogRecording::Management => Recording::Management,
        CatalogRecording::Data { resource_type } => of_selector(resource_type),
        CatalogRecording::PermissionOnly => Recording::PermissionOnly,
        CatalogRecording::NotLogged => Recording::NotLogged,
    }
}

fn remedy(recording: &Recording) -> String {
    match recording {
        Recording::Management => {
            "Record management events, read and write, in a trail of every region.".to_owned()
        }
        Recording::Data { resource_type } => format!(
            "Add an advanced event selector with eventCategory = Data and resources.type = {resource_type}."
        ),
        Recording::PermissionOnly => {
            "No event names these; decide by what the calls that imply them show.".to_owned()
        }
        Recording::NotLogged => {
            "CloudTrail does not record these; decide by the service's own logs or with the owner."
                .to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    fn missing_of(action: &str, turn_on: &[&str]) -> Vec<Recording> {
        let mut row = fixture::row("a", "r", action, Bucket::Unobservable);
        row.turn_on = turn_on.iter().map(|kind| (*kind).to_owned()).collect();
        missing(&row, Catalog::embedded())
    }

    #[test]
    fn only_what_is_not_recorded_yet_is_asked_for() {
        let data = |resource_type: &str| Recording::Data {
            resource_type: resource_type.to_owned(),
        };
        assert_eq!(
            missing_of("bedrock:InvokeModel", &["AWS::Bedrock::AsyncInvoke"]),
            [data("AWS::Bedrock::AsyncInvoke")]
        );
        assert_eq!(
            missing_of("s3:ListBucket", &["management", "AWS::S3::Object"]),
            [Recording::Management, data("AWS::S3::Object")]
        );
    }

    #[test]
    fn where_nothing_would_do_it_says_why() {
        assert_eq!(missing_of("iam:PassRole", &[]), [Recording::PermissionOnly]);
        assert_eq!(missing_of("sns:Publish", &[]), [Recording::NotLogged]);
        assert_eq!(missing_of("no-such:Action", &[]), [Recording::NotLogged]);
        assert_eq!(missing_of("iam:ListUsers", &[]), [Recording::Management]);
    }
}
