//! The usual object, read in one pass: `{"Records":[{...},...]}`, each record an event with an id.
//!
//! Whatever is unusual in an object, however slightly, is left to [`decode`](crate::decode), which reads it from the beginning.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use crate::decode::MAX_RECORDS;
use crate::json::{Each, Key};
use crate::record::{Fields, Reading};

/// Longest text that is tried, in bytes: 64 MiB. Chosen: twenty times a large log file; what was read in vain is held until
/// the group is done.
const MAX_BYTES: usize = 64 << 20;

/// Hands on each record with its place; false if the object is not the usual one, so that all that was handed on is to be
/// forgotten.
pub(crate) fn read<'a>(text: &'a str, mut take: impl FnMut(i64, &mut Reading<'a>)) -> bool {
    if text.len() > MAX_BYTES {
        return false;
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer
        .deserialize_map(Object(&mut take))
        .and_then(|()| deserializer.end())
        .is_ok()
}

struct Object<'t, F>(&'t mut F);

impl<'de, F: FnMut(i64, &mut Reading<'de>)> Visitor<'de> for Object<'_, F> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with `Records` alone")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        match map.next_key()? {
            Some(Key(key)) if key == "Records" => map.next_value_seed(Records(self.0))?,
            _ => return Err(A::Error::custom("another member")),
        }
        match map.next_key::<Key<'de>>()? {
            None => Ok(()),
            Some(_) => Err(A::Error::custom("another member")),
        }
    }
}

struct Records<'t, F>(&'t mut F);

impl<'de, F: FnMut(i64, &mut Reading<'de>)> DeserializeSeed<'de> for Records<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(i64, &mut Reading<'de>)> Visitor<'de> for Records<'_, F> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut index = 0;
        loop {
            let mut fields = Fields::default();
            let each = Each(|key: &str, value| fields.take(key, value));
            if seq.next_element_seed(each)?.is_none() {
                return Ok(());
            }
            match fields.with_id() {
                Some(mut reading) if usual(&reading) && index < MAX_RECORDS => {
                    (self.0)(i64::try_from(index).unwrap_or(i64::MAX), &mut reading);
                }
                _ => return Err(A::Error::custom("another kind of record")),
            }
            index += 1;
        }
    }
}

fn usual(reading: &Reading<'_>) -> bool {
    !reading.foreign && !reading.insight
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Option<Vec<(i64, String)>> {
        let mut found = Vec::new();
        read(text, |index, reading| {
            found.push((index, reading.row.event_id.clone().unwrap().into_owned()));
        })
        .then_some(found)
    }

    #[test]
    fn records_come_with_their_place() {
        let text = r#" {"Records": [{"eventID":"a"}, {"eventID":"b"}]} "#;
        let expected = [(0, "a".to_owned()), (1, "b".to_owned())];
        assert_eq!(ids(text).unwrap(), expected);
        assert_eq!(ids(r#"{"Records":[]}"#), Some(Vec::new()));
    }

    #[test]
    fn anything_unusual_is_left_to_others() {
        for text in [
            "",
            "{}",
            "[]",
            r#"{"Records":[{"eventID":"a"}]"#,
            r#"{"Records":[{"eventID":"a"}]}{}"#,
            r#"{"Records":[{"eventID":"a"}],"x":1}"#,
            r#"{"x":1,"Records":[{"eventID":"a"}]}"#,
            r#"{"Records":[{"eventID":"a"},{}]}"#,
            r#"{"Records":[{"eventID":""}]}"#,
            r#"{"Records":[{"eventID":"a"},7]}"#,
            r#"{"Records":[{"eventID":"a","eventSource":"aws:s3"}]}"#,
            r#"{"Records":[{"eventID":"a","eventCategory":"Insight"}]}"#,
            r#"{"Records":{"eventID":"a"}}"#,
            r#"{"Records":[{"eventID":"a","x":}]}"#,
        ] {
            assert_eq!(ids(text), None, "{text}");
        }
    }
}
