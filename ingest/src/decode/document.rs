//! One JSON document: the marks by which its form is told, without reading what lies below.
//!
//! Records stay the slices of text that they are.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::Fault;
use crate::json::Key;

/// The most records in one object: one million. Chosen: five times what a log file of 50 MB can hold; more is an attempt
/// to fill the memory.
pub(crate) const MAX_RECORDS: usize = 1_000_000;

/// How the error begins that says so.
pub(super) const TOO_MANY: &str = "more than a million records";

/// The code of that fault.
pub(super) const TOO_MANY_RECORDS: &str = "too_many_records";

/// What stands in the place of something that is broken, and what is wrong with it.
pub(super) type Broken<'a> = (Box<Fault>, &'a [u8]);

/// A document, or what stands in its place.
pub(super) type Parsed<'a> = Result<Document<'a>, Broken<'a>>;

/// An element of an array as its text, or what stands in its place.
pub(super) type Element<'a> = Result<&'a str, Broken<'a>>;

/// The elements of an array.
pub(super) type List<'a> = Vec<Element<'a>>;

/// A JSON document.
#[derive(Debug)]
pub(super) enum Document<'a> {
    Object(Marks<'a>),
    Array(List<'a>),
    Scalar,
}

/// The marks of an object.
#[derive(Debug, Default)]
pub(super) struct Marks<'a> {
    /// The whole of it; empty unless it stands at the top.
    pub(super) text: &'a str,
    /// `Records`.
    pub(super) records: Records<'a>,
    /// The member that carries records, the surest one if there are several.
    pub(super) carried: Option<(Carrier, &'a str)>,
    /// Whether it has a key that only digests have.
    pub(super) digest: bool,
    /// Whether it is a message that a log subscription is checked with.
    pub(super) control: bool,
    /// Whether it names a class of OCSF.
    pub(super) ocsf: bool,
    /// How many of the keys it has that records have.
    pub(super) evidence: u8,
}

/// In which way a member of an envelope carries records; surer ways come later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Carrier {
    /// As text: `message` of CloudWatch Logs, `Message` of SNS, `Body` or `body` of SQS.
    Text,
    /// As an object: `detail` of EventBridge, `Sns` of an SNS record.
    Object,
    /// As a list of envelopes: `Events`, `events`, `logEvents`, `Messages`.
    List,
    /// As the text of a record: `CloudTrailEvent` of `LookupEvents`.
    Lookup,
}

impl Carrier {
    fn of(key: &str) -> Option<Self> {
        match key {
            "CloudTrailEvent" => Some(Self::Lookup),
            "Events" | "events" | "logEvents" | "Messages" => Some(Self::List),
            "detail" | "Sns" => Some(Self::Object),
            "message" | "Message" | "body" | "Body" => Some(Self::Text),
            _ => None,
        }
    }
}

/// The field that holds the records of a log file.
#[derive(Debug, Default)]
pub(super) enum Records<'a> {
    #[default]
    Absent,
    Array(List<'a>),
    NotAnArray,
}

/// The documents of a text, one after the other.
pub(super) fn parse(text: &str) -> Result<Vec<Document<'_>>, serde_json::Error> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Document<'_>>();
    let mut documents = Vec::new();
    let mut from = 0;
    while let Some(document) = stream.next() {
        let mut document = document?;
        let to = stream.byte_offset();
        if let Document::Object(marks) = &mut document {
            marks.text = text.get(from..to).unwrap_or_default().trim_ascii();
        }
        from = to;
        documents.push(document);
        if documents.len() > MAX_RECORDS {
            return Err(serde_json::Error::custom(TOO_MANY));
        }
    }
    Ok(documents)
}

/// Keys of a record that a bare object must have to be taken for one.
pub(super) const ENOUGH_EVIDENCE: u8 = 2;

impl<'de> Deserialize<'de> for Document<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DocumentVisitor)
    }
}

struct DocumentVisitor;

impl<'de> Visitor<'de> for DocumentVisitor {
    type Value = Document<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut marks = Marks::default();
        let mut listed = false;
        while let Some(Key(key)) = map.next_key()? {
            match key.as_ref() {
                "Records" if listed => {
                    return Err(A::Error::custom("`Records` stands in the object twice"));
                }
                "Records" => {
                    marks.records = map.next_value()?;
                    listed = true;
                }
                "messageType" => {
                    let kind: &RawValue = map.next_value()?;
                    marks.control |= kind.get() == "\"CONTROL_MESSAGE\"";
                }
                key => {
                    if let Some(carrier) = Carrier::of(key) {
                        let value: &RawValue = map.next_value()?;
                        if marks.carried.is_none_or(|(other, _)| other < carrier) {
                            marks.carried = Some((carrier, value.get()));
                        }
                        continue;
                    }
                    marks.digest |= matches!(key, "digestStartTime" | "logFiles");
                    marks.ocsf |= key == "class_uid";
                    marks.evidence = marks.evidence.saturating_add(u8::from(is_evidence(key)));
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Document::Object(marks))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        list(seq).map(Document::Array)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Document::Scalar)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Document::Scalar)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Document::Scalar)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Document::Scalar)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(Document::Scalar)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Document::Scalar)
    }
}

/// Keys of a record of which it takes two to be taken for one where nothing around it says so.
fn is_evidence(key: &str) -> bool {
    matches!(
        key,
        "eventID" | "eventName" | "eventSource" | "eventTime" | "eventVersion" | "userIdentity"
    )
}

impl<'de> Deserialize<'de> for Records<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Document::deserialize(deserializer)? {
            Document::Array(list) => Ok(Self::Array(list)),
            Document::Object(_) | Document::Scalar => Ok(Self::NotAnArray),
        }
    }
}

fn list<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<List<'de>, A::Error> {
    let mut list = List::new();
    while let Some(element) = seq.next_element::<&RawValue>()? {
        if list.len() == MAX_RECORDS {
            return Err(A::Error::custom(TOO_MANY));
        }
        list.push(Ok(element.get()));
    }
    Ok(list)
}
