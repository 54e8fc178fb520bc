//! The bytes of one object in, its rows or the reason why it has none out. Pure: it runs on any thread.

use std::borrow::Cow;
use std::io::Read as _;

use crate::classify::{Skip, promises_json};
use crate::decode::{self, Content, Fault, Item};
use crate::events::{EventRows, RowText};
use crate::plain;
use crate::record::{self, Reading};

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
    /// Records that cannot be read.
    pub(crate) bad: Vec<BadRecord>,
    /// Why these may not be all its records, and its beginning.
    pub(crate) torn: Option<(Fault, String)>,
    /// Records of either sort.
    pub(crate) records: u64,
}

/// A record that cannot be read.
#[derive(Debug)]
pub(crate) struct BadRecord {
    /// Which one of its object, from 0.
    pub(crate) index: i64,
    pub(crate) fault: Fault,
    pub(crate) excerpt: String,
}

/// An object as it comes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Packed<'a> {
    pub(crate) source: &'a str,
    pub(crate) key: &'a str,
    pub(crate) bytes: &'a [u8],
}

/// Reads an object that may unpack to `limit` bytes, for which `room` may be used, and adds its rows to `rows`.
pub(crate) fn read(
    packed: Packed<'_>,
    limit: u64,
    room: &mut Vec<u8>,
    rows: &mut EventRows,
) -> Outcome {
    let Packed { source, key, bytes } = packed;
    let gzip = bytes.starts_with(&[0x1f, 0x8b]);
    let expected = promises_json(key) || (gzip && !file_name(key).contains('.'));
    let unpacked = decode::unpack(bytes, limit, room);
    let beginning = || {
        if unpacked.bytes.is_empty() {
            beginning(bytes)
        } else {
            excerpt(&String::from_utf8_lossy(head(&unpacked.bytes)))
        }
    };
    let object = Unpacked {
        source,
        key,
        bytes: &unpacked.bytes,
    };
    if unpacked.fault.is_none()
        && let Some(read) = plain(object, rows)
    {
        return Outcome::Read(read);
    }
    match (decode::content(&unpacked.bytes), unpacked.fault) {
        (Ok(Content::Records { items, torn }), fault) => {
            let torn = fault.or(torn).map(|fault| (fault, beginning()));
            sort(object, &items, torn, rows)
        }
        (Ok(Content::Skip(skip)), None) => Outcome::Skipped(skip),
        (_, Some(fault)) | (Err(fault), None) => refuse(expected, fault, beginning()),
    }
}

/// An object, unpacked.
#[derive(Debug, Clone, Copy)]
struct Unpacked<'a> {
    source: &'a str,
    key: &'a str,
    bytes: &'a [u8],
}

impl<'a> Unpacked<'a> {
    /// Adds the row of a record.
    fn push<'r>(self, index: i64, reading: &mut Reading<'r>, rows: &mut EventRows)
    where
        'a: 'r,
    {
        reading.row.source = Some(RowText::Borrowed(self.source));
        reading.row.object_key = Some(RowText::Borrowed(self.key));
        reading.row.record_index = Some(index);
        let provenance = self.source.len() + self.key.len();
        rows.push(&reading.row, reading.bytes + provenance);
    }
}

/// The usual object, in one pass; none if it is another one.
fn plain(object: Unpacked<'_>, rows: &mut EventRows) -> Option<Read> {
    let text = decode::text(object.bytes).ok()?;
    let before = rows.mark();
    let mut read = Read::default();
    let provenance = object.source.len() + object.key.len();
    let mut taken = 0_usize;
    let whole = plain::read(text, |index, reading| {
        taken = taken.saturating_add(provenance);
        if taken <= MAX_PROVENANCE_BYTES {
            object.push(index, reading, rows);
            read.records += 1;
        }
    });
    if whole && taken <= MAX_PROVENANCE_BYTES {
        return Some(read);
    }
    rows.cut(before);
    None
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

/// The rows of the records, unless they are all of something else.
fn sort(
    object: Unpacked<'_>,
    items: &[Item<'_>],
    torn: Option<(Fault, String)>,
    rows: &mut EventRows,
) -> Outcome {
    let provenance = object.source.len() + object.key.len();
    if items.len().saturating_mul(provenance) > MAX_PROVENANCE_BYTES {
        let detail = "the object's key, on each row, would not fit into a column";
        let fault = Fault::new("too_many_records", detail);
        return refuse(true, fault, String::new());
    }
    let before = rows.mark();
    let mut sorted = Sorted::new(object, rows);
    for (index, item) in (0..).zip(items) {
        sorted.add(index, item);
    }
    let all = i64::try_from(items.len()).unwrap_or(i64::MAX);
    if all > 0 && sorted.foreign == all {
        return Outcome::Skipped(Skip::foreign("other_events"));
    }
    if all > 0 && sorted.insights == all {
        rows.cut(before);
        return Outcome::Skipped(Skip::INSIGHT);
    }
    Outcome::Read(Read {
        torn,
        ..sorted.read
    })
}

/// The records of an object, sorted into good and bad.
struct Sorted<'a, 'r> {
    object: Unpacked<'a>,
    rows: &'r mut EventRows,
    read: Read,
    foreign: i64,
    insights: i64,
}

impl<'a, 'r> Sorted<'a, 'r> {
    fn new(object: Unpacked<'a>, rows: &'r mut EventRows) -> Self {
        Self {
            object,
            rows,
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
                self.object.push(index, &mut reading, self.rows);
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
