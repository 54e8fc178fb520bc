//! What belongs to no single agent: the review's last part in, what its template prints out.

use std::collections::{BTreeMap, BTreeSet};

use curtail_ingest::{MissingPart, PolicyProblem};
use serde::Serialize;

use super::integrity::{IntegrityView, integrity_view};
use super::page::PageView;
use super::{cut, day};
use crate::review::{
    AttemptedUse, BlindSpot, Coverage, Recording, Review, UnattributedUse, UnmappedEvent,
};
use crate::text::to_count;

/// Actions named per blind spot (chosen: the column is narrow).
const NAMES: usize = 3;

/// What the organisation's template prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(in crate::render) struct OrganisationView<'a> {
    blind: Vec<BlindView<'a>>,
    more_blind: usize,
    unattributed: Vec<UnattributedLine<'a>>,
    more_unattributed: usize,
    attempted: Vec<AttemptedLine<'a>>,
    more_attempted: usize,
    unmapped: &'a [UnmappedEvent],
    more_unmapped: usize,
    unmapped_events: i64,
    coverage: Vec<CoverageLine<'a>>,
    integrity: Option<IntegrityView>,
    quarantined: i64,
    problems: &'a [PolicyProblem],
    more_problems: usize,
    missing: &'a [MissingPart],
    more_missing: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct BlindView<'a> {
    what: String,
    remedy: &'a str,
    accounts: Vec<&'a str>,
    more_accounts: usize,
    agents: Vec<(&'a str, &'a str)>,
    more_agents: usize,
    count: i64,
    names: Vec<&'a str>,
    more: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct UnattributedLine<'a> {
    role_arn: &'a str,
    reason: String,
    calls: i64,
    sessions: i64,
    first: String,
    last: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct AttemptedLine<'a> {
    agent: &'a str,
    role_arn: &'a str,
    action: &'a str,
    denied_calls: i64,
    first: String,
    last: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct CoverageLine<'a> {
    account_id: &'a str,
    days_with_events: i64,
    days_in_window: i64,
    days_missing: i64,
    first: String,
    last: String,
}

/// What belongs to no single agent.
pub(in crate::render) fn organisation_view<'a>(
    review: &'a Review,
    page: &'a PageView<'a>,
) -> OrganisationView<'a> {
    let organisation = &review.organisation;
    let rows = review.lists.rows;
    let (blind, more_blind) = cut(blind(review, page), rows);
    let (attempted, more_attempted) =
        cut(organisation.attempted.iter().map(attempted).collect(), rows);
    let (unattributed, more_unattributed) = cut(
        organisation.unattributed.iter().map(unattributed).collect(),
        rows,
    );
    OrganisationView {
        blind,
        more_blind,
        unattributed,
        more_unattributed,
        attempted,
        more_attempted,
        unmapped: first(&organisation.unmapped, rows),
        more_unmapped: organisation.unmapped.len().saturating_sub(rows),
        unmapped_events: organisation.unmapped.iter().map(|row| row.events).sum(),
        coverage: organisation.coverage.iter().map(coverage).collect(),
        integrity: organisation.integrity.as_ref().map(integrity_view),
        quarantined: organisation.quarantined,
        problems: first(&organisation.policy_problems, rows),
        more_problems: organisation.policy_problems.len().saturating_sub(rows),
        missing: first(&organisation.missing_parts, rows),
        more_missing: organisation.missing_parts.len().saturating_sub(rows),
    }
}

fn first<T>(rows: &[T], most: usize) -> &[T] {
    rows.get(..most).unwrap_or(rows)
}

/// The agents' blind spots, put together by what would make them observable; those of most agents first.
fn blind<'a>(review: &'a Review, page: &'a PageView<'a>) -> Vec<BlindView<'a>> {
    let mut by_recording: BTreeMap<&Recording, Vec<&BlindSpot>> = BTreeMap::new();
    for spot in review.agents.iter().flat_map(|agent| &agent.blind_spots) {
        by_recording.entry(&spot.recording).or_default().push(spot);
    }
    let mut views: Vec<BlindView<'a>> = by_recording
        .into_iter()
        .filter_map(|(recording, spots)| {
            let actions = texts(&spots, |spot| &spot.actions);
            let count = to_count(actions.len());
            let (names, more) = cut(actions, NAMES);
            let agents = texts(&spots, |spot| &spot.agents);
            let (agents, more_agents) = cut(agents, review.lists.names_per_service);
            let accounts = texts(&spots, |spot| &spot.accounts);
            let (accounts, more_accounts) = cut(accounts, review.lists.names_per_service);
            Some(BlindView {
                what: what(recording),
                remedy: spots.first()?.remedy.as_str(),
                accounts,
                more_accounts,
                agents: agents
                    .into_iter()
                    .map(|agent| (agent, page.agents.get(agent).map_or("", String::as_str)))
                    .collect(),
                more_agents,
                count,
                names,
                more,
            })
        })
        .collect();
    views.sort_by(|a, b| {
        (b.agents.len() + b.more_agents, b.count, &a.what).cmp(&(
            a.agents.len() + a.more_agents,
            a.count,
            &b.what,
        ))
    });
    views
}

fn texts<'a>(
    spots: &[&'a BlindSpot],
    of: impl Fn(&'a BlindSpot) -> &'a BTreeSet<String>,
) -> Vec<&'a str> {
    let texts: BTreeSet<&str> = spots
        .iter()
        .flat_map(|spot| of(spot).iter().map(String::as_str))
        .collect();
    texts.into_iter().collect()
}

fn what(recording: &Recording) -> String {
    match recording {
        Recording::Management => "Management events".to_owned(),
        Recording::Data { resource_type } => format!("Data events of {resource_type}"),
        Recording::PermissionOnly => "Permissions without an event".to_owned(),
        Recording::NotLogged => "Services that CloudTrail does not record".to_owned(),
    }
}

fn unattributed(row: &UnattributedUse) -> UnattributedLine<'_> {
    UnattributedLine {
        role_arn: &row.role_arn,
        reason: match row.reason.as_str() {
            "no_agent_bound" => "no agent is bound to the role".to_owned(),
            "no_rule_matches" => "no rule of agents.toml matches".to_owned(),
            "several_agents_match" => "rules of several agents match alike".to_owned(),
            "former_role" => "a deleted role of the same name made them".to_owned(),
            other => other.to_owned(),
        },
        calls: row.calls,
        sessions: row.sessions,
        first: day(row.first),
        last: day(row.last),
    }
}

fn attempted(row: &AttemptedUse) -> AttemptedLine<'_> {
    AttemptedLine {
        agent: &row.agent,
        role_arn: &row.role_arn,
        action: &row.action,
        denied_calls: row.denied_calls,
        first: day(row.first),
        last: day(row.last),
    }
}

fn coverage(row: &Coverage) -> CoverageLine<'_> {
    CoverageLine {
        account_id: &row.account_id,
        days_with_events: row.days_with_events,
        days_in_window: row.days_in_window,
        days_missing: row.days_missing(),
        first: row.first_event.map(day).unwrap_or_default(),
        last: row.last_event.map(day).unwrap_or_default(),
    }
}
