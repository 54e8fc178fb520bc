//! A session with our options and functions, and the tables of a lake in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use curtail_ingest::{Lake, LakeTable};
use datafusion::datasource::MemTable;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use deltalake_core::DeltaTable;

use crate::options::Options;
use crate::{Error, udf};

/// The tables whose rows decide an analysis; the others are its results, or say how the rows came in.
const INPUTS: [LakeTable; 4] = [
    LakeTable::Events,
    LakeTable::Quarantine,
    LakeTable::Snapshots,
    LakeTable::Verifications,
];

/// A session without tables.
///
/// # Errors
/// [`Error::Query`] if the engine refuses the options, for example because the spill directory cannot be made.
pub(crate) fn new_session(options: &Options) -> Result<SessionContext, Error> {
    let mut runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(FairSpillPool::new(options.memory_bytes)));
    if let Some(directory) = &options.spill_directory {
        runtime = runtime.with_temp_file_path(directory);
    }
    let runtime = runtime.build_arc().map_err(Error::query)?;
    let config = SessionConfig::new()
        .with_target_partitions(options.partitions.get())
        .with_information_schema(true)
        // One kind of text everywhere: what is kept, spilled, compared and written has the types of the lake's schema.
        .set_bool(
            "datafusion.execution.parquet.schema_force_view_types",
            false,
        )
        .set_bool("datafusion.sql_parser.map_string_types_to_utf8view", false);
    let mut context = SessionContext::new_with_config_rt(config, runtime);
    udf::register(&mut context).map_err(Error::query)?;
    Ok(context)
}

/// Adds every table of the lake, at its wanted or newest version; empty where the lake lacks it. Returns the versions
/// of those that decide an analysis.
///
/// # Errors
/// [`Error::Lake`] or [`Error::Query`] if a table cannot be read.
pub(super) async fn add_lake(
    context: &SessionContext,
    lake: &Lake,
    options: &Options,
) -> Result<BTreeMap<String, i64>, Error> {
    let mut versions = BTreeMap::new();
    for table in LakeTable::ALL {
        let wanted = options.table_versions.get(table.name());
        let opened = match wanted {
            Some(version) => Some(lake.table_at(table, *version).await.map_err(Error::lake)?),
            None => lake.table(table).await.map_err(Error::lake)?,
        };
        let Some(opened) = opened else {
            add_batch(
                context,
                table.name(),
                RecordBatch::new_empty(table.schema()),
            )?;
            continue;
        };
        if INPUTS.contains(&table) {
            let version = opened
                .version()
                .and_then(|version| i64::try_from(version).ok());
            versions.insert(table.name().to_owned(), version.unwrap_or(0));
        }
        add_delta(context, table, &opened).await?;
    }
    Ok(versions)
}

async fn add_delta(
    context: &SessionContext,
    table: LakeTable,
    opened: &DeltaTable,
) -> Result<(), Error> {
    let state = context.state();
    opened
        .update_datafusion_session(&state)
        .map_err(|error| Error::view(table.name())(error.into()))?;
    let provider = opened
        .table_provider()
        .with_session(Arc::new(state))
        .await
        .map_err(Error::view(table.name()))?;
    context
        .register_table(table.name(), provider)
        .map_err(Error::view(table.name()))?;
    Ok(())
}

/// Adds a table of rows in memory.
///
/// # Errors
/// [`Error::View`] if the rows do not fit together; that is our bug.
pub(crate) fn add_batch(
    context: &SessionContext,
    name: &str,
    batch: RecordBatch,
) -> Result<(), Error> {
    let table = MemTable::try_new(batch.schema(), vec![vec![batch]]).map_err(Error::view(name))?;
    context
        .register_table(name, Arc::new(table))
        .map_err(Error::view(name))?;
    Ok(())
}
