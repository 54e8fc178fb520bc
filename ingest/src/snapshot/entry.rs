//! One document of a snapshot: a role, a policy, an account, with what it is known by.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Fields that change with every use and say nothing of what is allowed; they do not make a document another one.
/// Source: IAM API Reference, `RoleLastUsed`; IAM API Reference, `User`, `PasswordLastUsed`.
const VOLATILE: [&str; 2] = ["RoleLastUsed", "PasswordLastUsed"];

/// A document of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) account_id: String,
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) name: String,
    pub(crate) document: Value,
    /// SHA-256 of the document, in hexadecimal, whatever the order of its keys.
    pub(crate) fingerprint: String,
    /// The file that it comes from; `aws` where it was fetched.
    pub(crate) source: String,
}

/// By which of its fields a document is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// JSON pointer to the object that has them; empty for the document itself.
    pub(super) within: &'static str,
    pub(super) id: &'static str,
    pub(super) arn: &'static str,
    pub(super) name: &'static str,
}

/// What a document is known by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Names {
    /// Its id, unique in its account and kind.
    pub(crate) id: String,
    /// Its ARN; empty if it has none.
    pub(crate) arn: String,
    /// Its name for people.
    pub(crate) name: String,
}

impl Entry {
    /// The entry of a document.
    ///
    /// # Errors
    /// What is missing: it must have an id or an ARN.
    pub(super) fn new(
        kind: &str,
        account_id: &str,
        known: Known,
        document: Value,
    ) -> Result<Self, String> {
        let text = |field: &str| {
            let element = document.pointer(known.within);
            let text = element.and_then(|element| element.get(field)?.as_str());
            text.unwrap_or_default().to_owned()
        };
        let arn = text(known.arn);
        let id = Some(text(known.id))
            .filter(|id| !id.is_empty())
            .unwrap_or_else(|| arn.clone());
        if id.is_empty() {
            return Err(format!(
                "a {kind} has neither `{}` nor `{}`",
                known.id, known.arn
            ));
        }
        let name = text(known.name);
        Ok(Self::named(
            kind,
            account_id,
            Names { id, arn, name },
            document,
        ))
    }

    /// The entry of a document whose names are known.
    pub(crate) fn named(kind: &str, account_id: &str, names: Names, document: Value) -> Self {
        Self {
            account_id: account_id.to_owned(),
            kind: kind.to_owned(),
            id: names.id,
            arn: names.arn,
            name: names.name,
            fingerprint: fingerprint(&document),
            document,
            source: String::new(),
        }
    }
}

/// The account in an ARN; none for those of AWS itself.
pub(crate) fn account_of(arn: &str) -> Option<&str> {
    let account = arn.split(':').nth(4)?;
    (account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())).then_some(account)
}

fn fingerprint(document: &Value) -> String {
    let mut canonical = String::new();
    write(document, &mut canonical);
    format!("{:x}", Sha256::digest(canonical))
}

/// JSON with sorted keys and without what is volatile.
fn write(value: &Value, into: &mut String) {
    match value {
        Value::Object(members) => {
            let mut sorted: Vec<_> = members
                .iter()
                .filter(|(key, _)| !VOLATILE.contains(&key.as_str()))
                .collect();
            sorted.sort_by_key(|(key, _)| *key);
            into.push('{');
            for (key, value) in sorted {
                into.push_str(&crate::json::quote(key));
                into.push(':');
                write(value, into);
                into.push(',');
            }
            into.push('}');
        }
        Value::Array(elements) => {
            into.push('[');
            for element in elements {
                write(element, into);
                into.push(',');
            }
            into.push(']');
        }
        scalar => into.push_str(&scalar.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn order_of_keys_and_last_use_do_not_make_another_document() {
        let first = json!({"a": 1, "b": {"RoleLastUsed": {"Region": "x"}, "c": [1, "2"]}});
        let second = json!({"b": {"c": [1, "2"]}, "a": 1});
        assert_eq!(fingerprint(&first), fingerprint(&second));
        assert_ne!(
            fingerprint(&first),
            fingerprint(&json!({"a": "1", "b": {"c": [1, "2"]}}))
        );
        assert_ne!(fingerprint(&json!([1, [2]])), fingerprint(&json!([[1], 2])));
    }

    #[test]
    fn the_account_stands_in_the_arn() {
        assert_eq!(
            account_of("arn:aws:iam::111122223333:role/r"),
            Some("111122223333")
        );
        assert_eq!(account_of("arn:aws:iam::aws:policy/ReadOnlyAccess"), None);
        assert_eq!(account_of("role/r"), None);
    }
}
