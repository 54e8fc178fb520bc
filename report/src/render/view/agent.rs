//! One agent's part of the page: its review in, what its template prints out.

use serde::Serialize;

use super::actions::{Group, group};
use super::bar::{ORDER, Segment, segments};
use super::declared::{Fact, baseline, facts};
use super::page::{PageView, RankLine};
use super::{cut, day, level, percent, range, to_count};
use crate::review::{
    AgentReview, AgentRole, AttemptedUse, FindingEntry, NonLegitimateUse, Review, WindowCounts,
};
use crate::text::{counted, grouped};

/// What an agent's template prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(in crate::render) struct AgentView<'a> {
    rank: usize,
    name: &'a str,
    anchor: &'a str,
    purpose: &'a str,
    owners: &'a [String],
    facts: Vec<Fact>,
    verdict: String,
    segments: Vec<Segment>,
    window_days: Vec<u32>,
    windows: Vec<WindowLine>,
    roles: Vec<RoleView<'a>>,
    outside: Vec<OutsideLine<'a>>,
    more_outside: usize,
    attempted: Vec<AttemptedLine<'a>>,
    more_attempted: usize,
    findings: Vec<FindingView<'a>>,
    more_findings: usize,
    blind: Vec<BlindLine>,
    more_blind: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct WindowLine {
    days: u32,
    granted: i64,
    exercised: String,
    share: String,
    attempted: i64,
    calls: i64,
    sessions: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct RoleView<'a> {
    name: &'a str,
    arn: &'a str,
    in_snapshot: bool,
    neighbours: &'a [String],
    change: Option<&'a str>,
    change_text: String,
    groups: Vec<Group>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct OutsideLine<'a> {
    action: &'a str,
    rule: &'a str,
    reason: &'a str,
    calls: i64,
    first: String,
    last: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct AttemptedLine<'a> {
    action: &'a str,
    denied_calls: i64,
    resources: i64,
    peak_per_hour: i64,
    granted: &'static str,
    first: String,
    last: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct FindingView<'a> {
    id: &'a str,
    severity: &'static str,
    category: &'a str,
    title: &'a str,
    evidence: String,
    evidence_line: String,
    query: &'a str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct BlindLine {
    count: i64,
    remedy: String,
}

/// Characters of a finding's evidence that are shown (chosen: half a page; the JSON holds the rest).
const EVIDENCE_CHARACTERS: usize = 1_500;
/// Characters of it where it stands on one line (chosen: three lines of a page).
const EVIDENCE_LINE_CHARACTERS: usize = 300;

/// The agent of a line of the ranking.
pub(in crate::render) fn agent_view<'a>(
    review: &'a Review,
    page: &'a PageView<'a>,
    line: &'a RankLine<'a>,
    rank: usize,
) -> Option<AgentView<'a>> {
    let agent = review
        .agents
        .iter()
        .find(|agent| agent.declared.name == line.agent)?;
    let rows = review.lists.rows;
    let (outside, more_outside) = cut(agent.non_legitimate.iter().map(outside).collect(), rows);
    let (attempted, more_attempted) = cut(agent.attempted.iter().map(attempted).collect(), rows);
    let (findings, more_findings) = cut(agent.findings.iter().map(finding).collect(), rows);
    let (blind, more_blind) = cut(blind(agent), review.lists.names_per_service);
    Some(AgentView {
        rank,
        name: &agent.declared.name,
        anchor: &line.anchor,
        purpose: &agent.declared.purpose,
        owners: &agent.declared.owners,
        facts: facts(&agent.declared)
            .into_iter()
            .chain(agent.baseline.as_ref().map(baseline))
            .collect(),
        verdict: verdict(agent),
        segments: segments(&agent.counts),
        window_days: review.head.windows.clone(),
        windows: agent.windows.iter().map(window).collect(),
        roles: agent
            .roles
            .iter()
            .map(|role| role_view(review, page, role))
            .collect(),
        outside,
        more_outside,
        attempted,
        more_attempted,
        findings,
        more_findings,
        blind,
        more_blind,
    })
}

/// What would make its use observable, what helps most first.
fn blind(agent: &AgentReview) -> Vec<BlindLine> {
    let mut lines: Vec<BlindLine> = agent
        .blind_spots
        .iter()
        .map(|spot| BlindLine {
            count: to_count(spot.actions.len()),
            remedy: spot.remedy.clone(),
        })
        .collect();
    lines.sort_by(|a, b| (b.count, &a.remedy).cmp(&(a.count, &b.remedy)));
    lines
}

fn verdict(agent: &AgentReview) -> String {
    let counts = &agent.counts;
    if counts.granted == 0 {
        return "The snapshot grants it nothing.".to_owned();
    }
    let mut parts = vec![format!(
        "Uses {} of {}; {} excess ({} of all, for certain).",
        grouped(counts.used),
        counted(counts.granted, "permission", "permissions"),
        is_or_are(agent.excess),
        percent(agent.excess.low, counts.granted),
    )];
    let more = [
        (
            counts.non_legitimate,
            "exercised, but only outside its work",
        ),
        (counts.never_used, "never used"),
        (counts.inherited, "there only by a binding above it"),
        (counts.unobservable, "not observable"),
    ];
    let more: Vec<String> = more
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", grouped(count)))
        .collect();
    if !more.is_empty() {
        parts.push(format!("Of the others: {}.", more.join("; ")));
    }
    let levels: Vec<String> = agent
        .excess_by_level
        .iter()
        .map(|(name, count)| format!("{} {}", grouped(*count), level(name)))
        .collect();
    if !levels.is_empty() {
        parts.push(format!("Excess by access level: {}.", levels.join(", ")));
    }
    parts.join(" ")
}

fn is_or_are(excess: crate::review::Range) -> String {
    let verb = if excess.low == 1 && excess.high == 1 {
        "is"
    } else {
        "are"
    };
    format!("{} {verb}", range(excess))
}

fn window(counts: &WindowCounts) -> WindowLine {
    WindowLine {
        days: counts.window_days,
        granted: counts.granted,
        exercised: range(counts.exercised),
        share: percent(counts.exercised.low, counts.granted),
        attempted: counts.attempted,
        calls: counts.calls,
        sessions: counts.sessions,
    }
}

fn role_view<'a>(review: &'a Review, page: &'a PageView<'a>, role: &'a AgentRole) -> RoleView<'a> {
    let removed = review
        .roles
        .iter()
        .find(|entry| entry.arn == role.role_arn)
        .map_or(0, |entry| entry.trim.removed.len());
    RoleView {
        name: &role.role_name,
        arn: &role.role_arn,
        in_snapshot: role.in_snapshot,
        neighbours: &role.neighbours,
        change: page.changes.get(role.role_arn.as_str()).map(String::as_str),
        change_text: match removed {
            0 => "withheld".to_owned(),
            _ => format!(
                "removes {}",
                counted(to_count(removed), "permission", "permissions")
            ),
        },
        groups: [ORDER[4], ORDER[3], ORDER[2], ORDER[1], ORDER[0]]
            .into_iter()
            .filter_map(|bucket| group(bucket, &role.actions, &review.head.windows, &review.lists))
            .collect(),
    }
}

fn outside(entry: &NonLegitimateUse) -> OutsideLine<'_> {
    OutsideLine {
        action: &entry.action,
        rule: &entry.rule,
        reason: &entry.reason,
        calls: entry.calls,
        first: day(entry.first),
        last: day(entry.last),
    }
}

fn attempted(entry: &AttemptedUse) -> AttemptedLine<'_> {
    AttemptedLine {
        action: &entry.action,
        denied_calls: entry.denied_calls,
        resources: entry.resources,
        peak_per_hour: entry.peak_per_hour,
        granted: granted(entry),
        first: day(entry.first),
        last: day(entry.last),
    }
}

/// Whether the action was ever the agent's to use, in words.
fn granted(entry: &AttemptedUse) -> &'static str {
    match (entry.grant_status.as_str(), entry.ever_authorized) {
        ("granted", _) => "yes, on other resources or terms",
        ("undecided", _) => "undecided",
        ("blocked", _) => "blocked",
        (_, true) => "not now; calls passed before",
        (_, false) => "no",
    }
}

fn finding(entry: &FindingEntry) -> FindingView<'_> {
    FindingView {
        id: &entry.finding_id,
        severity: entry.severity.as_str(),
        category: &entry.category,
        title: &entry.title,
        evidence: evidence(&format!("{:#}", entry.evidence), EVIDENCE_CHARACTERS),
        evidence_line: evidence(&entry.evidence.to_string(), EVIDENCE_LINE_CHARACTERS),
        query: &entry.query,
    }
}

/// The text, cut where it is too long.
fn evidence(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => {
            let shown = text.get(..end).unwrap_or("");
            format!("{shown} ... (whole in review.json)")
        }
        None => text.to_owned(),
    }
}
