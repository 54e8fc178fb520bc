//! The verdict on one action: a proof that it is blocked, an example that it is granted, or neither.

use super::example::examples;
use super::limit;
use super::rule::{Region, Rule};
use super::satisfy::Case;
use super::{GrantStatus, Limit};
use crate::document::{ActionElement, Effect};
use crate::evaluate::{Layer, Truth, required_layers};
use crate::index::Kind;
use crate::pattern::ResourcePattern;
use crate::policy::{Context, RolePolicies};

/// What became of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) status: GrantStatus,
    pub(super) limits: Vec<Limit>,
}

/// The rules that match one action.
pub(super) struct Question<'a> {
    pub(super) policies: &'a RolePolicies,
    pub(super) allows: Vec<&'a Rule<'a>>,
    /// Boundary and SCP levels, each with its allows that can hold.
    pub(super) layers: Vec<(Layer, Vec<&'a Rule<'a>>)>,
    /// Denies that can hold.
    pub(super) denies: Vec<&'a Rule<'a>>,
    pub(super) kind: Kind<'a>,
    known: &'a Context,
    partition: &'a str,
}

impl<'a> Question<'a> {
    pub(super) fn new(
        policies: &'a RolePolicies,
        rules: &[&'a Rule<'a>],
        kind: Kind<'a>,
        known: &'a Context,
        partition: &'a str,
    ) -> Self {
        let of = |layer: Layer, effect: Effect| {
            let rules = rules.iter().copied();
            rules.filter(move |rule| rule.layer == layer && rule.statement.effect == effect)
        };
        let can_hold = |rule: &&Rule<'_>| rule.holds != Truth::False;
        let limiting = required_layers(policies)
            .into_iter()
            .filter(|layer| *layer != Layer::Identity);
        let denies = rules
            .iter()
            .copied()
            .filter(|rule| rule.statement.effect == Effect::Deny);
        Self {
            policies,
            allows: of(Layer::Identity, Effect::Allow).collect(),
            layers: limiting
                .map(|layer| (layer, of(layer, Effect::Allow).filter(can_hold).collect()))
                .collect(),
            denies: denies.filter(can_hold).collect(),
            kind,
            known,
            partition,
        }
    }

    /// Decides.
    pub(super) fn verdict(&self) -> Verdict {
        let granted = self.granted_regions();
        let within = self.within_layers(&granted);
        let left: Vec<Region> = within
            .iter()
            .filter(|region| !self.denies.iter().any(|deny| is_denied(deny, region)))
            .cloned()
            .collect();
        let status = if granted.is_empty() && self.is_named_in_full() {
            GrantStatus::Undecided
        } else if left.is_empty() {
            GrantStatus::Blocked
        } else if self.has_example(&left) {
            GrantStatus::Granted
        } else {
            GrantStatus::Undecided
        };
        Verdict {
            status,
            limits: limit::limits(self, &granted),
        }
    }

    /// Whether an allow that can hold names, in full, an action that by the catalog takes no resource,
    /// and gives it ARNs. The reference lags behind the services here: `logs:DescribeLogGroups` on
    /// `arn:aws:logs:*:*:log-group:*` stands in policies that AWS publishes, and works.
    fn is_named_in_full(&self) -> bool {
        let takes_none = matches!(self.kind, Kind::Takes([]));
        let can_hold = self.allows.iter().filter(|rule| rule.holds != Truth::False);
        takes_none
            && can_hold
                .map(|rule| &rule.statement.actions)
                .any(names_in_full)
    }

    /// Where the identity policies allow the action.
    fn granted_regions(&self) -> Vec<Region> {
        let can_hold = self.allows.iter().filter(|rule| rule.holds != Truth::False);
        unique(can_hold.flat_map(|rule| rule.scope.regions(self.kind)))
    }

    /// What is left of the regions in the boundary and in every level of SCPs: a region as it is, or
    /// the parts of it that a layer allows.
    fn within_layers(&self, granted: &[Region]) -> Vec<Region> {
        let mut regions = granted.to_vec();
        for (_, allows) in &self.layers {
            let allowed = unique(allows.iter().flat_map(|rule| rule.scope.regions(self.kind)));
            let narrowed = regions
                .into_iter()
                .flat_map(|region| narrow(region, &allowed));
            regions = unique(narrowed);
        }
        regions
    }

    fn has_example(&self, regions: &[Region]) -> bool {
        let layers = self.layers.iter().flat_map(|(_, allows)| allows);
        let exceptions = self.denies.iter().filter(|deny| deny.scope.negated);
        let others = layers.chain(exceptions).flat_map(|rule| &rule.scope.pieces);
        let others: Vec<&ResourcePattern> = others.map(|piece| &piece.pattern).collect();
        examples(regions, &others, self.kind, self.partition)
            .iter()
            .any(|resource| Case::new(self, resource).is_satisfiable(self.known))
    }
}

/// Whether the element, which matches the action, lists actions without wildcards.
fn names_in_full(actions: &ActionElement) -> bool {
    match actions {
        ActionElement::Action(patterns) => {
            patterns.iter().all(|pattern| !pattern.contains(['*', '?']))
        }
        ActionElement::NotAction(_) => false,
    }
}

/// Tells that a deny is certain to hold on all of the region.
fn is_denied(deny: &Rule<'_>, region: &Region) -> bool {
    deny.holds == Truth::True && deny.scope.covers(region)
}

/// The parts of a region that are allowed, or more where they cannot be told.
fn narrow(region: Region, allowed: &[Region]) -> Vec<Region> {
    if allowed.iter().any(|wide| wide.covers(&region)) {
        return vec![region];
    }
    let parts = allowed.iter().filter(|part| part.meets(&region));
    parts
        .map(|part| {
            if region.covers(part) {
                part.clone()
            } else {
                region.clone()
            }
        })
        .collect()
}

fn unique(regions: impl Iterator<Item = Region>) -> Vec<Region> {
    let mut regions: Vec<Region> = regions.collect();
    regions.sort();
    regions.dedup();
    regions
}
