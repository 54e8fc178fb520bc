//! A document's text in, its JSON value out.
//!
//! The IAM API returns documents URL-encoded after RFC 3986. JSON never begins with `%`, so the
//! first character tells the two forms apart.
//! Source: IAM API Reference, `GetRolePolicy`.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::error::DocumentError;

/// Longest text that is read, in bytes; chosen far above every quota of AWS for policies.
pub const MAX_DOCUMENT_BYTES: usize = 1 << 20;

/// Reads JSON or URL-encoded JSON. The JSON reader bounds how deep a value nests.
pub(super) fn value(text: &str) -> Result<Value, DocumentError> {
    let text = text.trim();
    if text.starts_with('%') {
        json(&decoded(text)?)
    } else {
        json(text)
    }
}

fn json(text: &str) -> Result<Value, DocumentError> {
    if text.len() > MAX_DOCUMENT_BYTES {
        return Err(refused(format!(
            "is larger than {MAX_DOCUMENT_BYTES} bytes"
        )));
    }
    let value =
        serde_json::from_str(text).map_err(|error| refused(format!("is not JSON: {error}")))?;
    serde_json::from_str::<UniqueKeys>(text).map_err(|error| refused(error.to_string()))?;
    Ok(value)
}

/// Undoes URL encoding. An encoded byte takes three, which bounds what is decoded.
fn decoded(text: &str) -> Result<String, DocumentError> {
    if text.len() > 3 * MAX_DOCUMENT_BYTES {
        return Err(refused(format!(
            "is larger than {MAX_DOCUMENT_BYTES} bytes"
        )));
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

fn refused(reason: String) -> DocumentError {
    DocumentError {
        statement: None,
        sid: None,
        reason,
    }
}

/// JSON of which no object repeats a key.
///
/// "Individual elements must not contain multiple instances of the same key."
/// Source: IAM User Guide, "IAM JSON policy element reference".
struct UniqueKeys;

impl<'de> Deserialize<'de> for UniqueKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueKeysVisitor)
    }
}

struct UniqueKeysVisitor;

impl<'de> Visitor<'de> for UniqueKeysVisitor {
    type Value = UniqueKeys;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<UniqueKeys, A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            let UniqueKeys = map.next_value()?;
            if let Some(repeated) = seen.replace(key) {
                return Err(A::Error::custom(format!(
                    "has the key `{repeated}` twice in one object"
                )));
            }
        }
        Ok(UniqueKeys)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<UniqueKeys, A::Error> {
        while let Some(UniqueKeys) = list.next_element()? {}
        Ok(UniqueKeys)
    }

    fn visit_bool<E>(self, _: bool) -> Result<UniqueKeys, E> {
        Ok(UniqueKeys)
    }

    fn visit_i64<E>(self, _: i64) -> Result<UniqueKeys, E> {
        Ok(UniqueKeys)
    }

    fn visit_u64<E>(self, _: u64) -> Result<UniqueKeys, E> {
        Ok(UniqueKeys)
    }

    fn visit_f64<E>(self, _: f64) -> Result<UniqueKeys, E> {
        Ok(UniqueKeys)
    }

    fn visit_str<E>(self, _: &str) -> Result<UniqueKeys, E> {
        Ok(UniqueKeys)
    }

    fn visit_unit<E>(self) -> Result<UniqueKeys, E> {
        Ok(UniqueKeys)
    }
}
