//! The view `buckets`: one row per granted action of the review's window, with the counts of every window.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;

use super::rows::{days, json, rows};
use super::{Columns, Flags, Numbers, Text, Times};
use crate::Error;
use crate::analysis::{ActionRow, Bucket};

/// `buckets`: the rows of the window of `window_days`, with the calls and sessions of every window, by agent, role and
/// action.
pub(crate) fn action_rows(
    batches: &[RecordBatch],
    window_days: u32,
) -> Result<Vec<ActionRow>, Error> {
    let mut measured: BTreeMap<Key, Measured> = BTreeMap::new();
    for (key, days, calls, sessions) in rows("buckets", batches, measures)? {
        let measured = measured.entry(key).or_default();
        measured.calls.insert(days, calls);
        measured.sessions.insert(days, sessions);
    }
    let mut actions = rows("buckets", batches, |columns| {
        of_window(columns, window_days)
    })?;
    for row in &mut actions {
        let key = (row.agent.clone(), row.role_arn.clone(), row.action.clone());
        let measured = measured.remove(&key).unwrap_or_default();
        row.calls = measured.calls;
        row.sessions = measured.sessions;
    }
    actions.sort_by(|a, b| {
        (&a.agent, &a.role_arn, &a.action).cmp(&(&b.agent, &b.role_arn, &b.action))
    });
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

/// Agent, role and action, window, calls and sessions of each row.
fn measures(columns: &Columns<'_>) -> Result<Vec<(Key, u32, i64, i64)>, Error> {
    let [agent, role_arn, action] = columns.text_columns(["agent", "role_arn", "action"])?;
    let [window, calls, sessions] = columns.number_columns(["window_days", "calls", "sessions"])?;
    let key = |row: usize| (agent.owned(row), role_arn.owned(row), action.owned(row));
    let measures = columns.rows().map(|row| {
        (
            key(row),
            days(window.get(row)),
            calls.get(row),
            sessions.get(row),
        )
    });
    Ok(measures.collect())
}

fn of_window(columns: &Columns<'_>, window_days: u32) -> Result<Vec<ActionRow>, Error> {
    let window = columns.number("window_days")?;
    let reader = ActionColumns::new(columns)?;
    let wanted = columns
        .rows()
        .filter(|row| days(window.get(*row)) == window_days);
    wanted.map(|row| reader.row(row)).collect()
}

/// The flags of a row: columns of `buckets` that are truth values.
const FLAGS: [&str; 8] = [
    "possible",
    "unattributed_use",
    "mixed",
    "inherited",
    "unobservable",
    "shared_policy",
    "undecided_grant",
    "not_in_catalog",
];

/// The parts of a text with commas between; none of no text.
fn listed(text: Option<&str>) -> Vec<String> {
    let parts = text.into_iter().flat_map(|text| text.split(','));
    parts.map(str::to_owned).collect()
}

/// The columns of one batch of `buckets`.
struct ActionColumns<'a> {
    columns: &'a Columns<'a>,
    names: [Text; 5],
    states: [Text; 5],
    documents: [Text; 2],
    legitimate_calls: Numbers,
    used: [Times; 2],
    observable: Flags,
    flags: Vec<(&'static str, Flags)>,
    used_by: Vec<Vec<String>>,
    inherited_through: Vec<Vec<String>>,
}

impl<'a> ActionColumns<'a> {
    fn new(columns: &'a Columns<'a>) -> Result<Self, Error> {
        let flags = FLAGS
            .into_iter()
            .map(|name| Ok((name, columns.flag(name)?)));
        Ok(Self {
            columns,
            names: columns.text_columns([
                "agent",
                "role_arn",
                "action",
                "service",
                "access_level",
            ])?,
            states: columns.text_columns([
                "bucket",
                "grant_status",
                "recording",
                "because",
                "turn_on",
            ])?,
            documents: columns.text_columns(["sources", "limits"])?,
            legitimate_calls: columns.number("legitimate_calls")?,
            used: columns.time_columns(["first_used", "last_used"])?,
            observable: columns.flag("observable")?,
            flags: flags.collect::<Result<_, Error>>()?,
            used_by: columns.texts("used_by")?,
            inherited_through: columns.texts("inherited_through")?,
        })
    }

    /// One row, yet without the counts of the windows.
    fn row(&self, row: usize) -> Result<ActionRow, Error> {
        let [agent, role_arn, action, service, access_level] =
            self.names.each_ref().map(|name| name.owned(row));
        let [bucket, grant_status, recording, because, turn_on] = &self.states;
        let [sources, limits] = self
            .documents
            .each_ref()
            .map(|document| json(document.get(row)));
        let [first_used, last_used] = self.used.each_ref().map(|times| times.get(row));
        let bucket = self.bucket(bucket.get(row))?;
        let because = because.owned_option(row);
        let observable = self.observable.get(row);
        Ok(ActionRow {
            agent,
            role_arn,
            action,
            service,
            access_level,
            bucket,
            flags: self.flags(row, bucket),
            grant_status: grant_status.owned(row),
            calls: BTreeMap::new(),
            sessions: BTreeMap::new(),
            legitimate_calls: self.legitimate_calls.get(row),
            first_used,
            last_used,
            used_by: self.used_by.get(row).cloned().unwrap_or_default(),
            inherited_through: self.inherited_through.get(row).cloned().unwrap_or_default(),
            recording: recording.get(row).unwrap_or("unknown").to_owned(),
            observable_because: because.clone().filter(|_| observable),
            unobservable_because: because.filter(|_| !observable),
            turn_on: listed(turn_on.get(row).filter(|_| !observable)),
            sources,
            limits,
        })
    }

    /// What is true of the row beside its bucket.
    fn flags(&self, row: usize, bucket: Bucket) -> BTreeSet<String> {
        let set = self
            .flags
            .iter()
            .filter(|(name, flag)| flag.get(row) && *name != bucket.as_str());
        set.map(|(name, _)| (*name).to_owned()).collect()
    }

    fn bucket(&self, word: Option<&str>) -> Result<Bucket, Error> {
        word.and_then(Bucket::parse).ok_or_else(|| Error::Column {
            view: self.columns.view.to_owned(),
            column: "bucket".to_owned(),
            reason: format!("`{}` is no bucket", word.unwrap_or("NULL")),
        })
    }
}
