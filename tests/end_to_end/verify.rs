//! `curtail ingest --verify`: digests that OpenSSL signed, on disk and in a bucket, and what the review says of them.

use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

use crate::digest_bucket::Server;
use crate::scene::{Scene, gzip};

const FIRST: &[u8] = include_bytes!("digests/first.json");
const FIRST_METADATA: &str = include_str!("digests/first.json.metadata.json");
const SECOND: &[u8] = include_bytes!("digests/second.json");
const SECOND_METADATA: &str = include_str!("digests/second.json.metadata.json");
const LOG: &[u8] = include_bytes!("digests/log.json");
const KEYS: &str = include_str!("digests/keys.json");

const FIRST_KEY: &str = "AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/09/20/111122223333_CloudTrail-Digest_eu-west-1_all_eu-west-1_20260920T100131Z.json.gz";
const SECOND_KEY: &str = "AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/09/20/111122223333_CloudTrail-Digest_eu-west-1_all_eu-west-1_20260920T110131Z.json.gz";
const LOG_KEY: &str = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/09/20/111122223333_CloudTrail_eu-west-1_20260920T1025Z_Xq5kFbd9aC3mTz0R.json.gz";

/// A log file and two digests, as they were delivered.
fn delivered() -> Scene {
    let scene = Scene::new();
    for (key, content, metadata) in [
        (FIRST_KEY, FIRST, Some(FIRST_METADATA)),
        (SECOND_KEY, SECOND, Some(SECOND_METADATA)),
        (LOG_KEY, LOG, None),
    ] {
        scene.write_bytes(&format!("trail/{key}"), &gzip(content));
        if let Some(metadata) = metadata {
            scene.write(&format!("trail/{key}.metadata.json"), metadata);
        }
    }
    scene.write("keys.json", KEYS);
    scene
}

fn verify(scene: &Scene) -> (Value, Option<i32>) {
    let output = scene.curtail(&[
        "ingest",
        "--verify",
        "--public-keys",
        "keys.json",
        "--format",
        "json",
    ]);
    read(&output)
}

fn read(output: &Output) -> (Value, Option<i32>) {
    let summary: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (summary["verification"].clone(), output.status.code())
}

#[test]
fn what_was_delivered_is_verified_and_the_review_says_so() {
    let scene = delivered();
    let (found, code) = verify(&scene);
    assert_eq!(code, Some(0), "{found}");
    assert_eq!(found["digests"]["verified"], 2, "{found}");
    assert_eq!(found["log_files"]["verified"], 1, "{found}");
    assert_eq!(found["verdicts_written"], 3);
    let (again, _) = verify(&scene);
    assert_eq!(again["verdicts_written"], 0);

    let rows = scene.sql(
        "select objects_read, verified, share, unchecked from integrity where window_days = 90",
    );
    assert_eq!(
        rows,
        [serde_json::json!({"objects_read": 1, "verified": 1, "share": 1.0, "unchecked": 0})]
    );
    scene.run();
    assert_eq!(scene.review()["organisation"]["integrity"]["verified"], 1);
    let sentence = "confirm 1 of the 1 log files read that were delivered in the window (100.0 %).";
    for form in ["review/review.md", "review/review.html"] {
        let text = std::fs::read_to_string(scene.path(form)).unwrap();
        assert!(text.contains(sentence), "{form}");
    }
}

#[test]
fn without_a_verification_the_review_says_nothing_of_integrity() {
    let scene = delivered();
    scene.run();
    assert_eq!(scene.review()["organisation"].get("integrity"), None);
    assert_eq!(scene.sql("select * from integrity"), [] as [Value; 0]);
}

#[test]
fn what_was_changed_is_named_and_the_exit_code_tells() {
    let scene = delivered();
    let changed = String::from_utf8(LOG.to_vec()).unwrap();
    let changed = changed.replace("192.0.2.10", "192.0.2.11");
    scene.write_bytes(&format!("trail/{LOG_KEY}"), &gzip(changed.as_bytes()));
    std::fs::remove_file(scene.path(&format!("trail/{FIRST_KEY}"))).unwrap();
    let output = scene.curtail(&["ingest", "--verify", "--public-keys", "keys.json"]);
    assert_eq!(output.status.code(), Some(3));
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find(|line| line.starts_with("modified"));
    assert!(line.is_some_and(|line| line.contains(LOG_KEY)), "{text}");
    let rows = scene.sql(
        "select object_kind, status, reason, digest_key from verifications order by object_key",
    );
    assert_eq!(rows.len(), 3, "{rows:?}");
    let said: Vec<&str> = rows
        .iter()
        .map(|row| row["status"].as_str().unwrap())
        .collect();
    assert_eq!(said, ["unverifiable", "verified", "modified"]);
    assert_eq!(rows[2]["digest_key"], SECOND_KEY);

    scene.run();
    let review = std::fs::read_to_string(scene.path("review/review.md")).unwrap();
    assert!(review.contains("confirm 0 of the 1 log files read"));
    assert!(review.contains("Besides: 1 log files modified. "));
}

#[test]
fn a_file_that_holds_no_keys_is_named() {
    let scene = delivered();
    scene.write("keys.json", "{}");
    let output = scene.curtail(&["ingest", "--verify", "--public-keys", "keys.json"]);
    assert_eq!(output.status.code(), Some(4));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("`keys.json` is no file of public keys"),
        "{told}"
    );
}

#[test]
fn a_bucket_is_verified_with_the_keys_that_cloudtrail_gives_page_by_page() {
    let scene = delivered();
    let keys: Value = serde_json::from_str(KEYS).unwrap();
    let server = Server::start(scene.path("trail"), &keys["PublicKeyList"][0]);
    let mut command = Command::cargo_bin("curtail").unwrap();
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("CURTAIL_") || name.starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    let output = command
        .current_dir(scene.path(""))
        .env("AWS_ENDPOINT_URL", &server.url)
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_REGION", "eu-west-1")
        .args(["ingest", "s3://the-bucket", "--verify", "--format", "json"])
        .output()
        .unwrap();
    let (found, code) = read(&output);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(code, Some(0), "{found} {said}");
    assert_eq!(found["digests"]["verified"], 2, "{found} {said}");
    assert_eq!(found["log_files"]["verified"], 1, "{found}");
    let rows = scene.sql(
        "select count(*) as n from objects
         join verifications on objects.source = verifications.source
         and objects.object_key = verifications.object_key and verifications.status = 'verified'",
    );
    assert_eq!(rows[0]["n"], 1, "both name the log file alike");
}
