//! Whether some request on one resource is allowed: the conditions in play, and values to try.
//!
//! Tries, for one condition key after the other, the values that the policies name, values beside
//! them, and none. Keys that the role fixes, such as its tags, are not the caller's to choose.
//!
//! INVARIANT: `true` rests on a request that the rules allow, except that conditions of an identity
//! policy on keys that nothing else asks about are taken as met.

use std::collections::{BTreeMap, BTreeSet};

use super::decide::Question;
use super::rule::Rule;
use crate::document::Condition;
use crate::evaluate::{Comparison, Operator, Truth};
use crate::policy::{Context, is_fixed_for_a_role};

/// The most combinations of values that are tried for one resource; chosen.
const MOST_TRIES: usize = 2000;

/// The rules that bear on one resource.
pub(super) struct Case<'a> {
    allows: Vec<&'a Rule<'a>>,
    layers: Vec<Vec<&'a Rule<'a>>>,
    denies: Vec<&'a Rule<'a>>,
}

impl<'a> Case<'a> {
    pub(super) fn new(question: &Question<'a>, resource: &str) -> Self {
        let taking = |rules: &[&'a Rule<'a>], fits: fn(&Truth) -> bool| {
            let rules = rules.iter().copied();
            rules
                .filter(|rule| fits(&rule.scope.takes(resource)))
                .collect()
        };
        Self {
            allows: taking(&question.allows, |takes| *takes != Truth::False),
            layers: question
                .layers
                .iter()
                .map(|(_, allows)| taking(allows, |takes| *takes == Truth::True))
                .collect(),
            denies: taking(&question.denies, |takes| *takes != Truth::False),
        }
    }

    /// Tells that some request is allowed; `false` says that none was found.
    pub(super) fn is_satisfiable(&self, known: &Context) -> bool {
        let values = self.values();
        let mut tries = MOST_TRIES;
        self.search(&mut known.clone(), &values, &mut tries)
    }

    fn search(&self, context: &mut Context, values: &Candidates, tries: &mut usize) -> bool {
        let (others, own) = (self.others_allow(context), self.own_allow(context));
        match others.clone().and(own.clone()) {
            Truth::True => return true,
            Truth::False => return false,
            Truth::Unknown(_) if others == Truth::True => {
                if self.is_met_elsewhere(&own) {
                    return true;
                }
            }
            Truth::Unknown(_) => {}
        }
        let Truth::Unknown(open) = others.and(own) else {
            return false;
        };
        let next = open.iter().find_map(|key| values.get_key_value(key));
        let Some((key, candidates)) = next.filter(|(key, _)| !context.contains_key(*key)) else {
            return false;
        };
        for candidate in candidates {
            *tries = tries.saturating_sub(1);
            context.insert(key.clone(), candidate.clone());
            if *tries > 0 && self.search(context, values, tries) {
                return true;
            }
        }
        context.remove(key);
        false
    }

    /// Boundary and SCPs allow, and nothing denies.
    fn others_allow(&self, context: &Context) -> Truth {
        let layers = self.layers.iter().map(|allows| any_holds(allows, context));
        Truth::all(layers).and(any_holds(&self.denies, context).negated())
    }

    fn own_allow(&self, context: &Context) -> Truth {
        any_holds(&self.allows, context)
    }

    /// Tells whether what an identity policy still asks for is asked for by nothing else.
    fn is_met_elsewhere(&self, own: &Truth) -> bool {
        let others = self.layers.iter().flatten().chain(&self.denies);
        let asked: BTreeSet<String> = others.flat_map(|rule| keys(rule)).collect();
        matches!(own, Truth::Unknown(open) if open.is_disjoint(&asked))
    }

    /// The values to try, by key.
    fn values(&self) -> Candidates {
        let rules = self
            .allows
            .iter()
            .chain(self.layers.iter().flatten())
            .chain(&self.denies);
        let mut values = Candidates::new();
        for condition in rules.flat_map(|rule| &rule.statement.conditions) {
            let key = condition.key.to_ascii_lowercase();
            if !is_fixed_for_a_role(&key) {
                values.entry(key).or_default().extend(named(condition));
            }
        }
        for candidates in values.values_mut() {
            candidates.extend(GENERAL.iter().map(|&value| vec![value.to_owned()]));
            candidates.push(Vec::new());
            let mut seen = BTreeSet::new();
            candidates.retain(|candidate| seen.insert(candidate.clone()));
        }
        values
    }
}

/// Values to try by lower-case key; an empty one leaves the key out of the request.
type Candidates = BTreeMap<String, Vec<Vec<String>>>;

/// Values of each type that a policy rarely names.
const GENERAL: [&str; 7] = [
    "true",
    "false",
    "w",
    "203.0.113.77",
    "0",
    "9999999999",
    "9999-12-31",
];

fn any_holds(rules: &[&Rule<'_>], context: &Context) -> Truth {
    Truth::any(rules.iter().map(|rule| rule.holds_in(context)))
}

/// The condition keys that a rule asks about, variables included.
fn keys(rule: &Rule<'_>) -> BTreeSet<String> {
    let conditions = rule.statement.conditions.iter();
    let mut keys: BTreeSet<String> = conditions
        .map(|condition| condition.key.to_ascii_lowercase())
        .collect();
    if let Truth::Unknown(open) = &rule.holds {
        keys.extend(open.iter().cloned());
    }
    keys
}

/// The values that a condition names, and their neighbours where they have an order.
fn named(condition: &Condition) -> Vec<Vec<String>> {
    let comparison = Operator::parse(&condition.operator).map(|operator| operator.comparison);
    let mut values = Vec::new();
    for value in condition
        .values
        .iter()
        .filter(|value| !value.contains("${"))
    {
        match comparison {
            Some(Comparison::TextLike | Comparison::Arn) => {
                values.push(value.replace(['*', '?'], "w"));
            }
            Some(Comparison::Address) => {
                values.extend(value.split('/').next().map(str::to_owned));
            }
            Some(Comparison::Number(_) | Comparison::Date(_)) => {
                values.push(value.clone());
                let number = value.parse::<i64>().ok();
                let neighbours = number
                    .into_iter()
                    .flat_map(|n| [n.saturating_add(1), n.saturating_sub(1)]);
                values.extend(neighbours.map(|n| n.to_string()));
            }
            _ => values.push(value.clone()),
        }
    }
    values.into_iter().map(|value| vec![value]).collect()
}
