//! What really happened: calls in, `truth.json` out, for tests to compare the tool's answer with.
//!
//! Counted by the rules of DESIGN.md: a call that failed after authorization is a use, a denied one
//! is not, a dry run is neither; a call at a window's first second is in it. Only calls that the
//! trail records are here, and only actions that the call cannot do without are counted as uses.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::call::{Call, Ending};
use crate::clock::Moment;
use crate::model::Entry;
use crate::organisation::{REVIEW_DAY, TEAMS};

/// Lengths of the windows, in days, that end with the day before the review.
const WINDOWS: [i64; 3] = [7, 30, 90];
/// The window of the review itself.
const REVIEW_WINDOW: i64 = 90;

/// Everything noted so far.
#[derive(Debug, Default)]
pub(crate) struct Truth {
    uses: BTreeMap<Whose, BTreeMap<&'static str, Use>>,
    last_used: BTreeMap<String, (Moment, &'static str)>,
}

/// Whose calls: agent, role, and whether it is the role that was deleted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Whose {
    agent: Option<&'static str>,
    role: String,
    former: bool,
}

/// One action of one agent on one role.
#[derive(Clone, Copy, Debug, Default)]
struct Use {
    /// Authorized calls of each window.
    calls: [u64; 3],
    /// Calls of the review's window that perhaps need the action too.
    possible: u64,
    /// Denied calls of the review's window.
    denied: u64,
    /// Authorized calls of the review's window that lie outside the agent's work.
    foreign: u64,
    last: Option<Moment>,
}

impl Truth {
    /// Takes note of a call.
    pub(crate) fn note(&mut self, entry: &Entry, call: &Call, at: Moment) {
        let role = entry.role;
        if !role.former {
            self.last_used
                .insert(role.arn(), (at, call.region.unwrap_or(role.account.region)));
        }
        let whose = Whose {
            agent: entry.agent,
            role: role.arn(),
            former: role.former,
        };
        let uses = self.uses.entry(whose).or_default();
        for action in &call.actions {
            uses.entry(action).or_default().note(call, at);
        }
        if in_window(at, REVIEW_WINDOW) && call.ending == Ending::Succeeded {
            for action in &call.maybe {
                uses.entry(action).or_default().possible += 1;
            }
        }
    }

    /// When and where a role was used last.
    pub(crate) fn last_used(&self, role: &str) -> Option<(Moment, &'static str)> {
        self.last_used.get(role).copied()
    }

    /// The part of `truth.json` about agents.
    pub(crate) fn agents(&self) -> Value {
        let mut agents: BTreeMap<&str, BTreeMap<&str, Value>> = BTreeMap::new();
        for (whose, uses) in &self.uses {
            if let (Some(agent), false) = (whose.agent, whose.former) {
                agents
                    .entry(agent)
                    .or_default()
                    .insert(&whose.role, self.of_agent(agent, whose, uses));
            }
        }
        json!(agents)
    }

    /// Authorized calls in the review's window that no agent can be given, by role and action; of
    /// roles to which an agent is bound.
    pub(crate) fn unattributed(&self) -> Value {
        let bound: BTreeSet<String> = TEAMS
            .iter()
            .flat_map(|team| team.agents)
            .flat_map(|agent| agent.bindings)
            .map(|binding| binding.role.arn())
            .collect();
        let mut roles = Map::new();
        for (whose, uses) in &self.uses {
            if whose.agent.is_none() && bound.contains(&whose.role) {
                let calls = counted(uses, Use::review_calls);
                roles.insert(whose.role.clone(), json!(calls));
            }
        }
        Value::Object(roles)
    }

    fn of_agent(&self, agent: &str, whose: &Whose, uses: &BTreeMap<&'static str, Use>) -> Value {
        let exercised: BTreeMap<&str, Value> = uses
            .iter()
            .filter(|(_, one)| one.review_calls() > 0)
            .map(|(action, one)| (*action, one.to_json()))
            .collect();
        let former = Whose {
            former: true,
            ..whose.clone()
        };
        let former = self
            .uses
            .get(&former)
            .map(|uses| counted(uses, Use::review_calls));
        let mut told = json!({
            "used": exercised,
            "possible": counted(uses, |one| one.possible),
            "denied": counted(uses, |one| one.denied),
            "outside_work": counted(uses, |one| one.foreign),
            "needed_by_neighbours": self.neighbours(agent, &whose.role),
        });
        if let (Some(former), Some(map)) = (former, told.as_object_mut()) {
            map.insert("of_the_deleted_role".to_owned(), json!(former));
        }
        told
    }

    /// Actions that other agents exercised on the role.
    fn neighbours(&self, agent: &str, role: &str) -> BTreeSet<&'static str> {
        self.uses
            .iter()
            .filter(|(whose, _)| whose.role == role && !whose.former)
            .filter(|(whose, _)| whose.agent.is_some_and(|other| other != agent))
            .flat_map(|(_, uses)| uses)
            .filter(|(_, one)| one.review_calls() > one.foreign)
            .map(|(action, _)| *action)
            .collect()
    }
}

impl Use {
    fn note(&mut self, call: &Call, at: Moment) {
        match call.ending {
            Ending::Succeeded | Ending::Failed { .. } => {
                for (calls, days) in self.calls.iter_mut().zip(WINDOWS) {
                    *calls += u64::from(in_window(at, days));
                }
                if in_window(at, REVIEW_WINDOW) {
                    self.foreign += u64::from(call.foreign);
                }
                self.last = self.last.max(Some(at));
            }
            Ending::Denied { .. } => self.denied += u64::from(in_window(at, REVIEW_WINDOW)),
            Ending::DryRun => {}
        }
    }

    fn review_calls(&self) -> u64 {
        self.calls.iter().copied().max().unwrap_or_default()
    }

    fn to_json(self) -> Value {
        let mut told = Map::new();
        for (calls, days) in self.calls.iter().zip(WINDOWS) {
            told.insert(days.to_string(), json!(calls));
        }
        told.insert(
            "last".to_owned(),
            json!(self.last.map(|last| last.to_string())),
        );
        Value::Object(told)
    }
}

fn in_window(at: Moment, days: i64) -> bool {
    REVIEW_DAY.plus(-days).at(0, 0, 0) <= at && at < REVIEW_DAY.at(0, 0, 0)
}

/// The actions for which the number is not zero.
fn counted(
    uses: &BTreeMap<&'static str, Use>,
    number: impl Fn(&Use) -> u64,
) -> BTreeMap<&'static str, u64> {
    uses.iter()
        .map(|(action, one)| (*action, number(one)))
        .filter(|(_, number)| *number > 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::at;

    #[test]
    fn a_window_holds_its_first_second_and_not_the_one_before() {
        assert!(in_window(at((2026, 7, 3), (0, 0, 0)), 90));
        assert!(!in_window(at((2026, 7, 2), (23, 59, 59)), 90));
        assert!(in_window(at((2026, 9, 30), (23, 59, 59)), 7));
        assert!(!in_window(at((2026, 10, 1), (0, 0, 0)), 7));
    }
}
