//! The review of `sample-data/`: what `truth.json`, written by the generator, says happened is what the tables say.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::scene::curtail;

/// The review's windows, in days.
const WINDOWS: [u32; 3] = [7, 30, 90];

struct Sample {
    work: TempDir,
    root: PathBuf,
}

impl Sample {
    fn new() -> Self {
        Self {
            work: TempDir::new().unwrap(),
            root: PathBuf::from(env!("CARGO_MANIFEST_DIR")),
        }
    }

    fn arguments(&self, command: &[&str]) -> Vec<String> {
        let mut arguments: Vec<String> = command.iter().map(ToString::to_string).collect();
        let lake = self.work.path().join("lake");
        for (flag, value) in [
            ("--config", self.root.join("sample-data/curtail.toml")),
            ("--lake", lake),
        ] {
            arguments.extend([flag.to_owned(), value.display().to_string()]);
        }
        arguments.extend(["--format".to_owned(), "json".to_owned()]);
        arguments
    }

    /// Runs a command; its exit code and what it printed.
    fn curtail(&self, command: &[&str]) -> (Option<i32>, Value) {
        let arguments = self.arguments(command);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = curtail(&self.root, &arguments);
        let printed = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        (output.status.code(), printed)
    }

    fn run(&self, out: &str) -> (Option<i32>, Value) {
        self.curtail(&[
            "run",
            "--out",
            &self.work.path().join(out).display().to_string(),
        ])
    }

    fn truth(&self) -> Value {
        read_json(&self.root.join("sample-data/truth.json"))
    }
}

fn read_json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Every file below a directory, by its relative path.
fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(
                    path.strip_prefix(root).unwrap().to_owned(),
                    fs::read(&path).unwrap(),
                );
            }
        }
    }
    found
}

#[test]
fn the_sample_review_tells_the_truth_and_a_second_run_changes_nothing() {
    let sample = Sample::new();
    let truth = sample.truth();
    let (code, first) = sample.run("first");
    assert_eq!(code, Some(3), "one object is torn: {first}");
    assert_ingested(&first["ingest"], &truth["trail"]);

    let (code, second) = sample.run("second");
    assert_eq!(code, Some(0), "{second}");
    assert_eq!(second["ingest"]["objects_read"], 0, "{second}");
    assert_eq!(second["ingest"]["events_written"], 0, "{second}");
    assert_eq!(second["snapshot"]["documents_added"], 0, "{second}");
    let written = |out: &str| files(&sample.work.path().join(out));
    assert!(
        written("first") == written("second"),
        "the second review differs from the first"
    );

    assert_exercised(&sample, &truth);
    assert_non_legitimate(&sample, &truth);
    assert_readme(&sample);
    assert_buckets_add_up(&read_json(&sample.work.path().join("first/review.json")));
}

fn assert_ingested(ingest: &Value, truth: &Value) {
    assert_eq!(ingest["objects_read"], truth["log_objects"], "{ingest}");
    assert_eq!(
        ingest["objects_quarantined"], truth["broken_objects"],
        "{ingest}"
    );
    // The records before the cut of the object that is cut stand in another one, too.
    let more = |counted: &str, true_count: &str| {
        ingest[counted].as_u64().unwrap() - truth[true_count].as_u64().unwrap()
    };
    let before_the_cut = more("records_read", "records");
    assert!(before_the_cut > 0, "{ingest}");
    assert_eq!(more("duplicates", "duplicates"), before_the_cut, "{ingest}");
    assert_eq!(ingest["events_written"], truth["events"], "{ingest}");
    let skipped = ["digest_objects", "insight_objects", "foreign_objects"];
    let skipped: u64 = skipped
        .iter()
        .map(|kind| truth[kind].as_u64().unwrap())
        .sum();
    assert_eq!(ingest["objects_skipped"], skipped, "{ingest}");
}

/// Every call that certainly needs an action, counted per agent, role and window: nothing missing, nothing more.
fn assert_exercised(sample: &Sample, truth: &Value) {
    let (_, rows) = sample.curtail(&[
        "sql",
        "select agent, role_arn, action, window_days, certain_calls from exercised where certain_calls > 0 and agent <> 'unattributed'",
    ]);
    let mut measured = BTreeMap::new();
    for row in rows.as_array().unwrap() {
        measured.insert(
            key(row, row["window_days"].as_u64().unwrap()),
            row["certain_calls"].as_u64().unwrap(),
        );
    }
    let mut expected = BTreeMap::new();
    for (agent, roles) in truth["agents"].as_object().unwrap() {
        for (role, facts) in roles.as_object().unwrap() {
            for (action, calls) in facts["used"].as_object().unwrap() {
                for window in WINDOWS {
                    let calls = calls[window.to_string()].as_u64().unwrap();
                    if calls > 0 {
                        expected.insert(
                            (
                                agent.clone(),
                                role.clone(),
                                action.clone(),
                                u64::from(window),
                            ),
                            calls,
                        );
                    }
                }
            }
            // What the generator calls possible may be certain where the record's parameters prove it.
            for action in facts["possible"].as_object().unwrap().keys() {
                measured.retain(|found, _| (&found.0, &found.1, &found.2) != (agent, role, action));
            }
        }
    }
    assert_eq!(measured, expected);
}

fn key(row: &Value, window: u64) -> (String, String, String, u64) {
    let text = |column: &str| row[column].as_str().unwrap().to_owned();
    (text("agent"), text("role_arn"), text("action"), window)
}

/// Every call outside its agent's work, and no other.
fn assert_non_legitimate(sample: &Sample, truth: &Value) {
    let (_, rows) = sample.curtail(&[
        "sql",
        "select agent, role_arn, action, calls - legitimate_calls as outside from exercised \
         where window_days = 90 and calls > legitimate_calls and agent <> 'unattributed'",
    ]);
    let measured: BTreeMap<_, _> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (key(row, 90), row["outside"].as_u64().unwrap()))
        .collect();
    let mut expected = BTreeMap::new();
    for (agent, roles) in truth["agents"].as_object().unwrap() {
        for (role, facts) in roles.as_object().unwrap() {
            for (action, calls) in facts["outside_work"].as_object().unwrap() {
                expected.insert(
                    (agent.clone(), role.clone(), action.clone(), 90),
                    calls.as_u64().unwrap(),
                );
            }
        }
    }
    assert_eq!(measured, expected);
}

/// The table of `sample-data/README.md`, agent by agent and role by role.
fn assert_readme(sample: &Sample) {
    let (_, rows) = sample.curtail(&["sql", "--file", "tests/end_to_end/sample_readme.sql"]);
    let number = |cell: &str| cell.replace(',', "").parse::<u64>().unwrap();
    let measured: BTreeMap<(String, String), Vec<u64>> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let columns = [
                "granted",
                "blocked",
                "used",
                "possibly",
                "outside",
                "inherited",
                "unobservable",
                "never_used",
            ];
            let role = row["role_arn"]
                .as_str()
                .unwrap()
                .rsplit('/')
                .next()
                .unwrap()
                .to_owned();
            let counts = columns.map(|column| row[column].as_u64().unwrap());
            (
                (row["agent"].as_str().unwrap().to_owned(), role),
                counts.to_vec(),
            )
        })
        .collect();
    let readme = fs::read_to_string(sample.root.join("sample-data/README.md")).unwrap();
    let told: BTreeMap<(String, String), Vec<u64>> = readme
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            line.split('|')
                .map(|cell| cell.trim().trim_matches('`'))
                .collect::<Vec<_>>()
        })
        .filter(|cells| cells.len() == 12)
        .map(|cells| {
            let counts = cells[3..11].iter().map(|cell| number(cell)).collect();
            ((cells[1].to_owned(), cells[2].to_owned()), counts)
        })
        .collect();
    assert_eq!(told, measured);
}

fn assert_buckets_add_up(review: &Value) {
    let agents = review["agents"].as_array().unwrap();
    assert!(agents.len() >= 14);
    for agent in agents {
        let counts = &agent["counts"];
        let buckets = [
            "used",
            "non_legitimate",
            "inherited",
            "unobservable",
            "never_used",
        ];
        let sum: u64 = buckets
            .iter()
            .map(|bucket| counts[bucket].as_u64().unwrap())
            .sum();
        assert_eq!(
            counts["granted"].as_u64(),
            Some(sum),
            "{}",
            agent["declared"]["name"]
        );
    }
    for role in review["roles"].as_array().unwrap() {
        if let Some(proof) = role["trim"]["proof"].as_object() {
            assert_eq!(proof["would_be_denied"], 0, "{}", role["arn"]);
            assert_eq!(proof["not_broader"], true, "{}", role["arn"]);
        }
    }
}
