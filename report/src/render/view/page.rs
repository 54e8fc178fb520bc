//! The first screen and what stands around the parts: the summary in, sentences, tasks and the ranking out.

use std::collections::BTreeMap;

use serde::Serialize;

use super::bar::{Segment, segments};
use super::tasks::{Task, tasks};
use super::{day, percent, range, to_count};
use crate::names::Names;
use crate::review::{RankedAgent, Review};
use crate::text::{counted, grouped};

/// What the page's own template prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::render) struct PageView<'a> {
    title: String,
    as_of: String,
    window_start: String,
    window_days: u32,
    lead: String,
    tiles: Vec<Tile>,
    tasks: Vec<Task>,
    legend: Vec<Segment>,
    pub(in crate::render) ranking: Vec<RankLine<'a>>,
    run_id: &'a str,
    catalog_version: &'a str,
    tables: Vec<(&'a str, i64)>,
    has_changes: bool,
    /// Anchors of the roles' policy changes, by role ARN.
    #[serde(skip)]
    pub(super) changes: BTreeMap<&'a str, String>,
    #[serde(skip)]
    pub(super) agents: BTreeMap<&'a str, String>,
}

/// A number that the first screen leads with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Tile {
    value: String,
    label: &'static str,
    note: String,
}

/// An agent's line in the ranking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::render) struct RankLine<'a> {
    pub(super) agent: &'a str,
    pub(super) anchor: String,
    segments: Vec<Segment>,
    granted: i64,
    used: i64,
    excess: String,
    share: String,
    removed: i64,
}

/// The page of a review.
pub(in crate::render) fn page_view(review: &Review) -> PageView<'_> {
    let head = &review.head;
    let agents = anchors(
        "agent",
        review
            .agents
            .iter()
            .map(|agent| agent.declared.name.as_str()),
    );
    let changes = anchors(
        "role",
        review
            .roles
            .iter()
            .filter(|role| !role.trim.removable.is_empty())
            .map(|role| role.arn.as_str()),
    );
    PageView {
        title: format!(
            "Access review, {} days to {}",
            head.window_days,
            day(head.as_of)
        ),
        as_of: day(head.as_of),
        window_start: day(head.window_start),
        window_days: head.window_days,
        lead: lead(review),
        tiles: tiles(review),
        tasks: tasks(review),
        legend: segments(&review.summary.counts),
        ranking: review
            .summary
            .ranking
            .iter()
            .map(|ranked| rank_line(ranked, &agents))
            .collect(),
        run_id: &head.run_id,
        catalog_version: &head.catalog_version,
        tables: head
            .table_versions
            .iter()
            .map(|(name, version)| (name.as_str(), *version))
            .collect(),
        has_changes: !changes.is_empty(),
        changes,
        agents,
    }
}

/// An anchor for each name, by name.
fn anchors<'a>(kind: &str, names: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, String> {
    let mut given = Names::default();
    names
        .map(|name| {
            let short = name.rsplit('/').next().unwrap_or(name);
            (name, given.unique(&[&format!("{kind}-{short}")]))
        })
        .collect()
}

fn rank_line<'a>(ranked: &'a RankedAgent, anchors: &BTreeMap<&str, String>) -> RankLine<'a> {
    RankLine {
        agent: &ranked.agent,
        anchor: anchors
            .get(ranked.agent.as_str())
            .cloned()
            .unwrap_or_default(),
        segments: segments(&ranked.counts),
        granted: ranked.counts.granted,
        used: ranked.counts.used,
        excess: range(ranked.excess),
        share: percent(ranked.excess.low, ranked.counts.granted),
        removed: to_count(ranked.removed),
    }
}

fn lead(review: &Review) -> String {
    let summary = &review.summary;
    let agents = counted(to_count(summary.agents), "agent holds", "agents hold");
    let granted = counted(summary.counts.granted, "permission", "permissions");
    if summary.counts.granted == 0 {
        return format!("{agents} no permission that the snapshot knows of.");
    }
    format!(
        "{agents} {granted}. In {} days they used {}; {} ({}) are excess for certain.",
        review.head.window_days,
        grouped(summary.counts.used),
        grouped(summary.excess.low),
        percent(summary.excess.low, summary.counts.granted),
    )
}

fn tiles(review: &Review) -> Vec<Tile> {
    let summary = &review.summary;
    let counts = &summary.counts;
    vec![
        Tile {
            value: grouped(counts.granted),
            label: "granted",
            note: format!(
                "{} on {}",
                counted(to_count(summary.agents), "agent", "agents"),
                counted(to_count(summary.roles), "role", "roles")
            ),
        },
        Tile {
            value: grouped(counts.used),
            label: "used",
            note: format!(
                "{} of what is granted",
                percent(counts.used, counts.granted)
            ),
        },
        Tile {
            value: grouped(summary.excess.low),
            label: "excess",
            note: format!("for certain; at most {}", grouped(summary.excess.high)),
        },
        Tile {
            value: grouped(to_count(summary.removed)),
            label: "removable now",
            note: format!(
                "{}, replayed against {}",
                counted(
                    to_count(summary.changes_applicable),
                    "proven change",
                    "proven changes"
                ),
                counted(summary.calls_replayed, "call", "calls")
            ),
        },
    ]
}
