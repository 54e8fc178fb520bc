//! What a vacuum takes and what it leaves, seen from times in the future.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray, new_null_array};

use super::*;
use crate::NoProgress;
use crate::lake::optimize::{OptimizeOptions, optimize};

const TABLE: LakeTable = LakeTable::Decisions;

fn row(reason: &str) -> RecordBatch {
    let schema = TABLE.schema();
    let columns: Vec<ArrayRef> = schema
        .fields()
        .iter()
        .map(|field| match field.name().as_str() {
            "reason" => Arc::new(StringArray::from(vec![reason])) as ArrayRef,
            _ => new_null_array(field.data_type(), 1),
        })
        .collect();
    RecordBatch::try_new(schema, columns).unwrap()
}

/// A table of three files put together into one: three are of versions before.
async fn lake() -> (tempfile::TempDir, Lake, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let lake = Lake::open(directory.path().to_str().unwrap())
        .await
        .unwrap();
    for reason in ["a", "b", "c"] {
        lake.append(TABLE, vec![row(reason)]).await.unwrap();
    }
    optimize(&lake, &[TABLE], &OptimizeOptions::default(), &NoProgress)
        .await
        .unwrap();
    let root = directory.path().join(TABLE.name());
    (directory, lake, root)
}

/// The options of a vacuum so many days after the table was written.
fn in_days(root: &std::path::Path, days: i64) -> VacuumOptions {
    let log = std::fs::metadata(root.join("_delta_log")).unwrap();
    let now = Timestamp::try_from(log.modified().unwrap()).unwrap();
    VacuumOptions::new(now + SignedDuration::from_hours(24 * days))
}

async fn reasons(lake: &Lake, options: &VacuumOptions) -> Vec<StaleReason> {
    let stale = vacuum(lake, &LakeTable::ALL, options, &NoProgress)
        .await
        .unwrap();
    stale.into_iter().map(|file| file.reason).collect()
}

fn parquet_files(root: &std::path::Path) -> usize {
    std::fs::read_dir(root)
        .unwrap()
        .filter(|entry| {
            let name = entry.as_ref().unwrap().file_name();
            name.to_string_lossy().ends_with(".parquet")
        })
        .count()
}

#[tokio::test]
async fn the_history_that_a_table_promises_stays() {
    let (_directory, lake, root) = lake().await;
    assert!(reasons(&lake, &in_days(&root, 399)).await.is_empty());
    assert_eq!(parquet_files(&root), 4);
    let before = lake.table_at(TABLE, 2).await.unwrap();
    assert_eq!(
        crate::lake::scan::rows(TABLE, &before).await.unwrap().len(),
        2
    );
}

#[tokio::test]
async fn what_is_older_than_the_history_goes_and_the_newest_version_stays_whole() {
    let (_directory, lake, root) = lake().await;
    let dry = VacuumOptions {
        dry_run: true,
        ..in_days(&root, 401)
    };
    assert_eq!(reasons(&lake, &dry).await, [StaleReason::Expired; 3]);
    assert_eq!(parquet_files(&root), 4);
    assert_eq!(
        reasons(&lake, &in_days(&root, 401)).await,
        [StaleReason::Expired; 3]
    );
    assert_eq!(parquet_files(&root), 1);
    let rows: usize = lake
        .rows(TABLE)
        .await
        .unwrap()
        .iter()
        .map(RecordBatch::num_rows)
        .sum();
    assert_eq!(rows, 3);
    assert!(reasons(&lake, &in_days(&root, 401)).await.is_empty());
}

#[tokio::test]
async fn a_version_whose_files_are_gone_is_refused_with_the_reason() {
    let (_directory, lake, root) = lake().await;
    reasons(&lake, &in_days(&root, 401)).await;
    let before = lake.table_at(TABLE, 2).await.unwrap();
    let error = crate::lake::scan::rows(TABLE, &before).await.unwrap_err();
    let hint = error.hint().unwrap_or_default();
    assert!(hint.contains("vacuum"), "{error:?}");
}

#[tokio::test]
async fn a_history_is_cut_short_only_by_force() {
    let (_directory, lake, root) = lake().await;
    let short = VacuumOptions {
        older_than_days: Some(30),
        ..in_days(&root, 31)
    };
    let error = vacuum(&lake, &LakeTable::ALL, &short, &NoProgress)
        .await
        .unwrap_err();
    let Error::Retention {
        kept_days,
        asked_days,
        ..
    } = error
    else {
        panic!("{error}")
    };
    assert_eq!((kept_days, asked_days), (400, 30));
    assert_eq!(parquet_files(&root), 4);
    let long = VacuumOptions {
        older_than_days: Some(500),
        ..in_days(&root, 499)
    };
    assert!(reasons(&lake, &long).await.is_empty());
    let forced = VacuumOptions {
        force: true,
        ..short
    };
    assert_eq!(reasons(&lake, &forced).await, [StaleReason::Expired; 3]);
}

#[tokio::test]
async fn what_a_killed_writer_left_goes_after_a_week() {
    let (_directory, lake, root) = lake().await;
    std::fs::write(root.join("part-left.parquet"), b"PAR1").unwrap();
    std::fs::write(root.join("part-half.zstd.parquet#1"), b"PAR1").unwrap();
    std::fs::write(root.join("_delta_log/00000000000000000009.json#1"), b"{").unwrap();
    std::fs::write(root.join("notes.txt"), b"mine").unwrap();
    assert!(reasons(&lake, &in_days(&root, 6)).await.is_empty());
    assert_eq!(
        reasons(&lake, &in_days(&root, 8)).await,
        [StaleReason::Orphan; 3]
    );
    assert!(!root.join("part-left.parquet").exists());
    assert!(!root.join("part-half.zstd.parquet#1").exists());
    assert!(!root.join("_delta_log/00000000000000000009.json#1").exists());
    assert!(root.join("notes.txt").exists());
    assert_eq!(parquet_files(&root), 4);
}
