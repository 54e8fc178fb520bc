//! Envelopes that records come in, also one within another.

use curtail_ingest::LakeTable;
use serde_json::{Value, json};

use crate::place::{Place, gz, record};

/// Reads one object: the ids of its events, and how many records are in quarantine.
async fn ids(key: &str, content: &[u8]) -> (Vec<String>, u64) {
    let place = Place::new();
    place.put(key, content);
    let summary = place.ingest().await;
    assert_eq!(summary.objects_read + summary.objects_skipped, 1);
    (place.events("event_id").await, summary.records_quarantined)
}

async fn is_read(content: &str, expected: &[&str]) {
    let expected: Vec<String> = expected.iter().map(|id| (*id).to_owned()).collect();
    for (key, bytes) in [
        ("plain.json", content.as_bytes().to_vec()),
        ("packed.gz", gz(content.as_bytes())),
    ] {
        assert_eq!(ids(key, &bytes).await, (expected.clone(), 0), "{content}");
    }
}

fn text(value: &Value) -> Value {
    json!(value.to_string())
}

fn page(records: &[Value], token: Option<&str>) -> Value {
    let events: Vec<Value> = records
        .iter()
        .map(|record| {
            json!({"EventId": record["eventID"], "EventName": "GetObject", "ReadOnly": "true", "AccessKeyId": "ASIA1",
                "EventTime": "2026-06-03T12:00:00+00:00", "EventSource": "s3.amazonaws.com", "Username": "u", "Resources": [],
                "CloudTrailEvent": text(record)})
        })
        .collect();
    match token {
        Some(token) => json!({"Events": events, "NextToken": token}),
        None => json!({"Events": events}),
    }
}

#[tokio::test]
async fn pages_of_lookup_events_are_read_one_after_the_other() {
    let first = page(&[record("1", 3), record("2", 3)], Some("next"));
    let second = page(&[record("3", 3)], None);
    is_read(&format!("{first}\n{second}"), &["1", "2", "3"]).await;
    is_read(&json!([first, second]).to_string(), &["1", "2", "3"]).await;
    is_read(&serde_json::to_string_pretty(&first).unwrap(), &["1", "2"]).await;
}

#[tokio::test]
async fn what_the_query_option_of_lookup_events_leaves_is_read() {
    let entries = page(&[record("1", 3), record("2", 3)], None)["Events"].clone();
    is_read(&entries.to_string(), &["1", "2"]).await;
    let texts = json!([text(&record("1", 3)), text(&record("2", 3))]);
    is_read(&texts.to_string(), &["1", "2"]).await;
}

fn event(record: &Value) -> Value {
    json!({"version": "0", "id": "i", "detail-type": "AWS API Call via CloudTrail", "source": "aws.s3", "account": "111122223333",
        "time": "2026-06-03T12:00:00Z", "region": "eu-west-1", "resources": [], "detail": record})
}

#[tokio::test]
async fn events_of_eventbridge_are_read_alone_in_lines_and_in_an_array() {
    let (one, two) = (event(&record("1", 3)), event(&record("2", 3)));
    is_read(&one.to_string(), &["1"]).await;
    is_read(&format!("{one}\n{two}\n"), &["1", "2"]).await;
    is_read(&json!([one, two]).to_string(), &["1", "2"]).await;
}

#[tokio::test]
async fn a_subscription_to_cloudwatch_logs_is_read_and_its_control_messages_are_not() {
    let data = json!({"messageType": "DATA_MESSAGE", "owner": "111122223333", "logGroup": "g", "logStream": "s", "subscriptionFilters": ["f"],
        "logEvents": [{"id": "1", "timestamp": 1, "message": text(&record("1", 3))}, {"id": "2", "timestamp": 2, "message": text(&record("2", 3))}]});
    let control = json!({"messageType": "CONTROL_MESSAGE", "owner": "CloudwatchLogs", "logGroup": "", "logStream": "", "subscriptionFilters": [],
        "logEvents": [{"id": "", "timestamp": 1, "message": "CWL CONTROL MESSAGE: Checking health of destination Firehose."}]});
    is_read(&data.to_string(), &["1", "2"]).await;
    is_read(&format!("{control}{data}"), &["1", "2"]).await;
    let place = Place::new();
    place.put("control.gz", &gz(control.to_string().as_bytes()));
    assert_eq!(place.ingest().await.objects_skipped, 1);
    assert_eq!(
        place.reasons(LakeTable::Objects).await,
        [("control.gz".to_owned(), "control_message".to_owned())]
    );
}

#[tokio::test]
async fn the_output_of_filter_log_events_is_read() {
    let output = json!({"events": [{"logStreamName": "s", "timestamp": 1, "message": text(&record("1", 3)), "ingestionTime": 2, "eventId": "9"}],
        "searchedLogStreams": []});
    is_read(&output.to_string(), &["1"]).await;
}

#[tokio::test]
async fn an_export_of_cloudwatch_logs_is_read() {
    let line = |record: Value| format!("2026-06-03T12:00:01.000Z {record}");
    is_read(&line(record("1", 3)), &["1"]).await;
    let lines = format!("{}\n{}\n", line(record("1", 3)), line(record("2", 3)));
    is_read(&lines, &["1", "2"]).await;
    let torn = format!("{lines}2026-06-03T12:00:01.000Z {{\"eventID\":\n");
    let (found, quarantined) = ids("000000.gz", &gz(torn.as_bytes())).await;
    assert_eq!((found.len(), quarantined), (2, 1));
}

#[tokio::test]
async fn a_message_that_is_cut_is_named_and_the_others_are_read() {
    let cut = record("2", 3).to_string();
    let data = json!({"messageType": "DATA_MESSAGE", "logEvents": [
        {"id": "1", "message": text(&record("1", 3))}, {"id": "2", "message": cut[..50]}, {"id": "3", "message": "START"}]});
    let (found, quarantined) = ids("p.json", data.to_string().as_bytes()).await;
    assert_eq!((found.as_slice(), quarantined), (&["1".to_owned()][..], 2));
}

#[tokio::test]
async fn messages_of_queues_and_topics_are_read() {
    let inner = event(&record("1", 3));
    let topic = json!({"Type": "Notification", "MessageId": "m", "TopicArn": "arn:aws:sns:eu-west-1:111122223333:t", "Message": text(&inner)});
    let received = |body: &Value| json!({"Messages": [{"MessageId": "m", "ReceiptHandle": "r", "MD5OfBody": "x", "Body": text(body)}]});
    is_read(&received(&inner).to_string(), &["1"]).await;
    is_read(&received(&topic).to_string(), &["1"]).await;
    is_read(&topic.to_string(), &["1"]).await;
    let queued = json!({"Records": [{"messageId": "m", "body": text(&topic), "eventSource": "aws:sqs", "awsRegion": "eu-west-1"}]});
    is_read(&queued.to_string(), &["1"]).await;
    let called =
        json!({"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": topic}]});
    is_read(&called.to_string(), &["1"]).await;
}

#[tokio::test]
async fn envelopes_without_an_end_are_not_followed() {
    let mut nested = record("1", 3);
    for _ in 0..12 {
        nested = json!({"Message": text(&nested)});
    }
    let (found, _) = ids("deep.json", nested.to_string().as_bytes()).await;
    assert!(found.is_empty());
}
