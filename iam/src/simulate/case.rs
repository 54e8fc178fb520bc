//! One case as a line of JSON in, its answer as a line of JSON out.
//!
//! In: `{"id", "principal": {"arn", "tags"?}, "request": {"action", "resource", "resourceAccount",
//! "principalAccount"?, "context": {key: [values]}}, "context_complete"?, "identity_policies",
//! "permission_boundary"?, "session_policies"?, "scps"?, "rcps"?, "resource_policy"?}`. A policy is a JSON
//! object or a text that holds one; control policies come level by level from the root. Other fields are
//! left alone.
//!
//! Out: `{"id", "decision", "by": [{"policy", "statement"}], "needs"}`, or `{"id", "error"}` where the
//! line cannot be read or AWS would refuse a policy. A policy is named by its place in the case, such as
//! `scps[0][1]`, and a statement by its index from 0.
//!
//! INVARIANT: every line gives one answer, whatever it holds, and the `id` comes back as it was written.

mod lenient;
mod policies;
mod read;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::verdict::{StatementPlace, Verdict};

/// The answer to a line.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    id: Box<RawValue>,
    #[serde(flatten)]
    result: Outcome,
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Outcome {
    Decided {
        decision: &'static str,
        by: Vec<StatementPlace>,
        needs: Vec<String>,
    },
    Failed {
        error: String,
    },
}

impl Answer {
    /// Whether the line was a case that could be decided.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        matches!(self.result, Outcome::Decided { .. })
    }

    /// The answer as one line of JSON, without its end.
    #[must_use]
    pub fn to_line(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|error| {
            let error = serde_json::Value::from(error.to_string());
            format!("{{\"id\":null,\"error\":{error}}}")
        })
    }
}

/// Decides one case.
///
/// ```
/// let line = r#"{"id": 7, "principal": {"arn": "arn:aws:iam::111122223333:user/ana"},
///     "request": {"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k",
///                 "resourceAccount": "111122223333", "context": {}},
///     "identity_policies": [{"Version": "2012-10-17",
///         "Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}]}"#;
/// let answer = curtail_iam::simulate::case::decide_line(line);
/// assert_eq!(
///     answer.to_line(),
///     r#"{"id":7,"decision":"allowed","by":[{"policy":"identity_policies[0]","statement":0}],"needs":[]}"#
/// );
/// ```
#[must_use]
pub fn decide_line(line: &str) -> Answer {
    Answer {
        id: id(line),
        result: match verdict(line) {
            Ok(verdict) => Outcome::Decided {
                decision: verdict.as_str(),
                by: verdict.by().to_vec(),
                needs: verdict.needs().to_vec(),
            },
            Err(error) => Outcome::Failed { error },
        },
    }
}

fn verdict(line: &str) -> Result<Verdict, String> {
    if !is_object(line) {
        return Err(read::not_an_object(line));
    }
    let fields = serde_json::from_str(line).map_err(|error| read::not_a_case(line, &error))?;
    let case = read::Case::read(&fields)?;
    Ok(super::decide(
        case.principal,
        &case.tags,
        &policies::read(&fields)?,
        &case.request,
    ))
}

/// An array would be taken for fields in their order.
fn is_object(line: &str) -> bool {
    line.trim_ascii_start().starts_with('{')
}

/// The `id` as it stands in the line; `null` where there is none, or none that could be read back, such as
/// a number beyond all bounds.
fn id(line: &str) -> Box<RawValue> {
    #[derive(Deserialize)]
    struct Identified<'a> {
        #[serde(borrow)]
        id: Option<&'a RawValue>,
    }
    let given = is_object(line).then(|| serde_json::from_str::<Identified<'_>>(line).ok());
    let id = given.flatten().and_then(|found| found.id);
    let id = id.filter(|id| serde_json::from_str::<serde_json::Value>(id.get()).is_ok());
    id.map_or_else(|| RawValue::NULL.to_owned(), RawValue::to_owned)
}

#[cfg(test)]
mod tests;
