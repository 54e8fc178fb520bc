//! One granted action of an agent: its row of the analysis in, bucket with reason and source out.

use std::collections::{BTreeMap, BTreeSet};

use curtail_analyze::{ActionRow, Bucket, NonLegitimateRow};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// A granted action, the bucket that it stands in, and why.
///
/// The JSON form leaves out lists that are empty and the uses of an action that has none: a role
/// may hold twenty thousand actions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActionEntry {
    /// The action's name.
    pub action: String,
    /// Its service prefix.
    pub service: String,
    /// List, read, write, tagging or permissions management; empty if the catalog lacks the action.
    pub access_level: String,
    /// The one bucket that it stands in.
    pub bucket: Bucket,
    /// What else holds of it.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub flags: BTreeSet<String>,
    /// `granted`, or `undecided` where a condition decides.
    pub grant_status: String,
    /// Calls by this agent, per window in days.
    #[serde(skip_serializing_if = "no_calls")]
    pub calls: BTreeMap<u32, i64>,
    /// Sessions in which they were made, per window in days.
    #[serde(skip_serializing_if = "no_calls")]
    pub sessions: BTreeMap<u32, i64>,
    /// Calls of the review's window within the agent's work.
    pub legitimate_calls: i64,
    /// The first use that the lake holds (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_used: Option<Timestamp>,
    /// The last use that the lake holds (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used: Option<Timestamp>,
    /// Other agents of the role that use it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needed_by: Vec<String>,
    /// How CloudTrail records it: `management`, `data`, `permission_only` or `not_logged`.
    pub recording: String,
    /// Why it stands in its bucket.
    pub reason: String,
    /// Which statements grant it.
    pub granted_by: Vec<GrantedBy>,
    /// What limits the grant: boundary, organization policies, denies.
    #[serde(skip_serializing_if = "is_empty_list")]
    pub limits: Value,
}

fn no_calls(per_window: &BTreeMap<u32, i64>) -> bool {
    per_window.values().all(|number| *number == 0)
}

fn is_empty_list(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

/// A statement that grants an action.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct GrantedBy {
    /// The policy's name.
    pub policy: String,
    /// The statement's place in it, from 0.
    pub statement: Option<u64>,
    /// The statement's Sid.
    pub sid: Option<String>,
}

/// The entry of one row.
pub(super) fn entry(row: &ActionRow, calls_outside: &[&NonLegitimateRow]) -> ActionEntry {
    ActionEntry {
        action: row.action.clone(),
        service: row.service.clone(),
        access_level: row.access_level.clone(),
        bucket: row.bucket,
        flags: row.flags.clone(),
        grant_status: row.grant_status.clone(),
        calls: row.calls.clone(),
        sessions: row.sessions.clone(),
        legitimate_calls: row.legitimate_calls,
        first_used: row.first_used,
        last_used: row.last_used,
        needed_by: row.used_by.clone(),
        recording: row.recording.clone(),
        reason: reason(row, calls_outside),
        granted_by: granted_by(&row.sources),
        limits: row.limits.clone(),
    }
}

fn reason(row: &ActionRow, calls_outside: &[&NonLegitimateRow]) -> String {
    match row.bucket {
        Bucket::Used if row.flags.contains("unattributed_use") && row.legitimate_calls == 0 => {
            "used by calls of the role that no agent could be named for".to_owned()
        }
        Bucket::Used if row.flags.contains("possible") => {
            "possibly used: the records do not settle whether a call needed it".to_owned()
        }
        Bucket::Used if row.flags.contains("mixed") => {
            "used for its work, and outside it as well".to_owned()
        }
        Bucket::Used => "used for its work".to_owned(),
        Bucket::NonLegitimate => outside(calls_outside),
        Bucket::Inherited if row.used_by.is_empty() => {
            format!(
                "there by a binding above the agent: {}",
                listed(&row.inherited_through)
            )
        }
        Bucket::Inherited => format!("there for {}, on the same role", listed(&row.used_by)),
        Bucket::Unobservable => row
            .unobservable_because
            .clone()
            .unwrap_or_else(|| "the trail could not have shown a use".to_owned()),
        Bucket::NeverUsed => match &row.observable_because {
            Some(because) => format!("no call in the window; a call would show: {because}"),
            None => "no call in the window".to_owned(),
        },
    }
}

fn outside(rows: &[&NonLegitimateRow]) -> String {
    let reasons: BTreeSet<&str> = rows.iter().map(|row| row.reason.as_str()).collect();
    if reasons.is_empty() {
        return "every call was outside its work".to_owned();
    }
    let reasons: Vec<&str> = reasons.into_iter().collect();
    reasons.join("; ")
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed(names: &[String]) -> String {
    match names {
        [] => "another agent".to_owned(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

fn granted_by(sources: &Value) -> Vec<GrantedBy> {
    let statements: BTreeSet<GrantedBy> = sources
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|source| {
            Some(GrantedBy {
                policy: source.get("policy")?.as_str()?.to_owned(),
                statement: source.get("statement").and_then(Value::as_u64),
                sid: source
                    .get("sid")
                    .and_then(Value::as_str)
                    .map(ToOwned::to_owned),
            })
        })
        .collect();
    statements.into_iter().collect()
}
