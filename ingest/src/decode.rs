//! The bytes of an object in, the text of its records out.
//!
//! Forms that are taken: `{"Records":[...]}` as `CloudTrail` writes it, a bare array, records one after the other
//! (JSON Lines, or one alone), `EventBridge` envelopes (`detail`) and the output of `LookupEvents` (`Events` with the
//! record as a string in `CloudTrailEvent`); each with or without gzip, told by the content.
//! Sources: AWS `CloudTrail` User Guide, "`CloudTrail` log file examples"; `CloudTrail` API Reference, "`LookupEvents`";
//! Amazon `EventBridge` User Guide, "AWS service events delivered via `CloudTrail`".
//!
//! Whether a record is one of `CloudTrail`'s is told later, by its fields.
//!
//! INVARIANT: any bytes give records, a skip or a fault; memory stays within the limit given.

mod document;
mod form;
mod gzip;

use std::borrow::Cow;

use self::document::{Document, Parsed, parse};
use crate::classify::Skip;

/// Why an object or a record goes to quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Short code.
    pub(crate) reason: &'static str,
    /// What exactly, for people.
    pub(crate) detail: String,
}

impl Fault {
    pub(crate) fn new(reason: &'static str, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
        }
    }
}

/// A record as it stands in its object, or why there is none in its place.
pub(crate) type Item<'a> = Result<Cow<'a, str>, (Fault, Cow<'a, str>)>;

/// What an object holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Content<'a> {
    /// Records, in their order.
    Records(Vec<Item<'a>>),
    /// No records of `CloudTrail`.
    Skip(Skip),
}

pub(crate) use gzip::{broken_gzip, is_gzip};

/// Unpacks gzip, if it is that; at most `limit` bytes.
pub(crate) fn unpack(bytes: &[u8], limit: u64) -> Result<Cow<'_, [u8]>, Fault> {
    if gzip::is_gzip(bytes) {
        return gzip::gunzip(bytes, limit).map(Cow::Owned);
    }
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit {
        return Err(oversized(limit));
    }
    Ok(Cow::Borrowed(bytes))
}

/// An object that is larger than the limit once it is unpacked.
pub(crate) fn oversized(limit: u64) -> Fault {
    Fault::new(
        "oversized",
        format!("more than {limit} bytes once it is unpacked"),
    )
}

/// The text of the unpacked bytes, without a byte order mark.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Fault::new(
            "not_utf8",
            format!("byte {} is no part of UTF-8 text", error.valid_up_to()),
        )
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The records in the text.
pub(crate) fn content(text: &str) -> Result<Content<'_>, Fault> {
    if text.trim_ascii().is_empty() {
        return Err(Fault::new("empty", "it holds no JSON value"));
    }
    match parse(text) {
        Ok(documents) => form::content(documents.into_iter().map(Ok)),
        Err(error) => match by_line(text) {
            Some(documents) => form::content(documents.into_iter()),
            None => Err(not_json(&error)),
        },
    }
}

/// What is wrong with JSON, as a fault.
pub(crate) fn not_json(error: &serde_json::Error) -> Fault {
    let reason = match error.to_string() {
        message if message.starts_with(document::TOO_MANY) => "too_many_records",
        _ if error.is_eof() => "truncated_json",
        _ => "not_json",
    };
    Fault::new(reason, error.to_string())
}

/// JSON Lines of which some are broken: the others are good. Only if there is more than one line and one is a whole
/// record, so that a broken document over many lines is not mistaken for that.
fn by_line(text: &str) -> Option<Vec<Parsed<'_>>> {
    let mut documents: Vec<Parsed<'_>> = Vec::new();
    let mut lines = 0;
    for line in text.lines().map(str::trim_ascii) {
        if line.is_empty() {
            continue;
        }
        lines += 1;
        match parse(line) {
            Ok(parsed) => documents.extend(parsed.into_iter().map(Ok)),
            Err(error) => documents.push(Err((not_json(&error), line))),
        }
        if documents.len() > document::MAX_RECORDS {
            return None;
        }
    }
    let is_whole = |document: &Parsed<'_>| document.as_ref().is_ok_and(Document::is_cloudtrail);
    (lines > 1 && documents.iter().any(is_whole)).then_some(documents)
}

#[cfg(test)]
mod tests;
