//! The proof of a role's changes: old and new policies and the recorded uses in, what holds out.
//!
//! Every legitimate or unattributed call of the window that passed authorization is asked of both
//! policy sets, possible uses as well as certain ones. A use holds if the new set allows it, if
//! neither set explains it (something else allowed it, and the change leaves that alone), or if
//! both are undecided and the statements that match its action are the same in both.
//!
//! What is known of every session of a role goes into the request; what the record does not prove
//! stays unknown.
//!
//! INVARIANT: a proof that [`holds`](Proof::holds) has no use that the change could deny.

use std::collections::{BTreeMap, BTreeSet};

use curtail_analyze::{ReplayRow, Role};
use curtail_iam::arn::RoleArn;
use curtail_iam::catalog::Catalog;
use curtail_iam::evaluate::{Decision, Request, evaluate};
use curtail_iam::policy::{Context, RolePolicies, role_context};
use serde::Serialize;

use super::broader;
use super::statement::matching;

/// Uses that break a proof and are named in it (chosen: enough to see the pattern).
const NAMED_USES: usize = 10;

/// What a replay of the recorded uses against old and new policies shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// Calls replayed; one that needs two actions counts for each.
    pub calls_replayed: i64,
    /// Distinct pairs of action and resource replayed.
    pub uses_replayed: usize,
    /// Of the calls, those that only possibly needed the action.
    pub possible_calls: i64,
    /// Calls that the old policies allow, or may, and the new ones would deny.
    pub would_be_denied: i64,
    /// Calls of which the new policies leave open what the old ones left less open.
    pub unproven: i64,
    /// Calls undecided under both, whose matching statements are unchanged.
    pub undecided: i64,
    /// The context keys on which those depend.
    pub undecided_on: BTreeSet<String>,
    /// Calls that the old policies do not explain either; the change leaves them alone.
    pub not_explained: i64,
    /// The first uses that break the proof.
    pub breaks: Vec<UnprovenUse>,
    /// Whether the new policies are proven to allow nothing that the old ones did not.
    pub not_broader: bool,
    /// Why that could not be proven.
    pub broader: Vec<String>,
}

/// A use that a change would deny, or leave open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnprovenUse {
    /// The agent; none if unattributed.
    pub agent: Option<String>,
    /// The action used.
    pub action: String,
    /// The resource, if the record proves it.
    pub resource: Option<String>,
    /// How often.
    pub calls: i64,
}

impl Proof {
    /// Whether the changes may be applied.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.would_be_denied == 0 && self.unproven == 0 && self.not_broader
    }

    /// Why the proof does not hold; none if it does.
    pub(super) fn objection(&self) -> Option<String> {
        if self.would_be_denied > 0 {
            return Some(format!(
                "{} of {} replayed calls would be denied{}",
                self.would_be_denied,
                self.calls_replayed,
                self.first_break()
            ));
        }
        if self.unproven > 0 {
            return Some(format!(
                "{} of {} replayed calls are no longer surely allowed{}",
                self.unproven,
                self.calls_replayed,
                self.first_break()
            ));
        }
        if self.not_broader {
            return None;
        }
        let first = self.broader.first().map_or("", String::as_str);
        Some(format!(
            "the new policies are not proven within the old ones: {first}"
        ))
    }

    fn first_break(&self) -> String {
        self.breaks
            .first()
            .map(|broken| format!(", the first of them {}", broken.action))
            .unwrap_or_default()
    }

    fn record(&mut self, row: &ReplayRow, verdict: Verdict) {
        self.uses_replayed += 1;
        self.calls_replayed += row.calls;
        if row.strength.as_str() == "possible" {
            self.possible_calls += row.calls;
        }
        match verdict {
            Verdict::Holds => return,
            Verdict::NotExplained => {
                self.not_explained += row.calls;
                return;
            }
            Verdict::Unchanged(keys) => {
                self.undecided += row.calls;
                self.undecided_on.extend(keys);
                return;
            }
            Verdict::Denied => self.would_be_denied += row.calls,
            Verdict::Open => self.unproven += row.calls,
        }
        if self.breaks.len() < NAMED_USES {
            self.breaks.push(UnprovenUse {
                agent: row.agent.clone(),
                action: row.action.clone(),
                resource: row.resource.clone(),
                calls: row.calls,
            });
        }
    }
}

enum Verdict {
    Holds,
    NotExplained,
    Unchanged(Vec<String>),
    Denied,
    Open,
}

/// Replays the role's uses against its policies and the new ones.
pub(super) fn prove(
    role: &Role,
    new: &RolePolicies,
    replay: &[&ReplayRow],
    catalog: &Catalog,
) -> Proof {
    let old = &role.policies;
    let context =
        RoleArn::parse(&role.arn).map_or_else(|_| Context::new(), |arn| role_context(&arn));
    let mut same: BTreeMap<&str, bool> = BTreeMap::new();
    let mut proof = Proof::default();
    for row in replay {
        let request = Request {
            action: &row.action,
            resource: row.resource.as_deref(),
            context: context.clone(),
        };
        let mut unchanged = || {
            *same.entry(&row.action).or_insert_with(|| {
                matching(&old.identity, &row.action) == matching(&new.identity, &row.action)
            })
        };
        let verdict = compare(
            &evaluate(old, &request),
            evaluate(new, &request),
            &mut unchanged,
        );
        proof.record(row, verdict);
    }
    proof.broader = broader::widenings(&old.identity, &new.identity, catalog);
    proof.not_broader = proof.broader.is_empty();
    proof
}

fn compare(old: &Decision, new: Decision, unchanged: &mut dyn FnMut() -> bool) -> Verdict {
    match (old, new) {
        (_, Decision::Allowed { .. }) => Verdict::Holds,
        (Decision::ExplicitlyDenied { .. } | Decision::ImplicitlyDenied { .. }, _) => {
            Verdict::NotExplained
        }
        (_, Decision::Undecided { on }) if unchanged() => Verdict::Unchanged(on),
        (_, Decision::Undecided { .. }) => Verdict::Open,
        (_, Decision::ExplicitlyDenied { .. } | Decision::ImplicitlyDenied { .. }) => {
            Verdict::Denied
        }
    }
}
