//! Rows of the lake's tables, written as JSON objects.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::json::ReaderBuilder;
use curtail_ingest::{Lake, LakeTable};
use serde_json::{Value, json};

pub(crate) const ACCOUNT: &str = "111122223333";

/// Rows with the columns of `schema`; a key that is missing is NULL.
pub(crate) fn rows(schema: &SchemaRef, objects: &[Value]) -> RecordBatch {
    let mut decoder = ReaderBuilder::new(Arc::clone(schema))
        .with_strict_mode(true)
        .build_decoder()
        .unwrap();
    decoder.serialize(objects).unwrap();
    decoder
        .flush()
        .unwrap()
        .unwrap_or_else(|| RecordBatch::new_empty(Arc::clone(schema)))
}

pub(crate) async fn append(lake: &Lake, table: LakeTable, objects: &[Value]) {
    lake.append(table, vec![rows(&table.schema(), objects)])
        .await
        .unwrap();
}

pub(crate) fn role_arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{name}")
}

/// A call of the role `role` (whose id is `AROA` and its name in capitals) under a session name.
pub(crate) fn call(
    key: &str,
    time: &str,
    role: &str,
    session: &str,
    source: &str,
    name: &str,
) -> Value {
    let id = format!("AROA{}", role.to_uppercase());
    json!({
        "record_key": key,
        "event_time": time,
        "event_date": time[..10],
        "event_source": source,
        "event_name": name,
        "event_type": "AwsApiCall",
        "event_category": "Management",
        "aws_region": "eu-west-1",
        "recipient_account_id": ACCOUNT,
        "user_identity_type": "AssumedRole",
        "user_identity_account_id": ACCOUNT,
        "user_identity_arn": format!("arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}"),
        "user_identity_principal_id": format!("{id}:{session}"),
        "user_identity_access_key_id": format!("ASIA{session}"),
        "session_issuer_arn": role_arn(role),
        "session_issuer_principal_id": id,
        "source_ip_address": "10.0.0.1",
        "user_agent": "test",
    })
}

/// `event` with other or further columns.
pub(crate) fn with(mut event: Value, more: Value) -> Value {
    if let (Value::Object(event), Value::Object(more)) = (&mut event, more) {
        event.extend(more);
    }
    event
}

/// A role of the snapshot with one inline policy that allows `actions` on everything.
pub(crate) fn role(name: &str, actions: &[&str]) -> Value {
    let policy = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]});
    document(
        "role",
        &role_arn(name),
        &json!({
            "RoleName": name, "RoleId": format!("AROA{}", name.to_uppercase()), "Arn": role_arn(name), "Path": "/",
            "CreateDate": "2026-01-01T00:00:00Z",
            "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": policy}],
        }),
    )
}

/// A trail that records management events, and S3 objects where `objects` says so.
pub(crate) fn trail(objects: bool) -> Vec<Value> {
    let arn = format!("arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/t");
    let data = if objects {
        json!([{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}])
    } else {
        json!([])
    };
    let selectors =
        json!([{"ReadWriteType": "All", "IncludeManagementEvents": true, "DataResources": data}]);
    vec![
        document(
            "trail",
            &arn,
            &json!({"TrailARN": arn, "IsMultiRegionTrail": true, "HasCustomEventSelectors": true}),
        ),
        document(
            "event_selectors",
            &arn,
            &json!({"TrailARN": arn, "EventSelectors": selectors}),
        ),
    ]
}

fn document(kind: &str, arn: &str, value: &Value) -> Value {
    json!({
        "account_id": ACCOUNT, "taken_at": "2026-10-01T00:00:00Z", "kind": kind, "id": value["RoleId"], "arn": arn,
        "name": value["RoleName"], "document": value.to_string(), "fingerprint": "f", "source": "test",
    })
}
