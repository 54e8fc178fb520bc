//! Removes actions from a policy by the smallest edit: a document and actions in, a document out.
//!
//! Only allows are edited. Denies, conditions, resources, principals, `Sid`s, the order of
//! statements and of keys, and whether a list or one value is written stay as they are. In an allow,
//!
//! - an action pattern that matches no removed action stays;
//! - one that matches nothing else goes;
//! - one that matches both becomes the fewest patterns that match just the kept actions of the
//!   catalog: the beginnings that only kept actions share, else names in full;
//! - `NotAction` gets the removed actions added, in the same few patterns.
//!
//! A statement without actions goes, and so does a document without statements. A wildcard that is
//! split no longer covers actions that AWS adds later.
//!
//! [`cut_out`] removes actions on some resources only.
//!
//! INVARIANT: the edited document was read back, every statement grants what it granted less the
//! removed actions, and no pattern is broader than an old one; else there is an error and no edit.

mod check;
mod compact;
mod cut;
mod edit;
mod plan;
mod proof;
mod relation;
mod removal;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::catalog::Catalog;
use crate::document::{ActionElement, Document};
use crate::index::indexed;
use edit::Edit;
use removal::Removal;

pub use crate::error::TrimError;
pub use cut::{Cut, CutOut, Refusal, Refused, cut_out};

/// A policy without some of its actions.
#[derive(Debug, Clone, PartialEq)]
pub struct Trim {
    /// The edited document; the old one if nothing had to change; `None` if nothing is left of it.
    pub document: Option<Document>,
    /// Those of the actions to remove that the old document allowed.
    pub removed: BTreeSet<String>,
    /// Whether the document differs from the old one.
    pub changed: bool,
}

/// Removes actions, given by name in any case, from everything that a document allows.
///
/// Names in full; a name with a wildcard in it removes nothing. What another policy or another
/// statement of this one also allows is cut here as well, in every statement of this document.
///
/// # Errors
/// [`TrimError`] if the edit does not pass its own check, which is a bug here.
///
/// ```
/// use curtail_iam::{catalog::Catalog, document::Document, trim::trim};
/// let text = r#"{"Statement": {"Effect": "Allow", "Action": ["sts:TagSession", "sts:AssumeRole"], "Resource": "*"}}"#;
/// let trimmed = trim(&Document::parse(text)?, &["sts:TagSession".to_owned()].into(), Catalog::embedded())?;
/// let kept = trimmed.document.map(|document| document.value()["Statement"]["Action"].clone());
/// assert_eq!(kept, Some(serde_json::json!(["sts:AssumeRole"])));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn trim(
    document: &Document,
    remove: &BTreeSet<String>,
    catalog: &Catalog,
) -> Result<Trim, TrimError> {
    indexed(catalog, |index| {
        let removal = Removal::new(document, remove, index);
        let statements = document.statements.iter();
        let edits: Vec<Edit> = statements
            .map(|statement| edit::edit(statement, &removal))
            .collect();
        let changed = edits.iter().any(|edit| *edit != Edit::Keep);
        let edited = if changed {
            let value = apply(document, &edits);
            value
                .map(Document::from_value)
                .transpose()
                .map_err(TrimError::NotADocument)?
        } else {
            Some(document.clone())
        };
        check::check(document, edited.as_ref(), &edits, &removal)?;
        Ok(Trim {
            document: edited,
            removed: removal.given,
            changed,
        })
    })
}

/// The document's JSON after the edits; `None` if no statement is left.
fn apply(document: &Document, edits: &[Edit]) -> Option<Value> {
    let mut value = document.value().clone();
    let statements = value.get_mut("Statement")?;
    match statements {
        Value::Array(list) => {
            let edited = std::mem::take(list).into_iter().zip(edits);
            list.extend(edited.filter_map(|(statement, edit)| edited_statement(statement, edit)));
            if list.is_empty() {
                return None;
            }
        }
        single => *single = edited_statement(single.take(), edits.first()?)?,
    }
    Some(value)
}

fn edited_statement(mut statement: Value, edit: &Edit) -> Option<Value> {
    let (key, patterns) = match edit {
        Edit::Keep => return Some(statement),
        Edit::Drop => return None,
        Edit::Replace(ActionElement::Action(patterns)) => ("Action", patterns),
        Edit::Replace(ActionElement::NotAction(patterns)) => ("NotAction", patterns),
    };
    let element = statement.get_mut(key)?;
    *element = match (&element, patterns.as_slice()) {
        (Value::String(_), [single]) => Value::String(single.clone()),
        _ => Value::from(patterns.clone()),
    };
    Some(statement)
}

#[cfg(test)]
mod cut_tests;
#[cfg(test)]
mod tests;
