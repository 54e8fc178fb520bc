//! Records from Security Lake: events of OCSF as JSON and as Parquet.

use curtail_ingest::LakeTable;
use serde_json::{Value, json};

use crate::place::{Place, record};

fn ocsf(id: &str, class: u64) -> Value {
    json!({
        "class_uid": class, "time": 1_780_480_800_000_i64, "time_dt": "2026-06-03T10:00:00Z", "status": "Success",
        "metadata": {"product": {"name": "CloudTrail", "vendor_name": "AWS", "version": "1.08", "feature": {"name": "Data"}},
            "uid": id, "event_code": "AwsApiCall", "version": "1.5.0"},
        "actor": {"user": {"type": "AssumedRole", "uid": "arn:aws:sts::111122223333:assumed-role/r/s", "uid_alt": "AROA1:s",
            "credential_uid": "ASIA1", "account": {"uid": "111122223333"}}, "session": {"issuer": "arn:aws:iam::111122223333:role/p/r"}},
        "api": {"operation": "GetObject", "service": {"name": "s3.amazonaws.com"}, "request": {"uid": "r-1", "data": "{\"bucketName\":\"b\"}"}},
        "cloud": {"region": "eu-west-1", "provider": "AWS", "account": {"uid": "111122223333"}},
        "src_endpoint": {"ip": "10.0.0.1"}, "http_request": {"user_agent": "cli"},
        "unmapped": {"readOnly": "true", "userIdentity.sessionContext.sessionIssuer.principalId": "AROA1"},
    })
}

/// The row that was made of an event of OCSF.
async fn is_made_again(place: &Place, class: &str) {
    let rows = place.rows(LakeTable::Events).await;
    let row = rows.iter().find(|row| row["event_id"] == class).unwrap();
    let expected = [
        ("event_name", "GetObject"),
        ("event_source", "s3.amazonaws.com"),
        ("event_date", "2026-06-03"),
        ("event_version", "1.08"),
        ("event_category", "Data"),
        ("aws_region", "eu-west-1"),
        ("recipient_account_id", "111122223333"),
        ("request_id", "r-1"),
        ("source_ip_address", "10.0.0.1"),
        ("user_identity_access_key_id", "ASIA1"),
        ("user_identity_principal_id", "AROA1:s"),
        ("session_issuer_arn", "arn:aws:iam::111122223333:role/p/r"),
        ("session_issuer_principal_id", "AROA1"),
        ("request_parameters", "{\"bucketName\":\"b\"}"),
        ("read_only", "true"),
    ];
    for (column, value) in expected {
        assert_eq!(row[column], value, "{column}");
    }
    assert_eq!(row.get("response_elements"), None);
    let extra: Value = serde_json::from_str(&row["extra"]).unwrap();
    assert_eq!(extra["ocsf"]["class_uid"].to_string(), class);
    assert_eq!(extra["ocsf"]["unmapped"]["readOnly"], "true");
}

#[tokio::test]
async fn security_lake_is_read_as_json() {
    let place = Place::new();
    let events = [6003, 3002, 3001].map(|class| ocsf(&class.to_string(), class));
    place.put("array.json", json!(events[..2]).to_string().as_bytes());
    place.put("lines.jsonl", events[2].to_string().as_bytes());
    assert_eq!(place.ingest().await.events_written, 3);
    for class in ["6003", "3002", "3001"] {
        is_made_again(&place, class).await;
    }
}

#[tokio::test]
async fn the_same_event_from_security_lake_and_a_trail_is_one_row() {
    let place = Place::new();
    let mut original = record("1", 3);
    original["eventTime"] = json!("2026-06-03T10:00:00Z");
    place.log("a.json.gz", &[original]);
    place.put("b.json", ocsf("1", 6003).to_string().as_bytes());
    let summary = place.ingest().await;
    assert_eq!((summary.events_written, summary.duplicates), (1, 1));
}

/// Parquet of some JSON Lines, with the columns that are found in them.
fn parquet(lines: &str) -> Vec<u8> {
    let (schema, _) = arrow::json::reader::infer_json_schema(lines.as_bytes(), None).unwrap();
    let schema = std::sync::Arc::new(schema);
    let reader = arrow::json::ReaderBuilder::new(schema.clone())
        .build(lines.as_bytes())
        .unwrap();
    let properties = parquet::file::properties::WriterProperties::builder()
        .set_compression(parquet::basic::Compression::ZSTD(
            parquet::basic::ZstdLevel::default(),
        ))
        .build();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(Vec::new(), schema, Some(properties)).unwrap();
    for batch in reader {
        writer.write(&batch.unwrap()).unwrap();
    }
    writer.into_inner().unwrap()
}

#[tokio::test]
async fn security_lake_is_read_as_parquet() {
    let lines: Vec<String> = [6003, 3002, 3001]
        .map(|class| ocsf(&class.to_string(), class).to_string())
        .to_vec();
    let place = Place::new();
    let key = "aws/CLOUD_TRAIL_MGMT/2.0/region=eu-west-1/accountId=111122223333/eventDay=20260603/part.zstd.parquet";
    let content = parquet(&lines.join("\n"));
    place.put(key, &content);
    place.put("other.parquet", &parquet("{\"a\":1}"));
    place.put("cut.parquet", &content[..content.len() / 2]);
    let mut torn = content.clone();
    torn[4..104].fill(0xff);
    place.put("torn.parquet", &torn);
    let summary = place.ingest().await;
    assert_eq!(summary.events_written, 3);
    for class in ["6003", "3002", "3001"] {
        is_made_again(&place, class).await;
    }
    let reasons = place.reasons(LakeTable::Objects).await;
    let expected = [
        (key, ""),
        ("cut.parquet", "truncated_parquet"),
        ("other.parquet", "not_cloudtrail"),
        ("torn.parquet", "corrupt_parquet"),
    ];
    assert_eq!(
        reasons,
        expected.map(|(key, reason)| (key.to_owned(), reason.to_owned()))
    );
}

#[tokio::test]
async fn parquet_that_unpacks_beyond_the_limit_is_refused() {
    let mut place = Place::new();
    place.options.max_object_bytes = 200_000;
    let line = format!(
        "{{\"class_uid\":6003,\"text\":\"{}\"}}\n",
        "x".repeat(1_000)
    );
    let content = parquet(&line.repeat(1_000));
    assert!(content.len() < 100_000);
    place.put("bomb.parquet", &content);
    assert_eq!(place.ingest().await.objects_quarantined, 1);
    let reasons = place.reasons(LakeTable::Quarantine).await;
    assert_eq!(
        reasons,
        [("bomb.parquet".to_owned(), "oversized".to_owned())]
    );
}
