//! A table of many small files, put together: the rows stay, and so do the versions before.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray as _, Date32Array, RecordBatch, StringArray, TimestampMicrosecondArray,
    new_null_array,
};
use arrow::datatypes::TimestampMicrosecondType;
use arrow::util::display::array_value_to_string;

use super::*;
use crate::NoProgress;
use crate::ledger::{Ledger, Rows};

/// Rows of `events` of some days, with a key and a time each.
fn events(rows: &[(u128, Option<i32>, i64)]) -> RecordBatch {
    let schema = LakeTable::Events.schema();
    let columns: Vec<ArrayRef> = schema
        .fields()
        .iter()
        .map(|field| match field.name().as_str() {
            "record_key" => {
                let keys = rows.iter().map(|(key, ..)| Some(format!("{key:032x}")));
                Arc::new(keys.collect::<StringArray>()) as ArrayRef
            }
            "event_date" => Arc::new(rows.iter().map(|&(_, day, _)| day).collect::<Date32Array>()),
            "event_time" => {
                let times = rows.iter().map(|&(.., time)| Some(time));
                let times: TimestampMicrosecondArray = times.collect();
                Arc::new(times.with_timezone("UTC"))
            }
            _ => new_null_array(field.data_type(), rows.len()),
        })
        .collect();
    RecordBatch::try_new(schema, columns).unwrap()
}

async fn lake() -> (tempfile::TempDir, Lake) {
    let directory = tempfile::tempdir().unwrap();
    let lake = Lake::open(directory.path().join("a lake, ä").to_str().unwrap()).await;
    (directory, lake.unwrap())
}

/// Every row of a table as text, sorted.
async fn rows(lake: &Lake, table: LakeTable) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for batch in lake.rows(table).await.unwrap() {
        for row in 0..batch.num_rows() {
            let cells = batch.columns().iter();
            let cells: Vec<String> = cells
                .map(|column| array_value_to_string(column, row).unwrap())
                .collect();
            rows.push(cells.join("|"));
        }
    }
    rows.sort();
    rows
}

/// How many files each partition has.
async fn files(lake: &Lake, table: LakeTable) -> BTreeMap<Option<String>, usize> {
    let opened = lake.table(table).await.unwrap().unwrap();
    let partitions = plan::partitions(table, &opened).unwrap();
    partitions
        .into_iter()
        .map(|(value, files)| (value, files.len()))
        .collect()
}

async fn all(lake: &Lake, table: LakeTable) -> Optimized {
    optimize(lake, &[table], &OptimizeOptions::default(), &NoProgress)
        .await
        .unwrap()[0]
}

#[tokio::test]
async fn small_files_become_one_a_day_and_every_row_stays() {
    let (_directory, lake) = lake().await;
    for run in 0..6_u128 {
        let time = 1_000 - i64::try_from(run).unwrap();
        let batch = events(&[
            (run * 3, Some(20_000), time),
            (run * 3 + 1, Some(20_001), time),
            (run * 3 + 2, None, time),
        ]);
        lake.append(LakeTable::Events, vec![batch]).await.unwrap();
    }
    lake.append(LakeTable::Events, vec![events(&[(99, Some(20_002), 5)])])
        .await
        .unwrap();
    let before = rows(&lake, LakeTable::Events).await;
    let done = all(&lake, LakeTable::Events).await;
    assert_eq!(
        (done.partitions, done.files_removed, done.files_added),
        (3, 18, 3)
    );
    assert!(done.bytes_added < done.bytes_removed);
    assert_eq!(rows(&lake, LakeTable::Events).await, before);
    let files = files(&lake, LakeTable::Events).await;
    assert_eq!(files.into_values().collect::<Vec<_>>(), [1, 1, 1, 1]);
    let version = lake.versions().await.unwrap()["events"];
    assert_eq!(
        version, 10,
        "seven writes and a commit for each of three partitions"
    );
    let again = all(&lake, LakeTable::Events).await;
    assert_eq!(
        (again.partitions, lake.versions().await.unwrap()["events"]),
        (0, version)
    );
}

#[tokio::test]
async fn events_come_out_in_order_of_time() {
    let (_directory, lake) = lake().await;
    for run in [5_i64, 1, 3, 2, 4] {
        let key = u128::from(run.unsigned_abs());
        let batch = events(&[
            (key, Some(20_000), run * 10),
            (key + 10, Some(20_000), run * 10 - 15),
        ]);
        lake.append(LakeTable::Events, vec![batch]).await.unwrap();
    }
    all(&lake, LakeTable::Events).await;
    let batches = lake.rows(LakeTable::Events).await.unwrap();
    let times: Vec<i64> = batches
        .iter()
        .flat_map(|batch| {
            let times = batch.column_by_name("event_time").unwrap();
            times
                .as_primitive::<TimestampMicrosecondType>()
                .values()
                .to_vec()
        })
        .collect();
    assert_eq!(times.len(), 10);
    assert!(times.is_sorted(), "{times:?}");
}

#[tokio::test]
async fn every_table_can_be_put_together_whatever_its_partitions_are_called() {
    let (_directory, lake) = lake().await;
    for table in LakeTable::ALL {
        let partition = table.partition_columns().first().copied();
        for run in 0..3 {
            let columns: Vec<ArrayRef> = table
                .schema()
                .fields()
                .iter()
                .map(|field| match field.data_type() {
                    arrow::datatypes::DataType::Utf8 => {
                        let of_run = format!("row {run}");
                        let odd = "a b/ü%25:{#1}?=&'";
                        let text = if Some(field.name().as_str()) == partition {
                            odd
                        } else {
                            &of_run
                        };
                        Arc::new(StringArray::from(vec![text])) as ArrayRef
                    }
                    other => new_null_array(other, 1),
                })
                .collect();
            let batch = RecordBatch::try_new(table.schema(), columns).unwrap();
            lake.append(table, vec![batch]).await.unwrap();
        }
        let before = rows(&lake, table).await;
        let done = all(&lake, table).await;
        assert_eq!(
            (done.files_removed, done.files_added),
            (3, 1),
            "{}",
            table.name()
        );
        assert_eq!(rows(&lake, table).await, before, "{}", table.name());
    }
}

#[tokio::test]
async fn a_version_from_before_can_be_read_again() {
    let (_directory, lake) = lake().await;
    for key in 0..4 {
        let batch = events(&[(key, Some(20_000), 1)]);
        lake.append(LakeTable::Events, vec![batch]).await.unwrap();
    }
    all(&lake, LakeTable::Events).await;
    let before = lake.table_at(LakeTable::Events, 2).await.unwrap();
    let batches = crate::lake::scan::rows(LakeTable::Events, &before)
        .await
        .unwrap();
    assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 2);
}

#[tokio::test]
async fn rows_that_come_meanwhile_stay_and_the_commit_lands_after_them() {
    let (_directory, lake) = lake().await;
    for key in 0..3 {
        let batch = events(&[(key, Some(20_000), 1)]);
        lake.append(LakeTable::Events, vec![batch]).await.unwrap();
    }
    let choice = Choice::Small {
        target_bytes: TARGET_BYTES,
    };
    let opened = lake.table(LakeTable::Events).await.unwrap().unwrap();
    let bins = plan::bins(
        plan::partitions(LakeTable::Events, &opened)
            .unwrap()
            .into_values()
            .next()
            .unwrap(),
        choice,
    );
    let mut work = Work::new(LakeTable::Events, choice, opened);
    lake.append(LakeTable::Events, vec![events(&[(9, Some(20_000), 1)])])
        .await
        .unwrap();
    work.partition(Some("2024-10-04"), bins, &NoProgress)
        .await
        .unwrap();
    assert_eq!(work.done.files_removed, 3);
    assert_eq!(rows(&lake, LakeTable::Events).await.len(), 4);
}

#[tokio::test]
async fn files_that_are_replaced_meanwhile_do_not_come_back() {
    let (_directory, lake) = lake().await;
    for key in 0..3 {
        let batch = events(&[(key, Some(20_000), 1)]);
        lake.append(LakeTable::Events, vec![batch]).await.unwrap();
    }
    let choice = Choice::Small {
        target_bytes: TARGET_BYTES,
    };
    let opened = lake.table(LakeTable::Events).await.unwrap().unwrap();
    let planned = plan::partitions(LakeTable::Events, &opened).unwrap();
    let bins = plan::bins(planned.into_values().next().unwrap(), choice);
    let adds = rewrite::rewrite(LakeTable::Events, &opened, &bins, &NoProgress)
        .await
        .unwrap();
    let mut work = Work::new(LakeTable::Events, choice, opened);
    lake.overwrite(LakeTable::Events, vec![events(&[(9, Some(20_000), 1)])])
        .await
        .unwrap();
    assert!(!work.land(&adds, &bins).await.unwrap());
    assert_eq!(rows(&lake, LakeTable::Events).await.len(), 1);
}

#[tokio::test]
async fn a_ledger_that_was_open_meanwhile_neither_repeats_nor_loses() {
    let (_directory, lake) = lake().await;
    let some = |keys: std::ops::Range<u128>| {
        let rows: Vec<_> = keys.clone().map(|key| (key, Some(20_000), 1)).collect();
        vec![Rows {
            day: Some(20_000),
            batch: events(&rows),
            owners: vec![0; rows.len()],
            identities: keys.collect(),
        }]
    };
    let mut ledger = Ledger::open(&lake, LakeTable::Events, 1_000).await.unwrap();
    for run in 0..4 {
        ledger.stage(&some(run * 10..run * 10 + 10)).await.unwrap();
        ledger.commit().await.unwrap();
    }
    assert_eq!(all(&lake, LakeTable::Events).await.files_removed, 4);
    let sifted = ledger.stage(&some(35..45)).await.unwrap();
    assert_eq!(sifted[0].new.true_count(), 5);
    assert!(ledger.commit().await.unwrap().is_empty());
    assert_eq!(rows(&lake, LakeTable::Events).await.len(), 45);
    assert_eq!(
        files(&lake, LakeTable::Events)
            .await
            .into_values()
            .sum::<usize>(),
        2
    );
}

#[tokio::test]
async fn an_ingest_leaves_few_files_alone_and_thins_many() {
    let (_directory, lake) = lake().await;
    let crowding = Crowding {
        files: 4,
        bytes: CROWD_BYTES,
    };
    for key in 0..4 {
        let batch = events(&[(key, Some(20_000), 1)]);
        lake.append(LakeTable::Events, vec![batch]).await.unwrap();
    }
    thin(&lake, LakeTable::Events, crowding, &NoProgress)
        .await
        .unwrap();
    assert_eq!(lake.versions().await.unwrap()["events"], 4);
    lake.append(LakeTable::Events, vec![events(&[(9, Some(20_000), 1)])])
        .await
        .unwrap();
    thin(&lake, LakeTable::Events, crowding, &NoProgress)
        .await
        .unwrap();
    assert_eq!(
        files(&lake, LakeTable::Events)
            .await
            .into_values()
            .sum::<usize>(),
        1
    );
    assert_eq!(rows(&lake, LakeTable::Events).await.len(), 5);
    thin(&lake, LakeTable::Grants, crowding, &NoProgress)
        .await
        .unwrap();
}

#[tokio::test]
async fn files_that_do_not_hold_what_the_log_says_stay_as_they_are() {
    let (_directory, lake) = lake().await;
    for key in 0..3 {
        let batch = events(&[(key, Some(20_000), 1), (key + 10, Some(20_000), 2)]);
        lake.append(LakeTable::Events, vec![batch]).await.unwrap();
    }
    let root = lake.location().to_file_path().unwrap().join("events");
    let commit = root.join("_delta_log/00000000000000000002.json");
    let text = std::fs::read_to_string(&commit).unwrap();
    let wrong = text.replace("numRecords\\\":2", "numRecords\\\":5");
    assert_ne!(wrong, text);
    std::fs::write(&commit, wrong).unwrap();
    let error = optimize(
        &lake,
        &[LakeTable::Events],
        &OptimizeOptions::default(),
        &NoProgress,
    )
    .await;
    let error = error.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Miscounted {
                expected: 9,
                found: 6,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(lake.versions().await.unwrap()["events"], 3);
}
