//! Records, objects and parts of them that are larger or more than anyone writes.

use std::fmt::Write as _;

use arrow::array::RecordBatch;
use curtail_ingest::LakeTable;
use serde_json::json;

use crate::scene::{Scene, gz, key, log, log_of, one, record};

/// A record with a text of so many bytes in its parameters.
async fn large(bytes: usize) {
    let mut large = record("1");
    large["requestParameters"] = json!({"text": "x".repeat(bytes)});
    let odd = one(gz(log(&[large, record("2")]))).await;
    odd.is_read(&["1", "2"]);
    assert_eq!(odd.event("1")["request_parameters"].len(), bytes + 11);
}

#[tokio::test]
async fn a_record_of_one_megabyte() {
    large(1 << 20).await;
}

#[tokio::test]
async fn a_record_of_five_megabytes() {
    large(5 << 20).await;
}

#[tokio::test]
async fn a_user_agent_of_two_megabytes() {
    let mut large = record("1");
    large["userAgent"] = json!("\u{20ac}".repeat(700_000));
    let odd = one(gz(log(&[large]))).await;
    odd.is_read(&["1"]);
    assert_eq!(odd.event("1")["user_agent"].len(), 2_100_000);
}

#[tokio::test]
async fn a_broken_record_of_five_megabytes_is_shown_by_its_beginning() {
    let element = format!(
        "{{\"eventID\":\"2\",\"x\":NaN,\"y\":\"{}\"}}",
        "\u{20ac}".repeat(1_700_000)
    );
    let (text, offsets) = log_of(&[&record("1").to_string(), &element]);
    let odd = one(gz(text)).await;
    let row = format!("1@{} not_json", offsets[1]);
    odd.is(&["1"], &[&row], "read");
    let excerpt = &odd.found.quarantine[0]["excerpt"];
    assert!(excerpt.len() <= 4 << 10 && excerpt.starts_with("{\"eventID\":\"2\""));
}

#[tokio::test]
async fn two_hundred_thousand_records_in_an_object() {
    let mut text = "{\"Records\":[".to_owned();
    for index in 0..200_000_u32 {
        let comma = if index == 0 { "" } else { "," };
        write!(
            text,
            "{comma}{{\"eventID\":\"{index}\",\"eventName\":\"GetObject\",\"eventTime\":\"2026-06-03T12:00:00Z\"}}"
        )
        .unwrap();
    }
    text.push_str("]}");
    let scene = Scene::new();
    scene.put(&key("odd"), &gz(text));
    let (lake, summary) = scene.ingest().await;
    assert_eq!(summary.events_written, 200_002);
    let counts = (summary.objects_read, summary.records_quarantined);
    assert_eq!(counts, (2, 0));
    let batches = lake.rows(LakeTable::Events).await.unwrap();
    let stored: usize = batches.iter().map(RecordBatch::num_rows).sum();
    assert_eq!(stored, 200_002);
}

#[tokio::test]
async fn more_than_a_million_records_in_an_object_are_refused() {
    let text = format!("{{\"Records\":[{}0]}}", "0,".repeat(1_000_000));
    let odd = one(gz(text)).await;
    assert_eq!(
        odd.found.status(&key("odd")),
        "quarantined too_many_records"
    );
    assert_eq!(odd.found.quarantine.len(), 1);
}

#[tokio::test]
async fn a_million_records_that_are_cut_are_refused_too() {
    let text = format!("{{\"Records\":[{}", "{},".repeat(1_000_001));
    let odd = one(gz(text)).await;
    assert_eq!(
        odd.found.status(&key("odd")),
        "quarantined too_many_records"
    );
}

#[tokio::test]
async fn a_record_of_more_keys_than_anyone_writes_is_refused_alone() {
    let mut element = "{\"eventID\":\"2\"".to_owned();
    for key in 0..50_000 {
        write!(element, ",\"k{key}\":{key}").unwrap();
    }
    element.push('}');
    let (text, offsets) = log_of(&[&record("1").to_string(), &element, &record("3").to_string()]);
    let row = format!("1@{} not_json", offsets[1]);
    one(gz(text)).await.is(&["1", "3"], &[&row], "read");
}

#[tokio::test]
async fn parameters_of_a_hundred_thousand_keys_are_kept() {
    let mut large = record("1");
    large["requestParameters"] = (0..100_000)
        .map(|key| (format!("k{key}"), json!(key)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let expected = large["requestParameters"].to_string();
    let odd = one(gz(log(&[large]))).await;
    odd.is_read(&["1"]);
    assert_eq!(odd.event("1")["request_parameters"], expected);
}

#[tokio::test]
async fn a_list_of_a_hundred_thousand_elements_in_the_parameters_is_kept() {
    let mut large = record("1");
    large["requestParameters"] = json!({"items": vec![json!([{}]); 100_000]});
    let expected = large["requestParameters"].to_string();
    let odd = one(gz(log(&[large]))).await;
    odd.is_read(&["1"]);
    assert_eq!(odd.event("1")["request_parameters"], expected);
}

#[tokio::test]
async fn an_object_beyond_the_limit_is_refused() {
    let mut scene = Scene::new();
    scene.options.max_object_bytes = 100_000;
    scene.put("plain.json", &vec![b' '; 100_001]);
    scene.put("packed.json.gz", &gz(vec![b' '; 100_001]));
    scene.put("fits.json.gz", &gz(log(&[]) + &" ".repeat(99_900)));
    let found = scene.run().await;
    for object in ["plain.json", "packed.json.gz"] {
        assert_eq!(found.quarantined(object), ["-@- oversized"]);
        assert_eq!(found.status(object), "quarantined oversized");
    }
    assert_eq!(found.status("fits.json.gz"), "read");
}

#[tokio::test]
async fn a_thousand_broken_objects_are_named_each() {
    let scene = Scene::new();
    for index in 0..1_000 {
        scene.put(
            &key(&format!("{index:04}")),
            format!("broken {index}").as_bytes(),
        );
    }
    let found = scene.run().await;
    assert_eq!(found.summary.objects_quarantined, 1_000);
    assert_eq!(found.quarantine.len(), 1_000);
    assert_eq!(found.quarantined(&key("0777")), ["-@1 not_json"]);
}
