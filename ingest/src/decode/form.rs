//! Which form the documents have, and the records that they carry.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::document::{Document, ENOUGH_EVIDENCE, Marks, Parsed, Records};
use super::{Content, Fault, Item};
use crate::classify::{ObjectKind, Skip};

/// What has been gathered from the documents so far.
#[derive(Debug, Default)]
struct Gathered<'a> {
    items: Vec<Item<'a>>,
    /// Whether any document is a form of `CloudTrail`'s.
    cloudtrail: bool,
    skip: Option<Skip>,
}

/// The records of the documents; a skip if none has the form of `CloudTrail`'s.
pub(super) fn content<'a>(
    documents: impl Iterator<Item = Parsed<'a>>,
) -> Result<Content<'a>, Fault> {
    let mut gathered = Gathered::default();
    for document in documents {
        match document {
            Ok(Document::Object(marks)) => gathered.object(marks)?,
            Ok(Document::Array(list)) => gathered.array(&list),
            Ok(Document::Scalar) => gathered.foreign(""),
            Err((fault, line)) => gathered.items.push(Err((fault, Cow::Borrowed(line)))),
        }
    }
    Ok(if gathered.cloudtrail {
        Content::Records(gathered.items)
    } else {
        Content::Skip(gathered.skip.unwrap_or(Skip::foreign("not_cloudtrail")))
    })
}

impl<'a> Gathered<'a> {
    fn object(&mut self, marks: Marks<'a>) -> Result<(), Fault> {
        match marks {
            Marks {
                records: Records::NotAnArray,
                ..
            } => {
                return Err(Fault::new("records_not_an_array", "`Records` is no array"));
            }
            Marks {
                records: Records::Array(list),
                ..
            } => {
                self.records(
                    list.into_iter()
                        .map(|record| Ok(Cow::Borrowed(record.get()))),
                );
            }
            Marks { digest: true, .. } => self.skip = Some(Skip::DIGEST),
            Marks {
                lookup: Some(_), ..
            } => self.records([lookup(&marks)]),
            Marks {
                events: Some(events),
                ..
            } => self.events(events),
            Marks {
                evidence: ENOUGH_EVIDENCE..,
                ..
            } => self.records([Ok(Cow::Borrowed(marks.text))]),
            Marks {
                detail: Some(detail),
                ..
            } if is_record(detail) => {
                self.records([Ok(Cow::Borrowed(detail.get()))]);
            }
            _ => self.foreign(marks.text),
        }
        Ok(())
    }

    /// The output of `LookupEvents`.
    fn events(&mut self, events: &'a RawValue) {
        match serde_json::from_str::<Document<'a>>(events.get()) {
            Ok(Document::Array(list)) if list.is_empty() => self.cloudtrail = true,
            Ok(Document::Array(list)) => self.array(&list),
            _ => self.foreign(events.get()),
        }
    }

    /// An array of records, or of entries of `LookupEvents`.
    fn array(&mut self, list: &[&'a RawValue]) {
        if list.iter().any(|element| is_lookup(element)) {
            self.records(list.iter().map(|element| match marks(element) {
                Some(marks) => lookup(&marks),
                None => Err(no_lookup(element.get())),
            }));
        } else if list.iter().any(|element| is_record(element)) {
            self.records(list.iter().map(|element| Ok(Cow::Borrowed(element.get()))));
        } else {
            self.foreign(list.first().map_or("", |element| element.get()));
        }
    }

    fn records(&mut self, items: impl IntoIterator<Item = Item<'a>>) {
        self.cloudtrail = true;
        self.items.extend(items);
    }

    /// A document that is none of `CloudTrail`'s; named, should it stand among some that are.
    fn foreign(&mut self, text: &'a str) {
        self.skip.get_or_insert(Skip {
            kind: ObjectKind::Foreign,
            reason: "not_cloudtrail",
        });
        let fault = Fault::new("not_cloudtrail", "it has no field of a CloudTrail record");
        self.items.push(Err((fault, Cow::Borrowed(text))));
    }
}

fn marks(raw: &RawValue) -> Option<Marks<'_>> {
    match serde_json::from_str::<Document<'_>>(raw.get()) {
        Ok(Document::Object(marks)) => Some(Marks {
            text: raw.get(),
            ..marks
        }),
        _ => None,
    }
}

fn is_record(raw: &RawValue) -> bool {
    marks(raw).is_some_and(|marks| marks.evidence >= ENOUGH_EVIDENCE)
}

fn is_lookup(raw: &RawValue) -> bool {
    marks(raw).is_some_and(|marks| marks.lookup.is_some())
}

/// The record that an entry of `LookupEvents` carries as a string.
fn lookup<'a>(marks: &Marks<'a>) -> Item<'a> {
    marks
        .lookup
        .and_then(|raw| serde_json::from_str::<String>(raw.get()).ok())
        .map(Cow::Owned)
        .ok_or_else(|| no_lookup(marks.text))
}

fn no_lookup(text: &str) -> (Fault, Cow<'_, str>) {
    let fault = Fault::new("no_record", "`CloudTrailEvent` is no string");
    (fault, Cow::Borrowed(text))
}
