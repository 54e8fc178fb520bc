//! What can go wrong in this crate: a text is not what it should be, or an edit failed its check.

use thiserror::Error;

/// A text is not an Amazon Resource Name of the wanted kind (bad input).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not {wanted}")]
pub struct ArnError {
    /// The text as given.
    pub text: String,
    /// What it should have been.
    pub wanted: &'static str,
}

/// A policy document that AWS would refuse (bad input).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}{reason}", place(.statement.as_ref(), .sid.as_deref()))]
pub struct DocumentError {
    /// Index of the statement, from 0; `None` where the fault lies outside the statements.
    pub statement: Option<usize>,
    /// The statement's `Sid`, if it has a readable one.
    pub sid: Option<String>,
    /// What is wrong.
    pub reason: String,
}

/// An edited policy did not pass its own check (our bug); the policy stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TrimError {
    /// The edited text is no policy document any more.
    #[error("the edited policy does not parse")]
    NotADocument(#[source] DocumentError),
    /// A statement grants something else than the kept actions.
    #[error("the edited statement {statement} differs from the old one in `{action}`")]
    OtherActions {
        /// Index of the statement in the old document, from 0.
        statement: usize,
        /// An action that is granted and should not be, or the other way round.
        action: String,
    },
    /// A statement holds a pattern that none of its old patterns contains.
    #[error("the edited statement {statement} holds `{pattern}`, which is broader than before")]
    Broader {
        /// Index of the statement in the old document, from 0.
        statement: usize,
        /// The pattern in question.
        pattern: String,
    },
    /// A part of a statement that is none of its actions has changed.
    #[error("the edited statement {statement} differs from the old one beyond its actions")]
    OtherParts {
        /// Index of the statement in the old document, from 0.
        statement: usize,
    },
}

fn place(statement: Option<&usize>, sid: Option<&str>) -> String {
    match (statement, sid) {
        (Some(index), Some(sid)) => format!("statement {index} (`{sid}`): "),
        (Some(index), None) => format!("statement {index}: "),
        (None, _) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_names_statement_and_sid() {
        let error = DocumentError {
            statement: Some(2),
            sid: Some("Read".to_owned()),
            reason: "has no `Effect`".to_owned(),
        };
        assert_eq!(error.to_string(), "statement 2 (`Read`): has no `Effect`");
    }
}
