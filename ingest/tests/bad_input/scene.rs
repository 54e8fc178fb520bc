//! A bucket's tree with a good object in it, whatever else there is, and what the ingest made of it.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;

use arrow::util::display::array_value_to_string;
use curtail_ingest::{IngestOptions, IngestSummary, Lake, LakeTable, NoProgress, ingest};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

/// The key of the object beside.
const NEIGHBOUR: &str = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/06/03/zz-good.json.gz";

/// A row as its columns that are not null.
pub(crate) type Row = BTreeMap<String, String>;

pub(crate) struct Scene {
    directory: tempfile::TempDir,
    pub(crate) options: IngestOptions,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let scene = Self {
            directory: tempfile::tempdir().unwrap(),
            options: IngestOptions::new("2026-10-01T00:00:00Z".parse().unwrap()),
        };
        scene.put(NEIGHBOUR, &gz(log(&[record("good-1"), record("good-2")])));
        scene
    }

    pub(crate) fn source(&self) -> PathBuf {
        self.directory.path().join("bucket")
    }

    pub(crate) fn put(&self, key: &str, content: &[u8]) {
        let path = self.source().join(key);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
    }

    /// Reads the bucket into the lake; every record is accounted for.
    pub(crate) async fn ingest(&self) -> (Lake, IngestSummary) {
        let lake = Lake::open(self.directory.path().join("lake").to_str().unwrap())
            .await
            .unwrap();
        let source = self.source().display().to_string();
        let summary = ingest(&lake, &[source], &self.options, &NoProgress)
            .await
            .unwrap();
        let parts = summary.events_written + summary.duplicates + summary.records_quarantined;
        assert_eq!(summary.records_read, parts, "{summary:?}");
        (lake, summary)
    }

    /// Reads the bucket, of which the good object is whole, and all of the lake.
    pub(crate) async fn run(&self) -> Found {
        let (lake, summary) = self.ingest().await;
        let found = Found {
            events: rows(&lake, LakeTable::Events).await,
            quarantine: rows(&lake, LakeTable::Quarantine).await,
            objects: rows(&lake, LakeTable::Objects).await,
            summary,
        };
        assert_eq!(found.ids(NEIGHBOUR), ["good-1", "good-2"]);
        assert_eq!(found.status(NEIGHBOUR), "read");
        assert_eq!(found.quarantined(NEIGHBOUR), [""; 0]);
        found
    }
}

/// The lake after a run.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) summary: IngestSummary,
    pub(crate) events: Vec<Row>,
    pub(crate) quarantine: Vec<Row>,
    pub(crate) objects: Vec<Row>,
}

impl Found {
    /// The events of an object, by their ids, in the order of the object; `-` for one without.
    pub(crate) fn ids(&self, key: &str) -> Vec<String> {
        let mut events: Vec<&Row> = of(&self.events, key).collect();
        events.sort_by_key(|row| row["record_index"].parse::<u64>().unwrap());
        events
            .into_iter()
            .map(|row| row.get("event_id").cloned().unwrap_or("-".to_owned()))
            .collect()
    }

    /// What of an object is in quarantine: `index@offset reason`, `-` where one is null.
    pub(crate) fn quarantined(&self, key: &str) -> Vec<String> {
        let mut rows: Vec<String> = of(&self.quarantine, key)
            .map(|row| {
                assert!(!row["detail"].is_empty() && !row["source"].is_empty());
                let number = |column: &str| row.get(column).map_or("-", String::as_str);
                let (index, offset) = (number("record_index"), number("byte_offset"));
                format!("{index}@{offset} {}", row["reason"])
            })
            .collect();
        rows.sort();
        rows
    }

    /// What `objects` says of an object: its status, and the reason if there is one.
    pub(crate) fn status(&self, key: &str) -> String {
        let rows: Vec<&Row> = of(&self.objects, key).collect();
        assert_eq!(rows.len(), 1, "{key}");
        match rows[0].get("reason") {
            Some(reason) => format!("{} {reason}", rows[0]["status"]),
            None => rows[0]["status"].clone(),
        }
    }

    /// The one event that has this id.
    pub(crate) fn event(&self, id: &str) -> &Row {
        let mut with_id = self
            .events
            .iter()
            .filter(|row| row.get("event_id").is_some_and(|found| found == id));
        let event = with_id.next().unwrap();
        assert!(with_id.next().is_none(), "{id} stands twice");
        event
    }
}

fn of<'r>(rows: &'r [Row], key: &str) -> impl Iterator<Item = &'r Row> {
    rows.iter().filter(move |row| row["object_key"] == key)
}

/// What became of one object beside the good one.
pub(crate) async fn one(content: impl AsRef<[u8]>) -> One {
    named(&key("odd"), content).await
}

/// The same under a key of its own.
pub(crate) async fn named(key: &str, content: impl AsRef<[u8]>) -> One {
    let scene = Scene::new();
    scene.put(key, content.as_ref());
    One {
        found: scene.run().await,
        key: key.to_owned(),
    }
}

#[derive(Debug)]
pub(crate) struct One {
    pub(crate) found: Found,
    key: String,
}

impl One {
    /// Its events by their ids, its rows in quarantine as `index@offset reason`, and what `objects` says.
    #[track_caller]
    pub(crate) fn is(&self, ids: &[&str], quarantined: &[&str], status: &str) {
        let found = (
            self.found.ids(&self.key),
            self.found.quarantined(&self.key),
            self.found.status(&self.key),
        );
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(found, (owned(ids), owned(quarantined), status.to_owned()));
    }

    /// All of it is good.
    #[track_caller]
    pub(crate) fn is_read(&self, ids: &[&str]) {
        self.is(ids, &[], "read");
    }

    /// None of it is good, and it breaks there.
    #[track_caller]
    pub(crate) fn is_broken(&self, offset: usize, reason: &str) {
        self.is(
            &[],
            &[&format!("-@{offset} {reason}")],
            &format!("quarantined {reason}"),
        );
    }

    #[track_caller]
    pub(crate) fn is_skipped(&self, reason: &str) {
        self.is(&[], &[], &format!("skipped {reason}"));
    }

    pub(crate) fn event(&self, id: &str) -> &Row {
        self.found.event(id)
    }

    /// What an event keeps in `extra`.
    pub(crate) fn extra(&self, id: &str) -> Value {
        let extra = self.event(id).get("extra").map_or("null", String::as_str);
        serde_json::from_str(extra).unwrap()
    }
}

async fn rows(lake: &Lake, table: LakeTable) -> Vec<Row> {
    let mut rows = Vec::new();
    for batch in lake.rows(table).await.unwrap() {
        let schema = batch.schema();
        for row in 0..batch.num_rows() {
            let columns = schema.fields().iter().zip(batch.columns());
            let valid = columns.filter(|(_, column)| column.is_valid(row));
            rows.push(
                valid
                    .map(|(field, column)| {
                        let text = array_value_to_string(column, row).unwrap();
                        (field.name().clone(), text)
                    })
                    .collect(),
            );
        }
    }
    rows
}

pub(crate) fn gz(content: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content.as_ref()).unwrap();
    encoder.finish().unwrap()
}

/// A record with an id.
pub(crate) fn record(id: &str) -> Value {
    json!({
        "eventVersion": "1.08", "eventID": id, "eventTime": "2026-06-03T12:00:00Z",
        "eventSource": "s3.amazonaws.com", "eventName": "GetObject", "awsRegion": "eu-west-1",
        "recipientAccountId": "111122223333", "userIdentity": {"type": "AssumedRole"},
    })
}

/// The text of a log file.
pub(crate) fn log(records: &[Value]) -> String {
    json!({"Records": records}).to_string()
}

/// A log file with these texts in the places of records, and where each begins.
pub(crate) fn log_of(elements: &[&str]) -> (String, Vec<usize>) {
    let mut text = "{\"Records\":[".to_owned();
    let mut offsets = Vec::new();
    for (index, element) in elements.iter().enumerate() {
        text.push_str(if index == 0 { "" } else { "," });
        offsets.push(text.len());
        text.push_str(element);
    }
    (text + "]}", offsets)
}

/// The key of a log file.
pub(crate) fn key(name: &str) -> String {
    format!("AWSLogs/111122223333/CloudTrail/eu-west-1/2026/06/03/{name}.json.gz")
}
