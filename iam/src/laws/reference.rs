//! The documentation's rules, one line each, slow and without cleverness, on the bare JSON.
//!
//! Sources: IAM User Guide, "Policy evaluation logic", "IAM JSON policy elements"; see the modules
//! under test for each rule's page. All facts of the request are known here.

use serde_json::Value;

use super::generate::{Facts, Written};
use crate::catalog::Catalog;
use crate::document::{ActionElement, Statement};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Allowed,
    ExplicitlyDenied,
    ImplicitlyDenied,
}

pub(super) fn decide(written: &Written, facts: &Facts) -> Outcome {
    // A deny in any policy of any type is final.
    let everywhere = written
        .identity
        .iter()
        .chain(&written.boundary)
        .chain(written.scps.iter().flatten());
    for document in everywhere {
        if has(document, "Deny", facts) {
            return Outcome::ExplicitlyDenied;
        }
    }
    let mut rcps = written.rcps.iter();
    if rcps.any(|document| has_of(document, "Deny", facts, Arns::Whole)) {
        return Outcome::ExplicitlyDenied;
    }
    // Some identity policy must allow.
    if !written
        .identity
        .iter()
        .any(|document| has(document, "Allow", facts))
    {
        return Outcome::ImplicitlyDenied;
    }
    // The boundary must allow.
    if let Some(boundary) = &written.boundary
        && !has(boundary, "Allow", facts)
    {
        return Outcome::ImplicitlyDenied;
    }
    // At every level some SCP must allow.
    for level in &written.scps {
        if !level.iter().any(|document| has(document, "Allow", facts)) {
            return Outcome::ImplicitlyDenied;
        }
    }
    Outcome::Allowed
}

/// Whether an ARN in a policy may lack components.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arns {
    Whole,
    MaybeCutShort,
}

/// Tells whether a document of the caller's side has a statement of the effect that applies.
fn has(document: &Value, effect: &str, facts: &Facts) -> bool {
    has_of(document, effect, facts, Arns::MaybeCutShort)
}

fn has_of(document: &Value, effect: &str, facts: &Facts, arns: Arns) -> bool {
    let variables = document["Version"] == "2012-10-17";
    for statement in list(&document["Statement"]) {
        if statement["Effect"] == effect
            && action_applies(statement, facts)
            && resource_applies(statement, facts, variables, arns)
            && conditions_hold(statement, facts, variables)
        {
            return true;
        }
    }
    false
}

fn action_applies(statement: &Value, facts: &Facts) -> bool {
    // Actions compare ignoring case.
    let matches = |pattern: &Value| {
        glob(
            &pattern.as_str().unwrap().to_lowercase(),
            &facts.action.to_lowercase(),
        )
    };
    if statement.get("NotAction").is_some() {
        return !list(&statement["NotAction"]).iter().any(&matches);
    }
    list(&statement["Action"]).iter().any(matches)
}

fn resource_applies(statement: &Value, facts: &Facts, variables: bool, arns: Arns) -> bool {
    let matches =
        |pattern: &Value| resource_matches(pattern.as_str().unwrap(), facts, variables, arns);
    if statement.get("NotResource").is_some() {
        return !list(&statement["NotResource"]).iter().any(&matches);
    }
    list(&statement["Resource"]).iter().any(matches)
}

fn resource_matches(pattern: &str, facts: &Facts, variables: bool, arns: Arns) -> bool {
    if pattern == "*" {
        return true;
    }
    // Of an ARN cut short each missing component is a star.
    let missing = match pattern.matches(':').count() {
        colons @ ..5 if arns == Arns::MaybeCutShort && pattern.starts_with("arn:") => {
            ":*".repeat(5 - colons)
        }
        _ => String::new(),
    };
    let pattern = format!("{pattern}{missing}");
    // A star in an early component stays there; the last one runs over colons.
    let resource: Vec<&str> = facts.resource.splitn(6, ':').collect();
    let patterns: Vec<&str> = pattern.splitn(6, ':').collect();
    if resource.len() != 6 || patterns.len() != 6 {
        return false;
    }
    for (pattern, text) in patterns.iter().zip(resource) {
        let Some(pattern) = replaced(pattern, facts, variables) else {
            return false;
        };
        if !glob_steps(&pattern, &text.chars().collect::<Vec<_>>()) {
            return false;
        }
    }
    true
}

fn conditions_hold(statement: &Value, facts: &Facts, variables: bool) -> bool {
    let Some(operators) = statement.get("Condition") else {
        return true;
    };
    // Operators are ANDed, and so are the keys under one.
    operators
        .as_object()
        .unwrap()
        .iter()
        .all(|(operator, keys)| {
            keys.as_object().unwrap().iter().all(|(key, values)| {
                // Keys ignore case.
                let given = &facts.context[&key.to_lowercase()];
                let listed: Vec<&str> = list(values)
                    .iter()
                    .map(|value| value.as_str().unwrap())
                    .collect();
                condition_holds(operator, &listed, given, facts, variables)
            })
        })
}

fn condition_holds(
    operator: &str,
    listed: &[&str],
    given: &[String],
    facts: &Facts,
    variables: bool,
) -> bool {
    if operator == "Null" {
        return listed.contains(&"true") == given.is_empty();
    }
    let (quantifier, operator) = operator.split_once(':').unwrap_or(("", operator));
    if let Some(plain) = operator.strip_suffix("IfExists") {
        return given.is_empty() || condition_holds(plain, listed, given, facts, variables);
    }
    let negated = operator.contains("Not");
    // A value passes a negated operator if it matches none of the list.
    let passes = |value: &String| {
        let matched = listed
            .iter()
            .any(|listed| matches(operator, listed, value, facts, variables));
        matched != negated
    };
    match quantifier {
        "ForAllValues" => given.iter().all(passes),
        "ForAnyValue" => given.iter().any(passes),
        // Without the key a plain operator fails and a negated one holds.
        _ if given.is_empty() => negated,
        _ => passes(&given[0]),
    }
}

fn matches(operator: &str, listed: &str, value: &str, facts: &Facts, variables: bool) -> bool {
    let number = |text: &str| text.parse::<f64>().unwrap();
    match operator.replace("Not", "").as_str() {
        "StringEquals" => match replaced(listed, facts, variables) {
            Some(steps) => steps.iter().map(|step| step.0).eq(value.chars()),
            None => false,
        },
        "StringEqualsIgnoreCase" => listed.to_lowercase() == value.to_lowercase(),
        "StringLike" => glob(listed, value),
        "Bool" => listed == value,
        "NumericEquals" => number(value).total_cmp(&number(listed)).is_eq(),
        "NumericLessThanEquals" => number(value) <= number(listed),
        "NumericGreaterThan" => number(value) > number(listed),
        // The generated networks are /8 and /24 of the other family than IPv6.
        "IpAddress" => {
            let (network, length) = listed.split_once('/').unwrap();
            let octets = length.parse::<usize>().unwrap() / 8;
            let head = |text: &str| {
                text.split('.')
                    .take(octets)
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            };
            !value.contains(':') && head(network) == head(value)
        }
        other => panic!("no rule for {other}"),
    }
}

/// A character of a pattern, and whether it may be a wildcard.
pub(super) type Step = (char, bool);

/// The pattern with the value of the one variable that is generated; `None` if it has none.
fn replaced(pattern: &str, facts: &Facts, variables: bool) -> Option<Vec<Step>> {
    let written = |text: &str| {
        text.chars()
            .map(|character| (character, true))
            .collect::<Vec<_>>()
    };
    let data = |text: &str| {
        text.chars()
            .map(|character| (character, false))
            .collect::<Vec<_>>()
    };
    let Some((before, rest)) = pattern.split_once("${").filter(|_| variables) else {
        return Some(written(pattern));
    };
    let (variable, after) = rest.split_once('}').unwrap();
    let default = variable.ends_with(", 'none'").then_some("none");
    let value = match facts.context["aws:principaltag/team"].first() {
        Some(value) => Some(value.as_str()),
        None => default,
    };
    Some([written(before), data(value?), written(after)].concat())
}

pub(super) fn glob(pattern: &str, text: &str) -> bool {
    let steps: Vec<Step> = pattern.chars().map(|character| (character, true)).collect();
    glob_steps(&steps, &text.chars().collect::<Vec<_>>())
}

pub(super) fn glob_steps(pattern: &[Step], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((('*', true), rest)) => {
            (0..=text.len()).any(|skipped| glob_steps(rest, &text[skipped..]))
        }
        Some((('?', true), rest)) => !text.is_empty() && glob_steps(rest, &text[1..]),
        Some(((wanted, _), rest)) => text.first() == Some(wanted) && glob_steps(rest, &text[1..]),
    }
}

/// One value or a list of them.
pub(super) fn list(value: &Value) -> &[Value] {
    match value {
        Value::Array(list) => list,
        single => std::slice::from_ref(single),
    }
}

/// The actions that a statement is about, of a few services of the catalog and a sample of the others.
pub(super) fn expand(statement: &Statement) -> Vec<String> {
    let (patterns, wanted) = match &statement.actions {
        ActionElement::Action(patterns) => (patterns, true),
        ActionElement::NotAction(patterns) => (patterns, false),
    };
    let lower: Vec<String> = patterns
        .iter()
        .map(|pattern| pattern.to_lowercase())
        .collect();
    let names = Catalog::embedded()
        .actions()
        .enumerate()
        .filter(|(place, action)| {
            place % 100 == 0
                || ["s3", "sqs"].contains(&action.service)
                || action.name == "iam:PassRole"
        });
    names
        .map(|(_, action)| action.name)
        .filter(|name| {
            lower
                .iter()
                .any(|pattern| glob(pattern, &name.to_lowercase()))
                == wanted
        })
        .map(str::to_owned)
        .collect()
}
