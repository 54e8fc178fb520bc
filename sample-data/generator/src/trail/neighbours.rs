//! What lies beside the log files of a trail: digests, Insights events, other services' objects.
//!
//! Digest fields: AWS CloudTrail User Guide, "CloudTrail digest file structure". Validation was
//! switched on for the last hour of the sample, so that each digest is the first of its chain, and
//! has no previous one. Signatures are metadata of S3, which files do not keep.

use std::io;

use serde_json::{Value, json};

use crate::clock::{Moment, at};
use crate::organisation::{MANAGEMENT, ORGANIZATION, PRODUCTION, TOOLING};
use crate::output::{self, Output};
use crate::sha256;
use crate::summary::Summary;
use crate::trail::Delivered;

/// Start of the last hour of the sample.
pub(crate) const LAST_HOUR: Moment = at((2026, 9, 30), (23, 0, 0));
const BUCKET: &str = "halden-org-trail";

/// Writes digests, an Insights object and two foreign ones.
///
/// # Errors
/// The output cannot be written.
pub(crate) fn write(
    delivered: &[Delivered],
    level: u32,
    output: &mut Output,
    summary: &mut Summary,
) -> io::Result<()> {
    let mut places: Vec<(&str, &str)> = delivered
        .iter()
        .map(|file| (file.account, file.region))
        .collect();
    places.sort_unstable();
    places.dedup();
    for (account, region) in places {
        let end = LAST_HOUR.plus(3_600);
        let key = format!(
            "AWSLogs/{ORGANIZATION}/{account}/CloudTrail-Digest/{region}/{}/{account}_CloudTrail-Digest_{region}_halden-organization_eu-west-1_{}.json.gz",
            end.day().path(),
            end.second_stamp(),
        );
        let files: Vec<&Delivered> = delivered
            .iter()
            .filter(|file| (file.account, file.region) == (account, region))
            .collect();
        put(&key, &digest(&key, account, &files), level, output)?;
        summary.digest_objects += 1;
    }
    let (key, insight) = insight();
    put(&key, &insight, level, output)?;
    summary.insight_objects += 1;
    let (key, snapshot) = config_snapshot();
    put(&key, &snapshot, level, output)?;
    let (key, line) = access_log();
    output.put(
        &format!("trail/{key}"),
        &output::gzip(line.as_bytes(), level)?,
    )?;
    summary.foreign_objects += 2;
    Ok(())
}

fn put(key: &str, document: &Value, level: u32, output: &mut Output) -> io::Result<()> {
    output.put(
        &format!("trail/{key}"),
        &output::gzip(document.to_string().as_bytes(), level)?,
    )
}

fn digest(key: &str, account: &str, files: &[&Delivered]) -> Value {
    let newest = files
        .iter()
        .filter_map(|file| file.times)
        .map(|(_, newest)| newest)
        .max();
    let oldest = files
        .iter()
        .filter_map(|file| file.times)
        .map(|(oldest, _)| oldest)
        .min();
    let log_files: Vec<Value> = files
        .iter()
        .map(|file| {
            json!({
                "s3Bucket": BUCKET,
                "s3Object": file.key.trim_start_matches("trail/"),
                "hashValue": sha256::hex(&file.content),
                "hashAlgorithm": "SHA-256",
                "newestEventTime": file.times.map(|(_, newest)| newest.to_string()),
                "oldestEventTime": file.times.map(|(oldest, _)| oldest.to_string()),
            })
        })
        .collect();
    json!({
        "awsAccountId": account,
        "digestStartTime": LAST_HOUR.to_string(),
        "digestEndTime": LAST_HOUR.plus(3_600).to_string(),
        "digestS3Bucket": BUCKET,
        "digestS3Object": key,
        "digestPublicKeyFingerprint": "8c1f0e7d6b5a49382716f5e4d3c2b1a0",
        "digestSignatureAlgorithm": "SHA256withRSA",
        "newestEventTime": newest.map(|time| time.to_string()),
        "oldestEventTime": oldest.map(|time| time.to_string()),
        "previousDigestS3Bucket": null,
        "previousDigestS3Object": null,
        "previousDigestHashValue": null,
        "previousDigestHashAlgorithm": null,
        "previousDigestSignature": null,
        "logFiles": log_files,
    })
}

/// CloudTrail Insights noticed more instances than usual being started.
fn insight() -> (String, Value) {
    let (account, region) = (TOOLING.id, TOOLING.region);
    let start = at((2026, 9, 3), (14, 38, 0));
    let key = format!(
        "AWSLogs/{ORGANIZATION}/{account}/CloudTrail-Insight/{region}/{}/{account}_CloudTrail-Insight_{region}_{}_q8Zt3vWm1LxK0pYb.json.gz",
        start.day().path(),
        start.plus(600).minute_stamp(),
    );
    let record = |state: &str, id: &str, at: Moment| {
        json!({
            "eventVersion": "1.09",
            "eventTime": at.to_string(),
            "awsRegion": region,
            "eventID": id,
            "eventType": "AwsCloudTrailInsight",
            "recipientAccountId": account,
            "sharedEventID": "5a0c7e42-91d3-4b6f-8f2e-1d3c5b7a9e08",
            "insightDetails": {
                "state": state,
                "eventSource": "ec2.amazonaws.com",
                "eventName": "RunInstances",
                "insightType": "ApiCallRateInsight",
                "insightContext": {"statistics": {
                    "baseline": {"average": 0.000_347_222_2},
                    "insight": {"average": 1.5},
                    "insightDuration": 4,
                    "baselineDuration": 10_080,
                }},
            },
            "eventCategory": "Insight",
        })
    };
    let records = [
        record("Start", "1c9e8d7b-2f40-4a65-9b13-7e6d5c4b3a29", start),
        record(
            "End",
            "77b6a5d4-3c2e-4f10-8a9b-0c1d2e3f4a5b",
            start.plus(240),
        ),
    ];
    (key, json!({"Records": records}))
}

/// A snapshot that AWS Config delivers into the same bucket.
fn config_snapshot() -> (String, Value) {
    let account = PRODUCTION.id;
    let key = format!(
        "AWSLogs/{account}/Config/eu-west-1/2026/9/14/ConfigSnapshot/{account}_Config_eu-west-1_ConfigSnapshot_20260914T060501Z_3d2c1b0a-9f8e-4d7c-b6a5-f4e3d2c1b0a9.json.gz"
    );
    let snapshot = json!({
        "fileVersion": "1.0",
        "configSnapshotId": "3d2c1b0a-9f8e-4d7c-b6a5-f4e3d2c1b0a9",
        "configurationItems": [{
            "configurationItemVersion": "1.3",
            "configurationItemCaptureTime": "2026-09-14T05:58:12.114Z",
            "awsAccountId": account,
            "resourceType": "AWS::CloudTrail::Trail",
            "ARN": format!("arn:aws:cloudtrail:eu-west-1:{MANAGEMENT}:trail/halden-organization"),
            "awsRegion": "eu-west-1",
            "configurationItemStatus": "OK",
        }],
    });
    (key, snapshot)
}

/// An access log that a load balancer delivers into the same bucket.
fn access_log() -> (String, String) {
    let account = PRODUCTION.id;
    let key = format!(
        "AWSLogs/{account}/elasticloadbalancing/eu-west-1/2026/09/14/{account}_elasticloadbalancing_eu-west-1_app.portal.50dc6c495c0c9188_20260914T0605Z_198.51.100.7_2x9abcde.log.gz"
    );
    let line = "https 2026-09-14T06:04:58.312945Z app/portal/50dc6c495c0c9188 192.0.2.90:53124 10.20.4.17:8080 0.001 0.014 0.000 200 200 512 8841 \"GET https://portal.halden.example:443/ HTTP/2.0\" \"Mozilla/5.0\" TLS_AES_128_GCM_SHA256 TLSv1.3\n";
    (key, line.to_owned())
}
