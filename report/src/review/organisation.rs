//! What belongs to no single agent: rows of the analysis in, the review's last part out.

use curtail_analyze::{Analysis, IntegrityRow};
use curtail_ingest::{MissingPart, PolicyProblem};
use jiff::Timestamp;
use serde::Serialize;

use super::evidence::{AttemptedUse, attempted};

/// What belongs to no single agent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Organisation {
    /// Calls of a role that no rule gives to one agent.
    pub unattributed: Vec<UnattributedUse>,
    /// Events that the catalog maps to no action.
    pub unmapped: Vec<UnmappedEvent>,
    /// How much of the window each account's trail covers.
    pub coverage: Vec<Coverage>,
    /// How far CloudTrail's digests confirm what was read; none if they were never asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integrity: Option<IntegrityRow>,
    /// Objects and records that could not be read, by all runs.
    pub quarantined: i64,
    /// Policies of the snapshot that do not parse.
    pub policy_problems: Vec<PolicyProblem>,
    /// Parts of the snapshot that AWS did not give; left out where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing_parts: Vec<MissingPart>,
    /// Denied calls of every agent, most calls first.
    pub attempted: Vec<AttemptedUse>,
}

/// Calls of a role that no rule gives to one agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnattributedUse {
    /// The role.
    pub role_arn: String,
    /// Calls in the review's window.
    pub calls: i64,
    /// Sessions in which they were made.
    pub sessions: i64,
    /// The first of them (UTC).
    pub first: Timestamp,
    /// The last of them (UTC).
    pub last: Timestamp,
    /// Why they cannot be attributed.
    pub reason: String,
}

/// Events that the catalog maps to no action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnmappedEvent {
    /// CloudTrail's `eventSource`.
    pub event_source: String,
    /// CloudTrail's `eventName`.
    pub event_name: String,
    /// How many.
    pub events: i64,
}

/// How much of the window an account's trail covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// The account.
    pub account_id: String,
    /// Days of the window with at least one event.
    pub days_with_events: i64,
    /// Days of the window.
    pub days_in_window: i64,
    /// The first event of the window (UTC).
    pub first_event: Option<Timestamp>,
    /// The last event of the window (UTC).
    pub last_event: Option<Timestamp>,
}

impl Coverage {
    /// Days of the window without any event.
    #[must_use]
    pub fn days_missing(&self) -> i64 {
        (self.days_in_window - self.days_with_events).max(0)
    }
}

/// What belongs to no single agent, sorted.
pub(super) fn organisation(analysis: &Analysis) -> Organisation {
    let mut organisation = Organisation {
        unattributed: unattributed(analysis),
        unmapped: unmapped(analysis),
        coverage: coverage(analysis),
        integrity: analysis.integrity,
        quarantined: analysis.quarantined,
        policy_problems: analysis.policy_problems.clone(),
        missing_parts: analysis.missing_parts.clone(),
        attempted: attempted(&analysis.attempted, |_| true),
    };
    organisation
        .unattributed
        .sort_by(|a, b| (b.calls, &a.role_arn, &a.reason).cmp(&(a.calls, &b.role_arn, &b.reason)));
    organisation.unmapped.sort_by(|a, b| {
        (b.events, &a.event_source, &a.event_name).cmp(&(a.events, &b.event_source, &b.event_name))
    });
    organisation
        .coverage
        .sort_by(|a, b| a.account_id.cmp(&b.account_id));
    organisation
}

fn unattributed(analysis: &Analysis) -> Vec<UnattributedUse> {
    analysis
        .unattributed
        .iter()
        .map(|row| UnattributedUse {
            role_arn: row.role_arn.clone(),
            calls: row.calls,
            sessions: row.sessions,
            first: row.first,
            last: row.last,
            reason: row.reason.clone(),
        })
        .collect()
}

fn unmapped(analysis: &Analysis) -> Vec<UnmappedEvent> {
    analysis
        .unmapped
        .iter()
        .map(|row| UnmappedEvent {
            event_source: row.event_source.clone(),
            event_name: row.event_name.clone(),
            events: row.events,
        })
        .collect()
}

fn coverage(analysis: &Analysis) -> Vec<Coverage> {
    analysis
        .coverage
        .iter()
        .map(|row| Coverage {
            account_id: row.account_id.clone(),
            days_with_events: row.days_with_events,
            days_in_window: row.days_in_window,
            first_event: row.first_event,
            last_event: row.last_event,
        })
        .collect()
}
