//! What one analysis says: the reviews' only input.
//!
//! In: rows of the views in `queries/`, the roles' policies, `agents.toml`. Out: typed rows, each list in the
//! order of its key, so that the same lake gives the same bytes.
//!
//! It holds facts and buckets, no suggestions: the diffs and their proof are made from it in `curtail-report`.

mod finding;
mod rows;

use std::collections::BTreeMap;

use curtail_iam::policy::RolePolicies;
use curtail_ingest::{MissingPart, PolicyProblem};
use jiff::Timestamp;
use serde::Serialize;

pub use finding::{Finding, Severity};
pub use rows::{
    ActionRow, AttemptedRow, BaselineRow, Bucket, CountRow, CoverageRow, IntegrityRow,
    NonLegitimateRow, ReplayRow, UnattributedRow, UnmappedRow,
};

use crate::agents::Agent;

/// Everything that a review needs to know, as of one moment.
#[derive(Debug, Clone, Serialize)]
pub struct Analysis {
    /// Names the analysis: the same input, code and window give the same id.
    pub run_id: String,
    /// End of every window (UTC); a call at this very moment is outside.
    pub as_of: Timestamp,
    /// Length in days of the window that the buckets, the replay and the findings are about.
    pub window_days: u32,
    /// Lengths in days of all windows that were measured, ascending; holds `window_days`.
    pub windows: Vec<u32>,
    /// Versions of the lake's tables that were read, by table name.
    pub table_versions: BTreeMap<String, i64>,
    /// Version of the action catalog that mapped the events.
    pub catalog_version: String,
    /// The agents, by name.
    pub agents: Vec<Agent>,
    /// The snapshot's roles that an agent is bound to or that were used in the window, by ARN.
    pub roles: BTreeMap<String, Role>,
    /// Every granted action of every agent and role, each in one bucket; by agent, role and action.
    pub actions: Vec<ActionRow>,
    /// Counts by agent, role and window, also for a role that the snapshot lacks.
    pub counts: Vec<CountRow>,
    /// Every legitimate (or unattributed) authorized call of the window, grouped.
    pub replay: Vec<ReplayRow>,
    /// How much of each agent's earlier behaviour the lake holds, by agent.
    pub baselines: Vec<BaselineRow>,
    /// Calls of the window that failed authorization, by agent, role and action.
    pub attempted: Vec<AttemptedRow>,
    /// Calls of the window by a role that no agent could be named for.
    pub unattributed: Vec<UnattributedRow>,
    /// API events of the window that the catalog maps to no action, most frequent first.
    pub unmapped: Vec<UnmappedRow>,
    /// How much of the window the log covers, by account.
    pub coverage: Vec<CoverageRow>,
    /// How far CloudTrail's digests confirm the window's log files; none if they were never asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integrity: Option<IntegrityRow>,
    /// Authorized calls of the window that a legitimacy rule caught.
    pub non_legitimate: Vec<NonLegitimateRow>,
    /// What legitimacy rules found worth a look, and that makes no call non-legitimate; `calls` counts records.
    pub signals: Vec<NonLegitimateRow>,
    /// Parts of the snapshot's policies that could not be read, so that the grants may be incomplete.
    pub policy_problems: Vec<PolicyProblem>,
    /// Parts of the snapshot that AWS did not give, by account and part.
    pub missing_parts: Vec<MissingPart>,
    /// The findings, by id of agent, category and role.
    pub findings: Vec<Finding>,
    /// Records and objects that ingest could not read and put aside.
    pub quarantined: i64,
}

/// One role of the snapshot, with every policy that decides what it may do.
#[derive(Debug, Clone, Serialize)]
pub struct Role {
    /// ARN with its path.
    pub arn: String,
    /// Unique id (`AROA...`); a role made anew under the same name has another.
    pub role_id: String,
    /// Name without path.
    pub name: String,
    /// Account that owns the role, twelve digits.
    pub account_id: String,
    /// When the role was made, where the snapshot says so.
    pub created_at: Option<Timestamp>,
    /// Identity policies, boundary, SCPs and RCPs. Not in the JSON: the report prints what it changes.
    #[serde(skip)]
    pub policies: RolePolicies,
    /// Names of the agents bound to the role, sorted.
    pub agents: Vec<String>,
}
