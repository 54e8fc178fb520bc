//! What an object may look like, and what is told apart from it.

use curtail_ingest::LakeTable;
use serde_json::json;

use crate::place::{Place, gz, key, record};

#[tokio::test]
async fn records_of_every_form_land() {
    let place = Place::new();
    place.log(&key("log"), &[record("1", 3), record("2", 3)]);
    place.put(
        "plain.json",
        json!({"Records": [record("3", 3)]}).to_string().as_bytes(),
    );
    place.put("array.json", json!([record("4", 3)]).to_string().as_bytes());
    let lines = format!("{}\n{}\n", record("5", 3), record("6", 3));
    place.put("lines.jsonl", lines.as_bytes());
    place.put(
        "packed-without-name",
        &gz(record("7", 3).to_string().as_bytes()),
    );
    let envelope = json!({"detail-type": "AWS API Call via CloudTrail", "source": "aws.s3", "detail": record("8", 3)});
    place.put("envelope.ndjson.gz", &gz(envelope.to_string().as_bytes()));
    let lookup =
        json!({"Events": [{"EventId": "9", "CloudTrailEvent": record("9", 3).to_string()}]});
    place.put("lookup.json", lookup.to_string().as_bytes());
    let summary = place.ingest().await;
    assert_eq!(
        (
            summary.objects_read,
            summary.records_read,
            summary.events_written
        ),
        (7, 9, 9)
    );
    let expected: Vec<String> = (1..=9).map(|id| id.to_string()).collect();
    assert_eq!(place.events("event_id").await, expected);
}

#[tokio::test]
async fn a_row_tells_where_it_comes_from() {
    let place = Place::new();
    place.log(&key("log"), &[record("1", 3), record("2", 4)]);
    place.ingest().await;
    let rows = place.rows(LakeTable::Events).await;
    let root = url::Url::from_directory_path(place.source().canonicalize().unwrap()).unwrap();
    let row = rows.iter().find(|row| row["event_id"] == "2").unwrap();
    assert_eq!(row["source"], root.as_str());
    assert_eq!(row["object_key"], key("log"));
    assert_eq!(row["record_index"], "1");
    assert_eq!(row["event_date"], "2026-06-04");
    assert_eq!(row["record_key"].len(), 32);
}

#[tokio::test]
async fn several_gzip_members_are_one_object() {
    let place = Place::new();
    let text = json!({"Records": [record("1", 3), record("2", 3)]}).to_string();
    let (first, second) = text.split_at(100);
    place.put(
        &key("log"),
        &[gz(first.as_bytes()), gz(second.as_bytes())].concat(),
    );
    assert_eq!(place.ingest().await.events_written, 2);
}

#[tokio::test]
async fn a_log_without_records_is_read() {
    let place = Place::new();
    place.log(&key("empty"), &[]);
    let summary = place.ingest().await;
    assert_eq!((summary.objects_read, summary.records_read), (1, 0));
    assert_eq!(
        place.reasons(LakeTable::Objects).await,
        [(key("empty"), String::new())]
    );
}

#[tokio::test]
async fn neighbours_of_log_files_are_skipped_by_name_and_never_counted_as_records() {
    let place = Place::new();
    place.log(&key("log"), &[record("1", 3)]);
    place.log(
        "AWSLogs/111122223333/CloudTrail-Insight/eu-west-1/i.json.gz",
        &[record("i", 3)],
    );
    place.put(
        "AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/d.json.gz",
        &gz(b"{}"),
    );
    place.put(
        "AWSLogs/111122223333/Config/eu-west-1/c.json.gz",
        &gz(b"{\"configurationItems\":[]}"),
    );
    place.put(
        "moved-digest.json",
        br#"{"digestStartTime":"2026-06-03T00:00:00Z","logFiles":[]}"#,
    );
    place.put(".DS_Store", b"\0\0\0\x01Bud1");
    place.put("README.md", b"# logs");
    place.put("table.csv", b"a,b");
    place.put("settings.json", b"{\"theme\":\"dark\"}");
    place.log("notifications.json.gz", &[json!({"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put"})]);
    let mut insight = record("2", 3);
    insight["eventCategory"] = json!("Insight");
    place.log("moved-insight.json.gz", &[insight]);
    let summary = place.ingest().await;
    assert_eq!(
        (
            summary.objects_read,
            summary.objects_skipped,
            summary.records_read
        ),
        (1, 10, 1)
    );
    let skipped: Vec<String> = place
        .rows(LakeTable::Objects)
        .await
        .iter()
        .filter(|row| row["status"] == "skipped")
        .map(|row| {
            format!(
                "{} {} {}",
                row["object_key"].rsplit('/').next().unwrap(),
                row["object_kind"],
                row["reason"]
            )
        })
        .collect();
    let mut sorted = skipped.clone();
    sorted.sort();
    let expected = [
        ".DS_Store foreign hidden_file",
        "README.md foreign not_json",
        "c.json.gz foreign config",
        "d.json.gz digest digest",
        "i.json.gz insight insight",
        "moved-digest.json digest digest",
        "moved-insight.json.gz insight insight",
        "notifications.json.gz foreign other_events",
        "settings.json foreign not_cloudtrail",
        "table.csv foreign not_json",
    ];
    assert_eq!(sorted, expected);
    assert!(place.rows(LakeTable::Quarantine).await.is_empty());
}

#[tokio::test]
async fn odd_records_land_and_keep_what_is_odd() {
    let place = Place::new();
    let mut odd = record("1", 3);
    odd["eventTime"] = json!(1_780_000_000);
    odd["errorCode"] = json!({"code": 403});
    odd["aNewField"] = json!([1, null]);
    odd["responseElements"] = json!("text");
    place.log(&key("odd"), &[odd, json!({}), json!({"eventName": null})]);
    let summary = place.ingest().await;
    assert_eq!(
        (summary.events_written, summary.records_quarantined),
        (3, 0)
    );
    let rows = place.rows(LakeTable::Events).await;
    let row = rows
        .iter()
        .find(|row| row.get("event_id").is_some_and(|id| id == "1"))
        .unwrap();
    assert_eq!(row.get("event_time"), None);
    assert_eq!(row.get("event_date"), None);
    assert_eq!(row["response_elements"], "\"text\"");
    let extra: serde_json::Value = serde_json::from_str(&row["extra"]).unwrap();
    assert_eq!(
        extra,
        json!({"eventTime": 1_780_000_000, "errorCode": {"code": 403}, "aNewField": [1, null]})
    );
}

#[tokio::test]
async fn one_file_is_a_source_too() {
    let place = Place::new();
    let file = place.put("one.json", json!([record("1", 3)]).to_string().as_bytes());
    place.put("two.json", json!([record("2", 3)]).to_string().as_bytes());
    let summary = place.try_ingest(&[file]).await.unwrap();
    assert_eq!(summary.events_written, 1);
    let all = place.ingest().await;
    assert_eq!(
        (all.objects_known, all.objects_read, all.events_written),
        (1, 1, 1)
    );
}

#[tokio::test]
async fn a_lake_within_a_source_is_not_taken_for_objects() {
    let place = Place::new();
    place.put("one.json", json!([record("1", 3)]).to_string().as_bytes());
    let around = place.source().parent().unwrap().to_path_buf();
    let first = place
        .try_ingest(std::slice::from_ref(&around))
        .await
        .unwrap();
    let second = place.try_ingest(&[around]).await.unwrap();
    assert_eq!((first.objects_read, first.objects_skipped), (1, 0));
    assert_eq!(
        (
            second.objects_known,
            second.objects_read,
            second.objects_skipped
        ),
        (1, 0, 0)
    );
}
