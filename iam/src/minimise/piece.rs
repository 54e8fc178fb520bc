//! A document that is too long in, several that together say the same out.
//!
//! Statements stay whole where they fit and keep their order as far as they can; else an `Action` list,
//! and if need be a `Resource` list, is dealt out to copies of the statement. What is left out by
//! `NotAction` and `NotResource` cannot be dealt out without a change of meaning.
//!
//! INVARIANT: every piece was read back and is within the limit.

use serde_json::{Value, json};

use super::limit::{Limit, size};
use crate::document::Document;
use crate::error::SplitError;

/// Splits a document into as few as are needed to keep within a limit; one that fits stays as it is.
///
/// # Errors
/// [`SplitError::NoRoom`] if a statement is too long with one action and one resource;
/// [`SplitError::Shared`] if the limit holds for all documents together;
/// [`SplitError::NotADocument`] if a piece does not read back, which is a bug here.
///
/// ```
/// use curtail_iam::{document::Document, minimise::{Limit, split}};
/// let names: Vec<String> = (0..400).map(|n| format!("\"s3:GetObjectNumber{n}\"")).collect();
/// let text = format!(
///     r#"{{"Statement": {{"Effect": "Allow", "Action": [{}], "Resource": "*"}}}}"#,
///     names.join(",")
/// );
/// assert_eq!(split(&Document::parse(&text)?, Limit::Managed)?.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn split(document: &Document, limit: Limit) -> Result<Vec<Document>, SplitError> {
    let most = limit.characters();
    if size(document) <= most {
        return Ok(vec![document.clone()]);
    }
    if limit.is_shared() {
        return Err(SplitError::Shared {
            size: size(document),
            most,
        });
    }
    let statements = match document.value().get("Statement") {
        Some(Value::Array(list)) => list.as_slice(),
        Some(single) => std::slice::from_ref(single),
        None => &[],
    };
    let empty = with_statements(document, Vec::new());
    let room = most.saturating_sub(empty.to_string().len());
    let mut boxes: Vec<(usize, Vec<Value>)> = Vec::new();
    for (place, statement) in statements.iter().enumerate() {
        for piece in pieces(statement, room).ok_or(SplitError::NoRoom {
            statement: place,
            most,
        })? {
            pack(piece, room, &mut boxes);
        }
    }
    let documents = boxes.into_iter().map(|(_, statements)| {
        let value = with_statements(document, statements);
        Document::from_value(value).map_err(SplitError::NotADocument)
    });
    documents.collect()
}

/// The document with other statements.
fn with_statements(document: &Document, statements: Vec<Value>) -> Value {
    let mut value = document.value().clone();
    if let Some(given) = value.get_mut("Statement") {
        *given = Value::Array(statements);
    }
    value
}

/// Puts a statement into the first box that has room. A `Sid` that is taken there gets a number.
fn pack(statement: Value, room: usize, boxes: &mut Vec<(usize, Vec<Value>)>) {
    for (used, held) in boxes.iter_mut() {
        let renamed = renamed(&statement, held);
        let needed = renamed.to_string().len() + 1;
        if *used + needed <= room {
            *used += needed;
            held.push(renamed);
            return;
        }
    }
    boxes.push((statement.to_string().len(), vec![statement]));
}

fn renamed(statement: &Value, held: &[Value]) -> Value {
    let is_taken = |sid: &str| {
        held.iter()
            .any(|other| other.get("Sid") == Some(&json!(sid)))
    };
    let mut renamed = statement.clone();
    if let Some(Value::String(sid)) = renamed.get_mut("Sid")
        && !sid.is_empty()
    {
        let own = sid.clone();
        let mut number = 2_usize;
        while is_taken(sid) {
            *sid = format!("{own}{number}");
            number += 1;
        }
    }
    renamed
}

/// Statements that together say what this one does and fit each by itself; `None` if there are none.
fn pieces(statement: &Value, room: usize) -> Option<Vec<Value>> {
    if statement.to_string().len() <= room {
        return Some(vec![statement.clone()]);
    }
    let (key, list) = ["Action", "Resource"].into_iter().find_map(|key| {
        let list = statement.get(key)?.as_array()?;
        (list.len() > 1).then_some((key, list))
    })?;
    let with = |values: &[Value]| {
        let mut piece = statement.clone();
        if let Some(element) = piece.get_mut(key) {
            *element = Value::from(values);
        }
        piece
    };
    let bare = with(&[]).to_string().len();
    let mut found = Vec::new();
    let mut rest = list.as_slice();
    while !rest.is_empty() {
        let mut used = bare;
        let fitting = rest.iter().take_while(|value| {
            used += value.to_string().len() + 1;
            // The last value has no comma.
            used <= room + 1
        });
        let taken = fitting.count().max(1);
        let (part, left) = rest.split_at_checked(taken)?;
        found.extend(pieces(&with(part), room)?);
        rest = left;
    }
    Some(found)
}
