//! The patterns and pairs of policies that fuzzing keeps, replayed: each must still pass its check.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops where its corpus cannot be read or a check fails"
)]

use std::fs;
use std::path::Path;

#[path = "../fuzz/checks/containment.rs"]
mod containment;
#[path = "../fuzz/checks/pattern.rs"]
mod pattern;

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
fn patterns_of_the_corpus_pass() {
    let texts = texts("pattern");
    assert!(texts.len() > 10);
    for text in texts {
        pattern::check(&text);
    }
}

#[test]
fn pairs_of_policies_of_the_corpus_pass() {
    let texts = texts("containment");
    assert!(texts.len() > 10);
    for text in texts {
        containment::check(&text);
    }
}
