//! The forms of an object, whole and broken.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;

const LIMIT: u64 = 1 << 20;
const RECORD: &str = r#"{"eventID":"1","eventName":"GetObject"}"#;

fn gz(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn records(text: &str) -> Vec<String> {
    match content(text).unwrap() {
        Content::Records(items) => items
            .into_iter()
            .map(|item| match item {
                Ok(record) => record.into_owned(),
                Err((fault, _)) => fault.reason.to_owned(),
            })
            .collect(),
        Content::Skip(skip) => panic!("skipped: {skip}"),
    }
}

#[test]
fn every_form_gives_the_records_as_they_stand() {
    let cases = [
        (format!("{{\"Records\":[{RECORD},{RECORD}]}}"), 2),
        (format!("[{RECORD},{RECORD}]"), 2),
        (RECORD.to_owned(), 1),
        (format!("{RECORD}\n{RECORD}\n\n{RECORD}"), 3),
        (
            format!("{{\"Records\":[{RECORD}]}} {{\"Records\":[{RECORD}]}}"),
            2,
        ),
        (
            format!("{{\"detail-type\":\"AWS API Call via CloudTrail\",\"detail\":{RECORD}}}"),
            1,
        ),
        (
            format!(
                "{{\"Events\":[{{\"EventId\":\"1\",\"CloudTrailEvent\":{}}}]}}",
                crate::json::quote(RECORD)
            ),
            1,
        ),
        (
            format!("[{{\"CloudTrailEvent\":{}}}]", crate::json::quote(RECORD)),
            1,
        ),
    ];
    for (text, count) in cases {
        assert_eq!(records(&text), vec![RECORD; count]);
    }
}

#[test]
fn a_log_without_records_is_a_log() {
    let cases = ["{\"Records\":[]}", "{\"Events\":[]}"];
    for text in cases {
        assert_eq!(content(text).unwrap(), Content::Records(Vec::new()));
    }
}

#[test]
fn json_of_others_is_skipped() {
    let cases = [
        (
            "{\"digestStartTime\":\"2026-06-03T00:00:00Z\",\"logFiles\":[]}",
            "digest",
        ),
        (
            "{\"fileVersion\":\"1.0\",\"configurationItems\":[]}",
            "not_cloudtrail",
        ),
        (
            "{\"detail-type\":\"Scheduled Event\",\"detail\":{}}",
            "not_cloudtrail",
        ),
        ("[]", "not_cloudtrail"),
        ("12 \"text\" null", "not_cloudtrail"),
        ("{\"Events\":{\"a\":1}}", "not_cloudtrail"),
    ];
    for (text, reason) in cases {
        let Content::Skip(skip) = content(text).unwrap() else {
            panic!("taken for records");
        };
        assert_eq!(skip.reason, reason);
    }
}

#[test]
fn a_broken_object_is_a_fault() {
    let cases = [
        ("", "empty"),
        (" \n", "empty"),
        ("hello", "not_json"),
        ("{\"Records\":[", "truncated_json"),
        ("{\"Records\":{\"a\":1}}", "records_not_an_array"),
        ("{\"Records\":null}", "records_not_an_array"),
        ("{\n\"Records\":[\n", "truncated_json"),
    ];
    for (text, reason) in cases {
        assert_eq!(content(text).unwrap_err().reason, reason);
    }
}

#[test]
fn a_broken_line_leaves_the_others_whole() {
    let text = format!("{RECORD}\n{{\"eventID\":\n{RECORD}");
    assert_eq!(records(&text), [RECORD, "truncated_json", RECORD]);
}

#[test]
fn a_foreign_line_among_records_is_named() {
    let text = format!("{RECORD}\n{{\"level\":\"info\"}}");
    assert_eq!(records(&text), [RECORD, "not_cloudtrail"]);
}

#[test]
fn too_many_records_are_refused_before_they_fill_the_memory() {
    let text = format!("{{\"Records\":[{}0]}}", "0,".repeat(document::MAX_RECORDS));
    assert_eq!(content(&text).unwrap_err().reason, "too_many_records");
}

#[test]
fn gzip_is_told_by_its_content() {
    assert_eq!(unpack(&gz(b"{}"), LIMIT).unwrap().as_ref(), b"{}");
    assert_eq!(unpack(b"{}", LIMIT).unwrap().as_ref(), b"{}");
}

#[test]
fn several_members_are_one_text() {
    let same = [gz(b"abc"), gz(b"def"), gz(b"abc")].concat();
    assert_eq!(unpack(&same, LIMIT).unwrap().as_ref(), b"abcdefabc");
    let growing = [gz(b"a"), gz(b"bcdefgh")].concat();
    assert_eq!(unpack(&growing, LIMIT).unwrap().as_ref(), b"abcdefgh");
}

#[test]
fn broken_gzip_is_a_fault() {
    let whole = gz(&[b'x'; 5_000]);
    let truncated = whole[..whole.len() - 9].to_vec();
    assert_eq!(
        unpack(&truncated, LIMIT).unwrap_err().reason,
        "truncated_gzip"
    );
    let mut flipped = whole.clone();
    let crc = flipped.len() - 8;
    flipped[crc] ^= 1;
    assert_eq!(unpack(&flipped, LIMIT).unwrap_err().reason, "corrupt_gzip");
    let trailing = [whole, b"no member at all".to_vec()].concat();
    assert_eq!(unpack(&trailing, LIMIT).unwrap_err().reason, "corrupt_gzip");
}

#[test]
fn what_unpacks_beyond_the_limit_is_refused() {
    let bomb = gz(&vec![b' '; 3 << 20]);
    assert!(bomb.len() < 10_000);
    assert_eq!(unpack(&bomb, LIMIT).unwrap_err().reason, "oversized");
    let lying = [bomb, gz(b"a")].concat();
    assert_eq!(unpack(&lying, LIMIT).unwrap_err().reason, "oversized");
    assert_eq!(
        unpack(&vec![b' '; 2 << 20], LIMIT).unwrap_err().reason,
        "oversized"
    );
}

#[test]
fn text_is_utf_8_without_its_mark() {
    assert_eq!(text(b"\xef\xbb\xbf{}").unwrap(), "{}");
    let fault = text(b"{\"a\":\"\xff\"}").unwrap_err();
    assert_eq!(
        (fault.reason, fault.detail.contains("byte 6")),
        ("not_utf8", true)
    );
}

proptest! {
    #[test]
    fn any_bytes_give_records_a_skip_or_a_fault(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(unpacked) = unpack(&bytes, LIMIT)
            && let Ok(text) = text(&unpacked)
            && let Ok(Content::Records(items)) = content(text)
        {
            prop_assert!(items.len() <= text.len());
        }
        let packed = [vec![0x1f, 0x8b, 0x08], bytes].concat();
        if let Err(fault) = unpack(&packed, LIMIT) {
            prop_assert!(fault.reason.ends_with("gzip") || fault.reason == "oversized");
        }
    }

    #[test]
    fn any_records_come_out_as_they_went_in(names in proptest::collection::vec(".{0,20}", 0..20)) {
        let list: Vec<String> = names.iter().map(|name| format!("{{\"eventName\":{}}}", crate::json::quote(name))).collect();
        let text = format!("{{\"Records\":[{}]}}", list.join(","));
        prop_assert_eq!(records(&text), list);
    }
}
