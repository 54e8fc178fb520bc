//! What is broken is named with its reason, and the rest goes on.

use curtail_ingest::{Error, LakeTable};
use proptest::prelude::*;
use serde_json::json;

use crate::place::{Place, column_of, gz, key, record};

#[tokio::test]
async fn broken_objects_are_quarantined_and_the_others_land() {
    let mut place = Place::new();
    place.options.max_object_bytes = 1 << 20;
    let whole = gz(json!({"Records": [record("1", 3)]}).to_string().as_bytes());
    place.put(&key("a-truncated"), &whole[..whole.len() / 2]);
    place.put(&key("b-no-gzip"), b"not gzip at all");
    place.put(&key("c-no-json"), &gz(b"{\"Records\":[}"));
    place.put(
        &key("d-no-utf8"),
        &gz(b"{\"Records\":[{\"userAgent\":\"\xff\xfe\"}]}"),
    );
    place.put(&key("e-no-array"), &gz(b"{\"Records\":5}"));
    place.put(&key("f-bomb"), &gz(&vec![b' '; 300 << 20]));
    place.put(&key("g-empty"), b"");
    place.put("h-large.json", &vec![b' '; 2 << 20]);
    place.log(&key("z-good"), &[record("1", 3)]);
    let summary = place.ingest().await;
    assert_eq!(
        (
            summary.objects_quarantined,
            summary.objects_read,
            summary.events_written
        ),
        (8, 1, 1)
    );
    let reasons = place.reasons(LakeTable::Quarantine).await;
    let expected = [
        (key("a-truncated"), "truncated_gzip"),
        (key("b-no-gzip"), "not_json"),
        (key("c-no-json"), "not_json"),
        (key("d-no-utf8"), "not_utf8"),
        (key("e-no-array"), "records_not_an_array"),
        (key("f-bomb"), "oversized"),
        (key("g-empty"), "empty"),
        ("h-large.json".to_owned(), "oversized"),
    ];
    assert_eq!(
        reasons,
        expected.map(|(key, reason)| (key, reason.to_owned()))
    );
}

#[tokio::test]
async fn records_that_are_no_objects_are_quarantined_with_their_index() {
    let place = Place::new();
    place.put(
        &key("log"),
        &gz(format!(
            "{{\"Records\":[{},7,\"x\",null,{}]}}",
            record("1", 3),
            record("2", 3)
        )
        .as_bytes()),
    );
    let summary = place.ingest().await;
    assert_eq!(
        (
            summary.records_read,
            summary.events_written,
            summary.records_quarantined
        ),
        (5, 2, 3)
    );
    let rows = place.rows(LakeTable::Quarantine).await;
    assert_eq!(column_of(rows.clone(), "record_index"), ["1", "2", "3"]);
    assert_eq!(column_of(rows, "excerpt"), ["\"x\"", "7", "null"]);
}

#[tokio::test]
async fn what_is_quarantined_is_not_quarantined_again() {
    let place = Place::new();
    place.put(&key("broken"), b"nothing");
    place.put(&key("partly"), &gz(b"{\"Records\":[1]}"));
    place.ingest().await;
    let second = place.ingest().await;
    assert_eq!((second.objects_known, second.objects_quarantined), (2, 0));
    place.forget(LakeTable::Objects);
    let third = place.ingest().await;
    assert_eq!(
        (third.objects_quarantined, third.records_quarantined),
        (1, 1)
    );
    assert_eq!(place.rows(LakeTable::Quarantine).await.len(), 2);
}

#[cfg(unix)]
#[tokio::test]
async fn an_object_that_cannot_be_opened_is_named_and_tried_again() {
    let place = Place::new();
    place.log(&key("log"), &[record("1", 3)]);
    let link = place.source().join("dangling.json");
    std::os::unix::fs::symlink("nowhere.json", &link).unwrap();
    for _ in 0..2 {
        assert_eq!(place.ingest().await.objects_quarantined, 1);
        let reasons = place.reasons(LakeTable::Quarantine).await;
        assert_eq!(
            reasons,
            [("dangling.json".to_owned(), "unreadable".to_owned())]
        );
    }
    place.put(
        "nowhere.json",
        json!([record("2", 3)]).to_string().as_bytes(),
    );
    let mended = place.ingest().await;
    assert_eq!(
        (
            mended.objects_read,
            mended.events_written,
            mended.duplicates
        ),
        (2, 1, 1)
    );
}

#[tokio::test]
async fn a_source_that_does_not_exist_is_an_error_and_nothing_is_made() {
    let place = Place::new();
    let missing = place.source().join("no-such-place");
    let error = place.try_ingest(&[missing]).await.unwrap_err();
    assert!(matches!(&error, Error::SourceMissing { path } if path.ends_with("no-such-place")));
    assert!(error.to_string().contains("no-such-place"));
    assert!(error.hint().unwrap().contains("check the path"));
    assert!(place.lake().await.versions().await.unwrap().is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_bytes_as_objects_are_accounted_for(
        objects in proptest::collection::vec((proptest::collection::vec(any::<u8>(), 0..200), any::<bool>()), 1..6),
        records in proptest::collection::vec("[\\[\\]{}\":,a-z0-9]{0,30}", 0..4),
    ) {
        let place = Place::new();
        for (index, (bytes, packed)) in objects.iter().enumerate() {
            let content = if *packed { gz(bytes) } else { bytes.clone() };
            place.put(&format!("{index}.json.gz"), &content);
        }
        place.put("records.json", format!("{{\"Records\":[{}]}}", records.join(",")).as_bytes());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let summary = runtime.block_on(place.ingest());
        let dealt_with = summary.objects_read + summary.objects_skipped + summary.objects_quarantined;
        prop_assert_eq!(dealt_with, objects.len() as u64 + 1);
    }
}
