//! Which form the documents have, and the records that they carry.
//!
//! Envelopes that are opened, also one within another:
//! - `LookupEvents`: `Events` with the record as a string in `CloudTrailEvent`, or just the list of these strings;
//! - `EventBridge`: the record in `detail`;
//! - `CloudWatch` Logs: the record as a string in `message`, of `logEvents` (a subscription) or `events` (`FilterLogEvents`);
//! - SQS and SNS: any of these as a string in `Body`, `body` or `Message`, of `Messages` (`ReceiveMessage`) or `Records`;
//! - Security Lake: an event of OCSF, from which the record is made again.
//!
//! Sources: `CloudTrail` API Reference, "`LookupEvents`"; Amazon `EventBridge` User Guide, "AWS service events delivered via
//! `CloudTrail`"; Amazon `CloudWatch` Logs User Guide, "Real-time processing of log data with subscriptions"; `CloudWatch` Logs
//! API Reference, "`FilterLogEvents`"; Amazon SQS API Reference, "`ReceiveMessage`"; Amazon SNS Developer Guide, "HTTP/HTTPS
//! notification JSON format".

use std::borrow::Cow;

use super::document::{
    Broken, Carrier, Document, ENOUGH_EVIDENCE, List, Marks, Parsed, Records, parse,
};
use super::{Content, Fault, Item, not_json, ocsf};
use crate::classify::{ObjectKind, Skip};
use crate::json;

/// How many envelopes may lie one in another: 6. Chosen: an `EventBridge` event, sent to SNS and on to SQS, in the output of
/// `ReceiveMessage`, takes five.
const MAX_DEPTH: u8 = 6;

/// What has been gathered from the documents so far.
#[derive(Debug, Default)]
struct Gathered<'a> {
    items: Vec<Item<'a>>,
    /// Whether any document is a form of `CloudTrail`'s.
    cloudtrail: bool,
    skip: Option<Skip>,
}

/// The records of the documents, with what is known to be wrong beside them; a skip if none has the form of `CloudTrail`'s.
pub(super) fn content<'a>(
    documents: impl Iterator<Item = Parsed<'a>>,
    torn: Option<Fault>,
) -> Result<Content<'a>, Fault> {
    let mut gathered = Gathered::default();
    for document in documents {
        match document {
            Ok(document) => gathered.document(document, 0)?,
            Err(broken) => gathered.broken(broken),
        }
    }
    Ok(if gathered.cloudtrail {
        Content::Records {
            items: gathered.items,
            torn,
        }
    } else {
        Content::Skip(gathered.skip.unwrap_or(NOT_CLOUDTRAIL))
    })
}

const NOT_CLOUDTRAIL: Skip = Skip {
    kind: ObjectKind::Foreign,
    reason: "not_cloudtrail",
};

impl<'a> Gathered<'a> {
    fn document(&mut self, document: Document<'a>, depth: u8) -> Result<(), Fault> {
        match document {
            Document::Object(marks) => return self.object(marks, depth),
            Document::Array(list) => self.list(list, depth),
            Document::Scalar => self.foreign(""),
        }
        Ok(())
    }

    fn object(&mut self, marks: Marks<'a>, depth: u8) -> Result<(), Fault> {
        match (marks.records, marks.carried) {
            (Records::NotAnArray, _) if depth == 0 => {
                return Err(Fault::new("records_not_an_array", "`Records` is no array"));
            }
            (Records::Array(list), _) if list.first().is_some_and(is_envelope) => {
                self.list(list, depth);
            }
            (Records::Array(list), _) => self.records(list),
            _ if marks.digest => self.skip = Some(Skip::DIGEST),
            _ if marks.control => {
                self.skip.get_or_insert(Skip::foreign("control_message"));
            }
            (_, Some((Carrier::Lookup, text))) => self.lookup(text),
            _ if marks.evidence >= ENOUGH_EVIDENCE => self.record(Item::record(marks.text)),
            _ if marks.ocsf => self.ocsf(marks.text),
            (_, Some(_)) if depth >= MAX_DEPTH => self.foreign(marks.text),
            (_, Some((Carrier::List, text))) => self.carried_list(text, depth + 1),
            (_, Some((Carrier::Object, text))) => self.carried(text, depth + 1),
            (_, Some((Carrier::Text, text))) => self.quoted(text, depth + 1),
            _ => self.foreign(marks.text),
        }
        Ok(())
    }

    /// The list in an envelope; without entries it is one all the same.
    fn carried_list(&mut self, text: &'a str, depth: u8) {
        match serde_json::from_str(text) {
            Ok(Document::Array(list)) if list.is_empty() => self.cloudtrail = true,
            Ok(Document::Array(list)) => self.list(list, depth),
            _ => self.foreign(text),
        }
    }

    /// An array of records, or of envelopes.
    fn list(&mut self, list: List<'a>, depth: u8) {
        if list.iter().any(is_record) {
            return self.records(list);
        }
        for element in list {
            match element {
                Ok(text) if text.starts_with('"') && depth < MAX_DEPTH => {
                    self.quoted(text, depth + 1);
                }
                Ok(text) => self.carried(text, depth),
                Err(broken) => self.broken(broken),
            }
        }
    }

    /// A value that may be a record or another envelope.
    fn carried(&mut self, text: &'a str, depth: u8) {
        // Below the top a form that is wrong is just another form.
        let known = marks(text).is_some_and(|marks| self.object(marks, depth.max(1)).is_ok());
        if !known {
            self.foreign(text);
        }
    }

    /// A string with JSON in it.
    fn quoted(&mut self, raw: &'a str, depth: u8) {
        let Some(text) = json::string(raw) else {
            return self.foreign(raw);
        };
        let mut inner = Gathered::default();
        match parse(&text) {
            Ok(documents) => {
                for document in documents {
                    if inner.document(document, depth).is_err() {
                        inner.foreign("");
                    }
                }
            }
            Err(error) if text.trim_ascii_start().starts_with('{') => {
                return self.broken((Box::new(not_json(&error)), raw.as_bytes()));
            }
            Err(_) => return self.foreign(raw),
        }
        self.cloudtrail |= inner.cloudtrail;
        self.skip = self.skip.or(inner.skip);
        self.items.extend(inner.items.into_iter().map(|item| Item {
            place: raw.as_bytes(),
            record: item.record.map(|record| Cow::Owned(record.into_owned())),
        }));
    }

    /// The record that an entry of `LookupEvents` carries as a string.
    fn lookup(&mut self, raw: &'a str) {
        let record = match json::string(raw) {
            Some(text) => Ok(text),
            None => Err(Box::new(Fault::new(
                "no_record",
                "`CloudTrailEvent` is no string",
            ))),
        };
        self.record(Item {
            place: raw.as_bytes(),
            record,
        });
    }

    fn ocsf(&mut self, text: &'a str) {
        match ocsf::record(text) {
            Some(record) => self.record(Item {
                place: text.as_bytes(),
                record: Ok(Cow::Owned(record)),
            }),
            None => self.foreign(text),
        }
    }

    fn records(&mut self, list: List<'a>) {
        self.cloudtrail = true;
        self.items
            .extend(list.into_iter().map(|element| match element {
                Ok(text) => Item::record(text),
                Err((fault, place)) => Item::bad(place, *fault),
            }));
    }

    fn record(&mut self, item: Item<'a>) {
        self.cloudtrail = true;
        self.items.push(item);
    }

    fn broken(&mut self, (fault, place): Broken<'a>) {
        self.items.push(Item::bad(place, *fault));
    }

    /// A document that is none of `CloudTrail`'s; named, should it stand among some that are.
    fn foreign(&mut self, text: &'a str) {
        self.skip.get_or_insert(NOT_CLOUDTRAIL);
        let fault = Fault::new("not_cloudtrail", "it has no field of a CloudTrail record");
        self.items.push(Item::bad(text.as_bytes(), fault));
    }
}

fn marks(text: &str) -> Option<Marks<'_>> {
    match serde_json::from_str::<Document<'_>>(text) {
        Ok(Document::Object(marks)) => Some(Marks { text, ..marks }),
        _ => None,
    }
}

fn is_record(element: &super::document::Element<'_>) -> bool {
    element.as_ref().is_ok_and(|text| {
        marks(text).is_some_and(|marks| marks.evidence >= ENOUGH_EVIDENCE && !is_lookup(&marks))
    })
}

/// Whether an element carries a record in one of its members, and is none itself.
fn is_envelope(element: &super::document::Element<'_>) -> bool {
    element.as_ref().is_ok_and(|text| {
        marks(text).is_some_and(|marks| {
            is_lookup(&marks)
                || (marks.evidence < ENOUGH_EVIDENCE && (marks.carried.is_some() || marks.ocsf))
        })
    })
}

fn is_lookup(marks: &Marks<'_>) -> bool {
    matches!(marks.carried, Some((Carrier::Lookup, _)))
}
