//! JSON of another shape than a log file has, and records that stand in odd ways.

use serde_json::json;

use crate::scene::{Scene, gz, key, log, log_of, one, record};

#[tokio::test]
async fn records_that_are_null_an_object_text_or_a_number_are_no_list() {
    for records in ["null", "{\"a\":1}", "\"text\"", "7", "true"] {
        one(format!("{{\"Records\":{records}}}")).await.is(
            &[],
            &["-@- records_not_an_array"],
            "quarantined records_not_an_array",
        );
    }
}

#[tokio::test]
async fn an_object_without_records_is_none_of_cloudtrail() {
    one("{\"records\":[]}").await.is_skipped("not_cloudtrail");
    one("{}").await.is_skipped("not_cloudtrail");
}

#[tokio::test]
async fn an_empty_list_of_records_is_a_log() {
    one("{\"Records\":[]}").await.is_read(&[]);
}

#[tokio::test]
async fn scalars_among_the_records_are_named() {
    let (text, offsets) = log_of(&[
        "7",
        &record("1").to_string(),
        "null",
        "\"text\"",
        "[1]",
        "true",
        &record("2").to_string(),
    ]);
    let rows: Vec<String> = [0, 2, 3, 4, 5]
        .iter()
        .map(|&index| format!("{index}@{} not_an_object", offsets[index]))
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    one(text).await.is(&["1", "2"], &rows, "read");
}

#[tokio::test]
async fn an_array_of_scalars_is_none_of_cloudtrail() {
    one("[1,2,\"text\",null]")
        .await
        .is_skipped("not_cloudtrail");
}

#[tokio::test]
async fn a_scalar_at_the_top_is_none_of_cloudtrail() {
    for scalar in ["null", "true", "12", "\"text\"", "[]"] {
        one(scalar).await.is_skipped("not_cloudtrail");
    }
}

#[tokio::test]
async fn records_within_records_are_not_taken_apart() {
    let inner = log(&[record("2")]);
    let odd = one(log_of(&[&record("1").to_string(), &inner]).0).await;
    odd.is_read(&["1", "-"]);
}

#[tokio::test]
async fn documents_one_after_the_other_are_all_read() {
    let text = format!(
        "{}{}\n{}",
        log(&[record("1")]),
        log(&[record("2")]),
        record("3")
    );
    one(text).await.is_read(&["1", "2", "3"]);
}

#[tokio::test]
async fn a_broken_document_among_others_costs_itself_alone() {
    let first = log(&[record("1")]);
    let text = format!("{first}{{\"eventID\":NaN}}{}", log(&[record("3")]));
    let row = format!("1@{} not_json", first.len());
    one(text).await.is(&["1", "3"], &[&row], "read");
}

#[tokio::test]
async fn a_foreign_document_among_others_is_named() {
    let first = record("1").to_string();
    let text = format!("{first}\n{{\"level\":\"info\"}}\n{}", record("3"));
    let row = format!("1@{} not_cloudtrail", first.len() + 1);
    one(text).await.is(&["1", "3"], &[&row], "read");
}

#[tokio::test]
async fn an_empty_record_has_a_row() {
    one("{\"Records\":[{}]}").await.is_read(&["-"]);
}

#[tokio::test]
async fn the_same_record_twice_in_an_object_is_one_row() {
    let odd = one(log(&[record("1"), record("1"), record("1")])).await;
    odd.is_read(&["1"]);
    assert_eq!(odd.found.summary.duplicates, 2);
}

#[tokio::test]
async fn an_id_that_two_records_share_is_named_and_the_first_counts() {
    let mut other = record("1");
    other["eventName"] = json!("DeleteBucket");
    let (text, offsets) = log_of(&[&record("1").to_string(), &other.to_string()]);
    let odd = one(text).await;
    let _ = offsets;
    odd.is(&["1"], &["1@- event_id_reused"], "read");
    assert_eq!(odd.event("1")["event_name"], "GetObject");
    let row = &odd.found.quarantine[0];
    assert!(row["detail"].contains("`1`"), "{row:?}");
    assert!(row["excerpt"].contains("DeleteBucket"), "{row:?}");
    assert_eq!(odd.found.summary.duplicates, 0);
}

#[tokio::test]
async fn an_id_that_a_later_run_brings_again_with_another_record_is_named() {
    let scene = Scene::new();
    scene.put(&key("a"), &gz(log(&[record("1")])));
    scene.run().await;
    let mut other = record("1");
    other["eventSource"] = json!("iam.amazonaws.com");
    scene.put(&key("b"), &gz(log(&[other, record("1"), record("2")])));
    let found = scene.run().await;
    assert_eq!(found.ids(&key("a")), ["1"]);
    assert_eq!(found.ids(&key("b")), ["2"]);
    assert_eq!(found.quarantined(&key("b")), ["0@- event_id_reused"]);
    let counts = (
        found.summary.duplicates,
        found.summary.records_quarantined,
        found.summary.events_written,
    );
    assert_eq!(counts, (1, 1, 1));
}

#[tokio::test]
async fn an_id_that_two_accounts_use_is_two_events() {
    let mut other = record("1");
    other["recipientAccountId"] = json!("444455556666");
    one(log(&[record("1"), other])).await.is_read(&["1", "1"]);
}

#[tokio::test]
async fn white_space_around_everything_is_nothing() {
    let text = log(&[record("1")])
        .replace(',', " ,\n\t")
        .replace(':', "\r\n: ");
    let text = text.replace("T12\r\n: 00\r\n: 00Z", "T12:00:00Z");
    one(format!("\n\n {text}\n\n")).await.is_read(&["1"]);
}
