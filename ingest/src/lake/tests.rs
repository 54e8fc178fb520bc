//! A lake on disk: tables appear with their first write, and each write is one version.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray, new_null_array};

use super::*;

/// A batch of `table` with text in some columns and null in the others.
fn batch(table: LakeTable, texts: &[(&str, &[&str])]) -> RecordBatch {
    let schema = table.schema();
    let rows = texts[0].1.len();
    let columns: Vec<ArrayRef> = schema
        .fields()
        .iter()
        .map(|field| {
            texts
                .iter()
                .find(|(name, _)| name == field.name())
                .map_or_else(
                    || new_null_array(field.data_type(), rows),
                    |(_, values)| Arc::new(StringArray::from(values.to_vec())) as ArrayRef,
                )
        })
        .collect();
    RecordBatch::try_new(schema, columns).unwrap()
}

async fn lake() -> (tempfile::TempDir, Lake) {
    let directory = tempfile::tempdir().unwrap();
    let lake = Lake::open(directory.path().join("a lake, ä").to_str().unwrap())
        .await
        .unwrap();
    (directory, lake)
}

#[tokio::test]
async fn a_lake_without_tables_is_empty_and_stays_unmade() {
    let (directory, lake) = lake().await;
    assert!(lake.table(LakeTable::Events).await.unwrap().is_none());
    assert!(lake.versions().await.unwrap().is_empty());
    assert!(!directory.path().join("a lake, ä").exists());
}

#[tokio::test]
async fn appended_rows_are_read_back_with_the_types_of_the_schema() {
    let (_directory, lake) = lake().await;
    for table in LakeTable::ALL {
        let first = table
            .schema()
            .fields()
            .iter()
            .find(|field| field.data_type() == &arrow::datatypes::DataType::Utf8)
            .unwrap()
            .name()
            .clone();
        let written = batch(table, &[(first.as_str(), &["a"])]);
        let version = lake.append(table, vec![written.clone()]).await.unwrap();
        assert_eq!(version, 1, "{}", table.name());
        assert_eq!(
            lake.rows(table).await.unwrap(),
            vec![written],
            "{}",
            table.name()
        );
    }
    assert_eq!(lake.versions().await.unwrap().len(), LakeTable::ALL.len());
}

#[tokio::test]
async fn an_append_without_rows_makes_the_table_and_no_version() {
    let (_directory, lake) = lake().await;
    assert_eq!(
        lake.append(LakeTable::Findings, Vec::new()).await.unwrap(),
        0
    );
    assert!(lake.table(LakeTable::Findings).await.unwrap().is_some());
}

#[tokio::test]
async fn an_overwrite_replaces_and_the_version_before_it_can_be_read_again() {
    let (_directory, lake) = lake().await;
    let table = LakeTable::Grants;
    let first = lake
        .append(
            table,
            vec![batch(
                table,
                &[("action", &["s3:GetObject", "s3:PutObject"])],
            )],
        )
        .await
        .unwrap();
    lake.overwrite(
        table,
        vec![batch(table, &[("action", &["sqs:SendMessage"])])],
    )
    .await
    .unwrap();
    assert_eq!(lake.rows(table).await.unwrap()[0].num_rows(), 1);
    let before = lake.table_at(table, first).await.unwrap();
    assert_eq!(scan::rows(table, &before).await.unwrap()[0].num_rows(), 2);
    lake.overwrite(table, Vec::new()).await.unwrap();
    assert!(lake.rows(table).await.unwrap().is_empty());
}

#[tokio::test]
async fn one_partition_is_replaced_and_the_others_stay() {
    let (_directory, lake) = lake().await;
    let table = LakeTable::Findings;
    let rows = batch(
        table,
        &[("run_id", &["a", "b"]), ("title", &["old", "kept"])],
    );
    lake.append(table, vec![rows]).await.unwrap();
    let new = batch(table, &[("run_id", &["a"]), ("title", &["new"])]);
    lake.overwrite_partition(table, "a", vec![new])
        .await
        .unwrap();
    let titles: std::collections::BTreeSet<String> = lake
        .rows(table)
        .await
        .unwrap()
        .iter()
        .flat_map(|batch| {
            let index = batch.schema().index_of("title").unwrap();
            let column = batch
                .column(index)
                .as_any()
                .downcast_ref::<StringArray>()
                .unwrap()
                .clone();
            column
                .iter()
                .flatten()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(titles.into_iter().collect::<Vec<_>>(), ["kept", "new"]);
}

#[tokio::test]
async fn a_commit_on_an_outdated_version_does_not_land() {
    let (_directory, lake) = lake().await;
    let table = LakeTable::Decisions;
    let outdated = lake.table_or_new(table).await.unwrap();
    lake.append(table, vec![batch(table, &[("decision", &["keep"])])])
        .await
        .unwrap();
    let adds = write_files(
        table,
        outdated.clone(),
        vec![batch(table, &[("decision", &["drop"])])],
    )
    .await
    .unwrap();
    let commit = commit(table, &outdated, &adds, Put::Append).await.unwrap();
    assert!(matches!(commit, Commit::Overtaken));
    discard(&outdated, &adds).await;
    assert_eq!(lake.rows(table).await.unwrap()[0].num_rows(), 1);
}

#[tokio::test]
async fn many_writers_at_a_time_all_land() {
    let (_directory, lake) = lake().await;
    let table = LakeTable::Decisions;
    let writes = (0..8).map(|_| lake.append(table, vec![batch(table, &[("decision", &["keep"])])]));
    for outcome in futures::future::join_all(writes).await {
        outcome.unwrap();
    }
    let rows: usize = lake
        .rows(table)
        .await
        .unwrap()
        .iter()
        .map(RecordBatch::num_rows)
        .sum();
    assert_eq!(rows, 8);
}

#[tokio::test]
async fn a_place_that_is_a_file_is_refused() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = Lake::open(file.path().to_str().unwrap()).await.unwrap_err();
    assert!(matches!(error, Error::Location { .. }), "{error}");
    assert!(error.hint().is_some());
}

#[tokio::test]
async fn a_path_that_the_tables_cannot_be_found_under_is_refused() {
    let error = Lake::open("/tmp/50%25 off").await.unwrap_err();
    assert!(error.to_string().contains("percent sign"), "{error}");
}

#[tokio::test]
async fn a_long_history_is_checkpointed_and_stays_readable() {
    let (directory, lake) = lake().await;
    let count =
        |batches: Vec<RecordBatch>| -> usize { batches.iter().map(RecordBatch::num_rows).sum() };
    for (table, column) in [
        (LakeTable::Decisions, "decision"),
        (LakeTable::Events, "record_key"),
    ] {
        for _ in 0..12 {
            lake.append(table, vec![batch(table, &[(column, &["a"])])])
                .await
                .unwrap();
        }
        assert_eq!(count(lake.rows(table).await.unwrap()), 12);
        let before = lake.table_at(table, 5).await.unwrap();
        assert_eq!(count(scan::rows(table, &before).await.unwrap()), 5);
        let log = format!("a lake, ä/{}/_delta_log/_last_checkpoint", table.name());
        assert!(directory.path().join(log).exists());
    }
}
