//! Rows out of a table, as a stream of some of its columns or all at once.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::cast;
use arrow::datatypes::SchemaRef;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::logical_expr::Expr;
use datafusion::prelude::{SessionConfig, SessionContext};
use deltalake_core::DeltaTable;
use futures::TryStreamExt as _;

use super::LakeTable;
use crate::Error;

/// The given columns of the rows that fit `filter`, in no order, as they come.
pub(crate) async fn scan(
    table: LakeTable,
    opened: &DeltaTable,
    columns: &[&str],
    filter: Option<Expr>,
) -> Result<SendableRecordBatchStream, Error> {
    let provider = opened.table_provider().await.map_err(Error::scan(table))?;
    let session = SessionContext::new_with_config(SessionConfig::new());
    let mut frame = session.read_table(provider).map_err(Error::scan(table))?;
    if let Some(filter) = filter {
        frame = frame.filter(filter).map_err(Error::scan(table))?;
    }
    frame
        .select_columns(columns)
        .map_err(Error::scan(table))?
        .execute_stream()
        .await
        .map_err(Error::scan(table))
}

/// All rows of the table, with the types of its schema.
pub(crate) async fn rows(table: LakeTable, opened: &DeltaTable) -> Result<Vec<RecordBatch>, Error> {
    let schema = table.schema();
    let names: Vec<&str> = schema
        .fields()
        .iter()
        .map(|field| field.name().as_str())
        .collect();
    let batches: Vec<RecordBatch> = scan(table, opened, &names, None)
        .await?
        .try_collect()
        .await
        .map_err(Error::scan(table))?;
    batches
        .iter()
        .map(|batch| conform(batch, &schema).map_err(Error::rows(table)))
        .collect()
}

/// The batch with the types of `schema`: readers give views and dictionaries where they are quicker.
pub(crate) fn conform(
    batch: &RecordBatch,
    schema: &SchemaRef,
) -> Result<RecordBatch, arrow::error::ArrowError> {
    let columns = schema
        .fields()
        .iter()
        .zip(batch.columns())
        .map(|(field, column)| cast(column, field.data_type()))
        .collect::<Result<Vec<_>, _>>()?;
    RecordBatch::try_new(Arc::clone(schema), columns)
}
