//! Policy documents: the JSON of a policy in, its statements out, and the same JSON back.
//!
//! Every legal form is read: one statement or a list, one value or a list, both language versions,
//! and the URL-encoded text that the IAM API returns. What is no policy is refused, with the
//! statement, the position and the reason.
//! Source: IAM User Guide, "Grammar of the IAM JSON policy language".
//!
//! Documents are read leniently: a policy that AWS holds is in force, however odd. [`Document::check`]
//! tells whether AWS would take the document anew, for each use of a policy.
//!
//! INVARIANT: the JSON is kept as it was given, order of keys included, so it prints without loss.

mod check;
mod fault;
mod position;
mod principal;
mod print;
mod read;
mod spans;
mod statement;
mod text;
mod written;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

pub use crate::error::DocumentError;
pub use check::PolicyUse;
pub use position::{Path, Position, Step};
pub use principal::{PrincipalElement, Principals};
pub use statement::{ActionElement, Condition, Effect, ResourceElement, Statement};
pub use text::MAX_DOCUMENT_BYTES;

use spans::Spans;

/// The version of the policy language that a document is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub enum Version {
    /// The older version, and the one without a `Version` element: `${…}` is plain text.
    /// Source: IAM User Guide, "IAM JSON policy elements: Version".
    #[default]
    #[serde(rename = "2008-10-17")]
    V2008,
    /// The current version, with policy variables.
    #[serde(rename = "2012-10-17")]
    V2012,
}

/// A policy document, checked for form.
///
/// Two documents are equal if they say the same in the same order, whatever their white space.
#[derive(Debug, Clone)]
pub struct Document {
    /// The language version.
    pub version: Version,
    /// The document's own `Id`, if any.
    pub id: Option<String>,
    /// The statements in their order; at least one.
    pub statements: Vec<Statement>,
    value: Value,
    /// The text that it was read from, if it was.
    text: Option<Arc<str>>,
}

/// Where the parts of a document stand in its text.
#[derive(Debug)]
pub struct Positions<'a> {
    text: &'a str,
    spans: Spans,
}

impl Positions<'_> {
    /// Where a place stands: of an element its name, of an item or of the whole its value.
    #[must_use]
    pub fn of(&self, path: &Path) -> Option<Position> {
        let offset = self.spans.offset(path)?;
        Some(Position::of(self.text, offset))
    }
}

impl Document {
    /// Reads a document from JSON text, or from URL-encoded JSON text.
    ///
    /// # Errors
    /// [`DocumentError`] if the text is larger than [`MAX_DOCUMENT_BYTES`], is not JSON, nests too
    /// deeply, repeats a key, or is refused by [`Document::from_value`].
    ///
    /// ```
    /// use curtail_iam::document::Document;
    /// let text = r#"{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}"#;
    /// assert_eq!(Document::parse(text)?.statements.len(), 1);
    /// # Ok::<(), curtail_iam::document::DocumentError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let text::Read { text, value, spans } = text::read(text)?;
        let mut parts = read::document(&value)
            .map_err(|fault| fault.into_error(&value, Some((&text, &spans))))?;
        written::restore(&mut parts.statements, &value, &text, &spans);
        Ok(Self::of(parts, value, Some(text)))
    }

    /// Reads a document from a JSON object, or from a JSON string that holds the document's text.
    ///
    /// # Errors
    /// [`DocumentError`] if AWS would refuse the document: an element is missing, unknown, of the
    /// wrong type, or excluded by another one.
    pub fn from_value(value: Value) -> Result<Self, DocumentError> {
        match value {
            Value::String(text) => Self::parse(&text),
            other => {
                let parts =
                    read::document(&other).map_err(|fault| fault.into_error(&other, None))?;
                Ok(Self::of(parts, other, None))
            }
        }
    }

    /// The JSON as it was given.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The JSON with an indent of two spaces, keys in their original order; numbers and escapes as
    /// written where the document was read from text.
    #[must_use]
    pub fn to_pretty(&self) -> String {
        match &self.text {
            Some(text) => print::pretty(text),
            None => format!("{:#}", self.value),
        }
    }

    /// Where the parts stand in the text that the document was read from, decoded where that was
    /// URL-encoded; `None` if it was read from a JSON value. Reads the text anew at each call.
    #[must_use]
    pub fn positions(&self) -> Option<Positions<'_>> {
        let text = self.text.as_deref()?;
        let spans = Spans::read(text)?;
        Some(Positions { text, spans })
    }

    /// Checks what AWS asks of identity policies, as [`Document::check`] does.
    ///
    /// # Errors
    /// [`DocumentError`] with the first thing that AWS would refuse.
    pub fn check_identity(&self) -> Result<(), DocumentError> {
        self.check(PolicyUse::Identity)
    }

    /// The `Condition` element of a statement as it was given.
    pub(crate) fn condition_of(&self, statement: usize) -> Option<&Value> {
        fault::statement(&self.value, statement)?.get("Condition")
    }

    fn of(parts: read::Parts, value: Value, text: Option<Arc<str>>) -> Self {
        let read::Parts {
            version,
            id,
            statements,
        } = parts;
        Self {
            version,
            id,
            statements,
            value,
            text,
        }
    }
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value && self.statements == other.statements
    }
}

/// The JSON without white space, or in the alternate form (`{:#}`) as [`Document::to_pretty`].
impl fmt::Display for Document {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.text {
            _ if formatter.alternate() => formatter.write_str(&self.to_pretty()),
            Some(text) => formatter.write_str(&print::compact(text)),
            None => write!(formatter, "{}", self.value),
        }
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_value(Value::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
