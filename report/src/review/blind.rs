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

/// The blind spots behind the unobservable rows, in the order of [`Recording`].
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
        let recording = recording(row, catalog);
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
    spots.into_values().collect()
}

fn recording(row: &ActionRow, catalog: &Catalog) -> Recording {
    match catalog.action(&row.action).map(|action| &action.recording) {
        Some(CatalogRecording::Management) => Recording::Management,
        Some(CatalogRecording::Data { resource_type }) => Recording::Data {
            resource_type: resource_type.clone(),
        },
        Some(CatalogRecording::PermissionOnly) => Recording::PermissionOnly,
        Some(CatalogRecording::NotLogged) | None => Recording::NotLogged,
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
