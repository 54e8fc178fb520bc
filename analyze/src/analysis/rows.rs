//! The rows of an analysis, one type per view that the reviews read.
//!
//! All times are UTC, all counts are of the window that the type's doc names.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// Where a granted action stands. The first that fits, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bucket {
    /// Exercised by this agent, and never for its work.
    NonLegitimate,
    /// Exercised by this agent within its envelope, or possibly so.
    Used,
    /// Not used by this agent; it has it because of a binding that serves others.
    Inherited,
    /// The log could not have shown its use.
    Unobservable,
    /// Granted on the agent's own role, observable, and not exercised in the window.
    NeverUsed,
}

impl Bucket {
    /// Every bucket, in order of precedence.
    pub const ALL: [Self; 5] = [
        Self::NonLegitimate,
        Self::Used,
        Self::Inherited,
        Self::Unobservable,
        Self::NeverUsed,
    ];

    /// The word used in SQL, tables and reports.
    ///
    /// ```
    /// use curtail_analyze::Bucket;
    /// assert_eq!(Bucket::NeverUsed.as_str(), "never_used");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NonLegitimate => "non_legitimate",
            Self::Used => "used",
            Self::Inherited => "inherited",
            Self::Unobservable => "unobservable",
            Self::NeverUsed => "never_used",
        }
    }

    /// The bucket of that word, if it is one.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|bucket| bucket.as_str() == word)
    }
}

/// One granted action of one agent on one role.
#[derive(Debug, Clone, Serialize)]
pub struct ActionRow {
    /// Name of the agent.
    pub agent: String,
    /// ARN of the role that grants it.
    pub role_arn: String,
    /// The action, in AWS's own casing.
    pub action: String,
    /// Service prefix of the action.
    pub service: String,
    /// `list`, `read`, `write`, `tagging` or `permissions_management`; empty if the catalog lacks the action.
    pub access_level: String,
    /// The action's bucket in the review's window.
    pub bucket: Bucket,
    /// What else is true of it: `possible` (only possibly used), `unattributed_use` (calls of the role that no agent
    /// could be named for use it), `mixed` (used for the work and not for it), `inherited`, `unobservable` (it would
    /// stand there too), `shared_policy` (only policies attached elsewhere too, or AWS's own, grant it),
    /// `undecided_grant` (a condition decides), `not_in_catalog`.
    pub flags: BTreeSet<String>,
    /// `granted` or `undecided`.
    pub grant_status: String,
    /// Authorized calls by this agent, by window length in days; every window has its entry.
    pub calls: BTreeMap<u32, i64>,
    /// Sessions with such a call, by window length in days.
    pub sessions: BTreeMap<u32, i64>,
    /// Authorized calls of the review's window that no legitimacy rule caught.
    pub legitimate_calls: i64,
    /// First authorized call by this agent in the review's window.
    pub first_used: Option<Timestamp>,
    /// Last authorized call by this agent in the review's window.
    pub last_used: Option<Timestamp>,
    /// Other agents on the role that exercised the action for their work, sorted.
    pub used_by: Vec<String>,
    /// Bindings above the agent that give it the action whatever its own policies say, sorted: `node_role`,
    /// `permission_set`, `resource_policy`, `token_reuse`.
    pub inherited_through: Vec<String>,
    /// How CloudTrail records the action: `management`, `data`, `permission_only`, `not_logged`, several of them after
    /// commas, or `unknown`.
    pub recording: String,
    /// Why the log would have shown a call, if it would.
    pub observable_because: Option<String>,
    /// Why the log could not have shown a call, if it could not.
    pub unobservable_because: Option<String>,
    /// What a trail would have to select besides to show every use: `management` or resource types of data events; empty
    /// if nothing is missing or nothing would do.
    pub turn_on: Vec<String>,
    /// What grants it: a list of policy, statement, sid, resources, conditions.
    pub sources: Value,
    /// What limits it: a list of policy, kind, statement, reason.
    pub limits: Value,
}

/// How many actions of an agent on a role stand where, in one window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CountRow {
    /// Name of the agent.
    pub agent: String,
    /// ARN of the role.
    pub role_arn: String,
    /// Length of the window in days.
    pub window_days: u32,
    /// Actions that the role grants; the sum of the five buckets.
    pub granted: i64,
    /// Actions that the agent exercised, certainly or possibly, also those that the snapshot no longer grants.
    pub exercised: i64,
    /// Actions with a call that failed authorization.
    pub attempted: i64,
    /// Granted actions in bucket `used`.
    pub used: i64,
    /// Granted actions in bucket `non_legitimate`.
    pub non_legitimate: i64,
    /// Granted actions in bucket `inherited`.
    pub inherited: i64,
    /// Granted actions in bucket `unobservable`.
    pub unobservable: i64,
    /// Granted actions in bucket `never_used`.
    pub never_used: i64,
    /// Part of `exercised` that is not certain; the lower bound is `exercised` less this.
    pub possible: i64,
    /// Authorized calls by the agent under the role.
    pub calls: i64,
    /// Sessions with such a call.
    pub sessions: i64,
}

/// Legitimate (or unattributed) authorized calls of the review's window that need the same action on the same resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ReplayRow {
    /// ARN of the role that called.
    pub role_arn: String,
    /// Name of the agent; none if the calls are unattributed.
    pub agent: Option<String>,
    /// The action needed.
    pub action: String,
    /// `certain` or `possible`.
    pub strength: String,
    /// ARN that the record proves it was done on, if any.
    pub resource: Option<String>,
    /// Calls in the group.
    pub calls: i64,
}

/// Calls of the review's window that failed authorization, and how much the agent probed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttemptedRow {
    /// Name of the agent, or `unattributed`.
    pub agent: String,
    /// ARN of the role.
    pub role_arn: String,
    /// The action that was refused, or that the refused call needs.
    pub action: String,
    /// Refused calls.
    pub denied_calls: i64,
    /// First of them.
    pub first: Timestamp,
    /// Last of them.
    pub last: Timestamp,
    /// Different resources that the refused calls name.
    pub resources: i64,
    /// Most of them within a clock hour.
    pub peak_per_hour: i64,
    /// `granted`, `undecided`, `blocked` or `not_granted`, by the snapshot.
    pub grant_status: String,
    /// Whether the lake holds a call of the role, at any time, that needed the action and passed.
    pub ever_authorized: bool,
    /// Different actions refused to the agent under the role.
    pub probed_actions: i64,
    /// Different resources that all its refused calls under the role name.
    pub probed_resources: i64,
    /// Most different actions refused to it under the role within a clock hour.
    pub probed_per_hour: i64,
}

/// How much of an agent's behaviour before the review's window the lake holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BaselineRow {
    /// Name of the agent.
    pub agent: String,
    /// Days before the window, from the agent's first use on, of which the lake holds uses.
    pub baseline_days: i64,
    /// Days among them on which the agent made a call.
    pub active_days: i64,
    /// Days that a baseline needs.
    pub needed_days: i64,
    /// Whether rules that tell what is new may speak; else they are silent, and the baseline is learning.
    pub ready: bool,
}

/// Calls of a role in the review's window that no agent could be named for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnattributedRow {
    /// ARN of the role.
    pub role_arn: String,
    /// API calls, whatever their outcome.
    pub calls: i64,
    /// Sessions with such a call.
    pub sessions: i64,
    /// First of them.
    pub first: Timestamp,
    /// Last of them.
    pub last: Timestamp,
    /// `no_agent_bound`, `no_rule_matches`, `several_agents_match`, or `former_role` (another role of the same name,
    /// such as one since deleted).
    pub reason: String,
}

/// An event of the review's window that the catalog maps to no action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnmappedRow {
    /// Service endpoint, as recorded.
    pub event_source: String,
    /// Operation, as recorded.
    pub event_name: String,
    /// How many records.
    pub events: i64,
}

/// How much of the review's window the log of one account covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CoverageRow {
    /// The account, twelve digits.
    pub account_id: String,
    /// Days with at least one event.
    pub days_with_events: i64,
    /// Days that the window touches.
    pub days_in_window: i64,
    /// First event in the window.
    pub first_event: Option<Timestamp>,
    /// Last event in the window.
    pub last_event: Option<Timestamp>,
}

/// How far CloudTrail's digests confirm the log files that were delivered in the review's window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct IntegrityRow {
    /// Log files that were read.
    pub objects_read: i64,
    /// Those of them that are what CloudTrail signed.
    pub verified: i64,
    /// Log files that are what a digest says whose signature is not at hand.
    pub hash_matches_unsigned: i64,
    /// Log files that are not what was delivered.
    pub modified: i64,
    /// Log files that were delivered and are not there.
    pub missing: i64,
    /// Log files that no digest lists and one should.
    pub unlisted: i64,
    /// Log files of which nothing can be said.
    pub unverifiable: i64,
    /// Log files that were read and never verified.
    pub unchecked: i64,
    /// Digests that are modified, missing, or not signed by CloudTrail.
    pub digests_failed: i64,
    /// Times between the digests of a trail that none covers.
    pub gaps: i64,
}

/// Records of the review's window that one legitimacy rule caught: authorized calls that were not for the agent's work,
/// or what is worth a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NonLegitimateRow {
    /// Name of the agent.
    pub agent: String,
    /// ARN of the role.
    pub role_arn: String,
    /// The action.
    pub action: String,
    /// Id of the rule: the name of its file in `queries/legitimacy/` or in the user's folder.
    pub rule: String,
    /// What the rule says about these calls.
    pub reason: String,
    /// Calls caught.
    pub calls: i64,
    /// First of them.
    pub first: Timestamp,
    /// Last of them.
    pub last: Timestamp,
    /// Keys of up to five of them in the table `events`, sorted.
    pub sample_record_keys: Vec<String>,
}
