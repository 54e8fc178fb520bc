//! Every role that a role comes to over any number of steps: the fixed point of the steps.
//!
//! Each role that is reached is told once: by sure steps alone where that is possible, then by the fewest steps, then by
//! the first in order of names. A role that was reached is not gone through again, so that cycles end.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use rayon::prelude::*;

use super::edge::{Edge, EdgeKind};

/// A role that is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReachPath {
    pub(crate) from: String,
    pub(crate) to: String,
    /// Steps, at least one.
    pub(crate) depth: usize,
    /// The roles and what leads from each to the next.
    pub(crate) path: String,
    /// Of the first step.
    pub(crate) binding: EdgeKind,
    pub(crate) via: Option<String>,
    pub(crate) is_certain: bool,
    /// What the steps hang on, sorted.
    pub(crate) hangs_on: BTreeSet<String>,
}

/// What each of the roles comes to, in order of names.
pub(super) fn paths(edges: &[Edge], from: &BTreeSet<String>) -> Vec<ReachPath> {
    let mut steps: BTreeMap<&str, Vec<&Edge>> = BTreeMap::new();
    for edge in edges
        .iter()
        .filter(|edge| edge.kind != EdgeKind::Federation)
    {
        steps.entry(edge.from.as_str()).or_default().push(edge);
    }
    let starts: Vec<&String> = from
        .iter()
        .filter(|arn| steps.contains_key(arn.as_str()))
        .collect();
    starts
        .par_iter()
        .flat_map_iter(|start| reached(&steps, start))
        .collect()
}

fn reached(steps: &BTreeMap<&str, Vec<&Edge>>, start: &str) -> Vec<ReachPath> {
    let mut last: BTreeMap<&str, &Edge> = BTreeMap::new();
    for sure in [true, false] {
        spread(steps, start, sure, &mut last);
    }
    last.keys()
        .filter_map(|to| told(start, to, &last))
        .collect()
}

/// Goes on from the start and from what is reached, over sure steps alone or over all.
fn spread<'a>(
    steps: &BTreeMap<&'a str, Vec<&'a Edge>>,
    start: &str,
    sure: bool,
    last: &mut BTreeMap<&'a str, &'a Edge>,
) {
    let mut queue: VecDeque<String> = VecDeque::from([start.to_owned()]);
    let mut seen = BTreeSet::from([start.to_owned()]);
    while let Some(role) = queue.pop_front() {
        for edge in steps.get(role.as_str()).into_iter().flatten() {
            if edge.to == start || sure && !edge.answer.is_certain() {
                continue;
            }
            last.entry(edge.to.as_str()).or_insert(edge);
            if seen.insert(edge.to.clone()) {
                queue.push_back(edge.to.clone());
            }
        }
    }
}

/// The path to a role, read from its end.
fn told(start: &str, to: &str, last: &BTreeMap<&str, &Edge>) -> Option<ReachPath> {
    let mut path: Vec<&Edge> = Vec::new();
    let mut role = to;
    while role != start {
        let edge = last.get(role)?;
        path.push(edge);
        role = edge.from.as_str();
        if path.len() > last.len() {
            return None;
        }
    }
    path.reverse();
    let first = path.first()?;
    let mut text = start.to_owned();
    for edge in &path {
        let via = edge
            .via
            .as_ref()
            .map(|via| format!(" {via}"))
            .unwrap_or_default();
        let step = [" -[", edge.kind.as_str(), &via, "]-> ", &edge.to];
        text.extend(step);
    }
    Some(ReachPath {
        from: start.to_owned(),
        to: to.to_owned(),
        depth: path.len(),
        path: text,
        binding: first.kind,
        via: first.via.clone(),
        is_certain: path.iter().all(|edge| edge.answer.is_certain()),
        hangs_on: path
            .iter()
            .flat_map(|edge| edge.answer.hangs_on.iter().cloned())
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::answer::Answer;
    use super::*;

    fn edge(from: &str, to: &str, sure: bool) -> Edge {
        let answer = Answer::sure("x");
        Edge {
            from: from.to_owned(),
            to: to.to_owned(),
            kind: EdgeKind::RoleChain,
            via: None,
            answer: if sure { answer } else { answer.if_known("k") },
        }
    }

    fn told(edges: &[Edge]) -> Vec<(String, usize, bool)> {
        let paths = paths(edges, &BTreeSet::from(["a".to_owned()]));
        paths
            .into_iter()
            .map(|path| (path.to, path.depth, path.is_certain))
            .collect()
    }

    #[test]
    fn a_chain_is_followed_and_a_cycle_ends() {
        let edges = [
            edge("a", "b", true),
            edge("b", "c", true),
            edge("c", "a", true),
            edge("c", "b", true),
        ];
        assert_eq!(
            told(&edges),
            [("b".to_owned(), 1, true), ("c".to_owned(), 2, true)]
        );
        let paths = paths(&edges, &BTreeSet::from(["a".to_owned()]));
        assert_eq!(paths[1].path, "a -[role_chain]-> b -[role_chain]-> c");
    }

    #[test]
    fn a_sure_way_wins_over_a_shorter_one_that_hangs_on_something() {
        let edges = [
            edge("a", "b", true),
            edge("a", "c", false),
            edge("b", "c", true),
            edge("c", "d", false),
        ];
        assert_eq!(
            told(&edges),
            [
                ("b".to_owned(), 1, true),
                ("c".to_owned(), 2, true),
                ("d".to_owned(), 3, false)
            ]
        );
    }
}
