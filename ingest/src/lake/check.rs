//! The tables of a lake verified, each by itself and against each other; what is wrong is named, with its remedy.
//!
//! Of each table: its columns are the expected ones (`shape`); each file of the newest version is there, of the size and
//! the number of rows that the log says, and nothing lies beside them (`store`). Of `events`: each record stands once
//! (`keys`). Between tables: the checkpoint accounts for every record, and `events` and `quarantine` hold what it says
//! (`sums`, in the SQL of `queries/checks/`).
//!
//! It reads and never writes. The checkpoint is loaded before the tables that are written before it, so that a run at work
//! meanwhile looks like one that was interrupted, not like a loss.
//!
//! Memory: record keys are held by day, in parts if a day has very many; groups spill to the disk. Findings are cut short.

mod keys;
mod shape;
mod store;
mod sums;

use std::collections::{BTreeMap, BTreeSet};

use deltalake_core::DeltaTable;
use serde::Serialize;

use super::{Lake, LakeTable};
use crate::{Error, Progress};

/// Findings of a kind and table that are named one by one: 100. Chosen: more of the same say no more.
pub const FINDINGS_NAMED: usize = 100;

/// Record keys of a day that are held at a time: 4 million, some 150 MiB. Chosen.
pub const HELD_KEYS: usize = 4_000_000;

/// How much memory a check may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckOptions {
    /// Record keys that are held at a time. See [`HELD_KEYS`].
    pub held_keys: usize,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            held_keys: HELD_KEYS,
        }
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Something is there that nobody needs, or not done yet; the rows are right.
    Warning,
    /// Rows are missing, twice, or cannot be read.
    Problem,
}

impl Grade {
    /// `warning` or `problem`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub grade: Grade,
    /// The table's name.
    pub table: &'static str,
    /// What kind of finding it is, such as `file-missing`.
    pub code: &'static str,
    /// The file, relative to the table, or the object or record; the table's name where it is all of it.
    pub subject: String,
    /// What is wrong.
    pub message: String,
    /// What can be done about it.
    pub remedy: &'static str,
}

/// Verifies every table that exists; what is wrong, table by table.
///
/// # Errors
/// [`Error::Table`] if a transaction log cannot be read, [`Error::Files`] if a directory cannot be. What is broken below
/// that is a finding.
pub async fn check(
    lake: &Lake,
    options: &CheckOptions,
    progress: &dyn Progress,
) -> Result<Vec<Finding>, Error> {
    let mut tables = BTreeMap::new();
    // An ingest writes `events` first, `quarantine` next and `objects` last.
    load(lake, LakeTable::Objects, &mut tables).await?;
    for table in LakeTable::ALL.into_iter().rev() {
        if table != LakeTable::Objects {
            load(lake, table, &mut tables).await?;
        }
    }
    let mut report = Report::default();
    for (&table, checked) in &mut tables {
        if shape::check(table, &checked.opened, &mut report)? {
            checked.whole = store::check(table, &checked.opened, &mut report, progress).await?;
        } else {
            checked.fits = false;
        }
    }
    if let Some(events) = tables.get(&LakeTable::Events).filter(|events| events.fits) {
        keys::check(events, options.held_keys, &mut report, progress).await?;
    }
    if tables.values().all(|checked| checked.fits) {
        sums::check(&tables, &mut report, progress).await?;
    }
    Ok(report.findings)
}

async fn load(
    lake: &Lake,
    table: LakeTable,
    tables: &mut BTreeMap<LakeTable, Checked>,
) -> Result<(), Error> {
    if let Some(opened) = lake.table(table).await? {
        let whole = BTreeSet::new();
        let fits = true;
        tables.insert(
            table,
            Checked {
                opened,
                fits,
                whole,
            },
        );
    }
    Ok(())
}

/// A table of which all is looked at in one version.
struct Checked {
    opened: DeltaTable,
    /// Whether its columns are the expected ones.
    fits: bool,
    /// The files that can be read, relative to the table.
    whole: BTreeSet<String>,
}

/// What was found so far.
#[derive(Debug, Default)]
struct Report {
    findings: Vec<Finding>,
    counts: BTreeMap<(&'static str, &'static str), usize>,
}

impl Report {
    /// Takes up a finding; of many of a kind the rest is only said to be.
    fn add(&mut self, finding: Finding) {
        let count = self
            .counts
            .entry((finding.table, finding.code))
            .or_default();
        *count += 1;
        if *count <= FINDINGS_NAMED {
            self.findings.push(finding);
        } else if *count == FINDINGS_NAMED + 1 {
            self.findings.push(Finding {
                subject: finding.table.to_owned(),
                message: format!(
                    "there are more than {FINDINGS_NAMED} of these; the first are named"
                ),
                ..finding
            });
        }
    }
}

#[cfg(test)]
mod tests;
