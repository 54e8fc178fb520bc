//! Which actions of a role are excess for all its agents: action rows and recorded uses in, names out.
//!
//! An action goes only if every agent of the role could do without it, no agent has so much as
//! possibly used it, and no unattributed call needed it. What the trail could not have shown, what is
//! used and what is undecided stays. That an agent merely inherited it decides nothing: the
//! neighbour that it is there for has a row of its own.
//!
//! INVARIANT: no action that a replayed use names is ever removable.

use std::collections::{BTreeMap, BTreeSet};

use curtail_analyze::{ActionRow, Bucket, ReplayRow, Role};

/// Flags that tell that an action may have been used, or may not be granted as it seems.
const DOUBTS: [&str; 4] = [
    "possible",
    "unattributed_use",
    "undecided",
    "undecided_grant",
];

/// What one agent's row says of an action.
enum Need {
    /// It could go.
    Excess,
    /// It is there for another agent of the role.
    ForAnother,
    /// It stays, or may have to.
    Needed,
}

/// The actions that the role can lose.
pub(super) fn removable(
    role: &Role,
    rows: &[&ActionRow],
    replay: &[&ReplayRow],
) -> BTreeSet<String> {
    let used: BTreeSet<String> = replay
        .iter()
        .map(|row| row.action.to_ascii_lowercase())
        .collect();
    let mut by_action: BTreeMap<&str, Vec<&ActionRow>> = BTreeMap::new();
    for row in rows {
        by_action.entry(&row.action).or_default().push(row);
    }
    by_action
        .into_iter()
        .filter(|(action, rows)| {
            !used.contains(&action.to_ascii_lowercase()) && is_excess_for_all(role, rows)
        })
        .map(|(action, _)| action.to_owned())
        .collect()
}

fn is_excess_for_all(role: &Role, rows: &[&ActionRow]) -> bool {
    let told: BTreeSet<&str> = rows.iter().map(|row| row.agent.as_str()).collect();
    let mut excess = false;
    for row in rows {
        match need(row) {
            Need::Needed => return false,
            Need::ForAnother => {}
            Need::Excess => excess = true,
        }
    }
    excess
        && role
            .agents
            .iter()
            .all(|agent| told.contains(agent.as_str()))
}

fn need(row: &ActionRow) -> Need {
    if DOUBTS.iter().any(|doubt| row.flags.contains(*doubt)) {
        return Need::Needed;
    }
    match row.bucket {
        Bucket::NeverUsed | Bucket::NonLegitimate => Need::Excess,
        Bucket::Inherited => Need::ForAnother,
        Bucket::Used | Bucket::Unobservable => Need::Needed,
    }
}
