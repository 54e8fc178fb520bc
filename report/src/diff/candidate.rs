//! Which actions of a role are excess for all its agents: action rows and recorded uses in, names out.
//!
//! An action goes only if every agent of the role has it as `never_used` or `non_legitimate`, no
//! agent has so much as possibly used it, and no unattributed call needed it. What the trail could
//! not have shown, what another agent needs and what is undecided stays.
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
    let mut agents_without: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut needed: BTreeSet<&str> = BTreeSet::new();
    for row in rows {
        if is_excess(row) && !used.contains(&row.action.to_ascii_lowercase()) {
            agents_without
                .entry(&row.action)
                .or_default()
                .insert(&row.agent);
        } else {
            needed.insert(&row.action);
        }
    }
    agents_without
        .into_iter()
        .filter(|(action, agents)| {
            !needed.contains(action)
                && role
                    .agents
                    .iter()
                    .all(|agent| agents.contains(agent.as_str()))
        })
        .map(|(action, _)| action.to_owned())
        .collect()
}

fn is_excess(row: &ActionRow) -> bool {
    let bucket = match row.bucket {
        Bucket::NeverUsed | Bucket::NonLegitimate => true,
        Bucket::Used | Bucket::Inherited | Bucket::Unobservable => false,
    };
    bucket && !DOUBTS.iter().any(|doubt| row.flags.contains(*doubt))
}
