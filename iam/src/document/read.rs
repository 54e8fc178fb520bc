//! A document's JSON value in, its statements out, or the first thing that AWS refuses.
//!
//! Source: IAM User Guide, "Grammar of the IAM JSON policy language".
//!
//! Element names and effects are taken with the case of the grammar. Operators are not checked
//! here: one that is unknown makes a condition undecided, not the policy unreadable.

use serde_json::{Map, Value};

use super::Version;
use super::statement::{ActionElement, Condition, Effect, ResourceElement, Statement};
use crate::error::DocumentError;

const DOCUMENT_ELEMENTS: [&str; 3] = ["Version", "Id", "Statement"];
const STATEMENT_ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];
/// Longest pattern or value, in bytes: the quota for all inline policies of a role.
/// Source: IAM User Guide, "IAM and AWS STS quotas".
const MAX_TEXT_BYTES: usize = 10_240;

/// Source: IAM User Guide, "AWS JSON policy elements: Principal".
const PRINCIPAL_TYPES: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];

/// What a document holds.
pub(super) struct Parts {
    pub(super) version: Version,
    pub(super) id: Option<String>,
    pub(super) statements: Vec<Statement>,
}

/// A reason for refusal, to which the caller adds the place.
type Refusal = String;

/// Reads a whole document.
pub(super) fn document(value: &Value) -> Result<Parts, DocumentError> {
    let outside = |reason| DocumentError {
        statement: None,
        sid: None,
        reason,
    };
    let elements = value
        .as_object()
        .ok_or_else(|| outside("is not a JSON object".to_owned()))?;
    known(elements, &DOCUMENT_ELEMENTS).map_err(outside)?;
    let version = version(elements.get("Version")).map_err(outside)?;
    let id = optional_text(elements, "Id").map_err(outside)?;
    let given = match elements.get("Statement") {
        Some(Value::Array(list)) if !list.is_empty() => list.as_slice(),
        Some(Value::Array(_)) | None => return Err(outside("has no `Statement`".to_owned())),
        Some(single) => std::slice::from_ref(single),
    };
    let statements = given
        .iter()
        .enumerate()
        .map(|(index, value)| {
            statement(value).map_err(|reason| DocumentError {
                statement: Some(index),
                sid: value.get("Sid").and_then(Value::as_str).map(str::to_owned),
                reason,
            })
        })
        .collect::<Result<_, _>>()?;
    Ok(Parts {
        version,
        id,
        statements,
    })
}

fn version(given: Option<&Value>) -> Result<Version, Refusal> {
    match given {
        None => Ok(Version::V2008),
        Some(Value::String(text)) if text == "2008-10-17" => Ok(Version::V2008),
        Some(Value::String(text)) if text == "2012-10-17" => Ok(Version::V2012),
        Some(other) => Err(format!("has the unknown `Version` {other}")),
    }
}

fn statement(value: &Value) -> Result<Statement, Refusal> {
    let elements = value.as_object().ok_or("is not a JSON object")?;
    known(elements, &STATEMENT_ELEMENTS)?;
    let (principals, not_principal) = match either(elements, "Principal", "NotPrincipal")? {
        Some((given, negated)) => (Some(principal(given)?), negated),
        None => (None, false),
    };
    Ok(Statement {
        sid: optional_text(elements, "Sid")?,
        effect: effect(elements)?,
        actions: actions(elements)?,
        resources: resources(elements)?,
        principals,
        not_principal,
        conditions: conditions(elements)?,
    })
}

fn effect(elements: &Map<String, Value>) -> Result<Effect, Refusal> {
    match elements.get("Effect") {
        None => Err("has no `Effect`".to_owned()),
        Some(Value::String(text)) if text == "Allow" => Ok(Effect::Allow),
        Some(Value::String(text)) if text == "Deny" => Ok(Effect::Deny),
        Some(other) => Err(format!(
            "has the `Effect` {other}, which is neither `Allow` nor `Deny`"
        )),
    }
}

fn actions(elements: &Map<String, Value>) -> Result<ActionElement, Refusal> {
    let (given, negated) =
        either(elements, "Action", "NotAction")?.ok_or("has neither `Action` nor `NotAction`")?;
    let patterns = texts(given, if negated { "NotAction" } else { "Action" })?;
    if let Some(odd) = patterns.iter().find(|pattern| !is_action_pattern(pattern)) {
        return Err(format!("has the action `{odd}`, which names no service"));
    }
    Ok(if negated {
        ActionElement::NotAction(patterns)
    } else {
        ActionElement::Action(patterns)
    })
}

/// Actions are `service:name` or `*`. Source: IAM User Guide, "IAM JSON policy elements: Action".
fn is_action_pattern(pattern: &str) -> bool {
    let all = !pattern.is_empty() && pattern.bytes().all(|byte| byte == b'*');
    let named = |(service, name): (&str, &str)| !service.is_empty() && !name.is_empty();
    all || pattern.split_once(':').is_some_and(named)
}

fn resources(elements: &Map<String, Value>) -> Result<ResourceElement, Refusal> {
    Ok(match either(elements, "Resource", "NotResource")? {
        None => ResourceElement::Absent,
        Some((given, false)) => ResourceElement::Resource(texts(given, "Resource")?),
        Some((given, true)) => ResourceElement::NotResource(texts(given, "NotResource")?),
    })
}

fn principal(given: &Value) -> Result<Value, Refusal> {
    match given {
        Value::String(text) if text == "*" => {}
        Value::Object(types) => {
            known(types, &PRINCIPAL_TYPES)?;
            for (name, value) in types {
                texts(value, name)?;
            }
        }
        other => {
            return Err(format!(
                "has the principal {other}, which is neither `*` nor an object"
            ));
        }
    }
    Ok(given.clone())
}

fn conditions(elements: &Map<String, Value>) -> Result<Vec<Condition>, Refusal> {
    let operators = match elements.get("Condition") {
        None => return Ok(Vec::new()),
        Some(given) => given
            .as_object()
            .ok_or("has a `Condition` that is not an object")?,
    };
    let mut conditions = Vec::new();
    for (operator, keys) in operators {
        let keys = keys
            .as_object()
            .ok_or_else(|| format!("has a condition `{operator}` that is not an object"))?;
        for (key, values) in keys {
            conditions.push(Condition {
                operator: operator.clone(),
                key: key.clone(),
                values: scalars(values, key)?,
            });
        }
    }
    Ok(conditions)
}

/// The element under one of two names that exclude each other, and whether it is the second.
fn either<'a>(
    elements: &'a Map<String, Value>,
    plain: &str,
    negated: &str,
) -> Result<Option<(&'a Value, bool)>, Refusal> {
    match (elements.get(plain), elements.get(negated)) {
        (Some(_), Some(_)) => Err(format!("has both `{plain}` and `{negated}`")),
        (Some(given), None) => Ok(Some((given, false))),
        (None, Some(given)) => Ok(Some((given, true))),
        (None, None) => Ok(None),
    }
}

fn known(elements: &Map<String, Value>, names: &[&str]) -> Result<(), Refusal> {
    match elements.keys().find(|key| !names.contains(&key.as_str())) {
        Some(odd) => Err(format!("has the unknown element `{odd}`")),
        None => Ok(()),
    }
}

fn optional_text(elements: &Map<String, Value>, name: &str) -> Result<Option<String>, Refusal> {
    match elements.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("has a `{name}` that is not a text")),
    }
}

/// One text or a list of texts.
fn texts(given: &Value, name: &str) -> Result<Vec<String>, Refusal> {
    let texts = one_or_list(given)
        .iter()
        .map(|value| value.as_str().map(str::to_owned));
    let texts = texts
        .collect::<Option<_>>()
        .ok_or_else(|| format!("has `{name}` that is neither a text nor a list of texts"))?;
    bounded(texts, name)
}

/// One scalar or a list of scalars; numbers and booleans may stand without quotes.
fn scalars(given: &Value, key: &str) -> Result<Vec<String>, Refusal> {
    let scalar = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    };
    let texts = one_or_list(given).iter().map(scalar).collect::<Option<_>>();
    let odd =
        || format!("has a condition on `{key}` whose values are not texts, numbers or booleans");
    bounded(texts.ok_or_else(odd)?, key)
}

fn one_or_list(given: &Value) -> &[Value] {
    match given {
        Value::Array(list) => list,
        single => std::slice::from_ref(single),
    }
}

/// Matching takes as long as both lengths multiplied, so no text may be longer than AWS takes.
fn bounded(texts: Vec<String>, name: &str) -> Result<Vec<String>, Refusal> {
    if texts.iter().any(|text| text.len() > MAX_TEXT_BYTES) {
        return Err(format!(
            "has `{name}` with a text longer than {MAX_TEXT_BYTES} bytes"
        ));
    }
    Ok(texts)
}
