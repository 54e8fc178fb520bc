//! The data files of a table: Parquet files written, and those that a write replaces.
//!
//! A file is part of the table only once a commit names it.

use arrow::array::RecordBatch;
use deltalake_core::DeltaTable;
use deltalake_core::kernel::{Action, Add};
use deltalake_core::writer::{DeltaWriter, RecordBatchWriter};
use futures::StreamExt as _;
use object_store::ObjectStore as _;
use object_store::path::Path;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;

use super::{LakeTable, Put};
use crate::Error;

/// Writes the rows to new files, split by the table's partitions, without making them part of the table.
pub(crate) async fn write_files(
    table: LakeTable,
    opened: DeltaTable,
    batches: Vec<RecordBatch>,
) -> Result<Vec<Add>, Error> {
    let failed = |error| Error::table(table, "write")(error);
    let mut writer = RecordBatchWriter::for_table(&opened)
        .map_err(failed)?
        .with_writer_properties(properties(table).build());
    let mut written = false;
    for batch in batches {
        if batch.num_rows() > 0 {
            writer.write(batch).await.map_err(failed)?;
            written = true;
        }
    }
    if !written {
        return Ok(Vec::new());
    }
    writer.flush().await.map_err(failed)
}

/// Removes files that no commit has named. Best effort: a file that stays is invisible, and `curtail lake vacuum` takes it.
pub(crate) async fn discard(opened: &DeltaTable, adds: &[Add]) {
    let paths: Vec<_> = adds
        .iter()
        .map(|add| Ok(Path::from(add.path.as_str())))
        .collect();
    let mut outcomes = opened
        .object_store()
        .delete_stream(futures::stream::iter(paths).boxed());
    while let Some(outcome) = outcomes.next().await {
        if let Err(error) = outcome {
            tracing::debug!(%error, "a file that no commit names stays behind");
        }
    }
}

/// What takes the files that `put` replaces out of the table.
pub(crate) fn removes(
    table: LakeTable,
    opened: &DeltaTable,
    put: Put<'_>,
) -> Result<Vec<Action>, Error> {
    match put {
        Put::Append => return Ok(Vec::new()),
        Put::Rewrite(rewrite) => {
            return Ok(rewrite
                .removes
                .iter()
                .cloned()
                .map(Action::Remove)
                .collect());
        }
        Put::Overwrite | Put::Partition(_) => {}
    }
    let snapshot = opened.snapshot().map_err(Error::table(table, "read"))?;
    let column = table
        .partition_columns()
        .first()
        .copied()
        .unwrap_or_default();
    Ok(snapshot
        .log_data()
        .iter()
        .filter(|file| match put {
            Put::Partition(value) => {
                file.partition_values_map()
                    .get(column)
                    .and_then(Option::as_deref)
                    == Some(value)
            }
            Put::Append | Put::Rewrite(_) | Put::Overwrite => true,
        })
        .map(|file| Action::Remove(file.remove_action(true)))
        .collect())
}

/// Zstandard at level 1, no dictionary where values hardly repeat, statistics per column chunk. Measured: level 3
/// takes half as long again and saves no room; page statistics cost a fifth and no reader of ours uses them.
pub(super) fn properties(table: LakeTable) -> WriterPropertiesBuilder {
    let level = ZstdLevel::try_new(1).unwrap_or_default();
    let builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_statistics_enabled(EnabledStatistics::Chunk);
    table
        .without_dictionary()
        .iter()
        .fold(builder, |builder, name| {
            builder.set_column_dictionary_enabled(ColumnPath::from(*name), false)
        })
}
