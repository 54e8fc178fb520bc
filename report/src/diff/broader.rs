//! Whether new policies allow anything that the old ones did not: both in, the reasons why not out.
//!
//! Proven statement by statement, without a request: each new Allow has the resources and conditions
//! of old ones, and its actions lie within theirs; each old Deny is still there. That is shown on
//! the patterns, which holds for actions that no catalog knows yet, and once more on the catalog.
//!
//! INVARIANT: an empty answer is a proof. A pair that the proof does not cover counts as broader.

use std::collections::BTreeMap;

use curtail_iam::catalog::Catalog;
use curtail_iam::document::ActionElement;
use curtail_iam::pattern::{covers, overlaps};
use curtail_iam::policy::NamedPolicy;

use super::statement::{Shape, catalog_names, shaped};

type Elements<'a> = BTreeMap<Shape, Vec<&'a ActionElement>>;

/// What the new policies may allow beyond the old ones; empty if nothing.
pub(super) fn widenings(
    old: &[NamedPolicy],
    new: &[NamedPolicy],
    catalog: &Catalog,
) -> Vec<String> {
    let old = by_shape(old);
    let new = by_shape(new);
    let mut found = Vec::new();
    for (shape, elements) in new.iter().filter(|(shape, _)| shape.allows()) {
        let within = old.get(shape).map_or(&[][..], Vec::as_slice);
        for element in elements {
            if !lies_within(element, within) {
                found.push(format!(
                    "actions {element:?} are not within the old statement"
                ));
            }
        }
        if let Some(action) = first_new_action(elements, within, catalog) {
            found.push(format!("{action} was not allowed by the old statement"));
        }
    }
    for (shape, elements) in old.iter().filter(|(shape, _)| !shape.allows()) {
        let kept = new.get(shape).map_or(&[][..], Vec::as_slice);
        if elements.iter().any(|element| !kept.contains(element)) {
            found.push("a Deny statement is changed or gone".to_owned());
        }
    }
    found
}

fn by_shape(policies: &[NamedPolicy]) -> Elements<'_> {
    let mut elements = Elements::new();
    for (shape, statement) in shaped(policies) {
        elements.entry(shape).or_default().push(&statement.actions);
    }
    elements
}

/// Whether every name that the element matches is matched by one of the others. Sound, not complete.
fn lies_within(element: &ActionElement, others: &[&ActionElement]) -> bool {
    if others.contains(&element) {
        return true;
    }
    match element {
        ActionElement::Action(patterns) => patterns
            .iter()
            .all(|pattern| others.iter().any(|other| holds_pattern(other, pattern))),
        ActionElement::NotAction(excepted) => {
            others.iter().any(|other| holds_rest(other, excepted))
        }
    }
}

fn holds_pattern(element: &ActionElement, pattern: &str) -> bool {
    let pattern = pattern.to_ascii_lowercase();
    match element {
        ActionElement::Action(wide) => wide
            .iter()
            .any(|wide| covers(&wide.to_ascii_lowercase(), &pattern)),
        ActionElement::NotAction(excepted) => !excepted
            .iter()
            .any(|excepted| overlaps(&excepted.to_ascii_lowercase(), &pattern)),
    }
}

/// Whether an element matches everything but the excepted patterns.
fn holds_rest(element: &ActionElement, excepted: &[String]) -> bool {
    match element {
        ActionElement::Action(wide) => wide.iter().any(|wide| covers(wide, "*")),
        ActionElement::NotAction(before) => before.iter().all(|before| {
            excepted
                .iter()
                .any(|now| covers(&now.to_ascii_lowercase(), &before.to_ascii_lowercase()))
        }),
    }
}

fn first_new_action(
    elements: &[&ActionElement],
    within: &[&ActionElement],
    catalog: &Catalog,
) -> Option<String> {
    if elements.iter().all(|element| within.contains(element)) {
        return None;
    }
    let before = catalog_names(within, catalog);
    catalog_names(elements, catalog)
        .difference(&before)
        .next()
        .map(|action| (*action).to_owned())
}
