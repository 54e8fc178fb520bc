//! A statement in the form that comparing needs: its patterns read, its variables as letters.
//!
//! Two questions are answered here by pairs of patterns alone: whether one statement is certain to be
//! about all that another one is about, and whether the two are certain to have nothing in common.
//! What takes several patterns together is left to the search.

use std::borrow::Cow;

use super::lanes::Bound;
use super::place::Place;
use super::variable::Variables;
use crate::document::{
    ActionElement, Document, PrincipalElement, ResourceElement, Statement, Version,
};
use crate::evaluate::{CutShort, readings, resource_pattern};
use crate::pattern::product::is_symbol;
use crate::pattern::{Fit, Glob, ResourcePattern, Token};
use crate::policy::Context;

/// How many components of an ARN stand before the one that may hold variables.
const EARLY_COMPONENTS: usize = 5;

/// A statement.
pub(super) struct Clause<'a> {
    pub(super) statement: &'a Statement,
    pub(super) version: Version,
    pub(super) place: Place,
    /// Action patterns in lower case.
    pub(super) actions: Vec<Glob>,
    /// Whether the actions are all but these.
    pub(super) other_actions: bool,
    pub(super) resources: Vec<Piece<'a>>,
    /// Whether the resources are all but these.
    pub(super) other_resources: bool,
}

/// A resource pattern.
pub(super) struct Piece<'a> {
    text: Cow<'a, str>,
    version: Version,
    /// The pattern with letters for its variables; `None` where the meaning of one is not settled.
    pub(super) pattern: Option<ResourcePattern>,
    /// The pattern with stars for its variables.
    pub(super) open: ResourcePattern,
    has_variables: bool,
    has_single: bool,
}

/// Reads all statements of the documents.
pub(super) fn clauses<'a>(documents: &'a [Document], variables: &mut Variables) -> Vec<Clause<'a>> {
    let mut clauses = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        for (statement_index, statement) in document.statements.iter().enumerate() {
            let place = Place {
                document: index,
                statement: statement_index,
                sid: statement.sid.clone(),
            };
            clauses.push(Clause::read(statement, document.version, place, variables));
        }
    }
    clauses
}

impl<'a> Clause<'a> {
    fn read(
        statement: &'a Statement,
        version: Version,
        place: Place,
        variables: &mut Variables,
    ) -> Self {
        let (patterns, other_resources): (&[String], bool) = match &statement.resources {
            ResourceElement::Resource(patterns) => (patterns, false),
            ResourceElement::NotResource(patterns) => (patterns, true),
            ResourceElement::Absent => (&[], false),
        };
        let actions = statement.actions.patterns().iter();
        // A policy that names principals is attached to a resource.
        let cut_short = match statement.principal {
            PrincipalElement::Absent => CutShort::Completed,
            _ => CutShort::AsWritten,
        };
        let readings = patterns
            .iter()
            .flat_map(|pattern| readings(pattern, cut_short));
        Self {
            statement,
            version,
            place,
            actions: actions
                .map(|pattern| Glob::parse(&pattern.to_ascii_lowercase()))
                .collect(),
            other_actions: matches!(statement.actions, ActionElement::NotAction(_)),
            resources: readings
                .map(|reading| Piece::read(reading, version, variables))
                .collect(),
            other_resources,
        }
    }

    /// Tells whether the statement has no resources to speak of.
    pub(super) fn is_unsettled(&self) -> bool {
        self.statement.resources == ResourceElement::Absent
    }

    pub(super) fn has_principal(&self) -> bool {
        self.statement.principal != PrincipalElement::Absent
    }

    pub(super) fn has_variables(&self) -> bool {
        let mut pieces = self.resources.iter();
        pieces.any(|piece| piece.has_variables || piece.pattern.is_none())
    }

    /// Tells whether both are about the same principals; identity policies name none.
    pub(super) fn has_principal_of(&self, other: &Self) -> bool {
        self.statement.principal == other.statement.principal
    }

    /// Tells that the statement is about every action of the other one; `false` proves nothing.
    pub(super) fn covers_actions(&self, other: &Self) -> bool {
        match (self.other_actions, other.other_actions) {
            (false, false) => other.actions.iter().all(|narrow| self.takes_action(narrow)),
            (true, false) => other.actions.iter().all(|narrow| self.takes_action(narrow)),
            (true, true) => self
                .actions
                .iter()
                .all(|left_out| other.actions.iter().any(|wide| wide.covers(left_out))),
            (false, true) => self.actions.iter().any(Glob::is_everything),
        }
    }

    /// Tells that the statement is about all actions within the pattern; `false` proves nothing.
    pub(super) fn takes_action(&self, narrow: &Glob) -> bool {
        if self.other_actions {
            !self
                .actions
                .iter()
                .any(|left_out| left_out.overlaps(narrow))
        } else {
            self.actions.iter().any(|wide| wide.covers(narrow))
        }
    }

    /// Tells that the statement is about no action within the pattern; `false` proves nothing.
    pub(super) fn takes_no_action(&self, narrow: &Glob) -> bool {
        if self.other_actions {
            self.leaves_out_action(narrow)
        } else {
            !self.actions.iter().any(|wide| wide.overlaps(narrow))
        }
    }

    /// Tells that the statement is about every resource of the other one; `false` proves nothing.
    pub(super) fn covers_resources(&self, other: &Self) -> bool {
        if self.is_unsettled() || other.is_unsettled() {
            return self.is_unsettled() && other.is_unsettled();
        }
        match (self.other_resources, other.other_resources) {
            (_, false) => other
                .resources
                .iter()
                .all(|narrow| self.takes_resource(narrow)),
            (true, true) => self
                .resources
                .iter()
                .all(|left_out| other.resources.iter().any(|wide| wide.covers(left_out))),
            (false, true) => self.resources.iter().any(Piece::is_everything),
        }
    }

    /// Tells that the statement is about all resources within the pattern; `false` proves nothing.
    pub(super) fn takes_resource(&self, narrow: &Piece<'_>) -> bool {
        if self.is_unsettled() {
            false
        } else if self.other_resources {
            !self
                .resources
                .iter()
                .any(|left_out| left_out.may_overlap(narrow))
        } else {
            self.resources.iter().any(|wide| wide.covers(narrow))
        }
    }

    /// Tells that no request is on actions and resources of both; `false` proves nothing.
    pub(super) fn is_apart_from(&self, other: &Self) -> bool {
        let apart_in_actions = match (self.other_actions, other.other_actions) {
            (false, false) => {
                let met = |a: &Glob| other.actions.iter().any(|b| a.overlaps(b));
                !self.actions.iter().any(met)
            }
            (true, false) => other.actions.iter().all(|one| self.leaves_out_action(one)),
            (false, true) => self.actions.iter().all(|one| other.leaves_out_action(one)),
            (true, true) => false,
        };
        apart_in_actions || self.is_apart_in_resources(other)
    }

    fn leaves_out_action(&self, one: &Glob) -> bool {
        self.actions.iter().any(|left_out| left_out.covers(one))
    }

    fn is_apart_in_resources(&self, other: &Self) -> bool {
        if self.is_unsettled() || other.is_unsettled() {
            return false;
        }
        match (self.other_resources, other.other_resources) {
            (false, false) => {
                let met = |a: &Piece<'_>| other.resources.iter().any(|b| a.may_overlap(b));
                !self.resources.iter().any(met)
            }
            (true, false) => other
                .resources
                .iter()
                .all(|one| self.leaves_out_resource(one)),
            (false, true) => self
                .resources
                .iter()
                .all(|one| other.leaves_out_resource(one)),
            (true, true) => false,
        }
    }

    /// Tells that no resource within the pattern is meant, given that such are left out.
    pub(super) fn leaves_out_resource(&self, one: &Piece<'_>) -> bool {
        self.resources.iter().any(|left_out| left_out.covers(one))
    }
}

impl<'a> Piece<'a> {
    fn read(text: Cow<'a, str>, version: Version, variables: &mut Variables) -> Self {
        let none_known = Context::new();
        let (open, _) = resource_pattern(&text, version, &none_known);
        let pattern = variables
            .replace(&text, version)
            .map(|replaced| resource_pattern(&replaced, version, &none_known).0)
            .filter(|pattern| {
                let mut early = pattern.components().iter().take(EARLY_COMPONENTS);
                pattern.components().len() > EARLY_COMPONENTS && !early.any(has_variable)
                    || !pattern.components().iter().any(has_variable)
            });
        let steps = || pattern.iter().flat_map(|one| one.whole().tokens());
        Self {
            text,
            version,
            open,
            has_variables: steps().any(|&step| is_variable(step)),
            has_single: steps().any(|&step| step == Token::One),
            pattern,
        }
    }

    pub(super) fn is_everything(&self) -> bool {
        self.pattern
            .as_ref()
            .is_some_and(ResourcePattern::is_everything)
    }

    pub(super) fn has_variables(&self) -> bool {
        self.has_variables
    }

    /// Tells whether an action without a resource is meant too.
    pub(super) fn takes_no_resource(&self, bound: Bound) -> bool {
        match (bound, &self.pattern) {
            (Bound::Upper, _) => self.open.fits("*") != Fit::No,
            (Bound::Lower, Some(pattern)) => pattern.fits("*") == Fit::Yes,
            (Bound::Lower, None) => false,
        }
    }

    /// Tells that every resource within the other pattern is within this one; `false` proves nothing.
    pub(super) fn covers(&self, narrow: &Self) -> bool {
        if self.text == narrow.text && self.version == narrow.version {
            return true;
        }
        let (Some(wide), Some(pattern)) = (&self.pattern, &narrow.pattern) else {
            return self.is_everything();
        };
        // The value of a variable is any text, and a question mark takes one letter alone.
        !(narrow.has_variables && self.has_single) && wide.covers(pattern)
    }

    /// Tells whether some resource may be within both; `false` is a proof.
    pub(super) fn may_overlap(&self, other: &Self) -> bool {
        self.open.overlaps(&other.open) != Fit::No
    }
}

fn has_variable(component: &Glob) -> bool {
    component.tokens().iter().any(|&step| is_variable(step))
}

fn is_variable(step: Token) -> bool {
    matches!(step, Token::Char(letter) if is_symbol(letter))
}
