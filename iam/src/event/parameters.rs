//! Request parameters of a record: JSON text in, values by name out, each read when it is asked for.
//!
//! Names are compared without letter case: CloudTrail lowers the first letter of most, and keeps
//! header names of S3 as they are. Parameters over 100 KB are replaced by a note (`omitted`).
//! Source: AWS CloudTrail User Guide, "`CloudTrail` record contents".

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// The parameters of a request, as far as the record tells them.
pub(super) enum Parameters<'a> {
    /// The record does not tell them: absent, null, left out, or not an object.
    Unknown,
    /// All of them.
    Known(Vec<(Cow<'a, str>, &'a RawValue)>),
}

impl<'a> Parameters<'a> {
    /// Reads the outermost names.
    pub(super) fn read(text: Option<&'a str>) -> Self {
        match text.map(serde_json::from_str::<Pairs<'_>>) {
            Some(Ok(Pairs(pairs))) if !pairs.iter().any(|(name, _)| name == "omitted") => {
                Self::Known(pairs)
            }
            _ => Self::Unknown,
        }
    }

    pub(super) fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// The names and their values; none if unknown.
    pub(super) fn pairs(&self) -> &[(Cow<'a, str>, &'a RawValue)] {
        match self {
            Self::Unknown => &[],
            Self::Known(pairs) => pairs,
        }
    }

    /// The raw value of a parameter that is set to something.
    pub(super) fn raw(&self, name: &str) -> Option<&'a RawValue> {
        let (_, value) = self
            .pairs()
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        is_set(value).then_some(*value)
    }

    /// The text of a parameter that is a string and not empty.
    pub(super) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        text_of(self.raw(name)?)
    }

    /// The whole value of a parameter.
    pub(super) fn value(&self, name: &str) -> Option<Value> {
        serde_json::from_str(self.raw(name)?.get()).ok()
    }

    /// Tells whether a parameter is set to something.
    pub(super) fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// Tells whether a parameter is set to something, inside the one object that calls of EC2 are wrapped in or outside.
    pub(super) fn sets_inside(&self, name: &str) -> bool {
        match self.pairs() {
            [(wrapper, value)] if wrapper.ends_with("Request") => {
                let inner = members(value).unwrap_or_default();
                let mut named = inner
                    .iter()
                    .filter(|(key, _)| key.eq_ignore_ascii_case(name));
                named.any(|(_, value)| is_set(value))
            }
            _ => self.has(name),
        }
    }

    /// The texts of all parameters that are strings.
    pub(super) fn texts(&self) -> impl Iterator<Item = Cow<'a, str>> {
        self.pairs().iter().filter_map(|(_, value)| text_of(value))
    }
}

fn text_of(value: &RawValue) -> Option<Cow<'_, str>> {
    let inner = value.get().strip_prefix('"')?.strip_suffix('"')?;
    let text = if inner.contains('\\') {
        serde_json::from_str::<Text<'_>>(value.get()).ok()?.0
    } else {
        Cow::Borrowed(inner)
    };
    (!text.is_empty()).then_some(text)
}

/// The text of a string that is not empty, or the digits of a number.
pub(super) fn word(value: &RawValue) -> Option<Cow<'_, str>> {
    let raw = value.get();
    let is_number = !raw.is_empty() && raw.bytes().all(|byte| byte.is_ascii_digit());
    is_number
        .then_some(Cow::Borrowed(raw))
        .or_else(|| text_of(value))
}

/// The names and values of an object; `None` for anything else.
pub(super) fn members(value: &RawValue) -> Option<Vec<(Cow<'_, str>, &RawValue)>> {
    let Pairs(pairs) = serde_json::from_str(value.get()).ok()?;
    Some(pairs)
}

/// The elements of a list; `None` for anything else.
pub(super) fn elements(value: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(value.get()).ok()
}

/// Tells an empty value from one that says something.
pub(super) fn is_set(value: &RawValue) -> bool {
    let raw = value.get();
    match raw.as_bytes().first() {
        Some(b'"') => raw != "\"\"",
        Some(b'{') => !is_any(raw, &["{}", EMPTY_ITEMS]),
        Some(b'[') => !is_any(raw, &["[]"]),
        _ => !is_any(raw, &["null", "false"]),
    }
}

/// Tells whether a text without its spaces is one of some.
fn is_any(raw: &str, texts: &[&str]) -> bool {
    let plain = || raw.chars().filter(|c| !c.is_whitespace());
    texts.iter().any(|text| plain().eq(text.chars()))
}

/// How EC2's records write an empty list.
const EMPTY_ITEMS: &str = "{\"items\":[]}";

/// A string that is borrowed unless it holds escapes.
#[derive(serde::Deserialize)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

/// The names and raw values of an object, in order.
struct Pairs<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::with_capacity(8);
        while let Some((Text(name), value)) = map.next_entry::<Text<'de>, &'de RawValue>()? {
            pairs.push((name, value));
        }
        Ok(Pairs(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_letter_case_and_escapes_are_read() {
        let text = r#"{"BucketName":"b","k\u0065y":"a\"b","n":5}"#;
        let parameters = Parameters::read(Some(text));
        assert_eq!(parameters.text("bucketName").as_deref(), Some("b"));
        assert_eq!(parameters.text("key").as_deref(), Some("a\"b"));
        assert_eq!(parameters.text("n"), None);
        assert!(parameters.has("n"));
    }

    #[test]
    fn empty_values_are_not_set() {
        let text = r#"{"a":null,"b":"","c":[],"d":{},"e":{"items":[ ]},"f":false,"g":[1]}"#;
        let parameters = Parameters::read(Some(text));
        let set: Vec<_> = ["a", "b", "c", "d", "e", "f", "g"]
            .into_iter()
            .filter(|name| parameters.has(name))
            .collect();
        assert_eq!(set, ["g"]);
    }

    #[test]
    fn what_is_no_object_is_unknown() {
        for text in [
            "null",
            "[]",
            "\"x\"",
            "{",
            "",
            r#"{"omitted":true,"originalSize":200000}"#,
        ] {
            assert!(Parameters::read(Some(text)).is_unknown(), "{text}");
        }
        assert!(Parameters::read(None).is_unknown());
        assert!(!Parameters::read(Some("{}")).is_unknown());
    }
}
