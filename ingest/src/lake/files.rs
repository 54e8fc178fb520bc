//! The data files of a table: Parquet files written, and those that a write replaces.
//!
//! A file is part of the table only once a commit names it.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, RecordBatch};
use arrow::compute::cast;
use arrow::error::ArrowError;
use deltalake_core::kernel::{Action, Add};
use deltalake_core::writer::{DeltaWriter, RecordBatchWriter};
use deltalake_core::{DeltaTable, DeltaTableError};
use futures::StreamExt as _;
use object_store::path::Path;
use object_store::{ObjectStore as _, ObjectStoreExt as _};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;

use super::{LakeTable, Put, days_since_epoch};
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

/// The rows of one file that was written just now, with the columns of the table, of which at most one is a partition's.
pub(crate) async fn read_file(
    table: LakeTable,
    opened: &DeltaTable,
    add: &Add,
) -> Result<Vec<RecordBatch>, Error> {
    let failed = |error: DeltaTableError| Error::table(table, "read")(error);
    let path = Path::from(add.path.as_str());
    let content = opened.object_store().get(&path).await;
    let content = match content {
        Ok(content) => content.bytes().await,
        Err(error) => Err(error),
    };
    let content = content.map_err(|error| failed(error.into()))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(content)
        .and_then(ParquetRecordBatchReaderBuilder::build)
        .map_err(|error| failed(error.into()))?;
    let day = add.partition_values.values().flatten().next();
    let day = day.and_then(|day| day.parse().ok()).map(days_since_epoch);
    reader
        .map(|batch| batch.and_then(|batch| whole(table, &batch, day)))
        .collect::<Result<_, _>>()
        .map_err(Error::rows(table))
}

/// The batch of a file with the column that its folder stands for.
fn whole(
    table: LakeTable,
    batch: &RecordBatch,
    day: Option<i32>,
) -> Result<RecordBatch, ArrowError> {
    let schema = table.schema();
    let columns = schema.fields().iter().map(|field| {
        let column: ArrayRef = match batch.column_by_name(field.name()) {
            Some(column) => Arc::clone(column),
            None => Arc::new(Date32Array::from(vec![day; batch.num_rows()])),
        };
        cast(&column, field.data_type())
    });
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    RecordBatch::try_new(Arc::clone(&schema), columns)
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
fn properties(table: LakeTable) -> WriterPropertiesBuilder {
    let level = ZstdLevel::try_new(1).unwrap_or_default();
    let builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_statistics_enabled(EnabledStatistics::Chunk);
    table
        .without_dictionary()
        .iter()
        .fold(builder, |builder, name| {
            let builder = builder.set_column_dictionary_enabled(ColumnPath::from(*name), false);
            if table.indexed().is_empty() || table.indexed().contains(name) {
                return builder;
            }
            // The least and greatest of values that hardly repeat tell nothing.
            builder.set_column_statistics_enabled(ColumnPath::from(*name), EnabledStatistics::None)
        })
}

/// Rows of a row group: 131,072, so that a reader who wants an hour of a day skips most of it, and little is held. Chosen.
const ROW_GROUP_ROWS: usize = 128 << 10;

/// Bytes of a row group: 32 MiB, for rows that are larger than usual. Chosen.
const ROW_GROUP_BYTES: usize = 32 << 20;

/// Bytes of a page: 256 KiB, a quarter of what is usual, since one of each column is held while reading and while writing.
/// Chosen.
const PAGE_BYTES: usize = 256 << 10;

/// The same for files of any size, of which only a part is ever held.
pub(super) fn bounded_properties(table: LakeTable) -> WriterProperties {
    properties(table)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_max_row_group_bytes(Some(ROW_GROUP_BYTES))
        .set_data_page_size_limit(PAGE_BYTES)
        .build()
}
