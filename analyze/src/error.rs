//! What can go wrong with an analysis; the remedy stands apart, in [`Error::hint`].
//!
//! An agent whose role the snapshot lacks, a policy that does not parse and an event that no action is known for are no
//! errors: they are in the [`Analysis`](crate::Analysis), by name.

use std::path::PathBuf;

use arrow::error::ArrowError;
use datafusion::error::DataFusionError;

/// Why an analysis or a query stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file of agents could not be read (environment).
    #[error("cannot read `{}`", path.display())]
    AgentsUnreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file of agents says something that cannot be meant (bad input).
    #[error("{file}:{line}: {problem}")]
    Agents {
        /// The file as given.
        file: String,
        /// Line of the fault, from 1.
        line: usize,
        /// What is wrong there.
        problem: String,
        /// What to write instead.
        remedy: String,
    },
    /// The rules of a folder could not be read (environment).
    #[error("cannot read the rules at `{}`", path.display())]
    RulesUnreadable {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A folder holds more rules than are run (bad input).
    #[error("the folder `{}` holds more than {most} rules", path.display())]
    TooManyRules {
        /// The folder.
        path: PathBuf,
        /// How many are run.
        most: usize,
    },
    /// A legitimacy rule says something that cannot be meant, or does more than read (bad input).
    #[error("{file}:{line}: {problem}")]
    Rule {
        /// The file as given.
        file: String,
        /// Line of the fault, from 1.
        line: usize,
        /// What is wrong there.
        problem: String,
        /// What to write instead.
        remedy: &'static str,
    },
    /// Something is set about a rule that it does not have (bad input).
    #[error("rule `{rule}`: {problem}")]
    RuleSetting {
        /// The rule's id.
        rule: String,
        /// What is wrong.
        problem: String,
        /// What to write instead.
        remedy: &'static str,
    },
    /// A window is empty, too long, or begins before time does (bad input).
    #[error("a window of {window_days} days cannot be measured")]
    Window {
        /// Its length in days.
        window_days: u32,
    },
    /// The lake could not be read or written (see the source).
    #[error("cannot use the lake")]
    Lake {
        /// What the lake said.
        source: curtail_ingest::Error,
    },
    /// A query would change something, or is no query (bad input).
    #[error("`{what}` is no query")]
    NotReadOnly {
        /// What it is instead, in the engine's words.
        what: String,
    },
    /// A query does not parse, names what is not there, or failed while running (bad input or environment).
    #[error("the query failed")]
    Query {
        /// What the engine said.
        source: Box<DataFusionError>,
    },
    /// A view of `queries/` could not be planned or run (our bug, or the environment).
    #[error("view `{view}` failed")]
    View {
        /// The view's name.
        view: String,
        /// What the engine said.
        source: Box<DataFusionError>,
    },
    /// A view lacks a column or gives it another type than the code reads (our bug).
    #[error("view `{view}` gives no usable column `{column}`: {reason}")]
    Column {
        /// The view's name.
        view: String,
        /// The column's name.
        column: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A worker stopped without an answer (our bug).
    #[error("a worker stopped")]
    Worker {
        /// How it stopped.
        source: tokio::task::JoinError,
    },
    /// Rows made for a table do not fit it (our bug).
    #[error("rows do not fit table `{table}`")]
    Rows {
        /// The table's name.
        table: &'static str,
        /// Where they do not fit.
        source: ArrowError,
    },
}

impl Error {
    /// What the user can do about it, where something can be done.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::AgentsUnreadable { .. } => {
                Some("check the path; it is taken relative to curtail.toml if it stands there")
            }
            Self::Agents { remedy, .. } => Some(remedy),
            Self::Rule { remedy, .. } | Self::RuleSetting { remedy, .. } => Some(remedy),
            Self::RulesUnreadable { .. } => Some(
                "name a folder of .sql files in UTF-8; it is taken relative to curtail.toml if it stands there",
            ),
            Self::TooManyRules { .. } => Some("move some of the files out of the folder"),
            Self::Window { .. } => Some("give a window between 1 and 3660 days"),
            Self::Lake { source } => source.hint(),
            Self::NotReadOnly { .. } => Some(
                "give one SELECT, WITH, VALUES, SHOW, DESCRIBE or EXPLAIN; the lake is changed by ingest, snapshot and run alone",
            ),
            Self::Query { .. } => {
                Some("`SHOW TABLES` lists the tables and views, `DESCRIBE name` the columns of one")
            }
            Self::View { .. } | Self::Column { .. } | Self::Worker { .. } | Self::Rows { .. } => {
                None
            }
        }
    }

    /// Whether what was asked for cannot be meant, as it stands in a file of rules or in what is set about them.
    #[must_use]
    pub fn is_of_rules(&self) -> bool {
        matches!(
            self,
            Self::RulesUnreadable { .. }
                | Self::TooManyRules { .. }
                | Self::Rule { .. }
                | Self::RuleSetting { .. }
        )
    }

    pub(crate) fn lake(source: curtail_ingest::Error) -> Self {
        Self::Lake { source }
    }

    pub(crate) fn query(source: DataFusionError) -> Self {
        Self::Query {
            source: Box::new(source),
        }
    }

    pub(crate) fn view(view: &str) -> impl FnOnce(DataFusionError) -> Self {
        let view = view.to_owned();
        move |source| Self::View {
            view,
            source: Box::new(source),
        }
    }

    pub(crate) fn rows(table: &'static str) -> impl FnOnce(ArrowError) -> Self {
        move |source| Self::Rows { table, source }
    }
}
