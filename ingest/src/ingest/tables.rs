//! Rows of `objects` and `quarantine`.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow::error::ArrowError;

use crate::classify::ObjectKind;
use crate::decode::Fault;
use crate::lake::schema;
use crate::ledger::{Rows, identity_of};
use crate::source::Object;

/// The reason of an object that could not even be opened. It has no row in `objects`, so that every run tries it again.
pub(crate) const UNREADABLE: &str = "unreadable";

/// A row of `objects`.
#[derive(Debug)]
pub(super) struct ObjectRow {
    pub(super) object: Object,
    pub(super) kind: ObjectKind,
    pub(super) status: &'static str,
    pub(super) reason: Option<&'static str>,
    pub(super) records_read: u64,
    pub(super) events_written: u64,
    pub(super) duplicates: u64,
    pub(super) records_quarantined: u64,
}

/// A row of `quarantine`.
#[derive(Debug)]
pub(super) struct QuarantineRow {
    pub(super) source: Arc<str>,
    pub(super) key: String,
    pub(super) etag: String,
    pub(super) record_index: Option<i64>,
    pub(super) fault: Fault,
    pub(super) excerpt: String,
}

pub(super) fn objects(rows: &[ObjectRow], now: i64) -> Result<Rows, ArrowError> {
    let count = |field: fn(&ObjectRow) -> u64| -> ArrayRef {
        let counts = rows
            .iter()
            .map(|row| i64::try_from(field(row)).unwrap_or(i64::MAX));
        Arc::new(Int64Array::from_iter_values(counts))
    };
    let columns = vec![
        texts(rows.iter().map(|row| Some(&*row.object.source))),
        texts(rows.iter().map(|row| Some(row.object.key.as_str()))),
        texts(rows.iter().map(|row| Some(row.object.etag.as_str()))),
        count(|row| row.object.size),
        texts(rows.iter().map(|row| Some(row.kind.as_str()))),
        texts(rows.iter().map(|row| Some(row.status))),
        texts(rows.iter().map(|row| row.reason)),
        count(|row| row.records_read),
        count(|row| row.events_written),
        count(|row| row.duplicates),
        count(|row| row.records_quarantined),
        times(rows.len(), now),
    ];
    Ok(Rows {
        day: None,
        batch: RecordBatch::try_new(schema::objects(), columns)?,
        identities: rows
            .iter()
            .map(|row| identity_of(&row.object.source, &row.object.key, &row.object.etag, None))
            .collect(),
        owners: vec![0; rows.len()],
    })
}

pub(super) fn quarantine(rows: &[QuarantineRow], now: i64) -> Result<Rows, ArrowError> {
    let columns = vec![
        texts(rows.iter().map(|row| Some(&*row.source))),
        texts(rows.iter().map(|row| Some(row.key.as_str()))),
        texts(rows.iter().map(|row| Some(row.etag.as_str()))),
        Arc::new(
            rows.iter()
                .map(|row| row.record_index)
                .collect::<Int64Array>(),
        ),
        Arc::new(
            rows.iter()
                .map(|row| row.fault.offset.and_then(|bytes| i64::try_from(bytes).ok()))
                .collect::<Int64Array>(),
        ),
        texts(rows.iter().map(|row| Some(row.fault.reason))),
        texts(rows.iter().map(|row| Some(row.fault.detail.as_str()))),
        texts(rows.iter().map(|row| Some(row.excerpt.as_str()))),
        times(rows.len(), now),
    ];
    Ok(Rows {
        day: None,
        batch: RecordBatch::try_new(schema::quarantine(), columns)?,
        identities: rows
            .iter()
            .map(|row| identity_of(&row.source, &row.key, &row.etag, row.record_index))
            .collect(),
        owners: vec![0; rows.len()],
    })
}

fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

fn times(rows: usize, now: i64) -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from(vec![now; rows]).with_timezone("UTC"))
}
