//! One step from a role to another.

use std::collections::BTreeMap;

use super::answer::Answer;

/// How a role comes to another. The names are those of `DESIGN.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum EdgeKind {
    /// It may assume it.
    RoleChain,
    /// It may invoke what runs under it.
    ToolRole,
    /// It may pass it to compute that it may create.
    PassedRole,
    /// An identity provider, in the place of the first role, may hand out its sessions.
    Federation,
}

impl EdgeKind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::RoleChain => "role_chain",
            Self::ToolRole => "tool_role",
            Self::PassedRole => "passed_role",
            Self::Federation => "federation",
        }
    }
}

/// A step, with what it goes through and why it is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) kind: EdgeKind,
    /// The compute, or the actions by which a role is passed; nothing of a role that is assumed.
    pub(crate) via: Option<String>,
    pub(crate) answer: Answer,
}

/// The steps, each from, to and kind once: the surest way, then the one with the shortest name, then the first by name.
pub(super) fn distinct(edges: impl IntoIterator<Item = Edge>) -> Vec<Edge> {
    let mut best: BTreeMap<(String, String, EdgeKind), Edge> = BTreeMap::new();
    for edge in edges {
        let key = (edge.from.clone(), edge.to.clone(), edge.kind);
        let rank = |edge: &Edge| {
            let via = edge.via.clone().unwrap_or_default();
            (!edge.answer.is_certain(), via.len(), via)
        };
        match best.get(&key) {
            Some(held) if rank(held) <= rank(&edge) => {}
            _ => drop(best.insert(key, edge)),
        }
    }
    best.into_values().collect()
}
