//! Policy variables: forms that are broken, names that nobody knows, places where none may stand.
//!
//! Source: IAM User Guide, "IAM policy elements: Variables and tags"; "IAM policy validation check
//! reference": "Missing brace in variable", "Empty variable", "Unsupported space in variable",
//! "Missing quote in variable", "Variable unsupported in version".

use super::Scope;
use super::finding::Findings;
use super::global_key::find;
use crate::document::{Path, Version};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Findings<'_>) {
    let (name, patterns) = scope.resource_list();
    let at = scope.at.clone().element(name);
    for (item, pattern) in patterns.iter().enumerate() {
        if findings.is_full() {
            return;
        }
        let at = at.clone().item(item);
        if scope.document.version == Version::V2012 && stands_in_head(pattern) {
            findings.warning(
                "variable-in-arn-head",
                at.clone(),
                format!("`{pattern}` has a variable before the last part of the ARN"),
                "use variables in the name of the resource alone",
            );
        }
        text(scope, pattern, &at, findings);
    }
    for condition in &scope.statement.conditions {
        let at = scope.condition_at(&condition.operator, &condition.key);
        for (item, value) in condition.values.iter().enumerate() {
            if findings.is_full() {
                return;
            }
            text(scope, value, &at.clone().item(item), findings);
        }
    }
}

fn text(scope: &Scope<'_>, text: &str, at: &Path, findings: &mut Findings<'_>) {
    let mut rest = text;
    while let Some((_, opened)) = rest.split_once("${") {
        if scope.document.version == Version::V2008 {
            findings.warning(
                "variable-in-old-version",
                at.clone(),
                "in the older version of the language `${` is plain text",
                "write `\"Version\": \"2012-10-17\"`",
            );
            return;
        }
        let Some((inside, after)) = opened.split_once('}') else {
            findings.error(
                "variable-unclosed",
                at.clone(),
                format!("the variable `${{{opened}` is not closed"),
                "write `}` after its name, or `${$}` for a dollar sign",
            );
            return;
        };
        variable(scope, inside, at, findings);
        rest = after;
    }
}

fn variable(scope: &Scope<'_>, inside: &str, at: &Path, findings: &mut Findings<'_>) {
    if ["*", "?", "$"].contains(&inside) {
        return;
    }
    let (name, default) = match inside.split_once(',') {
        Some((name, default)) => (name, Some(default.trim())),
        None => (inside, None),
    };
    let quoted = |text: &str| text.len() >= 2 && text.starts_with('\'') && text.ends_with('\'');
    let broken = if name.is_empty() {
        Some((
            "variable-empty",
            "has no name",
            "name a condition key in it",
        ))
    } else if name.contains(char::is_whitespace) {
        Some((
            "variable-space",
            "has a space in its name",
            "remove the space",
        ))
    } else if default.is_some_and(|default| !quoted(default)) {
        let remedy = "write it as `, 'default'`";
        Some(("variable-default", "has a default without quotes", remedy))
    } else if find(name).is_some_and(|key| key.multivalued) {
        let remedy = "use a key with one value";
        Some((
            "multivalued-variable",
            "is a key with many values, which is no variable",
            remedy,
        ))
    } else {
        None
    };
    if let Some((code, fault, remedy)) = broken {
        findings.error(
            code,
            at.clone(),
            format!("the variable `${{{inside}}}` {fault}"),
            remedy,
        );
    } else if !is_known(scope, name) {
        findings.warning(
            "unknown-variable",
            at.clone(),
            format!("there is no key `{name}` for the variable `${{{inside}}}`"),
            "look the key up in the list of condition keys",
        );
    }
}

/// Keys of identity providers and of services are taken on trust: their lists are not complete.
fn is_known(scope: &Scope<'_>, name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    find(name).is_some()
        || lower.split_once(':').is_some_and(|(service, key)| {
            let provider = service.contains('.') || ["saml", "graph"].contains(&service);
            !key.is_empty() && (provider || !scope.catalog.service_actions(service).is_empty())
        })
}

/// Whether a variable begins before the fifth colon that stands outside of variables.
fn stands_in_head(pattern: &str) -> bool {
    let head = pattern.split_once("${").map(|(before, _)| before);
    head.is_some_and(|before| before.starts_with("arn:") && before.matches(':').count() < 5)
}
