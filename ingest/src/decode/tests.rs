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
    let (records, torn) = read(text);
    assert_eq!(torn, None, "{text}");
    records
}

/// The records or the reasons in their places, and where and why the object breaks.
fn read(text: &str) -> (Vec<String>, Option<(&'static str, usize)>) {
    match content(text.as_bytes()).unwrap() {
        Content::Records { items, torn } => (
            items
                .into_iter()
                .map(|item| match item.record {
                    Ok(record) => record.into_owned(),
                    Err(fault) => fault.reason.to_owned(),
                })
                .collect(),
            torn.map(|fault| (fault.reason, fault.offset.unwrap())),
        ),
        Content::Skip(skip) => panic!("skipped: {skip}"),
    }
}

/// What could be unpacked, and why that is not all.
fn broken(bytes: &[u8]) -> (Vec<u8>, &'static str) {
    let mut room = Vec::new();
    let unpacked = unpack(bytes, LIMIT, &mut room);
    (unpacked.bytes.into_owned(), unpacked.fault.unwrap().reason)
}

fn whole(bytes: &[u8]) -> Vec<u8> {
    let mut room = Vec::new();
    let unpacked = unpack(bytes, LIMIT, &mut room);
    assert_eq!(unpacked.fault, None);
    unpacked.bytes.into_owned()
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
        let none = Content::Records {
            items: Vec::new(),
            torn: None,
        };
        assert_eq!(content(text.as_bytes()).unwrap(), none);
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
        let Content::Skip(skip) = content(text.as_bytes()).unwrap() else {
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
        assert_eq!(content(text.as_bytes()).unwrap_err().reason, reason);
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
    assert_eq!(
        content(text.as_bytes()).unwrap_err().reason,
        "too_many_records"
    );
}

#[test]
fn gzip_is_told_by_its_content() {
    assert_eq!(whole(&gz(b"{}")), b"{}");
    assert_eq!(whole(b"{}"), b"{}");
    assert_eq!(whole(&gz(&gz(b"{}"))), b"{}");
}

#[test]
fn several_members_are_one_text() {
    let same = [gz(b"abc"), gz(b"def"), gz(b"abc")].concat();
    assert_eq!(whole(&same), b"abcdefabc");
    let growing = [gz(b"a"), gz(b"bcdefgh"), vec![0; 512]].concat();
    assert_eq!(whole(&growing), b"abcdefgh");
}

#[test]
fn broken_gzip_is_a_fault_beside_what_is_whole() {
    let text = [b'x'; 5_000];
    let packed = gz(&text);
    let truncated = &packed[..packed.len() - 9];
    assert_eq!(broken(truncated).1, "truncated_gzip");
    let cut_trailer = &packed[..packed.len() - 1];
    assert_eq!(broken(cut_trailer), (text.to_vec(), "truncated_gzip"));
    let mut flipped = packed.clone();
    let crc = flipped.len() - 8;
    flipped[crc] ^= 1;
    assert_eq!(broken(&flipped), (Vec::new(), "corrupt_gzip"));
    let trailing = [&packed[..], b"no member at all"].concat();
    assert_eq!(broken(&trailing), (text.to_vec(), "corrupt_gzip"));
    let second = [&gz(b"abc")[..], &flipped].concat();
    assert_eq!(broken(&second), (b"abc".to_vec(), "corrupt_gzip"));
    let head = [&gz(b"abc")[..], &[0x1f, 0x8b]].concat();
    assert_eq!(broken(&head), (b"abc".to_vec(), "truncated_gzip"));
}

#[test]
fn what_unpacks_beyond_the_limit_is_refused() {
    let bomb = gz(&vec![b' '; 3 << 20]);
    assert!(bomb.len() < 10_000);
    assert_eq!(broken(&bomb), (Vec::new(), "oversized"));
    let lying = [bomb, gz(b"a")].concat();
    assert_eq!(broken(&lying), (Vec::new(), "oversized"));
    assert_eq!(broken(&vec![b' '; 2 << 20]), (Vec::new(), "oversized"));
}

#[test]
fn a_cut_object_gives_the_records_before_the_cut() {
    let whole = format!("{{\"Records\":[{RECORD},{RECORD}]}}");
    let second = "{\"Records\":[".len() + RECORD.len();
    for cut in second..whole.len() {
        let kept = 1 + usize::from(cut >= whole.len() - 2);
        let expected = (vec![RECORD.to_owned(); kept], Some(("truncated_json", cut)));
        assert_eq!(read(&whole[..cut]), expected, "{cut}");
    }
}

#[test]
fn an_element_that_is_broken_stands_in_its_place() {
    let cases = [
        ("NaN", "not_json"),
        ("{\"a\":NaN}", "not_json"),
        ("{\"a\":[1,]}", "not_json"),
        ("{'a':1}", "not_json"),
        ("", "not_json"),
        ("{\"a\":\"line\nline\"}", "not_json"),
    ];
    for (element, reason) in cases {
        let text = format!("{{\"Records\":[{RECORD},{element},{RECORD}]}}");
        assert_eq!(records(&text), [RECORD, reason, RECORD], "{element}");
    }
}

#[test]
fn a_break_after_the_records_is_named_with_its_place() {
    let log = format!("{{\"Records\":[{RECORD}]}}");
    let cases = [
        (format!("{log} Killed"), "not_json", log.len() + 2),
        (format!("{log}}}"), "not_json", log.len() + 1),
        (
            format!("{{\"Records\":[{RECORD}}}"),
            "not_json",
            log.len() - 1,
        ),
        (
            format!("{log}{{\"Records\":["),
            "truncated_json",
            log.len() + 12,
        ),
        (
            format!("{{\"Records\":[{RECORD}],\"Records\":[]}}"),
            "not_json",
            log.len() + 9,
        ),
    ];
    for (text, reason, offset) in cases {
        assert_eq!(
            read(&text),
            (vec![RECORD.to_owned()], Some((reason, offset))),
            "{text}"
        );
    }
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
        let mut room = Vec::new();
    let unpacked = unpack(&bytes, LIMIT, &mut room);
        if let Ok(Content::Records { items, .. }) = content(&unpacked.bytes) {
            prop_assert!(items.len() <= unpacked.bytes.len());
        }
        let packed = [vec![0x1f, 0x8b, 0x08], bytes].concat();
        if let Some(fault) = unpack(&packed, LIMIT, &mut Vec::new()).fault {
            prop_assert!(fault.reason.ends_with("gzip") || fault.reason == "oversized");
        }
    }

    #[test]
    fn whatever_stands_around_a_record_it_is_found(
        before in "[\\[\\]{}:,a-z0-9\n]{0,12}",
        after in "[\\[\\]{}\":,a-z0-9\n]{0,40}",
    ) {
        let text = format!("{{\"Records\":[{RECORD},{before}\n{RECORD}\n{after}");
        let whole = match content(text.as_bytes()) {
            Ok(content) => content.whole_records(),
            Err(fault) => panic!("{fault:?}"),
        };
        prop_assert!(whole >= 1);
    }

    #[test]
    fn any_records_come_out_as_they_went_in(names in proptest::collection::vec(".{0,20}", 0..20)) {
        let list: Vec<String> = names.iter().map(|name| format!("{{\"eventName\":{}}}", crate::json::quote(name))).collect();
        let text = format!("{{\"Records\":[{}]}}", list.join(","));
        prop_assert_eq!(records(&text), list);
    }
}
