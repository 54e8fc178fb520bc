//! The tables of what roles come to, made when one of them is first scanned: most queries need none of them.
//!
//! In: the snapshot, the roles of the agents, and the view `observed_compute`. Out: the tables of
//! [`super::reference::reach_tables`], which one pass makes together.

use std::collections::BTreeSet;
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

use super::reference::reach_tables;
use crate::agents::Agent;
use crate::inventory::Inventory;
use crate::reach::{Reach, reach};
use crate::{Error, read};

const OBSERVED: &str = "observed_compute";

/// Adds the tables.
///
/// # Errors
/// [`Error::View`] if the view of observed compute cannot be planned.
pub(super) async fn add_reach(
    context: &SessionContext,
    inventory: &Arc<Inventory>,
    agents: &[Agent],
) -> std::result::Result<(), Error> {
    let observed = context
        .table(OBSERVED)
        .await
        .map_err(Error::view(OBSERVED))?;
    let bindings = agents.iter().flat_map(|agent| &agent.bindings);
    let source = Arc::new(Source {
        inventory: Arc::clone(inventory),
        roles: bindings.map(|binding| binding.role.clone()).collect(),
        observed: observed.into_unoptimized_plan(),
        tables: OnceCell::new(),
    });
    for (index, (name, empty)) in reach_tables(&Reach::default())?.into_iter().enumerate() {
        let table = ReachTable {
            index,
            schema: empty.schema(),
            source: Arc::clone(&source),
        };
        context
            .register_table(name, Arc::new(table))
            .map_err(Error::view(name))?;
    }
    Ok(())
}

/// What the tables are made from.
struct Source {
    inventory: Arc<Inventory>,
    /// The roles of the agents.
    roles: BTreeSet<String>,
    observed: LogicalPlan,
    /// In the order of [`reach_tables`].
    tables: OnceCell<Vec<RecordBatch>>,
}

impl Source {
    async fn tables(&self, state: &dyn Session) -> Result<&Vec<RecordBatch>> {
        self.tables.get_or_try_init(|| self.make(state)).await
    }

    async fn make(&self, state: &dyn Session) -> Result<Vec<RecordBatch>> {
        let physical = state.create_physical_plan(&self.observed).await?;
        let batches = collect(physical, state.task_ctx()).await?;
        let observed = observed(&batches).map_err(external)?;
        let (inventory, roles) = (Arc::clone(&self.inventory), self.roles.clone());
        let work = tokio::task::spawn_blocking(move || {
            reach_tables(&reach(&inventory, &roles, &observed))
        });
        let tables = work
            .await
            .map_err(|error| DataFusionError::ExecutionJoin(Box::new(error)))?;
        Ok(tables
            .map_err(external)?
            .into_iter()
            .map(|(_, rows)| rows)
            .collect())
    }
}

fn external(error: Error) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

/// Compute and role of each row, sorted.
fn observed(batches: &[RecordBatch]) -> std::result::Result<Vec<(String, String)>, Error> {
    let mut rows = Vec::new();
    for batch in batches {
        let columns = read::Columns {
            view: OBSERVED,
            batch,
        };
        let [compute, role] = columns.text_columns(["compute_arn", "role_arn"])?;
        rows.extend(
            columns
                .rows()
                .map(|row| (compute.owned(row), role.owned(row))),
        );
    }
    rows.sort();
    Ok(rows)
}

/// One of the tables.
struct ReachTable {
    index: usize,
    schema: SchemaRef,
    source: Arc<Source>,
}

impl fmt::Debug for ReachTable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ReachTable")
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl TableProvider for ReachTable {
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
        let tables = self.source.tables(state).await?;
        let rows: Vec<RecordBatch> = tables.get(self.index).cloned().into_iter().collect();
        Ok(MemorySourceConfig::try_new_exec(
            &[rows],
            Arc::clone(&self.schema),
            projection.cloned(),
        )?)
    }
}
