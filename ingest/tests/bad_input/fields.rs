//! Fields of a wrong type, missing, or with values that no one expects.

use serde_json::{Value, json};

use crate::scene::{Row, gz, log, one, record};

/// Every field of a record that has a column, with the column.
const FIELDS: [(&str, &str); 29] = [
    ("eventID", "event_id"),
    ("eventVersion", "event_version"),
    ("eventTime", "event_time"),
    ("eventSource", "event_source"),
    ("eventName", "event_name"),
    ("eventType", "event_type"),
    ("eventCategory", "event_category"),
    ("awsRegion", "aws_region"),
    ("recipientAccountId", "recipient_account_id"),
    ("requestID", "request_id"),
    ("sharedEventID", "shared_event_id"),
    ("apiVersion", "api_version"),
    ("managementEvent", "management_event"),
    ("readOnly", "read_only"),
    ("sourceIPAddress", "source_ip_address"),
    ("userAgent", "user_agent"),
    ("errorCode", "error_code"),
    ("errorMessage", "error_message"),
    ("vpcEndpointId", "vpc_endpoint_id"),
    ("vpcEndpointAccountId", "vpc_endpoint_account_id"),
    (
        "sessionCredentialFromConsole",
        "session_credential_from_console",
    ),
    ("userIdentity", "user_identity"),
    ("requestParameters", "request_parameters"),
    ("responseElements", "response_elements"),
    ("additionalEventData", "additional_event_data"),
    ("resources", "resources"),
    ("serviceEventDetails", "service_event_details"),
    ("tlsDetails", "tls_details"),
    ("addendum", "addendum"),
];

/// Fields that are kept as JSON whatever they hold.
fn is_json(field: &str) -> bool {
    FIELDS.iter().skip(21).any(|(name, _)| *name == field)
}

fn values() -> [Value; 7] {
    [
        Value::Null,
        json!(true),
        json!(12),
        json!(1.5),
        json!("2026-06-03T13:00:00Z"),
        json!([1, {"a": null}]),
        json!({"arn": 7, "sessionContext": [], "a": {"b": "c"}}),
    ]
}

/// What a field with this value is in its column; none if it is kept in `extra`.
fn fits(field: &str, value: &Value) -> Option<String> {
    match (field, value) {
        _ if is_json(field) => Some(value.to_string()),
        ("eventTime", Value::String(_)) => Some("2026-06-03T13:00:00Z".to_owned()),
        ("managementEvent" | "readOnly" | "sessionCredentialFromConsole", Value::Bool(flag)) => {
            Some(flag.to_string())
        }
        ("eventTime" | "managementEvent" | "readOnly" | "sessionCredentialFromConsole", _) => None,
        (_, Value::String(text)) => Some(text.clone()),
        _ => None,
    }
}

#[tokio::test]
async fn a_value_of_any_type_in_any_field_is_kept() {
    let mut records = Vec::new();
    for (field, _) in FIELDS {
        for (index, value) in values().into_iter().enumerate() {
            // A version of `CloudTrail`'s keeps the record one of its own, whatever the source is.
            let mut odd = record("-");
            odd["sharedEventID"] = json!(format!("{field}/{index}"));
            odd["eventID"] = json!(format!("{field}/{index}"));
            odd[field] = value;
            records.push(odd);
        }
    }
    let odd = one(gz(log(&records))).await;
    // A source that is no host of AWS and a version that is not `CloudTrail`'s make a record another's.
    let foreign: u64 = odd.found.quarantine.len() as u64;
    assert_eq!(foreign, 0, "{:?}", odd.found.quarantine);
    for (field, column) in FIELDS {
        for (index, value) in values().into_iter().enumerate() {
            let name = format!("{field}/{index}");
            let named = if field == "eventID" {
                "shared_event_id"
            } else {
                "event_id"
            };
            let row = odd
                .found
                .events
                .iter()
                .find(|row| row.get(named) == Some(&name))
                .unwrap_or_else(|| panic!("{name} is missing"));
            is_kept(row, (field, column), &value);
        }
    }
}

fn is_kept(row: &Row, (field, column): (&str, &str), value: &Value) {
    let extra: Value = row
        .get("extra")
        .map_or(json!({}), |extra| serde_json::from_str(extra).unwrap());
    let expected = if value.is_null() {
        None
    } else {
        fits(field, value)
    };
    assert_eq!(row.get(column), expected.as_ref(), "{field} {value}");
    let kept = if value.is_null() || expected.is_some() {
        None
    } else {
        Some(value)
    };
    assert_eq!(extra.get(field), kept, "{field} {value}");
}

#[tokio::test]
async fn a_value_of_any_type_in_any_field_of_the_identity_is_kept() {
    let fields = [
        "type",
        "principalId",
        "arn",
        "accountId",
        "accessKeyId",
        "userName",
        "invokedBy",
        "identityProvider",
        "credentialId",
        "inScopeOf",
        "sessionContext",
    ];
    let mut records = Vec::new();
    for field in fields {
        for (index, value) in values().into_iter().enumerate() {
            let mut odd = record(&format!("{field}/{index}"));
            odd["userIdentity"] = json!({field: value});
            records.push(odd);
        }
    }
    let odd = one(gz(log(&records))).await;
    for record in records {
        let row = odd.event(record["eventID"].as_str().unwrap());
        let kept: Value = serde_json::from_str(&row["user_identity"]).unwrap();
        assert_eq!(kept, record["userIdentity"]);
    }
}

#[tokio::test]
async fn a_record_without_one_of_its_fields_has_a_row_without_it() {
    for (field, column) in FIELDS.iter().take(9) {
        let mut odd = record("1");
        odd["eventCategory"] = json!("Data");
        odd["eventType"] = json!("AwsApiCall");
        odd.as_object_mut().unwrap().remove(*field);
        let found = one(log(&[odd])).await;
        found.is_read(&[if *field == "eventID" { "-" } else { "1" }]);
        let row = found
            .found
            .events
            .iter()
            .find(|row| row["object_key"].ends_with("odd.json.gz"))
            .unwrap();
        assert_eq!(row.get(*column), None, "{field}");
        assert_eq!(row.contains_key("event_date"), *field != "eventTime");
    }
}

#[tokio::test]
async fn times_that_are_none_are_kept_and_the_record_is_undated() {
    let times = [
        json!("2026-06-03T12:00:00"),
        json!("2026-06-03"),
        json!("0000-01-01T00:00:00Z"),
        json!("10000-01-01T00:00:00Z"),
        json!("1969-12-31T23:59:59Z"),
        json!("2026-02-30T12:00:00Z"),
        json!("2026-06-03T25:00:00Z"),
        json!("Jul 10, 2023, 1:05:59 PM"),
        json!(1_780_000_000),
        json!(1_780_000_000_000_i64),
        json!("1780000000"),
        json!(""),
        json!("\u{661}\u{662}"),
    ];
    for time in times {
        let mut odd = record("1");
        odd["eventTime"] = time.clone();
        let found = one(log(&[odd])).await;
        found.is_read(&["1"]);
        let row = found.event("1");
        assert_eq!((row.get("event_time"), row.get("event_date")), (None, None));
        assert_eq!(found.extra("1"), json!({"eventTime": time}));
    }
}

#[tokio::test]
async fn times_of_any_zone_and_precision_are_read() {
    let times = [
        ("2026-06-03T12:00:00Z", "2026-06-03T12:00:00Z", "2026-06-03"),
        (
            "2026-06-03T12:00:00.123456789Z",
            "2026-06-03T12:00:00.123456Z",
            "2026-06-03",
        ),
        (
            "2026-06-03T23:30:00-02:00",
            "2026-06-04T01:30:00Z",
            "2026-06-04",
        ),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z", "2016-12-31"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1970-01-01"),
        ("9999-12-30T00:00:00Z", "9999-12-30T00:00:00Z", "9999-12-30"),
    ];
    for (time, read, date) in times {
        let mut odd = record("1");
        odd["eventTime"] = json!(time);
        let found = one(log(&[odd])).await;
        found.is_read(&["1"]);
        let row = found.event("1");
        assert_eq!(
            (row["event_time"].as_str(), row["event_date"].as_str()),
            (read, date)
        );
    }
}

#[tokio::test]
async fn masked_account_ids_are_text() {
    let mut odd = record("1");
    odd["recipientAccountId"] = json!("***");
    odd["userIdentity"] =
        json!({"type": "IAMUser", "accountId": "XXXXXXXXXXXX", "accessKeyId": ""});
    let found = one(log(&[odd])).await;
    found.is_read(&["1"]);
    let row = found.event("1");
    assert_eq!(row["recipient_account_id"], "***");
    assert_eq!(row["user_identity_account_id"], "XXXXXXXXXXXX");
    assert_eq!(row["user_identity_access_key_id"], "");
}

#[tokio::test]
async fn ids_that_are_numbers_are_kept_and_the_records_told_apart() {
    let numbered = |id: u64| {
        let mut odd = record("-");
        odd["eventID"] = json!(id);
        odd["recipientAccountId"] = json!(111_122_223_333_u64);
        odd
    };
    let odd = one(log(&[numbered(1), numbered(2), numbered(1)])).await;
    odd.is_read(&["-", "-"]);
    assert_eq!(odd.found.summary.duplicates, 1);
}

#[tokio::test]
async fn empty_ids_do_not_make_records_the_same() {
    let mut other = record("");
    other["eventName"] = json!("PutObject");
    one(log(&[record(""), other])).await.is_read(&["", ""]);
}

#[tokio::test]
async fn names_and_versions_that_no_one_knows_are_kept() {
    let mut odd = record("1");
    odd["eventName"] = json!("Frobnicate\u{200b}'; drop table events; --");
    odd["eventVersion"] = json!("1.99");
    odd["eventSource"] = json!("new-service.amazonaws.com");
    odd["eventContext"] = json!({"tagContext": {}});
    let found = one(log(&[odd.clone()])).await;
    found.is_read(&["1"]);
    assert_eq!(
        found.event("1")["event_name"],
        odd["eventName"].as_str().unwrap()
    );
    assert_eq!(
        found.extra("1"),
        json!({"eventContext": {"tagContext": {}}})
    );
}
