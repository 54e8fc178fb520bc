//! Runs that are killed, and runs beside each other.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::corpus::Corpus;
use super::{SETTINGS, curtail, is_whole, succeeded};
use crate::servers::Moto;

/// How often a run is killed.
const KILLS: u32 = 50;

/// Parts of a whole, evenly strewn: the fractional parts of the multiples of the golden ratio.
fn strewn(number: u32) -> f64 {
    (f64::from(number) * 0.618_033_988_75).fract()
}

/// A directory with the corpus and the settings.
fn place(corpus: &Corpus) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    corpus.write(&place.path().join("trail"));
    fs::write(place.path().join("curtail.toml"), SETTINGS).unwrap();
    place
}

/// Begins a run, and kills it after a time; tells whether it had ended before.
fn killed(directory: &Path, lake: &str, after: Duration) -> bool {
    let mut run = curtail(directory, &Vec::new(), &["--lake", lake, "ingest"])
        .spawn()
        .unwrap();
    sleep(after);
    let ended = run.try_wait().unwrap().is_some();
    run.kill().unwrap();
    run.wait().unwrap();
    ended
}

#[test]
fn runs_killed_at_fifty_moments_lose_nothing_and_repeat_nothing() {
    let corpus = Corpus::new(240, 40);
    let place = place(&corpus);
    let began = Instant::now();
    succeeded(
        &curtail(place.path(), &Vec::new(), &["--lake", "clean", "ingest"])
            .output()
            .unwrap(),
    );
    let whole = began.elapsed();
    is_whole(place.path(), &Vec::new(), "clean", &corpus);

    let mut lake = 0;
    let mut in_work = 0;
    for kill in 0..KILLS {
        let name = format!("lake-{lake}");
        if killed(place.path(), &name, whole.mul_f64(strewn(kill))) {
            is_whole(place.path(), &Vec::new(), &name, &corpus);
            lake += 1;
        } else {
            in_work += 1;
        }
    }
    assert!(in_work >= KILLS / 2, "{in_work} runs were killed at work");
    let last = format!("lake-{lake}");
    succeeded(
        &curtail(place.path(), &Vec::new(), &["--lake", &last, "ingest"])
            .output()
            .unwrap(),
    );
    is_whole(place.path(), &Vec::new(), &last, &corpus);
}

#[test]
fn runs_at_the_same_time_write_each_record_once() {
    let corpus = Corpus::new(120, 40);
    let place = place(&corpus);
    let runs = [0; 3].map(|_| {
        curtail(place.path(), &Vec::new(), &["ingest"])
            .spawn()
            .unwrap()
    });
    for run in runs {
        succeeded(&run.wait_with_output().unwrap());
    }
    is_whole(place.path(), &Vec::new(), "lake", &corpus);
}

#[test]
fn runs_at_the_same_time_on_a_bucket_write_each_record_once() {
    let moto = Moto::start();
    let corpus = Corpus::new(60, 40);
    let place = place(&corpus);
    moto.python("import boto3\nboto3.client('s3').create_bucket(Bucket='lake')");
    let lake = "s3://lake/tables";
    let runs = [0; 2].map(|_| {
        let mut command = curtail(
            place.path(),
            &moto.environment(),
            &["--lake", lake, "ingest"],
        );
        command.spawn().unwrap()
    });
    for run in runs {
        succeeded(&run.wait_with_output().unwrap());
    }
    is_whole(place.path(), &moto.environment(), lake, &corpus);
}
