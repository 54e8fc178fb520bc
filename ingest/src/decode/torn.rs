//! Documents that break off or are no JSON in places: the elements of their lists that are whole.
//!
//! The document is followed by its brackets, commas and quotes. An element that is broken within stands in its place as a
//! fault; where the structure itself breaks, the rest is given up, and what came before is kept. An object that breaks
//! off right behind the closing brace of a record has that record whole.

use serde::de::IgnoredAny;

use super::document::{Document, Element, List, MAX_RECORDS, Marks, Parsed, Records};
use super::scanner::{Extent, Scanner};
use super::{Content, Fault, form, not_json, not_utf8, position};

/// The records that are whole.
///
/// # Errors
/// A [`Fault`] if there are more elements than an object may have records.
pub(super) fn content(bytes: &[u8]) -> Result<Content<'_>, Fault> {
    let mut reading = Reading::new(bytes);
    while reading.document() {
        if reading.elements > MAX_RECORDS || reading.documents.len() > MAX_RECORDS {
            return Err(Fault::new("too_many_records", "too many elements"));
        }
    }
    form::content(reading.documents.into_iter(), reading.fault)
}

/// The documents so far.
struct Reading<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Up to where the bytes are known to be UTF-8.
    valid_to: usize,
    documents: Vec<Parsed<'a>>,
    elements: usize,
    fault: Option<Fault>,
}

impl<'a> Reading<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let mark = if bytes.starts_with(super::MARK) {
            super::MARK.len()
        } else {
            0
        };
        Self {
            bytes,
            at: mark,
            valid_to: 0,
            documents: Vec::new(),
            elements: 0,
            fault: None,
        }
    }

    /// Reads the next document; false where there is none, or none to be made out.
    fn document(&mut self) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let rest = rest.trim_ascii_start();
        self.at = self.bytes.len() - rest.len();
        if rest.is_empty() {
            return false;
        }
        match self.whole(rest) {
            Ok((document, length)) => {
                self.documents.push(Ok(document));
                self.at += length;
                true
            }
            Err(fault) => self.broken(rest, fault),
        }
    }

    /// The document that `rest` begins with, and its length.
    fn whole(&mut self, rest: &'a [u8]) -> Result<(Document<'a>, usize), Fault> {
        if self.valid_to <= self.at {
            self.valid_to = self.at + valid_length(rest);
        }
        let valid = rest.get(..self.valid_to - self.at).unwrap_or_default();
        let text = std::str::from_utf8(valid).unwrap_or_default();
        let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Document<'a>>();
        match stream.next() {
            Some(Ok(mut document)) => {
                let length = stream.byte_offset();
                if let Document::Object(marks) = &mut document {
                    marks.text = text.get(..length).unwrap_or_default();
                }
                Ok((document, length))
            }
            Some(Err(error)) if error.is_eof() && valid.len() < rest.len() => {
                Err(not_utf8(rest, valid.len()).at(self.valid_to))
            }
            Some(Err(error)) => Err(not_json(&error).at(self.at + position(text, &error))),
            None => Err(not_utf8(rest, 0).at(self.at)),
        }
    }

    /// Takes what is whole out of a broken document; false if its end is not to be made out.
    fn broken(&mut self, rest: &'a [u8], fault: Fault) -> bool {
        let mut split = Split::default();
        let mut scanner = Scanner::new(rest);
        let closed = match rest.first() {
            Some(b'[') => {
                let list = split.elements(&mut scanner);
                split.documents.extend(list.1.map(Document::Array));
                list.0
            }
            Some(b'{') => split.members(&mut scanner),
            _ => false,
        };
        self.elements += split.elements;
        self.at += scanner.at();
        let is_list = !split.documents.is_empty();
        self.documents.extend(split.documents.into_iter().map(Ok));
        if closed && !is_list {
            let text = rest.get(..scanner.at()).unwrap_or_default();
            self.documents.push(Err((Box::new(fault), text)));
        } else if !closed || !split.bad {
            self.fault.get_or_insert(fault);
        }
        closed
    }
}

fn valid_length(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.len(),
        Err(error) => error.valid_up_to(),
    }
}

/// The lists of one document.
#[derive(Default)]
struct Split<'a> {
    documents: Vec<Document<'a>>,
    elements: usize,
    /// Whether an element is broken.
    bad: bool,
}

impl<'a> Split<'a> {
    /// The members of an object; whether its end was found.
    fn members(&mut self, scanner: &mut Scanner<'a>) -> bool {
        if !scanner.take(b'{') || scanner.take(b'}') {
            return true;
        }
        loop {
            let Some(key) = scanner.string() else {
                return false;
            };
            if !scanner.take(b':') || !self.member(key, scanner) {
                return false;
            }
            if !scanner.take(b',') {
                return scanner.take(b'}');
            }
        }
    }

    fn member(&mut self, key: &[u8], scanner: &mut Scanner<'a>) -> bool {
        let is_list = matches!(
            key,
            b"Records" | b"Events" | b"events" | b"logEvents" | b"Messages"
        );
        if !is_list || scanner.peek() != Some(b'[') {
            return scanner.value().closed;
        }
        let (closed, list) = self.elements(scanner);
        self.documents.extend(list.map(|list| match key {
            b"Records" => Document::Object(Marks {
                records: Records::Array(list),
                ..Marks::default()
            }),
            _ => Document::Array(list),
        }));
        closed
    }

    /// The elements of an array, if it has any; whether its end was found.
    fn elements(&mut self, scanner: &mut Scanner<'a>) -> (bool, Option<List<'a>>) {
        let mut list = List::new();
        let mut closed = scanner.take(b'[') && scanner.take(b']');
        while !closed {
            let extent = scanner.value();
            if extent.closed && matches!(scanner.peek(), Some(b',' | b']')) {
                self.push(&mut list, extent.bytes);
            } else {
                list.extend(last(extent).map(Ok));
                break;
            }
            if list.len() + self.elements > MAX_RECORDS {
                break;
            }
            closed = !scanner.take(b',') && scanner.take(b']');
        }
        self.elements += list.len();
        (closed, (!list.is_empty()).then_some(list))
    }

    fn push(&mut self, list: &mut List<'a>, element: &'a [u8]) {
        let element = checked(element);
        self.bad |= element.is_err();
        list.push(element);
    }
}

/// The record that an array breaks off behind, if it is whole.
fn last(extent: Extent<'_>) -> Option<&str> {
    let whole = extent.bytes.starts_with(b"{");
    checked(extent.bytes).ok().filter(|_| whole)
}

/// An element, if it is a JSON value. Its end is known, so that it cannot be truncated.
fn checked(element: &[u8]) -> Element<'_> {
    let text = std::str::from_utf8(element)
        .map_err(|error| (Box::new(not_utf8(element, error.valid_up_to())), element))?;
    match serde_json::from_str::<IgnoredAny>(text) {
        Ok(_) => Ok(text),
        Err(error) => Err((Box::new(Fault::new("not_json", error.to_string())), element)),
    }
}
