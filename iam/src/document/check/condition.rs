//! Conditions: operators and keys that AWS does not know the form of.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators", and the checks "Invalid
//! condition operator", "Null with if exists", "Invalid condition key format", "Duplicate keys with
//! different case" and "Type mismatch IP range" of "IAM policy validation check reference".

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::document::fault::Fault;
use crate::document::position::Path;
use crate::document::statement::Statement;
use crate::evaluate::{Comparison, Operator};

/// Names the first condition whose operator or key is none.
pub(super) fn grammar(statement: &Statement, at: &Path) -> Result<(), Fault> {
    let mut seen = BTreeSet::new();
    for condition in &statement.conditions {
        let operator_at = at.clone().element("Condition").element(&condition.operator);
        let key_at = operator_at.clone().element(&condition.key);
        if !is_operator(&condition.operator) {
            let reason = format!(
                "has the unknown condition operator `{}`",
                condition.operator
            );
            return Err(Fault::new(operator_at, reason));
        }
        if !is_key(&condition.key) {
            let reason = format!(
                "has the condition key `{}`, which names no service",
                condition.key
            );
            return Err(Fault::new(key_at, reason));
        }
        if !seen.insert((&condition.operator, condition.key.to_ascii_lowercase())) {
            let reason = format!(
                "has the condition key `{}` twice under one operator",
                condition.key
            );
            return Err(Fault::new(key_at, reason));
        }
    }
    Ok(())
}

/// A set prefix on `Null` is taken, though it says nothing.
/// Source: the check "Null with qualifier", which is a suggestion.
fn is_operator(name: &str) -> bool {
    let quantified = ["forallvalues:null", "foranyvalue:null"];
    Operator::parse(name).is_some() || quantified.contains(&name.to_ascii_lowercase().as_str())
}

fn is_key(key: &str) -> bool {
    key.split_once(':')
        .is_some_and(|(service, name)| !service.is_empty() && !name.is_empty())
}

/// Names the first value that should be an address and is none.
pub(super) fn addresses(statement: &Statement, at: &Path) -> Result<(), Fault> {
    for condition in &statement.conditions {
        let compares = Operator::parse(&condition.operator)
            .is_some_and(|operator| operator.comparison == Comparison::Address);
        let odd = |text: &String| compares && !is_network(text) && !text.contains("${");
        if let Some(item) = condition.values.iter().position(odd) {
            let value = condition.values.get(item).map_or("", String::as_str);
            let at = at.clone().element("Condition").element(&condition.operator);
            return Err(Fault::new(
                at.element(&condition.key).item(item),
                format!(
                    "compares `{}` with `{value}`, which is no address or network",
                    condition.key
                ),
            ));
        }
    }
    Ok(())
}

/// An address of either family, or one with the length of its network's prefix.
fn is_network(text: &str) -> bool {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text, None),
    };
    let Ok(address) = address.parse::<IpAddr>() else {
        return false;
    };
    let longest = if address.is_ipv4() { 32 } else { 128 };
    length.is_none_or(|text| {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        digits && text.parse::<u32>().is_ok_and(|length| length <= longest)
    })
}
