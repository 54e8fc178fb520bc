//! What narrows or blocks an action, in words.

use super::Limit;
use super::decide::Question;
use super::rule::{Region, Rule};
use crate::document::ResourceElement;
use crate::evaluate::{Layer, Truth};
use crate::policy::{NamedPolicy, PolicyKind};

/// How many resource patterns a reason lists; chosen.
const MOST_LISTED: usize = 3;

/// The limits of an action that the identity policies allow in these regions, sorted.
pub(super) fn limits(question: &Question<'_>, granted: &[Region]) -> Vec<Limit> {
    let mut limits: Vec<Limit> = question
        .allows
        .iter()
        .filter_map(|rule| own(rule, question))
        .collect();
    for (layer, allows) in &question.layers {
        limits.extend(of_layer(question, *layer, allows, granted));
    }
    let denies = question.denies.iter().filter(|deny| {
        let mut regions = granted.iter();
        regions.any(|region| deny.scope.touches(region, question.kind))
    });
    limits.extend(denies.map(|deny| of_rule(deny, format!("denies it{}", circumstances(deny)))));
    limits.sort();
    limits.dedup();
    limits
}

/// Why an allow of an identity policy has no effect.
fn own(rule: &Rule<'_>, question: &Question<'_>) -> Option<Limit> {
    if rule.holds == Truth::False {
        return Some(of_rule(
            rule,
            format!("its conditions on {} cannot hold for this role", keys(rule)),
        ));
    }
    let takes_none = rule.scope.regions(question.kind).is_empty();
    takes_none.then(|| {
        of_rule(
            rule,
            "none of its resources is one that the action takes".to_owned(),
        )
    })
}

/// How a boundary or a level of SCPs limits.
fn of_layer(
    question: &Question<'_>,
    layer: Layer,
    allows: &[&Rule<'_>],
    granted: &[Region],
) -> Vec<Limit> {
    let whole = |region: &Region| {
        allows
            .iter()
            .any(|rule| rule.holds == Truth::True && rule.scope.covers(region))
    };
    if granted.iter().all(whole) {
        return Vec::new();
    }
    let limiting: Vec<Limit> = allows
        .iter()
        .filter(|rule| {
            granted
                .iter()
                .any(|region| rule.scope.touches(region, question.kind))
        })
        .map(|rule| of_rule(rule, format!("allows it only{}", circumstances(rule))))
        .collect();
    if limiting.is_empty() {
        vec![missing(question, layer)]
    } else {
        limiting
    }
}

fn missing(question: &Question<'_>, layer: Layer) -> Limit {
    let (policies, kind, reason): (Vec<&NamedPolicy>, _, _) = match layer {
        Layer::Scp { level } => (
            question
                .policies
                .scps
                .get(level)
                .into_iter()
                .flatten()
                .collect(),
            PolicyKind::Scp,
            format!("level {level} of the service control policies allows it nowhere"),
        ),
        _ => (
            question.policies.boundary.iter().collect(),
            PolicyKind::Boundary,
            "the permissions boundary allows it nowhere".to_owned(),
        ),
    };
    let names: Vec<&str> = policies.iter().map(|policy| policy.name.as_str()).collect();
    Limit {
        policy: names.join(", "),
        kind,
        statement: None,
        reason,
    }
}

fn of_rule(rule: &Rule<'_>, reason: String) -> Limit {
    Limit {
        policy: rule.policy.name.clone(),
        kind: rule.policy.kind,
        statement: Some(rule.index),
        reason,
    }
}

/// On which resources and under which conditions a rule applies; empty for all and none.
fn circumstances(rule: &Rule<'_>) -> String {
    let resources = match &rule.statement.resources {
        _ if rule.scope.is_everything() => String::new(),
        ResourceElement::Resource(patterns) => format!(" on {}", listed(patterns)),
        ResourceElement::NotResource(patterns) => {
            format!(" on all resources but {}", listed(patterns))
        }
        ResourceElement::Absent => " on resources that it does not name".to_owned(),
    };
    let conditions = match (&rule.holds, rule.statement.conditions.is_empty()) {
        (Truth::Unknown(_), false) => format!(" under conditions on {}", keys(rule)),
        _ => String::new(),
    };
    resources + &conditions
}

fn keys(rule: &Rule<'_>) -> String {
    let mut keys: Vec<&str> = Vec::new();
    for condition in &rule.statement.conditions {
        if !keys.contains(&condition.key.as_str()) {
            keys.push(&condition.key);
        }
    }
    quoted(&keys)
}

fn listed(patterns: &[String]) -> String {
    let shown: Vec<&str> = patterns
        .iter()
        .take(MOST_LISTED)
        .map(String::as_str)
        .collect();
    match patterns.len().saturating_sub(MOST_LISTED) {
        0 => quoted(&shown),
        more => format!("{} and {more} more", quoted(&shown)),
    }
}

fn quoted(texts: &[&str]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| format!("`{text}`")).collect();
    quoted.join(", ")
}
