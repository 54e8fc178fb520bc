//! What a verification leaves in the lake.

use std::path::Path;

use arrow::array::{Array as _, AsArray as _};
use arrow::datatypes::Int64Type;

use super::forge::{Forge, keys_file};
use super::*;
use crate::{Lake, LakeTable, VerifySummary, verify};

async fn run(forge: &Forge, place: &Path) -> VerifySummary {
    let keys = place.join("keys.json");
    std::fs::write(&keys, keys_file()).unwrap();
    let lake = Lake::open(place.join("lake").to_str().unwrap())
        .await
        .unwrap();
    let mut options = VerifyOptions::new(NOW.parse().unwrap());
    options.public_keys = Some(keys);
    let source = forge.root().to_str().unwrap().to_owned();
    // Twice the same source is verified once.
    let sources = [source.clone(), source];
    verify(&lake, &sources, &options, &NoProgress)
        .await
        .unwrap()
}

/// Key, status and revision of every verdict on a log file, in order.
async fn rows(place: &Path) -> Vec<(String, String, i64)> {
    let location = place.join("lake");
    let lake = Lake::open(location.to_str().unwrap()).await.unwrap();
    let batches = lake.rows(LakeTable::Verifications).await;
    let mut rows = Vec::new();
    for batch in batches.unwrap() {
        let text = |name: &str, row: usize| {
            let column = batch.column_by_name(name).unwrap();
            assert!(column.is_valid(row), "{name}");
            column.as_string::<i32>().value(row).to_owned()
        };
        let revisions = batch.column_by_name("revision").unwrap();
        for row in 0..batch.num_rows() {
            if text("object_kind", row) == "trail" {
                let revision = revisions.as_primitive::<Int64Type>().value(row);
                rows.push((text("object_key", row), text("status", row), revision));
            }
        }
    }
    rows.sort();
    rows
}

#[tokio::test]
async fn a_verdict_is_written_once_and_again_when_it_changes() {
    let mut forge = Forge::new();
    let (_, first) = forge.hour(&["a"]);
    let place = tempfile::tempdir().unwrap();
    let summary = run(&forge, place.path()).await;
    assert_eq!(summary.log_files.verified, 1);
    assert_eq!(summary.digests.verified, 1);
    assert_eq!(summary.verdicts_written, 2);
    assert!(!summary.is_tampered());

    assert_eq!(run(&forge, place.path()).await.verdicts_written, 0);

    let (_, second) = forge.hour(&["b"]);
    forge.put(&first[0], b"changed");
    let summary = run(&forge, place.path()).await;
    assert!(summary.is_tampered());
    let named = summary.named.first().unwrap();
    assert_eq!(
        (named.object_key.as_str(), named.status),
        (first[0].as_str(), "modified")
    );
    assert_eq!(summary.verdicts_written, 3);

    forge.put(&first[0], b"a");
    assert_eq!(run(&forge, place.path()).await.verdicts_written, 1);
    let row = |key: &str, status: &str, revision| (key.to_owned(), status.to_owned(), revision);
    assert_eq!(
        rows(place.path()).await,
        [
            row(&first[0], "modified", 1),
            row(&first[0], "verified", 0),
            row(&first[0], "verified", 2),
            row(&second[0], "verified", 0),
        ]
    );
}

#[tokio::test]
async fn a_source_without_digests_has_no_verdicts() {
    let forge = Forge::new();
    forge.put(
        "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/09/20/x.json.gz",
        b"{}",
    );
    let place = tempfile::tempdir().unwrap();
    let summary = run(&forge, place.path()).await;
    assert_eq!(summary, VerifySummary::default());
    assert!(rows(place.path()).await.is_empty());
}

#[tokio::test]
async fn two_runs_at_once_write_each_verdict_once() {
    let mut forge = Forge::new();
    for _ in 0..3 {
        forge.hour(&["a", "b"]);
    }
    let place = tempfile::tempdir().unwrap();
    let (one, other) = tokio::join!(run(&forge, place.path()), run(&forge, place.path()));
    assert_eq!(one.verdicts_written + other.verdicts_written, 9);
    assert_eq!(rows(place.path()).await.len(), 6);
}
