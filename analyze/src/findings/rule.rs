//! Findings of the legitimacy rules: one per agent, role and rule, under the rule's id, title and severity.

use std::collections::BTreeMap;

use serde_json::json;

use super::evidence::Evidence;
use super::{LISTED_ACTIONS, finding_id};
use crate::analysis::{Finding, NonLegitimateRow, Severity};
use crate::rules::RuleSet;

/// What the rows of a rule are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channel {
    /// Authorized calls that were not for the agent's work.
    NonLegitimate,
    /// Records that are worth a look.
    Signal,
}

/// One finding per agent, role and rule.
pub(super) fn of_rules(
    caught: &[NonLegitimateRow],
    channel: Channel,
    rules: &RuleSet,
) -> Vec<Finding> {
    let mut by_rule: BTreeMap<(&str, &str, &str), Vec<&NonLegitimateRow>> = BTreeMap::new();
    for row in caught {
        by_rule
            .entry((&row.agent, &row.role_arn, &row.rule))
            .or_default()
            .push(row);
    }
    by_rule
        .into_iter()
        .map(|((agent, role_arn, id), rows)| {
            let (title, severity) = match rules.get(id) {
                Some(rule) => (rule.header.title.as_str(), rule.severity),
                None => (id, Severity::High),
            };
            Finding {
                severity,
                ..finding([agent, role_arn, id], title, &rows, channel)
            }
        })
        .collect()
}

fn finding(
    [agent, role_arn, rule]: [&str; 3],
    title: &str,
    rows: &[&NonLegitimateRow],
    channel: Channel,
) -> Finding {
    let count: i64 = rows.iter().map(|row| row.calls).sum();
    let listed: Vec<&&NonLegitimateRow> = rows.iter().take(LISTED_ACTIONS).collect();
    let title = lower_first(title);
    let values = [("agent", agent), ("role_arn", role_arn), ("rule", rule)];
    let (key, title, evidence, query) = match channel {
        Channel::NonLegitimate => (
            rule.to_owned(),
            format!("{agent}: {title} ({count})"),
            json!({"calls": count, "breaches_total": rows.len(), "breaches": listed}),
            Evidence::NonLegitimate.query(&values),
        ),
        Channel::Signal => (
            // The same rule can catch calls and give signals of one agent: they are two findings.
            format!("signal {rule}"),
            format!("{agent}: {title} ({count} records)").replace("(1 records)", "(1 record)"),
            json!({"records": count, "signals_total": rows.len(), "signals": listed}),
            Evidence::Signal.query(&values),
        ),
    };
    Finding {
        finding_id: finding_id(agent, role_arn, &key),
        agent: agent.to_owned(),
        role_arn: role_arn.to_owned(),
        action: None,
        category: rule.to_owned(),
        severity: Severity::High,
        title,
        evidence,
        query,
    }
}

/// The text with its first letter in lower case, so that it can stand within a line.
fn lower_first(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(rest).collect()
}
