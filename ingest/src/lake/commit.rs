//! One commit of a table's transaction log, made on exactly the version that was read.
//!
//! INVARIANT: a commit lands directly after the version that `opened` holds, or not at all. Whoever de-duplicates
//! against that version can therefore rely on it: no other writer's rows came in between, whoever that writer is. Each
//! commit also carries an application transaction (`txn`), by which other engines see a conflict with ours.
//!
//! Source: Delta Lake protocol, "Transaction Identifiers"; the version file is made with put-if-absent.

use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties, TransactionError};
use deltalake_core::kernel::{Action, Add, Transaction};
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::{DeltaTable, DeltaTableError};

use super::{LakeTable, Put, files, version_of};
use crate::Error;

/// The application id of curtail's own commits.
const APPLICATION: &str = "curtail";

/// What became of a commit.
#[derive(Debug)]
pub(crate) enum Commit {
    /// It is the newest version, which is given.
    Landed(DeltaTable),
    /// Another writer committed since `opened` was loaded; nothing has changed.
    Overtaken,
}

/// Commits `adds`, and takes away what `put` replaces, as the version after the one that `opened` holds.
pub(crate) async fn commit(
    table: LakeTable,
    opened: &DeltaTable,
    adds: &[Add],
    put: Put<'_>,
) -> Result<Commit, Error> {
    let snapshot = opened.snapshot().map_err(Error::table(table, "commit"))?;
    let actions = files::removes(table, opened, put)?
        .into_iter()
        .chain(adds.iter().cloned().map(Action::Add))
        .collect();
    let properties = CommitProperties::default()
        .with_application_transaction(Transaction::new(APPLICATION, version_of(opened) + 1))
        .with_max_retries(0);
    let finalized = CommitBuilder::from(properties)
        .with_actions(actions)
        .build(Some(snapshot), opened.log_store(), operation(table, put))
        .await;
    match finalized {
        Ok(finalized) => {
            let mut landed = opened.clone();
            landed
                .update_incremental(Some(finalized.version()))
                .await
                .map_err(Error::table(table, "read"))?;
            Ok(Commit::Landed(landed))
        }
        Err(error) if overtaken(&error) => Ok(Commit::Overtaken),
        Err(error) => Err(Error::table(table, "commit")(error)),
    }
}

fn operation(table: LakeTable, put: Put<'_>) -> DeltaOperation {
    let partitions: Vec<String> = table
        .partition_columns()
        .iter()
        .map(|&name| name.to_owned())
        .collect();
    let mode = match put {
        Put::Append => SaveMode::Append,
        Put::Overwrite | Put::Partition(_) => SaveMode::Overwrite,
        Put::Rewrite(rewrite) => {
            return DeltaOperation::Optimize {
                predicate: None,
                target_size: i64::try_from(rewrite.target_bytes).unwrap_or(i64::MAX),
            };
        }
    };
    DeltaOperation::Write {
        mode,
        partition_by: (!partitions.is_empty()).then_some(partitions),
        predicate: None,
    }
}

fn overtaken(error: &DeltaTableError) -> bool {
    matches!(
        error,
        DeltaTableError::VersionAlreadyExists(_)
            | DeltaTableError::Transaction {
                source: TransactionError::VersionAlreadyExists(_)
                    | TransactionError::MaxCommitAttempts(_)
                    | TransactionError::CommitConflict(_)
            }
    )
}
