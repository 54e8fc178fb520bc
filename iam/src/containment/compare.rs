//! Compares two lists: a proof for each allow of the narrow one, a witness against it, or a doubt.
//!
//! The strict reading of patterns is searched first, then the loose one where a pattern has two. What
//! may not be fine in either is handed to the evaluator; if it finds no request there, the reading that
//! only certain differences pass is searched. An allow that is doubtful as a whole is tried once more
//! with its lists of condition values taken apart.

use super::clause::Clause;
use super::frame::{Conditioned, Frame, Sides};
use super::imply::Conditions;
use super::lanes::Reading;
use super::search::{Ended, Field};
use super::variable::Variables;
use super::witness::Judge;
use super::{Containment, Doubt, Reason, Witness};
use crate::document::Document;
use crate::index::ActionIndex;
use crate::pattern::product::Next;

/// The most steps of searches in all; chosen, a few tenths of a second.
const MOST_WORK: usize = 20_000_000;

/// The most parts of one allow that are taken up without a witness; chosen.
const MOST_TAKEN_UP: usize = 24;

/// Two lists being compared.
pub(super) struct Comparison<'a> {
    pub(super) sides: &'a Sides<'a>,
    pub(super) variables: &'a Variables,
    pub(super) index: &'a ActionIndex,
    pub(super) listed_only: bool,
    pub(super) documents: (&'a [Document], &'a [Document]),
}

/// What became of one allow.
enum Outcome {
    Fine,
    Apart(Witness),
    Doubtful(Doubt),
}

impl Comparison<'_> {
    /// Compares one allow of the narrow list after the other.
    pub(super) fn answer(&self) -> Containment {
        let mut work = MOST_WORK;
        let mut judge = None;
        let mut doubt = None;
        for allow in &self.sides.narrow_allows {
            match self.allow(allow, &mut work, &mut judge) {
                Outcome::Fine => {}
                Outcome::Apart(witness) => return Containment::NotContained { witness },
                Outcome::Doubtful(why) => doubt = doubt.or(Some(why)),
            }
        }
        match doubt {
            None => Containment::Contained,
            Some(why) => Containment::Unknown { why },
        }
    }

    /// Compares what one allow of the narrow list lets through.
    fn allow(
        &self,
        allow: &Conditioned<'_>,
        work: &mut usize,
        judge: &mut Option<Judge>,
    ) -> Outcome {
        let whole = self.under(allow, &allow.conditions, work, judge);
        let Outcome::Doubtful(why) = whole else {
            return whole;
        };
        let alternatives = allow.conditions.alternatives();
        if alternatives.len() < 2 {
            return Outcome::Doubtful(why);
        }
        for alternative in &alternatives {
            let outcome = self.under(allow, alternative, work, judge);
            if !matches!(outcome, Outcome::Fine) {
                return outcome;
            }
        }
        Outcome::Fine
    }

    /// As [`Comparison::allow`], where these conditions hold.
    fn under(
        &self,
        allow: &Conditioned<'_>,
        known: &Conditions,
        work: &mut usize,
        judge: &mut Option<Judge>,
    ) -> Outcome {
        let frame = Frame::new(&allow.clause, known, self.sides);
        if allow.clause.is_unsettled() && !frame.is_covered_by_one() {
            return Outcome::Doubtful(Doubt::of(&allow.clause, Reason::NoResource));
        }
        let loose = self.has_loose_patterns();
        let mut readings = vec![Reading::Strict];
        readings.extend(loose.then_some(Reading::Loose));
        let mut taken_up = 0;
        for reading in readings {
            match self.read(&frame, reading, work, judge, &mut taken_up) {
                Ok(()) => {}
                Err(outcome) => return outcome,
            }
        }
        if taken_up == 0 {
            return Outcome::Fine;
        }
        if loose
            && let Err(outcome) = self.read(&frame, Reading::Certain, work, judge, &mut taken_up)
        {
            return outcome;
        }
        Outcome::Doubtful(Doubt::of(&allow.clause, self.reason(allow, loose)))
    }

    /// Looks for a witness in one reading. Counts what may not be fine and gave none.
    fn read(
        &self,
        frame: &Frame<'_>,
        reading: Reading,
        work: &mut usize,
        judge: &mut Option<Judge>,
        taken_up: &mut usize,
    ) -> Result<(), Outcome> {
        let field = Field {
            index: self.index,
            listed_only: self.listed_only,
            reading,
        };
        let (wide, narrow) = self.documents;
        let most = *taken_up + MOST_TAKEN_UP;
        let mut found = None;
        let mut try_out = |action: &str, resource: &str| {
            *taken_up += 1;
            let judge = judge.get_or_insert_with(|| Judge::new(wide, narrow));
            found = judge.witness(action, resource, self.variables, self.index);
            if found.is_some() || *taken_up >= most {
                Next::Stop
            } else {
                Next::GoOn
            }
        };
        let ended = frame.search(&field, work, &mut try_out);
        match (found, ended) {
            (Some(witness), _) => Err(Outcome::Apart(witness)),
            (None, Ended::TooLarge) => {
                Err(Outcome::Doubtful(Doubt::of(frame.own, Reason::TooLarge)))
            }
            (None, Ended::Whole | Ended::Stopped) => Ok(()),
        }
    }

    fn has_loose_patterns(&self) -> bool {
        self.clauses().any(|clause| {
            let mut pieces = clause.resources.iter();
            pieces.any(|piece| !piece.is_everything() && piece.open.may_run_over_colons())
        })
    }

    fn clauses(&self) -> impl Iterator<Item = &Clause<'_>> {
        let sides = self.sides;
        let lists = [
            &sides.narrow_allows,
            &sides.narrow_denies,
            &sides.wide_allows,
            &sides.wide_denies,
        ];
        lists.into_iter().flatten().map(|one| &one.clause)
    }

    /// What most likely stands in the way of an answer.
    fn reason(&self, allow: &Conditioned<'_>, loose: bool) -> Reason {
        let sides = self.sides;
        let peers = || {
            let lists = [&sides.narrow_denies, &sides.wide_allows, &sides.wide_denies];
            let all = lists.into_iter().flatten().chain([allow]);
            all.filter(|one| !one.clause.is_apart_from(&allow.clause))
        };
        let has_principal = |one: &Conditioned<'_>| one.clause.has_principal();
        if peers().any(has_principal) {
            Reason::Principals
        } else if peers().any(|one| one.clause.is_unsettled()) {
            Reason::NoResource
        } else if peers().any(|one| !one.conditions.is_empty()) {
            Reason::Conditions
        } else if peers().any(|one| one.clause.has_variables()) {
            Reason::Variables
        } else if loose {
            Reason::Readings
        } else {
            Reason::TooLarge
        }
    }
}
