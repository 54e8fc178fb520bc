//! What speaks against an agent: denied calls, calls outside its work and findings, as the review keeps them.

use curtail_analyze::{AttemptedRow, Finding, NonLegitimateRow, Severity};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// An action that was tried and denied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttemptedUse {
    /// The agent.
    pub agent: String,
    /// The role.
    pub role_arn: String,
    /// The action.
    pub action: String,
    /// Denied calls in the review's window.
    pub denied_calls: i64,
    /// The first of them (UTC).
    pub first: Timestamp,
    /// The last of them (UTC).
    pub last: Timestamp,
    /// Different resources that they name.
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

/// Calls outside an agent's work, by one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NonLegitimateUse {
    /// The role.
    pub role_arn: String,
    /// The action.
    pub action: String,
    /// The rule that they break.
    pub rule: String,
    /// How they break it.
    pub reason: String,
    /// Calls in the review's window.
    pub calls: i64,
    /// The first of them (UTC).
    pub first: Timestamp,
    /// The last of them (UTC).
    pub last: Timestamp,
    /// Keys of a few such records in the table `events`.
    pub sample_record_keys: Vec<String>,
}

/// A finding: what is wrong, how bad it is, and how to ask for it again.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FindingEntry {
    /// The finding's id, stable over runs.
    pub finding_id: String,
    /// The role.
    pub role_arn: String,
    /// The action; none where it is about the agent as a whole.
    pub action: Option<String>,
    /// The bucket or rule.
    pub category: String,
    /// How much it matters.
    pub severity: Severity,
    /// One line.
    pub title: String,
    /// What it rests on.
    pub evidence: Value,
    /// The SQL query that asks for it again.
    pub query: String,
}

/// The denied uses that are asked for, most calls first.
pub(super) fn attempted(
    rows: &[AttemptedRow],
    wanted: impl Fn(&AttemptedRow) -> bool,
) -> Vec<AttemptedUse> {
    let mut uses: Vec<AttemptedUse> = rows
        .iter()
        .filter(|row| wanted(row))
        .map(|row| AttemptedUse {
            agent: row.agent.clone(),
            role_arn: row.role_arn.clone(),
            action: row.action.clone(),
            denied_calls: row.denied_calls,
            first: row.first,
            last: row.last,
            resources: row.resources,
            peak_per_hour: row.peak_per_hour,
            grant_status: row.grant_status.clone(),
            ever_authorized: row.ever_authorized,
            probed_actions: row.probed_actions,
            probed_resources: row.probed_resources,
            probed_per_hour: row.probed_per_hour,
        })
        .collect();
    uses.sort_by(|a, b| {
        (b.denied_calls, &a.agent, &a.role_arn, &a.action).cmp(&(
            a.denied_calls,
            &b.agent,
            &b.role_arn,
            &b.action,
        ))
    });
    uses
}

/// Calls outside an agent's work, as they are.
pub(super) fn non_legitimate(row: &NonLegitimateRow) -> NonLegitimateUse {
    NonLegitimateUse {
        role_arn: row.role_arn.clone(),
        action: row.action.clone(),
        rule: row.rule.clone(),
        reason: row.reason.clone(),
        calls: row.calls,
        first: row.first,
        last: row.last,
        sample_record_keys: row.sample_record_keys.clone(),
    }
}

/// An agent's findings, the most severe first.
pub(super) fn findings(rows: &[Finding], agent: &str) -> Vec<FindingEntry> {
    let mut findings: Vec<FindingEntry> = rows
        .iter()
        .filter(|row| row.agent == agent)
        .map(|row| FindingEntry {
            finding_id: row.finding_id.clone(),
            role_arn: row.role_arn.clone(),
            action: row.action.clone(),
            category: row.category.clone(),
            severity: row.severity,
            title: row.title.clone(),
            evidence: row.evidence.clone(),
            query: row.query.clone(),
        })
        .collect();
    findings.sort_by(|a, b| {
        (
            b.severity,
            &a.category,
            &a.role_arn,
            &a.action,
            &a.finding_id,
        )
            .cmp(&(
                a.severity,
                &b.category,
                &b.role_arn,
                &b.action,
                &b.finding_id,
            ))
    });
    findings
}
