//! The texts that fuzzing keeps, replayed: each must still pass its check.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where its corpus cannot be read or a check fails"
)]

use std::fs;
use std::path::Path;

#[path = "../fuzz/checks/document.rs"]
mod document;
#[path = "../fuzz/checks/evaluate.rs"]
mod evaluate;

fn texts(of: &str) -> Vec<String> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(of);
    let files = fs::read_dir(&directory).unwrap();
    let read =
        |file: fs::DirEntry| String::from_utf8_lossy(&fs::read(file.path()).unwrap()).into_owned();
    files.map(|file| read(file.unwrap())).collect()
}

#[test]
fn documents_of_the_corpus_pass() {
    let texts = texts("document");
    assert!(texts.len() > 10);
    for text in texts {
        document::check(&text);
    }
}

#[test]
fn cases_of_the_corpus_pass() {
    let texts = texts("evaluate");
    assert!(texts.len() > 10);
    for text in texts {
        evaluate::check(&text);
    }
}
