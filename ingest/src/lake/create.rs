//! The first commit of a table: its columns, partitions and properties.

use deltalake_core::kernel::StructType;
use deltalake_core::kernel::engine::arrow_conversion::TryIntoKernel;
use deltalake_core::protocol::SaveMode;
use deltalake_core::{DeltaTable, DeltaTableError, TableProperty};

use super::LakeTable;
use crate::Error;

/// How long the versions of a table can be read again: 400 days, so that a report can be asked for again at the
/// review a year later. Chosen.
const HISTORY: &str = "interval 400 days";

/// Commits after which the log is summed up in a checkpoint: 10, as other engines do, so that opening a table reads few files.
const CHECKPOINT_INTERVAL: &str = "10";

/// Makes `table` at the place of `unloaded`; the one that is there, if another writer was quicker.
pub(crate) async fn create(table: LakeTable, unloaded: &DeltaTable) -> Result<DeltaTable, Error> {
    let failed = |error| Error::table(table, "create")(error);
    let columns: StructType = table
        .schema()
        .as_ref()
        .try_into_kernel()
        .map_err(Error::rows(table))?;
    let mut builder = unloaded
        .create()
        .with_table_name(table.name())
        .with_save_mode(SaveMode::Ignore)
        .with_columns(columns.fields().cloned())
        .with_partition_columns(table.partition_columns().iter().copied())
        .with_configuration_property(TableProperty::CheckpointInterval, Some(CHECKPOINT_INTERVAL))
        .with_configuration_property(TableProperty::LogRetentionDuration, Some(HISTORY))
        .with_configuration_property(TableProperty::DeletedFileRetentionDuration, Some(HISTORY));
    if !table.indexed().is_empty() {
        builder = builder.with_configuration_property(
            TableProperty::DataSkippingStatsColumns,
            Some(table.indexed().join(",")),
        );
    }
    match builder.await {
        Ok(created) => Ok(created),
        Err(error) => existing(unloaded, error).await.map_err(failed),
    }
}

/// The table that another writer made in between; else why it could not be made.
async fn existing(
    unloaded: &DeltaTable,
    error: DeltaTableError,
) -> Result<DeltaTable, DeltaTableError> {
    let mut opened = unloaded.clone();
    match opened.load().await {
        Ok(()) => Ok(opened),
        Err(_) => Err(error),
    }
}
