//! The views that an analysis reads, one function per view, in the order of their keys.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;
use serde_json::Value;

use super::Columns;
use crate::analysis::{
    ActionRow, AttemptedRow, Bucket, CountRow, CoverageRow, NonLegitimateRow, ReplayRow, UnattributedRow, UnmappedRow,
};
use crate::Error;

/// Rows of one view, in no order.
fn rows<T>(
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
fn days(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

/// JSON text of a view; text that is none stands for itself.
fn json(text: Option<&str>) -> Value {
    text.map_or(Value::Null, |text| serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())))
}

/// One column of text, sorted.
pub(crate) fn texts(view: &str, column: &str, batches: &[RecordBatch]) -> Result<Vec<String>, Error> {
    let mut texts = rows(view, batches, |columns| {
        let text = columns.text(column)?;
        Ok(columns.rows().filter_map(|row| text.owned_option(row)).collect())
    })?;
    texts.sort();
    Ok(texts)
}

/// `buckets`: the rows of the window of `window_days`, with the calls and sessions of every window.
pub(crate) fn action_rows(batches: &[RecordBatch], window_days: u32) -> Result<Vec<ActionRow>, Error> {
    let mut measured: BTreeMap<Key, Measured> = BTreeMap::new();
    for (key, days, calls, sessions) in rows("buckets", batches, measures)? {
        let measured = measured.entry(key).or_default();
        measured.calls.insert(days, calls);
        measured.sessions.insert(days, sessions);
    }
    let mut actions = rows("buckets", batches, |columns| windowed_action_rows(columns, window_days))?;
    for row in &mut actions {
        let key = (row.agent.clone(), row.role_arn.clone(), row.action.clone());
        let measured = measured.remove(&key).unwrap_or_default();
        row.calls = measured.calls;
        row.sessions = measured.sessions;
    }
    actions.sort_by(|a, b| (&a.agent, &a.role_arn, &a.action).cmp(&(&b.agent, &b.role_arn, &b.action)));
    Ok(actions)
}

/// Agent, role and action.
type Key = (String, String, String);

/// Calls and sessions by window.
#[derive(Default)]
struct Measured {
    calls: BTreeMap<u32, i64>,
    sessions: BTreeMap<u32, i64>,
}

/// Agent, role, action, window, calls and sessions of each row.
fn measures(columns: &Columns<'_>) -> Result<Vec<(Key, u32, i64, i64)>, Error> {
    let (agent, role_arn, action) = (columns.text("agent")?, columns.text("role_arn")?, columns.text("action")?);
    let (window, calls, sessions) = (columns.number("window_days")?, columns.number("calls")?, columns.number("sessions")?);
    let key = |row: usize| (agent.owned(row), role_arn.owned(row), action.owned(row));
    Ok(columns.rows().map(|row| (key(row), days(window.get(row)), calls.get(row), sessions.get(row))).collect())
}

/// The flags of a row: columns of `buckets` that are truth values.
const FLAGS: [&str; 8] = [
    "possible", "unattributed_use", "mixed", "inherited", "unobservable", "shared_policy", "undecided_grant", "not_in_catalog",
];

fn windowed_action_rows(columns: &Columns<'_>, wanted_days: u32) -> Result<Vec<ActionRow>, Error> {
    let flags = FLAGS.iter().map(|name| Ok((*name, columns.flag(name)?))).collect::<Result<Vec<_>, Error>>()?;
    let (agent, role_arn, action) = (columns.text("agent")?, columns.text("role_arn")?, columns.text("action")?);
    let (service, access_level) = (columns.text("service")?, columns.text("access_level")?);
    let (bucket, grant_status) = (columns.text("bucket")?, columns.text("grant_status")?);
    let window_days = columns.number("window_days")?;
    let legitimate_calls = columns.number("legitimate_calls")?;
    let (first_used, last_used) = (columns.time("first_used")?, columns.time("last_used")?);
    let (recording, because, observable) = (columns.text("recording")?, columns.text("because")?, columns.flag("observable")?);
    let (sources, limits) = (columns.text("sources")?, columns.text("limits")?);
    let used_by = columns.texts("used_by")?;
    columns
        .rows()
        .zip(used_by)
        .filter(|(row, _)| days(window_days.get(*row)) == wanted_days)
        .map(|(row, used_by)| {
            let bucket = own_bucket(columns, bucket.get(row))?;
            let set = flags.iter().filter(|(name, flag)| flag.get(row) && *name != bucket.as_str());
            let (shown, hidden) = if observable.get(row) { (because.owned_option(row), None) } else { (None, because.owned_option(row)) };
            Ok(ActionRow {
                agent: agent.owned(row),
                role_arn: role_arn.owned(row),
                action: action.owned(row),
                service: service.owned(row),
                access_level: access_level.owned(row),
                bucket,
                flags: set.map(|(name, _)| (*name).to_owned()).collect::<BTreeSet<_>>(),
                grant_status: grant_status.owned(row),
                calls: BTreeMap::new(),
                sessions: BTreeMap::new(),
                legitimate_calls: legitimate_calls.get(row),
                first_used: first_used.get(row),
                last_used: last_used.get(row),
                used_by,
                recording: recording.get(row).unwrap_or("unknown").to_owned(),
                observable_because: shown,
                unobservable_because: hidden,
                sources: json(sources.get(row)),
                limits: json(limits.get(row)),
            })
        })
        .collect()
}

fn own_bucket(columns: &Columns<'_>, word: Option<&str>) -> Result<Bucket, Error> {
    word.and_then(Bucket::parse).ok_or_else(|| Error::Column {
        view: columns.view.to_owned(),
        column: "bucket".to_owned(),
        reason: format!("`{}` is no bucket", word.unwrap_or("NULL")),
    })
}

/// `counts`, by agent, role and window.
pub(crate) fn counts(batches: &[RecordBatch]) -> Result<Vec<CountRow>, Error> {
    let mut counts = rows("counts", batches, |columns| {
        let (agent, role_arn, window_days) = (columns.text("agent")?, columns.text("role_arn")?, columns.number("window_days")?);
        let (granted, exercised, attempted) = (columns.number("granted")?, columns.number("exercised")?, columns.number("attempted")?);
        let (used, non_legitimate, inherited) = (columns.number("used")?, columns.number("non_legitimate")?, columns.number("inherited")?);
        let (unobservable, never_used) = (columns.number("unobservable")?, columns.number("never_used")?);
        let (possible, calls, sessions) = (columns.number("possible")?, columns.number("calls")?, columns.number("sessions")?);
        Ok(columns
            .rows()
            .map(|row| CountRow {
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
            })
            .collect())
    })?;
    counts.sort_by(|a, b| (&a.agent, &a.role_arn, a.window_days).cmp(&(&b.agent, &b.role_arn, b.window_days)));
    Ok(counts)
}

/// `replay`, by role, agent, action, strength and resource.
pub(crate) fn replay(batches: &[RecordBatch]) -> Result<Vec<ReplayRow>, Error> {
    let mut replay = rows("replay", batches, |columns| {
        let (role_arn, agent, action) = (columns.text("role_arn")?, columns.text("agent")?, columns.text("action")?);
        let (strength, resource, calls) = (columns.text("strength")?, columns.text("resource")?, columns.number("calls")?);
        Ok(columns
            .rows()
            .map(|row| ReplayRow {
                role_arn: role_arn.owned(row),
                agent: agent.owned_option(row),
                action: action.owned(row),
                strength: strength.owned(row),
                resource: resource.owned_option(row),
                calls: calls.get(row),
            })
            .collect())
    })?;
    replay.sort();
    Ok(replay)
}

/// `attempted`: the rows of the window of `window_days`, by agent, role and action.
pub(crate) fn attempted(batches: &[RecordBatch], window_days: u32) -> Result<Vec<AttemptedRow>, Error> {
    let mut attempted = rows("attempted", batches, |columns| {
        let (agent, role_arn, action) = (columns.text("agent")?, columns.text("role_arn")?, columns.text("action")?);
        let (window, denied_calls) = (columns.number("window_days")?, columns.number("denied_calls")?);
        let (first, last) = (columns.time("first_denied")?, columns.time("last_denied")?);
        Ok(columns
            .rows()
            .filter(|row| days(window.get(*row)) == window_days)
            .map(|row| AttemptedRow {
                agent: agent.owned(row),
                role_arn: role_arn.owned(row),
                action: action.owned(row),
                denied_calls: denied_calls.get(row),
                first: first.or_epoch(row),
                last: last.or_epoch(row),
            })
            .collect())
    })?;
    attempted.sort_by(|a, b| (&a.agent, &a.role_arn, &a.action).cmp(&(&b.agent, &b.role_arn, &b.action)));
    Ok(attempted)
}

/// `unattributed`, by role and reason.
pub(crate) fn unattributed(batches: &[RecordBatch]) -> Result<Vec<UnattributedRow>, Error> {
    let mut unattributed = rows("unattributed", batches, |columns| {
        let (role_arn, reason) = (columns.text("role_arn")?, columns.text("reason")?);
        let (calls, sessions) = (columns.number("calls")?, columns.number("sessions")?);
        let (first, last) = (columns.time("first_call")?, columns.time("last_call")?);
        Ok(columns
            .rows()
            .map(|row| UnattributedRow {
                role_arn: role_arn.owned(row),
                calls: calls.get(row),
                sessions: sessions.get(row),
                first: first.or_epoch(row),
                last: last.or_epoch(row),
                reason: reason.owned(row),
            })
            .collect())
    })?;
    unattributed.sort_by(|a, b| (&a.role_arn, &a.reason).cmp(&(&b.role_arn, &b.reason)));
    Ok(unattributed)
}

/// `unmapped_events`, the most frequent first.
pub(crate) fn unmapped(batches: &[RecordBatch]) -> Result<Vec<UnmappedRow>, Error> {
    let mut unmapped = rows("unmapped_events", batches, |columns| {
        let (event_source, event_name) = (columns.text("event_source")?, columns.text("event_name")?);
        let events = columns.number("events")?;
        Ok(columns
            .rows()
            .map(|row| UnmappedRow { event_source: event_source.owned(row), event_name: event_name.owned(row), events: events.get(row) })
            .collect())
    })?;
    unmapped.sort_by(|a, b| {
        b.events.cmp(&a.events).then_with(|| (&a.event_source, &a.event_name).cmp(&(&b.event_source, &b.event_name)))
    });
    Ok(unmapped)
}

/// `coverage`: the rows of the window of `window_days`, by account.
pub(crate) fn coverage(batches: &[RecordBatch], window_days: u32) -> Result<Vec<CoverageRow>, Error> {
    let mut coverage = rows("coverage", batches, |columns| {
        let (account_id, window) = (columns.text("account_id")?, columns.number("window_days")?);
        let (with_events, in_window) = (columns.number("days_with_events")?, columns.number("days_in_window")?);
        let (first, last) = (columns.time("first_event")?, columns.time("last_event")?);
        Ok(columns
            .rows()
            .filter(|row| days(window.get(*row)) == window_days)
            .map(|row| CoverageRow {
                account_id: account_id.owned(row),
                days_with_events: with_events.get(row),
                days_in_window: in_window.get(row),
                first_event: first.get(row),
                last_event: last.get(row),
            })
            .collect())
    })?;
    coverage.sort_by(|a, b| a.account_id.cmp(&b.account_id));
    Ok(coverage)
}

/// `non_legitimate`, by agent, role, action, rule and reason.
pub(crate) fn non_legitimate(batches: &[RecordBatch]) -> Result<Vec<NonLegitimateRow>, Error> {
    let mut caught = rows("non_legitimate", batches, |columns| {
        let (agent, role_arn, action) = (columns.text("agent")?, columns.text("role_arn")?, columns.text("action")?);
        let (rule, reason, calls) = (columns.text("rule")?, columns.text("reason")?, columns.number("calls")?);
        let (first, last) = (columns.time("first_call")?, columns.time("last_call")?);
        let samples = columns.texts("sample_record_keys")?;
        Ok(columns
            .rows()
            .zip(samples)
            .map(|(row, sample_record_keys)| NonLegitimateRow {
                agent: agent.owned(row),
                role_arn: role_arn.owned(row),
                action: action.owned(row),
                rule: rule.owned(row),
                reason: reason.owned(row),
                calls: calls.get(row),
                first: first.or_epoch(row),
                last: last.or_epoch(row),
                sample_record_keys,
            })
            .collect())
    })?;
    caught.sort_by(|a, b| {
        (&a.agent, &a.role_arn, &a.action, &a.rule, &a.reason).cmp(&(&b.agent, &b.role_arn, &b.action, &b.rule, &b.reason))
    });
    Ok(caught)
}
