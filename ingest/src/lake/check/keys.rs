//! Each record key stands in `events` once, day by day.
//!
//! A record's day is that of its own time, so that the same record always comes to the same day. The keys of a day are held
//! in memory; those of a day with very many are read several times, each time another part of them.

use std::collections::BTreeMap;

use datafusion::error::DataFusionError;
use deltalake_core::DeltaTable;
use futures::StreamExt as _;

use super::{Checked, Finding, Grade, Report};
use crate::lake::{LakeTable, session};
use crate::ledger::{Identity, IdentitySet, record_keys};
use crate::{Error, Progress};

const TABLE: LakeTable = LakeTable::Events;

/// The whole files of a day, and how many rows they hold.
#[derive(Default)]
struct Day {
    paths: Vec<String>,
    rows: usize,
}

pub(super) async fn check(
    events: &Checked,
    held_keys: usize,
    report: &mut Report,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let days = days(events)?;
    progress.begin("check keys", u64::try_from(days.len()).ok());
    for (name, day) in days {
        let parts = u128::try_from(day.rows.div_ceil(held_keys.max(1)).max(1)).unwrap_or(1);
        for part in 0..parts {
            let read = repeated(&events.opened, &day.paths, part, parts).await;
            match read {
                Ok(found) => found.tell(&name, report),
                Err(error) => report.add(finding(
                    "file-unreadable",
                    name.clone(),
                    format!("the record keys of the day cannot be read: {error}"),
                    "restore the day's files from a backup; else ingest all sources into a new lake",
                )),
            }
        }
        progress.advance(1);
    }
    progress.finish();
    Ok(())
}

fn days(events: &Checked) -> Result<BTreeMap<String, Day>, Error> {
    let snapshot = events.opened.snapshot();
    let snapshot = snapshot.map_err(Error::table(TABLE, "read"))?;
    let column = TABLE.partition_columns().first().copied();
    let mut days: BTreeMap<String, Day> = BTreeMap::new();
    for file in snapshot.log_data().iter() {
        let path = file.path().into_owned();
        if events.whole.contains(&path) {
            let value = column.and_then(|name| file.partition_values_map().remove(name).flatten());
            let day = days.entry(value.unwrap_or_else(|| "no date".to_owned()));
            let day = day.or_default();
            day.rows = day.rows.saturating_add(file.num_records().unwrap_or(0));
            day.paths.push(path);
        }
    }
    Ok(days)
}

/// Keys that are not what they should be.
#[derive(Default)]
struct Repeated {
    /// How often each stands there, of those that stand there more than once.
    keys: BTreeMap<u128, u64>,
    /// Rows whose key is none.
    malformed: u64,
}

/// The repeated keys of a day, of one of so many parts of all keys.
async fn repeated(
    opened: &DeltaTable,
    paths: &[String],
    part: u128,
    parts: u128,
) -> Result<Repeated, DataFusionError> {
    let session = session::session()?;
    let provider = session::files(&session, opened, paths.iter().cloned()).await?;
    let frame = session
        .read_table(provider)?
        .select_columns(&["record_key"])?;
    let mut stream = frame.execute_stream().await?;
    let mut seen = IdentitySet::default();
    let mut found = Repeated::default();
    while let Some(batch) = stream.next().await {
        for key in record_keys(&batch?)? {
            let key = key.map(Identity);
            match key {
                None if part == 0 => found.malformed += 1,
                Some(key) if key.thing() % parts == part && !seen.insert(key) => {
                    *found.keys.entry(key.thing()).or_insert(1) += 1;
                }
                _ => {}
            }
        }
    }
    Ok(found)
}

impl Repeated {
    fn tell(self, day: &str, report: &mut Report) {
        for (key, times) in self.keys {
            report.add(finding(
                "record-twice",
                format!("{key:032x}"),
                format!("the record of {day} stands there {times} times"),
                "a program other than curtail has added rows: ingest all sources into a new lake",
            ));
        }
        if self.malformed > 0 {
            report.add(finding(
                "record-key",
                day.to_owned(),
                format!(
                    "{} rows have no record key that curtail made",
                    self.malformed
                ),
                "a program other than curtail has added rows: ingest all sources into a new lake",
            ));
        }
    }
}

fn finding(code: &'static str, subject: String, message: String, remedy: &'static str) -> Finding {
    Finding {
        grade: Grade::Problem,
        table: TABLE.name(),
        code,
        subject,
        message,
        remedy,
    }
}
