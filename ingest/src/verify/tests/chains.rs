//! A chain, and what is said once something was done to it.

use super::forge::{Forge, gz, keys, wrong_keys};
use super::*;

use Kind::{Digest, Gap, LogFile};

/// Four hours; one is empty.
fn four_hours() -> (Forge, Vec<String>, Vec<String>) {
    let mut forge = Forge::new();
    let mut digests = Vec::new();
    let mut logs = Vec::new();
    for contents in [&["a", "b"][..], &[], &["c"], &["d", "e"]] {
        let (digest, delivered) = forge.hour(contents);
        digests.push(digest);
        logs.extend(delivered);
    }
    (forge, digests, logs)
}

#[tokio::test]
async fn a_whole_chain_is_verified_with_its_empty_hours() {
    let (forge, digests, logs) = four_hours();
    let said = said(&forge, keys()).await;
    assert_eq!(odd(&said), []);
    assert_eq!(said.len(), digests.len() + logs.len());
}

#[tokio::test]
async fn a_modified_log_file_is_named() {
    let (forge, _, logs) = four_hours();
    forge.put(&logs[0], b"changed");
    let whole = gz(b"b");
    forge.put_bytes(&logs[1], &whole[..whole.len() - 3]);
    forge.put_bytes(&logs[2], &[gz(b"c"), gz(b" and more")].concat());
    // The same content, packed anew, is what was delivered.
    forge.put_bytes(&logs[3], b"d");
    assert_eq!(
        odd(&said(&forge, keys()).await),
        [
            (LogFile, &*logs[0], "modified: differs_from_digest"),
            (LogFile, &*logs[1], "modified: corrupt_gzip"),
            (LogFile, &*logs[2], "modified: differs_from_digest"),
        ]
    );
}

#[tokio::test]
async fn a_missing_log_file_is_named() {
    let (forge, _, logs) = four_hours();
    forge.remove(&logs[2]);
    assert_eq!(
        odd(&said(&forge, keys()).await),
        [(LogFile, &*logs[2], "missing")]
    );
}

#[tokio::test]
async fn a_modified_digest_is_named_and_what_it_lists_is_not_believed() {
    let (forge, digests, logs) = four_hours();
    let content = String::from_utf8(forge.content(&digests[2])).unwrap();
    forge.put(
        &digests[2],
        content
            .replace("2026-09-20T03:00:00Z", "2026-09-20T03:00:01Z")
            .as_bytes(),
    );
    assert_eq!(
        odd(&said(&forge, keys()).await),
        [
            (Digest, &*digests[2], "modified: differs_from_next"),
            (LogFile, &*logs[2], "unverifiable: digest_not_verified"),
        ]
    );
    // Nothing follows the last one: its own signature tells.
    let (forge, digests, logs) = four_hours();
    let content = String::from_utf8(forge.content(&digests[3])).unwrap();
    forge.put(&digests[3], format!("{content} ").as_bytes());
    assert_eq!(
        odd(&said(&forge, keys()).await),
        [
            (Digest, &*digests[3], "invalid_signature"),
            (LogFile, &*logs[3], "unverifiable: digest_not_verified"),
            (LogFile, &*logs[4], "unverifiable: digest_not_verified"),
        ]
    );
    let (forge, digests, logs) = four_hours();
    forge.put(&digests[3], b"{}");
    let said = said(&forge, keys()).await;
    let odd = odd(&said);
    assert_eq!(odd[0], (Digest, &*digests[3], "modified: not_a_digest"));
    assert_eq!(odd.len(), 3, "{odd:?}");
    assert_eq!(odd[1].1, logs[3]);
}

#[tokio::test]
async fn a_digest_in_the_place_of_another_is_named() {
    let (forge, digests, _) = four_hours();
    for suffix in ["", ".metadata.json"] {
        let from = forge.path(&format!("{}{suffix}", digests[1]));
        let to = forge.path(&format!("{}{suffix}", digests[3]));
        std::fs::copy(from, to).unwrap();
    }
    let said = said(&forge, keys()).await;
    assert_eq!(said[&(Digest, digests[3].clone())], "modified: moved");
}

#[tokio::test]
async fn a_missing_digest_is_named_and_its_hour_is_not_proven() {
    let (forge, digests, logs) = four_hours();
    forge.remove(&digests[2]);
    assert_eq!(
        odd(&said(&forge, keys()).await),
        [
            (Digest, &*digests[2], "missing: named_by_next"),
            (LogFile, &*logs[2], "unverifiable: digest_missing"),
        ]
    );
    let (forge, digests, _) = four_hours();
    forge.remove(&digests[0]);
    let said = said(&forge, keys()).await;
    assert_eq!(
        odd(&said)[0],
        (Digest, &*digests[0], "unverifiable: before_the_first")
    );
}

#[tokio::test]
async fn a_digest_of_a_day_that_is_not_looked_at_is_not_missing() {
    let mut forge = Forge::new();
    for _ in 0..80 {
        forge.hour(&[]);
    }
    let mut options = VerifyOptions::new(NOW.parse().unwrap());
    options.selection.since = Some(jiff::civil::date(2026, 9, 22));
    let said = said_within(&forge, keys(), &options).await;
    assert_eq!(odd(&said), []);
    assert_eq!(said.len(), 80 - 23);
    options.selection.since = Some(jiff::civil::date(2026, 9, 21));
    options.selection.until = Some(jiff::civil::date(2026, 9, 20));
    options.selection.lateness_days = 1;
    let said = said_within(&forge, keys(), &options).await;
    assert_eq!(odd(&said), []);
    assert_eq!(said.len(), 71);
}

#[tokio::test]
async fn a_log_file_that_no_digest_lists_is_named_where_one_would_have_listed_it() {
    let mut forge = Forge::new();
    forge.hour(&["a"]);
    let extra = forge.logs(&["", "", "x"]);
    forge.hour(&[]);
    forge.hour(&["b"]);
    let later = forge.logs(&["y"]);
    let said = said(&forge, keys()).await;
    for key in &extra {
        assert_eq!(said[&(LogFile, key.clone())], "unlisted");
    }
    // The digest of this hour has not come yet.
    assert_eq!(
        said[&(LogFile, later[0].clone())],
        "unverifiable: not_covered"
    );
}

#[tokio::test]
async fn a_log_file_that_only_a_backfill_digest_lists_is_verified() {
    let mut forge = Forge::new();
    forge.hour(&["a"]);
    let late = forge.logs(&["b", "c"]);
    forge.hour(&[]);
    let first = forge.backfill(&late[..1]);
    forge.hour(&["d"]);
    forge.hour(&["e"]);
    assert_eq!(
        odd(&said(&forge, keys()).await),
        [(LogFile, &*late[1], "unlisted")]
    );
    forge.backfill(&late[1..]);
    // Backfill digests come when they are needed: no time is missing between them.
    assert_eq!(odd(&said(&forge, keys()).await), []);
    forge.remove(&first);
    let said = said(&forge, keys()).await;
    assert_eq!(
        said[&(Digest, first.clone())],
        "unverifiable: before_the_first"
    );
}

#[tokio::test]
async fn logging_that_was_stopped_and_started_again_leaves_a_gap() {
    let mut forge = Forge::new();
    forge.hour(&["a"]);
    forge.stop(3);
    let unseen = forge.logs(&["x"]);
    forge.stop(1);
    let (again, _) = forge.hour(&["b"]);
    forge.hour(&["c"]);
    assert_eq!(
        odd(&said(&forge, keys()).await),
        [
            (LogFile, &*unseen[0], "unverifiable: not_covered"),
            (Gap, &*again, "restarted: logging_or_validation_stopped"),
        ]
    );
}

#[tokio::test]
async fn another_key_has_signed_nothing() {
    let (forge, _, _) = four_hours();
    let said = said(&forge, wrong_keys()).await;
    assert!(said.values().all(|text| text != "verified"), "{said:?}");
    let invalid = said.values().filter(|text| *text == "invalid_signature");
    assert_eq!(invalid.count(), 4);
}

#[tokio::test]
async fn without_keys_nothing_is_verified_and_hashes_are_compared() {
    let (forge, digests, logs) = four_hours();
    forge.put(&logs[0], b"changed");
    let said = said(&forge, PublicKeys::default()).await;
    assert!(said.values().all(|text| text != "verified"));
    let of = |kind, key: &str| said[&(kind, key.to_owned())].as_str();
    assert_eq!(
        of(Digest, &digests[0]),
        "hash_matches_unsigned: no_public_key"
    );
    assert_eq!(of(Digest, &digests[3]), "unverifiable: no_public_key");
    assert_eq!(of(LogFile, &logs[0]), "modified: differs_from_digest");
    assert_eq!(
        of(LogFile, &logs[4]),
        "hash_matches_unsigned: digest_not_signed"
    );
}

#[tokio::test]
async fn a_copy_without_metadata_is_proven_up_to_the_last_digest() {
    let mut forge = Forge::new();
    forge.metadata = false;
    let (first, first_logs) = forge.hour(&["a"]);
    let (last, last_logs) = forge.hour(&["b"]);
    assert_eq!(
        odd(&said(&forge, keys()).await),
        [
            (Digest, &*last, "unverifiable: no_signature"),
            (
                LogFile,
                &*last_logs[0],
                "hash_matches_unsigned: digest_not_signed"
            ),
        ]
    );
    // The signature that the next digest holds no longer fits, and that digest is not proven itself.
    let content = String::from_utf8(forge.content(&first)).unwrap();
    forge.put(&first, format!("{content} ").as_bytes());
    let said = said(&forge, keys()).await;
    assert_eq!(said[&(Digest, first)], "modified: differs_from_next");
    assert_eq!(
        said[&(LogFile, first_logs[0].clone())],
        "unverifiable: digest_not_verified"
    );
}

#[tokio::test]
async fn metadata_that_is_none_is_no_signature_of_anything() {
    let (forge, digests, _) = four_hours();
    let beside = |at: usize| forge.path(&format!("{}.metadata.json", digests[at]));
    std::fs::write(beside(3), "[").unwrap();
    std::fs::write(
        beside(2),
        r#"{"signature":"zz","signature-algorithm":"SHA256withRSA"}"#,
    )
    .unwrap();
    std::fs::write(
        beside(1),
        r#"{"signature":"00","signature-algorithm":"MD5"}"#,
    )
    .unwrap();
    let said = said(&forge, keys()).await;
    let of = |at: usize| said[&(Digest, digests[at].clone())].as_str();
    assert_eq!(of(3), "unverifiable: unreadable");
    assert_eq!(of(2), "invalid_signature");
    assert_eq!(of(1), "unverifiable: unknown_algorithm");
    assert_eq!(of(0), "verified");
}
