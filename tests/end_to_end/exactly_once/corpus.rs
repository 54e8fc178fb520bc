//! Trail objects of two accounts and regions over some days, with records delivered twice and late.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::scene::gzip;
use crate::servers::Moto;

const ACCOUNTS: [&str; 2] = ["111122223333", "444455556666"];
const REGIONS: [&str; 2] = ["eu-west-1", "us-east-1"];

/// Objects by key, and the records in them as the lake's query prints them.
pub(super) struct Corpus {
    objects: BTreeMap<String, Vec<u8>>,
    records: BTreeSet<String>,
}

impl Corpus {
    /// So many objects of so many records. Every fifth object repeats half of the one before; every fourth is
    /// delivered on the day after its records.
    pub(super) fn new(objects: usize, each: usize) -> Self {
        let mut corpus = Self {
            objects: BTreeMap::new(),
            records: BTreeSet::new(),
        };
        let mut before: Vec<Value> = Vec::new();
        for number in 0..objects {
            let account = ACCOUNTS[number / 2 % 2];
            let region = REGIONS[number / 4 % 2];
            let day = 1 + number * 4 / objects;
            let own = (0..each)
                .map(|index| record(&format!("{number:05}-{index:04}"), account, region, day));
            let mut listed: Vec<Value> = own.collect();
            if number % 5 == 4 {
                let repeated = before.iter().take(each / 2).cloned();
                listed.splice(..each / 2, repeated);
            }
            for record in &listed {
                let text = |field: &str| record[field].as_str().unwrap().to_owned();
                corpus.records.insert(format!(
                    "{},{}",
                    text("eventID"),
                    text("recipientAccountId")
                ));
            }
            let delivered = if number % 4 == 3 { day + 1 } else { day };
            let key = format!(
                "AWSLogs/{account}/CloudTrail/{region}/2026/09/{delivered:02}/{account}_CloudTrail_{region}_202609{delivered:02}T1005Z_{number:016}.json.gz"
            );
            let body = json!({"Records": listed}).to_string();
            corpus.objects.insert(key, gzip(body.as_bytes()));
            before = listed;
        }
        corpus
    }

    pub(super) fn records(&self) -> &BTreeSet<String> {
        &self.records
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &String> {
        self.objects.keys()
    }

    /// Writes the objects below a directory.
    pub(super) fn write(&self, directory: &Path) {
        for (key, content) in &self.objects {
            let path = directory.join(key);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
    }

    /// Puts the objects into a bucket, which is made.
    pub(super) fn upload(&self, moto: &Moto, bucket: &str) {
        let directory = tempfile::tempdir().unwrap();
        self.write(directory.path());
        moto.python(&format!(
            "import boto3, os\ns3 = boto3.client('s3')\ns3.create_bucket(Bucket='{bucket}')\nroot = '{}'\n\
             for folder, _, names in os.walk(root):\n    for name in names:\n        path = os.path.join(folder, name)\n        \
             s3.upload_file(path, '{bucket}', os.path.relpath(path, root))\n",
            directory.path().display()
        ));
    }
}

fn record(id: &str, account: &str, region: &str, day: usize) -> Value {
    json!({
        "eventVersion": "1.11",
        "userIdentity": {"type": "AssumedRole", "principalId": "AROAEXAMPLE:session", "accountId": account,
            "arn": format!("arn:aws:sts::{account}:assumed-role/app/session"), "accessKeyId": "ASIAEXAMPLE000000001"},
        "eventTime": format!("2026-09-{day:02}T23:58:00Z"), "eventSource": "sqs.amazonaws.com",
        "eventName": "SendMessage", "awsRegion": region, "sourceIPAddress": "192.0.2.10", "userAgent": "Boto3/1.44",
        "requestParameters": {"queueUrl": format!("https://sqs.{region}.amazonaws.com/{account}/queue-{id}")},
        "responseElements": null, "requestID": format!("request-{id}"), "eventID": format!("event-{id}"),
        "readOnly": false, "eventType": "AwsApiCall", "managementEvent": true, "recipientAccountId": account,
        "eventCategory": "Management",
    })
}
