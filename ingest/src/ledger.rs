//! A table in which each row stands once: rows in, those that were missing written, one commit.
//!
//! A row is known by its identity. Rows are compared with the version of the table that the ledger
//! holds, and the commit lands directly on that version or not at all; if another writer was quicker, the
//! rows are compared anew with what stands there then. So the table alone decides, whoever else writes to it and
//! however often a run is killed and repeated.
//!
//! Memory: identities that were loaded are held up to a cap, least recently used days go first. What does
//! not fit is not held, but streamed past the new rows; nothing is ever taken for new on a guess.
//!
//! It does not order tables among each other; see `ingest` for that.

mod held;
mod identity;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{AsArray as _, BooleanArray, RecordBatch};
use arrow::compute::{cast, filter_record_batch};
use arrow::datatypes::{DataType, Date32Type};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, col, lit};
use deltalake_core::DeltaTable;
use deltalake_core::kernel::Add;
use futures::{StreamExt as _, TryStreamExt as _};

use self::held::Held;
pub(crate) use self::held::IdentitySet;
pub(crate) use self::identity::{Identity, identity_of, record_keys};
use crate::Error;
use crate::lake::{self, COMMIT_ATTEMPTS, Commit, Lake, LakeTable, Put};

/// The day of a partition; none for undated rows, and for tables without partitions.
pub(crate) type Day = Option<i32>;

/// Rows of one partition, with the identity of each.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) day: Day,
    pub(crate) batch: RecordBatch,
    pub(crate) identities: Vec<u128>,
}

/// What became of rows, each by its position.
#[derive(Debug)]
pub(crate) struct Written {
    /// Those that were written.
    pub(crate) new: BooleanArray,
    /// Those that were not, since there is one of the same identity that says something else.
    pub(crate) reused: Vec<usize>,
}

/// The table and what is known of its rows.
#[derive(Debug)]
pub(crate) struct Ledger {
    lake: Lake,
    which: LakeTable,
    /// The version that everything held refers to.
    table: DeltaTable,
    /// The partitions that hold rows.
    filled: BTreeSet<Day>,
    held: Held,
}

impl Ledger {
    /// The ledger of `which`, made if it is absent; at most `cap` identities are held in memory.
    pub(crate) async fn open(lake: &Lake, which: LakeTable, cap: usize) -> Result<Self, Error> {
        let table = lake.table_or_new(which).await?;
        let filled = filled(which, &table)?;
        Ok(Self {
            lake: lake.clone(),
            which,
            table,
            filled,
            held: Held::new(cap),
        })
    }

    /// Those of the wanted identities that are in the table.
    pub(crate) async fn known(
        &mut self,
        wanted: &BTreeMap<Day, IdentitySet>,
    ) -> Result<BTreeMap<Day, IdentitySet>, Error> {
        let mut known = BTreeMap::new();
        let mut unloaded = BTreeSet::new();
        for (&day, identities) in wanted {
            if let Some(found) = self.held.among(day, identities) {
                known.insert(day, found);
            } else if self.filled.contains(&day) {
                unloaded.insert(day);
            } else {
                self.held.hold(day, IdentitySet::default());
            }
        }
        if !unloaded.is_empty() {
            self.stream(&unloaded, wanted, &mut known).await?;
        }
        Ok(known)
    }

    /// Writes the rows that are not in the table yet, in one commit; of rows with the same identity the first. Gives for
    /// each of `rows` what became of its rows.
    pub(crate) async fn append(&mut self, rows: &[Rows]) -> Result<Vec<Written>, Error> {
        for _ in 0..COMMIT_ATTEMPTS {
            let known = self.known(&wanted(rows)).await?;
            let missing = missing(rows, known);
            let adds = self.write(rows, &missing).await?;
            if adds.is_empty() {
                return Ok(missing);
            }
            match lake::commit(self.which, &self.table, &adds, Put::Append).await? {
                Commit::Landed(table) => {
                    self.table = table;
                    self.landed(rows, &missing);
                    return Ok(missing);
                }
                Commit::Overtaken => {
                    lake::discard(&self.table, &adds).await;
                    self.reload().await?;
                }
            }
        }
        Err(Error::Contended {
            table: self.which.name(),
            attempts: COMMIT_ATTEMPTS,
        })
    }

    /// Writes the rows that are missing, a file for each of `rows`, some of them at a time.
    async fn write(&self, rows: &[Rows], missing: &[Written]) -> Result<Vec<Add>, Error> {
        let which = self.which;
        let at_a_time = std::thread::available_parallelism().map_or(1, usize::from);
        let files: Vec<Vec<Add>> = futures::stream::iter(rows.iter().zip(missing))
            .map(|(rows, missing)| {
                let batch = filter_record_batch(&rows.batch, &missing.new);
                let table = self.table.clone();
                async move {
                    let batch = batch.map_err(Error::rows(which))?;
                    tokio::spawn(lake::write_files(which, table, vec![batch]))
                        .await
                        .unwrap_or(Err(Error::Writer {
                            table: which.name(),
                        }))
                }
            })
            .buffered(at_a_time)
            .try_collect()
            .await?;
        Ok(files.concat())
    }

    /// The newest version; nothing that was held about another one counts any more.
    async fn reload(&mut self) -> Result<(), Error> {
        self.table = self.lake.table_or_new(self.which).await?;
        self.filled = filled(self.which, &self.table)?;
        self.held.clear();
        Ok(())
    }

    fn landed(&mut self, rows: &[Rows], missing: &[Written]) {
        for (rows, missing) in rows.iter().zip(missing) {
            let written = rows
                .identities
                .iter()
                .zip(missing.new.values())
                .filter_map(|(&identity, written)| written.then_some(Identity(identity)));
            self.held.add(rows.day, written);
            if missing.new.true_count() > 0 {
                self.filled.insert(rows.day);
            }
        }
        self.held.shrink();
    }

    /// Reads the identities of some partitions past the wanted ones, and holds them if they fit.
    async fn stream(
        &mut self,
        days: &BTreeSet<Day>,
        wanted: &BTreeMap<Day, IdentitySet>,
        known: &mut BTreeMap<Day, IdentitySet>,
    ) -> Result<(), Error> {
        let dated = self.which.partition_columns().first().copied();
        let mut columns: Vec<&str> = identity::columns(self.which).to_vec();
        columns.extend(dated);
        let filter = dated.and_then(|name| partition_filter(name, days));
        let mut stream = lake::scan(self.which, &self.table, &columns, filter).await?;
        let mut loading = Held::loading();
        while let Some(batch) = stream.next().await {
            let batch = batch.map_err(Error::scan(self.which))?;
            let identities =
                identity::identities(self.which, &batch).map_err(Error::rows(self.which))?;
            let days = days_of(&batch, dated).map_err(Error::rows(self.which))?;
            for (identity, day) in identities.into_iter().map(Identity).zip(days) {
                if wanted
                    .get(&day)
                    .is_some_and(|wanted| wanted.contains(&identity))
                {
                    known.entry(day).or_default().insert(identity);
                }
                self.held.load(&mut loading, day, identity);
            }
        }
        self.held.loaded(days, loading);
        Ok(())
    }
}

/// The identities of the rows, day by day.
fn wanted(rows: &[Rows]) -> BTreeMap<Day, IdentitySet> {
    let mut wanted: BTreeMap<Day, IdentitySet> = BTreeMap::new();
    for rows in rows {
        wanted
            .entry(rows.day)
            .or_default()
            .extend(rows.identities.iter().copied().map(Identity));
    }
    wanted
}

/// Which rows are neither known nor repeat an earlier one, and which of the others disagree with it.
fn missing(rows: &[Rows], mut known: BTreeMap<Day, IdentitySet>) -> Vec<Written> {
    rows.iter()
        .map(|rows| {
            let known = known.entry(rows.day).or_default();
            let mut reused = Vec::new();
            let new = rows.identities.iter().enumerate().map(|(row, &identity)| {
                let identity = Identity(identity);
                let found = known.get(&identity).copied();
                if found.is_some_and(|found| !identity.agrees(found)) {
                    reused.push(row);
                }
                found.is_none() && known.insert(identity)
            });
            let new = BooleanArray::from(new.collect::<Vec<bool>>());
            Written { new, reused }
        })
        .collect()
}

/// The partitions that have files.
fn filled(which: LakeTable, table: &DeltaTable) -> Result<BTreeSet<Day>, Error> {
    let snapshot = table.snapshot().map_err(Error::table(which, "read"))?;
    let column = which.partition_columns().first().copied();
    Ok(snapshot
        .log_data()
        .iter()
        .map(|file| {
            let value = file.partition_values_map().remove(column?).flatten()?;
            let date: jiff::civil::Date = value.parse().ok()?;
            Some(days_since_epoch(date))
        })
        .collect())
}

fn days_since_epoch(date: jiff::civil::Date) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.until(date).map_or(0, |span| span.get_days())
}

/// The rows of these partitions; none if the column is not a day, so that every row is looked at.
fn partition_filter(column: &str, days: &BTreeSet<Day>) -> Option<Expr> {
    let list: Vec<Expr> = days
        .iter()
        .flatten()
        .map(|&day| lit(ScalarValue::Date32(Some(day))))
        .collect();
    let dated = (!list.is_empty()).then(|| col(column).in_list(list, false));
    let undated = days.contains(&None).then(|| col(column).is_null());
    match (dated, undated) {
        (Some(dated), Some(undated)) => Some(dated.or(undated)),
        (dated, undated) => dated.or(undated),
    }
}

/// The day of each row; none throughout where the table has no partitions.
fn days_of(batch: &RecordBatch, dated: Option<&str>) -> Result<Vec<Day>, arrow::error::ArrowError> {
    let Some(column) = dated.and_then(|name| batch.column_by_name(name)) else {
        return Ok(vec![None; batch.num_rows()]);
    };
    let days = cast(&Arc::clone(column), &DataType::Date32)?;
    Ok(days.as_primitive::<Date32Type>().iter().collect())
}

#[cfg(test)]
mod tests;
