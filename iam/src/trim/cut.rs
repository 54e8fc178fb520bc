//! Removes actions on some resources only: a document and pairs of both in, a document out.
//!
//! As with [`super::trim`] only allows are edited. A statement whose actions differ in what they keep
//! becomes two or more, in its place, under its conditions: either the actions cut are moved to a
//! statement of their own on the resources that they keep, or the resources cut are, whichever gives
//! fewer statements, then fewer characters. From `*`, and from a `NotResource`, a cut is made with
//! `NotResource`: narrower than before, and exact. From any other wildcard only what lies wholly
//! within the cut can be removed; a cut that takes a part of one is refused as a whole, and the
//! statement stays as it is.
//!
//! INVARIANT: the edited document lies within the old one, allows nothing that was cut, and keeps, of
//! the catalog's actions, all else; else there is an error and no edit.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::plan::plan;
use super::relation::{Relation, has_variable, is_everything, relation};
use super::{TrimError, proof};
use crate::catalog::Catalog;
use crate::document::{Document, Effect, ResourceElement, Statement};
use crate::evaluate::action_matches;
use crate::index::indexed;

/// An action to remove on the resources within a pattern.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cut {
    /// The action's name in full, in any case; one with a wildcard removes nothing.
    pub action: String,
    /// The resource pattern; `*` for all.
    pub resource: String,
}

/// Why a cut cannot be made by editing allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// It takes a part of a wildcard pattern, and patterns have no exceptions.
    PartOfAWildcard,
    /// It holds a policy variable and the statement does not list that same pattern. What is left out
    /// by a variable without a value is nothing.
    Variable,
    /// The statement has no `Resource` element.
    NoResource,
}

/// A cut that was not made, and the first statement that stands in its way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refused {
    /// The cut.
    pub cut: Cut,
    /// The statement's index, from 0.
    pub statement: usize,
    /// Why.
    pub reason: Refusal,
}

/// A policy without some actions on some resources.
#[derive(Debug, Clone, PartialEq)]
pub struct CutOut {
    /// The edited document; the old one if nothing had to change; `None` if nothing is left of it.
    pub document: Option<Document>,
    /// The cuts that were made: those of the given ones that some allow granted a part of.
    pub removed: BTreeSet<Cut>,
    /// The cuts that were not made, sorted.
    pub refused: Vec<Refused>,
    /// Whether the document differs from the old one.
    pub changed: bool,
}

/// Removes actions on resources from everything that a document allows.
///
/// # Errors
/// [`TrimError`] if the edit does not pass its own check, which is a bug here.
///
/// ```
/// use curtail_iam::{catalog::Catalog, document::Document, trim::{Cut, cut_out}};
/// let text = r#"{"Statement": {"Effect": "Allow", "Action": "sqs:SendMessage",
///     "Resource": ["arn:aws:sqs:eu-west-1:111122223333:a", "arn:aws:sqs:eu-west-1:111122223333:b"]}}"#;
/// let cut = Cut {
///     action: "sqs:SendMessage".to_owned(),
///     resource: "arn:aws:sqs:eu-west-1:111122223333:b".to_owned(),
/// };
/// let edited = cut_out(&Document::parse(text)?, &[cut].into(), Catalog::embedded())?;
/// let kept = edited.document.map(|document| document.value()["Statement"]["Resource"].clone());
/// assert_eq!(kept, Some(serde_json::json!(["arn:aws:sqs:eu-west-1:111122223333:a"])));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn cut_out(
    document: &Document,
    cuts: &BTreeSet<Cut>,
    catalog: &Catalog,
) -> Result<CutOut, TrimError> {
    let mut refused: BTreeMap<Cut, Refused> = BTreeMap::new();
    for (place, statement) in document.statements.iter().enumerate() {
        for cut in cuts {
            let reason = refusal(document, statement, cut);
            if let Some(reason) = reason {
                refused.entry(cut.clone()).or_insert_with(|| Refused {
                    cut: cut.clone(),
                    statement: place,
                    reason,
                });
            }
        }
    }
    let granted = |cut: &&Cut| {
        let mut statements = document.statements.iter();
        !refused.contains_key(*cut) && statements.any(|one| is_touched(document, one, cut))
    };
    let made: BTreeSet<Cut> = cuts.iter().filter(granted).cloned().collect();
    let refused = refused.into_values().collect();
    if made.is_empty() {
        return Ok(CutOut {
            document: Some(document.clone()),
            removed: made,
            refused,
            changed: false,
        });
    }
    let edited = edited(document, &made, catalog)?;
    proof::check(document, edited.as_ref(), &made, catalog)?;
    Ok(CutOut {
        document: edited,
        removed: made,
        refused,
        changed: true,
    })
}

/// Why the cut cannot be made in the statement, if it cannot.
fn refusal(document: &Document, statement: &Statement, cut: &Cut) -> Option<Refusal> {
    if !is_touched(document, statement, cut) {
        return None;
    }
    let version = document.version;
    let is_open = has_variable(&cut.resource, version);
    match &statement.resources {
        ResourceElement::Absent => Some(Refusal::NoResource),
        ResourceElement::NotResource(_) => is_open.then_some(Refusal::Variable),
        ResourceElement::Resource(patterns) => {
            let everything = patterns.iter().any(|one| is_everything(one, version));
            let mut relations = patterns
                .iter()
                .map(|pattern| relation(pattern, &cut.resource, version));
            let in_part = relations.any(|relation| relation == Relation::Partly);
            match (in_part, is_open) {
                (true, true) => Some(Refusal::Variable),
                (true, false) if !everything => Some(Refusal::PartOfAWildcard),
                _ => None,
            }
        }
    }
}

/// Tells whether the statement may allow something that the cut is about.
pub(super) fn is_touched(document: &Document, statement: &Statement, cut: &Cut) -> bool {
    let version = document.version;
    let is_apart = |pattern: &String| relation(pattern, &cut.resource, version) == Relation::Apart;
    let covers = |pattern: &String| relation(&cut.resource, pattern, version) == Relation::Within;
    statement.effect == Effect::Allow
        && !cut.action.contains(['*', '?'])
        && action_matches(&statement.actions, &cut.action)
        && match &statement.resources {
            ResourceElement::Resource(patterns) => !patterns.iter().all(is_apart),
            ResourceElement::NotResource(patterns) => !patterns.iter().any(covers),
            ResourceElement::Absent => true,
        }
}

/// The document after the cuts; `None` if nothing is left.
fn edited(
    document: &Document,
    cuts: &BTreeSet<Cut>,
    catalog: &Catalog,
) -> Result<Option<Document>, TrimError> {
    let mut value = document.value().clone();
    let Some(given) = value.get_mut("Statement") else {
        return Ok(None);
    };
    let single = !given.is_array();
    let list = match given.take() {
        Value::Array(list) => list,
        single => vec![single],
    };
    let mut statements = indexed(catalog, |index| {
        let mut statements: Vec<Value> = Vec::new();
        for (value, read) in list.into_iter().zip(&document.statements) {
            let touching = cuts.iter().filter(|cut| is_touched(document, read, cut));
            let touching: Vec<&Cut> = touching.collect();
            if touching.is_empty() {
                statements.push(value);
            } else {
                statements.extend(plan(document, read, &value, &touching, index));
            }
        }
        statements
    });
    unique_sids(&mut statements);
    if statements.is_empty() {
        return Ok(None);
    }
    *given = if single && statements.len() == 1 {
        statements.remove(0)
    } else {
        Value::Array(statements)
    };
    let document = Document::from_value(value).map_err(TrimError::NotADocument)?;
    Ok(Some(document))
}

/// Gives a number to every `Sid` that stands a second time.
fn unique_sids(statements: &mut [Value]) {
    let sid = |statement: &Value| {
        statement
            .get("Sid")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let mut taken: BTreeSet<String> = statements.iter().filter_map(sid).collect();
    let mut seen = BTreeSet::new();
    for statement in statements {
        let Some(own) = sid(statement).filter(|own| !own.is_empty()) else {
            continue;
        };
        if seen.insert(own.clone()) {
            continue;
        }
        let mut numbered = (2_usize..).map(|number| format!("{own}{number}"));
        let free = numbered.find(|name| !taken.contains(name));
        if let (Some(free), Some(element)) = (free, statement.get_mut("Sid")) {
            taken.insert(free.clone());
            seen.insert(free.clone());
            *element = Value::String(free);
        }
    }
}
