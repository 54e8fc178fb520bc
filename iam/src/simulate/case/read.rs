//! The fields of a case in, its principal and its request out, or the name of the field that is wrong.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::arn::{Arn, RoleArn};
use crate::policy::Context;
use crate::simulate::{AbsentKey, AccessRequest, Principal};

/// The fields of a line. Policies keep their text, so that a key that stands twice in one is seen.
#[derive(Debug, Deserialize)]
pub(super) struct Fields<'a> {
    principal: Option<Value>,
    request: Option<Value>,
    context_complete: Option<Value>,
    #[serde(borrow)]
    pub(super) identity_policies: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) permission_boundary: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) session_policies: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) scps: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) rcps: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) resource_policy: Option<&'a RawValue>,
}

/// Who asks for what.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) principal: Principal,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) request: AccessRequest,
}

/// What is wrong with an object that does not hold the fields of a case.
pub(super) fn not_a_case(line: &str, error: &serde_json::Error) -> String {
    match serde_json::from_str::<Value>(line) {
        Ok(_) => format!("the line is not a case: {error}"),
        Err(error) => format!("the line is not JSON: {error}"),
    }
}

/// What is wrong with a line that holds no object.
pub(super) fn not_an_object(line: &str) -> String {
    match serde_json::from_str::<Value>(line) {
        Ok(_) => "the line is not a JSON object".to_owned(),
        Err(error) => format!("the line is not JSON: {error}"),
    }
}

impl Case {
    pub(super) fn read(fields: &Fields<'_>) -> Result<Self, String> {
        let request = object(fields.request.as_ref(), "request")?;
        let context = context(request.get("context"))?;
        let (principal, tags) = principal(fields.principal.as_ref())?;
        let principal = match context.get("aws:principalarn").map(Vec::as_slice) {
            Some([arn]) => match RoleArn::parse(arn) {
                Ok(role) => principal.with_role(&role),
                Err(_) => principal,
            },
            _ => principal,
        };
        same_account(&principal, request.get("principalAccount"))?;
        let resource = resource(request.get("resource"))?;
        Ok(Self {
            request: AccessRequest {
                action: action(request.get("action"))?,
                resource_account: resource_account(request, resource.as_deref(), &principal)?,
                resource,
                context,
                absent: absent(fields.context_complete.as_ref())?,
            },
            principal,
            tags,
        })
    }
}

fn object<'a>(given: Option<&'a Value>, field: &str) -> Result<&'a Map<String, Value>, String> {
    match given {
        Some(Value::Object(map)) => Ok(map),
        Some(_) => Err(format!("`{field}` is not an object")),
        None => Err(format!("`{field}` is missing")),
    }
}

/// Without an ARN the request is unsigned. A principal may also be its ARN alone.
fn principal(given: Option<&Value>) -> Result<(Principal, BTreeMap<String, String>), String> {
    let (arn, tags) = match given {
        Some(Value::Object(fields)) => {
            let arn = fields.get("arn").ok_or("`principal.arn` is missing")?;
            (arn, tags(fields.get("tags"))?)
        }
        Some(other) => (other, BTreeMap::new()),
        None => return Err("`principal` is missing".to_owned()),
    };
    let principal = match arn {
        Value::Null => Principal::anonymous(),
        Value::String(text) => {
            Principal::parse(text).map_err(|error| format!("`principal.arn`: {error}"))?
        }
        _ => return Err("`principal.arn` is not a text".to_owned()),
    };
    Ok((principal, tags))
}

fn tags(given: Option<&Value>) -> Result<BTreeMap<String, String>, String> {
    let tags = match given {
        None | Some(Value::Null) => return Ok(BTreeMap::new()),
        Some(Value::Object(tags)) => tags,
        Some(_) => return Err("`principal.tags` is not an object".to_owned()),
    };
    let text = |(key, value): (&String, &Value)| match scalar(value) {
        Some(text) => Ok((key.clone(), text)),
        None => Err(format!("`principal.tags.{key}` is not a text")),
    };
    tags.iter().map(text).collect()
}

/// An account that contradicts the ARN is a mistake in one of the two.
fn same_account(principal: &Principal, given: Option<&Value>) -> Result<(), String> {
    let given = account(given, "principalAccount")?;
    match (principal.account_id(), given) {
        (Some(own), Some(given)) if own != given => Err(format!(
            "`request.principalAccount` is `{given}`, but `principal.arn` is of `{own}`"
        )),
        _ => Ok(()),
    }
}

fn action(given: Option<&Value>) -> Result<String, String> {
    let text = match given {
        None => return Err("`request.action` is missing".to_owned()),
        Some(Value::String(text)) => text,
        Some(_) => return Err("`request.action` is not a text".to_owned()),
    };
    let named = |(service, name): (&str, &str)| !service.is_empty() && !name.is_empty();
    if text.split_once(':').is_some_and(named) && !text.contains(['*', '?']) {
        Ok(text.clone())
    } else {
        Err(format!(
            "`request.action`: `{text}` is not one action of a service"
        ))
    }
}

/// `null` says that the resource is not known, `*` that the action takes none.
fn resource(given: Option<&Value>) -> Result<Option<String>, String> {
    match given {
        None => Err("`request.resource` is missing".to_owned()),
        Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text == "*" => Ok(Some(text.clone())),
        Some(Value::String(text)) => match Arn::parse(text) {
            Ok(_) => Ok(Some(text.clone())),
            Err(error) => Err(format!("`request.resource`: {error}")),
        },
        Some(_) => Err("`request.resource` is not a text".to_owned()),
    }
}

/// The account as given, else as the resource's ARN shows it. Where it shows none, as of a bucket, of a
/// policy of AWS or where the action takes no resource, the caller's own; who has none asks for a resource
/// of an account that is not known, which is written as empty.
fn resource_account(
    request: &Map<String, Value>,
    resource: Option<&str>,
    principal: &Principal,
) -> Result<String, String> {
    if let Some(account) = account(request.get("resourceAccount"), "resourceAccount")? {
        return Ok(account);
    }
    let resource = resource.ok_or("`request.resourceAccount` is missing")?;
    let shown = Arn::parse(resource).ok().map(|arn| arn.account_id);
    let is_account =
        |text: &&str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let account = shown.filter(is_account).or(principal.account_id());
    Ok(account.unwrap_or_default().to_owned())
}

fn account(given: Option<&Value>, field: &str) -> Result<Option<String>, String> {
    match given {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if !text.is_empty() => Ok(Some(text.clone())),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(_) => Err(format!("`request.{field}` is not an account")),
    }
}

/// Keys ignore case; a value may stand without a list, and `null` is no value.
fn context(given: Option<&Value>) -> Result<Context, String> {
    let keys = match given {
        None | Some(Value::Null) => return Ok(Context::new()),
        Some(Value::Object(keys)) => keys,
        Some(_) => return Err("`request.context` is not an object".to_owned()),
    };
    let mut context = Context::new();
    for (key, given) in keys {
        let listed = match given {
            Value::Array(list) => list.as_slice(),
            single => std::slice::from_ref(single),
        };
        let values = listed.iter().filter(|value| !value.is_null()).map(scalar);
        let values = values
            .collect::<Option<_>>()
            .ok_or_else(|| format!("`request.context`: `{key}` is not a list of texts"))?;
        if context.insert(key.to_ascii_lowercase(), values).is_some() {
            return Err(format!("`request.context`: `{key}` stands twice"));
        }
    }
    Ok(context)
}

fn absent(given: Option<&Value>) -> Result<AbsentKey, String> {
    match given {
        None | Some(Value::Null | Value::Bool(true)) => Ok(AbsentKey::NotInRequest),
        Some(Value::Bool(false)) => Ok(AbsentKey::Unknown),
        Some(_) => Err("`context_complete` is neither true nor false".to_owned()),
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}
