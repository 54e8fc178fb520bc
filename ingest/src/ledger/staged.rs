//! Rows that are on their way to files, and are no part of the table yet.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;

use arrow::array::{BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use deltalake_core::DeltaTable;
use deltalake_core::kernel::Add;

use super::held::OwnBits;
use super::{Day, Identity, IdentitySet, Rows, days_of, identity};
use crate::Error;
use crate::lake::{Encoder, LakeTable};

/// Whose the row of an identity is.
type Owners = HashMap<Identity, u32, BuildHasherDefault<OwnBits>>;

/// What is staged.
#[derive(Debug, Default)]
pub(super) struct Staged {
    encoder: Option<Encoder>,
    days: BTreeMap<Day, Owners>,
}

impl Staged {
    /// Adds to `known` those of the rows' identities that are staged.
    pub(super) fn add_known(&self, rows: &[Rows], known: &mut BTreeMap<Day, IdentitySet>) {
        for rows in rows {
            let Some(staged) = self.days.get(&rows.day) else {
                continue;
            };
            let found = rows
                .identities
                .iter()
                .filter_map(|&identity| staged.get_key_value(&Identity(identity)))
                .map(|(&staged, _)| staged);
            known.entry(rows.day).or_default().extend(found);
        }
    }

    /// Encodes those rows that are new.
    pub(super) async fn write(
        &mut self,
        which: LakeTable,
        table: &DeltaTable,
        rows: &Rows,
        new: &BooleanArray,
    ) -> Result<(), Error> {
        let count = new.true_count();
        if count == 0 {
            return Ok(());
        }
        let batch = if count == new.len() {
            rows.batch.clone()
        } else {
            filter_record_batch(&rows.batch, new).map_err(Error::rows(which))?
        };
        let staged = self.days.entry(rows.day).or_default();
        let tagged = rows.identities.iter().zip(&rows.owners).zip(new.values());
        staged.extend(
            tagged
                .filter(|(_, new)| *new)
                .map(|((&identity, &owner), _)| (Identity(identity), owner)),
        );
        self.encoder
            .get_or_insert_with(|| Encoder::start(which, table))
            .write(rows.day, batch)
            .await
    }

    /// The files, once all rows are in them. It fails again where it has failed.
    pub(super) async fn finish(&mut self, which: LakeTable) -> Result<Vec<Add>, Error> {
        match self.encoder.take() {
            Some(encoder) => encoder.finish().await,
            None if self.days.is_empty() => Ok(Vec::new()),
            None => Err(Error::Writer {
                table: which.name(),
            }),
        }
    }

    /// The identities of all rows, day by day.
    pub(super) fn identities(&self) -> BTreeMap<Day, IdentitySet> {
        self.days
            .iter()
            .map(|(&day, owners)| (day, owners.keys().copied().collect()))
            .collect()
    }

    /// The identities of all rows, day by day.
    pub(super) fn into_identities(
        self,
    ) -> impl Iterator<Item = (Day, impl Iterator<Item = Identity>)> {
        self.days
            .into_iter()
            .map(|(day, owners)| (day, owners.into_keys()))
    }

    /// Staged rows of one day that were read again.
    pub(super) fn rows(&self, which: LakeTable, batch: RecordBatch) -> Result<Rows, Error> {
        let dated = which.partition_columns().first().copied();
        let day = days_of(&batch, dated)
            .map_err(Error::rows(which))?
            .first()
            .copied()
            .flatten();
        let identities = identity::identities(which, &batch).map_err(Error::rows(which))?;
        let staged = self.days.get(&day);
        let owners = identities
            .iter()
            .map(|&identity| {
                let owner = staged.and_then(|staged| staged.get(&Identity(identity)));
                owner.copied().unwrap_or_default()
            })
            .collect();
        Ok(Rows {
            day,
            batch,
            identities,
            owners,
        })
    }
}
