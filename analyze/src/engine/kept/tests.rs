//! That rows are kept, and that it does not matter where.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::{ArrayRef, AsArray, Int64Array};
use arrow::datatypes::Int64Type;
use datafusion::logical_expr::{ColumnarValue, Volatility, create_udf};
use datafusion::prelude::SessionContext;

use super::*;
use crate::engine::session::new_session;
use crate::options::Options;

/// A context with the view `numbers` (0..rows) and a count of how many batches were made for it.
async fn numbers(rows: i64, memory_bytes: usize) -> (SessionContext, Arc<AtomicUsize>) {
    let mut options = Options::new("2026-10-01T00:00:00Z".parse().unwrap());
    options.memory_bytes = memory_bytes;
    options.partitions = NonZero::new(2).unwrap();
    let context = new_session(&options).unwrap();
    let made = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&made);
    let watched = create_udf(
        "watched",
        vec![arrow::datatypes::DataType::Int64],
        arrow::datatypes::DataType::Int64,
        Volatility::Volatile,
        Arc::new(move |arguments: &[ColumnarValue]| {
            counter.fetch_add(1, Ordering::Relaxed);
            Ok(arguments[0].clone())
        }),
    );
    context.register_udf(watched);
    let text = format!(
        "SELECT watched(value) AS number, CAST(value AS TEXT) AS name FROM range(0, {rows})"
    );
    let plan = context.state().create_logical_plan(&text).await.unwrap();
    context
        .register_table("numbers", Arc::new(KeptView::new("numbers", plan)))
        .unwrap();
    (context, made)
}

async fn sum(context: &SessionContext) -> i64 {
    let batches = context
        .sql("SELECT sum(number) AS sum FROM numbers WHERE name <> '0'")
        .await
        .unwrap()
        .collect()
        .await
        .unwrap();
    let sums: &Int64Array = batches[0].column(0).as_primitive::<Int64Type>();
    sums.value(0)
}

#[tokio::test]
async fn rows_are_made_once() {
    let (context, made) = numbers(100, 64 << 20).await;
    assert_eq!(sum(&context).await, 4950);
    let batches = made.load(Ordering::Relaxed);
    assert_eq!(sum(&context).await, 4950);
    assert!(batches > 0);
    assert_eq!(made.load(Ordering::Relaxed), batches);
}

#[tokio::test]
async fn rows_beyond_the_budget_are_the_same_from_disk() {
    let (context, _) = numbers(200_000, 2 << 20).await;
    assert_eq!(sum(&context).await, 19_999_900_000);
    let runtime = context.runtime_env();
    assert!(
        runtime.disk_manager.used_disk_space() > 0,
        "nothing was spilled"
    );
    assert_eq!(sum(&context).await, 19_999_900_000);
}

#[tokio::test]
async fn a_view_without_rows_is_empty() {
    let (context, _) = numbers(0, 64 << 20).await;
    let batches = context
        .sql("SELECT name FROM numbers")
        .await
        .unwrap()
        .collect()
        .await
        .unwrap();
    assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 0);
}

#[tokio::test]
async fn a_failing_view_fails_its_query() {
    let context = new_session(&Options::new("2026-10-01T00:00:00Z".parse().unwrap())).unwrap();
    let plan = context
        .state()
        .create_logical_plan("SELECT 1 / CAST(column1 AS BIGINT) AS x FROM (VALUES ('0'))")
        .await
        .unwrap();
    context
        .register_table("broken", Arc::new(KeptView::new("broken", plan)))
        .unwrap();
    let rows: Result<Vec<ArrayRef>> = match context.sql("SELECT x FROM broken").await {
        Ok(frame) => frame.collect().await.map(|batches| {
            batches
                .into_iter()
                .map(|batch| Arc::clone(batch.column(0)))
                .collect()
        }),
        Err(error) => Err(error),
    };
    assert!(rows.unwrap_err().to_string().contains("Divide by zero"));
}
