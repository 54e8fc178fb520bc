//! A finding of the linter, and the list of them as they come in.

use std::cmp::Ordering;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::document::{Document, DocumentError, Path, Position, Positions};
use crate::error::printable;

/// Most findings that are told of one document; chosen so that nobody reads beyond.
pub const MAX_FINDINGS: usize = 1_000;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth tidying; the policy does what it says.
    Note,
    /// Probably not what is meant.
    Warning,
    /// AWS refuses it, or it can never do what it says.
    Error,
}

impl Severity {
    /// The name in output: `note`, `warning`, `error`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A finding: what is odd, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lint {
    /// The rule, such as `unknown-action`. Codes do not change between versions.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Index of the statement, from 0; `None` where it concerns the whole document.
    pub statement: Option<usize>,
    /// The place by element names: `Statement[1].Action[2]`.
    #[serde(serialize_with = "as_text")]
    pub path: Path,
    /// Where in the text; `None` if the document was not read from text.
    pub position: Option<Position>,
    /// What is odd.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl Lint {
    /// The finding as one line that names the file: `FILE:LINE:COLUMN severity code message`.
    #[must_use]
    pub fn line(&self, file: &str) -> String {
        format!("{file}:{self}")
    }
}

/// One line without the file: `LINE:COLUMN severity code message`; the place by element names where
/// the position is not known.
impl fmt::Display for Lint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some(Position { line, column }) => write!(formatter, "{line}:{column}")?,
            None => formatter.write_str(&printable(&self.path.to_string()))?,
        }
        let severity = self.severity.as_str();
        write!(formatter, " {severity} {} {}", self.code, self.message)
    }
}

fn as_text<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(path)
}

/// The findings of a document as they come in.
pub(super) struct Findings<'a> {
    positions: Option<Positions<'a>>,
    found: Vec<Lint>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        Self {
            positions: document.positions(),
            found: Vec::new(),
        }
    }

    /// Tells whether no more findings are taken, so that looking for them is in vain.
    pub(super) fn is_full(&self) -> bool {
        self.found.len() >= MAX_FINDINGS
    }

    pub(super) fn error(
        &mut self,
        code: &'static str,
        path: Path,
        message: impl AsRef<str>,
        remedy: impl AsRef<str>,
    ) {
        self.add(
            (code, Severity::Error),
            path,
            message.as_ref(),
            remedy.as_ref(),
        );
    }

    pub(super) fn warning(
        &mut self,
        code: &'static str,
        path: Path,
        message: impl AsRef<str>,
        remedy: impl AsRef<str>,
    ) {
        let rule = (code, Severity::Warning);
        self.add(rule, path, message.as_ref(), remedy.as_ref());
    }

    pub(super) fn note(
        &mut self,
        code: &'static str,
        path: Path,
        message: impl AsRef<str>,
        remedy: impl AsRef<str>,
    ) {
        self.add(
            (code, Severity::Note),
            path,
            message.as_ref(),
            remedy.as_ref(),
        );
    }

    /// What AWS would refuse.
    pub(super) fn refused(&mut self, error: &DocumentError) {
        self.found.push(Lint {
            code: "refused",
            severity: Severity::Error,
            statement: error.statement,
            path: error.statement.map_or_else(Path::document, Path::statement),
            position: error.position,
            message: match error.statement {
                Some(index) => format!("AWS refuses statement {index}: it {}", error.reason),
                None => format!("AWS refuses the document: it {}", error.reason),
            },
            remedy: "mend it; AWS takes the document only then".to_owned(),
        });
    }

    fn add(
        &mut self,
        (code, severity): (&'static str, Severity),
        path: Path,
        message: &str,
        remedy: &str,
    ) {
        if self.is_full() {
            return;
        }
        let position = self.positions.as_ref().and_then(|known| known.of(&path));
        self.found.push(Lint {
            code,
            severity,
            statement: path.statement_index(),
            path,
            position,
            message: printable(message),
            remedy: printable(remedy),
        });
    }

    /// All findings by position, those on the whole document and without one first.
    pub(super) fn sorted(mut self) -> Vec<Lint> {
        let place = |lint: &Lint| (lint.position, lint.statement);
        self.found.sort_by(|a, b| {
            place(a)
                .cmp(&place(b))
                .then_with(|| match (a.position, b.position) {
                    (None, None) => a.path.cmp(&b.path),
                    _ => Ordering::Equal,
                })
                .then_with(|| b.severity.cmp(&a.severity))
                .then_with(|| a.code.cmp(b.code))
        });
        self.found
    }
}
