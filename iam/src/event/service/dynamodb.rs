//! `DynamoDB` calls that hold several statements or items: the parameters in, one need per kind out.
//!
//! Where the record hides the statements, every kind stays possible.
//! Source: Amazon `DynamoDB` Developer Guide, "IAM security policies with `PartiQL`" and "Using
//! IAM with `DynamoDB` transactions".

use serde_json::Value;

use super::super::needs::{Need, Needs, On};
use super::super::request::Request;
use super::super::{Basis, Strength};

/// What records call the list of items or statements, whatever the API calls it.
/// Source: Amazon `DynamoDB` Developer Guide, "Logging `DynamoDB` operations by using AWS `CloudTrail`", examples.
const RECORDED: &str = "requestItems";

/// Verb of a `PartiQL` statement, in lower case, and its action.
const VERBS: [(&str, &str); 5] = [
    ("delete", "dynamodb:PartiQLDelete"),
    ("exists", "dynamodb:PartiQLSelect"),
    ("insert", "dynamodb:PartiQLInsert"),
    ("select", "dynamodb:PartiQLSelect"),
    ("update", "dynamodb:PartiQLUpdate"),
];
/// Kind of an item of a transaction, in lower case, and its action.
const KINDS: [(&str, &str); 4] = [
    ("conditioncheck", "dynamodb:ConditionCheckItem"),
    ("delete", "dynamodb:DeleteItem"),
    ("put", "dynamodb:PutItem"),
    ("update", "dynamodb:UpdateItem"),
];

/// Narrows the alternatives to what the parameters show.
pub(super) fn refine(request: &Request<'_>, needs: &mut Needs) {
    let shown = match request.name {
        "ExecuteStatement" => request
            .parameters()
            .text("statement")
            .and_then(|text| Some(vec![verb(&text)?])),
        "BatchExecuteStatement" => statements(request, &["statements", RECORDED]),
        "ExecuteTransaction" => statements(request, &["transactStatements", RECORDED]),
        "TransactWriteItems" => kinds(request).or_else(|| operations(request)),
        _ => None,
    };
    let Some(mut actions) = shown else {
        return;
    };
    actions.sort_unstable();
    actions.dedup();
    if !actions.is_empty() {
        needs.replace(actions.into_iter().map(certain).collect());
    }
}

fn certain(action: &'static str) -> Need {
    Need {
        action,
        strength: Strength::Certain,
        basis: Basis::Hand,
        on: On::Object,
    }
}

/// The actions of a list of statements; `None` if one of them is hidden.
fn statements(request: &Request<'_>, names: &[&str]) -> Option<Vec<&'static str>> {
    let mut lists = names.iter();
    let value = lists.find_map(|name| request.parameters().value(name))?;
    let action = |item: &Value| verb(field(item, "statement")?);
    value.as_array()?.iter().map(action).collect()
}

/// The actions of the items of a transaction as records list them; `None` if one of them is not understood.
fn operations(request: &Request<'_>) -> Option<Vec<&'static str>> {
    let value = request.parameters().value(RECORDED)?;
    let action = |item: &Value| look_up(&KINDS, field(item, "operation")?);
    value.as_array()?.iter().map(action).collect()
}

/// A text of an item, in either of the letter cases that records use.
fn field<'a>(item: &'a Value, name: &str) -> Option<&'a str> {
    let fields = item.as_object()?;
    let (_, value) = fields
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    value.as_str()
}

fn verb(statement: &str) -> Option<&'static str> {
    let word = statement
        .trim_start()
        .split(|c: char| !c.is_ascii_alphabetic())
        .next()?;
    look_up(&VERBS, word)
}

/// The actions of the items of a transaction; `None` if one of them is not understood.
fn kinds(request: &Request<'_>) -> Option<Vec<&'static str>> {
    let value = request.parameters().value("transactItems")?;
    let kind = |item: &Value| {
        let fields = item
            .as_object()?
            .iter()
            .filter(|(_, value)| !value.is_null());
        fields.map(|(name, _)| look_up(&KINDS, name)).next()?
    };
    value.as_array()?.iter().map(kind).collect()
}

fn look_up(table: &[(&str, &'static str)], word: &str) -> Option<&'static str> {
    let row = table
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(word))?;
    Some(row.1)
}
