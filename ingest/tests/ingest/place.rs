//! A tree of trail objects and a lake beside it, and what stands in the lake afterwards.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use arrow::array::{Array as _, AsArray as _, RecordBatch};
use arrow::datatypes::{DataType, Int64Type};
use curtail_ingest::{Error, IngestOptions, IngestSummary, Lake, LakeTable, NoProgress, ingest};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

/// Sources and a lake in a temporary directory.
pub(crate) struct Place {
    directory: tempfile::TempDir,
    pub(crate) options: IngestOptions,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
            options: IngestOptions::new("2026-10-01T00:00:00Z".parse().unwrap()),
        }
    }

    pub(crate) fn source(&self) -> PathBuf {
        self.directory.path().join("trail")
    }

    pub(crate) fn put(&self, key: &str, content: &[u8]) -> PathBuf {
        let path = self.source().join(key);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    /// A log file with these records, as `CloudTrail` writes it.
    pub(crate) fn log(&self, key: &str, records: &[Value]) {
        self.put(key, &gz(json!({"Records": records}).to_string().as_bytes()));
    }

    pub(crate) async fn lake(&self) -> Lake {
        Lake::open(self.directory.path().join("lake").to_str().unwrap())
            .await
            .unwrap()
    }

    pub(crate) async fn ingest(&self) -> IngestSummary {
        self.try_ingest(&[self.source()]).await.unwrap()
    }

    pub(crate) async fn try_ingest(&self, sources: &[PathBuf]) -> Result<IngestSummary, Error> {
        let sources: Vec<String> = sources
            .iter()
            .map(|source| source.display().to_string())
            .collect();
        let summary = ingest(&self.lake().await, &sources, &self.options, &NoProgress).await?;
        adds_up(&summary);
        Ok(summary)
    }

    /// The rows of a table, each as its columns in text, sorted.
    pub(crate) async fn rows(&self, table: LakeTable) -> Vec<BTreeMap<String, String>> {
        let mut rows = self.rows_as_stored(table).await;
        rows.sort();
        rows
    }

    /// The rows of a table in the order of its files' rows.
    pub(crate) async fn rows_as_stored(&self, table: LakeTable) -> Vec<BTreeMap<String, String>> {
        let batches = self.lake().await.rows(table).await.unwrap();
        batches.iter().flat_map(texts).collect()
    }

    /// One column of `events`, sorted.
    pub(crate) async fn events(&self, column: &str) -> Vec<String> {
        column_of(self.rows(LakeTable::Events).await, column)
    }

    /// Key and reason of every row of a table that has both, sorted.
    pub(crate) async fn reasons(&self, table: LakeTable) -> Vec<(String, String)> {
        let rows = self.rows(table).await;
        let mut reasons: Vec<(String, String)> = rows
            .into_iter()
            .map(|mut row| {
                (
                    row.remove("object_key").unwrap(),
                    row.remove("reason").unwrap_or_default(),
                )
            })
            .collect();
        reasons.sort();
        reasons
    }

    /// Forgets that a table was ever written, as if the run had been killed before.
    pub(crate) fn forget(&self, table: LakeTable) {
        std::fs::remove_dir_all(self.directory.path().join("lake").join(table.name())).unwrap();
    }
}

pub(crate) fn column_of(rows: Vec<BTreeMap<String, String>>, column: &str) -> Vec<String> {
    let mut values: Vec<String> = rows
        .into_iter()
        .filter_map(|mut row| row.remove(column))
        .collect();
    values.sort();
    values
}

/// Every record of a run is accounted for.
pub(crate) fn adds_up(summary: &IngestSummary) {
    let parts = summary.events_written + summary.duplicates + summary.records_quarantined;
    assert_eq!(summary.records_read, parts, "{summary:?}");
}

pub(crate) fn gz(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// A record with an id, at noon of a day of June 2026.
pub(crate) fn record(id: &str, day: u32) -> Value {
    json!({
        "eventVersion": "1.08", "eventID": id, "eventTime": format!("2026-06-{day:02}T12:00:00Z"),
        "eventSource": "s3.amazonaws.com", "eventName": "GetObject", "awsRegion": "eu-west-1",
        "recipientAccountId": "111122223333", "userIdentity": {"type": "AssumedRole"},
    })
}

pub(crate) fn key(name: &str) -> String {
    format!("AWSLogs/111122223333/CloudTrail/eu-west-1/2026/06/03/{name}.json.gz")
}

/// The size of a directory's tree in files.
pub(crate) fn files(path: &Path) -> usize {
    std::fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| if path.is_dir() { files(&path) } else { 1 })
        .sum()
}

fn texts(batch: &RecordBatch) -> Vec<BTreeMap<String, String>> {
    let schema = batch.schema();
    (0..batch.num_rows())
        .map(|row| {
            schema
                .fields()
                .iter()
                .zip(batch.columns())
                .filter(|(_, column)| column.is_valid(row))
                .map(|(field, column)| {
                    let text = match column.data_type() {
                        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
                        DataType::Int64 => {
                            column.as_primitive::<Int64Type>().value(row).to_string()
                        }
                        _ => arrow::util::display::array_value_to_string(column, row).unwrap(),
                    };
                    (field.name().clone(), text)
                })
                .collect()
        })
        .collect()
}
