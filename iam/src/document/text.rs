//! A document's text in, its JSON value out, and where its parts stand.
//!
//! "Individual elements must not contain multiple instances of the same key."
//! Source: IAM User Guide, "Grammar of the IAM JSON policy language".
//!
//! The IAM API returns documents URL-encoded after RFC 3986. JSON never begins with `%`, so the
//! first character tells the two forms apart.
//! Source: IAM API Reference, `GetRolePolicy`.

use std::sync::Arc;

use serde_json::Value;

use super::position::Position;
use super::spans::Spans;
use crate::error::{DocumentError, printable};

/// Longest text that is read, in bytes; chosen far above every quota of AWS for policies.
pub const MAX_DOCUMENT_BYTES: usize = 1 << 20;

/// A text that is JSON, and what it says.
pub(super) struct Read {
    /// The text; the decoded one of a URL-encoded document.
    pub(super) text: Arc<str>,
    pub(super) value: Value,
    pub(super) spans: Spans,
}

/// Reads JSON or URL-encoded JSON. The JSON reader bounds how deep a value nests.
pub(super) fn read(text: &str) -> Result<Read, DocumentError> {
    let trimmed = text.trim();
    if trimmed.starts_with('%') {
        json(&decoded(trimmed)?)
    } else {
        json(text)
    }
}

fn json(text: &str) -> Result<Read, DocumentError> {
    if text.len() > MAX_DOCUMENT_BYTES {
        return Err(too_large());
    }
    let trimmed = text.trim();
    let before = text.len() - text.trim_start().len();
    let value = serde_json::from_str(trimmed).map_err(|error| DocumentError {
        position: Some(Position::of(text, before + offset(trimmed, &error))),
        ..refused(printable(&format!(
            "is not JSON: {}",
            without_place(&error)
        )))
    })?;
    let spans = Spans::read(text).ok_or_else(|| refused("is not JSON".to_owned()))?;
    if let Some((name, at)) = &spans.repeated {
        return Err(DocumentError {
            position: Some(Position::of(text, *at)),
            ..refused(printable(&format!(
                "has the key `{name}` twice in one object"
            )))
        });
    }
    Ok(Read {
        text: text.into(),
        value,
        spans,
    })
}

/// The byte that the JSON reader stopped at; it counts lines from 1 and bytes of the line from 1.
fn offset(text: &str, error: &serde_json::Error) -> usize {
    let lines = text.split_inclusive('\n').map(str::len);
    let lines_before: usize = lines.take(error.line().saturating_sub(1)).sum();
    lines_before + error.column().saturating_sub(1)
}

/// The JSON reader's message without its own line and column.
fn without_place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rsplit_once(" at line ") {
        Some((reason, _)) => reason.to_owned(),
        None => message,
    }
}

/// Undoes URL encoding. An encoded byte takes three, which bounds what is decoded.
fn decoded(text: &str) -> Result<String, DocumentError> {
    if text.len() > 3 * MAX_DOCUMENT_BYTES {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next(), rest.next()].map(hexadecimal);
            let [Some(high), Some(low)] = digits else {
                return Err(refused(
                    "holds a `%` without two hexadecimal digits".to_owned(),
                ));
            };
            bytes.push(high * 16 + low);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).map_err(|_| refused("is not UTF-8 once decoded".to_owned()))
}

fn hexadecimal(byte: Option<u8>) -> Option<u8> {
    char::from(byte?)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

fn too_large() -> DocumentError {
    refused(format!("is larger than {MAX_DOCUMENT_BYTES} bytes"))
}

fn refused(reason: String) -> DocumentError {
    DocumentError {
        statement: None,
        sid: None,
        position: None,
        reason,
    }
}
