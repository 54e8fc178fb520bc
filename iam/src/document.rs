//! Policy documents: the JSON of a policy in, its statements out, and the same JSON back.
//!
//! Every legal form is read: one statement or a list, one value or a list, both language versions,
//! and the URL-encoded text that the IAM API returns. What AWS refuses is refused, with the
//! statement and the reason.
//! Source: IAM User Guide, "Grammar of the IAM JSON policy language".
//!
//! Principals are read for the sake of trust, resource and resource control policies;
//! [`Document::check_identity`] asks for what only identity policies must satisfy.
//!
//! INVARIANT: the JSON is kept as it was given, order of keys included, so it prints without loss.

mod identity;
mod read;
mod statement;
mod text;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

pub use crate::error::DocumentError;
pub use statement::{ActionElement, Condition, Effect, ResourceElement, Statement};
pub use text::MAX_DOCUMENT_BYTES;

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
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The language version.
    pub version: Version,
    /// The document's own `Id`, if any.
    pub id: Option<String>,
    /// The statements in their order; at least one.
    pub statements: Vec<Statement>,
    value: Value,
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
        Self::from_object(text::value(text)?)
    }

    /// Reads a document from a JSON object, or from a JSON string that holds the document's text.
    ///
    /// # Errors
    /// [`DocumentError`] if AWS would refuse the document: an element is missing, unknown, of the
    /// wrong type, or excluded by another one.
    pub fn from_value(value: Value) -> Result<Self, DocumentError> {
        match value {
            Value::String(text) => Self::parse(&text),
            other => Self::from_object(other),
        }
    }

    /// The JSON as it was given.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The JSON with an indent of two spaces, keys in their original order.
    #[must_use]
    pub fn to_pretty(&self) -> String {
        format!("{:#}", self.value)
    }

    /// Checks what AWS asks of identity policies, boundaries, session policies and SCPs alone.
    ///
    /// # Errors
    /// [`DocumentError`] if a statement has a principal, no resource, a resource that is no ARN, or a
    /// `Sid` that is not made of letters and digits or stands twice.
    pub fn check_identity(&self) -> Result<(), DocumentError> {
        identity::check(&self.statements)
    }

    /// The `Condition` element of a statement as it was given.
    pub(crate) fn condition_of(&self, statement: usize) -> Option<&Value> {
        let given = match self.value.get("Statement")? {
            Value::Array(list) => list.get(statement),
            single => (statement == 0).then_some(single),
        };
        given?.get("Condition")
    }

    fn from_object(value: Value) -> Result<Self, DocumentError> {
        let read::Parts {
            version,
            id,
            statements,
        } = read::document(&value)?;
        Ok(Self {
            version,
            id,
            statements,
            value,
        })
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
