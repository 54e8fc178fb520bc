//! One agent: its declaration and its rows of the analysis in, its part of the review out.

use std::collections::{BTreeMap, BTreeSet};

use curtail_analyze::agents::Agent;
use curtail_analyze::{ActionRow, Analysis, BaselineRow, CountRow, NonLegitimateRow};
use curtail_iam::catalog::Catalog;
use serde::Serialize;

use super::ActionEntry;
use super::action::entry;
use super::blind::{BlindSpot, blind_spots};
use super::count::{BucketCounts, Range, WindowCounts, excess, excess_by_level};
use super::evidence::{
    AttemptedUse, FindingEntry, NonLegitimateUse, attempted, findings, non_legitimate,
};

/// One agent: what it is for, what it may do, what it did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgentReview {
    /// The declaration, as `agents.toml` has it.
    #[serde(flatten)]
    pub declared: Agent,
    /// Granted actions per bucket in the review's window, over all its roles.
    pub counts: BucketCounts,
    /// What it could do without: for certain, and at most.
    pub excess: Range,
    /// What it could do without for certain, by access level.
    pub excess_by_level: BTreeMap<String, i64>,
    /// Granted against exercised per window, over all its roles.
    pub windows: Vec<WindowCounts>,
    /// Each role that it runs under, by ARN.
    pub roles: Vec<AgentRole>,
    /// How much of its earlier behaviour is known; without enough, nothing is said of what is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineRow>,
    /// Calls that were denied.
    pub attempted: Vec<AttemptedUse>,
    /// Calls outside its work.
    pub non_legitimate: Vec<NonLegitimateUse>,
    /// What the trail could not have shown, and what to turn on.
    pub blind_spots: Vec<BlindSpot>,
    /// The findings, each with the query that asks for it again.
    pub findings: Vec<FindingEntry>,
}

/// An agent on one of its roles.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgentRole {
    /// The role's ARN.
    pub role_arn: String,
    /// The role's name.
    pub role_name: String,
    /// The account that the role is in.
    pub account_id: String,
    /// The other agents that run under it.
    pub neighbours: Vec<String>,
    /// Whether the snapshot holds the role; without it, nothing is known to be granted.
    pub in_snapshot: bool,
    /// Granted actions per bucket in the review's window.
    pub counts: BucketCounts,
    /// Granted against exercised per window.
    pub windows: Vec<WindowCounts>,
    /// Every granted action, by name.
    pub actions: Vec<ActionEntry>,
}

/// Every agent, by name.
pub(super) fn agents(analysis: &Analysis, catalog: &Catalog) -> Vec<AgentReview> {
    let mut agents: Vec<AgentReview> = analysis
        .agents
        .iter()
        .map(|declared| agent(analysis, catalog, declared))
        .collect();
    agents.sort_by(|a, b| a.declared.name.cmp(&b.declared.name));
    agents
}

fn agent(analysis: &Analysis, catalog: &Catalog, declared: &Agent) -> AgentReview {
    let name = declared.name.as_str();
    let rows: Vec<&ActionRow> = analysis
        .actions
        .iter()
        .filter(|row| row.agent == name)
        .collect();
    let counts: Vec<&CountRow> = analysis
        .counts
        .iter()
        .filter(|row| row.agent == name)
        .collect();
    let outside: Vec<&NonLegitimateRow> = analysis
        .non_legitimate
        .iter()
        .filter(|row| row.agent == name)
        .collect();
    let roles: Vec<AgentRole> = role_arns(analysis, declared, &rows)
        .into_iter()
        .map(|arn| agent_role(analysis, name, &arn, &rows, &counts, &outside))
        .collect();
    let mut total = BucketCounts::default();
    for role in &roles {
        total.add(&role.counts);
    }
    AgentReview {
        counts: total,
        excess: excess(roles.iter().flat_map(|role| &role.actions)),
        excess_by_level: excess_by_level(roles.iter().flat_map(|role| &role.actions)),
        windows: windows(&analysis.windows, &counts),
        baseline: analysis
            .baselines
            .iter()
            .find(|row| row.agent == name)
            .cloned(),
        attempted: attempted(&analysis.attempted, |row| row.agent == name),
        non_legitimate: outside.into_iter().map(non_legitimate).collect(),
        blind_spots: blind_spots(analysis, catalog, rows),
        findings: findings(&analysis.findings, name),
        roles,
        declared: declared.clone(),
    }
}

/// Roles that the agent is bound to, and roles that it has rows on.
fn role_arns(analysis: &Analysis, declared: &Agent, rows: &[&ActionRow]) -> BTreeSet<String> {
    analysis
        .roles
        .values()
        .filter(|role| role.agents.contains(&declared.name))
        .map(|role| role.arn.clone())
        .chain(declared.bindings.iter().map(|binding| binding.role.clone()))
        .chain(rows.iter().map(|row| row.role_arn.clone()))
        .collect()
}

fn agent_role(
    analysis: &Analysis,
    agent: &str,
    arn: &str,
    rows: &[&ActionRow],
    counts: &[&CountRow],
    outside: &[&NonLegitimateRow],
) -> AgentRole {
    let mut by_action: BTreeMap<&str, Vec<&NonLegitimateRow>> = BTreeMap::new();
    for row in outside.iter().filter(|row| row.role_arn == arn) {
        by_action.entry(&row.action).or_default().push(row);
    }
    let mut actions: Vec<ActionEntry> = rows
        .iter()
        .filter(|row| row.role_arn == arn)
        .map(|row| {
            let outside = by_action.get(row.action.as_str());
            entry(row, outside.map_or(&[][..], Vec::as_slice))
        })
        .collect();
    actions.sort_by(|a, b| a.action.cmp(&b.action));
    let counts: Vec<&CountRow> = counts
        .iter()
        .filter(|row| row.role_arn == arn)
        .copied()
        .collect();
    let role = analysis.roles.get(arn);
    AgentRole {
        role_arn: arn.to_owned(),
        role_name: role.map_or_else(|| last_segment(arn).to_owned(), |role| role.name.clone()),
        account_id: role.map_or_else(
            || account_of(arn).to_owned(),
            |role| role.account_id.clone(),
        ),
        neighbours: role
            .iter()
            .flat_map(|role| &role.agents)
            .filter(|name| *name != agent)
            .cloned()
            .collect(),
        in_snapshot: role.is_some(),
        counts: BucketCounts::of(&actions),
        windows: windows(&analysis.windows, &counts),
        actions,
    }
}

fn last_segment(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

fn account_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or("")
}

fn windows(days: &[u32], counts: &[&CountRow]) -> Vec<WindowCounts> {
    days.iter()
        .map(|days| {
            let rows = counts
                .iter()
                .filter(|row| row.window_days == *days)
                .copied();
            WindowCounts::sum(*days, rows)
        })
        .collect()
}
