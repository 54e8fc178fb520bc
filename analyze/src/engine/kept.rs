//! A view whose rows are made at most once per engine, because several others read them.
//!
//! The rows stay in memory while the engine's budget has room, and go to disk where it has none. They are made when the
//! view is first scanned, so that a query that does not need them does not pay for them.

use std::fmt;
use std::sync::Arc;

use arrow::array::{RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use arrow::datatypes::{Field, Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::Session;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::datasource::{TableProvider, TableType};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, SpillFile, TaskContext};
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::physical_plan::metrics::{ExecutionPlanMetricsSet, SpillMetrics};
use datafusion::physical_plan::spill::{SpillManager, get_record_batch_memory_size};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use datafusion::physical_plan::{ExecutionPlan, execute_stream_partitioned};
use futures::StreamExt;
use tokio::sync::OnceCell;
use tokio::task::JoinSet;

/// Rows below which a batch is copied before it is kept. Chosen: an eighth of what a batch can have.
const SMALL_BATCH_ROWS: u32 = 1024;

/// A view that keeps its rows.
pub(super) struct KeptView {
    name: String,
    plan: LogicalPlan,
    schema: SchemaRef,
    parts: OnceCell<Vec<Arc<Part>>>,
}

impl KeptView {
    /// The view `name` of an analyzed plan.
    pub(super) fn new(name: &str, plan: LogicalPlan) -> Self {
        // Whether a column may be NULL can change while a plan is optimized; its rows are kept as if all could be.
        let fields: Vec<Field> = plan
            .schema()
            .fields()
            .iter()
            .map(|field| field.as_ref().clone().with_nullable(true))
            .collect();
        Self {
            name: name.to_owned(),
            plan,
            schema: Arc::new(Schema::new(fields)),
            parts: OnceCell::new(),
        }
    }

    async fn parts(&self, state: &dyn Session) -> Result<&Vec<Arc<Part>>> {
        self.parts
            .get_or_try_init(|| make(&self.name, &self.plan, &self.schema, state))
            .await
    }

    async fn plan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let parts = self.parts(state).await?;
        let in_memory: Option<Vec<Vec<RecordBatch>>> =
            parts.iter().map(|part| part.in_memory()).collect();
        if let Some(batches) = in_memory {
            return Ok(MemorySourceConfig::try_new_exec(
                &batches,
                Arc::clone(&self.schema),
                projection.cloned(),
            )?);
        }
        let streams = parts
            .iter()
            .map(|part| Arc::clone(part) as Arc<dyn PartitionStream>)
            .collect();
        Ok(Arc::new(StreamingTableExec::try_new(
            Arc::clone(&self.schema),
            streams,
            projection,
            [],
            false,
            limit,
        )?))
    }
}

impl fmt::Debug for KeptView {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("KeptView")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl TableProvider for KeptView {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::View
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        self.plan(state, projection, limit).await
    }
}

async fn make(
    name: &str,
    plan: &LogicalPlan,
    schema: &SchemaRef,
    state: &dyn Session,
) -> Result<Vec<Arc<Part>>> {
    let physical = state.create_physical_plan(plan).await?;
    let context = state.task_ctx();
    let mut tasks = JoinSet::new();
    for (index, stream) in execute_stream_partitioned(physical, Arc::clone(&context))?
        .into_iter()
        .enumerate()
    {
        let part = PartInTheMaking::new(name, schema, &context);
        tasks.spawn(async move { Ok::<_, DataFusionError>((index, part.fill(stream).await?)) });
    }
    let mut parts = Vec::new();
    while let Some(part) = tasks.join_next().await {
        parts.push(part.map_err(|error| DataFusionError::ExecutionJoin(Box::new(error)))??);
    }
    parts.sort_by_key(|(index, _)| *index);
    Ok(parts.into_iter().map(|(_, part)| Arc::new(part)).collect())
}

/// The rows of one partition, in memory or on disk.
struct Part {
    schema: SchemaRef,
    rows: Kept,
    /// Holds the memory of the rows, as long as they are there.
    _reservation: MemoryReservation,
}

enum Kept {
    Memory(Vec<RecordBatch>),
    Disk {
        manager: SpillManager,
        file: Option<Arc<dyn SpillFile>>,
    },
}

impl fmt::Debug for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match self.rows {
            Kept::Memory(_) => "memory",
            Kept::Disk { .. } => "disk",
        };
        formatter
            .debug_struct("Part")
            .field("rows", &place)
            .finish_non_exhaustive()
    }
}

impl Part {
    fn in_memory(&self) -> Option<Vec<RecordBatch>> {
        match &self.rows {
            Kept::Memory(batches) => Some(batches.clone()),
            Kept::Disk { .. } => None,
        }
    }

    fn stream(&self) -> Result<SendableRecordBatchStream> {
        let batches = match &self.rows {
            Kept::Memory(batches) => batches.clone(),
            Kept::Disk {
                manager,
                file: Some(file),
            } => return manager.read_spill_as_stream(Arc::clone(file), None),
            Kept::Disk { file: None, .. } => Vec::new(),
        };
        let batches = futures::stream::iter(batches.into_iter().map(Ok));
        Ok(Box::pin(RecordBatchStreamAdapter::new(
            Arc::clone(&self.schema),
            batches,
        )))
    }
}

impl PartitionStream for Part {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _context: Arc<TaskContext>) -> SendableRecordBatchStream {
        self.stream().unwrap_or_else(|error| {
            let failed = futures::stream::once(async move { Err(error) });
            Box::pin(RecordBatchStreamAdapter::new(
                Arc::clone(&self.schema),
                failed,
            ))
        })
    }
}

/// A part while its rows come in.
struct PartInTheMaking {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    reservation: MemoryReservation,
    manager: SpillManager,
}

impl PartInTheMaking {
    fn new(name: &str, schema: &SchemaRef, context: &TaskContext) -> Self {
        let runtime = context.runtime_env();
        let metrics = SpillMetrics::new(&ExecutionPlanMetricsSet::new(), 0);
        Self {
            schema: Arc::clone(schema),
            batches: Vec::new(),
            reservation: MemoryConsumer::new(format!("view {name}")).register(&runtime.memory_pool),
            manager: SpillManager::new(runtime, metrics, Arc::clone(schema)),
        }
    }

    async fn fill(mut self, mut stream: SendableRecordBatchStream) -> Result<Part> {
        while let Some(batch) = stream.next().await {
            let batch = self.fitted(&batch?)?;
            if batch.num_rows() == 0 {
                continue;
            }
            if self
                .reservation
                .try_grow(get_record_batch_memory_size(&batch))
                .is_err()
            {
                return self.fill_on_disk(batch, stream).await;
            }
            self.batches.push(batch);
        }
        Ok(Part {
            schema: self.schema,
            rows: Kept::Memory(self.batches),
            _reservation: self.reservation,
        })
    }

    async fn fill_on_disk(
        mut self,
        next: RecordBatch,
        mut stream: SendableRecordBatchStream,
    ) -> Result<Part> {
        let mut file = self.manager.create_in_progress_file("rows of a view")?;
        for batch in std::mem::take(&mut self.batches).into_iter().chain([next]) {
            file.append_batch(&batch)?;
        }
        self.reservation.free();
        while let Some(batch) = stream.next().await {
            file.append_batch(&self.fitted(&batch?)?)?;
        }
        let rows = Kept::Disk {
            file: file.finish()?,
            manager: self.manager,
        };
        Ok(Part {
            schema: self.schema,
            rows,
            _reservation: self.reservation,
        })
    }

    /// The batch with the view's schema, a small one in buffers no larger than its rows: an operator makes them for the
    /// thousands of rows that a batch can have.
    fn fitted(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let rows = u32::try_from(batch.num_rows()).unwrap_or(u32::MAX);
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), batch.columns().to_vec())?;
        if rows >= SMALL_BATCH_ROWS {
            return Ok(batch);
        }
        let all: UInt32Array = (0..rows).collect();
        Ok(take_record_batch(&batch, &all)?)
    }
}

#[cfg(test)]
mod tests;
