//! Results into the lake: the tables `grants`, `usage` and `findings`.
//!
//! Nothing is written that is there already, so that an analysis run twice leaves the lake as it was.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray, new_null_array};
use arrow::compute::{cast, concat_batches, filter_record_batch};
use arrow::datatypes::{DataType, TimeUnit};
use arrow::error::ArrowError;
use arrow::row::{OwnedRow, RowConverter, SortField};
use curtail_ingest::{Lake, LakeTable};
use jiff::Timestamp;

use crate::Error;
use crate::analysis::Finding;

/// Rows of `table`, with its columns in its order and types; a column that is not given is NULL.
///
/// # Errors
/// [`Error::Rows`] if a column cannot have its type; that is our bug.
pub(crate) fn batch(
    table: LakeTable,
    columns: &BTreeMap<&str, ArrayRef>,
) -> Result<RecordBatch, Error> {
    let schema = table.schema();
    let rows = columns.values().next().map_or(0, |column| column.len());
    let fitted: Result<Vec<ArrayRef>, ArrowError> = schema
        .fields()
        .iter()
        .map(|field| match columns.get(field.name().as_str()) {
            Some(column) => cast(column, field.data_type()),
            None => Ok(new_null_array(field.data_type(), rows)),
        })
        .collect();
    fitted
        .and_then(|columns| RecordBatch::try_new(schema, columns))
        .map_err(Error::rows(table.name()))
}

/// Rows of a view as rows of `table`, by column name.
///
/// # Errors
/// [`Error::Rows`] if they do not fit; that is our bug.
pub(crate) fn rows_of_view(
    table: LakeTable,
    batches: &[RecordBatch],
) -> Result<RecordBatch, Error> {
    let mut fitted = Vec::with_capacity(batches.len());
    for rows in batches {
        let schema = rows.schema();
        let names = schema.fields().iter().map(|field| field.name().as_str());
        fitted.push(batch(
            table,
            &names.zip(rows.columns().iter().cloned()).collect(),
        )?);
    }
    sorted(&concat_batches(&table.schema(), &fitted).map_err(Error::rows(table.name()))?)
        .map_err(Error::rows(table.name()))
}

/// Makes `rows` the rows of `table`, unless they are.
///
/// # Errors
/// [`Error::Lake`] if the table cannot be read or written.
pub(crate) async fn replace(lake: &Lake, table: LakeTable, rows: RecordBatch) -> Result<(), Error> {
    if !is_there(&lake.rows(table).await.map_err(Error::lake)?, &rows)
        .map_err(Error::rows(table.name()))?
    {
        lake.overwrite(table, vec![rows])
            .await
            .map_err(Error::lake)?;
    }
    Ok(())
}

/// Makes `findings` the findings of the run `run_id`, unless they are.
///
/// # Errors
/// [`Error::Lake`] if the table cannot be read or written.
pub(crate) async fn replace_findings(
    lake: &Lake,
    run_id: &str,
    as_of: Timestamp,
    findings: &[Finding],
) -> Result<(), Error> {
    let rows = findings_rows(run_id, as_of, findings)?;
    let mut held = Vec::new();
    for batch in lake.rows(LakeTable::Findings).await.map_err(Error::lake)? {
        held.push(of_run(&batch, run_id).map_err(Error::rows(LakeTable::Findings.name()))?);
    }
    if !is_there(&held, &rows).map_err(Error::rows(LakeTable::Findings.name()))? {
        lake.overwrite_partition(LakeTable::Findings, run_id, vec![rows])
            .await
            .map_err(Error::lake)?;
    }
    Ok(())
}

fn findings_rows(
    run_id: &str,
    as_of: Timestamp,
    findings: &[Finding],
) -> Result<RecordBatch, Error> {
    let text = |value: &dyn Fn(&Finding) -> Option<String>| -> ArrayRef {
        Arc::new(findings.iter().map(value).collect::<StringArray>())
    };
    let time =
        arrow::array::TimestampMicrosecondArray::from(vec![as_of.as_microsecond(); findings.len()]);
    batch(
        LakeTable::Findings,
        &BTreeMap::from([
            ("run_id", text(&|_| Some(run_id.to_owned()))),
            (
                "finding_id",
                text(&|finding| Some(finding.finding_id.clone())),
            ),
            ("agent", text(&|finding| Some(finding.agent.clone()))),
            ("role_arn", text(&|finding| Some(finding.role_arn.clone()))),
            ("action", text(&|finding| finding.action.clone())),
            ("category", text(&|finding| Some(finding.category.clone()))),
            (
                "severity",
                text(&|finding| Some(finding.severity.as_str().to_owned())),
            ),
            ("title", text(&|finding| Some(finding.title.clone()))),
            (
                "evidence",
                text(&|finding| Some(finding.evidence.to_string())),
            ),
            ("query", text(&|finding| Some(finding.query.clone()))),
            ("as_of", Arc::new(time.with_timezone("UTC")) as ArrayRef),
        ]),
    )
}

fn of_run(batch: &RecordBatch, run_id: &str) -> Result<RecordBatch, ArrowError> {
    let ids = batch
        .column_by_name("run_id")
        .ok_or_else(|| ArrowError::SchemaError("no column `run_id`".to_owned()))?;
    let ids = cast(ids, &DataType::Utf8)?;
    let wanted = arrow::compute::kernels::cmp::eq(&ids, &StringArray::new_scalar(run_id))?;
    filter_record_batch(batch, &wanted)
}

/// Whether both are the same rows, in whatever order.
fn is_there(held: &[RecordBatch], rows: &RecordBatch) -> Result<bool, ArrowError> {
    let count: usize = held.iter().map(RecordBatch::num_rows).sum();
    if count != rows.num_rows() {
        return Ok(false);
    }
    Ok(comparable(held)? == comparable(std::slice::from_ref(rows))?)
}

/// The rows in a form that compares, sorted.
fn comparable(batches: &[RecordBatch]) -> Result<Vec<OwnedRow>, ArrowError> {
    let Some(first) = batches.first() else {
        return Ok(Vec::new());
    };
    let fields = first
        .schema()
        .fields()
        .iter()
        .map(|field| SortField::new(plain(field.data_type())))
        .collect();
    let converter = RowConverter::new(fields)?;
    let mut rows = Vec::new();
    for batch in batches {
        let columns = batch
            .columns()
            .iter()
            .map(|column| cast(column, &plain(column.data_type())))
            .collect::<Result<Vec<_>, _>>()?;
        rows.extend(
            converter
                .convert_columns(&columns)?
                .iter()
                .map(|row| row.owned()),
        );
    }
    rows.sort();
    Ok(rows)
}

/// One type for all that hold the same values.
fn plain(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Dictionary(_, values) => plain(values),
        DataType::Utf8View | DataType::LargeUtf8 => DataType::Utf8,
        DataType::Timestamp(_, Some(_)) => {
            DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
        }
        other => other.clone(),
    }
}

/// The rows by all their columns, from left to right.
fn sorted(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let columns: Vec<arrow::compute::SortColumn> = batch
        .columns()
        .iter()
        .map(|values| arrow::compute::SortColumn {
            values: Arc::clone(values),
            options: None,
        })
        .collect();
    if columns.is_empty() || batch.num_rows() == 0 {
        return Ok(batch.clone());
    }
    let order = arrow::compute::lexsort_to_indices(&columns, None)?;
    arrow::compute::take_record_batch(batch, &order)
}
