//! Buckets of every layout: what of them is read, and what is read later.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use crate::servers::{Moto, curtail};

const A: &str = "111122223333";
const B: &str = "444455556666";

/// The key of an object in the usual layout, below a prefix.
fn key(prefix: &str, account: &str, region: &str, day: &str, name: &str) -> String {
    format!("{prefix}AWSLogs/{account}/CloudTrail/{region}/{day}/{name}.json")
}

/// Puts objects into a bucket, each with one record whose id is its key.
fn put(moto: &Moto, bucket: &str, keys: &[String]) {
    let objects: Vec<(&String, String)> = keys
        .iter()
        .map(|key| {
            let record = json!({
                "eventVersion": "1.11", "userIdentity": {"type": "Root", "accountId": A}, "eventID": key,
                "eventTime": "2026-06-01T00:00:00Z", "eventSource": "sqs.amazonaws.com", "eventName": "ListQueues",
                "awsRegion": "eu-west-1", "recipientAccountId": A, "eventType": "AwsApiCall",
            });
            (key, json!({"Records": [record]}).to_string())
        })
        .collect();
    moto.python(&format!(
        "import boto3, json\ns3 = boto3.client('s3')\ns3.create_bucket(Bucket='{bucket}')\n\
         for key, body in json.loads({:?}):\n    s3.put_object(Bucket='{bucket}', Key=key, Body=body)\n",
        json!(objects).to_string()
    ));
}

/// Ingests, and gives how many objects were read.
fn ingest(moto: &Moto, place: &Path, arguments: &[&str]) -> u64 {
    let arguments = [&["ingest", "--format", "json"], arguments].concat();
    let output = curtail(place, &moto.environment(), &arguments);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    summary["objects_read"].as_u64().unwrap()
}

/// The keys of the objects that were read.
fn read(moto: &Moto, place: &Path) -> BTreeSet<String> {
    let query = "SELECT object_key FROM objects WHERE status = 'read'";
    let output = curtail(
        place,
        &moto.environment(),
        &["sql", query, "--format", "json"],
    );
    let rows: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let keys = rows
        .iter()
        .map(|row| row["object_key"].as_str().unwrap().to_owned());
    keys.collect()
}

#[test]
fn every_layout_is_found_and_nothing_beside_it() {
    let moto = Moto::start();
    let day = "2026/06/01";
    let wanted = [
        key("", A, "eu-west-1", day, "account"),
        key("org/trails/", A, "us-gov-west-1", day, "prefix"),
        format!("AWSLogs/o-abcd/{A}/CloudTrail/eu-west-1/{day}/organization.json"),
        format!("o-abcd/AWSLogs/o-abcd/{B}/CloudTrail/eu-west-1/{day}/control-tower.json"),
        key("a/b/c/d/e/", B, "eu-west-1", day, "deep"),
        format!("AWSLogs/{B}/CloudTrail/ap-south-1/without-days.json"),
    ];
    let others = [
        format!("AWSLogs/{A}/Config/eu-west-1/{day}/config.json"),
        format!("AWSLogs/{A}/CloudTrail-Digest/eu-west-1/{day}/digest.json"),
        "exports/table.json".to_owned(),
    ];
    put(&moto, "trail", &[&wanted[..], &others].concat());
    let place = tempfile::tempdir().unwrap();
    ingest(&moto, place.path(), &["s3://trail"]);
    assert_eq!(read(&moto, place.path()), wanted.into_iter().collect());
    assert_eq!(ingest(&moto, place.path(), &["S3://trail"]), 0);
}

#[test]
fn a_place_without_a_trail_is_read_as_it_is() {
    let moto = Moto::start();
    put(
        &moto,
        "copies",
        &[
            "x/one.json".to_owned(),
            "x/two.json".to_owned(),
            "y/three.json".to_owned(),
        ],
    );
    let place = tempfile::tempdir().unwrap();
    assert_eq!(ingest(&moto, place.path(), &["s3://copies/x"]), 2);
    assert_eq!(ingest(&moto, place.path(), &["s3://copies"]), 1);
}

#[test]
fn a_selection_leaves_out_what_it_does_not_name() {
    let moto = Moto::start();
    let june = key("", A, "eu-west-1", "2026/06/01", "june");
    let july = key("", A, "us-east-1", "2026/07/01", "july");
    let other = key("", B, "eu-west-1", "2026/06/01", "other");
    put(&moto, "trail", &[june.clone(), july.clone(), other.clone()]);
    let place = tempfile::tempdir().unwrap();
    let ingest = |arguments: &[&str]| ingest(&moto, place.path(), arguments);
    assert_eq!(ingest(&["s3://trail", "--accounts", "999999999999"]), 0);
    assert_eq!(ingest(&["s3://trail", "--regions", "ap-south-1"]), 0);
    let folder = format!("s3://trail/AWSLogs/{A}/CloudTrail/eu-west-1/");
    assert_eq!(ingest(&[&folder, "--regions", "us-east-1"]), 0);
    assert_eq!(ingest(&["s3://trail", "--until", "2026-05-01"]), 0);
    assert_eq!(
        ingest(&["s3://trail", "--accounts", A, "--since", "2026-06-15"]),
        1
    );
    assert_eq!(read(&moto, place.path()), [july.clone()].into());
    // What a narrower run left out is read by a wider one.
    assert_eq!(
        ingest(&["s3://trail/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/06"]),
        1
    );
    assert_eq!(ingest(&["s3://trail"]), 1);
    assert_eq!(read(&moto, place.path()), [june, july, other].into());
}

#[test]
fn older_days_are_read_after_newer_ones_and_late_objects_are_found() {
    let moto = Moto::start();
    let of = |day: &str| key("backup/2026/09/01/", A, "eu-west-1", day, "x");
    put(
        &moto,
        "trail",
        &["2026/01/10", "2026/03/10", "2026/09/10", "2036/01/01"].map(of),
    );
    let place = tempfile::tempdir().unwrap();
    let ingest = |arguments: &[&str]| ingest(&moto, place.path(), arguments);
    assert_eq!(
        ingest(&[
            "s3://trail",
            "--since",
            "2026-09-01",
            "--until",
            "2026-09-30"
        ]),
        1
    );
    assert_eq!(ingest(&["s3://trail", "--until", "2026-02-01"]), 1);
    assert_eq!(ingest(&["s3://trail"]), 2);
    let today = today();
    put(
        &moto,
        "trail",
        &[key("backup/2026/09/01/", A, "eu-west-1", &today, "late")],
    );
    assert_eq!(ingest(&["s3://trail"]), 1);
}

/// Today's folder.
#[expect(
    clippy::disallowed_methods,
    reason = "the binary goes by its own clock"
)]
fn today() -> String {
    jiff::Timestamp::now().strftime("%Y/%m/%d").to_string()
}

#[test]
fn what_is_typed_wrong_is_refused() {
    let moto = Moto::start();
    let place = tempfile::tempdir().unwrap();
    let refused = |arguments: &[&str], part: &str| {
        let output = curtail(place.path(), &moto.environment(), arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(part), "{said}");
    };
    refused(
        &["ingest", "s3://trail", "--accounts", "1111-2222-3333"],
        "is no account",
    );
    refused(
        &["ingest", "--regions", "eu-west-1", "s3://trail"],
        "`s3://trail` is no region",
    );
    refused(&["ingest", "s3://trail", "--external-id", "x"], "no role");
    refused(
        &["ingest", "s3://"],
        "neither a directory, nor a file, nor a bucket",
    );
    refused(
        &[
            "ingest",
            "s3://arn:aws:s3:eu-west-1:111122223333:accesspoint/x",
        ],
        "nor a bucket",
    );
    refused(&["ingest", "s3://no-such-bucket"], "NoSuchBucket");
}
