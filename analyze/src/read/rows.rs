//! The views that an analysis reads beside `buckets`, one function per view, in the order of their keys.

use arrow::array::RecordBatch;
use curtail_ingest::MissingPart;
use serde_json::Value;

use super::Columns;
use crate::Error;
use crate::analysis::{
    AttemptedRow, BaselineRow, CountRow, CoverageRow, IntegrityRow, ReplayRow, UnattributedRow,
    UnmappedRow,
};

/// Rows of one view, in no order.
pub(super) fn rows<T>(
    view: &str,
    batches: &[RecordBatch],
    read: impl Fn(&Columns<'_>) -> Result<Vec<T>, Error>,
) -> Result<Vec<T>, Error> {
    let mut rows = Vec::new();
    for batch in batches {
        rows.append(&mut read(&Columns { view, batch })?);
    }
    Ok(rows)
}

/// A length of days as the views give it.
pub(super) fn days(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

/// JSON text of a view; text that is none stands for itself.
pub(super) fn json(text: Option<&str>) -> Value {
    let parsed =
        |text: &str| serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
    text.map_or(Value::Null, parsed)
}

/// One column of text, sorted.
pub(crate) fn texts(
    view: &str,
    column: &str,
    batches: &[RecordBatch],
) -> Result<Vec<String>, Error> {
    let mut texts = rows(view, batches, |columns| {
        let text = columns.text(column)?;
        Ok(columns
            .rows()
            .filter_map(|row| text.owned_option(row))
            .collect())
    })?;
    texts.sort();
    Ok(texts)
}

/// `counts`, by agent, role and window.
pub(crate) fn counts(batches: &[RecordBatch]) -> Result<Vec<CountRow>, Error> {
    let mut counts = rows("counts", batches, |columns| {
        let [agent, role_arn] = columns.text_columns(["agent", "role_arn"])?;
        let [window_days, granted, exercised, attempted] =
            columns.number_columns(["window_days", "granted", "exercised", "attempted"])?;
        let buckets = [
            "used",
            "non_legitimate",
            "inherited",
            "unobservable",
            "never_used",
        ];
        let [used, non_legitimate, inherited, unobservable, never_used] =
            columns.number_columns(buckets)?;
        let [possible, calls, sessions] =
            columns.number_columns(["possible", "calls", "sessions"])?;
        let row = |row| CountRow {
            agent: agent.owned(row),
            role_arn: role_arn.owned(row),
            window_days: days(window_days.get(row)),
            granted: granted.get(row),
            exercised: exercised.get(row),
            attempted: attempted.get(row),
            used: used.get(row),
            non_legitimate: non_legitimate.get(row),
            inherited: inherited.get(row),
            unobservable: unobservable.get(row),
            never_used: never_used.get(row),
            possible: possible.get(row),
            calls: calls.get(row),
            sessions: sessions.get(row),
        };
        Ok(columns.rows().map(row).collect())
    })?;
    counts.sort_by(|a, b| {
        (&a.agent, &a.role_arn, a.window_days).cmp(&(&b.agent, &b.role_arn, b.window_days))
    });
    Ok(counts)
}

/// `replay`, by role, agent, action, strength and resource.
pub(crate) fn replay(batches: &[RecordBatch]) -> Result<Vec<ReplayRow>, Error> {
    let mut replay = rows("replay", batches, |columns| {
        let [role_arn, agent, action] = columns.text_columns(["role_arn", "agent", "action"])?;
        let [strength, resource] = columns.text_columns(["strength", "resource"])?;
        let calls = columns.number("calls")?;
        let row = |row| ReplayRow {
            role_arn: role_arn.owned(row),
            agent: agent.owned_option(row),
            action: action.owned(row),
            strength: strength.owned(row),
            resource: resource.owned_option(row),
            calls: calls.get(row),
        };
        Ok(columns.rows().map(row).collect())
    })?;
    replay.sort();
    Ok(replay)
}

/// `denied_attempts`, by agent, role and action.
pub(crate) fn attempted(batches: &[RecordBatch]) -> Result<Vec<AttemptedRow>, Error> {
    let mut attempted = rows("denied_attempts", batches, |columns| {
        let [agent, role_arn, action] = columns.text_columns(["agent", "role_arn", "action"])?;
        let grant_status = columns.text("grant_status")?;
        let ever_authorized = columns.flag("ever_authorized")?;
        let [denied_calls, resources, peak_per_hour] =
            columns.number_columns(["denied_calls", "resources", "peak_per_hour"])?;
        let [probed_actions, probed_resources, probed_per_hour] =
            columns.number_columns(["probed_actions", "probed_resources", "probed_per_hour"])?;
        let [first, last] = columns.time_columns(["first_denied", "last_denied"])?;
        let row = |row| AttemptedRow {
            agent: agent.owned(row),
            role_arn: role_arn.owned(row),
            action: action.owned(row),
            denied_calls: denied_calls.get(row),
            first: first.or_epoch(row),
            last: last.or_epoch(row),
            resources: resources.get(row),
            peak_per_hour: peak_per_hour.get(row),
            grant_status: grant_status.owned(row),
            ever_authorized: ever_authorized.get(row),
            probed_actions: probed_actions.get(row),
            probed_resources: probed_resources.get(row),
            probed_per_hour: probed_per_hour.get(row),
        };
        Ok(columns.rows().map(row).collect())
    })?;
    attempted.sort_by(|a, b| {
        (&a.agent, &a.role_arn, &a.action).cmp(&(&b.agent, &b.role_arn, &b.action))
    });
    Ok(attempted)
}

/// `baselines`, by agent.
pub(crate) fn baselines(batches: &[RecordBatch]) -> Result<Vec<BaselineRow>, Error> {
    let mut baselines = rows("baselines", batches, |columns| {
        let [agent, status] = columns.text_columns(["agent", "status"])?;
        let [baseline_days, active_days, needed_days] =
            columns.number_columns(["baseline_days", "active_days", "needed_days"])?;
        let row = |row| BaselineRow {
            agent: agent.owned(row),
            baseline_days: baseline_days.get(row),
            active_days: active_days.get(row),
            needed_days: needed_days.get(row),
            ready: status.get(row) == Some("ready"),
        };
        Ok(columns.rows().map(row).collect())
    })?;
    baselines.sort_by(|a, b| a.agent.cmp(&b.agent));
    Ok(baselines)
}

/// `unattributed`, by role and reason.
pub(crate) fn unattributed(batches: &[RecordBatch]) -> Result<Vec<UnattributedRow>, Error> {
    let mut unattributed = rows("unattributed", batches, |columns| {
        let [role_arn, reason] = columns.text_columns(["role_arn", "reason"])?;
        let [calls, sessions] = columns.number_columns(["calls", "sessions"])?;
        let [first, last] = columns.time_columns(["first_call", "last_call"])?;
        let row = |row| UnattributedRow {
            role_arn: role_arn.owned(row),
            calls: calls.get(row),
            sessions: sessions.get(row),
            first: first.or_epoch(row),
            last: last.or_epoch(row),
            reason: reason.owned(row),
        };
        Ok(columns.rows().map(row).collect())
    })?;
    unattributed.sort_by(|a, b| (&a.role_arn, &a.reason).cmp(&(&b.role_arn, &b.reason)));
    Ok(unattributed)
}

/// `missing_parts`, by account and part.
pub(crate) fn missing_parts(batches: &[RecordBatch]) -> Result<Vec<MissingPart>, Error> {
    let mut missing = rows("missing_parts", batches, |columns| {
        let [account_id, part, region, subject] =
            columns.text_columns(["account_id", "part", "region", "subject"])?;
        let [operation, code, message] = columns.text_columns(["operation", "code", "message"])?;
        let row = |row| MissingPart {
            account_id: account_id.owned(row),
            part: part.owned(row),
            region: region.owned(row),
            subject: subject.owned(row),
            operation: operation.owned(row),
            code: code.owned(row),
            message: message.owned(row),
        };
        Ok(columns.rows().map(row).collect())
    })?;
    missing.sort();
    Ok(missing)
}

/// `unmapped_events`, the most frequent first.
pub(crate) fn unmapped(batches: &[RecordBatch]) -> Result<Vec<UnmappedRow>, Error> {
    let mut unmapped = rows("unmapped_events", batches, |columns| {
        let [event_source, event_name] = columns.text_columns(["event_source", "event_name"])?;
        let events = columns.number("events")?;
        let row = |row| UnmappedRow {
            event_source: event_source.owned(row),
            event_name: event_name.owned(row),
            events: events.get(row),
        };
        Ok(columns.rows().map(row).collect())
    })?;
    unmapped.sort_by(|a, b| {
        let names = (&a.event_source, &a.event_name).cmp(&(&b.event_source, &b.event_name));
        b.events.cmp(&a.events).then(names)
    });
    Ok(unmapped)
}

/// `window_coverage`: the rows of the window of `window_days`, by account.
pub(crate) fn coverage(
    batches: &[RecordBatch],
    window_days: u32,
) -> Result<Vec<CoverageRow>, Error> {
    let mut coverage = rows("window_coverage", batches, |columns| {
        let account_id = columns.text("account_id")?;
        let [window, with_events, in_window] =
            columns.number_columns(["window_days", "days_with_events", "days_in_window"])?;
        let [first, last] = columns.time_columns(["first_event", "last_event"])?;
        let row = |row| CoverageRow {
            account_id: account_id.owned(row),
            days_with_events: with_events.get(row),
            days_in_window: in_window.get(row),
            first_event: first.get(row),
            last_event: last.get(row),
        };
        Ok(columns
            .rows()
            .filter(|row| days(window.get(*row)) == window_days)
            .map(row)
            .collect())
    })?;
    coverage.sort_by(|a, b| a.account_id.cmp(&b.account_id));
    Ok(coverage)
}

/// `integrity`: the row of the window of `window_days`, if anything was ever verified.
pub(crate) fn integrity(
    batches: &[RecordBatch],
    window_days: u32,
) -> Result<Option<IntegrityRow>, Error> {
    let integrity = rows("integrity", batches, |columns| {
        let [window, objects_read, verified, hash_matches_unsigned] = columns.number_columns([
            "window_days",
            "objects_read",
            "verified",
            "hash_matches_unsigned",
        ])?;
        let [modified, missing, unlisted, unverifiable] =
            columns.number_columns(["modified", "missing", "unlisted", "unverifiable"])?;
        let [unchecked, digests_failed, gaps] =
            columns.number_columns(["unchecked", "digests_failed", "gaps"])?;
        let row = |row| IntegrityRow {
            objects_read: objects_read.get(row),
            verified: verified.get(row),
            hash_matches_unsigned: hash_matches_unsigned.get(row),
            modified: modified.get(row),
            missing: missing.get(row),
            unlisted: unlisted.get(row),
            unverifiable: unverifiable.get(row),
            unchecked: unchecked.get(row),
            digests_failed: digests_failed.get(row),
            gaps: gaps.get(row),
        };
        Ok(columns
            .rows()
            .filter(|row| days(window.get(*row)) == window_days)
            .map(row)
            .collect())
    })?;
    Ok(integrity.into_iter().next())
}
