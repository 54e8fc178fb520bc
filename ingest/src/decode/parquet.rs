//! Parquet of Security Lake in, its rows as JSON Lines out, within a limit.
//!
//! Only a table with a column `class_uid`, as OCSF has it, is unpacked. What the footer promises is checked against the
//! limit before anything is read, and what comes out is counted while it is written.
//! Source: Apache Parquet, "File Format"; Amazon Security Lake User Guide, "Open source formats".

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow::json::LineDelimitedWriter;
use object_store::PutPayload;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::errors::{ParquetError, Result};

use super::{Fault, Unpacked, oversized};

/// How Parquet begins and ends.
const MAGIC: &[u8] = b"PAR1";

/// Rows that are held at a time. Chosen.
const BATCH_ROWS: usize = 1_024;

/// Whether the bytes begin as Parquet does.
pub(super) fn is_parquet(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// The rows as JSON Lines, at most `limit` bytes.
pub(super) fn rows(bytes: &[u8], limit: u64) -> Unpacked<'static> {
    if bytes.len() < 12 || !bytes.ends_with(MAGIC) {
        let fault = Fault::new("truncated_parquet", "it does not end as Parquet does");
        return Unpacked::refused(fault);
    }
    let mut written = Bounded::new(limit);
    // The decoder is another's, and these bytes are anybody's.
    let read = catch_unwind(AssertUnwindSafe(|| write(bytes, &mut written)))
        .unwrap_or_else(|_| Err(ParquetError::General("it cannot be decoded".to_owned())));
    match read {
        _ if written.exceeded => Unpacked::refused(oversized(limit)),
        Ok(true) => Unpacked::whole(written.bytes),
        // One document that is no record.
        Ok(false) => Unpacked::whole(b"{}".to_vec()),
        Err(error) => Unpacked::broken(
            written.bytes,
            Fault::new("corrupt_parquet", error.to_string()),
        ),
    }
}

/// Writes the rows; false if they are none of OCSF.
fn write(bytes: &[u8], written: &mut Bounded) -> Result<bool> {
    // The one way to a buffer that can be shared.
    let Some(shared) = PutPayload::from(bytes.to_vec()).into_iter().next() else {
        return Ok(false);
    };
    let builder = ParquetRecordBatchReaderBuilder::try_new(shared)?;
    if builder.schema().column_with_name("class_uid").is_none() {
        return Ok(false);
    }
    let promised: i64 = builder
        .metadata()
        .row_groups()
        .iter()
        .map(|group| group.total_byte_size().max(0))
        .fold(0, i64::saturating_add);
    if u64::try_from(promised).unwrap_or(u64::MAX) > written.limit {
        written.exceeded = true;
        return Ok(true);
    }
    let reader = builder.with_batch_size(BATCH_ROWS).build()?;
    let mut writer = LineDelimitedWriter::new(written);
    for batch in reader {
        writer.write(&batch?)?;
    }
    writer.finish()?;
    Ok(true)
}

/// What is written, as far as the limit.
struct Bounded {
    bytes: Vec<u8>,
    limit: u64,
    exceeded: bool,
}

impl Bounded {
    fn new(limit: u64) -> Self {
        Self {
            bytes: Vec::new(),
            limit,
            exceeded: false,
        }
    }
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let length = self.bytes.len().saturating_add(bytes.len());
        if u64::try_from(length).unwrap_or(u64::MAX) > self.limit {
            self.exceeded = true;
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
