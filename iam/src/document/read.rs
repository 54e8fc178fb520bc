//! A document's JSON value in, its statements out, or the first thing that is no policy.
//!
//! Source: IAM User Guide, "Grammar of the IAM JSON policy language".
//!
//! Element names and effects are taken with the case of the grammar. Operators are not checked
//! here: one that is unknown makes a condition undecided, not the policy unreadable.

use serde_json::{Map, Value};

use super::Version;
use super::fault::Fault;
use super::position::Path;
use super::principal::{PrincipalElement, Principals};
use super::statement::{ActionElement, Condition, Effect, ResourceElement, Statement};

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

/// Reads a whole document.
pub(super) fn document(value: &Value) -> Result<Parts, Fault> {
    let whole = Path::document();
    let elements = value
        .as_object()
        .ok_or_else(|| Fault::new(whole.clone(), "is not a JSON object"))?;
    known(elements, &DOCUMENT_ELEMENTS, &whole)?;
    let version = version(elements.get("Version"))?;
    let id = optional_text(elements, "Id", &whole)?;
    let given = match elements.get("Statement") {
        Some(Value::Array(list)) if !list.is_empty() => list.as_slice(),
        Some(Value::Array(_)) => {
            return Err(Fault::new(whole.element("Statement"), "has no `Statement`"));
        }
        None => return Err(Fault::new(whole, "has no `Statement`")),
        Some(single) => std::slice::from_ref(single),
    };
    let statements = given
        .iter()
        .enumerate()
        .map(|(index, value)| statement(value, &Path::statement(index)))
        .collect::<Result<_, _>>()?;
    Ok(Parts {
        version,
        id,
        statements,
    })
}

fn version(given: Option<&Value>) -> Result<Version, Fault> {
    match given {
        None => Ok(Version::V2008),
        Some(Value::String(text)) if text == "2008-10-17" => Ok(Version::V2008),
        Some(Value::String(text)) if text == "2012-10-17" => Ok(Version::V2012),
        Some(other) => Err(Fault::new(
            Path::document().element("Version").item(0),
            format!("has the unknown `Version` {other}"),
        )),
    }
}

fn statement(value: &Value, at: &Path) -> Result<Statement, Fault> {
    let elements = value
        .as_object()
        .ok_or_else(|| Fault::new(at.clone(), "is not a JSON object"))?;
    known(elements, &STATEMENT_ELEMENTS, at)?;
    let (principals, not_principal) = match either(elements, "Principal", "NotPrincipal", at)? {
        Some((given, negated)) => {
            let name = if negated { "NotPrincipal" } else { "Principal" };
            (Some(principal(given, &at.clone().element(name))?), negated)
        }
        None => (None, false),
    };
    let principal = match principals.as_ref().map(Principals::read) {
        None => PrincipalElement::Absent,
        Some(listed) if not_principal => PrincipalElement::NotPrincipal(listed),
        Some(listed) => PrincipalElement::Principal(listed),
    };
    Ok(Statement {
        sid: optional_text(elements, "Sid", at)?,
        effect: effect(elements, at)?,
        actions: actions(elements, at)?,
        resources: resources(elements, at)?,
        principal,
        principals,
        not_principal,
        conditions: conditions(elements, at)?,
    })
}

fn effect(elements: &Map<String, Value>, at: &Path) -> Result<Effect, Fault> {
    match elements.get("Effect") {
        None => Err(Fault::new(at.clone(), "has no `Effect`")),
        Some(Value::String(text)) if text == "Allow" => Ok(Effect::Allow),
        Some(Value::String(text)) if text == "Deny" => Ok(Effect::Deny),
        Some(other) => Err(Fault::new(
            at.clone().element("Effect").item(0),
            format!("has the `Effect` {other}, which is neither `Allow` nor `Deny`"),
        )),
    }
}

fn actions(elements: &Map<String, Value>, at: &Path) -> Result<ActionElement, Fault> {
    let (given, negated) = either(elements, "Action", "NotAction", at)?
        .ok_or_else(|| Fault::new(at.clone(), "has neither `Action` nor `NotAction`"))?;
    let name = if negated { "NotAction" } else { "Action" };
    let at = at.clone().element(name);
    let patterns = texts(given, name, &at)?;
    if let Some(odd) = patterns.iter().position(|text| !is_action_pattern(text)) {
        let pattern = patterns.get(odd).map_or("", String::as_str);
        return Err(Fault::new(
            at.item(odd),
            format!("has the action `{pattern}`, which names no service"),
        ));
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

fn resources(elements: &Map<String, Value>, at: &Path) -> Result<ResourceElement, Fault> {
    let listed = |given, name| texts(given, name, &at.clone().element(name));
    Ok(match either(elements, "Resource", "NotResource", at)? {
        None => ResourceElement::Absent,
        Some((given, false)) => ResourceElement::Resource(listed(given, "Resource")?),
        Some((given, true)) => ResourceElement::NotResource(listed(given, "NotResource")?),
    })
}

fn principal(given: &Value, at: &Path) -> Result<Value, Fault> {
    match given {
        Value::String(text) if text == "*" => {}
        Value::Object(types) => {
            known(types, &PRINCIPAL_TYPES, at)?;
            for (name, value) in types {
                texts(value, name, &at.clone().element(name))?;
            }
        }
        other => {
            return Err(Fault::new(
                at.clone().item(0),
                format!("has the principal {other}, which is neither `*` nor an object"),
            ));
        }
    }
    Ok(given.clone())
}

fn conditions(elements: &Map<String, Value>, at: &Path) -> Result<Vec<Condition>, Fault> {
    let at = at.clone().element("Condition");
    let operators = match elements.get("Condition") {
        None => return Ok(Vec::new()),
        Some(given) => given
            .as_object()
            .ok_or_else(|| Fault::new(at.clone(), "has a `Condition` that is not an object"))?,
    };
    let mut conditions = Vec::new();
    for (operator, keys) in operators {
        let at = at.clone().element(operator);
        let keys = keys.as_object().ok_or_else(|| {
            let reason = format!("has a condition `{operator}` that is not an object");
            Fault::new(at.clone(), reason)
        })?;
        for (key, values) in keys {
            conditions.push(Condition {
                operator: operator.clone(),
                key: key.clone(),
                values: scalars(values, key, &at.clone().element(key))?,
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
    at: &Path,
) -> Result<Option<(&'a Value, bool)>, Fault> {
    match (elements.get(plain), elements.get(negated)) {
        (Some(_), Some(_)) => Err(Fault::new(
            at.clone().element(negated),
            format!("has both `{plain}` and `{negated}`"),
        )),
        (Some(given), None) => Ok(Some((given, false))),
        (None, Some(given)) => Ok(Some((given, true))),
        (None, None) => Ok(None),
    }
}

fn known(elements: &Map<String, Value>, names: &[&str], at: &Path) -> Result<(), Fault> {
    match elements.keys().find(|key| !names.contains(&key.as_str())) {
        Some(odd) => Err(Fault::new(
            at.clone().element(odd),
            format!("has the unknown element `{odd}`"),
        )),
        None => Ok(()),
    }
}

fn optional_text(
    elements: &Map<String, Value>,
    name: &str,
    at: &Path,
) -> Result<Option<String>, Fault> {
    match elements.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Fault::new(
            at.clone().element(name),
            format!("has a `{name}` that is not a text"),
        )),
    }
}

/// One text or a list of texts.
fn texts(given: &Value, name: &str, at: &Path) -> Result<Vec<String>, Fault> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let odd = || format!("has `{name}` that is neither a text nor a list of texts");
    bounded(each(given, text, at, odd)?, name, at)
}

/// One scalar or a list of scalars; numbers and booleans may stand without quotes.
fn scalars(given: &Value, key: &str, at: &Path) -> Result<Vec<String>, Fault> {
    let scalar = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    };
    let odd =
        || format!("has a condition on `{key}` whose values are not texts, numbers or booleans");
    bounded(each(given, scalar, at, odd)?, key, at)
}

/// What `read` makes of one value, or of each of a list.
fn each(
    given: &Value,
    read: impl Fn(&Value) -> Option<String>,
    at: &Path,
    odd: impl Fn() -> String,
) -> Result<Vec<String>, Fault> {
    let one_or_list = match given {
        Value::Array(list) => list.as_slice(),
        single => std::slice::from_ref(single),
    };
    one_or_list
        .iter()
        .enumerate()
        .map(|(item, value)| read(value).ok_or_else(|| Fault::new(at.clone().item(item), odd())))
        .collect()
}

/// Matching takes as long as both lengths multiplied, so no text may be longer than AWS takes.
fn bounded(texts: Vec<String>, name: &str, at: &Path) -> Result<Vec<String>, Fault> {
    match texts.iter().position(|text| text.len() > MAX_TEXT_BYTES) {
        Some(item) => Err(Fault::new(
            at.clone().item(item),
            format!("has `{name}` with a text longer than {MAX_TEXT_BYTES} bytes"),
        )),
        None => Ok(texts),
    }
}
