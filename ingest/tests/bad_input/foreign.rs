//! What else lies in a bucket: it is named as what it is, and no record is made of it.

use serde_json::json;

use crate::scene::{gz, key, log, log_of, named, one, record};

#[tokio::test]
async fn vpc_flow_logs() {
    let text = "version account-id interface-id\n2 111122223333 eni-1 10.0.0.1 10.0.0.2 443 49152 6 10 840 1 2 ACCEPT OK\n";
    named(
        "AWSLogs/111122223333/vpcflowlogs/eu-west-1/2026/06/03/f.log.gz",
        gz(text),
    )
    .await
    .is_skipped("flow_log");
    named("flows/f.log.gz", gz(text))
        .await
        .is_skipped("not_json");
}

#[tokio::test]
async fn load_balancer_logs() {
    let text = "https 2026-06-03T22:23:00.186641Z app/my-alb/1 10.0.0.1:2817 10.0.0.2:80 0.0 0.0 0.0 200 200 0 57 \"GET https://x/ HTTP/1.1\"";
    named(
        "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/l.log.gz",
        gz(text),
    )
    .await
    .is_skipped("load_balancer_log");
    named("lb/l.log", text).await.is_skipped("not_json");
}

#[tokio::test]
async fn config_snapshots() {
    let text = json!({"fileVersion": "1.0", "configSnapshotId": "c", "configurationItems": [{"resourceType": "AWS::S3::Bucket"}]}).to_string();
    named(
        "AWSLogs/111122223333/Config/eu-west-1/2026/6/3/ConfigSnapshot/c.json.gz",
        gz(&text),
    )
    .await
    .is_skipped("config");
    one(gz(text)).await.is_skipped("not_cloudtrail");
}

#[tokio::test]
async fn guardduty_findings() {
    let finding = json!({"schemaVersion": "2.0", "accountId": "111122223333", "region": "eu-west-1", "id": "f", "type": "Recon:EC2/PortProbe",
        "service": {"serviceName": "guardduty", "action": {"actionType": "AWS_API_CALL"}}, "severity": 2, "title": "t", "description": "d"});
    named(
        "AWSLogs/111122223333/GuardDuty/eu-west-1/2026/06/03/f.jsonl.gz",
        gz(finding.to_string()),
    )
    .await
    .is_skipped("guardduty");
    named("findings/f.jsonl.gz", gz(format!("{finding}\n{finding}\n")))
        .await
        .is_skipped("not_cloudtrail");
}

#[tokio::test]
async fn waf_logs() {
    let line = json!({"timestamp": 1_780_000_000_000_i64, "formatVersion": 1, "webaclId": "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/w/1",
        "action": "ALLOW", "httpRequest": {"clientIp": "10.0.0.1", "headers": [], "uri": "/"}});
    named("waf/aws-waf-logs.json.gz", gz(format!("{line}\n{line}")))
        .await
        .is_skipped("not_cloudtrail");
}

#[tokio::test]
async fn s3_server_access_logs() {
    let line = "79a59df900b949e5 bucket [03/Jun/2026:00:00:38 +0000] 10.0.0.1 79a59df900b949e5 3E57427F REST.GET.OBJECT key \"GET /key HTTP/1.1\" 200 - 113 - 7 - \"-\" \"S3Console/0.4\" -";
    named("logs/2026-06-03-00-00-38-3E57427F33A59F07", line)
        .await
        .is_skipped("not_json");
}

fn notification() -> serde_json::Value {
    json!({"eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "eu-west-1", "eventTime": "2026-06-03T12:00:00.000Z",
        "eventName": "ObjectCreated:Put", "userIdentity": {"principalId": "A1"}, "s3": {"bucket": {"name": "b"}, "object": {"key": "k"}}})
}

#[tokio::test]
async fn notifications_of_s3() {
    one(log(&[notification(), notification()]))
        .await
        .is_skipped("other_events");
}

#[tokio::test]
async fn notifications_of_s3_among_records_are_named() {
    let (text, offsets) = log_of(&[&record("1").to_string(), &notification().to_string()]);
    let row = format!("1@{} not_cloudtrail", offsets[1]);
    one(text).await.is(&["1"], &[&row], "read");
}

#[tokio::test]
async fn the_test_event_of_s3() {
    one(r#"{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-06-03T12:00:00.000Z","Bucket":"b","RequestId":"r","HostId":"h"}"#)
        .await
        .is_skipped("not_cloudtrail");
}

#[tokio::test]
async fn digests() {
    let digest = json!({"awsAccountId": "111122223333", "digestStartTime": "2026-06-03T00:00:00Z", "digestEndTime": "2026-06-03T01:00:00Z", "logFiles": []});
    let text = gz(digest.to_string());
    named(
        "AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/06/03/d.json.gz",
        &text,
    )
    .await
    .is_skipped("digest");
    named("moved/d.json.gz", &text).await.is_skipped("digest");
}

#[tokio::test]
async fn insights() {
    let mut insight = record("1");
    insight["eventCategory"] = json!("Insight");
    insight["insightDetails"] = json!({"state": "Start"});
    let text = gz(log(&[insight]));
    named(
        "AWSLogs/111122223333/CloudTrail-Insight/eu-west-1/2026/06/03/i.json.gz",
        &text,
    )
    .await
    .is_skipped("insight");
    named("moved/i.json.gz", &text).await.is_skipped("insight");
}

#[tokio::test]
async fn results_of_athena() {
    named(
        "athena/1.csv",
        "\"eventid\",\"eventname\"\n\"1\",\"GetObject\"\n",
    )
    .await
    .is_skipped("not_json");
    named("athena/1.csv.metadata", b"\x0a\x12\x32\x30\xff\xfe")
        .await
        .is_skipped("not_utf8");
}

#[tokio::test]
async fn markers_of_success() {
    named("out/_SUCCESS", b"").await.is_skipped("empty");
}

#[tokio::test]
async fn markers_of_folders() {
    named("AWSLogs/111122223333/CloudTrail_$folder$", b"")
        .await
        .is_skipped("empty");
}

#[tokio::test]
async fn records_of_another_cloud() {
    let record = json!({"eventId": "1", "eventVersion": "1", "eventSource": "ecs.aliyuncs.com", "eventName": "DescribeInstances",
        "eventTime": "2026-06-03T12:00:00Z", "acsRegion": "cn-hangzhou", "userIdentity": {"type": "ram-user"}});
    one(record.to_string()).await.is_skipped("other_events");
    one(json!([record]).to_string())
        .await
        .is_skipped("other_events");
}

#[tokio::test]
async fn events_of_lambda_from_queues_without_records() {
    let event = json!({"Records": [{"messageId": "m", "eventSource": "aws:sqs", "body": "hello", "awsRegion": "eu-west-1"}]});
    one(event.to_string()).await.is_skipped("not_cloudtrail");
}

#[tokio::test]
async fn parquet_of_another_table() {
    named("table/part-0.parquet", b"PAR1\0\0\0\0\0\0\0\0\0\0PAR1")
        .await
        .is(&[], &["-@0 corrupt_parquet"], "quarantined corrupt_parquet");
}

#[tokio::test]
async fn parquet_that_is_cut() {
    named("table/part-0.parquet", b"PAR1\x15\x04\x15\x10")
        .await
        .is(
            &[],
            &["-@- truncated_parquet"],
            "quarantined truncated_parquet",
        );
}

#[tokio::test]
async fn pictures_and_programs() {
    one(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
        .await
        .is_broken(0, "not_utf8");
    one(b"\x7fELF\x02\x01\x01\0\0")
        .await
        .is_broken(1, "not_json");
}

#[tokio::test]
async fn html_of_an_error_page() {
    one("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>")
        .await
        .is_broken(1, "not_json");
    assert!(key("x").ends_with("x.json.gz"));
}
