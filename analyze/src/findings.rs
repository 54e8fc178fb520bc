//! The claims of an analysis, one per agent, role and category: rows in, findings with evidence and query out.
//!
//! Excess is told once per agent and role, not once per action: the list is in the evidence, and the query shows it
//! again. The texts of the queries are in `queries/evidence/`.

mod evidence;
mod recertify;
mod rule;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::analysis::{ActionRow, Bucket, CountRow, Finding, NonLegitimateRow, Severity};
use crate::rules::RuleSet;
use evidence::Evidence;
pub(crate) use recertify::recertify;

/// Most actions that a finding lists; the query shows all. Chosen: a review of an administrator stays readable.
const LISTED_ACTIONS: usize = 500;

/// Bytes of the hash that a finding's id shows. Chosen: as for run ids.
const ID_BYTES: usize = 8;

/// What findings are made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Claims<'a> {
    pub(crate) actions: &'a [ActionRow],
    pub(crate) counts: &'a [CountRow],
    pub(crate) non_legitimate: &'a [NonLegitimateRow],
    pub(crate) signals: &'a [NonLegitimateRow],
    pub(crate) rules: &'a RuleSet,
    /// Length in days of the review's window.
    pub(crate) window_days: u32,
}

/// The findings of the review's window, by agent, role and category.
pub(crate) fn findings(claims: &Claims<'_>) -> Vec<Finding> {
    let mut by_bucket: BTreeMap<(&str, &str, Bucket), Vec<&ActionRow>> = BTreeMap::new();
    for row in claims.actions {
        by_bucket
            .entry((&row.agent, &row.role_arn, row.bucket))
            .or_default()
            .push(row);
    }
    let mut findings = Vec::new();
    for count in claims
        .counts
        .iter()
        .filter(|count| count.window_days == claims.window_days)
    {
        let of = |bucket: Bucket| -> &[&ActionRow] {
            by_bucket
                .get(&(count.agent.as_str(), count.role_arn.as_str(), bucket))
                .map_or(&[], Vec::as_slice)
        };
        findings.extend(never_used(count, of(Bucket::NeverUsed)));
        findings.extend(inherited(count, of(Bucket::Inherited)));
        findings.extend(unobservable(count, of(Bucket::Unobservable)));
    }
    findings.extend(rule::of_rules(
        claims.non_legitimate,
        rule::Channel::NonLegitimate,
        claims.rules,
    ));
    findings.extend(rule::of_rules(
        claims.signals,
        rule::Channel::Signal,
        claims.rules,
    ));
    sort(&mut findings);
    findings
}

/// Puts findings in their order.
pub(crate) fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        (&a.agent, &a.role_arn, &a.category).cmp(&(&b.agent, &b.role_arn, &b.category))
    });
}

fn never_used(count: &CountRow, rows: &[&ActionRow]) -> Option<Finding> {
    let title = format!(
        "{}: {} of {} granted actions never used in {} days",
        count.agent,
        rows.len(),
        count.granted,
        count.window_days
    );
    let more = json!({"granted": count.granted, "window_days": count.window_days});
    excess(
        count,
        rows,
        Evidence::NeverUsed,
        severity_of_excess(rows),
        title,
        more,
    )
}

fn inherited(count: &CountRow, rows: &[&ActionRow]) -> Option<Finding> {
    let mut by_agent: BTreeMap<&str, usize> = BTreeMap::new();
    for name in rows.iter().flat_map(|row| &row.used_by) {
        *by_agent.entry(name).or_default() += 1;
    }
    let others = by_agent.keys().copied().collect::<Vec<_>>().join(", ");
    let above: BTreeSet<&str> = rows
        .iter()
        .flat_map(|row| row.inherited_through.iter().map(String::as_str))
        .collect();
    let from = if above.is_empty() {
        format!("a role shared with {others}")
    } else {
        let shared = (!others.is_empty()).then(|| format!("shared_role with {others}"));
        let all: Vec<String> = above
            .iter()
            .map(|binding| (*binding).to_owned())
            .chain(shared)
            .collect();
        format!("bindings above it: {}", all.join(", "))
    };
    let title = format!("{}: {} actions come from {from}", count.agent, rows.len());
    let shared = (!others.is_empty()).then_some("shared_role");
    let bindings: Vec<&str> = above.into_iter().chain(shared).collect();
    let more = json!({
        "binding": bindings.join(", "), "needed_by": by_agent, "window_days": count.window_days,
    });
    let severity = severity_of_excess(rows).min(Severity::Medium);
    excess(count, rows, Evidence::Inherited, severity, title, more)
}

fn unobservable(count: &CountRow, rows: &[&ActionRow]) -> Option<Finding> {
    let mut by_reason: BTreeMap<&str, usize> = BTreeMap::new();
    for reason in rows
        .iter()
        .filter_map(|row| row.unobservable_because.as_deref())
    {
        *by_reason.entry(reason).or_default() += 1;
    }
    let title = format!(
        "{}: the log could not show use of {} granted actions",
        count.agent,
        rows.len()
    );
    let mut turn_on: BTreeMap<&str, usize> = BTreeMap::new();
    for kind in rows.iter().flat_map(|row| &row.turn_on) {
        *turn_on.entry(events(kind)).or_default() += 1;
    }
    let more = json!({"reasons": by_reason, "turn_on": turn_on, "window_days": count.window_days});
    excess(
        count,
        rows,
        Evidence::Unobservable,
        Severity::Info,
        title,
        more,
    )
}

/// A kind of events in words.
fn events(kind: &str) -> &str {
    match kind {
        "management" => "management events",
        resource_type => resource_type,
    }
}

/// One finding about a bucket that has rows.
fn excess(
    count: &CountRow,
    rows: &[&ActionRow],
    kind: Evidence,
    severity: Severity,
    title: String,
    more: Value,
) -> Option<Finding> {
    if rows.is_empty() {
        return None;
    }
    let mut by_level: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        *by_level.entry(row.access_level.as_str()).or_default() += 1;
    }
    let listed: Vec<&str> = rows
        .iter()
        .take(LISTED_ACTIONS)
        .map(|row| row.action.as_str())
        .collect();
    let mut evidence = json!({
        "actions_total": rows.len(),
        "by_access_level": by_level,
        "actions": listed,
    });
    if let (Value::Object(evidence), Value::Object(more)) = (&mut evidence, more) {
        evidence.extend(more);
    }
    Some(Finding {
        finding_id: finding_id(&count.agent, &count.role_arn, kind.category()),
        agent: count.agent.clone(),
        role_arn: count.role_arn.clone(),
        action: None,
        category: kind.category().to_owned(),
        severity,
        title,
        evidence,
        query: kind.query(&[("agent", &count.agent), ("role_arn", &count.role_arn)]),
    })
}

/// By what the strongest of the actions can do.
fn severity_of_excess(rows: &[&ActionRow]) -> Severity {
    let of = |row: &&ActionRow| match row.access_level.as_str() {
        "permissions_management" => Severity::High,
        "write" | "tagging" => Severity::Medium,
        _ => Severity::Low,
    };
    rows.iter().map(of).max().unwrap_or(Severity::Info)
}

/// The same for the same agent, role and category, whatever the run.
fn finding_id(agent: &str, role_arn: &str, category: &str) -> String {
    let mut hash = Sha256::new();
    for part in [agent, role_arn, category] {
        hash.update(part.len().to_le_bytes());
        hash.update(part.as_bytes());
    }
    hex(hash.finalize().get(..ID_BYTES).unwrap_or_default())
}

/// Bytes as lower-case hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a text cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests;
