//! A table whose rows Rust makes when it is first read, from the rows of a view or from nothing.
//!
//! They are made once per engine, so that a query that does not ask for them does not pay for them.

use std::fmt;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::Session;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::datasource::{TableProvider, TableType};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::physical_plan::{ExecutionPlan, collect};
use datafusion::prelude::SessionContext;
use tokio::sync::OnceCell;

use crate::Error;

/// Makes the rows of a table from those of its input, on a thread that may block.
pub(super) type Make = dyn Fn(&[RecordBatch]) -> Result<RecordBatch, Error> + Send + Sync;

/// Adds the table `name`, with the columns of `empty`, made by `make` from the rows of the view `input`, if any.
///
/// # Errors
/// [`Error::View`] if there is no such view, or a table of that name.
pub(super) async fn add_computed(
    context: &SessionContext,
    name: &'static str,
    empty: &RecordBatch,
    input: Option<&str>,
    make: Arc<Make>,
) -> Result<(), Error> {
    let input = match input {
        Some(view) => {
            let table = context.table(view).await.map_err(Error::view(view))?;
            Some(table.logical_plan().clone())
        }
        None => None,
    };
    let table = ComputedTable {
        name,
        schema: empty.schema(),
        input,
        make,
        rows: OnceCell::new(),
    };
    context
        .register_table(name, Arc::new(table))
        .map_err(Error::view(name))?;
    Ok(())
}

struct ComputedTable {
    name: &'static str,
    schema: SchemaRef,
    input: Option<LogicalPlan>,
    make: Arc<Make>,
    rows: OnceCell<RecordBatch>,
}

impl ComputedTable {
    async fn rows(&self, state: &dyn Session) -> Result<&RecordBatch> {
        self.rows.get_or_try_init(|| self.made(state)).await
    }

    async fn made(&self, state: &dyn Session) -> Result<RecordBatch> {
        let input = match &self.input {
            Some(plan) => {
                let physical = state.create_physical_plan(plan).await?;
                collect(physical, state.task_ctx()).await?
            }
            None => Vec::new(),
        };
        let make = Arc::clone(&self.make);
        tokio::task::spawn_blocking(move || make(&input))
            .await
            .map_err(|error| DataFusionError::ExecutionJoin(Box::new(error)))?
            .map_err(|error| DataFusionError::External(Box::new(error)))
    }
}

impl fmt::Debug for ComputedTable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ComputedTable")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl TableProvider for ComputedTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        _limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let rows = self.rows(state).await?.clone();
        Ok(MemorySourceConfig::try_new_exec(
            &[vec![rows]],
            Arc::clone(&self.schema),
            projection.cloned(),
        )?)
    }
}
