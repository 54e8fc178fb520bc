//! A session of the engine with a bound on its memory, over some files of a table.

use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::error::DataFusionError;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use deltalake_core::DeltaTable;
use url::Url;

/// What sorting and grouping may hold before they spill, in bytes: 64 MiB. Chosen: reading and writing some 66 columns takes
/// more than that beside it.
const MEMORY_BYTES: usize = 64 << 20;

/// What is kept aside for merging what was spilled, in bytes: 16 MiB, some batches of each of its parts. Chosen.
const MERGE_BYTES: usize = 16 << 20;

/// Rows that are handled at a time: 1,024, since rows of `events` are some kilobytes of text. Chosen.
const BATCH_ROWS: usize = 1024;

/// A session that spills to the system's directory for temporary files what exceeds its memory.
pub(super) fn session() -> Result<SessionContext, DataFusionError> {
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(FairSpillPool::new(MEMORY_BYTES)))
        .build_arc()?;
    let config = SessionConfig::new()
        .with_target_partitions(1)
        .with_batch_size(BATCH_ROWS)
        .with_sort_spill_reservation_bytes(MERGE_BYTES)
        // What is spilled and written has the types of the lake's schema.
        .set_bool(
            "datafusion.execution.parquet.schema_force_view_types",
            false,
        )
        .set_bool("datafusion.sql_parser.map_string_types_to_utf8view", false);
    Ok(SessionContext::new_with_config_rt(config, runtime))
}

/// Those files of the table whose paths, relative to it, are given.
pub(super) async fn files(
    session: &SessionContext,
    opened: &DeltaTable,
    paths: impl IntoIterator<Item = String>,
) -> Result<Arc<dyn TableProvider>, DataFusionError> {
    let state = session.state();
    opened.update_datafusion_session(&state)?;
    let root = opened.table_url();
    opened
        .table_provider()
        .with_session(Arc::new(state))
        .with_file_paths(paths.into_iter().map(|path| below(root, &path)))
        .await
}

/// The URL of a file of the table; a folder of a partition may have a percent sign of its own.
fn below(root: &Url, path: &str) -> String {
    let mut url = root.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path.split('/'));
    }
    url.to_string()
}
