//! `curtail ingest`: every record once, everything else by name.

use serde_json::{Value, json};

use crate::scene::{Scene, call, gzip};

fn ingest(scene: &Scene) -> (Value, Option<i32>) {
    let output = scene.curtail(&["ingest", "--format", "json"]);
    let summary = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (summary, output.status.code())
}

#[test]
fn an_event_in_two_objects_and_two_runs_counts_once() {
    let scene = Scene::new();
    let twice = call(
        "e-1",
        "app",
        "ec2:DescribeInstances",
        "2026-09-20T10:00:00Z",
    );
    scene.trail(
        "A",
        &[
            twice.clone(),
            call("e-2", "app", "ec2:DescribeVpcs", "2026-09-20T10:00:00Z"),
        ],
    );
    scene.trail("B", std::slice::from_ref(&twice));
    let (first, code) = ingest(&scene);
    assert_eq!(code, Some(0));
    assert_eq!(first["objects_read"], 2);
    assert_eq!(first["records_read"], 3);
    assert_eq!(first["events_written"], 2);
    assert_eq!(first["duplicates"], 1);

    let (second, _) = ingest(&scene);
    assert_eq!(second["objects_read"], 0);
    assert_eq!(second["events_written"], 0);

    scene.trail(
        "C",
        &[
            twice,
            call("e-3", "app", "ec2:DescribeSubnets", "2026-09-20T10:00:00Z"),
        ],
    );
    let (third, _) = ingest(&scene);
    assert_eq!(third["objects_read"], 1);
    assert_eq!(third["events_written"], 1);
    assert_eq!(third["duplicates"], 1);
    assert_eq!(scene.sql("select count(*) as n from events")[0]["n"], 3);
}

#[test]
fn what_cannot_be_read_is_quarantined_by_name_and_the_rest_goes_on() {
    let scene = Scene::new();
    scene.trail(
        "GOOD",
        &[
            call("e-1", "app", "ec2:DescribeVpcs", "2026-09-20T10:00:00Z"),
            json!("not a record"),
        ],
    );
    let whole = gzip(br#"{"Records":[]}"#);
    scene.write_bytes(
        "trail/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/09/20/torn.json.gz",
        &whole[..whole.len() - 9],
    );
    let (summary, code) = ingest(&scene);
    assert_eq!(code, Some(3));
    assert_eq!(summary["objects_quarantined"], 1);
    assert_eq!(summary["records_quarantined"], 1);
    assert_eq!(summary["events_written"], 1);
    let rows =
        scene.sql("select object_key, record_index, reason from quarantine order by object_key");
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(
        rows.iter().any(|row| row["object_key"]
            .as_str()
            .unwrap()
            .ends_with("torn.json.gz")),
        "{rows:?}"
    );
}

#[test]
fn digests_insights_and_foreign_objects_are_skipped_by_name() {
    let scene = Scene::new();
    let digest = json!({"awsAccountId": "111122223333", "digestStartTime": "2026-09-20T09:00:00Z",
        "digestEndTime": "2026-09-20T10:00:00Z", "logFiles": []});
    scene.write_bytes(
        "trail/AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/09/20/111122223333_CloudTrail-Digest_eu-west-1_all_eu-west-1_20260920T100000Z.json.gz",
        &gzip(digest.to_string().as_bytes()),
    );
    scene.write_bytes(
        "trail/AWSLogs/111122223333/CloudTrail-Insight/eu-west-1/2026/09/20/111122223333_CloudTrail-Insight_eu-west-1_20260920T1000Z_abcdefghijklmnop.json.gz",
        &gzip(br#"{"Records":[{"eventVersion":"1.08","eventCategory":"Insight","eventID":"i-1"}]}"#),
    );
    scene.write(
        "trail/AWSLogs/111122223333/Config/ConfigWritabilityCheckFile",
        "",
    );
    scene.trail(
        "GOOD",
        &[call(
            "e-1",
            "app",
            "ec2:DescribeVpcs",
            "2026-09-20T10:00:00Z",
        )],
    );
    let (summary, code) = ingest(&scene);
    assert_eq!(code, Some(0), "{summary}");
    assert_eq!(summary["objects_skipped"], 3);
    assert_eq!(summary["events_written"], 1);
    let kinds =
        scene.sql("select object_kind from objects where status = 'skipped' order by object_kind");
    let kinds: Vec<&str> = kinds
        .iter()
        .map(|row| row["object_kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["digest", "foreign", "insight"]);
}

#[test]
fn a_record_is_never_refused_for_an_odd_field() {
    let scene = Scene::new();
    let mut odd = call("e-1", "app", "ec2:DescribeVpcs", "2026-09-20T10:00:00Z");
    odd["readOnly"] = json!("true");
    odd["errorCode"] = json!(404);
    odd["responseElements"] = json!("text");
    odd["somethingNew"] = json!({"a": [1, 2]});
    odd["userAgent"] = json!(null);
    scene.trail(
        "ODD",
        &[
            odd,
            json!({}),
            json!({"eventTime": "never", "userIdentity": "root"}),
        ],
    );
    let (summary, code) = ingest(&scene);
    assert_eq!(code, Some(0), "{summary}");
    assert_eq!(summary["events_written"], 3);
    let kept = scene.sql("select extra, response_elements from events where event_id = 'e-1'");
    assert!(
        kept[0]["extra"].as_str().unwrap().contains("somethingNew"),
        "{kept:?}"
    );
    assert_eq!(kept[0]["response_elements"], "\"text\"");
}

#[test]
fn json_lines_plain_json_and_one_file_are_read() {
    let scene = Scene::new();
    let one = call("e-1", "app", "ec2:DescribeVpcs", "2026-09-20T10:00:00Z");
    let two = call("e-2", "app", "ec2:DescribeVpcs", "2026-09-20T10:00:01Z");
    scene.write("lines.jsonl", &format!("{one}\n{two}\n"));
    scene.write(
        "plain.json",
        &json!({"Records": [call("e-3", "app", "ec2:DescribeVpcs", "2026-09-20T10:00:02Z")]})
            .to_string(),
    );
    let output = scene.curtail(&["ingest", "lines.jsonl", "plain.json", "--format", "json"]);
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["objects_read"], 2);
    assert_eq!(summary["events_written"], 3);
}
