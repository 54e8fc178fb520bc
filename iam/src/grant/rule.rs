//! The statements of all policies of a role, with what is settled about them beforehand.

use std::collections::BTreeSet;

use crate::document::{Effect, ResourceElement, Statement, Version};
use crate::evaluate::{
    CutShort, Layer, Truth, condition_holds, layered, principal_applies, readings, resource_pattern,
};
use crate::index::{Format, Kind};
use crate::pattern::{Fit, ResourcePattern};
use crate::policy::{Context, NamedPolicy, RolePolicies};

/// A statement with its place, its resources read, and its conditions tested against what is known.
pub(super) struct Rule<'a> {
    pub(super) policy: &'a NamedPolicy,
    pub(super) layer: Layer,
    pub(super) index: usize,
    pub(super) statement: &'a Statement,
    /// Whether principal and conditions hold, given what is known of every request.
    pub(super) holds: Truth,
    pub(super) scope: Scope,
}

/// Every rule that bears on the role. Allows of resource control policies do not.
pub(super) fn rules<'a>(policies: &'a RolePolicies, known: &Context) -> Vec<Rule<'a>> {
    let mut rules = Vec::new();
    for (layer, policy) in layered(policies) {
        let version = policy.document.version;
        for (index, statement) in policy.document.statements.iter().enumerate() {
            if statement.effect == Effect::Deny || !matches!(layer, Layer::Rcp { .. }) {
                rules.push(Rule {
                    policy,
                    layer,
                    index,
                    statement,
                    holds: holds(statement, version, known),
                    scope: Scope::read(&statement.resources, version, cut_short(layer), known),
                });
            }
        }
    }
    rules
}

impl Rule<'_> {
    /// Tells whether the rule is an allow of an identity policy.
    pub(super) fn grants(&self) -> bool {
        self.layer == Layer::Identity && self.statement.effect == Effect::Allow
    }

    /// Tells whether principal and conditions hold in a request.
    pub(super) fn holds_in(&self, context: &Context) -> Truth {
        match &self.holds {
            Truth::Unknown(_) => holds(self.statement, self.policy.document.version, context),
            settled => settled.clone(),
        }
    }
}

/// What an ARN with missing components means in a policy of the layer.
fn cut_short(layer: Layer) -> CutShort {
    match layer {
        Layer::Rcp { .. } => CutShort::AsWritten,
        _ => CutShort::Completed,
    }
}

fn holds(statement: &Statement, version: Version, context: &Context) -> Truth {
    let conditions = statement.conditions.iter();
    principal_applies(statement).and(Truth::all(
        conditions.map(|condition| condition_holds(condition, version, context)),
    ))
}

/// A resource pattern with the variables in it that are not known.
pub(super) struct Piece {
    pub(super) pattern: ResourcePattern,
    pub(super) unknown: BTreeSet<String>,
}

/// The resources that a statement is about.
pub(super) struct Scope {
    pub(super) pieces: Vec<Piece>,
    /// The pieces are left out, and all else is meant.
    pub(super) negated: bool,
    /// The statement names no resources, so nothing is known of them.
    unsettled: bool,
}

impl Scope {
    fn read(
        element: &ResourceElement,
        version: Version,
        cut_short: CutShort,
        known: &Context,
    ) -> Self {
        let (patterns, negated): (&[String], bool) = match element {
            ResourceElement::Resource(patterns) => (patterns, false),
            ResourceElement::NotResource(patterns) => (patterns, true),
            ResourceElement::Absent => (&[], false),
        };
        let readings = patterns
            .iter()
            .flat_map(|pattern| readings(pattern, cut_short));
        let read = readings.map(|reading| resource_pattern(&reading, version, known));
        Self {
            // A variable without a value makes a pattern that takes nothing.
            pieces: read
                .filter(|(_, variables)| !variables.valueless)
                .map(|(pattern, variables)| Piece {
                    pattern,
                    unknown: variables.unknown,
                })
                .collect(),
            negated,
            unsettled: *element == ResourceElement::Absent,
        }
    }

    /// Tells whether every resource is meant.
    pub(super) fn is_everything(&self) -> bool {
        match self.pieces.as_slice() {
            [] => self.negated,
            pieces => !self.negated && pieces.iter().any(Piece::is_everything),
        }
    }

    /// Tells whether the resource is meant.
    pub(super) fn takes(&self, resource: &str) -> Truth {
        if self.unsettled {
            return Truth::unknown("missing `Resource` element");
        }
        let listed = Truth::any(self.pieces.iter().map(|piece| piece.takes(resource)));
        if self.negated {
            listed.negated()
        } else {
            listed
        }
    }

    /// Tells that every resource within the region is meant; `false` proves nothing.
    pub(super) fn covers(&self, region: &Region) -> bool {
        match region {
            Region::NoResource => self.takes("*") == Truth::True,
            Region::Within(_) if self.unsettled => false,
            Region::Within(region) if self.negated => self
                .pieces
                .iter()
                .all(|piece| piece.pattern.overlaps(region) == Fit::No),
            Region::Within(region) => self
                .pieces
                .iter()
                .any(|piece| piece.unknown.is_empty() && piece.pattern.covers(region)),
        }
    }

    /// Tells whether some resource within the region may be meant; `false` is a proof.
    pub(super) fn touches(&self, region: &Region, kind: Kind<'_>) -> bool {
        match region {
            Region::NoResource => self.takes("*") != Truth::False,
            Region::Within(_) if self.unsettled => true,
            Region::Within(region) if self.negated => !self
                .pieces
                .iter()
                .any(|piece| piece.unknown.is_empty() && piece.pattern.covers(region)),
            Region::Within(region) => self.pieces.iter().any(|piece| {
                usable(&piece.pattern, kind) && piece.pattern.overlaps(region) != Fit::No
            }),
        }
    }

    /// Tells whether the scope may mean a resource that an action of the kind takes; `false` is a proof.
    pub(super) fn concerns(&self, kind: Kind<'_>) -> bool {
        match kind {
            Kind::Takes([]) => self.takes("*") != Truth::False,
            _ if self.negated || self.unsettled => !self.pieces.iter().any(Piece::is_everything),
            _ => self.pieces.iter().any(|piece| usable(&piece.pattern, kind)),
        }
    }

    /// The regions that the scope consists of, as far as an action of the kind takes resources there.
    pub(super) fn regions(&self, kind: Kind<'_>) -> Vec<Region> {
        if !self.concerns(kind) {
            Vec::new()
        } else if kind == Kind::Takes(&[]) {
            vec![Region::NoResource]
        } else if self.negated || self.unsettled {
            vec![Region::Within(ResourcePattern::parse("*"))]
        } else {
            let pieces = self
                .pieces
                .iter()
                .filter(|piece| usable(&piece.pattern, kind));
            pieces
                .map(|piece| Region::Within(piece.pattern.clone()))
                .collect()
        }
    }
}

impl Piece {
    fn is_everything(&self) -> bool {
        self.unknown.is_empty() && self.pattern.is_everything()
    }

    fn takes(&self, resource: &str) -> Truth {
        let unknown = |on: BTreeSet<String>| {
            if on.is_empty() {
                Truth::True
            } else {
                Truth::Unknown(on)
            }
        };
        match self.pattern.fits(resource) {
            Fit::Yes => unknown(self.unknown.clone()),
            Fit::No => Truth::False,
            Fit::Undecided => Truth::unknown("resource pattern"),
        }
    }
}

/// Resources on which an action is considered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Region {
    /// The action takes no resource.
    NoResource,
    /// All within the pattern.
    Within(ResourcePattern),
}

impl Region {
    /// Tells that all of the other region lies in this one; `false` proves nothing.
    pub(super) fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::NoResource, Self::NoResource) => true,
            (Self::Within(wide), Self::Within(narrow)) => wide.covers(narrow),
            _ => false,
        }
    }

    /// Tells whether the regions may have a resource in common; `false` is a proof.
    pub(super) fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::NoResource, Self::NoResource) => true,
            (Self::Within(a), Self::Within(b)) => a.overlaps(b) != Fit::No,
            _ => false,
        }
    }
}

/// Tells whether an action of the kind may take a resource within the pattern.
fn usable(pattern: &ResourcePattern, kind: Kind<'_>) -> bool {
    match kind {
        Kind::Unknown => true,
        Kind::Takes(formats) => {
            pattern.is_everything()
                || formats
                    .iter()
                    .any(|format: &Format| format.may_be_within(pattern))
        }
    }
}
