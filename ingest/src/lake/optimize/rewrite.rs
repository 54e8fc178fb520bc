//! Rows of some files into new files: read as a stream, sorted where the table has an order, written as they come.
//!
//! What is held is bounded: sorting spills to the disk (see [`session`]), and a row group of a new file is closed early.

use arrow::array::RecordBatch;
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::logical_expr::col;
use deltalake_core::DeltaTable;
use deltalake_core::kernel::Add;
use deltalake_core::writer::{DeltaWriter as _, RecordBatchWriter};
use futures::StreamExt as _;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::plan::{Bin, File};
use crate::lake::{LakeTable, discard, files, scan, session};
use crate::{Error, Progress};

/// Rows on their way from the reader to the writer.
type Batches = mpsc::Receiver<Result<RecordBatch, DataFusionError>>;

/// Writes the rows of each bin to a file, without making it part of the table.
pub(super) async fn rewrite(
    table: LakeTable,
    opened: &DeltaTable,
    bins: &[Bin],
    progress: &dyn Progress,
) -> Result<Vec<Add>, Error> {
    let mut adds = Vec::new();
    for bin in bins {
        match merge(table, opened, bin).await {
            Ok(new) => adds.extend(new),
            Err(error) => {
                discard(opened, &adds).await;
                return Err(error);
            }
        }
        progress.advance(u64::try_from(bin.len()).unwrap_or(u64::MAX));
    }
    Ok(adds)
}

/// One file of the rows of a bin; in no order if single rows are so large that sorting them does not fit into memory.
async fn merge(table: LakeTable, opened: &DeltaTable, bin: &Bin) -> Result<Vec<Add>, Error> {
    match copy(table, opened, bin, table.order()).await {
        Err(Error::Scan { source, .. }) if is_exhausted(&source) => {
            copy(table, opened, bin, None).await
        }
        outcome => outcome,
    }
}

fn is_exhausted(error: &DataFusionError) -> bool {
    matches!(error.find_root(), DataFusionError::ResourcesExhausted(_))
}

async fn copy(
    table: LakeTable,
    opened: &DeltaTable,
    bin: &Bin,
    order: Option<&str>,
) -> Result<Vec<Add>, Error> {
    let (batches, reader) = ahead(read(table, opened, bin, order).await?);
    let (mut adds, found) = write(table, opened, batches).await?;
    if reader.await.is_err() {
        discard(opened, &adds).await;
        return Err(Error::Writer {
            table: table.name(),
        });
    }
    let expected: Option<usize> = bin.iter().map(File::rows).sum();
    if let Some(expected) = expected.filter(|&expected| expected != found) {
        discard(opened, &adds).await;
        return Err(Error::Miscounted {
            table: table.name(),
            expected,
            found,
        });
    }
    for add in &mut adds {
        add.data_change = false;
    }
    Ok(adds)
}

/// The rows of the bin, sorted by a column.
async fn read(
    table: LakeTable,
    opened: &DeltaTable,
    bin: &Bin,
    order: Option<&str>,
) -> Result<SendableRecordBatchStream, Error> {
    let failed = |error| Error::scan(table)(error);
    let schema = table.schema();
    let names: Vec<&str> = schema
        .fields()
        .iter()
        .map(|field| field.name().as_str())
        .collect();
    let session = session::session().map_err(failed)?;
    let provider = session::files(&session, opened, bin.iter().map(File::path))
        .await
        .map_err(failed)?;
    let mut frame = session
        .read_table(provider)
        .and_then(|frame| frame.select_columns(&names))
        .map_err(failed)?;
    if let Some(name) = order {
        let order = vec![col(name).sort(true, false)];
        frame = frame.sort(order).map_err(failed)?;
    }
    frame.execute_stream().await.map_err(failed)
}

/// The same rows, read on a thread of their own while others are written.
fn ahead(mut stream: SendableRecordBatchStream) -> (Batches, JoinHandle<()>) {
    let (sender, receiver) = mpsc::channel(2);
    let reader = tokio::spawn(async move {
        while let Some(batch) = stream.next().await {
            if sender.send(batch).await.is_err() {
                break;
            }
        }
    });
    (receiver, reader)
}

/// New files of the rows, and how many rows they are.
async fn write(
    table: LakeTable,
    opened: &DeltaTable,
    mut batches: Batches,
) -> Result<(Vec<Add>, usize), Error> {
    let failed = |error| Error::table(table, "write")(error);
    let schema = table.schema();
    let mut writer = RecordBatchWriter::for_table(opened)
        .map_err(failed)?
        .with_writer_properties(files::bounded_properties(table));
    let mut rows = 0;
    while let Some(batch) = batches.recv().await {
        let batch = batch.map_err(Error::scan(table))?;
        let batch = scan::conform(&batch, &schema).map_err(Error::rows(table))?;
        rows += batch.num_rows();
        writer.write(batch).await.map_err(failed)?;
    }
    Ok((writer.flush().await.map_err(failed)?, rows))
}
