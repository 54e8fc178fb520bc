//! Small files of a table in, files near 128 MB out; every row stays, and so does every older version.
//!
//! Partition by partition, the newest last: the files to put together are chosen (`plan`), their rows are written to new
//! files (`rewrite`), and one commit puts the new ones in the place of the old. Old files stay on the disk until
//! [`vacuum`](super::vacuum) takes them.
//!
//! INVARIANT: a commit lands on a version that still holds every file which it takes out, or not at all. A writer that
//! appends meanwhile loses nothing; whoever compares rows with a version (`ledger`) sees a new version and compares anew.
//!
//! The table format's own operation is not used: it cannot sort rows within a partition, it stops at a bin of adjacent
//! files, and its commit does not carry the application transaction of ours.

mod plan;
mod rewrite;

use std::collections::BTreeSet;

use deltalake_core::DeltaTable;
use deltalake_core::kernel::Add;
use serde::Serialize;

use self::plan::{Bin, Choice};
use super::{COMMIT_ATTEMPTS, Commit, Lake, LakeTable, Put, Rewrite, commit, discard};
use crate::{Error, Progress};

/// What a file is to have, in bytes: 128 MiB. Source: Databricks, "Configure Delta Lake to control data file size", the
/// size that `OPTIMIZE` and auto compaction aim at.
pub const TARGET_BYTES: u64 = 128 << 20;

/// Small files of a partition that an ingest leaves as they are: 16. Chosen.
pub const CROWD_FILES: usize = 16;

/// Below how many bytes a file counts as small for an ingest: 32 MiB, a quarter of the target. Chosen.
pub const CROWD_BYTES: u64 = 32 << 20;

/// Times that a partition is planned anew because its files were replaced by others meanwhile. Chosen.
const PLANS: usize = 3;

/// How large files are to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptimizeOptions {
    /// The size that files are brought near to, in bytes. See [`TARGET_BYTES`].
    pub target_bytes: u64,
}

impl Default for OptimizeOptions {
    fn default() -> Self {
        Self {
            target_bytes: TARGET_BYTES,
        }
    }
}

/// From when on an ingest puts the small files of a partition together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crowding {
    /// A partition may have so many small files. See [`CROWD_FILES`].
    pub files: usize,
    /// A file below so many bytes is small. See [`CROWD_BYTES`].
    pub bytes: u64,
}

impl Default for Crowding {
    fn default() -> Self {
        Self {
            files: CROWD_FILES,
            bytes: CROWD_BYTES,
        }
    }
}

/// What became of a table's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Optimized {
    /// The table's name.
    pub table: &'static str,
    /// Partitions of which files were put together.
    pub partitions: u64,
    /// Files that were taken out of the table.
    pub files_removed: u64,
    /// Their bytes.
    pub bytes_removed: u64,
    /// Files that have come in their place.
    pub files_added: u64,
    /// Their bytes.
    pub bytes_added: u64,
}

/// Puts the small files of `tables` together; a table that does not exist is passed over.
///
/// # Errors
/// [`Error::Table`] or [`Error::Scan`] if a table cannot be read or written, [`Error::Miscounted`] if files do not hold
/// what the log says, [`Error::Contended`] if other writers always came first. Partitions that were done stay done.
pub async fn optimize(
    lake: &Lake,
    tables: &[LakeTable],
    options: &OptimizeOptions,
    progress: &dyn Progress,
) -> Result<Vec<Optimized>, Error> {
    let mut all = Vec::new();
    for &table in tables {
        let choice = Choice::Small {
            target_bytes: options.target_bytes,
        };
        all.extend(one(lake, table, choice, progress).await?);
    }
    Ok(all)
}

/// Puts small files together in the partitions of `table` that have more of them than `crowding` lets be.
pub(crate) async fn thin(
    lake: &Lake,
    table: LakeTable,
    crowding: Crowding,
    progress: &dyn Progress,
) -> Result<(), Error> {
    one(lake, table, Choice::Crowded(crowding), progress).await?;
    Ok(())
}

async fn one(
    lake: &Lake,
    table: LakeTable,
    choice: Choice,
    progress: &dyn Progress,
) -> Result<Option<Optimized>, Error> {
    let Some(opened) = lake.table(table).await? else {
        return Ok(None);
    };
    let partitions = plan::partitions(table, &opened)?;
    let planned: Vec<_> = partitions
        .into_iter()
        .map(|(value, files)| (value, plan::bins(files, choice)))
        .filter(|(_, bins)| !bins.is_empty())
        .collect();
    let mut work = Work::new(table, choice, opened);
    if !planned.is_empty() {
        let files = planned.iter().flat_map(|(_, bins)| bins).map(Vec::len);
        let total = u64::try_from(files.sum::<usize>()).ok();
        progress.begin(&format!("optimize {}", table.name()), total);
    }
    let any = !planned.is_empty();
    for (value, bins) in planned {
        work.partition(value.as_deref(), bins, progress).await?;
    }
    if any {
        progress.finish();
    }
    Ok(Some(work.done))
}

/// A table on its way.
struct Work {
    table: LakeTable,
    choice: Choice,
    /// The newest version that is known.
    opened: DeltaTable,
    done: Optimized,
}

impl Work {
    fn new(table: LakeTable, choice: Choice, opened: DeltaTable) -> Self {
        Self {
            table,
            choice,
            opened,
            done: Optimized {
                table: table.name(),
                partitions: 0,
                files_removed: 0,
                bytes_removed: 0,
                files_added: 0,
                bytes_added: 0,
            },
        }
    }

    /// Puts the files of each bin of a partition together, in one commit.
    async fn partition(
        &mut self,
        value: Option<&str>,
        mut bins: Vec<Bin>,
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        for _ in 0..PLANS {
            if !self.holds(&paths(&bins))? {
                bins = self.plan_anew(value)?;
            }
            if bins.is_empty() {
                return Ok(());
            }
            let adds = rewrite::rewrite(self.table, &self.opened, &bins, progress).await?;
            if self.land(&adds, &bins).await? {
                self.count(&adds, &bins);
                return Ok(());
            }
            discard(&self.opened, &adds).await;
        }
        // Another run puts the same files together, or replaces the partition all the time: nothing is lost.
        Ok(())
    }

    fn plan_anew(&self, value: Option<&str>) -> Result<Vec<Bin>, Error> {
        let mut partitions = plan::partitions(self.table, &self.opened)?;
        let files = partitions.remove(&value.map(ToOwned::to_owned));
        Ok(plan::bins(files.unwrap_or_default(), self.choice))
    }

    /// Commits; false if another writer has taken out one of the files meanwhile.
    async fn land(&mut self, adds: &[Add], bins: &[Bin]) -> Result<bool, Error> {
        let rewrite = Rewrite {
            removes: bins.iter().flatten().map(plan::File::remove).collect(),
            target_bytes: self.choice.target_bytes(),
        };
        let paths = paths(bins);
        for _ in 0..COMMIT_ATTEMPTS {
            match commit(self.table, &self.opened, adds, Put::Rewrite(&rewrite)).await? {
                Commit::Landed(landed) => {
                    self.opened = landed;
                    return Ok(true);
                }
                Commit::Overtaken => {
                    let opened = self.opened.load().await;
                    opened.map_err(Error::table(self.table, "open"))?;
                    if !self.holds(&paths)? {
                        return Ok(false);
                    }
                }
            }
        }
        discard(&self.opened, adds).await;
        Err(Error::Contended {
            table: self.table.name(),
            attempts: COMMIT_ATTEMPTS,
        })
    }

    /// Whether the newest known version has all these files.
    fn holds(&self, paths: &BTreeSet<String>) -> Result<bool, Error> {
        let snapshot = self.opened.snapshot();
        let snapshot = snapshot.map_err(Error::table(self.table, "read"))?;
        let there = snapshot
            .log_data()
            .iter()
            .filter(|file| paths.contains(file.path().as_ref()))
            .count();
        Ok(there == paths.len())
    }

    fn count(&mut self, adds: &[Add], bins: &[Bin]) {
        let whole = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        self.done.partitions += 1;
        self.done.files_removed += whole(bins.iter().map(Vec::len).sum());
        self.done.bytes_removed += bins.iter().flatten().map(|file| file.bytes).sum::<u64>();
        self.done.files_added += whole(adds.len());
        self.done.bytes_added += adds
            .iter()
            .map(|add| u64::try_from(add.size).unwrap_or(0))
            .sum::<u64>();
    }
}

fn paths(bins: &[Bin]) -> BTreeSet<String> {
    bins.iter().flatten().map(plan::File::path).collect()
}

#[cfg(test)]
mod tests;
