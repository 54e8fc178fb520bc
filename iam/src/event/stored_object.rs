//! Objects in S3 that a call to another service named: parameters in, possible S3 actions out.
//!
//! Services read code, templates and data, and write results, with the caller's own permissions:
//! `lambda:UpdateFunctionCode` from a bucket needs `s3:GetObject` of whoever calls it. What the service does with the
//! object is not in the record, so that these are possible needs, never certain ones.
//! Source: AWS Lambda API Reference, "`UpdateFunctionCode`"; AWS CloudFormation User Guide, "`TemplateURL`";
//! Amazon Athena User Guide, "Access to Amazon S3".

use serde_json::{Map, Value};

use super::needs::{Need, Needs, On};
use super::request::Request;
use super::{Basis, Strength};

const GET: &str = "s3:GetObject";
const GET_VERSION: &str = "s3:GetObjectVersion";
const PUT: &str = "s3:PutObject";

/// Words in the name of a parameter that say that something is written there.
const WRITTEN: [&str; 6] = [
    "output",
    "result",
    "destination",
    "target",
    "export",
    "report",
];

/// Longest bucket name and object key, in bytes. Source: Amazon S3 User Guide, "Bucket naming rules", "Object keys".
const BUCKET_LIMIT: usize = 63;
const KEY_LIMIT: usize = 1024;

/// Adds what the call may have needed of S3.
pub(super) fn add(request: &Request<'_>, needs: &mut Needs) {
    if request.prefix.starts_with("s3")
        || !(request.mentions("s3") || request.mentions("S3") || request.mentions("ucket"))
    {
        return;
    }
    let text = request.parameters_text().unwrap_or_default();
    if let Ok(value) = serde_json::from_str(text) {
        walk(&value, false, request.place().partition, needs);
    }
}

/// INVARIANT: the depth is bounded, because the JSON reader refuses more than 128 levels.
fn walk(value: &Value, written: bool, partition: &str, needs: &mut Needs) {
    match value {
        Value::Object(fields) => {
            pair(fields, written, partition, needs);
            for (name, value) in fields {
                let name = name.to_ascii_lowercase();
                let written = written || WRITTEN.iter().any(|word| name.contains(word));
                walk(value, written, partition, needs);
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| walk(item, written, partition, needs)),
        Value::String(text) if is_location(text) => need(written, false, None, needs),
        _ => {}
    }
}

/// A bucket and a key side by side name one object.
fn pair(fields: &Map<String, Value>, written: bool, partition: &str, needs: &mut Needs) {
    let text = |names: &[&str]| {
        let found = fields
            .iter()
            .find(|(name, _)| names.iter().any(|known| name.eq_ignore_ascii_case(known)));
        found
            .and_then(|(_, value)| value.as_str())
            .filter(|text| !text.is_empty())
    };
    let bucket = text(&["s3Bucket", "bucket", "bucketName", "s3BucketName"]);
    let key = text(&["s3Key", "key", "objectKey", "s3ObjectKey"]);
    let version = text(&["s3ObjectVersion", "objectVersion", "versionId"]);
    if let (Some(bucket), Some(key)) = (bucket, key) {
        let plain = bucket.len() <= BUCKET_LIMIT
            && key.len() <= KEY_LIMIT
            && !key.contains(char::is_control);
        let plain = plain
            && bucket
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
        let arn = plain.then(|| format!("arn:{partition}:s3:::{bucket}/{key}"));
        need(written, version.is_some(), arn.as_deref(), needs);
    }
}

fn need(written: bool, version: bool, arn: Option<&str>, needs: &mut Needs) {
    let mut add = |action| {
        let on = arn.map_or(On::Unknown, |arn| On::Arn(arn.to_owned()));
        needs.add(Need {
            action,
            strength: Strength::Possible,
            basis: Basis::Hand,
            on,
        });
    };
    add(GET);
    if version {
        add(GET_VERSION);
    }
    if written {
        add(PUT);
    }
}

/// An `s3://` location, or the address of an object over HTTPS.
fn is_location(text: &str) -> bool {
    text.starts_with("s3://")
        || (text.starts_with("https://")
            && text.contains(".amazonaws.com")
            && (text.contains("//s3") || text.contains(".s3")))
}
