//! The files of a table's newest version against what its log says of them, and what lies beside them.
//!
//! Source: Apache Parquet, "File Format": the footer at the end of a file says how many rows it holds.

use std::collections::BTreeSet;

use deltalake_core::DeltaTable;
use deltalake_core::kernel::LogicalFileView;
use futures::StreamExt as _;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use parquet::DecodeResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataPushDecoder};

use super::{Finding, Grade, Report};
use crate::lake::LakeTable;
use crate::lake::stray::{StrayKind, strays};
use crate::{Error, Progress};

/// Files that are looked at at a time: 16. Chosen: each costs some requests and no work.
const AT_A_TIME: usize = 16;

/// What is done about a file that is gone or broken.
const RESTORE: &str = "restore the file from a backup or from the versions of the bucket; else ingest all sources into a new lake";

/// What the log says of a file.
struct Named {
    path: String,
    location: Path,
    bytes: u64,
    rows: Option<usize>,
}

impl Named {
    fn new(file: &LogicalFileView) -> Self {
        Self {
            path: file.path().into_owned(),
            location: file.object_store_path(),
            bytes: u64::try_from(file.size()).unwrap_or(0),
            rows: file.num_records(),
        }
    }
}

/// The files that are whole; what is wrong with the others is added to the report.
pub(super) async fn check(
    table: LakeTable,
    opened: &DeltaTable,
    report: &mut Report,
    progress: &dyn Progress,
) -> Result<BTreeSet<String>, Error> {
    let snapshot = opened.snapshot().map_err(Error::table(table, "read"))?;
    let mut named: Vec<Named> = snapshot
        .log_data()
        .iter()
        .map(|file| Named::new(&file))
        .collect();
    named.sort_by(|one, other| one.path.cmp(&other.path));
    progress.begin(
        &format!("check {}", table.name()),
        u64::try_from(named.len()).ok(),
    );
    let store = opened.object_store();
    let mut looked = futures::stream::iter(named)
        .map(|file| {
            let store = store.clone();
            async move {
                let wrong = wrong(store.as_ref(), &file).await;
                (file, wrong)
            }
        })
        .buffered(AT_A_TIME);
    let mut whole = BTreeSet::new();
    while let Some((file, wrong)) = looked.next().await {
        match wrong {
            None => {
                whole.insert(file.path);
            }
            Some((code, message)) => report.add(Finding {
                grade: Grade::Problem,
                table: table.name(),
                code,
                subject: file.path,
                message,
                remedy: RESTORE,
            }),
        }
        progress.advance(1);
    }
    progress.finish();
    beside(table, opened, report).await?;
    Ok(whole)
}

/// What is wrong with a file.
async fn wrong(store: &dyn ObjectStore, file: &Named) -> Option<(&'static str, String)> {
    let there = match store.head(&file.location).await {
        Ok(there) => there,
        Err(object_store::Error::NotFound { .. }) => {
            return Some(("file-missing", "the file is not there".to_owned()));
        }
        Err(error) => return Some(("file-unreadable", error.to_string())),
    };
    if there.size != file.bytes {
        let message = format!("the file has {} bytes, not {}", there.size, file.bytes);
        return Some(("file-size", message));
    }
    let footer = match footer(store, &file.location, there.size).await {
        Ok(footer) => footer,
        Err(error) => return Some(("file-unreadable", error.to_string())),
    };
    let found = footer.file_metadata().num_rows();
    let expected = i64::try_from(file.rows?).unwrap_or(i64::MAX);
    (found != expected).then(|| {
        let message = format!("the file has {found} rows, not {expected}");
        ("file-rows", message)
    })
}

async fn footer(
    store: &dyn ObjectStore,
    location: &Path,
    bytes: u64,
) -> Result<ParquetMetaData, ParquetError> {
    let mut decoder =
        ParquetMetaDataPushDecoder::try_new(bytes)?.with_page_index_policy(PageIndexPolicy::Skip);
    loop {
        match decoder.try_decode()? {
            DecodeResult::Data(footer) => return Ok(footer),
            DecodeResult::NeedsData(ranges) => {
                let read = store.get_ranges(location, &ranges).await;
                let read = read.map_err(|error| ParquetError::External(Box::new(error)))?;
                decoder.push_ranges(ranges, read)?;
            }
            DecodeResult::Finished => {
                return Err(ParquetError::General("the footer has no end".to_owned()));
            }
        }
    }
}

/// Names the files that no version of the log names.
async fn beside(table: LakeTable, opened: &DeltaTable, report: &mut Report) -> Result<(), Error> {
    let mut strays = strays(table, opened).await?;
    strays.sort_by(|one, other| one.path.cmp(&other.path));
    for stray in strays {
        let message = match stray.kind {
            StrayKind::Removed { .. } => continue,
            StrayKind::Unknown { written } => format!(
                "no version names this file of {} bytes, written at {written}: a writer was killed, or is at work",
                stray.bytes
            ),
            StrayKind::Half { written } => format!(
                "half a file of {} bytes, written at {written}: a writer was killed, or is at work",
                stray.bytes
            ),
        };
        report.add(Finding {
            grade: Grade::Warning,
            table: table.name(),
            code: "orphan",
            subject: stray.path,
            message,
            remedy: "nothing reads it; `curtail lake vacuum` removes it once it is 7 days old",
        });
    }
    Ok(())
}
