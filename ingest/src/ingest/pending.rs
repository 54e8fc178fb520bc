//! What has been read and is not committed yet, and the commit.
//!
//! Memory is bounded by the options: a commit is due after so many rows or bytes.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{AsArray as _, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::Int64Type;
use arrow::error::ArrowError;
use arrow::json::LineDelimitedWriter;

use super::flight::Landed;
use super::tables::{self, ObjectRow, QuarantineRow, UNREADABLE};
use crate::classify::{ObjectKind, Skip};
use crate::decode::Fault;
use crate::ledger::{Day, IdentitySet, Ledger, Rows, Written};
use crate::object::{Outcome, Read, excerpt};
use crate::source::Object;
use crate::{Error, IngestOptions, IngestSummary, LakeTable, lake::schema};

/// What an object costs besides its text: the arrays of its rows, and its row in the checkpoint. Measured: 66 columns of
/// some 250 bytes each.
const OBJECT_BYTES: u64 = 16 << 10;

/// The most that is ever collected for a commit, in bytes: 512 MiB, so that a column stays below what Arrow's 32-bit offsets
/// reach.
const COMMIT_BYTES_CEILING: u64 = 512 << 20;

/// Rows of one object and day, and which object that is.
type Owned = (usize, Rows);

/// What is not committed yet.
#[derive(Debug)]
pub(super) struct Pending {
    events: Ledger,
    quarantine: Ledger,
    objects: Ledger,
    event_rows: BTreeMap<Day, Vec<Owned>>,
    quarantine_rows: Vec<QuarantineRow>,
    object_rows: Vec<ObjectRow>,
    rows: usize,
    bytes: u64,
    commit_rows: usize,
    commit_bytes: u64,
    now: i64,
    pub(super) summary: IngestSummary,
}

impl Pending {
    pub(super) fn new(
        options: &IngestOptions,
        events: Ledger,
        quarantine: Ledger,
        objects: Ledger,
    ) -> Self {
        Self {
            events,
            quarantine,
            objects,
            event_rows: BTreeMap::new(),
            quarantine_rows: Vec::new(),
            object_rows: Vec::new(),
            rows: 0,
            bytes: 0,
            commit_rows: options.commit_rows,
            commit_bytes: options.commit_bytes.min(COMMIT_BYTES_CEILING),
            now: options.now.as_microsecond(),
            summary: IngestSummary::default(),
        }
    }

    /// Which of these objects the checkpoint knows.
    pub(super) async fn known_objects(
        &mut self,
        identities: IdentitySet,
    ) -> Result<IdentitySet, Error> {
        let mut known = self
            .objects
            .known(&BTreeMap::from([(None, identities)]))
            .await?;
        Ok(known.remove(&None).unwrap_or_default())
    }

    /// Takes up an object.
    pub(super) fn add(&mut self, landed: Landed) {
        self.bytes += OBJECT_BYTES;
        match landed.outcome {
            Outcome::Read(read) => self.read(landed.object, read),
            Outcome::Skipped(skip) => self.skipped(landed.object, skip),
            Outcome::Broken { fault, excerpt } => self.broken(landed.object, fault, excerpt),
        }
    }

    fn read(&mut self, object: Object, read: Read) {
        let owner = self.object_rows.len();
        let bad = u64::try_from(read.bad.len()).unwrap_or(u64::MAX);
        self.summary.records_read += read.records;
        self.summary.records_quarantined += bad;
        self.bytes += read.bytes;
        for record in read.bad {
            self.bytes += u64::try_from(record.excerpt.len()).unwrap_or(u64::MAX);
            self.quarantine(&object, Some(record.index), record.fault, record.excerpt);
        }
        for rows in read.rows {
            self.rows += rows.identities.len();
            self.event_rows
                .entry(rows.day)
                .or_default()
                .push((owner, rows));
        }
        let mut row = match read.torn {
            None => {
                self.summary.objects_read += 1;
                ObjectRow::new(object, ObjectKind::Trail, "read", None)
            }
            Some((fault, excerpt)) => {
                self.summary.objects_quarantined += 1;
                let reason = fault.reason;
                self.quarantine(&object, None, fault, excerpt);
                ObjectRow::new(object, ObjectKind::Trail, "quarantined", Some(reason))
            }
        };
        row.records_read = read.records;
        row.records_quarantined = bad;
        self.object_rows.push(row);
    }

    fn skipped(&mut self, object: Object, skip: Skip) {
        self.summary.objects_skipped += 1;
        let row = ObjectRow::new(object, skip.kind, "skipped", Some(skip.reason));
        self.object_rows.push(row);
    }

    fn broken(&mut self, object: Object, fault: Fault, excerpt: String) {
        self.summary.objects_quarantined += 1;
        let reason = fault.reason;
        self.quarantine(&object, None, fault, excerpt);
        if reason != UNREADABLE {
            let row = ObjectRow::new(object, ObjectKind::Trail, "quarantined", Some(reason));
            self.object_rows.push(row);
        }
    }

    fn quarantine(
        &mut self,
        object: &Object,
        record_index: Option<i64>,
        fault: Fault,
        excerpt: String,
    ) {
        self.quarantine_rows.push(QuarantineRow {
            source: Arc::clone(&object.source),
            key: object.key.clone(),
            etag: object.etag.clone(),
            record_index,
            fault,
            excerpt,
        });
    }

    pub(super) async fn commit_if_due(&mut self) -> Result<(), Error> {
        if self.rows >= self.commit_rows || self.bytes >= self.commit_bytes {
            self.commit().await?;
        }
        Ok(())
    }

    /// Writes what is pending: events, then quarantine, then the checkpoint that says that both are done.
    pub(super) async fn commit(&mut self) -> Result<(), Error> {
        self.commit_events().await?;
        let faults = std::mem::take(&mut self.quarantine_rows);
        if !faults.is_empty() {
            let rows = tables::quarantine(&faults, self.now)
                .map_err(Error::rows(LakeTable::Quarantine))?;
            self.quarantine.append(&[rows]).await?;
        }
        let objects = std::mem::take(&mut self.object_rows);
        if !objects.is_empty() {
            let rows =
                tables::objects(&objects, self.now).map_err(Error::rows(LakeTable::Objects))?;
            self.objects.append(&[rows]).await?;
        }
        self.rows = 0;
        self.bytes = 0;
        Ok(())
    }

    async fn commit_events(&mut self) -> Result<(), Error> {
        let mut days = Vec::new();
        let mut owners = Vec::new();
        for (day, parts) in std::mem::take(&mut self.event_rows) {
            owners.push(lengths(&parts));
            days.push(together(day, parts)?);
        }
        if days.is_empty() {
            return Ok(());
        }
        let written = self.events.append(&days).await?;
        for ((owners, written), day) in owners.iter().zip(&written).zip(&days) {
            self.count(owners, written);
            self.reused(owners, &written.reused, &day.batch)
                .map_err(Error::rows(LakeTable::Events))?;
        }
        Ok(())
    }

    /// Records whose id another record has: they are no duplicates, so they go to quarantine.
    fn reused(
        &mut self,
        owners: &[(usize, usize)],
        reused: &[usize],
        batch: &RecordBatch,
    ) -> Result<(), ArrowError> {
        for &row in reused {
            let Some(owner) = owner_of(owners, row) else {
                continue;
            };
            let Some(counts) = self.object_rows.get_mut(owner) else {
                continue;
            };
            counts.duplicates -= 1;
            counts.records_quarantined += 1;
            self.summary.duplicates -= 1;
            self.summary.records_quarantined += 1;
            let object = counts.object.clone();
            let record = Reused::new(batch, row)?;
            self.quarantine(&object, record.index, record.fault, record.excerpt);
        }
        Ok(())
    }

    /// Adds up what was written and what was there already, object by object.
    fn count(&mut self, owners: &[(usize, usize)], written: &Written) {
        let mut from = 0;
        for &(owner, length) in owners {
            let new =
                u64::try_from(written.new.slice(from, length).true_count()).unwrap_or(u64::MAX);
            let duplicates = u64::try_from(length).unwrap_or(u64::MAX) - new;
            from += length;
            self.summary.events_written += new;
            self.summary.duplicates += duplicates;
            if let Some(row) = self.object_rows.get_mut(owner) {
                row.events_written += new;
                row.duplicates += duplicates;
            }
        }
    }
}

impl ObjectRow {
    fn new(
        object: Object,
        kind: ObjectKind,
        status: &'static str,
        reason: Option<&'static str>,
    ) -> Self {
        Self {
            object,
            kind,
            status,
            reason,
            records_read: 0,
            events_written: 0,
            duplicates: 0,
            records_quarantined: 0,
        }
    }
}

/// A record whose id another record has.
struct Reused {
    index: Option<i64>,
    fault: Fault,
    /// Its row, as far as an excerpt goes: the record itself is gone by now.
    excerpt: String,
}

impl Reused {
    fn new(batch: &RecordBatch, row: usize) -> Result<Self, ArrowError> {
        let column = |name: &str| batch.column_by_name(name);
        let index = column("record_index")
            .and_then(|column| column.as_primitive_opt::<Int64Type>())
            .map(|indexes| indexes.value(row));
        let id = column("event_id")
            .and_then(|column| column.as_string_opt::<i32>())
            .map_or("", |ids| ids.value(row));
        let detail = format!("another record of the account has the `eventID` `{id}`");
        let mut writer = LineDelimitedWriter::new(Vec::new());
        writer.write(&batch.slice(row, 1))?;
        Ok(Self {
            index,
            fault: Fault::new("event_id_reused", detail),
            excerpt: excerpt(&String::from_utf8_lossy(&writer.into_inner())),
        })
    }
}

/// Whose a row is.
fn owner_of(owners: &[(usize, usize)], row: usize) -> Option<usize> {
    let mut to = 0;
    owners.iter().find_map(|&(owner, length)| {
        to += length;
        (row < to).then_some(owner)
    })
}

/// How many rows each part has, and whose they are.
fn lengths(parts: &[Owned]) -> Vec<(usize, usize)> {
    parts
        .iter()
        .map(|(owner, rows)| (*owner, rows.identities.len()))
        .collect()
}

/// The rows of a day in one piece.
fn together(day: Day, parts: Vec<Owned>) -> Result<Rows, Error> {
    let batches = parts.iter().map(|(_, rows)| &rows.batch);
    let batch =
        concat_batches(&schema::events(), batches).map_err(Error::rows(LakeTable::Events))?;
    let identities = parts
        .into_iter()
        .flat_map(|(_, rows)| rows.identities)
        .collect();
    Ok(Rows {
        day,
        batch,
        identities,
    })
}
