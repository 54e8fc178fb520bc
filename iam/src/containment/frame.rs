//! One allow of the narrow side against all statements that bear on it.
//!
//! A request that the allow lets through is fine if a deny of the narrow side stops it, or if an allow
//! of the wide side lets it through and every deny of the wide side that stops it is answered by a
//! deny of the narrow side that stops it as well. Conditions count only as far as one implies
//! another, so what is fine here is fine in every request, and what is not may be.

use super::clause::{Clause, clauses};
use super::imply::{Conditions, together_imply};
use super::variable::Variables;
use crate::document::{Document, Effect, Statement};

/// A statement with its conditions.
pub(super) struct Conditioned<'a> {
    pub(super) clause: Clause<'a>,
    pub(super) conditions: Conditions,
}

/// The statements of both sides by what they do.
#[derive(Default)]
pub(super) struct Sides<'a> {
    pub(super) narrow_allows: Vec<Conditioned<'a>>,
    pub(super) narrow_denies: Vec<Conditioned<'a>>,
    pub(super) wide_allows: Vec<Conditioned<'a>>,
    pub(super) wide_denies: Vec<Conditioned<'a>>,
}

impl<'a> Sides<'a> {
    /// Reads the statements of both lists.
    pub(super) fn read(
        wide: &'a [Document],
        narrow: &'a [Document],
        variables: &mut Variables,
    ) -> Self {
        let mut sides = Self::default();
        for (documents, is_wide) in [(wide, true), (narrow, false)] {
            for clause in clauses(documents, variables) {
                let Statement {
                    effect, conditions, ..
                } = clause.statement;
                let conditions = Conditions::read(conditions, clause.version, variables);
                let list = match (is_wide, effect) {
                    (true, Effect::Allow) => &mut sides.wide_allows,
                    (true, Effect::Deny) => &mut sides.wide_denies,
                    (false, Effect::Allow) => &mut sides.narrow_allows,
                    (false, Effect::Deny) => &mut sides.narrow_denies,
                };
                list.push(Conditioned { clause, conditions });
            }
        }
        sides
    }

    /// How many pairs of patterns there are.
    pub(super) fn pairs(&self) -> usize {
        let patterns = |lists: [&Vec<Conditioned<'_>>; 2]| -> usize {
            let clauses = lists.into_iter().flatten().map(|one| &one.clause);
            clauses
                .map(|clause| clause.actions.len() + clause.resources.len())
                .sum()
        };
        let of_narrow = patterns([&self.narrow_allows, &self.narrow_denies]);
        of_narrow.saturating_mul(patterns([&self.wide_allows, &self.wide_denies]))
    }
}

/// What a statement does for the question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// A deny of the narrow side; `alone` where it stops all that the allow lets through there.
    Spares { alone: bool },
    /// An allow of the wide side that holds wherever the allow does.
    Allows,
    /// A deny of the wide side, with the places of the peers that stop the same.
    Denies { answers: Vec<usize> },
}

/// A statement that bears on the allow.
pub(super) struct Peer<'a> {
    pub(super) clause: &'a Clause<'a>,
    pub(super) role: Role,
}

/// The allow with its peers.
pub(super) struct Frame<'a> {
    pub(super) own: &'a Clause<'a>,
    pub(super) peers: Vec<Peer<'a>>,
}

impl<'a> Frame<'a> {
    /// Gathers the peers, where these conditions are known to hold.
    pub(super) fn new(own: &'a Clause<'a>, known: &Conditions, sides: &'a Sides<'a>) -> Self {
        let mut peers = Vec::new();
        for allow in &sides.wide_allows {
            if allow.clause.has_principal_of(own) && known.imply(&allow.conditions) {
                let clause = &allow.clause;
                let role = Role::Allows;
                peers.push(Peer { clause, role });
            }
        }
        let bearing = |one: &&Conditioned<'a>| !one.clause.is_apart_from(own);
        let denies: Vec<&Conditioned<'a>> = sides.wide_denies.iter().filter(bearing).collect();
        let first_answer = peers.len();
        let spares: Vec<&Conditioned<'a>> = sides.narrow_denies.iter().filter(bearing).collect();
        for spare in &spares {
            let clause = &spare.clause;
            let alone = clause.has_principal_of(own) && known.imply(&spare.conditions);
            let role = Role::Spares { alone };
            peers.push(Peer { clause, role });
        }
        for deny in denies {
            if known.exclude(&deny.conditions) {
                continue;
            }
            let clause = &deny.clause;
            let together = known.with(&deny.conditions);
            let answers = |spare: &&Conditioned<'a>| {
                (spare.clause.has_principal_of(clause) || spare.clause.has_principal_of(own))
                    && together_imply(&together, &spare.conditions)
            };
            let answering = (first_answer..)
                .zip(&spares)
                .filter(|(_, spare)| answers(spare));
            let answering: Vec<(usize, &&Conditioned<'a>)> = answering.collect();
            let is_answered = answering.iter().any(|(_, spare)| {
                spare.clause.covers_actions(clause) && spare.clause.covers_resources(clause)
            });
            if !is_answered {
                let answers = answering.iter().map(|&(place, _)| place).collect();
                let role = Role::Denies { answers };
                peers.push(Peer { clause, role });
            }
        }
        Self { own, peers }
    }

    /// Tells whether a request that the allow lets through is fine, given the peers, ascending, that
    /// are about its action and its resource.
    pub(super) fn is_fine(&self, about: &[usize]) -> bool {
        let role = |&peer: &usize| self.peers.get(peer).map(|peer| &peer.role);
        let mut allowed = false;
        for role in about.iter().filter_map(role) {
            match role {
                Role::Spares { alone: true } => return true,
                Role::Allows => allowed = true,
                Role::Spares { alone: false } | Role::Denies { .. } => {}
            }
        }
        allowed
            && about.iter().filter_map(role).all(|role| match role {
                Role::Denies { answers } => answers
                    .iter()
                    .any(|answer| about.binary_search(answer).is_ok()),
                Role::Spares { .. } | Role::Allows => true,
            })
    }

    /// Tells whether nothing of the wide side denies what the allow lets through.
    pub(super) fn is_undenied(&self) -> bool {
        let denies = |peer: &Peer<'_>| matches!(peer.role, Role::Denies { .. });
        !self.peers.iter().any(denies)
    }

    /// Tells whether being about a request makes the peer settle that it is fine.
    pub(super) fn settles(&self, peer: usize) -> bool {
        match self.peers.get(peer).map(|peer| &peer.role) {
            Some(Role::Spares { alone }) => *alone,
            Some(Role::Allows) => self.is_undenied(),
            Some(Role::Denies { .. }) | None => false,
        }
    }

    /// Tells that a single statement of the wide side allows all of it; `false` proves nothing.
    pub(super) fn is_covered_by_one(&self) -> bool {
        let covers = |peer: &Peer<'_>| {
            peer.role == Role::Allows
                && peer.clause.covers_actions(self.own)
                && peer.clause.covers_resources(self.own)
        };
        self.is_undenied() && self.peers.iter().any(covers)
    }
}
