//! A table in which each row stands once: rows in, those that were missing staged, one commit of all that is staged.
//!
//! A row is known by its identity. Rows are compared with the version of the table that the ledger
//! holds, and the commit lands directly on that version or not at all; if another writer was quicker, the
//! rows are compared anew with what stands there then, and files that hold some of these are written again without them.
//! So the table alone decides, whoever else writes to it and however often a run is killed and repeated.
//!
//! Memory: rows are encoded as they are staged. Identities that were loaded are held up to a cap, least recently used days
//! go first. What does not fit is not held, but streamed past the new rows; nothing is ever taken for new on a guess.
//!
//! It does not order tables among each other; see `ingest` for that.

mod held;
mod identity;
mod staged;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{AsArray as _, BooleanArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, col, lit};
use deltalake_core::DeltaTable;
use deltalake_core::kernel::Add;
use futures::StreamExt as _;

use self::held::Held;
pub(crate) use self::held::IdentitySet;
pub(crate) use self::identity::{Identity, identity_of, record_keys};
use self::staged::Staged;
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
    /// Whose each row is, in the caller's own numbers.
    pub(crate) owners: Vec<u32>,
}

/// What became of rows, each by its position.
#[derive(Debug)]
pub(crate) struct Sifted {
    /// Those that are staged.
    pub(crate) new: BooleanArray,
    /// Those that are not, since there is one of the same identity that says something else.
    pub(crate) reused: Vec<usize>,
}

/// A row that was staged and not written after all: another writer was quicker.
#[derive(Debug)]
pub(crate) struct Late {
    pub(crate) owner: u32,
    /// The row, if the other one says something else.
    pub(crate) reused: Option<RecordBatch>,
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
    staged: Staged,
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
            staged: Staged::default(),
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

    /// Stages the rows that are not in the table yet; of rows with the same identity the first. Gives for each of `rows`
    /// what became of its rows. They are in the table after the next [`commit`](Self::commit).
    pub(crate) async fn stage(&mut self, rows: &[Rows]) -> Result<Vec<Sifted>, Error> {
        let mut known = self.known(&wanted(rows)).await?;
        self.staged.add_known(rows, &mut known);
        let sifted = sift(rows, known);
        for (rows, sifted) in rows.iter().zip(&sifted) {
            self.staged
                .write(self.which, &self.table, rows, &sifted.new)
                .await?;
        }
        Ok(sifted)
    }

    /// Writes what is staged, in one commit, and tells which rows were not written after all.
    pub(crate) async fn commit(&mut self) -> Result<Vec<Late>, Error> {
        let mut adds = self.staged.finish(self.which).await?;
        let mut late = Vec::new();
        for _ in 0..COMMIT_ATTEMPTS {
            if adds.is_empty() {
                self.staged = Staged::default();
                return Ok(late);
            }
            match lake::commit(self.which, &self.table, &adds, Put::Append).await? {
                Commit::Landed(table) => {
                    self.table = table;
                    self.landed();
                    return Ok(late);
                }
                Commit::Overtaken => {
                    self.reload().await?;
                    let known = self.known(&self.staged.identities()).await?;
                    adds = self.without(adds, &known, &mut late).await?;
                }
            }
        }
        Err(Error::Contended {
            table: self.which.name(),
            attempts: COMMIT_ATTEMPTS,
        })
    }

    /// The files again, without the rows that are known by now.
    async fn without(
        &mut self,
        adds: Vec<Add>,
        known: &BTreeMap<Day, IdentitySet>,
        late: &mut Vec<Late>,
    ) -> Result<Vec<Add>, Error> {
        if known.values().all(IdentitySet::is_empty) {
            return Ok(adds);
        }
        let mut kept = Staged::default();
        for add in &adds {
            for batch in lake::read_file(self.which, &self.table, add).await? {
                let rows = self.staged.rows(self.which, batch)?;
                let known = known.get(&rows.day).cloned().unwrap_or_default();
                let new: BooleanArray = rows
                    .identities
                    .iter()
                    .map(|&identity| Some(!known.contains(&Identity(identity))))
                    .collect();
                late.extend(Late::among(&rows, &new, &known));
                kept.write(self.which, &self.table, &rows, &new).await?;
            }
        }
        lake::discard(&self.table, &adds).await;
        self.staged = kept;
        self.staged.finish(self.which).await
    }

    /// The newest version; nothing that was held about another one counts any more.
    async fn reload(&mut self) -> Result<(), Error> {
        self.table = self.lake.table_or_new(self.which).await?;
        self.filled = filled(self.which, &self.table)?;
        self.held.clear();
        Ok(())
    }

    fn landed(&mut self) {
        for (day, identities) in std::mem::take(&mut self.staged).into_identities() {
            self.held.add(day, identities);
            self.filled.insert(day);
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

impl Late {
    /// Those of the rows that are not new, but known.
    fn among(rows: &Rows, new: &BooleanArray, known: &IdentitySet) -> Vec<Self> {
        let late = rows.identities.iter().zip(&rows.owners).enumerate();
        late.filter(|&(row, _)| !new.value(row))
            .map(|(row, (&identity, &owner))| {
                let identity = Identity(identity);
                let agrees = known
                    .get(&identity)
                    .is_none_or(|&other| identity.agrees(other));
                Self {
                    owner,
                    reused: (!agrees).then(|| rows.batch.slice(row, 1)),
                }
            })
            .collect()
    }
}

/// Which rows are neither known nor repeat an earlier one, and which of the others disagree with it.
fn sift(rows: &[Rows], mut known: BTreeMap<Day, IdentitySet>) -> Vec<Sifted> {
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
            Sifted { new, reused }
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
            Some(lake::days_since_epoch(date))
        })
        .collect())
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
