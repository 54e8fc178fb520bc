//! One document of the snapshot, with helpers to look into its JSON.

use curtail_iam::document::Document;
use curtail_ingest::PolicyProblem;
use serde_json::Value;

use crate::Error;
use crate::read::Columns;

/// A row of `current_snapshots`.
#[derive(Debug, Clone, Default)]
pub(super) struct SnapshotDocument {
    pub(super) account_id: String,
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) arn: String,
    pub(super) name: String,
    pub(super) value: Value,
}

pub(super) fn documents(columns: &Columns<'_>) -> Result<Vec<SnapshotDocument>, Error> {
    let (account_id, kind, id) = (
        columns.text("account_id")?,
        columns.text("kind")?,
        columns.text("id")?,
    );
    let (arn, name, document) = (
        columns.text("arn")?,
        columns.text("name")?,
        columns.text("document")?,
    );
    Ok(columns
        .rows()
        .map(|row| SnapshotDocument {
            account_id: account_id.owned(row),
            kind: kind.owned(row),
            id: id.owned(row),
            arn: arn.owned(row),
            name: name.owned(row),
            value: document
                .get(row)
                .and_then(|text| serde_json::from_str(text).ok())
                .unwrap_or_default(),
        })
        .collect())
}

/// The text of a field, if it is one and not empty.
pub(super) fn text<'a>(value: &'a Value, field: &str) -> Option<&'a str> {
    value
        .get(field)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}

/// The items of a field; none if it is no list.
pub(super) fn items<'a>(
    value: &'a Value,
    field: &str,
) -> impl Iterator<Item = &'a Value> + use<'a> {
    value
        .get(field)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// The policy in a field: an object as the CLI prints it, or the URL-encoded or plain text that the API gives.
///
/// # Errors
/// What is wrong with it, under the name of its owner.
pub(super) fn policy(
    value: Option<&Value>,
    place: &PolicyPlace<'_>,
) -> Result<Document, PolicyProblem> {
    let parsed = match value {
        Some(Value::String(text)) => Document::parse(text),
        Some(value @ Value::Object(_)) => Document::from_value(value.clone()),
        _ => return Err(place.problem(None, "it has no document".to_owned())),
    };
    parsed.map_err(|error| place.problem(error.statement, error.reason))
}

/// Whose policy it is, for a problem's text.
#[derive(Debug, Clone, Copy)]
pub(super) struct PolicyPlace<'a> {
    pub(super) account_id: &'a str,
    pub(super) owner: &'a str,
    pub(super) policy: &'a str,
}

impl PolicyPlace<'_> {
    pub(super) fn problem(&self, statement: Option<usize>, reason: String) -> PolicyProblem {
        PolicyProblem {
            account_id: self.account_id.to_owned(),
            owner: self.owner.to_owned(),
            policy: self.policy.to_owned(),
            statement,
            reason,
        }
    }
}
