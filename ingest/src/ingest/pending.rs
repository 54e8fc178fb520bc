//! What has been read and is not committed yet, and the commit.
//!
//! Events are encoded as they come; what is held are their keys, and the rows of the objects and faults. A commit is due
//! after so many rows or bytes of these.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{AsArray as _, RecordBatch};
use arrow::datatypes::Int64Type;
use arrow::error::ArrowError;
use arrow::json::LineDelimitedWriter;

use super::flight::Landed;
use super::tables::{self, ObjectRow, QuarantineRow, UNREADABLE};
use crate::classify::{ObjectKind, Skip};
use crate::decode::Fault;
use crate::ledger::{IdentitySet, Late, Ledger, Rows, Sifted};
use crate::object::{Outcome, Read, excerpt};
use crate::source::Object;
use crate::{Error, IngestOptions, IngestSummary, LakeTable};

/// What an object's row in the checkpoint takes in memory, in bytes, about. Measured: keys of some 150 characters.
const OBJECT_BYTES: usize = 512;

/// What is not committed yet.
#[derive(Debug)]
pub(super) struct Pending {
    events: Ledger,
    quarantine: Ledger,
    objects: Ledger,
    quarantine_rows: Vec<QuarantineRow>,
    object_rows: Vec<ObjectRow>,
    rows: usize,
    bytes: usize,
    commit_rows: usize,
    commit_bytes: usize,
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
            quarantine_rows: Vec::new(),
            object_rows: Vec::new(),
            rows: 0,
            bytes: 0,
            commit_rows: options.commit_rows,
            commit_bytes: options.commit_bytes,
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

    /// Takes up a group of objects.
    pub(super) async fn add(&mut self, landed: Landed) -> Result<(), Error> {
        let before = self.object_rows.len();
        for (object, outcome) in landed.objects {
            self.bytes += OBJECT_BYTES;
            match outcome {
                Outcome::Read(read) => self.read(object, read),
                Outcome::Skipped(skip) => self.skipped(object, skip),
                Outcome::Broken { fault, excerpt } => self.broken(object, fault, excerpt),
            }
        }
        for rows in landed.rows {
            self.rows += rows.identities.len();
            self.stage(in_order(rows, before)).await?;
        }
        Ok(())
    }

    async fn stage(&mut self, rows: Rows) -> Result<(), Error> {
        let rows = [rows];
        let sifted = self.events.stage(&rows).await?;
        for (rows, sifted) in rows.iter().zip(&sifted) {
            self.count(rows, sifted);
            for &row in &sifted.reused {
                let owner = rows.owners.get(row).copied().unwrap_or_default();
                self.reused(owner, &rows.batch.slice(row, 1))
                    .map_err(Error::rows(LakeTable::Events))?;
            }
        }
        Ok(())
    }

    fn read(&mut self, object: Object, read: Read) {
        let bad = u64::try_from(read.bad.len()).unwrap_or(u64::MAX);
        self.summary.records_read += read.records;
        self.summary.records_quarantined += bad;
        for record in read.bad {
            self.bytes += OBJECT_BYTES + record.excerpt.len();
            self.quarantine(&object, Some(record.index), record.fault, record.excerpt);
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
        self.bytes += excerpt.len();
        self.quarantine(&object, None, fault, excerpt);
        let row = ObjectRow::new(object, ObjectKind::Trail, "quarantined", Some(reason));
        self.object_rows.push(row);
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
            self.quarantine.stage(&[rows]).await?;
            self.quarantine.commit().await?;
        }
        let mut objects = std::mem::take(&mut self.object_rows);
        // What could not even be opened is tried again by every run.
        objects.retain(|row| row.reason != Some(UNREADABLE));
        if !objects.is_empty() {
            let rows =
                tables::objects(&objects, self.now).map_err(Error::rows(LakeTable::Objects))?;
            self.objects.stage(&[rows]).await?;
            self.objects.commit().await?;
        }
        self.rows = 0;
        self.bytes = 0;
        Ok(())
    }

    async fn commit_events(&mut self) -> Result<(), Error> {
        for Late { owner, reused } in self.events.commit().await? {
            self.summary.events_written -= 1;
            self.summary.duplicates += 1;
            if let Some(row) = self.object_row(owner) {
                row.events_written -= 1;
                row.duplicates += 1;
            }
            if let Some(row) = reused {
                self.reused(owner, &row)
                    .map_err(Error::rows(LakeTable::Events))?;
            }
        }
        Ok(())
    }

    /// A record whose id another record has: it is no duplicate, so it goes to quarantine.
    fn reused(&mut self, owner: u32, record: &RecordBatch) -> Result<(), ArrowError> {
        let Some(counts) = self.object_row(owner) else {
            return Ok(());
        };
        counts.duplicates -= 1;
        counts.records_quarantined += 1;
        let object = counts.object.clone();
        self.summary.duplicates -= 1;
        self.summary.records_quarantined += 1;
        let record = Reused::new(record)?;
        self.bytes += OBJECT_BYTES + record.excerpt.len();
        self.quarantine(&object, record.index, record.fault, record.excerpt);
        Ok(())
    }

    /// Adds up what is new and what was there already, object by object.
    fn count(&mut self, rows: &Rows, sifted: &Sifted) {
        for (&owner, new) in rows.owners.iter().zip(sifted.new.values()) {
            let (new, duplicate) = (u64::from(new), u64::from(!new));
            self.summary.events_written += new;
            self.summary.duplicates += duplicate;
            if let Some(row) = self.object_row(owner) {
                row.events_written += new;
                row.duplicates += duplicate;
            }
        }
    }

    fn object_row(&mut self, owner: u32) -> Option<&mut ObjectRow> {
        self.object_rows.get_mut(usize::try_from(owner).ok()?)
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
    /// Of a batch that has this row only.
    fn new(row: &RecordBatch) -> Result<Self, ArrowError> {
        let column = |name: &str| row.column_by_name(name).filter(|column| !column.is_empty());
        let index = column("record_index")
            .and_then(|column| column.as_primitive_opt::<Int64Type>())
            .map(|indexes| indexes.value(0));
        let id = column("event_id")
            .and_then(|column| column.as_string_opt::<i32>())
            .map_or("", |ids| ids.value(0));
        let detail = format!("another record of the account has the `eventID` `{id}`");
        let mut writer = LineDelimitedWriter::new(Vec::new());
        writer.write(row)?;
        Ok(Self {
            index,
            fault: Fault::new("event_id_reused", detail),
            excerpt: excerpt(&String::from_utf8_lossy(&writer.into_inner())),
        })
    }
}

/// The rows, whose owners are numbered from the first object of their group, numbered from that of the commit.
fn in_order(rows: Rows, before: usize) -> Rows {
    let before = u32::try_from(before).unwrap_or(u32::MAX);
    let owners = rows
        .owners
        .iter()
        .map(|&owner| before.saturating_add(owner));
    Rows {
        owners: owners.collect(),
        ..rows
    }
}
