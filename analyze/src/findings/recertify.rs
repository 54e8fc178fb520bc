//! What an agent's owner has to look at again: rows of the view `recertify` in, a finding per agent out.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use serde::Serialize;
use serde_json::json;

use super::{Evidence, LISTED_ACTIONS, finding_id};
use crate::Error;
use crate::agents::Agent;
use crate::analysis::{Finding, Severity};
use crate::read::Columns;

/// One row of the view, in the order in which it is listed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Row {
    #[serde(skip)]
    agent: String,
    integration: String,
    kind: String,
    item: String,
    difference: String,
    detail: Option<String>,
}

/// The findings of those of `agents` that differ from what was declared or seen, by agent.
///
/// # Errors
/// [`Error::Column`] if the view does not give its columns.
pub(crate) fn recertify(batches: &[RecordBatch], agents: &[Agent]) -> Result<Vec<Finding>, Error> {
    let mut by_agent: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for batch in batches {
        for row in read(batch)? {
            by_agent.entry(row.agent.clone()).or_default().push(row);
        }
    }
    let found = by_agent.into_iter().filter_map(|(agent, mut rows)| {
        let known = agents.iter().find(|known| known.name == agent)?;
        let role = known.bindings.iter().map(|binding| &binding.role).min()?;
        rows.sort();
        Some(finding(&agent, role, &rows))
    });
    Ok(found.collect())
}

fn read(batch: &RecordBatch) -> Result<Vec<Row>, Error> {
    let columns = Columns {
        view: "recertify",
        batch,
    };
    let [agent, integration, kind] = columns.text_columns(["agent", "integration", "kind"])?;
    let [item, difference, detail] = columns.text_columns(["item", "difference", "detail"])?;
    let row = |row| Row {
        agent: agent.owned(row),
        integration: integration.owned(row),
        kind: kind.owned(row),
        item: item.owned(row),
        difference: difference.owned(row),
        detail: detail.owned_option(row),
    };
    Ok(columns.rows().map(row).collect())
}

/// The role of the finding is the first that the agent is bound to; the differences are the agent's.
fn finding(agent: &str, role_arn: &str, rows: &[Row]) -> Finding {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        *counts.entry(row.integration.as_str()).or_default() += 1;
    }
    let severity = if counts.keys().any(|integration| *integration != "binding") {
        Severity::Medium
    } else {
        Severity::Low
    };
    let words: Vec<String> = counts
        .iter()
        .map(|(integration, count)| format!("{count} {}", words(integration)))
        .collect();
    let listed: Vec<&Row> = rows.iter().take(LISTED_ACTIONS).collect();
    let category = Evidence::Recertify.category();
    Finding {
        finding_id: finding_id(agent, role_arn, category),
        agent: agent.to_owned(),
        role_arn: role_arn.to_owned(),
        action: None,
        category: category.to_owned(),
        severity,
        title: format!("{agent}: to be certified again: {}", words.join(", ")),
        evidence: json!({"differences_total": rows.len(), "by_kind": counts, "differences": listed}),
        query: Evidence::Recertify.query(&[("agent", agent)]),
    }
}

fn words(integration: &str) -> &str {
    match integration {
        "new_integration" => "integrations",
        "new_data_store" => "data stores",
        "new_owner" => "owners",
        _ => "bindings",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn difference(integration: &str, item: &str) -> Row {
        Row {
            agent: "a".to_owned(),
            integration: integration.to_owned(),
            kind: "tool".to_owned(),
            item: item.to_owned(),
            difference: "new".to_owned(),
            detail: None,
        }
    }

    #[test]
    fn a_new_part_weighs_more_than_a_binding_that_is_not_seen() {
        let new = finding(
            "a",
            "r",
            &[
                difference("new_integration", "f"),
                difference("binding", "r"),
            ],
        );
        assert_eq!(new.severity, Severity::Medium);
        assert_eq!(
            new.title,
            "a: to be certified again: 1 bindings, 1 integrations"
        );
        let bound = finding("a", "r", &[difference("binding", "r")]);
        assert_eq!(bound.severity, Severity::Low);
        assert!(
            bound.query.contains("recertify.agent = 'a'"),
            "{}",
            bound.query
        );
    }
}
