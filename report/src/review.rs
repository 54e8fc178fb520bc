//! The model of a review: an analysis, the catalog and the trims in, what every form prints out.
//!
//! Agents and roles are sorted by name, so that two reviews compare line by line; the ranking by
//! excess stands apart in the summary. Each granted action of an agent keeps its evidence, each
//! finding the query that asks for it again, and the head pins the table versions that were read.
//!
//! INVARIANT: the bucket counts of an agent are counted from its own action table, so that they add
//! up to what is granted.

mod action;
mod agent;
mod blind;
mod count;
mod evidence;
mod organisation;
mod role;
mod summary;

use std::collections::BTreeMap;

use curtail_analyze::Analysis;
use curtail_iam::catalog::Catalog;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

pub use action::{ActionEntry, GrantedBy};
pub use agent::{AgentReview, AgentRole};
pub use blind::{BlindSpot, Recording};
pub use count::{BucketCounts, Range, WindowCounts};
pub use evidence::{AttemptedUse, FindingEntry, NonLegitimateUse};
pub use organisation::{Coverage, Organisation, UnattributedUse, UnmappedEvent};
pub use role::RoleReview;
pub use summary::{RankedAgent, Summary};

use crate::diff;
use crate::options::{ListLimits, Options};

/// The version of the JSON form; it grows when a field changes its meaning or goes.
pub const SCHEMA_VERSION: u32 = 1;

/// One review of all agents, ready to be printed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Review {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What was read, and up to when.
    pub head: Head,
    /// The whole in one screen.
    pub summary: Summary,
    /// Each agent, by name.
    pub agents: Vec<AgentReview>,
    /// Each role that an agent is bound to, by ARN, with its policy changes.
    pub roles: Vec<RoleReview>,
    /// What belongs to no single agent.
    pub organisation: Organisation,
    /// Where the Markdown and HTML forms stop listing; no part of the JSON form.
    #[serde(skip)]
    pub lists: ListLimits,
}

/// What a review was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Head {
    /// The run that wrote the findings.
    pub run_id: String,
    /// The instant at which every window ends (UTC).
    pub as_of: Timestamp,
    /// The instant at which the review's own window begins (UTC); a call at it is in the window.
    pub window_start: Timestamp,
    /// The review's own window in days.
    pub window_days: u32,
    /// All windows that are measured, in days.
    pub windows: Vec<u32>,
    /// The version of each lake table that was read.
    pub table_versions: BTreeMap<String, i64>,
    /// The version of the action catalog.
    pub catalog_version: String,
}

/// Builds the review of an analysis.
#[must_use]
pub fn build(analysis: &Analysis, catalog: &Catalog, options: &Options) -> Review {
    let trims = diff::trims(analysis, catalog, options);
    let agents = agent::agents(analysis, catalog);
    let roles = role::roles(analysis, trims);
    Review {
        schema_version: SCHEMA_VERSION,
        head: head(analysis),
        summary: summary::summary(&agents, &roles),
        agents,
        roles,
        organisation: organisation::organisation(analysis),
        lists: options.lists.clone(),
    }
}

fn head(analysis: &Analysis) -> Head {
    let window = SignedDuration::from_hours(i64::from(analysis.window_days) * 24);
    Head {
        run_id: analysis.run_id.clone(),
        as_of: analysis.as_of,
        window_start: analysis.as_of.checked_sub(window).unwrap_or(Timestamp::MIN),
        window_days: analysis.window_days,
        windows: analysis.windows.clone(),
        table_versions: analysis.table_versions.clone(),
        catalog_version: analysis.catalog_version.clone(),
    }
}

#[cfg(test)]
mod tests;
