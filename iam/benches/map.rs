//! How many CloudTrail records a second one core maps to their IAM actions, over the records of `sample-data/trail`.
//!
//!     cargo bench -p curtail-iam --bench map
//!
//! `map` is the map alone, on records whose outer fields are read; `read_and_map` begins with the JSON text;
//! `cold` maps each record as if it were the first of its name. Before them: how long the catalog takes to unpack.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark without its input is to stop, and one prints"
)]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Instant;

use curtail_iam::catalog::Catalog;
use curtail_iam::event::{EventMapping, Mapper, Record, map_event};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use libdeflater::Decompressor;
use serde::Deserialize;
use serde_json::value::RawValue;

fn main() {
    let start = Instant::now();
    let actions = Catalog::embedded().actions().count();
    println!(
        "catalog of {actions} actions unpacked in {:.1?}",
        start.elapsed()
    );
    divan::main();
}

/// The texts of all records that the sample's log files hold.
static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sample-data/trail");
    let mut files = Vec::new();
    list(&folder, &mut files);
    files.sort();
    files.iter().flat_map(|file| records(file)).collect()
});

/// Adds the log files below a folder.
fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the sample's trail is there") {
        let path = entry.expect("a folder's entry can be read").path();
        let is_log = path.to_string_lossy().contains("/CloudTrail/");
        if path.is_dir() {
            list(&path, files);
        } else if is_log && path.extension().is_some_and(|extension| extension == "gz") {
            files.push(path);
        }
    }
}

#[derive(Deserialize)]
struct LogFile {
    #[serde(rename = "Records")]
    records: Vec<Box<RawValue>>,
}

/// The records of a log file; none of the one that the sample tears off.
fn records(file: &Path) -> Vec<String> {
    let packed = std::fs::read(file).expect("a log file can be read");
    let Some(size) = packed.last_chunk().copied().map(u32::from_le_bytes) else {
        panic!("{} is empty", file.display());
    };
    let mut text = vec![0; usize::try_from(size).unwrap_or_default().min(1 << 28)];
    let unpacked = Decompressor::new().gzip_decompress(&packed, &mut text);
    let log: Option<LogFile> = unpacked
        .ok()
        .and_then(|length| serde_json::from_slice(text.get(..length)?).ok());
    let records = log.map(|log| log.records).unwrap_or_default();
    records
        .into_iter()
        .map(|record| record.get().to_owned())
        .collect()
}

fn read(text: &str) -> Record<'_> {
    Record::read(text).expect("the sample's records can be read")
}

#[divan::bench]
fn map(bencher: Bencher<'_, '_>) {
    let records: Vec<Record<'_>> = TEXTS.iter().map(|text| read(text)).collect();
    bencher
        .counter(ItemsCount::new(records.len()))
        .bench_local(|| {
            let mut mapper = Mapper::new(Catalog::embedded());
            for record in &records {
                black_box::<EventMapping>(mapper.map(&record.call(None)));
            }
        });
}

#[divan::bench]
fn read_and_map(bencher: Bencher<'_, '_>) {
    bencher
        .counter(ItemsCount::new(TEXTS.len()))
        .bench_local(|| {
            let mut mapper = Mapper::new(Catalog::embedded());
            for text in TEXTS.iter() {
                black_box::<EventMapping>(mapper.map(&read(text).call(None)));
            }
        });
}

#[divan::bench]
fn cold(bencher: Bencher<'_, '_>) {
    let texts = TEXTS.get(..1000).unwrap_or(&TEXTS);
    bencher
        .counter(ItemsCount::new(texts.len()))
        .bench_local(|| {
            for text in texts {
                black_box::<EventMapping>(map_event(&read(text).call(None), Catalog::embedded()));
            }
        });
}
