//! Conditions as far as one implies or excludes another at sight.
//!
//! All conditions of a statement must hold, so a statement that asks for more implies one that asks
//! for less. Beyond equal text, a condition implies another one on the same key whose values take in
//! all of its own: a longer list, a wider pattern or network, a looser bound, the `IfExists` form; of
//! negated operators the other way round.
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
//!
//! INVARIANT: `true` is a proof for every request, `false` proves nothing.

use super::values::Matches;
use super::variable::Variables;
use crate::document::{Condition, Version};
use crate::evaluate::{Comparison, Operator, Quantifier};

/// The conditions of a statement with their variables as letters.
#[derive(Debug, Clone)]
pub(super) struct Conditions {
    pub(super) version: Version,
    list: Vec<Condition>,
}

/// The most alternatives into which conditions are taken apart; chosen.
const MOST_ALTERNATIVES: usize = 64;

impl Conditions {
    /// Reads conditions.
    pub(super) fn read(list: &[Condition], version: Version, variables: &mut Variables) -> Self {
        let mut letters = |value: &String| {
            variables
                .replace(value, version)
                .unwrap_or_else(|| value.clone())
        };
        let list = list.iter().map(|condition| Condition {
            operator: condition.operator.to_ascii_lowercase(),
            key: condition.key.to_ascii_lowercase(),
            values: condition.values.iter().map(&mut letters).collect(),
        });
        Self {
            version,
            list: list.collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All of these and of the others.
    pub(super) fn with<'a>(&'a self, others: &'a Self) -> Vec<(&'a Condition, Version)> {
        self.each().chain(others.each()).collect()
    }

    fn each(&self) -> impl Iterator<Item = (&Condition, Version)> {
        self.list.iter().map(|condition| (condition, self.version))
    }

    /// Tells that in every request in which these hold, the others do.
    pub(super) fn imply(&self, others: &Self) -> bool {
        together_imply(&self.each().collect::<Vec<_>>(), others)
    }

    /// Tells that in no request both hold.
    pub(super) fn exclude(&self, others: &Self) -> bool {
        self.each()
            .any(|own| others.each().any(|other| excludes(own, other)))
    }

    /// Conditions of which one holds wherever these do: lists of alternatives taken apart.
    pub(super) fn alternatives(&self) -> Vec<Self> {
        let mut alternatives = vec![self.clone()];
        for (place, condition) in self.list.iter().enumerate() {
            let values = &condition.values;
            if !is_taken_apart(condition) || values.len() * alternatives.len() > MOST_ALTERNATIVES {
                continue;
            }
            let one_value = |whole: &Self, value: &String| {
                let mut single = whole.clone();
                if let Some(condition) = single.list.get_mut(place) {
                    condition.values = vec![value.clone()];
                }
                single
            };
            alternatives = alternatives
                .iter()
                .flat_map(|whole| values.iter().map(|value| one_value(whole, value)))
                .collect();
        }
        alternatives
    }
}

/// Tells whether a condition holds just if it does with one of its values alone.
fn is_taken_apart(condition: &Condition) -> bool {
    condition.values.len() > 1
        && Operator::parse(&condition.operator).is_some_and(|operator| {
            !operator.negated && operator.quantifier != Some(Quantifier::All)
        })
}

/// Tells that in every request in which all of these hold, the others do.
pub(super) fn together_imply(all: &[(&Condition, Version)], others: &Conditions) -> bool {
    others
        .each()
        .all(|other| all.iter().any(|&one| implies(one, other)))
}

/// A condition with the version of its document.
type Atom<'a> = (&'a Condition, Version);

fn implies(one: Atom<'_>, other: Atom<'_>) -> bool {
    if one.0.key != other.0.key {
        return false;
    }
    if says_the_same(one, other) {
        return true;
    }
    let (Some(own), Some(theirs)) = (operator(one), operator(other)) else {
        return false;
    };
    match (null(own, one), null(theirs, other)) {
        (Some(missing), Some(others)) => missing == others,
        (Some(true), None) => holds_if_missing(theirs),
        (None, Some(missing)) => !missing && !holds_if_missing(own),
        (Some(false), None) => false,
        (None, None) => {
            (!holds_if_missing(own) || holds_if_missing(theirs))
                && quantifiers_imply(own.quantifier, theirs.quantifier)
                && values_imply((own, one), (theirs, other))
        }
    }
}

fn says_the_same(one: Atom<'_>, other: Atom<'_>) -> bool {
    let has = |list: &Condition, value: &String| list.values.contains(value);
    one.0.operator == other.0.operator
        && (one.1 == other.1 || !one.0.values.iter().any(|value| value.contains('$')))
        && one.0.values.iter().all(|value| has(other.0, value))
        && other.0.values.iter().all(|value| has(one.0, value))
}

/// The operator, unless it has no values or is a `Null` whose value is not understood.
fn operator(atom: Atom<'_>) -> Option<Operator> {
    let understood = |operator: &Operator| {
        operator.comparison != Comparison::Null || null(*operator, atom).is_some()
    };
    Operator::parse(&atom.0.operator)
        .filter(understood)
        .filter(|_| !atom.0.values.is_empty())
}

/// Whether the key must be missing, if that is what the condition asks.
fn null(operator: Operator, atom: Atom<'_>) -> Option<bool> {
    let [value] = atom.0.values.as_slice() else {
        return None;
    };
    (operator.comparison == Comparison::Null)
        .then(|| value.to_ascii_lowercase().parse().ok())
        .flatten()
}

fn holds_if_missing(operator: Operator) -> bool {
    let by_default = match operator.quantifier {
        Some(Quantifier::All) => true,
        Some(Quantifier::Any) => false,
        None => operator.negated,
    };
    operator.if_exists || by_default
}

/// Tells whether what holds of the values under one quantifier holds under the other, if it does for
/// each single value. A plain operator is settled for one value alone.
fn quantifiers_imply(own: Option<Quantifier>, theirs: Option<Quantifier>) -> bool {
    matches!(
        (own, theirs),
        (None, _)
            | (Some(Quantifier::All), Some(_))
            | (Some(Quantifier::Any), Some(Quantifier::Any))
    )
}

/// Tells that a value for which the one holds is one for which the other does.
fn values_imply((own, one): (Operator, Atom<'_>), (theirs, other): (Operator, Atom<'_>)) -> bool {
    let ours = matches(own, one);
    let others = matches(theirs, other);
    let each_within = |narrow: &[Matches<'_>], wide: &[Matches<'_>]| {
        narrow
            .iter()
            .all(|value| wide.iter().any(|wide| value.within(wide)))
    };
    match (own.negated, theirs.negated) {
        (false, false) => each_within(&ours, &others),
        (true, true) => each_within(&others, &ours),
        (false, true) => ours
            .iter()
            .all(|value| others.iter().all(|other| value.apart(other))),
        (true, false) => others.iter().any(Matches::is_everything),
    }
}

fn matches(operator: Operator, atom: Atom<'_>) -> Vec<Matches<'_>> {
    let values = atom.0.values.iter();
    let read = values.map(|value| Matches {
        comparison: operator.comparison,
        value,
        version: atom.1,
    });
    read.collect()
}

fn excludes(one: Atom<'_>, other: Atom<'_>) -> bool {
    if one.0.key != other.0.key {
        return false;
    }
    let (Some(own), Some(theirs)) = (operator(one), operator(other)) else {
        return false;
    };
    match (null(own, one), null(theirs, other)) {
        (Some(missing), Some(others)) => missing != others,
        (Some(true), None) => !holds_if_missing(theirs),
        (None, Some(true)) => !holds_if_missing(own),
        (Some(false), None) | (None, Some(false)) => false,
        (None, None) => {
            let both_missing = holds_if_missing(own) && holds_if_missing(theirs);
            let any = Some(Quantifier::Any);
            let both_any = own.quantifier == any && theirs.quantifier == any;
            !both_missing && !both_any && values_exclude((own, one), (theirs, other))
        }
    }
}

/// Tells that no value is one for which both hold.
fn values_exclude((own, one): (Operator, Atom<'_>), (theirs, other): (Operator, Atom<'_>)) -> bool {
    let (ours, others) = (matches(own, one), matches(theirs, other));
    let all_within = |narrow: &[Matches<'_>], wide: &[Matches<'_>]| {
        narrow
            .iter()
            .all(|value| wide.iter().any(|wide| value.within(wide)))
    };
    match (own.negated, theirs.negated) {
        (false, false) => ours
            .iter()
            .all(|value| others.iter().all(|other| value.apart(other))),
        (false, true) => all_within(&ours, &others),
        (true, false) => all_within(&others, &ours),
        (true, true) => false,
    }
}
