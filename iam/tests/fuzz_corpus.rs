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

#[path = "../fuzz/checks/containment.rs"]
mod containment;
#[path = "../fuzz/checks/document.rs"]
mod document;
#[path = "../fuzz/checks/evaluate.rs"]
mod evaluate;
#[path = "../fuzz/checks/pattern.rs"]
mod pattern;

/// Hands every text of a corpus to its check.
fn replay(of: &str, check: impl Fn(&str)) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(of);
    let mut texts = 0;
    for file in fs::read_dir(&directory).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        check(&String::from_utf8_lossy(&bytes));
        texts += 1;
    }
    assert!(texts > 10, "{of} holds {texts} texts");
}

#[test]
fn documents_of_the_corpus_pass() {
    replay("document", document::check);
}

#[test]
fn cases_of_the_corpus_pass() {
    replay("evaluate", evaluate::check);
}

#[test]
fn patterns_of_the_corpus_pass() {
    replay("pattern", pattern::check);
}

#[test]
fn pairs_of_policies_of_the_corpus_pass() {
    replay("containment", containment::check);
}
