//! Keys that no one expects: the object is read, and its key stands in the lake as it is.

use crate::scene::{Scene, gz, log, named, record};

async fn is_read(key: &str) {
    let odd = named(key, gz(log(&[record("1")]))).await;
    odd.is_read(&["1"]);
    assert_eq!(odd.event("1")["object_key"], key);
}

#[tokio::test]
async fn a_key_with_dots() {
    is_read("AWSLogs/a..b/c...json.gz").await;
}

#[tokio::test]
async fn a_key_that_begins_with_dots_is_a_hidden_file() {
    named("AWSLogs/..json.gz", gz(log(&[record("1")])))
        .await
        .is_skipped("hidden_file");
}

#[tokio::test]
async fn a_key_with_control_characters() {
    is_read("AWSLogs/\u{1}\u{7}\u{1b}[31m\u{7f}.json.gz").await;
}

#[tokio::test]
async fn a_key_with_a_line_break() {
    is_read("AWSLogs/a\nb\r\n.json.gz").await;
}

#[tokio::test]
async fn a_key_with_spaces() {
    is_read(" AWSLogs/ a  b .json.gz").await;
}

#[tokio::test]
async fn a_key_with_emoji() {
    is_read("AWSLogs/\u{1f980}/\u{1f469}\u{200d}\u{1f680}.json.gz").await;
}

#[tokio::test]
async fn a_key_with_marks_of_direction() {
    is_read("AWSLogs/\u{202e}zg.nosj\u{202c}\u{200f}.json.gz").await;
}

#[tokio::test]
async fn a_key_with_percents_is_not_decoded() {
    is_read("AWSLogs/%2e%2e/%00%ff%25.json.gz").await;
}

#[tokio::test]
async fn a_key_with_backslashes() {
    is_read("AWSLogs\\..\\a\\b.json.gz").await;
}

#[tokio::test]
async fn a_key_with_characters_of_shells_and_queries() {
    is_read("AWSLogs/$(id);`id`'\"<b>&?#*|.json.gz").await;
}

#[tokio::test]
async fn a_key_of_1_024_bytes() {
    let segment = "k".repeat(248);
    let key = format!(
        "{segment}/{segment}/{segment}/{segment}/{}.json.gz",
        "e".repeat(20)
    );
    assert_eq!(key.len(), 1_024);
    is_read(&key).await;
}

#[tokio::test]
async fn a_key_whose_name_is_255_bytes() {
    is_read(&format!("{}.json.gz", "n".repeat(247))).await;
}

#[tokio::test]
async fn a_key_in_two_normal_forms_is_two_objects() {
    let scene = Scene::new();
    for (key, id) in [("caf\u{e9}.json", "1"), ("cafe\u{301}.json", "2")] {
        scene.put(key, log(&[record(id)]).as_bytes());
    }
    let found = scene.run().await;
    assert_eq!(found.ids("caf\u{e9}.json"), ["1"]);
    assert_eq!(found.ids("cafe\u{301}.json"), ["2"]);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn keys_that_are_no_utf_8_are_told_apart() {
    use std::os::unix::ffi::OsStrExt as _;

    let scene = Scene::new();
    for (name, id) in [(&b"k\xff.json"[..], "1"), (b"k\xfe.json", "2")] {
        let path = scene.source().join(std::ffi::OsStr::from_bytes(name));
        std::fs::write(path, log(&[record(id)])).unwrap();
    }
    let found = scene.run().await;
    assert_eq!(found.ids("k\\xff.json"), ["1"]);
    assert_eq!(found.ids("k\\xfe.json"), ["2"]);
}

#[tokio::test]
async fn a_key_whose_day_is_none_is_read() {
    is_read("AWSLogs/111122223333/CloudTrail/eu-west-1/2026/99/99/x.json.gz").await;
    is_read("AWSLogs/111122223333/CloudTrail/eu-west-1/0000/00/00/x.json.gz").await;
}
