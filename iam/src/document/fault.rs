//! A fault of a document: its path in, the error that names statement and position out.

use serde_json::Value;

use super::position::{Path, Position};
use super::spans::Spans;
use crate::error::{DocumentError, printable};

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) path: Path,
    pub(super) reason: String,
}

impl Fault {
    pub(super) fn new(path: Path, reason: impl Into<String>) -> Self {
        Self {
            path,
            reason: reason.into(),
        }
    }

    /// Names the statement, and the position where the text is known.
    pub(super) fn into_error(self, value: &Value, text: Option<(&str, &Spans)>) -> DocumentError {
        let statement = self.path.statement_index();
        let position = text.and_then(|(text, spans)| {
            let offset = spans.offset(&self.path)?;
            Some(Position::of(text, offset))
        });
        DocumentError {
            statement,
            sid: statement.and_then(|index| sid(value, index)),
            position,
            reason: printable(&self.reason),
        }
    }
}

/// The statement of a document as given; one that stands without a list is the first.
pub(super) fn statement(document: &Value, index: usize) -> Option<&Value> {
    match document.get("Statement")? {
        Value::Array(list) => list.get(index),
        single => (index == 0).then_some(single),
    }
}

fn sid(document: &Value, index: usize) -> Option<String> {
    let sid = statement(document, index)?.get("Sid")?.as_str()?;
    Some(printable(sid))
}
