//! The review in one screen: agents and roles in, totals and the ranking by excess out.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{AgentReview, BucketCounts, Range, RoleReview};
use crate::diff::PolicyDiff;

/// The review in one screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Agents reviewed.
    pub agents: usize,
    /// Roles that they run under.
    pub roles: usize,
    /// Granted actions per bucket over all agents; an action that two agents have counts twice.
    pub counts: BucketCounts,
    /// What the agents could do without: for certain, and at most.
    pub excess: Range,
    /// Pairs of role and action that the applicable changes remove.
    pub removed: usize,
    /// Policy changes that are proven.
    pub changes_applicable: usize,
    /// Policy changes that are withheld.
    pub changes_withheld: usize,
    /// Calls replayed against the proven changes.
    pub calls_replayed: i64,
    /// The agents, most excess first.
    pub ranking: Vec<RankedAgent>,
}

/// An agent's place in the ranking by excess.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RankedAgent {
    /// The agent's name.
    pub agent: String,
    /// Its granted actions per bucket.
    pub counts: BucketCounts,
    /// What it could do without.
    pub excess: Range,
    /// Actions that the applicable changes on its roles take away.
    pub removed: usize,
}

/// Sums up the review.
pub(super) fn summary(agents: &[AgentReview], roles: &[RoleReview]) -> Summary {
    let mut counts = BucketCounts::default();
    let mut excess = Range::default();
    for agent in agents {
        counts.add(&agent.counts);
        excess.add(agent.excess);
    }
    let changes = || roles.iter().flat_map(|role| &role.trim.policies);
    Summary {
        agents: agents.len(),
        roles: roles.len(),
        counts,
        excess,
        removed: roles.iter().map(|role| role.trim.removed.len()).sum(),
        changes_applicable: changes().filter(|change| change.is_applicable()).count(),
        changes_withheld: changes().filter(|change| !change.is_applicable()).count(),
        calls_replayed: roles
            .iter()
            .filter(|role| role.trim.policies.iter().any(PolicyDiff::is_applicable))
            .filter_map(|role| role.trim.proof.as_ref())
            .map(|proof| proof.calls_replayed)
            .sum(),
        ranking: ranking(agents, roles),
    }
}

fn ranking(agents: &[AgentReview], roles: &[RoleReview]) -> Vec<RankedAgent> {
    let removed: BTreeMap<&str, usize> = roles
        .iter()
        .map(|role| (role.arn.as_str(), role.trim.removed.len()))
        .collect();
    let mut ranking: Vec<RankedAgent> = agents
        .iter()
        .map(|agent| RankedAgent {
            agent: agent.declared.name.clone(),
            counts: agent.counts,
            excess: agent.excess,
            removed: agent
                .roles
                .iter()
                .filter_map(|role| removed.get(role.role_arn.as_str()))
                .sum(),
        })
        .collect();
    ranking.sort_by(|a, b| {
        (b.excess.low, b.excess.high, &a.agent).cmp(&(a.excess.low, a.excess.high, &b.agent))
    });
    ranking
}
