//! Whatever happens to a run, the lake ends with each record of the source once.
//!
//! What is expected is computed from the source alone, by the plainest means.

#[path = "exactly_once/corpus.rs"]
mod corpus;
#[path = "exactly_once/disk.rs"]
mod disk;
#[path = "exactly_once/kills.rs"]
mod kills;
#[path = "exactly_once/proxy.rs"]
mod proxy;
#[path = "exactly_once/sources.rs"]
mod sources;

use std::path::Path;
use std::process::Output;

use crate::servers::{Environment, command as curtail};
use corpus::Corpus;

/// The rows of a commit in these tests, so that a run makes several.
const SETTINGS: &str = "lake = \"lake\"\n[ingest]\nsources = [\"trail\"]\ncommit_rows = 1500\n";

#[track_caller]
fn succeeded(output: &Output) {
    assert!(
        output.status.success(),
        "{:?}: {}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The records of a lake, each as often as it stands there, in order.
fn records(directory: &Path, environment: &Environment, lake: &str) -> Vec<String> {
    let query =
        "SELECT event_id, recipient_account_id FROM events ORDER BY event_id, recipient_account_id";
    let arguments = ["--lake", lake, "sql", query, "--format", "csv"];
    let output = curtail(directory, environment, &arguments)
        .output()
        .unwrap();
    succeeded(&output);
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().skip(1).map(str::to_owned).collect()
}

/// The lake holds each record of the source once, and a further run finds nothing to do.
#[track_caller]
fn is_whole(directory: &Path, environment: &Environment, lake: &str, corpus: &Corpus) {
    let found = records(directory, environment, lake);
    assert_eq!(found.len(), corpus.records().len(), "rows of {lake}");
    assert!(found.iter().eq(corpus.records()), "records of {lake}");
    let again = curtail(
        directory,
        environment,
        &["--lake", lake, "ingest", "--format", "json"],
    );
    let output = { again }.output().unwrap();
    succeeded(&output);
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["objects_read"], 0, "{summary}");
    assert_eq!(summary["events_written"], 0, "{summary}");
}
