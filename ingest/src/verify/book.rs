//! The table `verifications`: verdicts in, those that are new or differ from the newest on the same object written.
//!
//! Each change of a verdict has a number, `revision`; the greatest is what holds. Verdicts are compared with one version
//! of the table, and the commit lands directly on that version or not at all; if another writer was quicker, they are
//! compared anew. So a run that is killed and repeated, or runs beside another, adds nothing twice.
//!
//! Memory: the verdicts that wait to be written, and what the table says of the same objects.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, AsArray, Date32Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use arrow::error::ArrowError;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, col, lit};
use futures::StreamExt as _;
use jiff::Timestamp;
use jiff::civil::Date;

use super::place::Place;
use super::units::Unit;
use super::verdict::Verdict;
use crate::Error;
use crate::lake::{self, COMMIT_ATTEMPTS, Commit, Lake, LakeTable, Put, schema};
use crate::ledger::identity_of;

const TABLE: LakeTable = LakeTable::Verifications;

/// Verdicts after which they are written: 100,000. Chosen.
const DUE: usize = 100_000;

/// The verdicts of a run.
#[derive(Debug)]
pub(crate) struct Book {
    lake: Lake,
    now: Timestamp,
    waiting: Vec<Row>,
    pub(crate) written: u64,
}

/// A verdict with all that its row says.
#[derive(Debug)]
struct Row {
    source: Arc<str>,
    key: String,
    account_id: String,
    region: String,
    delivered_on: Option<Date>,
    digest: Option<String>,
    verdict: Verdict,
}

/// The newest row of an object: its revision, and what it says.
type Newest = HashMap<u128, (i64, u128)>;

impl Row {
    /// Which object it is on.
    fn identity(&self) -> u128 {
        identity_of(&self.source, &self.key, self.verdict.kind.as_str(), None)
    }

    /// What it says of it.
    fn says(&self) -> u128 {
        says(
            self.verdict.status.as_str(),
            self.verdict.reason.unwrap_or_default(),
            self.digest.as_deref().unwrap_or_default(),
        )
    }
}

fn says(status: &str, reason: &str, digest: &str) -> u128 {
    identity_of(status, reason, digest, None)
}

impl Book {
    pub(crate) fn new(lake: &Lake, now: Timestamp) -> Self {
        Self {
            lake: lake.clone(),
            now,
            waiting: Vec::new(),
            written: 0,
        }
    }

    /// Takes up a verdict on an object of a unit.
    pub(crate) fn add(&mut self, source: &Arc<str>, unit: &Unit, verdict: Verdict) {
        let full = format!("{}/{}", unit.account_id, verdict.tail);
        let place = Place::parse(&full);
        self.waiting.push(Row {
            source: Arc::clone(source),
            key: unit.key(&verdict.tail),
            account_id: unit.account_id.clone(),
            region: unit.region.clone(),
            delivered_on: place.map(|place| place.delivered_on),
            digest: verdict.digest.as_deref().map(|tail| unit.key(tail)),
            verdict,
        });
    }

    /// Writes what waits, if it is much.
    pub(crate) async fn write_if_due(&mut self) -> Result<(), Error> {
        if self.waiting.len() >= DUE {
            self.write().await?;
        }
        Ok(())
    }

    /// Writes what waits.
    pub(crate) async fn write(&mut self) -> Result<(), Error> {
        let rows = std::mem::take(&mut self.waiting);
        if rows.is_empty() {
            return Ok(());
        }
        let mut table = self.lake.table_or_new(TABLE).await?;
        for _ in 0..COMMIT_ATTEMPTS {
            let newest = newest(&table, &rows).await?;
            let changed = changed(&rows, &newest);
            if changed.is_empty() {
                return Ok(());
            }
            let batch = batch(&changed, self.now).map_err(Error::rows(TABLE))?;
            let adds = lake::write_files(TABLE, table.clone(), vec![batch]).await?;
            match lake::commit(TABLE, &table, &adds, Put::Append).await? {
                Commit::Landed(_) => {
                    self.written += u64::try_from(changed.len()).unwrap_or(u64::MAX);
                    return Ok(());
                }
                Commit::Overtaken => {
                    lake::discard(&table, &adds).await;
                    table = self.lake.table_or_new(TABLE).await?;
                }
            }
        }
        Err(Error::Contended {
            table: TABLE.name(),
            attempts: COMMIT_ATTEMPTS,
        })
    }
}

/// The rows that say something new, each with its revision; of several on one object the first.
fn changed<'a>(rows: &'a [Row], newest: &Newest) -> Vec<(&'a Row, i64)> {
    let mut seen = std::collections::HashSet::new();
    rows.iter()
        .filter_map(|row| {
            let identity = row.identity();
            let revision = match newest.get(&identity) {
                Some((_, says)) if *says == row.says() => return None,
                Some((revision, _)) => revision + 1,
                None => 0,
            };
            seen.insert(identity).then_some((row, revision))
        })
        .collect()
}

/// The newest row of each object that `rows` are on.
async fn newest(table: &deltalake_core::DeltaTable, rows: &[Row]) -> Result<Newest, Error> {
    const COLUMNS: [&str; 7] = [
        "source",
        "object_key",
        "object_kind",
        "status",
        "reason",
        "digest_key",
        "revision",
    ];
    let wanted: std::collections::HashSet<u128> = rows.iter().map(Row::identity).collect();
    let mut newest = Newest::new();
    let mut stream = lake::scan(TABLE, table, &COLUMNS, Some(filter(rows))).await?;
    while let Some(batch) = stream.next().await {
        let batch = batch.map_err(Error::scan(TABLE))?;
        take_up(&batch, &wanted, &mut newest).map_err(Error::rows(TABLE))?;
    }
    Ok(newest)
}

fn take_up(
    batch: &RecordBatch,
    wanted: &std::collections::HashSet<u128>,
    newest: &mut Newest,
) -> Result<(), ArrowError> {
    let columns = batch
        .columns()
        .iter()
        .take(6)
        .map(|column| cast(column, &DataType::Utf8))
        .collect::<Result<Vec<_>, _>>()?;
    let revisions = cast(batch.column(6), &DataType::Int64)?;
    let revisions = revisions.as_primitive::<Int64Type>();
    for (row, revision) in revisions.iter().enumerate() {
        let mut texts = columns.iter().map(|column| {
            let column = column.as_string::<i32>();
            if column.is_valid(row) {
                column.value(row)
            } else {
                ""
            }
        });
        let mut text = || texts.next().unwrap_or_default();
        let identity = identity_of(text(), text(), text(), None);
        let says = says(text(), text(), text());
        let revision = revision.unwrap_or_default();
        if wanted.contains(&identity)
            && newest
                .get(&identity)
                .is_none_or(|(held, _)| *held < revision)
        {
            newest.insert(identity, (revision, says));
        }
    }
    Ok(())
}

/// The days and accounts of some rows, so that files of others are not opened.
fn filter(rows: &[Row]) -> Expr {
    let days: std::collections::BTreeSet<Option<i32>> =
        rows.iter().map(|row| row.delivered_on.map(days)).collect();
    let accounts: std::collections::BTreeSet<&str> =
        rows.iter().map(|row| row.account_id.as_str()).collect();
    let dated = days
        .iter()
        .flatten()
        .map(|&day| lit(ScalarValue::Date32(Some(day))))
        .collect();
    let on = col("delivered_on").in_list(dated, false);
    let on = if days.contains(&None) {
        on.or(col("delivered_on").is_null())
    } else {
        on
    };
    let of = col("account_id").in_list(accounts.into_iter().map(lit).collect(), false);
    on.and(of)
}

/// Days since 1970.
fn days(date: Date) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.until(date).map_or(0, |span| span.get_days())
}

fn batch(rows: &[(&Row, i64)], now: Timestamp) -> Result<RecordBatch, ArrowError> {
    let verdicts = || rows.iter().map(|(row, _)| &row.verdict);
    let times = |of: fn((Timestamp, Timestamp)) -> Timestamp| {
        times(verdicts().map(|verdict| verdict.time.map(of)))
    };
    let columns: Vec<ArrayRef> = vec![
        texts(rows.iter().map(|(row, _)| Some(&*row.source))),
        texts(rows.iter().map(|(row, _)| Some(row.key.as_str()))),
        texts(verdicts().map(|verdict| Some(verdict.kind.as_str()))),
        texts(rows.iter().map(|(row, _)| Some(row.account_id.as_str()))),
        texts(rows.iter().map(|(row, _)| Some(row.region.as_str()))),
        Arc::new(
            rows.iter()
                .map(|(row, _)| row.delivered_on.map(days))
                .collect::<Date32Array>(),
        ),
        texts(verdicts().map(|verdict| Some(verdict.status.as_str()))),
        texts(verdicts().map(|verdict| verdict.reason)),
        texts(rows.iter().map(|(row, _)| row.digest.as_deref())),
        times(|(start, _)| start),
        times(|(_, end)| end),
        Arc::new(
            verdicts()
                .map(|verdict| verdict.hash.map(|hash| hash.to_string()))
                .collect::<StringArray>(),
        ),
        Arc::new(Int64Array::from_iter_values(
            rows.iter().map(|(_, revision)| *revision),
        )),
        self::times(rows.iter().map(|_| Some(now))),
    ];
    RecordBatch::try_new(schema::verifications(), columns)
}

fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

fn times(values: impl Iterator<Item = Option<Timestamp>>) -> ArrayRef {
    let times = values.map(|time| time.map(Timestamp::as_microsecond));
    Arc::new(
        times
            .collect::<TimestampMicrosecondArray>()
            .with_timezone("UTC"),
    )
}
