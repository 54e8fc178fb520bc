//! Small files are put together, by an ingest itself and beside one at work; the tables agree with each other afterwards.

use std::sync::atomic::{AtomicBool, Ordering};

use curtail_ingest::{
    CheckOptions, Crowding, Finding, Grade, LakeTable, NoProgress, OptimizeOptions, check, optimize,
};
use serde_json::{Value, json};

use crate::place::{Place, adds_up, files, gz, key, record};

async fn findings(place: &Place) -> Vec<Finding> {
    let lake = place.lake().await;
    check(&lake, &CheckOptions::default(), &NoProgress)
        .await
        .unwrap()
}

/// The files of each partition of `table`, in its newest version.
async fn newest(place: &Place, table: LakeTable) -> usize {
    let opened = place.lake().await.table(table).await.unwrap().unwrap();
    opened.get_file_uris().unwrap().count()
}

fn objects(place: &Place, objects: u32) {
    for object in 0..objects {
        let records: Vec<Value> = (0..8)
            .map(|index| object * 4 + index)
            .map(|id| record(&id.to_string(), id % 3 + 1))
            .collect();
        place.log(&key(&format!("{object:02}")), &records);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_optimize_beside_two_runs_loses_and_repeats_nothing() {
    let mut place = Place::new();
    place.options.commit_rows = 8;
    place.options.crowding = Some(Crowding {
        files: 2,
        bytes: 32 << 20,
    });
    objects(&place, 16);
    let lake = place.lake().await;
    let done = AtomicBool::new(false);
    let runs = async {
        let summaries = [place.ingest(), place.ingest()];
        let summaries = futures::future::join_all(summaries).await;
        done.store(true, Ordering::Relaxed);
        summaries
    };
    let optimizing = async {
        let mut partitions = 0;
        while !done.load(Ordering::Relaxed) {
            let options = OptimizeOptions::default();
            let optimized = optimize(&lake, &LakeTable::ALL, &options, &NoProgress).await;
            partitions += optimized
                .unwrap()
                .iter()
                .map(|table| table.partitions)
                .sum::<u64>();
            tokio::task::yield_now().await;
        }
        partitions
    };
    let (summaries, partitions) = futures::future::join(runs, optimizing).await;
    assert!(partitions > 0, "some of it ran while rows came in");
    summaries.iter().for_each(adds_up);
    let written: u64 = summaries.iter().map(|summary| summary.events_written).sum();
    assert_eq!(written, 68);
    let mut ids = place.events("event_id").await;
    ids.dedup();
    assert_eq!(ids.len(), 68);
    assert_eq!(findings(&place).await, []);
    assert_eq!(place.ingest().await.objects_known, 16);
}

#[tokio::test]
async fn runs_that_come_often_leave_few_files() {
    let mut place = Place::new();
    place.options.crowding = Some(Crowding {
        files: 4,
        bytes: 32 << 20,
    });
    for run in 0..12_u32 {
        place.log(&key(&format!("{run:02}")), &[record(&run.to_string(), 3)]);
        place.put(&key(&format!("{run:02}-broken")), b"x");
        assert_eq!(place.ingest().await.events_written, 1);
        for table in [LakeTable::Events, LakeTable::Quarantine, LakeTable::Objects] {
            assert!(newest(&place, table).await <= 4, "{}", table.name());
        }
    }
    assert_eq!(place.events("event_id").await.len(), 12);
    assert_eq!(findings(&place).await, []);
    let versions = place.lake().await.versions().await.unwrap();
    assert_eq!(place.ingest().await.objects_known, 24);
    assert_eq!(place.lake().await.versions().await.unwrap(), versions);
}

#[tokio::test]
async fn files_are_left_as_they_are_where_that_is_wanted() {
    let mut place = Place::new();
    place.options.crowding = None;
    for run in 0..18_u32 {
        place.log(&key(&format!("{run:02}")), &[record(&run.to_string(), 3)]);
        place.ingest().await;
    }
    assert_eq!(newest(&place, LakeTable::Events).await, 18);
    place.options.crowding = Some(Crowding::default());
    place.log(&key("last"), &[record("last", 3)]);
    place.ingest().await;
    assert_eq!(newest(&place, LakeTable::Events).await, 1);
    assert_eq!(place.events("event_id").await.len(), 19);
}

#[tokio::test]
async fn whatever_an_ingest_meets_its_tables_agree() {
    let place = Place::new();
    place.log(
        &key("a"),
        &[record("1", 3), record("2", 4), json!("no record")],
    );
    place.log(&key("b"), &[record("1", 3), record("3", 4)]);
    place.put(&key("broken"), b"x");
    place.put(&key("not-gzip"), b"{\"Records\":[]}");
    place.put("README", b"hello");
    place.put(&key("empty"), &gz(b"{\"Records\":[]}"));
    place.log(
        &key("undated"),
        &[json!({"eventID": "u", "eventTime": "never"})],
    );
    place.ingest().await;
    assert_eq!(findings(&place).await, []);
    // The object has changed: both of its states are in the checkpoint.
    place.log(&key("b"), &[record("3", 4), record("4", 4), json!(7)]);
    place.ingest().await;
    assert_eq!(findings(&place).await, []);
}

#[tokio::test]
async fn a_kill_before_the_checkpoint_is_a_warning_until_the_next_run() {
    let place = Place::new();
    place.log(&key("a"), &[record("1", 3), json!("no record")]);
    place.ingest().await;
    place.forget(LakeTable::Objects);
    let interrupted = findings(&place).await;
    let told: Vec<_> = interrupted
        .iter()
        .map(|finding| (finding.grade, finding.table, finding.code))
        .collect();
    assert_eq!(
        told,
        [
            (Grade::Warning, "events", "interrupted"),
            (Grade::Warning, "quarantine", "interrupted")
        ]
    );
    place.ingest().await;
    assert_eq!(findings(&place).await, []);
}

#[tokio::test]
async fn a_kill_before_the_commit_of_events_leaves_an_orphan_that_is_named() {
    let place = Place::new();
    place.log(&key("a"), &[record("1", 3)]);
    place.ingest().await;
    let root = place.lake().await.location().to_file_path().unwrap();
    let before = files(&root.join("events"));
    std::fs::remove_file(root.join("events/_delta_log/00000000000000000001.json")).unwrap();
    place.forget(LakeTable::Objects);
    place.ingest().await;
    assert_eq!(files(&root.join("events")), before + 1);
    let told: Vec<_> = findings(&place)
        .await
        .into_iter()
        .map(|finding| (finding.grade, finding.table, finding.code))
        .collect();
    assert_eq!(told, [(Grade::Warning, "events", "orphan")]);
}
