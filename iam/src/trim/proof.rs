//! Proves a cut before it is handed out, by comparing the documents as wholes.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::TrimError;
use super::cut::{Cut, is_touched};
use crate::catalog::Catalog;
use crate::containment::{Actions, Containment, contains};
use crate::document::Document;

/// Checks the edited document: within the old one, without the cuts, and with all else.
pub(super) fn check(
    old: &Document,
    new: Option<&Document>,
    cuts: &BTreeSet<Cut>,
    catalog: &Catalog,
) -> Result<(), TrimError> {
    let new_list: Vec<Document> = new.cloned().into_iter().collect();
    let old_list = std::slice::from_ref(old);
    if contains(old_list, &new_list, Actions::Every, catalog) != Containment::Contained {
        return Err(TrimError::Gained);
    }
    for statement in new_list.iter().flat_map(|new| &new.statements) {
        if let Some(cut) = cuts.iter().find(|cut| is_touched(old, statement, cut)) {
            return Err(TrimError::StillAllowed {
                action: cut.action.clone(),
                resource: cut.resource.clone(),
            });
        }
    }
    let mut both = new_list;
    both.extend(removed(old, cuts)?);
    if contains(&both, old_list, Actions::Listed, catalog) != Containment::Contained {
        return Err(TrimError::Lost);
    }
    Ok(())
}

/// What was cut, as a policy: each statement that is touched, on the actions and resources cut.
fn removed(old: &Document, cuts: &BTreeSet<Cut>) -> Result<Option<Document>, TrimError> {
    let mut statements = Vec::new();
    let given = match old.value().get("Statement") {
        Some(Value::Array(list)) => list.as_slice(),
        Some(single) => std::slice::from_ref(single),
        None => &[],
    };
    for (value, statement) in given.iter().zip(&old.statements) {
        for cut in cuts.iter().filter(|cut| is_touched(old, statement, cut)) {
            let mut removed = value.clone();
            if let Some(elements) = removed.as_object_mut() {
                elements.retain(|name, _| {
                    !matches!(
                        name.as_str(),
                        "Action" | "NotAction" | "Resource" | "NotResource"
                    )
                });
                elements.insert("Action".to_owned(), json!(cut.action));
                elements.insert("Resource".to_owned(), json!(cut.resource));
            }
            statements.push(removed);
        }
    }
    if statements.is_empty() {
        return Ok(None);
    }
    let mut value = old.value().clone();
    if let Some(element) = value.get_mut("Statement") {
        *element = Value::Array(statements);
    }
    let document = Document::from_value(value).map_err(TrimError::NotADocument)?;
    Ok(Some(document))
}
