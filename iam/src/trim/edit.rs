//! What becomes of the actions of one statement.

use super::compact::{Duty, Name, patterns};
use super::removal::Removal;
use crate::document::{ActionElement, Effect, Statement};
use crate::pattern::wildcard_match_ignore_case;

/// The change to a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Edit {
    /// None.
    Keep,
    /// It goes.
    Drop,
    /// Its actions are these.
    Replace(ActionElement),
}

/// The change that removes the actions from what the statement allows.
pub(super) fn edit(statement: &Statement, removal: &Removal<'_>) -> Edit {
    match (&statement.actions, statement.effect) {
        (_, Effect::Deny) => Edit::Keep,
        (ActionElement::Action(listed), Effect::Allow) => narrowed(listed, removal),
        (ActionElement::NotAction(listed), Effect::Allow) => widened(listed, removal),
    }
}

/// Narrows a list of patterns.
fn narrowed(listed: &[String], removal: &Removal<'_>) -> Edit {
    let cut: Vec<bool> = listed
        .iter()
        .map(|pattern| removal.touches(pattern))
        .collect();
    if !cut.contains(&true) {
        return Edit::Keep;
    }
    let untouched = listed.iter().zip(&cut).filter(|&(_, &cut)| !cut);
    let mut covered = removal
        .index
        .cells(untouched.flat_map(|(pattern, _)| removal.index.expand(pattern)));
    let mut edited = Vec::new();
    for (pattern, cut) in listed.iter().zip(cut) {
        if !cut {
            edited.push(pattern.clone());
            continue;
        }
        let places = removal.index.expand(pattern);
        edited.extend(patterns(
            pattern,
            &names(pattern, &places, &covered, removal),
        ));
        for place in places {
            if let Some(cell) = covered.get_mut(place) {
                *cell = true;
            }
        }
    }
    if edited.is_empty() {
        Edit::Drop
    } else {
        Edit::Replace(ActionElement::Action(edited))
    }
}

/// The names that a pattern matches, with what its successors owe to each.
fn names<'a>(
    pattern: &str,
    places: &[usize],
    covered: &[bool],
    removal: &'a Removal<'_>,
) -> Vec<Name<'a>> {
    let duty = |place: usize| {
        if removal.has(place) {
            Duty::Spare
        } else if covered.get(place) == Some(&true) {
            Duty::Either
        } else {
            Duty::Match
        }
    };
    let known = places
        .iter()
        .filter_map(|&place| named(removal, place, duty(place)));
    let matched = |name: &&String| wildcard_match_ignore_case(pattern, name);
    let strangers = removal.strangers.iter().filter(matched);
    sorted(known.chain(strangers.map(|name| stranger(name, Duty::Spare))))
}

/// Widens the list of a `NotAction`.
fn widened(listed: &[String], removal: &Removal<'_>) -> Edit {
    let index = removal.index;
    let left_out = index.cells(listed.iter().flat_map(|pattern| index.expand(pattern)));
    let duty = |(place, &left_out): (usize, &bool)| {
        let duty = match (left_out, removal.has(place)) {
            (true, _) => Duty::Either,
            (false, true) => Duty::Match,
            (false, false) => Duty::Spare,
        };
        named(removal, place, duty)
    };
    let is_listed = |name: &&String| {
        listed
            .iter()
            .any(|pattern| wildcard_match_ignore_case(pattern, name))
    };
    let strangers = removal.strangers.iter().filter(|name| !is_listed(name));
    let known = left_out.iter().enumerate().filter_map(duty);
    let names = sorted(known.chain(strangers.map(|name| stranger(name, Duty::Match))));
    let any = |duty: Duty| names.iter().any(|name| name.duty == duty);
    if !any(Duty::Match) {
        Edit::Keep
    } else if !any(Duty::Spare) {
        Edit::Drop
    } else {
        let mut edited = listed.to_vec();
        edited.extend(patterns("*", &names));
        Edit::Replace(ActionElement::NotAction(edited))
    }
}

fn named<'a>(removal: &Removal<'a>, place: usize, duty: Duty) -> Option<Name<'a>> {
    let entry = removal.index.entries().get(place)?;
    Some(Name {
        text: &entry.name,
        lower: &entry.lower,
        duty,
    })
}

fn stranger(name: &str, duty: Duty) -> Name<'_> {
    Name {
        text: name,
        lower: name,
        duty,
    }
}

fn sorted<'a>(names: impl Iterator<Item = Name<'a>>) -> Vec<Name<'a>> {
    let mut names: Vec<Name<'a>> = names.collect();
    names.sort_by(|a, b| a.lower.cmp(b.lower));
    names
}
