//! The rules of condition operators and variables, slow and plain; every key is known.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "Set operators for multivalued
//! context keys" and "IAM policy elements: Variables and tags".

use std::cmp::Ordering;
use std::net::IpAddr;

use super::reference::{Step, glob_steps};
use super::whole::Keys;

/// Tells whether an operator holds between listed and given values.
pub(super) fn holds(
    operator: &str,
    listed: &[&str],
    given: &[String],
    keys: &Keys,
    variables: bool,
) -> bool {
    if operator == "Null" {
        return listed.contains(&"true") == given.is_empty();
    }
    let (quantifier, operator) = operator.split_once(':').unwrap_or(("", operator));
    let (operator, if_exists) = match operator.strip_suffix("IfExists") {
        Some(plain) => (plain, true),
        None => (operator, false),
    };
    if given.is_empty() && if_exists {
        return true;
    }
    let negated = operator.contains("Not");
    let plain = operator.replace("Not", "");
    // A value passes a negated operator if it matches none of the list.
    let passes = |value: &String| {
        let matched = listed
            .iter()
            .any(|listed| matches(&plain, listed, value, keys, variables));
        matched != negated
    };
    // Empty text alone is an empty data set.
    let any_value = given.iter().any(|value| !value.is_empty());
    match quantifier {
        "ForAllValues" => !any_value || given.iter().all(passes),
        "ForAnyValue" => any_value && given.iter().any(passes),
        // Without the key a plain operator fails and a negated one holds.
        _ if given.is_empty() => negated,
        _ => passes(&given[0]),
    }
}

fn matches(operator: &str, listed: &str, value: &str, keys: &Keys, variables: bool) -> bool {
    // What is no number compares with nothing.
    let number = |text: &str| text.parse().unwrap_or(f64::NAN);
    let characters = value.chars().collect::<Vec<_>>();
    let as_text = |wildcards: bool| filled(listed, wildcards, keys, variables);
    match operator {
        "StringEquals" => as_text(false).is_some_and(|steps| glob_steps(&steps, &characters)),
        "StringLike" => as_text(true).is_some_and(|steps| glob_steps(&steps, &characters)),
        "StringEqualsIgnoreCase" => as_text(false).is_some_and(|steps| {
            let text: String = steps.iter().map(|step| step.0).collect();
            text.to_lowercase() == value.to_lowercase()
        }),
        "ArnEquals" | "ArnLike" => {
            // A star at the end of a pattern stands for all components that it lacks.
            let lacks = 5_usize.saturating_sub(listed.matches(':').count());
            let stars = if listed.ends_with('*') { lacks } else { 0 };
            let listed = listed.to_owned() + &":*".repeat(stars);
            let (patterns, parts): (Vec<&str>, Vec<&str>) = (split(&listed), split(value));
            patterns.len() == parts.len()
                && patterns.iter().zip(parts).all(|(pattern, part)| {
                    let steps = filled(pattern, true, keys, variables);
                    steps.is_some_and(|steps| glob_steps(&steps, &part.chars().collect::<Vec<_>>()))
                })
        }
        "BinaryEquals" => listed == value,
        "Bool" => as_text(false).is_some_and(|steps| {
            let text: String = steps.iter().map(|step| step.0).collect();
            text.to_lowercase() == value.to_lowercase() && ["true", "false"].contains(&value)
        }),
        "NumericEquals" => number(value).partial_cmp(&number(listed)) == Some(Ordering::Equal),
        "NumericLessThan" => number(value) < number(listed),
        "NumericLessThanEquals" => number(value) <= number(listed),
        "NumericGreaterThan" => number(value) > number(listed),
        "NumericGreaterThanEquals" => number(value) >= number(listed),
        "DateEquals" => dates(listed, value, |listed, value| value == listed),
        "DateLessThan" => dates(listed, value, |listed, value| value < listed),
        "DateGreaterThanEquals" => dates(listed, value, |listed, value| value >= listed),
        "IpAddress" => in_network(listed, value),
        other => panic!("no rule for {other}"),
    }
}

/// Colons in `${…}` separate nothing; only the last component has variables here.
fn split(arn: &str) -> Vec<&str> {
    arn.splitn(6, ':').collect()
}

/// The instants that are generated, by hand.
fn seconds(text: &str) -> Option<i64> {
    match text {
        "2026-03-01T12:00:00Z" | "2026-03-01T14:30:00+02:30" | "1772366400000" => {
            Some(1_772_366_400)
        }
        "2026-03-01" | "2026-03-01T00:00Z" => Some(1_772_323_200),
        other => other.parse().ok(),
    }
}

/// What is no date compares with nothing.
fn dates(listed: &str, value: &str, holds: impl Fn(i64, i64) -> bool) -> bool {
    match (seconds(listed), seconds(value)) {
        (Some(listed), Some(value)) => holds(listed, value),
        _ => false,
    }
}

/// Bit by bit, as text.
fn in_network(network: &str, address: &str) -> bool {
    let bits = |text: &str| -> String {
        let octets = match text.parse::<IpAddr>() {
            Ok(IpAddr::V4(address)) => address.octets().to_vec(),
            Ok(IpAddr::V6(address)) => address.octets().to_vec(),
            // What is no address has another length than every network.
            Err(_) => return "no address".to_owned(),
        };
        let octets: Vec<String> = octets.iter().map(|octet| format!("{octet:08b}")).collect();
        octets.concat()
    };
    let (network, length) = match network.split_once('/') {
        Some((network, length)) => (bits(network), length.parse::<usize>().unwrap()),
        None => (bits(network), usize::MAX),
    };
    let address = bits(address);
    network.len() == address.len()
        && network
            .chars()
            .zip(address.chars())
            .take(length)
            .all(|(a, b)| a == b)
}

/// A text with the values of its variables, which are data; `None` if one has no value.
pub(super) fn filled(
    text: &str,
    wildcards: bool,
    keys: &Keys,
    variables: bool,
) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${").filter(|_| variables) {
        steps.extend(before.chars().map(|character| (character, wildcards)));
        let (inside, after) = after.split_once('}').unwrap();
        let value = match inside {
            "*" | "?" | "$" => inside.to_owned(),
            _ => {
                let (name, default) = inside.split_once(", ").unwrap_or((inside, ""));
                let known = keys
                    .get(&name.to_lowercase())
                    .and_then(|values| values.first())
                    .cloned();
                let default = (!default.is_empty()).then(|| default.trim_matches('\'').to_owned());
                known.or(default)?
            }
        };
        steps.extend(value.chars().map(|character| (character, false)));
        rest = after;
    }
    steps.extend(rest.chars().map(|character| (character, wildcards)));
    Some(steps)
}
