//! Operators: where a missing key or many values make a condition mean something else than it says.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Single-valued vs.
//! multivalued context keys"; "IAM policy validation check reference": "Missing qualifier", "Null with
//! qualifier", "`ForAllValues` with single valued key", "Empty array condition".

use serde_json::Value;

use super::Scope;
use super::finding::Findings;
use super::global_key::{GlobalKey, find};
use crate::document::{Condition, Effect, Path};
use crate::evaluate::{Comparison, Operator};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Findings<'_>) {
    empty(scope, findings);
    for condition in &scope.statement.conditions {
        if findings.is_full() {
            return;
        }
        let at = scope.condition_at(&condition.operator, &condition.key);
        if condition.values.is_empty() {
            findings.warning(
                "empty-list",
                at.clone(),
                format!("`{}` is compared with no value", condition.key),
                "list values, or ask with `Null` whether the key is there",
            );
        }
        let Some(operator) = Operator::parse(&condition.operator) else {
            null_of_many(condition, at, findings);
            continue;
        };
        let known = find(&condition.key);
        quantifier(condition, operator, known, &at, findings);
        if scope.statement.effect == Effect::Allow {
            allows_without_key(scope, condition, operator, known, &at, findings);
        }
        mfa(scope, condition, operator, &at, findings);
        contradiction(scope, condition, operator, at, findings);
    }
}

/// Blocks without a key say nothing.
fn empty(scope: &Scope<'_>, findings: &mut Findings<'_>) {
    let statement = scope.at.statement_index().unwrap_or_default();
    let Some(Value::Object(operators)) = scope.document.condition_of(statement) else {
        return;
    };
    let at = scope.at.clone().element("Condition");
    let mut found = |at: Path| {
        findings.note(
            "empty-condition",
            at,
            "the condition asks for nothing",
            "remove it",
        );
    };
    if operators.is_empty() {
        found(at.clone());
    }
    for (operator, keys) in operators {
        if keys.as_object().is_some_and(serde_json::Map::is_empty) {
            found(at.clone().element(operator));
        }
    }
}

fn null_of_many(condition: &Condition, at: Path, findings: &mut Findings<'_>) {
    if condition.operator.to_ascii_lowercase().ends_with(":null") {
        findings.note(
            "null-with-set-operator",
            at,
            "`Null` with `ForAllValues` is always true, with `ForAnyValue` always false",
            "write `Null` alone",
        );
    }
}

fn quantifier(
    condition: &Condition,
    operator: Operator,
    known: Option<&GlobalKey>,
    at: &Path,
    findings: &mut Findings<'_>,
) {
    let Some(known) = known.filter(|_| operator.comparison != Comparison::Null) else {
        return;
    };
    match operator.quantifier {
        Some(_) if !known.multivalued => findings.warning(
            "set-operator-on-single-value",
            at.clone(),
            format!(
                "`{}` has one value, and `{}` is for keys with many",
                condition.key, condition.operator
            ),
            "leave the set operator out",
        ),
        None if known.multivalued => findings.warning(
            "set-operator-missing",
            at.clone(),
            format!(
                "`{}` has many values, for which `{}` alone has no meaning",
                condition.key, condition.operator
            ),
            "write `ForAnyValue:` or `ForAllValues:` before it",
        ),
        _ => {}
    }
}

/// An allow whose condition holds where the key is missing allows more than it says.
fn allows_without_key(
    scope: &Scope<'_>,
    condition: &Condition,
    operator: Operator,
    known: Option<&GlobalKey>,
    at: &Path,
    findings: &mut Findings<'_>,
) {
    if known.is_some_and(|key| key.always) || asks_for_presence(scope, &condition.key) {
        return;
    }
    if is_for_all(condition) {
        findings.warning(
            "for-all-values-allow",
            at.clone(),
            format!(
                "`ForAllValues` is true where the request has no `{}`",
                condition.key
            ),
            format!("add `\"Null\": {{\"{}\": \"false\"}}`", condition.key),
        );
    } else if operator.negated && operator.quantifier.is_none() {
        findings.warning(
            "negated-allow",
            at.clone(),
            format!(
                "`{}` is true where the request has no `{}`",
                condition.operator, condition.key
            ),
            format!(
                "list what is allowed, or add `\"Null\": {{\"{}\": \"false\"}}`",
                condition.key
            ),
        );
    }
}

/// True where the key is missing, as one with `IfExists` is.
fn is_for_all(condition: &Condition) -> bool {
    let prefix = condition.operator.split_once(':').map(|(prefix, _)| prefix);
    prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case("ForAllValues"))
}

/// Whether the statement asks with `Null` that the key is there.
fn asks_for_presence(scope: &Scope<'_>, key: &str) -> bool {
    nulls(scope, key, "false")
}

fn nulls(scope: &Scope<'_>, key: &str, value: &str) -> bool {
    scope.statement.conditions.iter().any(|condition| {
        condition.operator.eq_ignore_ascii_case("Null")
            && condition.key.eq_ignore_ascii_case(key)
            && condition
                .values
                .iter()
                .all(|listed| listed.eq_ignore_ascii_case(value))
            && !condition.values.is_empty()
    })
}

/// Long-term credentials have no `aws:MultiFactorAuthPresent` at all.
/// Source: IAM User Guide, "AWS global condition context keys", `aws:MultiFactorAuthPresent`.
fn mfa(
    scope: &Scope<'_>,
    condition: &Condition,
    operator: Operator,
    at: &Path,
    findings: &mut Findings<'_>,
) {
    if operator.comparison != Comparison::Bool
        || !condition
            .key
            .eq_ignore_ascii_case("aws:MultiFactorAuthPresent")
    {
        return;
    }
    let lists = |value: &str| {
        condition
            .values
            .iter()
            .any(|text| text.eq_ignore_ascii_case(value))
    };
    match scope.statement.effect {
        Effect::Deny if lists("false") && !operator.if_exists => findings.warning(
            "mfa-deny-without-if-exists",
            at.clone(),
            "does not deny requests with access keys, which have no such key at all",
            "write `BoolIfExists`",
        ),
        Effect::Allow if lists("true") && operator.if_exists => findings.warning(
            "mfa-allow-if-exists",
            at.clone(),
            "allows requests with access keys, which have no such key at all",
            "write `Bool`",
        ),
        _ => {}
    }
}

/// A key cannot be missing and have a value.
fn contradiction(
    scope: &Scope<'_>,
    condition: &Condition,
    operator: Operator,
    at: Path,
    findings: &mut Findings<'_>,
) {
    let needs_key = operator.comparison != Comparison::Null
        && !operator.negated
        && !operator.if_exists
        && !is_for_all(condition);
    if needs_key && nulls(scope, &condition.key, "true") {
        findings.warning(
            "null-contradiction",
            at,
            format!(
                "asks for a value of `{}` that `Null` asks to be missing",
                condition.key
            ),
            "remove one of the two, or use two statements",
        );
    }
}
