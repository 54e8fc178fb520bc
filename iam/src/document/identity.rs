//! What AWS asks of policies that are attached to identities, beyond the common grammar.
//!
//! Identity policies, boundaries, session policies and SCPs have a resource and no principal; their
//! `Sid`s are letters and digits, each once.
//! Source: IAM User Guide, "IAM JSON policy elements reference", "… Sid" and "… Resource".

use std::collections::BTreeSet;

use super::statement::{ResourceElement, Statement};
use crate::error::DocumentError;

/// Names the first statement that breaks a rule.
pub(super) fn check(statements: &[Statement]) -> Result<(), DocumentError> {
    let mut sids = BTreeSet::new();
    for (index, statement) in statements.iter().enumerate() {
        let refusal = broken_rule(statement).or_else(|| repeated(statement, &mut sids));
        if let Some(reason) = refusal {
            return Err(DocumentError {
                statement: Some(index),
                sid: statement.sid.clone(),
                reason,
            });
        }
    }
    Ok(())
}

fn broken_rule(statement: &Statement) -> Option<String> {
    if statement.principals.is_some() {
        return Some("has a principal, which identity policies cannot have".to_owned());
    }
    let patterns = match &statement.resources {
        ResourceElement::Absent => {
            return Some("has neither `Resource` nor `NotResource`".to_owned());
        }
        ResourceElement::Resource(patterns) | ResourceElement::NotResource(patterns) => patterns,
    };
    if let Some(odd) = patterns.iter().find(|pattern| !is_arn_or_star(pattern)) {
        return Some(format!(
            "has the resource `{odd}`, which is neither an ARN nor `*`"
        ));
    }
    let sid = statement.sid.as_deref().unwrap_or_default();
    let odd = sid
        .chars()
        .find(|character| !character.is_ascii_alphanumeric());
    odd.map(|_| "has a `Sid` with more than letters and digits".to_owned())
}

/// A pattern that begins with a wildcard may still be an ARN.
fn is_arn_or_star(pattern: &str) -> bool {
    pattern.starts_with("arn:") || pattern.starts_with(['*', '?'])
}

fn repeated<'a>(statement: &'a Statement, sids: &mut BTreeSet<&'a str>) -> Option<String> {
    let sid = statement.sid.as_deref().filter(|sid| !sid.is_empty())?;
    (!sids.insert(sid)).then(|| "has the `Sid` of an earlier statement".to_owned())
}
