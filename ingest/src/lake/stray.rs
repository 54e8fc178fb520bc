//! Files in a table's directory that its newest version does not name: what older versions need, and what nobody does.
//!
//! A writer makes its files first and names them in a commit later. One that is killed in between leaves files behind that
//! no version knows; on a disk also halves of files, `NAME#NUMBER`, which the store hides from every list.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path as FilePath, PathBuf};

use deltalake_core::DeltaTable;
use futures::{StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;
use object_store::ObjectStore as _;
use object_store::path::Path;

use super::LakeTable;
use crate::Error;

/// A file that the newest version does not name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stray {
    /// Relative to the table.
    pub(super) path: String,
    pub(super) bytes: u64,
    pub(super) kind: StrayKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StrayKind {
    /// A version before this time still names it.
    Removed { at: Timestamp },
    /// No version of the log names it.
    Unknown { written: Timestamp },
    /// Half a file of a writer that was killed; only on a disk.
    Half { written: Timestamp },
}

/// Every stray data file of the table as it was loaded, in no order.
///
/// INVARIANT: a file that the loaded version names is none, whenever it was written.
pub(super) async fn strays(table: LakeTable, opened: &DeltaTable) -> Result<Vec<Stray>, Error> {
    let named = named(table, opened)?;
    let removed = removed(table, opened).await?;
    let store = opened.object_store();
    let mut listed = store.list(None);
    let mut strays = Vec::new();
    while let Some(file) = listed.next().await {
        let file = file.map_err(Error::files(table))?;
        if !is_data(file.location.as_ref()) || named.contains(&file.location) {
            continue;
        }
        let kind = match removed.get(&file.location) {
            Some(&at) => StrayKind::Removed { at },
            None => StrayKind::Unknown {
                written: instant(file.last_modified.timestamp_millis()),
            },
        };
        strays.push(Stray {
            path: file.location.to_string(),
            bytes: file.size,
            kind,
        });
    }
    strays.extend(halves(table, opened).await?);
    Ok(strays)
}

/// The directory of a table on a disk.
pub(super) fn directory(opened: &DeltaTable) -> Option<PathBuf> {
    let url = opened.table_url();
    (url.scheme() == "file")
        .then(|| url.to_file_path().ok())
        .flatten()
}

fn named(table: LakeTable, opened: &DeltaTable) -> Result<HashSet<Path>, Error> {
    let snapshot = opened.snapshot().map_err(Error::table(table, "read"))?;
    Ok(snapshot
        .log_data()
        .iter()
        .map(|file| file.object_store_path())
        .collect())
}

/// The files that the log says were taken out, and when.
async fn removed(
    table: LakeTable,
    opened: &DeltaTable,
) -> Result<BTreeMap<Path, Timestamp>, Error> {
    let snapshot = opened.snapshot().map_err(Error::table(table, "read"))?;
    let log_store = opened.log_store();
    snapshot
        .all_tombstones(log_store.as_ref())
        .map_ok(|file| {
            let path = file.path();
            let path = Path::parse(path.as_ref()).unwrap_or_else(|_| Path::from(path.as_ref()));
            (path, instant(file.deletion_timestamp().unwrap_or(0)))
        })
        .try_collect()
        .await
        .map_err(Error::table(table, "read"))
}

/// Whether a path is that of a data file: Parquet, and not below a folder of the table format's own.
///
/// Source: Delta Lake protocol, "Delta Log Entries" and "Data Files"; names that begin with `_` or `.` are not data.
fn is_data(path: &str) -> bool {
    FilePath::new(path)
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"))
        && !path.starts_with(['_', '.'])
}

/// Milliseconds since 1970 as an instant; one that does not exist is long ago.
fn instant(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Halves of files below the table's directory, the log's among them.
async fn halves(table: LakeTable, opened: &DeltaTable) -> Result<Vec<Stray>, Error> {
    let Some(root) = directory(opened) else {
        return Ok(Vec::new());
    };
    let walked = tokio::task::spawn_blocking(move || {
        let mut found = Vec::new();
        walk(&root, &root, &mut found).map(|()| found)
    });
    match walked.await {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(source)) => Err(Error::files(table)(object_store::Error::Generic {
            store: "directory",
            source: Box::new(source),
        })),
        Err(_) => Err(Error::Writer {
            table: table.name(),
        }),
    }
}

/// Goes through a directory without following links. A table is a folder per partition deep, and a few levels at most.
fn walk(root: &FilePath, folder: &FilePath, found: &mut Vec<Stray>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            walk(root, &entry.path(), found)?;
        } else if kind.is_file() && is_half(&entry.file_name().to_string_lossy()) {
            // Its writer may finish it meanwhile.
            let Ok(metadata) = entry.metadata() else {
                continue;
            };
            let path = entry.path();
            let path = path.strip_prefix(root).unwrap_or(&path);
            let written = metadata.modified()?;
            found.push(Stray {
                path: path.to_string_lossy().into_owned(),
                bytes: metadata.len(),
                kind: StrayKind::Half {
                    written: Timestamp::try_from(written).unwrap_or(Timestamp::UNIX_EPOCH),
                },
            });
        }
    }
    Ok(())
}

/// Whether this is `NAME.parquet#1` or `NAME.json#1`: what the store calls a file that is being written.
/// Source: `object_store::local`, `staged_upload_path`.
pub(super) fn is_half(name: &str) -> bool {
    name.rsplit_once('#').is_some_and(|(whole, number)| {
        let ending = FilePath::new(whole).extension();
        ending.is_some_and(|ending| ending == "parquet" || ending == "json")
            && !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_files_are_told_from_the_formats_own() {
        assert!(is_data("event_date=2026-06-01/part-0.zstd.parquet"));
        assert!(is_data("part-0.parquet"));
        assert!(!is_data(
            "_delta_log/00000000000000000010.checkpoint.parquet"
        ));
        assert!(!is_data(".hidden/a.parquet"));
        assert!(!is_data("README.md"));
    }

    #[test]
    fn a_half_is_known_by_its_number() {
        assert!(is_half("part-0.zstd.parquet#1"));
        assert!(is_half("00000000000000000010.json#12"));
        assert!(!is_half("part-0.zstd.parquet"));
        assert!(!is_half("part-0.zstd.parquet#"));
        assert!(!is_half("notes#1"));
    }
}
