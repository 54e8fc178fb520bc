//! JSON Lines of which some are broken: the others are good.
//!
//! A line of an export from CloudWatch Logs has the time of the event before its JSON.
//! Source: Amazon CloudWatch Logs User Guide, "Exporting log data to Amazon S3".

use super::document::{MAX_RECORDS, Parsed, parse};
use super::{Content, Fault, form, not_json, text};

/// The records of the lines that are whole, and a fault for each of the others.
///
/// # Errors
/// A [`Fault`] if it is a single line, or more lines than an object may have records.
pub(super) fn content(bytes: &[u8]) -> Result<Content<'_>, Fault> {
    let mut documents: Vec<Parsed<'_>> = Vec::new();
    let mut lines = 0;
    for line in bytes.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii) {
        if line.is_empty() {
            continue;
        }
        lines += 1;
        documents.extend(read(line));
        if documents.len() > MAX_RECORDS {
            return Err(Fault::new("not_lines", "it has too many lines"));
        }
    }
    let exported = lines == 1 && documents.iter().all(Result::is_ok);
    if lines < 2 && !exported {
        return Err(Fault::new("not_lines", "it is one line"));
    }
    form::content(documents.into_iter(), None)
}

/// The documents of a line, or what is wrong with it.
fn read(line: &[u8]) -> Vec<Parsed<'_>> {
    let text = match text(line) {
        Ok(text) => text,
        Err(fault) => return vec![Err((Box::new(fault), line))],
    };
    match parse(after_time(text)) {
        Ok(documents) => documents.into_iter().map(Ok).collect(),
        Err(error) => vec![Err((Box::new(not_json(&error)), line))],
    }
}

/// The line without the time that an export puts before it.
fn after_time(line: &str) -> &str {
    match line.split_once(' ') {
        Some((time, rest)) if rest.starts_with('{') && time.parse::<jiff::Timestamp>().is_ok() => {
            rest
        }
        _ => line,
    }
}
