//! JSON text taken apart one level at a time; values stay the slices of text that they are.
//!
//! INVARIANT: nesting of any depth costs no stack: what lies below is skipped, not descended into.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A key, borrowed from the text unless it is written with escapes.
#[derive(Debug)]
pub(crate) struct Key<'a>(pub(crate) Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Key<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Key(Cow::Borrowed(key)))
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Key(Cow::Owned(key.to_owned())))
    }
}

/// Most members of one object: 10,000. Chosen: a record has some 30, and what has no column is copied.
const MAX_MEMBERS: usize = 10_000;

/// Hands on the members of an object as they are read, in order; the same key may come twice.
pub(crate) struct Each<F>(pub(crate) F);

impl<'de, F: FnMut(&str, &'de str)> DeserializeSeed<'de> for Each<F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, F: FnMut(&str, &'de str)> Visitor<'de> for Each<F> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut count = 0;
        while let Some((Key(key), value)) = map.next_entry::<_, &RawValue>()? {
            if count == MAX_MEMBERS {
                return Err(A::Error::custom(format!(
                    "an object of more than {MAX_MEMBERS} members"
                )));
            }
            count += 1;
            (self.0)(&key, value.get());
        }
        Ok(())
    }
}

/// Hands on the members of an object, each value as its text.
///
/// # Errors
/// If the text is no object; some members may have been handed on.
pub(crate) fn each<'a>(
    text: &'a str,
    take: impl FnMut(&str, &'a str),
) -> Result<(), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Each(take).deserialize(&mut deserializer)?;
    deserializer.end()
}

/// Hands on the members of an object; of anything else none.
pub(crate) fn each_if_any<'a>(text: &'a str, take: impl FnMut(&str, &'a str)) {
    // What is within a JSON value is JSON: at worst it is no object.
    let _ = each(text, take);
}

/// A string's content; none if the value is no string, or one that is no text (half a surrogate pair).
pub(crate) fn string(value: &str) -> Option<Cow<'_, str>> {
    let inner = value.strip_prefix('"')?.strip_suffix('"')?;
    if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
        return Some(Cow::Borrowed(inner));
    }
    serde_json::from_str::<String>(value).ok().map(Cow::Owned)
}

/// A truth value, also as the string that some fields have it in.
pub(crate) fn flag(value: &str) -> Option<bool> {
    match value.trim_matches('"') {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// A time in microseconds since 1970, from RFC 3339 text. Years before 1970 are no time of a log.
pub(crate) fn time(value: &str) -> Option<i64> {
    let timestamp: jiff::Timestamp = string(value)?.parse().ok()?;
    Some(timestamp.as_microsecond()).filter(|&microseconds| microseconds >= 0)
}

/// Text as a JSON string.
pub(crate) fn quote(text: &str) -> String {
    // A string is always a JSON value.
    serde_json::to_string(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(text: &str) -> Option<Vec<(String, &str)>> {
        let mut found = Vec::new();
        each(text, |key, value| found.push((key.to_owned(), value))).ok()?;
        Some(found)
    }

    #[test]
    fn members_keep_their_text_and_order() {
        let found = members(r#"{"b": [1, 2], "a\u0041": null, "b":"x"}"#).unwrap();
        let expected = [("b", "[1, 2]"), ("aA", "null"), ("b", "\"x\"")];
        assert_eq!(found, expected.map(|(key, value)| (key.to_owned(), value)));
    }

    #[test]
    fn deep_nesting_is_skipped() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(members(&deep).unwrap().len(), 1);
    }

    #[test]
    fn only_an_object_has_members() {
        for text in ["[1]", "\"text\"", "{} {}", "{\"a\":1"] {
            assert!(members(text).is_none(), "{text}");
        }
        each_if_any("\"text\"", |_, _| panic!("it has no members"));
    }

    #[test]
    fn a_string_is_unescaped_only_where_it_must_be() {
        assert!(matches!(string(r#""plain""#), Some(Cow::Borrowed("plain"))));
        assert_eq!(string(r#""a\nb""#).as_deref(), Some("a\nb"));
        assert_eq!(string("12"), None);
        assert_eq!(string(r#""\ud800""#), None);
    }

    #[test]
    fn truth_comes_as_a_value_or_as_a_string() {
        assert_eq!(flag("true"), Some(true));
        assert_eq!(flag("\"false\""), Some(false));
        assert_eq!(flag("1"), None);
    }

    #[test]
    fn a_time_is_rfc_3339_after_1970() {
        assert_eq!(time("\"1970-01-01T00:00:01Z\""), Some(1_000_000));
        assert_eq!(time("\"1969-12-31T23:59:59Z\""), None);
        assert_eq!(time("\"yesterday\""), None);
        assert_eq!(time("17"), None);
    }
}
