//! What legitimacy rules caught: `non_legitimate` and `signals`, by agent, role, action, rule and reason.

use arrow::array::RecordBatch;

use super::rows::rows;
use crate::Error;
use crate::analysis::NonLegitimateRow;

/// `non_legitimate`: authorized calls that were not for the agent's work.
pub(crate) fn non_legitimate(batches: &[RecordBatch]) -> Result<Vec<NonLegitimateRow>, Error> {
    caught("non_legitimate", "calls", batches)
}

/// `signals`: records that are worth a look.
pub(crate) fn signals(batches: &[RecordBatch]) -> Result<Vec<NonLegitimateRow>, Error> {
    caught("signals", "records", batches)
}

fn caught(
    view: &str,
    counted: &str,
    batches: &[RecordBatch],
) -> Result<Vec<NonLegitimateRow>, Error> {
    let mut caught = rows(view, batches, |columns| {
        let [agent, role_arn, action] = columns.text_columns(["agent", "role_arn", "action"])?;
        let [rule, reason] = columns.text_columns(["rule", "reason"])?;
        let calls = columns.number(counted)?;
        let [first, last] = columns.time_columns(["first_call", "last_call"])?;
        let samples = columns.texts("sample_record_keys")?;
        let row = |(row, sample_record_keys)| NonLegitimateRow {
            agent: agent.owned(row),
            role_arn: role_arn.owned(row),
            action: action.owned(row),
            rule: rule.owned(row),
            reason: reason.owned(row),
            calls: calls.get(row),
            first: first.or_epoch(row),
            last: last.or_epoch(row),
            sample_record_keys,
        };
        Ok(columns.rows().zip(samples).map(row).collect())
    })?;
    caught.sort_by(|a, b| key(a).cmp(&key(b)));
    Ok(caught)
}

fn key(row: &NonLegitimateRow) -> [&str; 5] {
    [
        &row.agent,
        &row.role_arn,
        &row.action,
        &row.rule,
        &row.reason,
    ]
}
