//! The bytes of one object in, its rows or the reason why it has none out. Pure: it runs on any thread.

use arrow::array::{RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use arrow::error::ArrowError;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read as _;

use crate::classify::{Skip, promises_json};
use crate::decode::{self, Content, Fault, Item};
use crate::events::{EventBuilders, RowText};
use crate::ledger::{Day, Rows};
use crate::record;

/// Longest excerpt in quarantine, in bytes: 4 KiB. Chosen.
const EXCERPT_BYTES: usize = 4 << 10;

/// The most that source and key of an object may take on all of its rows, in bytes: 1 GiB. A column reaches 2 GiB.
const MAX_PROVENANCE_BYTES: usize = 1 << 30;

/// What became of an object.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It holds records.
    Read(Read),
    /// It holds none of `CloudTrail`'s.
    Skipped(Skip),
    /// It cannot be read.
    Broken {
        /// Why.
        fault: Fault,
        /// Its beginning.
        excerpt: String,
    },
}

/// An object that was read.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// Its rows, day by day.
    pub(crate) rows: Vec<Rows>,
    /// Records that cannot be read.
    pub(crate) bad: Vec<BadRecord>,
    /// Why these may not be all its records, and its beginning.
    pub(crate) torn: Option<(Fault, String)>,
    /// Records of either sort.
    pub(crate) records: u64,
    /// Bytes that their rows take, about: the records' text, and where they come from.
    pub(crate) bytes: u64,
}

/// A record that cannot be read.
#[derive(Debug)]
pub(crate) struct BadRecord {
    /// Which one of its object, from 0.
    pub(crate) index: i64,
    pub(crate) fault: Fault,
    pub(crate) excerpt: String,
}

/// Reads an object that may unpack to `limit` bytes.
///
/// # Errors
/// None that input can cause: the rows are made for their schema.
pub(crate) fn read(
    source: &str,
    key: &str,
    bytes: &[u8],
    limit: u64,
) -> Result<Outcome, ArrowError> {
    let packed = bytes.starts_with(&[0x1f, 0x8b]);
    let expected = promises_json(key) || (packed && !file_name(key).contains('.'));
    let unpacked = decode::unpack(bytes, limit);
    let beginning = || {
        if unpacked.bytes.is_empty() {
            beginning(bytes)
        } else {
            excerpt(&String::from_utf8_lossy(head(&unpacked.bytes)))
        }
    };
    match (decode::content(&unpacked.bytes), unpacked.fault) {
        (Ok(Content::Records { items, torn }), fault) => {
            let torn = fault.or(torn).map(|fault| (fault, beginning()));
            let object = Unpacked {
                source,
                key,
                bytes: &unpacked.bytes,
            };
            rows(object, &items, torn)
        }
        (Ok(Content::Skip(skip)), None) => Ok(Outcome::Skipped(skip)),
        (_, Some(fault)) | (Err(fault), None) => Ok(refuse(expected, fault, beginning())),
    }
}

/// An object, unpacked.
#[derive(Debug, Clone, Copy)]
struct Unpacked<'a> {
    source: &'a str,
    key: &'a str,
    bytes: &'a [u8],
}

/// A fault where JSON was to be expected; else just another kind of file.
pub(crate) fn refuse(expected: bool, fault: Fault, excerpt: String) -> Outcome {
    if expected {
        Outcome::Broken { fault, excerpt }
    } else {
        Outcome::Skipped(Skip::foreign(fault.reason))
    }
}

fn file_name(key: &str) -> &str {
    key.rsplit('/').next().unwrap_or(key)
}

fn rows(
    object: Unpacked<'_>,
    items: &[Item<'_>],
    torn: Option<(Fault, String)>,
) -> Result<Outcome, ArrowError> {
    let provenance = object.source.len() + object.key.len();
    if items.len().saturating_mul(provenance) > MAX_PROVENANCE_BYTES {
        let detail = "the object's key, on each row, would not fit into a column";
        let fault = Fault::new("too_many_records", detail);
        return Ok(refuse(true, fault, String::new()));
    }
    let mut sorted = Sorted::new(object, items.len());
    for (index, item) in (0..).zip(items) {
        sorted.add(index, item);
    }
    let all = i64::try_from(items.len()).unwrap_or(i64::MAX);
    if all > 0 && sorted.foreign == all {
        return Ok(Outcome::Skipped(Skip::foreign("other_events")));
    }
    if all > 0 && sorted.insights == all {
        return Ok(Outcome::Skipped(Skip::INSIGHT));
    }
    sorted.read.torn = torn;
    sorted.finish().map(Outcome::Read)
}

/// The records of an object, sorted into good and bad.
struct Sorted<'a> {
    object: Unpacked<'a>,
    builders: EventBuilders,
    identities: Vec<u128>,
    days: Vec<Day>,
    read: Read,
    foreign: i64,
    insights: i64,
}

impl<'a> Sorted<'a> {
    fn new(object: Unpacked<'a>, records: usize) -> Self {
        Self {
            object,
            builders: EventBuilders::with_capacity(records),
            identities: Vec::with_capacity(records),
            days: Vec::with_capacity(records),
            read: Read::default(),
            foreign: 0,
            insights: 0,
        }
    }

    fn add(&mut self, index: i64, item: &Item<'_>) {
        self.read.records += 1;
        let (text, reading) = match &item.record {
            Ok(text) => (text, record::read(text.trim_ascii())),
            Err(fault) => return self.bad(index, Fault::clone(fault), item.place, item.place),
        };
        match reading {
            Err(fault) => self.bad(index, fault, item.place, text.as_bytes()),
            Ok(reading) if reading.foreign => {
                self.foreign += 1;
                let fault = Fault::new("not_cloudtrail", "its `eventSource` is no service of AWS");
                self.bad(index, fault, item.place, text.as_bytes());
            }
            Ok(mut reading) => {
                self.insights += i64::from(reading.insight);
                let bytes = text.len() + self.object.source.len() + self.object.key.len();
                self.read.bytes += u64::try_from(bytes).unwrap_or(u64::MAX);
                reading.row.source = Some(RowText::Borrowed(self.object.source));
                reading.row.object_key = Some(RowText::Borrowed(self.object.key));
                reading.row.record_index = Some(index);
                self.identities
                    .push(reading.row.record_key.unwrap_or_default());
                self.days.push(reading.row.event_date);
                self.builders.append(&reading.row);
            }
        }
    }

    fn bad(&mut self, index: i64, fault: Fault, place: &[u8], text: &[u8]) {
        self.read.bad.push(BadRecord {
            index,
            fault: Fault {
                offset: offset(place, self.object.bytes),
                ..fault
            },
            excerpt: excerpt(&String::from_utf8_lossy(head(text))),
        });
    }

    fn finish(mut self) -> Result<Read, ArrowError> {
        let batch = self.builders.finish()?;
        self.read.rows = by_day(batch, self.identities, &self.days)?;
        Ok(self.read)
    }
}

/// Splits rows by day; most objects hold one day only.
fn by_day(
    batch: RecordBatch,
    identities: Vec<u128>,
    days: &[Day],
) -> Result<Vec<Rows>, ArrowError> {
    let mut positions: BTreeMap<Day, (Vec<u32>, Vec<u128>)> = BTreeMap::new();
    for ((position, &day), &identity) in (0..).zip(days).zip(&identities) {
        let (rows, keys) = positions.entry(day).or_default();
        rows.push(position);
        keys.push(identity);
    }
    if positions.len() == 1 {
        let day = days.first().copied().flatten();
        return Ok(vec![Rows {
            day,
            batch,
            identities,
        }]);
    }
    positions
        .into_iter()
        .map(|(day, (rows, identities))| {
            let batch = take_record_batch(&batch, &UInt32Array::from(rows))?;
            Ok(Rows {
                day,
                batch,
                identities,
            })
        })
        .collect()
}

/// Where a part of the bytes begins in them, if it is one.
fn offset(part: &[u8], whole: &[u8]) -> Option<usize> {
    let offset = part.as_ptr().addr().checked_sub(whole.as_ptr().addr())?;
    (offset + part.len() <= whole.len()).then_some(offset)
}

fn head(bytes: &[u8]) -> &[u8] {
    bytes.get(..EXCERPT_BYTES).unwrap_or(bytes)
}

/// The readable beginning of an object that does not unpack as a whole.
fn beginning(bytes: &[u8]) -> String {
    let mut unpacked = Vec::new();
    let limit = u64::try_from(EXCERPT_BYTES).unwrap_or(u64::MAX);
    let mut decoder = flate2::read::MultiGzDecoder::new(bytes).take(limit);
    // Up to where it breaks.
    let _ = decoder.read_to_end(&mut unpacked);
    let readable: Cow<'_, [u8]> = if unpacked.is_empty() {
        Cow::Borrowed(head(bytes))
    } else {
        Cow::Owned(unpacked)
    };
    excerpt(&String::from_utf8_lossy(&readable))
}

/// At most [`EXCERPT_BYTES`] of a text, cut between characters.
pub(crate) fn excerpt(text: &str) -> String {
    text.get(..text.floor_char_boundary(EXCERPT_BYTES))
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests;
