//! A run can be repeated, and killed at any point.

use curtail_ingest::LakeTable;
use serde_json::json;

use crate::place::{Place, files, gz, key, record};

#[tokio::test]
async fn a_second_run_reads_nothing_again() {
    let place = Place::new();
    place.log(&key("a"), &[record("1", 3)]);
    place.put("README", b"hello");
    place.put(&key("broken"), b"x");
    let first = place.ingest().await;
    assert_eq!(
        (
            first.objects_read,
            first.objects_skipped,
            first.objects_quarantined
        ),
        (1, 1, 1)
    );
    let before = place.lake().await.versions().await.unwrap();
    let second = place.ingest().await;
    assert_eq!(second.objects_known, 3);
    assert_eq!(
        (
            second.objects_read,
            second.objects_skipped,
            second.objects_quarantined
        ),
        (0, 0, 0)
    );
    assert_eq!(
        (
            second.records_read,
            second.events_written,
            second.duplicates
        ),
        (0, 0, 0)
    );
    assert_eq!(place.lake().await.versions().await.unwrap(), before);
}

#[tokio::test]
async fn a_new_object_is_read_and_the_known_ones_are_not() {
    let place = Place::new();
    place.log(&key("a"), &[record("1", 3)]);
    place.ingest().await;
    place.log(&key("b"), &[record("1", 3), record("2", 4)]);
    let second = place.ingest().await;
    assert_eq!((second.objects_known, second.objects_read), (1, 1));
    assert_eq!((second.events_written, second.duplicates), (1, 1));
    assert_eq!(place.events("event_id").await, ["1", "2"]);
}

#[tokio::test]
async fn an_object_that_has_changed_is_read_again() {
    let place = Place::new();
    let whole = gz(json!({"Records": [record("1", 3), record("2", 3)]})
        .to_string()
        .as_bytes());
    place.put(&key("a"), &whole[..40]);
    assert_eq!(place.ingest().await.objects_quarantined, 1);
    place.put(&key("a"), &whole);
    let second = place.ingest().await;
    assert_eq!((second.objects_read, second.events_written), (1, 2));
}

#[tokio::test]
async fn a_kill_between_events_and_checkpoint_repeats_nothing() {
    let place = Place::new();
    place.log(&key("a"), &[record("1", 3), record("2", 4)]);
    place.put(&key("b"), &gz(b"{\"Records\":[1]}"));
    place.ingest().await;
    let before = place.rows(LakeTable::Events).await;
    place.forget(LakeTable::Objects);
    place.forget(LakeTable::Quarantine);
    let again = place.ingest().await;
    assert_eq!(
        (again.records_read, again.events_written, again.duplicates),
        (3, 0, 2)
    );
    assert_eq!(place.rows(LakeTable::Events).await, before);
    assert_eq!(place.rows(LakeTable::Quarantine).await.len(), 1);
    assert_eq!(place.ingest().await.objects_known, 2);
}

#[tokio::test]
async fn a_kill_before_the_commit_leaves_files_that_no_one_sees() {
    let place = Place::new();
    place.log(&key("a"), &[record("1", 3)]);
    place.ingest().await;
    let log = place
        .lake()
        .await
        .location()
        .to_file_path()
        .unwrap()
        .join("events/_delta_log");
    std::fs::remove_file(log.join("00000000000000000001.json")).unwrap();
    place.forget(LakeTable::Objects);
    assert!(place.rows(LakeTable::Events).await.is_empty());
    let again = place.ingest().await;
    assert_eq!((again.events_written, again.duplicates), (1, 0));
    assert_eq!(place.events("event_id").await, ["1"]);
    assert!(files(log.parent().unwrap()) > 3);
}

#[tokio::test]
async fn commits_in_between_change_nothing_in_the_result() {
    let mut place = Place::new();
    place.options.commit_rows = 1;
    for object in 0..5 {
        place.log(
            &key(&object.to_string()),
            &[record(&object.to_string(), 3), record("shared", 3)],
        );
    }
    let summary = place.ingest().await;
    assert_eq!((summary.events_written, summary.duplicates), (6, 4));
    let versions = place.lake().await.versions().await.unwrap();
    assert_eq!(
        (
            versions["events"],
            versions["objects"],
            versions["quarantine"]
        ),
        (5, 5, 0)
    );
}
