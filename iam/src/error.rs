//! What can go wrong in this crate: a text is not what it should be, or an edit failed its check.

use thiserror::Error;

use crate::document::Position;

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
#[error("{}{reason}", place(*.statement, .sid.as_deref(), *.position))]
pub struct DocumentError {
    /// Index of the statement, from 0; `None` where the fault lies outside the statements.
    pub statement: Option<usize>,
    /// The statement's `Sid`, if it has a readable one.
    pub sid: Option<String>,
    /// Where in the text; `None` if the document was not read from text.
    pub position: Option<Position>,
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
    /// The edited policy allows something that the old one does not, or it cannot be told.
    #[error("the edited policy is not shown to lie within the old one")]
    Gained,
    /// The edited policy lacks something that was to stay, or it cannot be told.
    #[error("the edited policy is not shown to keep all that was to stay")]
    Lost,
    /// Something that was to be removed is still allowed.
    #[error("the edited policy still allows `{action}` on `{resource}`")]
    StillAllowed {
        /// The action.
        action: String,
        /// The resource pattern.
        resource: String,
    },
    /// A part of a statement that is none of its actions has changed.
    #[error("the edited statement {statement} differs from the old one beyond its actions")]
    OtherParts {
        /// Index of the statement in the old document, from 0.
        statement: usize,
    },
}

/// A policy could not be split into shorter ones.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SplitError {
    /// A statement is too long even with one action and one resource (bad input).
    #[error(
        "statement {statement} does not fit into {most} characters with one action and one resource"
    )]
    NoRoom {
        /// Index of the statement, from 0.
        statement: usize,
        /// The limit in characters.
        most: usize,
    },
    /// The limit holds for all documents together, so that splitting does not help (bad input).
    #[error("{size} characters do not fit into the {most} that all inline policies share")]
    Shared {
        /// The size of the document in characters.
        size: usize,
        /// The limit in characters.
        most: usize,
    },
    /// A piece is no policy document (our bug).
    #[error("a piece of the split policy does not parse")]
    NotADocument(#[source] DocumentError),
}

fn place(statement: Option<usize>, sid: Option<&str>, position: Option<Position>) -> String {
    let statement = match (statement, sid) {
        (Some(index), Some(sid)) => format!("statement {index} (`{sid}`)"),
        (Some(index), None) => format!("statement {index}"),
        (None, _) => String::new(),
    };
    match position {
        Some(position) if statement.is_empty() => format!("{position}: "),
        Some(position) => format!("{statement}, {position}: "),
        None if statement.is_empty() => statement,
        None => format!("{statement}: "),
    }
}

/// The text with control characters as escapes, since it goes to terminals and into lines of output.
pub(crate) fn printable(text: &str) -> String {
    let escaped = |character: char| {
        let controls = character.is_control();
        let plain = (!controls).then_some(character);
        plain
            .into_iter()
            .chain(character.escape_default().filter(move |_| controls))
    };
    text.chars().flat_map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_names_statement_sid_and_position() {
        let mut error = DocumentError {
            statement: Some(2),
            sid: Some("Read".to_owned()),
            position: None,
            reason: "has no `Effect`".to_owned(),
        };
        assert_eq!(error.to_string(), "statement 2 (`Read`): has no `Effect`");
        error.position = Some(Position {
            line: 12,
            column: 7,
        });
        assert_eq!(
            error.to_string(),
            "statement 2 (`Read`), line 12, column 7: has no `Effect`"
        );
        (error.statement, error.sid) = (None, None);
        assert_eq!(error.to_string(), "line 12, column 7: has no `Effect`");
    }
}
