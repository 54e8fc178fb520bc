//! What is to be done after a review: the model in, tasks in the order of what they are worth out.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::review::{Recording, Review};
use crate::text::{counted, to_count};

/// Something to do, why, and where to read on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::render) struct Task {
    what: String,
    why: String,
    anchor: &'static str,
    link: &'static str,
}

/// The tasks that the review gives, those with nothing to do left out.
pub(super) fn tasks(review: &Review) -> Vec<Task> {
    [
        look_into(review),
        apply(review),
        rebind(review),
        switch_on(review),
        attribute(review),
        repair(review),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn look_into(review: &Review) -> Option<Task> {
    let agents: Vec<&str> = review
        .agents
        .iter()
        .filter(|agent| !agent.non_legitimate.is_empty())
        .map(|agent| agent.declared.name.as_str())
        .collect();
    let calls: i64 = review
        .agents
        .iter()
        .flat_map(|agent| &agent.non_legitimate)
        .map(|entry| entry.calls)
        .sum();
    (!agents.is_empty()).then(|| Task {
        what: format!(
            "Look into {} outside an agent's work",
            counted(calls, "call", "calls")
        ),
        why: format!("Made by {}.", agents.join(", ")),
        anchor: "agents",
        link: "Agents",
    })
}

fn apply(review: &Review) -> Option<Task> {
    let summary = &review.summary;
    let changes = to_count(summary.changes_applicable);
    (changes > 0).then(|| Task {
        what: format!("Apply {}", counted(changes, "policy change", "policy changes")),
        why: format!(
            "They remove {}. Replayed against {} of the window, none would be denied, and nothing new is allowed.",
            counted(to_count(summary.removed), "permission", "permissions"),
            counted(summary.calls_replayed, "call", "calls"),
        ),
        anchor: "changes",
        link: "Policy changes",
    })
}

fn rebind(review: &Review) -> Option<Task> {
    let inherited = review.summary.counts.inherited;
    let shared = review
        .roles
        .iter()
        .filter(|role| role.agents.len() > 1)
        .count();
    (inherited > 0).then(|| Task {
        what: format!(
            "Give agents of {} a role of their own",
            counted(to_count(shared), "shared role", "shared roles")
        ),
        why: format!(
            "{} an agent does not need come with the role and stay while it is shared.",
            counted(inherited, "permission that", "permissions that"),
        ),
        anchor: "agents",
        link: "Agents",
    })
}

fn switch_on(review: &Review) -> Option<Task> {
    let spots = || review.agents.iter().flat_map(|agent| &agent.blind_spots);
    let types: BTreeSet<&str> = spots()
        .filter_map(|spot| match &spot.recording {
            Recording::Data { resource_type } => Some(resource_type.as_str()),
            Recording::Management | Recording::PermissionOnly | Recording::NotLogged => None,
        })
        .collect();
    let hidden: usize = spots()
        .filter(|spot| matches!(spot.recording, Recording::Data { .. }))
        .map(|spot| spot.actions.len())
        .sum();
    (!types.is_empty()).then(|| Task {
        what: format!(
            "Record data events of {}",
            counted(to_count(types.len()), "resource type", "resource types")
        ),
        why: format!(
            "Until then nothing can be said about {} of the agents.",
            counted(to_count(hidden), "permission", "permissions"),
        ),
        anchor: "blind-spots",
        link: "What could not be observed",
    })
}

fn attribute(review: &Review) -> Option<Task> {
    let calls: i64 = review
        .organisation
        .unattributed
        .iter()
        .filter(|row| row.reason != "no_agent_bound")
        .map(|row| row.calls)
        .sum();
    (calls > 0).then(|| Task {
        what: format!(
            "Tell whose {} are",
            counted(calls, "unattributed call", "unattributed calls")
        ),
        why: "They were made under agents' roles. What they use is kept in every policy; a rule in agents.toml would settle it."
            .to_owned(),
        anchor: "unattributed",
        link: "Unattributed calls",
    })
}

fn repair(review: &Review) -> Option<Task> {
    let organisation = &review.organisation;
    let problems = to_count(organisation.policy_problems.len());
    (organisation.quarantined > 0 || problems > 0).then(|| Task {
        what: "Repair what could not be read".to_owned(),
        why: format!(
            "{} in quarantine, {} that does not parse.",
            counted(
                organisation.quarantined,
                "record or object",
                "records and objects"
            ),
            counted(problems, "policy", "policies"),
        ),
        anchor: "unread",
        link: "What could not be read",
    })
}
