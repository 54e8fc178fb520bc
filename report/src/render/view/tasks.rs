//! What is to be done after a review: the model in, tasks in the order of what they are worth out.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::cut;
use crate::review::{Recording, Review};
use crate::text::{counted, to_count};

/// Resource types that the task of recording names (chosen: one line).
const RESOURCE_TYPES: usize = 3;

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
        what: match shared {
            0 => "Change the bindings that agents inherit permissions through".to_owned(),
            _ => format!(
                "Give agents of {} a role of their own",
                counted(to_count(shared), "shared role", "shared roles")
            ),
        },
        why: format!(
            "{} an agent does not need come with a binding above it and stay while that stands.",
            counted(inherited, "permission that", "permissions that"),
        ),
        anchor: "agents",
        link: "Agents",
    })
}

fn switch_on(review: &Review) -> Option<Task> {
    let mut agents: BTreeMap<&str, usize> = BTreeMap::new();
    let mut hidden = 0;
    for agent in &review.agents {
        // A permission whose uses leave several kinds of events is behind several spots.
        let mut permissions: BTreeSet<&String> = BTreeSet::new();
        for spot in &agent.blind_spots {
            if let Recording::Data { resource_type } = &spot.recording {
                *agents.entry(resource_type).or_default() += 1;
                permissions.extend(&spot.actions);
            }
        }
        hidden += permissions.len();
    }
    let mut types: Vec<(&str, usize)> = agents.into_iter().collect();
    types.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
    let (first, more) = cut(types, RESOURCE_TYPES);
    let first: Vec<&str> = first.into_iter().map(|(name, _)| name).collect();
    let more = match more {
        0 => String::new(),
        more => format!(
            " and {}",
            counted(to_count(more), "more type", "more types")
        ),
    };
    (!first.is_empty()).then(|| Task {
        what: format!("Record data events of {}{more}", first.join(", ")),
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
    let unread = [
        (
            organisation.quarantined,
            "record or object in quarantine",
            "records and objects in quarantine",
        ),
        (
            to_count(organisation.policy_problems.len()),
            "policy that does not parse",
            "policies that do not parse",
        ),
        (
            to_count(organisation.missing_parts.len()),
            "part missing from the snapshot",
            "parts missing from the snapshot",
        ),
    ];
    let unread: Vec<String> = unread
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many)| counted(number, one, many))
        .collect();
    (!unread.is_empty()).then(|| Task {
        what: "Repair what could not be read".to_owned(),
        why: format!("{}.", unread.join(", ")),
        anchor: "unread",
        link: "What could not be read",
    })
}
