//! Each kind of damage is found and named; a sound lake has none.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray, new_null_array};

use super::*;
use crate::NoProgress;

/// A cell of a row in these tests.
#[derive(Clone, Copy)]
enum Cell {
    Text(&'static str),
    Number(i64),
    Day(i32),
}

/// One row with these cells, null elsewhere.
fn row(table: LakeTable, cells: &[(&str, Cell)]) -> RecordBatch {
    let schema = table.schema();
    let columns: Vec<ArrayRef> = schema
        .fields()
        .iter()
        .map(|field| {
            let cell = cells.iter().find(|(name, _)| name == field.name());
            match cell.map(|&(_, cell)| cell) {
                Some(Cell::Text(text)) => Arc::new(StringArray::from(vec![text])) as ArrayRef,
                Some(Cell::Number(number)) => Arc::new(Int64Array::from(vec![number])),
                Some(Cell::Day(day)) => Arc::new(Date32Array::from(vec![day])),
                None => new_null_array(field.data_type(), 1),
            }
        })
        .collect();
    RecordBatch::try_new(schema, columns).unwrap()
}

fn event(record_key: &'static str, object_key: &'static str) -> RecordBatch {
    row(
        LakeTable::Events,
        &[
            ("record_key", Cell::Text(record_key)),
            ("event_date", Cell::Day(20_000)),
            ("source", Cell::Text("trail")),
            ("object_key", Cell::Text(object_key)),
        ],
    )
}

/// An object of which so many records were read, written, found to be there and quarantined.
fn object(object_key: &'static str, status: &'static str, counts: [i64; 4]) -> RecordBatch {
    row(
        LakeTable::Objects,
        &[
            ("source", Cell::Text("trail")),
            ("object_key", Cell::Text(object_key)),
            ("etag", Cell::Text("e")),
            ("status", Cell::Text(status)),
            ("records_read", Cell::Number(counts[0])),
            ("events_written", Cell::Number(counts[1])),
            ("duplicates", Cell::Number(counts[2])),
            ("records_quarantined", Cell::Number(counts[3])),
        ],
    )
}

fn fault(object_key: &'static str, record_index: Option<i64>) -> RecordBatch {
    let mut cells = vec![
        ("source", Cell::Text("trail")),
        ("object_key", Cell::Text(object_key)),
        ("etag", Cell::Text("e")),
    ];
    cells.extend(record_index.map(|index| ("record_index", Cell::Number(index))));
    row(LakeTable::Quarantine, &cells)
}

const A: &str = "0000000000000000000000000000000a";
const B: &str = "0000000000000000000000000000000b";

/// Two objects, one of two events and a record that could not be read, one that could not be read at all.
async fn sound() -> (tempfile::TempDir, Lake) {
    let directory = tempfile::tempdir().unwrap();
    let lake = Lake::open(directory.path().to_str().unwrap())
        .await
        .unwrap();
    lake.append(LakeTable::Events, vec![event(A, "one")])
        .await
        .unwrap();
    lake.append(LakeTable::Events, vec![event(B, "one")])
        .await
        .unwrap();
    let faults = vec![
        fault("one", Some(2)),
        fault("broken", None),
        fault("locked", None),
    ];
    lake.append(LakeTable::Quarantine, faults).await.unwrap();
    let objects = vec![
        object("one", "read", [3, 2, 0, 1]),
        object("broken", "quarantined", [0; 4]),
    ];
    lake.append(LakeTable::Objects, objects).await.unwrap();
    (directory, lake)
}

async fn findings(lake: &Lake) -> Vec<Finding> {
    check(lake, &CheckOptions::default(), &NoProgress)
        .await
        .unwrap()
}

/// Grade, table, code and subject of each finding.
async fn found(lake: &Lake) -> Vec<(Grade, &'static str, &'static str, String)> {
    let findings = findings(lake).await.into_iter();
    findings
        .map(|finding| (finding.grade, finding.table, finding.code, finding.subject))
        .collect()
}

/// The data files of a table, sorted.
fn files(directory: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "parquet"))
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn a_sound_lake_and_an_empty_one_have_no_findings() {
    let (_directory, lake) = sound().await;
    assert_eq!(findings(&lake).await, []);
    let nowhere = tempfile::tempdir().unwrap();
    let empty = Lake::open(nowhere.path().to_str().unwrap()).await.unwrap();
    assert_eq!(findings(&empty).await, []);
}

#[tokio::test]
async fn a_file_that_is_gone_is_named_with_what_it_held() {
    let (directory, lake) = sound().await;
    let day = directory.path().join("events/event_date=2024-10-04");
    let gone = files(&day)[0].clone();
    std::fs::remove_file(&gone).unwrap();
    let found = found(&lake).await;
    let path = format!(
        "event_date=2024-10-04/{}",
        gone.file_name().unwrap().to_str().unwrap()
    );
    assert_eq!(
        found,
        [
            (Grade::Problem, "events", "file-missing", path),
            (
                Grade::Problem,
                "events",
                "events-missing",
                "trail/one".to_owned()
            ),
        ]
    );
}

#[tokio::test]
async fn a_file_cut_short_and_one_that_is_no_parquet_are_named() {
    let (directory, lake) = sound().await;
    let day = directory.path().join("events/event_date=2024-10-04");
    let files = files(&day);
    let whole = std::fs::read(&files[0]).unwrap();
    std::fs::write(&files[0], &whole[..whole.len() / 2]).unwrap();
    let same_size = vec![b'x'; std::fs::read(&files[1]).unwrap().len()];
    std::fs::write(&files[1], same_size).unwrap();
    let found = found(&lake).await;
    let mut codes: Vec<&str> = found.iter().map(|&(_, _, code, _)| code).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["events-missing", "file-size", "file-unreadable"]);
}

#[tokio::test]
async fn a_file_whose_footer_is_sound_and_whose_pages_are_not_is_a_finding() {
    let (directory, lake) = sound().await;
    let day = directory.path().join("events/event_date=2024-10-04");
    let file = files(&day)[0].clone();
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[4..200].fill(0xff);
    std::fs::write(&file, bytes).unwrap();
    let found = found(&lake).await;
    assert!(
        found
            .iter()
            .any(|&(_, _, code, _)| code == "file-unreadable"),
        "{found:?}"
    );
}

#[tokio::test]
async fn a_record_that_stands_twice_is_named_however_little_is_held() {
    let (_directory, lake) = sound().await;
    lake.append(
        LakeTable::Events,
        vec![event(A, "one"), event("not a key", "one")],
    )
    .await
    .unwrap();
    for held_keys in [1, 2, CheckOptions::default().held_keys] {
        let findings = check(&lake, &CheckOptions { held_keys }, &NoProgress)
            .await
            .unwrap();
        let codes: Vec<_> = findings
            .iter()
            .map(|one| (one.code, one.subject.as_str()))
            .collect();
        assert!(codes.contains(&("record-twice", A)), "{codes:?}");
        assert!(codes.contains(&("record-key", "2024-10-04")), "{codes:?}");
        assert!(
            codes.contains(&("events-too-many", "trail/one")),
            "{codes:?}"
        );
        assert_eq!(codes.len(), 3, "{codes:?}");
    }
}

#[tokio::test]
async fn what_no_version_names_is_a_warning() {
    let (directory, lake) = sound().await;
    std::fs::write(
        directory.path().join("objects/part-foreign.parquet"),
        b"PAR1",
    )
    .unwrap();
    std::fs::write(directory.path().join("events/part-1.parquet#1"), b"PAR1").unwrap();
    assert_eq!(
        found(&lake).await,
        [
            (
                Grade::Warning,
                "events",
                "orphan",
                "part-1.parquet#1".to_owned()
            ),
            (
                Grade::Warning,
                "objects",
                "orphan",
                "part-foreign.parquet".to_owned()
            ),
        ]
    );
}

#[tokio::test]
async fn an_interrupted_ingest_is_a_warning() {
    let (_directory, lake) = sound().await;
    lake.append(LakeTable::Events, vec![event("0c", "two")])
        .await
        .unwrap();
    lake.append(LakeTable::Quarantine, vec![fault("two", Some(0))])
        .await
        .unwrap();
    let found = found(&lake).await;
    assert_eq!(
        found,
        [
            (
                Grade::Warning,
                "events",
                "interrupted",
                "trail/two".to_owned()
            ),
            (
                Grade::Warning,
                "quarantine",
                "interrupted",
                "trail/two".to_owned()
            ),
        ]
    );
    // The next run finds the event to be there.
    lake.append(
        LakeTable::Objects,
        vec![object("two", "read", [2, 0, 1, 1])],
    )
    .await
    .unwrap();
    assert_eq!(findings(&lake).await, []);
}

#[tokio::test]
async fn a_checkpoint_that_does_not_add_up_is_a_finding() {
    let (_directory, lake) = sound().await;
    let more = vec![
        object("lost", "read", [1, 1, 0, 0]),
        object("uneven", "read", [5, 0, 0, 0]),
        object("silent", "quarantined", [0; 4]),
        object("fewer", "read", [1, 0, 0, 1]),
        object("one", "read", [3, 0, 2, 1]),
    ];
    lake.append(LakeTable::Objects, more).await.unwrap();
    let found = found(&lake).await;
    let expected = [
        ("objects", "object-sum", "trail/uneven"),
        ("objects", "object-twice", "trail/one"),
        ("events", "events-missing", "trail/lost"),
        ("quarantine", "quarantine-count", "trail/fewer"),
        ("quarantine", "quarantine-count", "trail/one"),
        ("quarantine", "quarantine-missing", "trail/silent"),
    ];
    let expected: Vec<_> = expected
        .into_iter()
        .map(|(table, code, subject)| (Grade::Problem, table, code, subject.to_owned()))
        .collect();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_table_with_other_columns_is_a_finding() {
    let (directory, lake) = sound().await;
    let commit = directory
        .path()
        .join("events/_delta_log/00000000000000000000.json");
    let text = std::fs::read_to_string(&commit).unwrap();
    let other = text.replace("\\\"event_name\\\"", "\\\"event_nome\\\"");
    assert_ne!(other, text);
    std::fs::write(&commit, other).unwrap();
    let found = found(&lake).await;
    assert_eq!(
        found,
        [
            (Grade::Problem, "events", "columns", "event_name".to_owned()),
            (Grade::Warning, "events", "columns", "event_nome".to_owned()),
        ]
    );
}

#[tokio::test]
async fn many_findings_of_a_kind_are_cut_short() {
    let (_directory, lake) = sound().await;
    let lost = (0..FINDINGS_NAMED + 5).map(|index| {
        object(
            Box::leak(format!("lost-{index:04}").into_boxed_str()),
            "read",
            [1, 1, 0, 0],
        )
    });
    lake.append(LakeTable::Objects, lost.collect())
        .await
        .unwrap();
    let findings = findings(&lake).await;
    assert_eq!(findings.len(), FINDINGS_NAMED + 1);
    assert!(findings[FINDINGS_NAMED].message.contains("more than 100"));
}
