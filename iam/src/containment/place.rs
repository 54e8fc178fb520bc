//! Where a statement stands among several documents.

use std::fmt;

/// A statement by its document and its place there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The document's index, from 0.
    pub document: usize,
    /// The statement's index in it, from 0.
    pub statement: usize,
    /// The statement's `Sid`, if it has one.
    pub sid: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "statement {}", self.statement)?;
        if let Some(sid) = &self.sid {
            write!(formatter, " (`{sid}`)")?;
        }
        write!(formatter, " of document {}", self.document)
    }
}
