//! Files that no version within the retention needs, removed.
//!
//! A file goes that a version has taken out longer ago than the table keeps its history, and one that no version of the log
//! names and that was written more than [`SAFE_DAYS`] ago. What the newest version names never goes. Only data files are
//! looked at, `.parquet`, and halves of files that a killed writer left on a disk: whatever else lies there stays. On S3
//! the parts of an upload that was never finished show in no list: a lifecycle rule of the bucket
//! (`AbortIncompleteMultipartUpload`) removes them.
//!
//! The table format's own operation is not used: it keeps what a killed writer left as long as the history, makes two
//! versions for each call, which every writer at work has to load, and does not see halves of files.

use std::collections::BTreeMap;

use deltalake_core::DeltaTable;
use deltalake_core::table::config::TablePropertiesExt as _;
use futures::{StreamExt as _, TryStreamExt as _};
use jiff::{SignedDuration, Timestamp};
use object_store::ObjectStore as _;
use object_store::path::Path;
use serde::Serialize;

use super::stray::{self, Stray, StrayKind, strays};
use super::{Lake, LakeTable};
use crate::{Error, Progress};

/// Days after which a file that no version names counts as left behind: 7. A writer names its files within minutes; a week
/// is what the table format holds safe. Source: Delta Lake documentation, "Remove files no longer referenced by a Delta table".
pub const SAFE_DAYS: i64 = 7;

/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;

/// Which files are removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VacuumOptions {
    /// The time that ages are counted to.
    pub now: Timestamp,
    /// Days of history to keep; none: as many as the table's own setting says, 400 where curtail made it.
    pub older_than_days: Option<u32>,
    /// Whether fewer days may be kept than the table's own setting says.
    pub force: bool,
    /// Whether files are only named.
    pub dry_run: bool,
}

impl VacuumOptions {
    /// Removes what the tables' own settings allow, at the time `now`.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            now,
            older_than_days: None,
            force: false,
            dry_run: false,
        }
    }
}

/// A file that no version within the retention needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Stale {
    /// The table's name.
    pub table: &'static str,
    /// Relative to the table's directory.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Why nobody needs it.
    pub reason: StaleReason,
}

/// Why nobody needs a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StaleReason {
    /// A version took it out, longer ago than the history is kept.
    Expired,
    /// No version names it: a writer was killed before its commit.
    Orphan,
}

impl StaleReason {
    /// `expired` or `orphan`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Orphan => "orphan",
        }
    }
}

/// Removes what no version within the retention needs, and names it, by table and path.
///
/// # Errors
/// [`Error::Retention`] if the options would cut a table's history short without force, before anything is removed;
/// [`Error::Table`] or [`Error::Files`] if a table cannot be read or its files not be removed.
pub async fn vacuum(
    lake: &Lake,
    tables: &[LakeTable],
    options: &VacuumOptions,
    progress: &dyn Progress,
) -> Result<Vec<Stale>, Error> {
    let mut opened = BTreeMap::new();
    for &table in tables {
        if let Some(loaded) = lake.table(table).await? {
            let kept_days = kept_days(table, &loaded, options)?;
            opened.insert(table, (loaded, kept_days));
        }
    }
    progress.begin("vacuum", u64::try_from(opened.len()).ok());
    let mut all = Vec::new();
    for (table, (loaded, kept_days)) in opened {
        let mut stale = stale(table, &loaded, options.now, kept_days).await?;
        stale.sort();
        if !options.dry_run {
            remove(table, &loaded, &stale).await?;
        }
        all.extend(stale);
        progress.advance(1);
    }
    progress.finish();
    Ok(all)
}

/// How many days of history are kept.
fn kept_days(table: LakeTable, opened: &DeltaTable, options: &VacuumOptions) -> Result<u64, Error> {
    let snapshot = opened.snapshot().map_err(Error::table(table, "read"))?;
    let kept = snapshot.table_config().deleted_file_retention_duration();
    let kept_days = kept.as_secs().div_ceil(DAY_SECONDS.unsigned_abs());
    let Some(asked_days) = options.older_than_days.map(u64::from) else {
        return Ok(kept_days);
    };
    if asked_days < kept_days && !options.force {
        return Err(Error::Retention {
            table: table.name(),
            kept_days,
            asked_days,
        });
    }
    Ok(asked_days)
}

async fn stale(
    table: LakeTable,
    opened: &DeltaTable,
    now: Timestamp,
    kept_days: u64,
) -> Result<Vec<Stale>, Error> {
    let kept_days = i64::try_from(kept_days).unwrap_or(i64::MAX);
    let kept_since = days_before(now, kept_days);
    let safe_since = days_before(now, SAFE_DAYS);
    let reason = |stray: &Stray| match stray.kind {
        StrayKind::Removed { at } => (at < kept_since).then_some(StaleReason::Expired),
        StrayKind::Unknown { written } | StrayKind::Half { written } => {
            (written < safe_since).then_some(StaleReason::Orphan)
        }
    };
    Ok(strays(table, opened)
        .await?
        .into_iter()
        .filter_map(|stray| {
            Some(Stale {
                table: table.name(),
                reason: reason(&stray)?,
                path: stray.path,
                bytes: stray.bytes,
            })
        })
        .collect())
}

fn days_before(now: Timestamp, days: i64) -> Timestamp {
    let span = SignedDuration::from_secs(days.saturating_mul(DAY_SECONDS));
    now.checked_sub(span).unwrap_or(Timestamp::MIN)
}

/// Removes the files; one that is gone already is no error.
async fn remove(table: LakeTable, opened: &DeltaTable, stale: &[Stale]) -> Result<(), Error> {
    let (halves, whole): (Vec<&Stale>, Vec<&Stale>) =
        stale.iter().partition(|file| stray::is_half(&file.path));
    let store = opened.object_store();
    let paths: Vec<_> = whole
        .iter()
        .filter_map(|file| Path::parse(&file.path).ok())
        .map(Ok)
        .collect();
    store
        .delete_stream(futures::stream::iter(paths).boxed())
        .map(|outcome| match outcome {
            Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        })
        .try_collect::<()>()
        .await
        .map_err(Error::files(table))?;
    if let Some(directory) = stray::directory(opened) {
        for half in halves {
            // Its writer is long gone; if it cannot be removed now, it is named again the next time.
            if let Err(error) = tokio::fs::remove_file(directory.join(&half.path)).await {
                tracing::warn!(path = half.path, %error, "half a file stays behind");
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
