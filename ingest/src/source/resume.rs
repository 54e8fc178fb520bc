//! Where a listing goes on: the newest day of each region that the checkpoint knows.
//!
//! Days before it are not listed again, but for those within the lateness, and those of objects that could not be read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::logical_expr::{col, lit};
use futures::StreamExt as _;
use jiff::civil::Date;

use super::history::{self, Span, Spans};
use super::layout::Layout;
use crate::lake::{self, Lake, LakeTable};
use crate::{Error, ingest::UNREADABLE};

/// What is read of the rows.
const COLUMNS: [&str; 3] = ["source", "object_key", "etag"];

/// A source and a folder in it.
type Folder = (String, String);

/// The days that are known of each region's folder.
#[derive(Debug, Clone, Default)]
pub(crate) struct Resume {
    newest: Arc<BTreeMap<Folder, Date>>,
    unread: Arc<BTreeMap<Folder, Date>>,
    /// Spans of the event history, by folder.
    settled: Arc<BTreeMap<String, Spans>>,
}

impl Resume {
    /// What the lake knows.
    pub(crate) async fn read(lake: &Lake) -> Result<Self, Error> {
        let mut newest = BTreeMap::new();
        let mut failed = BTreeSet::new();
        keys(lake, LakeTable::Quarantine, |source, key, _| {
            failed.insert((source.to_owned(), key.to_owned()));
        })
        .await?;
        let mut settled: BTreeMap<String, Spans> = BTreeMap::new();
        keys(lake, LakeTable::Objects, |source, key, etag| {
            failed.remove(&(source.to_owned(), key.to_owned()));
            note(&mut newest, source, key, Date::max);
            if source == history::URL
                && etag == history::SETTLED
                && let (Some(folder), Some(span)) = (Layout::region_folder(key), Span::of(key))
            {
                settled.entry(folder.to_owned()).or_default().add(span);
            }
        })
        .await?;
        let mut unread = BTreeMap::new();
        for (source, key) in &failed {
            note(&mut unread, source, key, Date::min);
        }
        Ok(Self {
            newest: Arc::new(newest),
            unread: Arc::new(unread),
            settled: Arc::new(settled),
        })
    }

    /// The newest day of delivery that is known of a folder.
    pub(super) fn newest(&self, source: &str, folder: &str) -> Option<Date> {
        self.newest
            .get(&(source.to_owned(), folder.to_owned()))
            .copied()
    }

    /// The spans of the event history that are settled.
    pub(super) fn settled(&self, folder: &str) -> Spans {
        self.settled.get(folder).cloned().unwrap_or_default()
    }

    /// The oldest day of a folder's objects that could not be read.
    pub(super) fn unread(&self, source: &str, folder: &str) -> Option<Date> {
        self.unread
            .get(&(source.to_owned(), folder.to_owned()))
            .copied()
    }
}

fn note(days: &mut BTreeMap<Folder, Date>, source: &str, key: &str, of: fn(Date, Date) -> Date) {
    let (Some(folder), Some(day)) = (Layout::region_folder(key), Layout::of(key).day) else {
        return;
    };
    days.entry((source.to_owned(), folder.to_owned()))
        .and_modify(|known| *known = of(*known, day))
        .or_insert(day);
}

/// Hands over source, key and entity tag of the rows: of objects in AWS, and of those that could not be read.
async fn keys(
    lake: &Lake,
    which: LakeTable,
    mut take: impl FnMut(&str, &str, &str),
) -> Result<(), Error> {
    let Some(table) = lake.table(which).await? else {
        return Ok(());
    };
    let in_aws = col("source")
        .like(lit("s3://%"))
        .or(col("source").eq(lit(history::URL)));
    let filter = match which {
        LakeTable::Quarantine => in_aws.and(col("reason").eq(lit(UNREADABLE))),
        _ => in_aws,
    };
    let mut rows = lake::scan(which, &table, &COLUMNS, Some(filter)).await?;
    while let Some(batch) = rows.next().await {
        let batch = batch.map_err(Error::scan(which))?;
        texts(&batch, &mut take).map_err(Error::rows(which))?;
    }
    Ok(())
}

fn texts(
    batch: &RecordBatch,
    take: &mut impl FnMut(&str, &str, &str),
) -> Result<(), arrow::error::ArrowError> {
    let text = |index| cast(batch.column(index), &DataType::Utf8);
    let (sources, keys, etags) = (text(0)?, text(1)?, text(2)?);
    let [sources, keys, etags] = [&sources, &keys, &etags].map(AsArray::as_string::<i32>);
    for ((source, key), etag) in sources.iter().zip(keys).zip(etags) {
        if let (Some(source), Some(key)) = (source, key) {
            take(source, key, etag.unwrap_or_default());
        }
    }
    Ok(())
}
