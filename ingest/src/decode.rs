//! The bytes of an object in, the text of its records out.
//!
//! Forms that are taken: `{"Records":[...]}` as `CloudTrail` writes it, a bare array, records one after the other
//! (JSON Lines, or one alone), and the envelopes that `form` lists; each with or without gzip, told by the content.
//! Sources: AWS `CloudTrail` User Guide, "`CloudTrail` log file examples".
//!
//! Of an object that is broken, the records that are whole are taken all the same, and the break is named beside them.
//!
//! Whether a record is one of `CloudTrail`'s is told later, by its fields.
//!
//! INVARIANT: any bytes give records, a skip or a fault; memory stays within the limit given.

mod document;
mod form;
mod gzip;
mod lines;
mod ocsf;
mod parquet;
mod scanner;
mod torn;

use std::borrow::Cow;

pub(crate) use self::document::MAX_RECORDS;
use self::document::parse;
use crate::classify::Skip;

/// Why an object or a record goes to quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Short code.
    pub(crate) reason: &'static str,
    /// What exactly, for people.
    pub(crate) detail: String,
    /// Where the unpacked object breaks, in bytes from its beginning, if that is known.
    pub(crate) offset: Option<usize>,
}

impl Fault {
    pub(crate) fn new(reason: &'static str, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
            offset: None,
        }
    }

    /// The same, at a place of the unpacked object.
    pub(crate) fn at(self, offset: usize) -> Self {
        Self {
            offset: Some(offset),
            ..self
        }
    }
}

/// What an object holds in the place of a record.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Item<'a> {
    /// The part of the unpacked object that it stands in.
    pub(crate) place: &'a [u8],
    /// The record, or why there is none.
    pub(crate) record: Result<Cow<'a, str>, Box<Fault>>,
}

impl<'a> Item<'a> {
    fn record(text: &'a str) -> Self {
        Self {
            place: text.as_bytes(),
            record: Ok(Cow::Borrowed(text)),
        }
    }

    fn bad(place: &'a [u8], fault: Fault) -> Self {
        Self {
            place,
            record: Err(Box::new(fault)),
        }
    }
}

/// What an object holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Content<'a> {
    /// Records.
    Records {
        /// In their order.
        items: Vec<Item<'a>>,
        /// Why these may not be all.
        torn: Option<Fault>,
    },
    /// No records of `CloudTrail`.
    Skip(Skip),
}

impl Content<'_> {
    /// How many records there are to be read.
    fn whole_records(&self) -> usize {
        match self {
            Self::Records { items, .. } => items.iter().filter(|item| item.record.is_ok()).count(),
            Self::Skip(_) => 0,
        }
    }
}

/// The unpacked bytes of an object.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unpacked<'a> {
    pub(crate) bytes: Cow<'a, [u8]>,
    /// Why these may not be all.
    pub(crate) fault: Option<Fault>,
}

impl Unpacked<'static> {
    fn whole(bytes: Vec<u8>) -> Self {
        Self {
            bytes: Cow::Owned(bytes),
            fault: None,
        }
    }

    /// Nothing at all.
    fn refused(fault: Fault) -> Self {
        Self {
            bytes: Cow::Owned(Vec::new()),
            fault: Some(fault),
        }
    }

    /// As far as it could be unpacked.
    fn broken(bytes: Vec<u8>, fault: Fault) -> Self {
        Self {
            fault: Some(fault.at(bytes.len())),
            bytes: Cow::Owned(bytes),
        }
    }
}

pub(crate) use gzip::{broken_gzip, is_gzip};

/// Unpacks gzip, if it is that, and once more if gzip is what comes out, or Parquet into JSON Lines; at most `limit` bytes.
/// They may stand in `room`, which is used again and again.
pub(crate) fn unpack<'a>(bytes: &'a [u8], limit: u64, room: &'a mut Vec<u8>) -> Unpacked<'a> {
    if is_gzip(bytes) {
        let unpacked = gzip::gunzip(bytes, limit, room);
        if unpacked.fault.is_none() && is_gzip(&unpacked.bytes) {
            let mut inner = Vec::new();
            let Unpacked { bytes, fault } = gzip::gunzip(&unpacked.bytes, limit, &mut inner);
            return Unpacked {
                bytes: Cow::Owned(bytes.into_owned()),
                fault,
            };
        }
        return unpacked;
    }
    if parquet::is_parquet(bytes) {
        return parquet::rows(bytes, limit);
    }
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit {
        return Unpacked::refused(oversized(limit));
    }
    Unpacked {
        bytes: Cow::Borrowed(bytes),
        fault: None,
    }
}

/// An object that is larger than the limit once it is unpacked.
pub(crate) fn oversized(limit: u64) -> Fault {
    Fault::new(
        "oversized",
        format!("more than {limit} bytes once it is unpacked"),
    )
}

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// The text of the unpacked bytes, without a byte order mark.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Whether there is nothing but white space, after a byte order mark or without one.
pub(crate) fn is_blank(bytes: &[u8]) -> bool {
    let body = bytes.strip_prefix(MARK).unwrap_or(bytes);
    body.trim_ascii().is_empty()
}

/// The records in the unpacked bytes.
///
/// # Errors
/// A [`Fault`] if there is no whole record in what should be JSON.
pub(crate) fn content(bytes: &[u8]) -> Result<Content<'_>, Fault> {
    if is_blank(bytes) {
        return Err(Fault::new("empty", "it holds no JSON value").at(0));
    }
    let text = match text(bytes) {
        Ok(text) => text,
        Err(fault) => return mend(bytes, fault),
    };
    match parse(text) {
        Ok(documents) => form::content(documents.into_iter().map(Ok), None),
        Err(error) => {
            let mark = bytes.len() - text.len();
            let fault = not_json(&error).at(mark + position(text, &error));
            match fault.reason {
                document::TOO_MANY_RECORDS => Err(fault),
                _ => mend(bytes, fault),
            }
        }
    }
}

/// What is whole in a broken object: the lines that are, or the elements of its list, whichever are more.
fn mend(bytes: &[u8], fault: Fault) -> Result<Content<'_>, Fault> {
    let by_line = lines::content(bytes);
    let by_element = torn::content(bytes);
    [by_line, by_element]
        .into_iter()
        .filter_map(Result::ok)
        .filter(|content| content.whole_records() > 0)
        .reduce(|lines, elements| {
            if elements.whole_records() > lines.whole_records() {
                elements
            } else {
                lines
            }
        })
        .ok_or(fault)
}

/// What is wrong with JSON, as a fault.
pub(crate) fn not_json(error: &serde_json::Error) -> Fault {
    let reason = match error.to_string() {
        message if message.starts_with(document::TOO_MANY) => document::TOO_MANY_RECORDS,
        _ if error.is_eof() => "truncated_json",
        _ => "not_json",
    };
    Fault::new(reason, error.to_string())
}

/// Where in the text an error lies, in bytes.
fn position(text: &str, error: &serde_json::Error) -> usize {
    let line = match error.line().checked_sub(2) {
        Some(line) => memchr::memchr_iter(b'\n', text.as_bytes())
            .nth(line)
            .map_or(0, |end| end + 1),
        None => 0,
    };
    (line + error.column()).min(text.len())
}

/// Other ways to pack, and how they begin. Sources: RFC 8878; bzip2 1.0.8; PKWARE APPNOTE; The .xz File Format.
const OTHER_PACKING: [(&str, &[u8]); 4] = [
    ("zstd", b"\x28\xb5\x2f\xfd"),
    ("bzip2", b"BZh"),
    ("zip", b"PK\x03\x04"),
    ("xz", b"\xfd7zXZ\0"),
];

/// What is wrong with bytes that are no UTF-8, of which so many are.
fn not_utf8(bytes: &[u8], valid: usize) -> Fault {
    let packed = OTHER_PACKING
        .iter()
        .find(|(_, magic)| bytes.starts_with(magic));
    let fault = match packed {
        Some((name, _)) => Fault::new(
            "other_compression",
            format!("it is packed with {name}; only gzip is unpacked"),
        ),
        None if is_gzip(bytes) => Fault::new("nested_gzip", "it is gzip three times over"),
        None if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") => {
            Fault::new("not_utf8", "it is UTF-16 text")
        }
        None => Fault::new("not_utf8", format!("byte {valid} is no part of UTF-8 text")),
    };
    fault.at(valid)
}

#[cfg(test)]
mod tests;
