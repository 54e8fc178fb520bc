//! Which rules bear on which actions of the catalog.

use std::collections::BTreeMap;

use super::rule::Rule;
use crate::document::Effect;
use crate::index::ActionIndex;

/// The rules that bear on an action, as bits by their places.
pub(super) type Signature = Vec<u64>;

/// The signatures of all actions, one after the other.
pub(super) struct Signatures {
    bits: Vec<u64>,
    /// How many numbers a signature has.
    words: usize,
    /// The places of the actions that an identity policy allows, ascending.
    pub(super) granted: Vec<usize>,
}

impl Signatures {
    /// Asks every rule. Grants come first, since only what they match is asked about.
    pub(super) fn of(rules: &[Rule<'_>], index: &ActionIndex) -> Self {
        let entries = index.entries().len();
        let words = rules.len().div_ceil(64);
        let mut found = Self {
            bits: vec![0; entries * words],
            words,
            granted: Vec::new(),
        };
        let mut is_granted = vec![false; entries];
        for (bit, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.grants()) {
            index.each_of_element(&rule.statement.actions, |place| {
                if let Some(cell) = is_granted.get_mut(place) {
                    *cell = true;
                }
                found.set(place, bit);
            });
        }
        let granted = is_granted
            .iter()
            .enumerate()
            .filter(|&(_, &is_granted)| is_granted);
        found.granted = granted.map(|(place, _)| place).collect();
        for (bit, rule) in rules.iter().enumerate().filter(|(_, rule)| !rule.grants()) {
            let mut concerned = Concerned::new(rule);
            index.each_of_element(&rule.statement.actions, |place| {
                if is_granted.get(place) == Some(&true)
                    && let Some(entry) = index.entries().get(place)
                    && concerned.is(index, entry.kind)
                {
                    found.set(place, bit);
                }
            });
        }
        found
    }

    /// The rules that bear on the action at a place.
    pub(super) fn at(&self, place: usize) -> &[u64] {
        let from = place * self.words;
        self.bits.get(from..from + self.words).unwrap_or_default()
    }

    fn set(&mut self, place: usize, bit: usize) {
        if let Some(word) = self.bits.get_mut(place * self.words + bit / 64) {
            *word |= 1 << (bit % 64);
        }
    }
}

/// Whether a rule bears on the actions of a kind, asked once for each kind.
struct Concerned<'a> {
    /// A deny on some resources; every other rule bears on all actions that it matches.
    partial_deny: Option<&'a Rule<'a>>,
    known: BTreeMap<usize, bool>,
}

impl<'a> Concerned<'a> {
    fn new(rule: &'a Rule<'a>) -> Self {
        let is_partial = rule.statement.effect == Effect::Deny && !rule.scope.is_everything();
        Self {
            partial_deny: is_partial.then_some(rule),
            known: BTreeMap::new(),
        }
    }

    fn is(&mut self, index: &ActionIndex, kind: usize) -> bool {
        self.partial_deny.is_none_or(|deny| {
            let known = self.known.entry(kind);
            *known.or_insert_with(|| deny.scope.concerns(index.kind(kind)))
        })
    }
}
