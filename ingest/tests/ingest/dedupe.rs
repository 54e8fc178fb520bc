//! A record that is delivered more than once stands in the lake once, however little memory there is.

use std::collections::BTreeSet;

use curtail_ingest::LakeTable;
use serde_json::{Value, json};

use crate::place::{Place, key, record};

#[tokio::test]
async fn the_same_event_in_two_objects_is_one_row() {
    let place = Place::new();
    place.log(&key("a"), &[record("1", 3), record("2", 3)]);
    place.log(&key("b"), &[record("2", 3), record("3", 3), record("3", 3)]);
    let summary = place.ingest().await;
    assert_eq!(
        (
            summary.records_read,
            summary.events_written,
            summary.duplicates
        ),
        (5, 3, 2)
    );
    assert_eq!(place.events("event_id").await, ["1", "2", "3"]);
    let objects = place.rows(LakeTable::Objects).await;
    let counted: Vec<_> = objects
        .iter()
        .map(|row| (row["events_written"].as_str(), row["duplicates"].as_str()))
        .collect();
    assert_eq!(counted, [("2", "0"), ("1", "2")]);
}

#[tokio::test]
async fn two_accounts_that_receive_the_same_id_have_a_row_each() {
    let place = Place::new();
    let mut other = record("1", 3);
    other["recipientAccountId"] = json!("444455556666");
    place.log(&key("a"), &[record("1", 3), other]);
    assert_eq!(place.ingest().await.events_written, 2);
}

#[tokio::test]
async fn records_without_an_id_are_known_by_their_text() {
    let place = Place::new();
    let anonymous = |name: &str| json!({"eventName": name, "eventTime": "2026-06-03T00:00:00Z"});
    place.log(&key("a"), &[anonymous("A"), anonymous("B")]);
    place.log(&key("b"), &[anonymous("A")]);
    let summary = place.ingest().await;
    assert_eq!((summary.events_written, summary.duplicates), (2, 1));
}

/// 160 deliveries of some 80 events on 5 days and undated, in 16 objects.
fn deliver(place: &Place) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for object in 0..16_u32 {
        let records: Vec<Value> = (0..10)
            .map(|index| {
                let id = (object * 7 + index * 31) % 90;
                let mut record = record(&id.to_string(), id % 5 + 1);
                if id % 17 == 0 {
                    record["eventTime"] = json!(null);
                }
                ids.insert(id.to_string());
                record
            })
            .collect();
        place.log(&key(&format!("{object:03}")), &records);
    }
    ids
}

#[tokio::test]
async fn little_memory_costs_time_and_no_exactness() {
    let cases = [(1_000, 1_000_000), (20, 25), (1, 30), (0, 1)];
    for (held_keys, commit_rows) in cases {
        let mut place = Place::new();
        place.options.held_keys = held_keys;
        place.options.commit_rows = commit_rows;
        place.options.listed_objects = 5;
        place.options.objects_in_flight = 3;
        place.options.bytes_in_flight = 1;
        let ids = deliver(&place);
        let summary = place.ingest().await;
        assert_eq!(
            (summary.records_read, summary.events_written),
            (160, ids.len() as u64)
        );
        let landed = place.events("event_id").await;
        assert_eq!(landed.into_iter().collect::<BTreeSet<_>>(), ids);
        place.forget(LakeTable::Objects);
        let again = place.ingest().await;
        assert_eq!((again.events_written, again.duplicates), (0, 160));
    }
}

#[tokio::test]
async fn the_same_input_gives_the_same_rows_in_the_same_order() {
    let mut orders = Vec::new();
    for in_flight in [1, 8] {
        let mut place = Place::new();
        place.options.objects_in_flight = in_flight;
        place.options.commit_rows = 50;
        deliver(&place);
        place.ingest().await;
        let rows = place.rows_as_stored(LakeTable::Events).await;
        let order: Vec<String> = rows
            .into_iter()
            .filter(|row| {
                row.get("event_date")
                    .is_some_and(|date| date == "2026-06-04")
            })
            .map(|row| format!("{} {}", row["event_id"], row["object_key"]))
            .collect();
        orders.push(order);
    }
    let mut sorted = orders.clone();
    for order in &mut sorted {
        order.sort();
    }
    assert_eq!(sorted[0], sorted[1]);
    assert!(sorted[0].len() > 5);
}
