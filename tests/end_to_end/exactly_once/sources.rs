//! Buckets that fail.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::corpus::Corpus;
use super::proxy::{Fault, Proxy};
use super::{curtail, is_whole, records, succeeded};
use crate::servers::Moto;

const SETTINGS: &str = "lake = \"lake\"\n[ingest]\nsources = [\"s3://trail\"]\ncommit_rows = 800\n";

fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("curtail.toml"), SETTINGS).unwrap();
    place
}

fn is_object(request: &str) -> bool {
    request.starts_with("GET ") && request.contains(".json.gz")
}

/// The number in the object's name.
fn number(request: &str) -> usize {
    let name = request.split(".json.gz").next().unwrap();
    name.rsplit('_').next().unwrap().parse().unwrap()
}

#[test]
fn a_bucket_gives_what_a_directory_gives() {
    let moto = Moto::start();
    let corpus = Corpus::new(60, 20);
    corpus.upload(&moto, "trail");
    let place = place();
    let environment = moto.environment();
    succeeded(
        &curtail(place.path(), &environment, &["ingest"])
            .output()
            .unwrap(),
    );
    is_whole(place.path(), &environment, "lake", &corpus);
}

#[test]
fn answers_that_fail_break_off_and_stall_are_asked_for_again() {
    let moto = Moto::start();
    let corpus = Corpus::new(60, 20);
    corpus.upload(&moto, "trail");
    let environment = moto.environment();
    let proxy = Proxy::start(&environment, |request, time| match time {
        0 if is_object(request) => match number(request) % 6 {
            0 => Fault::Status(503, "SlowDown"),
            1 => Fault::Status(500, "InternalError"),
            2 => Fault::CutOff,
            3 => Fault::Closed,
            4 if number(request) == 4 => Fault::Stalled,
            _ => Fault::None,
        },
        0 => Fault::Status(503, "SlowDown"),
        1 if is_object(request) && number(request).is_multiple_of(12) => Fault::CutOff,
        _ => Fault::None,
    });
    let place = place();
    let spoiled = proxy.environment(&environment);
    succeeded(
        &curtail(place.path(), &spoiled, &["ingest"])
            .output()
            .unwrap(),
    );
    is_whole(place.path(), &environment, "lake", &corpus);
}

#[test]
fn throttling_slows_a_run_and_does_not_fail_it() {
    let moto = Moto::start();
    let corpus = Corpus::new(12, 20);
    corpus.upload(&moto, "trail");
    let environment = moto.environment();
    let begun = Instant::now();
    let proxy = Proxy::start(&environment, move |request, _| {
        // Longer than the SDK's own attempts go on.
        if is_object(request) && begun.elapsed() < Duration::from_secs(20) {
            Fault::Status(503, "SlowDown")
        } else {
            Fault::None
        }
    });
    let place = place();
    let throttled = proxy.environment(&environment);
    succeeded(
        &curtail(place.path(), &throttled, &["ingest"])
            .output()
            .unwrap(),
    );
    is_whole(place.path(), &environment, "lake", &corpus);
}

#[test]
fn an_object_that_always_breaks_off_is_named_and_read_once_it_is_whole() {
    let moto = Moto::start();
    let corpus = Corpus::new(24, 20);
    corpus.upload(&moto, "trail");
    let environment = moto.environment();
    let is_broken = Arc::new(AtomicBool::new(true));
    let broken = Arc::clone(&is_broken);
    let proxy = Proxy::start(&environment, move |request, _| {
        if is_object(request) && number(request) == 7 && broken.load(Ordering::SeqCst) {
            Fault::CutOff
        } else {
            Fault::None
        }
    });
    let place = place();
    let spoiled = proxy.environment(&environment);
    let first = curtail(place.path(), &spoiled, &["ingest", "--format", "json"])
        .output()
        .unwrap();
    assert_eq!(first.status.code(), Some(3));
    let summary: Value = serde_json::from_slice(&first.stdout).unwrap();
    assert_eq!(summary["objects_quarantined"], 1, "{summary}");
    let key = corpus
        .keys()
        .find(|key| key.contains("0000000000000007"))
        .unwrap();
    let query = format!("SELECT reason FROM quarantine WHERE object_key = '{key}'");
    let named = curtail(
        place.path(),
        &environment,
        &["sql", &query, "--format", "csv"],
    )
    .output()
    .unwrap();
    assert_eq!(
        String::from_utf8(named.stdout).unwrap(),
        "reason\r\nunreadable\r\n"
    );
    assert!(records(place.path(), &environment, "lake").len() < corpus.records().len());

    is_broken.store(false, Ordering::SeqCst);
    succeeded(
        &curtail(place.path(), &spoiled, &["ingest"])
            .output()
            .unwrap(),
    );
    is_whole(place.path(), &environment, "lake", &corpus);
}
