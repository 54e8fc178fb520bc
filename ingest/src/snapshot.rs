//! IAM, Organizations and trail documents in, rows of `snapshots` out.
//!
//! Files hold what the AWS CLI prints, one JSON document or several one after the other (pages, accounts), told apart by
//! their shape: `get-account-authorization-details`, `describe-trails`, `get-event-selectors`, `cloudcontrol
//! list-resources` and `get-resource`, and the organization file that collects `list-roots`,
//! `list-organizational-units-for-parent`, `list-accounts`, `describe-policy` and `list-targets-for-policy`. What is
//! fetched from AWS ([`crate::fetch_snapshot`]) comes in the same shapes. Policies in them are parsed, and each that does
//! not parse is reported and kept.
//!
//! What holds at a time is, of each account and kind, the set of rows with the newest `taken_at` until then. Therefore
//! a set is written whole, in one commit, and never changed:
//! - nothing is added where the lake has the same set at the same time;
//! - a set that is new, or unchanged at a later time, is written, so that it is on record that it held then too;
//! - another set at a time that the lake has already is refused.
//!
//! INVARIANT: of an account, kind and time the lake holds one set, as it was given, whoever else writes.

mod entry;
mod policies;
mod resource;
mod rows;
mod shape;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;

pub(crate) use self::entry::{Entry, Names, account_of};
use self::shape::Shape;
use crate::{Error, Lake, Progress, SnapshotOptions, SnapshotSummary};

/// The documents of one account and kind, by id and ARN.
type Set = BTreeMap<(String, String), Entry>;

/// The sets of a snapshot, by account and kind.
type Sets = BTreeMap<(String, String), Set>;

/// Reads the documents in `files` into `lake` as of `options.taken_at`.
///
/// # Errors
/// [`Error::Read`], [`Error::SnapshotSyntax`] or [`Error::SnapshotShape`] for a file that is none of the known ones;
/// [`Error::SnapshotContradicts`] if the lake or another file has a different set for the same time. Then nothing is written.
pub async fn snapshot(
    lake: &Lake,
    files: &[PathBuf],
    options: &SnapshotOptions,
    progress: &dyn Progress,
) -> Result<SnapshotSummary, Error> {
    let mut collection = Collection::new(options.taken_at);
    progress.begin("snapshot", u64::try_from(files.len()).ok());
    for file in files {
        for entry in read(file)? {
            collection.add(entry)?;
        }
        progress.advance(1);
    }
    let summary = collection.write(lake).await?;
    progress.finish();
    Ok(summary)
}

/// Documents of one time, on their way into the lake.
#[derive(Debug)]
pub(crate) struct Collection {
    taken_at: Timestamp,
    sets: Sets,
    summary: SnapshotSummary,
}

impl Collection {
    /// None yet.
    pub(crate) fn new(taken_at: Timestamp) -> Self {
        Self {
            taken_at,
            sets: Sets::new(),
            summary: SnapshotSummary::default(),
        }
    }

    /// Adds an entry to its set; the same one may come twice.
    ///
    /// # Errors
    /// [`Error::SnapshotContradicts`] if another document is known by the same id and ARN; the first one stays.
    pub(crate) fn add(&mut self, entry: Entry) -> Result<(), Error> {
        self.summary.documents_read += 1;
        policies::check(&entry, &mut self.summary.problems);
        let set = self
            .sets
            .entry((entry.account_id.clone(), entry.kind.clone()))
            .or_default();
        match set.get(&(entry.id.clone(), entry.arn.clone())) {
            Some(other) if other.fingerprint != entry.fingerprint => {
                Err(Error::SnapshotContradicts {
                    account_id: entry.account_id,
                    kind: entry.kind,
                    taken_at: self.taken_at.to_string(),
                })
            }
            Some(_) => Ok(()),
            None => {
                set.insert((entry.id.clone(), entry.arn.clone()), entry);
                Ok(())
            }
        }
    }

    /// Writes the sets that the lake does not have at this time, in one commit.
    ///
    /// # Errors
    /// [`Error::SnapshotContradicts`] if the lake has a different set; errors of the lake. Then nothing is written.
    pub(crate) async fn write(self, lake: &Lake) -> Result<SnapshotSummary, Error> {
        let mut summary = self.summary;
        summary.problems.sort();
        summary.problems.dedup();
        let written = rows::write(lake, &self.sets, self.taken_at).await?;
        summary.documents_added = written.added;
        summary.documents_confirmed = written.confirmed;
        Ok(summary)
    }
}

/// The entries of a document that comes from `source`. `account` is the one whose pages came before.
///
/// # Errors
/// What the document lacks, or that it is none of the known ones.
pub(crate) fn entries(
    document: Value,
    account: &mut Option<String>,
    source: &str,
) -> Result<Vec<Entry>, String> {
    let shape = Shape::of(&document).ok_or_else(|| shape::EXPECTED.to_owned())?;
    let found = shape.entries(document, account)?;
    let named = found.into_iter().map(|entry| Entry {
        source: source.to_owned(),
        ..entry
    });
    Ok(named.collect())
}

/// The entries of a file.
fn read(file: &Path) -> Result<Vec<Entry>, Error> {
    let text = std::fs::read_to_string(file).map_err(|source| Error::Read {
        path: file.to_path_buf(),
        source,
    })?;
    let text = text.trim_start_matches('\u{feff}');
    let source = file.display().to_string();
    let mut found = Vec::new();
    let mut account = None;
    let documents = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    for (position, document) in (1..).zip(documents) {
        let document = document.map_err(|source| Error::SnapshotSyntax {
            path: file.to_path_buf(),
            source,
        })?;
        let refused = |reason: String| Error::SnapshotShape {
            path: file.to_path_buf(),
            document: position,
            reason,
        };
        found.append(&mut entries(document, &mut account, &source).map_err(refused)?);
    }
    if found.is_empty() && account.is_none() && text.trim_ascii().is_empty() {
        return Err(Error::SnapshotShape {
            path: file.to_path_buf(),
            document: 1,
            reason: "the file is empty".to_owned(),
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
