//! The rows of many objects, collected column by column and given day by day.
//!
//! Objects are small and columns are many: arrays of their own for each object would cost more than what is in them.

use std::collections::BTreeMap;

use arrow::array::{RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use arrow::error::ArrowError;

use super::{EventBuilders, EventRow};
use crate::ledger::{Day, Rows};

/// Text after which rows are put aside as a batch, in bytes: 32 MiB. Chosen; so that a column stays far below the 2 GiB that
/// Arrow's 32-bit offsets reach, however many objects come together.
const BATCH_BYTES: usize = 32 << 20;

/// Rows that the builders have room for from the beginning. Chosen: those of a group of objects of 4 MiB.
const EXPECTED_ROWS: usize = 2_048;

/// Rows of events on their way to a table.
#[derive(Debug)]
pub(crate) struct EventRows {
    builders: EventBuilders,
    tags: Vec<Tag>,
    owner: u32,
    bytes: usize,
    batches: Vec<Rows>,
}

/// What is known of a row besides its columns.
#[derive(Debug, Clone, Copy)]
struct Tag {
    identity: u128,
    owner: u32,
    /// None if the row does not count.
    day: Option<Day>,
}

/// How many rows there were.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark(usize);

impl EventRows {
    /// No rows yet.
    pub(crate) fn new() -> Self {
        Self {
            builders: EventBuilders::with_capacity(EXPECTED_ROWS),
            tags: Vec::with_capacity(EXPECTED_ROWS),
            owner: 0,
            bytes: 0,
            batches: Vec::new(),
        }
    }

    /// The rows that follow are those of this object.
    ///
    /// # Errors
    /// See [`EventBuilders::finish`].
    pub(crate) fn begin(&mut self, owner: u32) -> Result<(), ArrowError> {
        self.owner = owner;
        if self.bytes >= BATCH_BYTES {
            self.put_aside()?;
        }
        Ok(())
    }

    /// Adds a row, which takes about so many bytes.
    pub(crate) fn push(&mut self, row: &EventRow<'_>, bytes: usize) {
        self.tags.push(Tag {
            identity: row.record_key.unwrap_or_default(),
            owner: self.owner,
            day: Some(row.event_date),
        });
        self.bytes += bytes;
        self.builders.append(row);
    }

    /// How far the rows go; it holds until the next object begins.
    pub(crate) fn mark(&self) -> Mark {
        Mark(self.tags.len())
    }

    /// Takes away the rows after the mark.
    pub(crate) fn cut(&mut self, mark: Mark) {
        // The builders cannot be cut: their rows are left out at the end.
        for tag in self.tags.iter_mut().skip(mark.0) {
            tag.day = None;
        }
    }

    /// All rows, in their order, split by day.
    ///
    /// # Errors
    /// See [`EventBuilders::finish`].
    pub(crate) fn finish(mut self) -> Result<Vec<Rows>, ArrowError> {
        self.put_aside()?;
        Ok(self.batches)
    }

    fn put_aside(&mut self) -> Result<(), ArrowError> {
        let tags = std::mem::take(&mut self.tags);
        if !tags.is_empty() {
            self.batches
                .extend(by_day(&self.builders.finish()?, &tags)?);
        }
        self.bytes = 0;
        Ok(())
    }
}

/// Splits rows by day; most batches hold one day only.
fn by_day(batch: &RecordBatch, tags: &[Tag]) -> Result<Vec<Rows>, ArrowError> {
    let mut days: BTreeMap<Day, Vec<u32>> = BTreeMap::new();
    for (position, tag) in (0..).zip(tags) {
        if let Some(day) = tag.day {
            days.entry(day).or_default().push(position);
        }
    }
    days.into_iter()
        .map(|(day, positions)| {
            let tagged = tags.iter().filter(|tag| tag.day == Some(day));
            let (identities, owners) = tagged.map(|tag| (tag.identity, tag.owner)).unzip();
            let batch = if positions.len() == tags.len() {
                batch.clone()
            } else {
                take_record_batch(batch, &UInt32Array::from(positions))?
            };
            Ok(Rows {
                day,
                batch,
                identities,
                owners,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(rows: &mut EventRows, key: u128, day: Day) {
        let row = EventRow {
            record_key: Some(key),
            event_date: day,
            ..EventRow::default()
        };
        rows.push(&row, 1);
    }

    #[test]
    fn rows_come_day_by_day_with_the_object_that_each_is_from() {
        let mut rows = EventRows::new();
        for (owner, key, day) in [
            (0, 1, Some(2)),
            (0, 2, Some(1)),
            (1, 3, Some(2)),
            (2, 4, None),
        ] {
            rows.begin(owner).unwrap();
            push(&mut rows, key, day);
        }
        let found: Vec<_> = rows.finish().unwrap();
        let found: Vec<_> = found
            .iter()
            .map(|rows| {
                (
                    rows.day,
                    rows.identities.clone(),
                    rows.owners.clone(),
                    rows.batch.num_rows(),
                )
            })
            .collect();
        let expected = [
            (None, vec![4], vec![2], 1),
            (Some(1), vec![2], vec![0], 1),
            (Some(2), vec![1, 3], vec![0, 1], 2),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_cut_is_gone_and_what_was_before_it_stays() {
        let mut rows = EventRows::new();
        push(&mut rows, 1, Some(1));
        let mark = rows.mark();
        push(&mut rows, 2, Some(1));
        rows.cut(mark);
        push(&mut rows, 3, Some(1));
        let found = rows.finish().unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].identities, [1, 3]);
        assert_eq!(found[0].batch.num_rows(), 2);
    }

    #[test]
    fn nothing_gives_nothing() {
        assert!(EventRows::new().finish().unwrap().is_empty());
    }
}
