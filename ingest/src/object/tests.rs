//! Whole objects: what is read, skipped or broken, told by content before name.

use proptest::prelude::*;

use super::*;
use crate::ledger::{Day, Rows};

const LIMIT: u64 = 1 << 20;

fn outcome(key: &str, content: &str) -> Outcome {
    outcome_and_rows(key, content.as_bytes()).0
}

fn outcome_and_rows(key: &str, bytes: &[u8]) -> (Outcome, Vec<Rows>) {
    let mut rows = EventRows::new();
    let packed = Packed {
        source: "file:///t/",
        key,
        bytes,
    };
    let outcome = read(packed, LIMIT, &mut Vec::new(), &mut rows);
    (outcome, rows.finish().unwrap())
}

#[test]
fn objects_of_others_are_skipped_by_reason() {
    let cases = [
        ("README", "hello", "not_json"),
        ("x.csv", "a,b\n1,2", "not_json"),
        ("marker", "", "empty"),
        ("x.json", "{\"level\":\"info\"}", "not_cloudtrail"),
        (
            "x.json",
            r#"{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"ObjectCreated:Put"}]}"#,
            "other_events",
        ),
        (
            "x.json",
            r#"{"Records":[{"eventVersion":"1.08","eventCategory":"Insight","eventID":"1"}]}"#,
            "insight",
        ),
    ];
    for (key, content, reason) in cases {
        match outcome(key, content) {
            Outcome::Skipped(skip) => assert_eq!(skip.reason, reason),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn broken_objects_are_faults_with_an_excerpt() {
    let cases = [
        ("x.json", "hello", "not_json"),
        ("x.json.gz", "hello", "not_json"),
        ("x.gz", "", "empty"),
        ("x.jsonl", "\u{1f}", "not_json"),
    ];
    for (key, content, reason) in cases {
        match outcome(key, content) {
            Outcome::Broken { fault, excerpt } => {
                assert_eq!((fault.reason, excerpt.as_str()), (reason, content));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn records_that_are_no_objects_are_bad_and_the_rest_lands() {
    let content = r#"{"Records":[{"eventID":"1","eventTime":"2026-06-03T10:00:00Z"},7,null,{"eventSource":"aws:s3"},{"eventID":"2"}]}"#;
    let (Outcome::Read(read), rows) = outcome_and_rows("x.json", content.as_bytes()) else {
        panic!("not read");
    };
    assert_eq!(read.records, 5);
    let bad: Vec<(i64, &str)> = read
        .bad
        .iter()
        .map(|bad| (bad.index, bad.fault.reason))
        .collect();
    assert_eq!(
        bad,
        [
            (1, "not_an_object"),
            (2, "not_an_object"),
            (3, "not_cloudtrail")
        ]
    );
    let days: Vec<(Day, usize)> = rows
        .iter()
        .map(|rows| (rows.day, rows.batch.num_rows()))
        .collect();
    assert_eq!(days, [(None, 1), (Some(20_607), 1)]);
}

#[test]
fn a_key_that_would_overflow_its_column_is_a_fault() {
    let key = "k".repeat(4_000);
    let content = format!("{{\"Records\":[{}{{}}]}}", "{},".repeat(300_000));
    match outcome(&key, &content) {
        Outcome::Broken { fault, .. } => assert_eq!(fault.reason, "too_many_records"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_excerpt_is_cut_between_characters() {
    let long = "\u{20ac}".repeat(2_000);
    assert_eq!(excerpt(&long).len(), 4_095);
}

#[test]
fn the_readable_beginning_of_a_truncated_object_is_shown() {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(b"{\"Records\":[").unwrap();
    encoder.flush().unwrap();
    let packed = encoder.get_ref();
    match outcome_and_rows("x.json.gz", packed).0 {
        Outcome::Broken { fault, excerpt } => {
            assert_eq!(
                (fault.reason, excerpt.as_str()),
                ("truncated_gzip", "{\"Records\":[")
            );
        }
        other => panic!("{other:?}"),
    }
}

/// Records of which some have what usual ones have not.
fn records() -> impl Strategy<Value = String> {
    let member = prop_oneof![
        "\"event(ID|Time|Name|Source)\":\"[a-z0-9:.TZ-]{0,12}\"",
        Just("\"eventTime\":\"2026-06-03T10:00:00Z\"".to_owned()),
        Just("\"recipientAccountId\":\"111122223333\"".to_owned()),
        "\"userIdentity\":\\{\"(arn|type|x)\":(\"[a-z]{1,3}\"|1|null|\\{\\})\\}",
        "\"(x|eventID|resources)\":(null|1|\\[\\]|\\{\"a\":2\\})",
    ];
    let record = proptest::collection::vec(member, 0..6);
    let usual = record.prop_map(|members| {
        let id = format!("\"eventID\":\"{}\"", members.len());
        format!("{{{}}}", [vec![id], members].concat().join(","))
    });
    let record = prop_oneof![8 => usual, 1 => Just("{}".to_owned()), 1 => Just("7".to_owned())];
    proptest::collection::vec(record, 1..5).prop_map(|records| records.join(","))
}

proptest! {
    #[test]
    fn the_usual_object_has_the_rows_that_the_same_records_have_elsewhere(records in records()) {
        let usual = format!("{{\"Records\":[{records}]}}");
        let other = format!("{{\"Records\":[{records}],\"more\":0}}");
        let (left, right) = (outcome_and_rows("k", usual.as_bytes()), outcome_and_rows("k", other.as_bytes()));
        prop_assert_eq!(left.1.len(), right.1.len());
        for (left, right) in left.1.iter().zip(&right.1) {
            prop_assert_eq!(&left.batch, &right.batch);
            prop_assert_eq!((&left.identities, left.day), (&right.identities, right.day));
        }
        match (left.0, right.0) {
            (Outcome::Read(left), Outcome::Read(right)) => {
                prop_assert_eq!((left.records, left.bad.len()), (right.records, right.bad.len()));
            }
            (left, right) => prop_assert_eq!(
                std::mem::discriminant(&left),
                std::mem::discriminant(&right)
            ),
        }
    }

    #[test]
    fn any_bytes_have_an_outcome_that_adds_up(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        jsonish in "[\\[\\]{}\":,a-zR0-9 \n]{0,120}",
        wrapped in "[\\[\\]{}\":,a-z0-9 \n]{0,60}",
    ) {
        for content in [bytes, jsonish.into_bytes(), format!("{{\"Records\":[{wrapped}]}}").into_bytes()] {
            let (outcome, rows) = outcome_and_rows("x.json.gz", &content);
            let rows: usize = rows.iter().map(|rows| rows.batch.num_rows()).sum();
            if let Outcome::Read(read) = outcome {
                prop_assert_eq!(read.records, (rows + read.bad.len()) as u64);
            } else {
                prop_assert_eq!(rows, 0);
            }
        }
    }
}
