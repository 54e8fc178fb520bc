//! Principals: where AWS wants them, and which forms it refuses.
//!
//! Source: IAM User Guide, "AWS JSON policy elements: Principal", "Grammar of the IAM JSON policy
//! language", and the checks on principals of "IAM policy validation check reference".

use super::PolicyUse;
use crate::document::fault::Fault;
use crate::document::position::Path;
use crate::document::statement::Statement;
use crate::document::{PrincipalElement, Principals};

/// Whether there is a principal where the use of the policy wants one, and none where not.
pub(super) fn presence(
    statement: &Statement,
    policy_use: PolicyUse,
    at: &Path,
) -> Result<(), Fault> {
    let name = name_of(statement);
    match (name, policy_use.names_principals()) {
        (Some(name), false) => refused("a principal", policy_use, at.clone().element(name)),
        (None, true) => Err(Fault::new(
            at.clone(),
            format!("has no `Principal`, which {} need", policy_use.name()),
        )),
        _ => Ok(()),
    }
}

/// What may stand in the element by the use of the policy, and the form of each principal.
pub(super) fn check(statement: &Statement, policy_use: PolicyUse, at: &Path) -> Result<(), Fault> {
    let (Some(name), Some(listed)) = (name_of(statement), statement.principal.listed()) else {
        return Ok(());
    };
    let at = at.clone().element(name);
    if name == "NotPrincipal" && policy_use != PolicyUse::Resource {
        return refused("`NotPrincipal`", policy_use, at);
    }
    if policy_use == PolicyUse::ResourceControl && !is_everyone(listed) {
        return refused("another principal than `*`", policy_use, at);
    }
    forms(statement, &at)
}

fn name_of(statement: &Statement) -> Option<&'static str> {
    match statement.principal {
        PrincipalElement::Absent => None,
        PrincipalElement::Principal(_) => Some("Principal"),
        PrincipalElement::NotPrincipal(_) => Some("NotPrincipal"),
    }
}

fn refused(what: &str, policy_use: PolicyUse, at: Path) -> Result<(), Fault> {
    let reason = format!("has {what}, which {} cannot have", policy_use.name());
    Err(Fault::new(at, reason))
}

fn is_everyone(listed: &Principals) -> bool {
    let everyone = Principals {
        everyone: true,
        ..Principals::default()
    };
    *listed == everyone
}

fn forms(statement: &Statement, at: &Path) -> Result<(), Fault> {
    let Some(kinds) = statement.principals.as_ref().and_then(|it| it.as_object()) else {
        return Ok(());
    };
    for (kind, given) in kinds {
        let texts = match given {
            serde_json::Value::Array(list) => list.as_slice(),
            single => std::slice::from_ref(single),
        };
        for (item, value) in texts.iter().enumerate() {
            let text = value.as_str().unwrap_or_default();
            if !is_principal(kind, text) {
                return Err(Fault::new(
                    at.clone().element(kind).item(item),
                    format!("has the principal `{text}`, which is none of type `{kind}`"),
                ));
            }
        }
    }
    Ok(())
}

fn is_principal(kind: &str, text: &str) -> bool {
    let plain = !text.is_empty() && !text.contains(['*', '?', '{']);
    match kind {
        "AWS" => text == "*" || (plain && (is_arn(text) || is_account(text) || is_id(text))),
        "Service" => text == "*" || (plain && text.contains('.')),
        "Federated" => text == "*" || plain,
        _ => plain,
    }
}

/// Of an account, a user, a role or a session; the account of a `CloudFront` identity is no number.
fn is_arn(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", partition, "iam" | "sts", "", account, resource] => {
            !partition.is_empty() && !account.is_empty() && !resource.is_empty()
        }
        _ => false,
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The unique id of a user or role, which stands in policies after the user or role is gone.
/// Source: IAM User Guide, "IAM identifiers", "Unique identifiers".
fn is_id(text: &str) -> bool {
    text.len() >= 16
        && text.starts_with('A')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}
