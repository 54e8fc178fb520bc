//! The sets of a snapshot, compared with those of the lake and written in one commit.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, AsArray as _, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimestampMicrosecondType};
use arrow::error::ArrowError;
use datafusion::logical_expr::{col, lit};
use deltalake_core::DeltaTable;
use futures::StreamExt as _;
use jiff::Timestamp;

use super::entry::Entry;
use super::{Set, Sets};
use crate::lake::{self, COMMIT_ATTEMPTS, Commit, Put, schema};
use crate::{Error, Lake, LakeTable};

const TABLE: LakeTable = LakeTable::Snapshots;

/// What was written.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Written {
    /// Documents that are new or changed.
    pub(super) added: u64,
    /// Documents that are unchanged, at a time that is new.
    pub(super) confirmed: u64,
}

/// Fingerprints by id and ARN.
type Fingerprints = BTreeMap<(String, String), String>;

/// What the lake has of an account and kind.
#[derive(Debug, Default)]
struct There {
    /// At the same time.
    same: Fingerprints,
    /// At the newest time before.
    before: Fingerprints,
    before_at: i64,
}

/// Writes the sets that the lake does not have at this time.
pub(super) async fn write(lake: &Lake, sets: &Sets, taken_at: Timestamp) -> Result<Written, Error> {
    let mut table = lake.table_or_new(TABLE).await?;
    for _ in 0..COMMIT_ATTEMPTS {
        let there = there(&table, sets, taken_at.as_microsecond()).await?;
        let (missing, written) = missing(sets, &there, taken_at)?;
        if missing.is_empty() {
            return Ok(written);
        }
        let batch = batch(&missing, taken_at.as_microsecond()).map_err(Error::rows(TABLE))?;
        let adds = lake::write_files(TABLE, table.clone(), vec![batch]).await?;
        match lake::commit(TABLE, &table, &adds, Put::Append).await? {
            Commit::Landed(_) => return Ok(written),
            Commit::Overtaken => {
                lake::discard(&table, &adds).await;
                table = lake.table_or_new(TABLE).await?;
            }
        }
    }
    Err(Error::Contended {
        table: TABLE.name(),
        attempts: COMMIT_ATTEMPTS,
    })
}

/// The entries of the sets that are to be written.
fn missing<'a>(
    sets: &'a Sets,
    there: &BTreeMap<(String, String), There>,
    taken_at: Timestamp,
) -> Result<(Vec<&'a Entry>, Written), Error> {
    let nothing = There::default();
    let mut missing = Vec::new();
    let mut written = Written::default();
    for ((account_id, kind), set) in sets {
        let there = there
            .get(&(account_id.clone(), kind.clone()))
            .unwrap_or(&nothing);
        if there.same.is_empty() {
            for (key, entry) in set {
                let unchanged = there.before.get(key) == Some(&entry.fingerprint);
                written.confirmed += u64::from(unchanged);
                written.added += u64::from(!unchanged);
                missing.push(entry);
            }
        } else if there.same != fingerprints(set) {
            return Err(Error::SnapshotContradicts {
                account_id: account_id.clone(),
                kind: kind.clone(),
                taken_at: taken_at.to_string(),
            });
        }
    }
    Ok((missing, written))
}

fn fingerprints(set: &Set) -> Fingerprints {
    set.iter()
        .map(|(key, entry)| (key.clone(), entry.fingerprint.clone()))
        .collect()
}

/// What the lake has of the accounts and kinds of the sets.
async fn there(
    table: &DeltaTable,
    sets: &Sets,
    taken_at: i64,
) -> Result<BTreeMap<(String, String), There>, Error> {
    let accounts: BTreeSet<&str> = sets
        .keys()
        .map(|(account_id, _)| account_id.as_str())
        .collect();
    let filter = col("account_id").in_list(accounts.into_iter().map(lit).collect(), false);
    let columns = ["account_id", "kind", "id", "arn", "fingerprint", "taken_at"];
    let mut stream = lake::scan(TABLE, table, &columns, Some(filter)).await?;
    let mut there: BTreeMap<(String, String), There> = BTreeMap::new();
    while let Some(batch) = stream.next().await {
        let batch = batch.map_err(Error::scan(TABLE))?;
        note(&batch, taken_at, &mut there).map_err(Error::rows(TABLE))?;
    }
    Ok(there)
}

/// Notes the rows of the same time, and those of the newest time before.
fn note(
    batch: &RecordBatch,
    taken_at: i64,
    there: &mut BTreeMap<(String, String), There>,
) -> Result<(), ArrowError> {
    let texts = batch
        .columns()
        .iter()
        .take(5)
        .map(|column| cast(column, &DataType::Utf8))
        .collect::<Result<Vec<_>, _>>()?;
    let times = match batch.column_by_name("taken_at") {
        Some(times) => cast(times, &schema::time_type())?,
        None => return Ok(()),
    };
    let times = times.as_primitive::<TimestampMicrosecondType>();
    for row in 0..batch.num_rows() {
        let mut texts = texts.iter().map(|column| {
            let column = column.as_string::<i32>();
            if column.is_valid(row) {
                column.value(row).to_owned()
            } else {
                String::new()
            }
        });
        let mut text = || texts.next().unwrap_or_default();
        let set = there.entry((text(), text())).or_default();
        set.note((text(), text()), text(), times.value(row), taken_at);
    }
    Ok(())
}

impl There {
    fn note(&mut self, key: (String, String), fingerprint: String, at: i64, taken_at: i64) {
        if at == taken_at {
            self.same.insert(key, fingerprint);
        } else if at < taken_at && at >= self.before_at {
            if at > self.before_at {
                self.before.clear();
                self.before_at = at;
            }
            self.before.insert(key, fingerprint);
        }
    }
}

fn batch(entries: &[&Entry], taken_at: i64) -> Result<RecordBatch, ArrowError> {
    let texts = |field: fn(&Entry) -> &str| -> ArrayRef {
        let values = entries
            .iter()
            .map(|entry| Some(field(entry)).filter(|text| !text.is_empty()));
        Arc::new(values.collect::<StringArray>())
    };
    let documents = entries.iter().map(|entry| Some(entry.document.to_string()));
    let times = TimestampMicrosecondArray::from(vec![taken_at; entries.len()]).with_timezone("UTC");
    RecordBatch::try_new(
        schema::snapshots(),
        vec![
            texts(|entry| &entry.account_id),
            Arc::new(times),
            texts(|entry| &entry.kind),
            texts(|entry| &entry.id),
            texts(|entry| &entry.arn),
            texts(|entry| &entry.name),
            Arc::new(documents.collect::<StringArray>()),
            texts(|entry| &entry.fingerprint),
            texts(|entry| &entry.source),
        ],
    )
}
