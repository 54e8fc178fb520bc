//! The text of a policy as a case holds it in, a text with the same meaning that the grammar takes out.
//!
//! Cases hold policies that AWS would not store; an answer is of more use there than an error, as far as the
//! meaning is plain. A principal that is bare text is one of type `AWS`. A statement on the resource's side
//! without a principal names nobody, and on the caller's side a principal says nothing. A policy may have no
//! statement. An action pattern that names no service matches nothing. A condition with an operator that
//! does not exist is false. Everything else stays as it is written, and so do its faults.
//!
//! INVARIANT: statements keep their places; numbers and keys that stand twice stay as they are written.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::document::PolicyUse;
use crate::evaluate::Operator;

/// A condition that is false whatever the request: the prefix alone decides.
/// Source: IAM User Guide, "IAM policy validation check reference", "Null with qualifier".
const NEVER: &str = "ForAnyValue:Null";

/// How condition keys without a colon are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keys {
    AsWritten,
    /// With a service before them, for a check that asks for one.
    WithService,
}

/// Rewrites a policy; text that is no JSON object comes back as it is.
pub(super) fn rewritten(text: &str, policy_use: PolicyUse, keys: Keys) -> String {
    let of_resource = policy_use == PolicyUse::Resource;
    let elements = Members::read(text);
    let rewrite = |name: &str, value: &str| {
        (name == "Statement").then(|| statements(value, of_resource, keys))
    };
    elements.map_or_else(|| text.to_owned(), |elements| elements.written(rewrite))
}

fn statements(text: &str, of_resource: bool, keys: Keys) -> String {
    match serde_json::from_str::<Vec<&RawValue>>(text) {
        Ok(list) if list.is_empty() => {
            // Without an action it is about nothing.
            let nothing = json!({"Effect": "Allow", "Action": [], "Resource": []}).to_string();
            statement(&nothing, of_resource, keys)
        }
        Ok(list) => {
            let each = list
                .iter()
                .map(|one| statement(one.get(), of_resource, keys));
            format!("[{}]", each.collect::<Vec<_>>().join(","))
        }
        Err(_) => statement(text, of_resource, keys),
    }
}

fn statement(text: &str, of_resource: bool, keys: Keys) -> String {
    let Some(mut elements) = Members::read(text) else {
        return text.to_owned();
    };
    let is_principal = |name: &str| name == "Principal" || name == "NotPrincipal";
    if !of_resource {
        elements.0.retain(|(name, _)| !is_principal(name));
    }
    let names_nobody = of_resource && !elements.0.iter().any(|(name, _)| is_principal(name));
    let written = elements.written(|name, value| match name {
        "Principal" | "NotPrincipal" => principal(value),
        "Action" | "NotAction" => actions(value),
        "Condition" => conditions(value, keys),
        _ => None,
    });
    match written.strip_prefix('{') {
        Some(rest) if names_nobody => {
            let comma = if rest == "}" { "" } else { "," };
            format!("{{\"Principal\":{{\"AWS\":[]}}{comma}{rest}")
        }
        _ => written,
    }
}

fn principal(text: &str) -> Option<String> {
    let name: String = serde_json::from_str(text).ok()?;
    (name != "*").then(|| json!({"AWS": name}).to_string())
}

/// Without the patterns that name no service; what is no text stays, so that it is refused.
fn actions(text: &str) -> Option<String> {
    let list = match serde_json::from_str(text).ok()? {
        Value::Array(list) => list,
        single => vec![single],
    };
    let stays = |value: &Value| value.as_str().is_none_or(names_a_service);
    let kept: Vec<&Value> = list.iter().filter(|value| stays(value)).collect();
    (kept.len() < list.len()).then(|| json!(kept).to_string())
}

fn names_a_service(pattern: &str) -> bool {
    let everything = !pattern.is_empty() && pattern.bytes().all(|byte| byte == b'*');
    let parts = pattern.split_once(':');
    everything || parts.is_some_and(|(service, name)| !service.is_empty() && !name.is_empty())
}

fn conditions(text: &str, keys: Keys) -> Option<String> {
    let mut operators = Members::read(text)?;
    let all = operators.0.len();
    operators
        .0
        .retain(|(name, tested)| is_known(name) || !is_condition(tested.get()));
    let never = operators.0.len() < all
        && !operators
            .0
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case(NEVER));
    let written = operators.written(|_, tested| match keys {
        Keys::AsWritten => None,
        Keys::WithService => Members::read(tested).map(|keys| keys.renamed(with_service)),
    });
    Some(match written.strip_prefix('{') {
        Some(rest) if never => {
            let comma = if rest == "}" { "" } else { "," };
            format!("{{\"{NEVER}\":{{\"aws:never\":\"true\"}}{comma}{rest}")
        }
        _ => written,
    })
}

/// A prefix that does not exist is left to be refused: what it would quantify over is not plain.
fn is_known(operator: &str) -> bool {
    let lower = operator.to_ascii_lowercase();
    let (prefix, plain) = lower.split_once(':').unwrap_or(("", &lower));
    let unknown_prefix = !["", "forallvalues", "foranyvalue"].contains(&prefix);
    unknown_prefix || plain == "null" || Operator::parse(operator).is_some()
}

/// Tells whether it has the form of keys with values.
fn is_condition(text: &str) -> bool {
    let is_scalar = |value: &Value| !(value.is_null() || value.is_array() || value.is_object());
    let is_listed = |value: &Value| match value {
        Value::Array(list) => list.iter().all(is_scalar),
        single => is_scalar(single),
    };
    let tested: Option<Value> = serde_json::from_str(text).ok();
    let keys = tested.as_ref().and_then(Value::as_object);
    keys.is_some_and(|keys| !keys.is_empty() && keys.values().all(is_listed))
}

fn with_service(key: &str) -> String {
    match key.split_once(':') {
        Some(_) => key.to_owned(),
        None => format!("key:{key}"),
    }
}

/// The members of an object in their order, those that stand twice included.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Members<'a> {
    fn read(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The object with the values that `rewrite` gives.
    fn written(&self, rewrite: impl Fn(&str, &str) -> Option<String>) -> String {
        self.joined(|name, value| {
            let value = rewrite(name, value).unwrap_or_else(|| value.to_owned());
            format!("{}:{value}", Value::from(name))
        })
    }

    fn renamed(&self, rename: impl Fn(&str) -> String) -> String {
        self.joined(|name, value| format!("{}:{value}", Value::from(rename(name))))
    }

    fn joined(&self, member: impl Fn(&str, &str) -> String) -> String {
        let members = self.0.iter().map(|(name, value)| member(name, value.get()));
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Reader).map(Members)
    }
}
