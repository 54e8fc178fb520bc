//! Records of every shape become rows, and nothing of them is lost.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// The row of a record, whose text is kept for as long as the test runs.
fn row(record: &Value) -> EventRow<'static> {
    read(Box::leak(record.to_string().into_boxed_str()))
        .unwrap()
        .row
}

fn extra(row: &EventRow<'_>) -> Value {
    serde_json::from_str(row.extra.as_deref().unwrap_or("null")).unwrap()
}

#[test]
fn fields_stand_in_their_columns() {
    let row = row(&json!({
        "eventVersion": "1.08", "eventID": "e-1", "eventTime": "2026-06-03T10:00:00Z",
        "eventSource": "s3.amazonaws.com", "eventName": "GetObject", "awsRegion": "eu-west-1",
        "sourceIPAddress": "10.0.0.1", "userAgent": "[aws-cli/2]", "errorCode": null, "readOnly": true,
        "managementEvent": "false", "recipientAccountId": "111122223333", "requestParameters": {"bucketName": "b"},
        "responseElements": null, "resources": [{"ARN": "arn:aws:s3:::b/k"}], "sessionCredentialFromConsole": "true",
    }));
    assert_eq!(row.event_time, Some(1_780_480_800_000_000));
    assert_eq!(row.event_date, Some(20_607));
    assert_eq!(row.event_name.as_deref(), Some("GetObject"));
    assert_eq!(
        (row.read_only, row.management_event),
        (Some(true), Some(false))
    );
    assert_eq!(row.session_credential_from_console, Some(true));
    assert_eq!(
        row.request_parameters.as_deref(),
        Some("{\"bucketName\":\"b\"}")
    );
    assert_eq!(
        (row.error_code, row.response_elements, row.extra),
        (None, None, None)
    );
}

#[test]
fn the_session_is_flattened() {
    let row = row(&json!({"userIdentity": {
        "type": "AssumedRole", "principalId": "AROA1:s", "arn": "arn:aws:sts::111122223333:assumed-role/r/s",
        "accountId": "111122223333", "accessKeyId": "ASIA1", "invokedBy": "bedrock.amazonaws.com",
        "inScopeOf": {"issuerType": "AWS::Lambda::Function", "credentialsIssuedTo": "arn:aws:lambda:eu-west-1:111122223333:function:f"},
        "sessionContext": {
            "sessionIssuer": {"type": "Role", "principalId": "AROA1", "arn": "arn:aws:iam::111122223333:role/p/r", "accountId": "111122223333", "userName": "r"},
            "attributes": {"creationDate": "2026-06-03T09:00:00Z", "mfaAuthenticated": "false"},
            "webIdFederationData": {"federatedProvider": "arn:aws:iam::111122223333:oidc-provider/x", "attributes": {}},
            "sourceIdentity": "alice", "ec2RoleDelivery": "2.0", "assumedRoot": "true"}}}));
    assert_eq!(
        row.session_issuer_arn.as_deref(),
        Some("arn:aws:iam::111122223333:role/p/r")
    );
    assert_eq!(row.user_identity_access_key_id.as_deref(), Some("ASIA1"));
    assert_eq!(
        row.in_scope_of_issuer_type.as_deref(),
        Some("AWS::Lambda::Function")
    );
    assert_eq!(row.session_mfa_authenticated, Some(false));
    assert_eq!(row.session_creation_date, Some(1_780_477_200_000_000));
    assert_eq!(row.session_source_identity.as_deref(), Some("alice"));
    assert_eq!(row.session_assumed_root, Some(true));
    assert_eq!(
        row.session_federated_provider.as_deref(),
        Some("arn:aws:iam::111122223333:oidc-provider/x")
    );
}

#[test]
fn issued_credentials_stand_in_columns_of_calls_that_issue_some() {
    let call = |name: &str| {
        row(
            &json!({"eventName": name, "eventSource": "sts.amazonaws.com",
            "requestParameters": {"roleArn": "arn:aws:iam::111122223333:role/r", "roleSessionName": "s",
                "sourceIdentity": "alice", "tags": [{"key": "kubernetes-namespace", "value": "n"}]},
            "responseElements": {"subjectFromWebIdentityToken": "system:serviceaccount:n:sa",
                "credentials": {"accessKeyId": "ASIA2"}, "assumedRoleUser": {"assumedRoleId": "AROA1:s"}}}),
        )
    };
    let assumed = call("AssumeRoleWithWebIdentity");
    assert_eq!(assumed.issued_access_key_id.as_deref(), Some("ASIA2"));
    assert_eq!(assumed.assumed_role_id.as_deref(), Some("AROA1:s"));
    assert_eq!(
        assumed.web_identity_subject.as_deref(),
        Some("system:serviceaccount:n:sa")
    );
    assert_eq!(
        assumed.session_tags.as_deref(),
        Some("[{\"key\":\"kubernetes-namespace\",\"value\":\"n\"}]")
    );
    assert_eq!(call("PassRole").assumed_role_arn, None);
}

#[test]
fn roles_anywhere_gives_its_credentials_in_a_list() {
    let session = json!({"credentials": {"accessKeyId": "ASIA3"}, "assumedRoleUser": {"assumedRoleId": "AROA1:0a1b"}});
    let call = |set: Value| {
        row(
            &json!({"eventName": "CreateSession", "eventSource": "rolesanywhere.amazonaws.com",
            "responseElements": {"credentialSet": set}}),
        )
    };
    let issued = call(json!([session]));
    assert_eq!(issued.issued_access_key_id.as_deref(), Some("ASIA3"));
    assert_eq!(issued.assumed_role_id.as_deref(), Some("AROA1:0a1b"));
    for none in [json!([]), json!({}), json!("x"), json!([[]])] {
        assert_eq!(call(none).issued_access_key_id, None);
    }
}

#[test]
fn what_does_not_fit_is_kept() {
    let cases = [
        (json!({}), json!(null)),
        (json!({"eventName": 7}), json!({"eventName": 7})),
        (
            json!({"eventTime": "soon", "readOnly": "maybe"}),
            json!({"eventTime": "soon", "readOnly": "maybe"}),
        ),
        (
            json!({"eventTime": "-009999-01-01T00:00:00Z"}),
            json!({"eventTime": "-009999-01-01T00:00:00Z"}),
        ),
        (
            json!({"eventSource": ["s3.amazonaws.com"]}),
            json!({"eventSource": ["s3.amazonaws.com"]}),
        ),
        (
            json!({"eventContext": null, "p_any": {"a": [1]}}),
            json!({"eventContext": null, "p_any": {"a": [1]}}),
        ),
        (
            json!({"userIdentity": "root", "requestParameters": "text"}),
            json!(null),
        ),
    ];
    for (record, kept) in cases {
        assert_eq!(extra(&row(&record)), kept);
    }
}

#[test]
fn an_odd_value_in_a_json_column_stands_there_as_it_was() {
    let row =
        row(&json!({"userIdentity": "root", "responseElements": "text", "additionalEventData": 5}));
    assert_eq!(row.user_identity.as_deref(), Some("\"root\""));
    assert_eq!(row.response_elements.as_deref(), Some("\"text\""));
    assert_eq!(row.additional_event_data.as_deref(), Some("5"));
}

#[test]
fn a_field_that_comes_twice_is_kept_twice() {
    let reading = read(r#"{"eventName":"A","eventName":"B"}"#).unwrap();
    assert_eq!(reading.row.event_name.as_deref(), Some("A"));
    assert_eq!(reading.row.extra.as_deref(), Some(r#"{"eventName":"B"}"#));
}

#[test]
fn a_record_is_known_by_id_and_account_else_by_its_text() {
    let key = |record: Value| row(&record).record_key.map(Identity);
    let first = key(json!({"eventID": "1", "recipientAccountId": "a", "eventName": "x"}));
    assert_eq!(
        first,
        key(json!({"eventID": "1", "recipientAccountId": "a", "eventName": "y"}))
    );
    assert_ne!(
        first,
        key(json!({"eventID": "1", "recipientAccountId": "b"}))
    );
    assert_ne!(
        key(json!({"eventName": "x"})),
        key(json!({"eventName": "y"}))
    );
    assert_eq!(
        key(json!({"eventID": "", "n": 1})),
        key(json!({"eventID": "", "n": 1}))
    );
    assert_ne!(
        key(json!({"eventID": "", "n": 1})),
        key(json!({"eventID": "", "n": 2}))
    );
}

#[test]
fn two_calls_with_one_id_are_told_apart() {
    let key = |record: Value| row(&record).record_key;
    let call = json!({"eventID": "1", "eventName": "x", "eventTime": "2026-06-03T12:00:00Z"});
    for (field, value) in [
        ("eventName", "y"),
        ("eventSource", "s3.amazonaws.com"),
        ("awsRegion", "eu-west-1"),
        ("eventTime", "2026-06-03T12:00:01Z"),
    ] {
        let mut other = call.clone();
        other[field] = json!(value);
        assert_ne!(key(call.clone()), key(other), "{field}");
    }
    let mut same = call.clone();
    same["eventTime"] = json!("2026-06-03T12:00:00.000Z");
    same["userAgent"] = json!("another spelling");
    assert_eq!(key(call), key(same));
}

#[test]
fn records_of_others_are_told_by_their_source() {
    let cases = [
        (
            json!({"eventSource": "aws:s3", "eventVersion": "2.1"}),
            true,
        ),
        (
            json!({"eventSource": "aws:dynamodb", "eventVersion": "1.0"}),
            true,
        ),
        (
            json!({"EventSource": "aws:sns", "EventVersion": "1.0"}),
            true,
        ),
        (
            json!({"eventSource": "ecs.aliyuncs.com", "eventVersion": "1"}),
            true,
        ),
        (
            json!({"eventSource": "s3.amazonaws.com", "eventVersion": "1.08"}),
            false,
        ),
        (json!({"eventSource": "s3.amazonaws.com.cn"}), false),
        (
            json!({"eventSource": "new-host.example", "eventVersion": "1.12"}),
            false,
        ),
        (json!({"eventVersion": "2.0"}), false),
        (json!({}), false),
    ];
    for (record, foreign) in cases {
        assert_eq!(read(&record.to_string()).unwrap().foreign, foreign);
    }
}

#[test]
fn only_an_object_is_a_record() {
    let cases = [
        ("null", "not_an_object"),
        ("[]", "not_an_object"),
        ("{", "truncated_json"),
        ("{\"a\":}", "not_json"),
    ];
    for (text, reason) in cases {
        assert_eq!(read(text).unwrap_err().reason, reason);
    }
}

/// Any JSON value, a few levels deep.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(".{0,8}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_of_a_record_is_lost(
        known in proptest::sample::subsequence(vec!["eventID", "eventTime", "readOnly", "userIdentity", "resources", "eventName"], 0..6),
        values in proptest::collection::vec(value(), 6),
        unknown in proptest::collection::btree_map("[x-z]{1,4}", value(), 0..4),
    ) {
        let mut record = serde_json::Map::new();
        for (key, value) in known.iter().zip(&values) {
            record.insert((*key).to_owned(), value.clone());
        }
        record.extend(unknown.clone());
        let row = row(&Value::Object(record.clone()));
        let extra = extra(&row);
        for (key, value) in &record {
            let column = match key.as_str() {
                "eventID" => row.event_id.as_deref().map(Value::from),
                "eventName" => row.event_name.as_deref().map(Value::from),
                "readOnly" => row.read_only.map(Value::from),
                "userIdentity" => row.user_identity.as_deref().map(|text| serde_json::from_str(text).unwrap()),
                "resources" => row.resources.as_deref().map(|text| serde_json::from_str(text).unwrap()),
                _ => None,
            };
            let kept = column.or_else(|| extra.get(key).cloned()).unwrap_or(Value::Null);
            prop_assert_eq!(&kept, value, "{}", key);
        }
    }
}
