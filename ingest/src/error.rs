//! What can go wrong with a lake, a source or a snapshot; the remedy stands apart, in [`Error::hint`].
//!
//! A broken object or record is no error: it is quarantined, counted and named.

use std::path::PathBuf;

use arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use deltalake_core::DeltaTableError;

/// Why an ingest, a snapshot or an access to the lake stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The lake's location is neither a path nor a URL of a known kind (bad input).
    #[error("`{location}` is not a place for a lake: {reason}")]
    Location {
        /// The location as given.
        location: String,
        /// What does not fit.
        reason: String,
    },
    /// A source of trail objects does not exist (bad input).
    #[error("source `{path}` does not exist")]
    SourceMissing {
        /// The source as given.
        path: String,
    },
    /// A source is of a kind that cannot be read (bad input).
    #[error("source `{location}` is neither a directory, nor a file, nor a bucket")]
    SourceUnsupported {
        /// The source as given.
        location: String,
    },
    /// A file or directory could not be read (environment).
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A table could not be read or written (environment, or a lake that is not ours).
    #[error("cannot {attempt} table `{table}` of the lake")]
    Table {
        /// The table's name.
        table: &'static str,
        /// `open`, `create`, `read`, `write` or `commit`.
        attempt: &'static str,
        /// What the table format said.
        source: Box<DeltaTableError>,
    },
    /// A query over a table failed (environment, or a lake that is not ours).
    #[error("cannot scan table `{table}` of the lake")]
    Scan {
        /// The table's name.
        table: &'static str,
        /// What the engine said.
        source: Box<DataFusionError>,
    },
    /// Rows do not fit their table (our bug, or a table that was altered by others).
    #[error("rows do not fit table `{table}`")]
    Rows {
        /// The table's name.
        table: &'static str,
        /// Where they do not fit.
        source: ArrowError,
    },
    /// Other writers committed first, each time (environment).
    #[error("table `{table}` was changed by other writers at each of {attempts} attempts")]
    Contended {
        /// The table's name.
        table: &'static str,
        /// Commits that were tried.
        attempts: u32,
    },
    /// Files that were to be put together do not hold the rows that the log says (a lake that was altered, or our bug).
    #[error(
        "files of table `{table}` hold {found} rows where its log says {expected}; they stay as they are"
    )]
    Miscounted {
        /// The table's name.
        table: &'static str,
        /// Rows by the log.
        expected: usize,
        /// Rows that were read.
        found: usize,
    },
    /// A vacuum would take files that the table promises to keep (bad input).
    #[error(
        "table `{table}` keeps its history for {kept_days} days, and {asked_days} would cut it short"
    )]
    Retention {
        /// The table's name.
        table: &'static str,
        /// Days by the table's own setting.
        kept_days: u64,
        /// Days that were asked for.
        asked_days: u64,
    },
    /// A file of the lake's directory could not be removed or listed (environment).
    #[error("cannot list or remove files of table `{table}`")]
    Files {
        /// The table's name.
        table: &'static str,
        /// What the store said.
        source: Box<object_store::Error>,
    },
    /// A snapshot file is not JSON (bad input).
    #[error("snapshot file `{}` is not JSON", path.display())]
    SnapshotSyntax {
        /// The file.
        path: PathBuf,
        /// Where and why.
        source: serde_json::Error,
    },
    /// A document of a snapshot file is none that is known (bad input).
    #[error("snapshot file `{}`, document {document}: {reason}", path.display())]
    SnapshotShape {
        /// The file.
        path: PathBuf,
        /// Which of its documents, from 1.
        document: usize,
        /// What was expected.
        reason: String,
    },
    /// The lake holds another snapshot of the same account, kind and time (bad input).
    #[error(
        "a different snapshot of account `{account_id}` ({kind}) at {taken_at} is already in the lake"
    )]
    SnapshotContradicts {
        /// The account.
        account_id: String,
        /// The kind of the documents.
        kind: String,
        /// The time of both.
        taken_at: String,
    },
    /// A file of public keys is none (bad input).
    #[error("`{}` is no file of public keys: {reason}", path.display())]
    PublicKeys {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        reason: String,
    },
    /// AWS refused a call, or could not be reached (environment).
    #[error("{subject}: {fault}")]
    Aws {
        /// What the call was about, such as `s3://bucket/prefix`.
        subject: String,
        /// What AWS said.
        fault: crate::AwsFault,
    },
    /// A worker stopped without an answer (our bug).
    #[error("a worker stopped while writing table `{table}`")]
    Writer {
        /// The table's name.
        table: &'static str,
    },
    /// A worker stopped without an answer (our bug).
    #[error("a worker stopped while reading `{object_key}`")]
    Worker {
        /// The object that it read.
        object_key: String,
    },
}

impl Error {
    /// What the user can do about it, where something can be done.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Location { .. } => Some("give a directory, or a URL such as s3://bucket/curtail"),
            Self::SourceMissing { .. } => Some(
                "check the path; it is taken relative to the working directory, or to curtail.toml if it stands there",
            ),
            Self::SourceUnsupported { .. } => {
                Some("give a path, or a URL such as s3://bucket/prefix")
            }
            Self::Read { .. } => Some("check that the file exists and may be read"),
            Self::Aws { fault, .. } if fault.is_denied() => {
                Some("let the caller do what is named, or name a role that may with --assume-role")
            }
            Self::Aws { fault, .. } if fault.is_missing() => {
                Some("check the name, the account of the credentials and the region")
            }
            Self::Aws { .. } => Some(
                "check credentials, region and network: `aws sts get-caller-identity` must work",
            ),
            Self::PublicKeys { .. } => Some(
                "give what `aws cloudtrail list-public-keys --start-time ... --end-time ...` prints, of each region",
            ),
            Self::Contended { .. } => {
                Some("run again: nothing was lost, and what has landed is not read twice")
            }
            Self::SnapshotSyntax { .. } | Self::SnapshotShape { .. } => Some(
                "give the JSON that `aws iam get-account-authorization-details`, `aws cloudtrail describe-trails` or `get-event-selectors` prints, or an organization file",
            ),
            Self::SnapshotContradicts { .. } => Some(
                "give all files of one snapshot in one run, and a changed snapshot a later time",
            ),
            Self::Miscounted { .. } => {
                Some("`curtail lake check` names the files and objects concerned")
            }
            Self::Retention { .. } => Some(
                "name at least as many days, or add --force: older reports can then not be asked for again",
            ),
            Self::Scan { source, .. } if is_missing_file(source) => Some(
                "a version from before the last `curtail lake vacuum` cannot be read any more; if this is the newest version, `curtail lake check` names the missing files",
            ),
            Self::Table { .. }
            | Self::Scan { .. }
            | Self::Files { .. }
            | Self::Rows { .. }
            | Self::Writer { .. }
            | Self::Worker { .. } => None,
        }
    }

    pub(crate) fn table(
        table: crate::LakeTable,
        attempt: &'static str,
    ) -> impl FnOnce(DeltaTableError) -> Self {
        move |source| Self::Table {
            table: table.name(),
            attempt,
            source: Box::new(source),
        }
    }

    pub(crate) fn files(table: crate::LakeTable) -> impl FnOnce(object_store::Error) -> Self {
        move |source| Self::Files {
            table: table.name(),
            source: Box::new(source),
        }
    }

    pub(crate) fn scan(table: crate::LakeTable) -> impl FnOnce(DataFusionError) -> Self {
        move |source| Self::Scan {
            table: table.name(),
            source: Box::new(source),
        }
    }

    pub(crate) fn rows(table: crate::LakeTable) -> impl FnOnce(ArrowError) -> Self {
        move |source| Self::Rows {
            table: table.name(),
            source,
        }
    }
}

/// Whether a query failed because a file of the table is gone. The engine hands on the store's error as text only.
/// Source: `object_store::Error::NotFound`.
fn is_missing_file(error: &DataFusionError) -> bool {
    let text = error.to_string();
    text.contains("Object at location") && text.contains("not found")
}
