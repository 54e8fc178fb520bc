//! An event of OCSF, as Security Lake keeps it, in; the record of `CloudTrail` that it was made from out.
//!
//! Each field that the mapping names goes back to where it was, and so does what the mapping keeps in `unmapped` by the
//! path that it had. A field that the event does not have stays absent. The rest of the event stands in the record as
//! `ocsf`, by which such a record is told from an original: its parameters may have been shortened or left out on the way, so that
//! their absence proves nothing.
//! Sources: OCSF examples, "Amazon CloudTrail Generic API Activity" and its siblings, versions 1.0.0-rc.2, 1.1.0 and 1.5.0;
//! Amazon Security Lake User Guide, "CloudTrail event logs in Security Lake".

use jiff::Timestamp;
use serde_json::{Map, Value};

/// The classes that events of `CloudTrail` are mapped to: API Activity, Authentication, Account Change.
const CLASSES: [u64; 3] = [6003, 3002, 3001];

/// Where the text of a field comes from, and where it goes.
const TEXTS: [(&str, &str); 32] = [
    ("metadata.uid", "eventID"),
    ("metadata.product.version", "eventVersion"),
    ("metadata.event_code", "eventType"),
    ("metadata.product.feature.name", "eventCategory"),
    ("api.operation", "eventName"),
    ("api.service.name", "eventSource"),
    ("api.version", "apiVersion"),
    ("api.request.uid", "requestID"),
    ("api.response.error", "errorCode"),
    ("api.response.message", "errorMessage"),
    ("cloud.region", "awsRegion"),
    ("cloud.account.uid", "recipientAccountId"),
    ("cloud.account_uid", "recipientAccountId"),
    ("http_request.user_agent", "userAgent"),
    ("src_endpoint.ip", "sourceIPAddress"),
    ("src_endpoint.domain", "sourceIPAddress"),
    ("src_endpoint.uid", "vpcEndpointId"),
    ("actor.invoked_by", "userIdentity.invokedBy"),
    ("actor.user.type", "userIdentity.type"),
    ("actor.user.name", "userIdentity.userName"),
    ("actor.user.uuid", "userIdentity.arn"),
    ("actor.user.uid_alt", "userIdentity.principalId"),
    ("actor.user.account.uid", "userIdentity.accountId"),
    ("actor.user.account_uid", "userIdentity.accountId"),
    ("actor.idp.name", "userIdentity.identityProvider"),
    ("actor.idp.uid", "userIdentity.onBehalfOf.identityStoreArn"),
    (
        "actor.session.issuer",
        "userIdentity.sessionContext.sessionIssuer.arn",
    ),
    (
        "actor.session.is_mfa",
        "userIdentity.sessionContext.attributes.mfaAuthenticated",
    ),
    (
        "actor.session.mfa",
        "userIdentity.sessionContext.attributes.mfaAuthenticated",
    ),
    ("unmapped.recipientAccountId", "recipientAccountId"),
    ("unmapped.eventCategory", "eventCategory"),
    ("unmapped.eventType", "eventType"),
];

/// The record of an event; none if the event is not one of `CloudTrail`'s.
pub(super) fn record(text: &str) -> Option<String> {
    let mut event: Value = serde_json::from_str(text).ok()?;
    let class = at(&event, "class_uid")?.as_u64()?;
    let product = at(&event, "metadata.product.name")?.as_str()?;
    if !CLASSES.contains(&class) || !product.contains("CloudTrail") {
        return None;
    }
    let mut record = Map::new();
    times(&mut event, &mut record);
    user(&mut event, &mut record);
    for (from, to) in TEXTS {
        take(&mut event, &mut record, from, to, Some);
    }
    let parsed = |value: Value| match value.as_str().map(serde_json::from_str) {
        Some(Ok(parsed)) => Some(parsed),
        _ => Some(value),
    };
    take(
        &mut event,
        &mut record,
        "api.request.data",
        "requestParameters",
        parsed,
    );
    take(
        &mut event,
        &mut record,
        "api.response.data",
        "responseElements",
        parsed,
    );
    take(&mut event, &mut record, "resources", "resources", resources);
    unmapped(&event, &mut record);
    record.insert("ocsf".to_owned(), event);
    Some(Value::Object(record).to_string())
}

fn times(event: &mut Value, record: &mut Map<String, Value>) {
    const CREATED: &str = "userIdentity.sessionContext.attributes.creationDate";
    take(event, record, "time", "eventTime", time);
    take(event, record, "time_dt", "eventTime", time);
    take(
        event,
        record,
        "actor.session.created_time_dt",
        CREATED,
        time,
    );
    take(event, record, "actor.session.created_time", CREATED, time);
}

/// What has moved from one version of OCSF to the next: `uid` was the principal's id, and is its ARN.
fn user(event: &mut Value, record: &mut Map<String, Value>) {
    let arn = at(event, "actor.user.uid")
        .and_then(Value::as_str)
        .is_some_and(|uid| uid.starts_with("arn:"));
    let uid = if arn {
        "userIdentity.arn"
    } else {
        "userIdentity.principalId"
    };
    take(event, record, "actor.user.uid", uid, Some);
    let access_key = at(event, "actor.user.credential_uid")
        .and_then(Value::as_str)
        .is_some_and(|id| id.starts_with("AKIA") || id.starts_with("ASIA"));
    let credential = if access_key {
        "userIdentity.accessKeyId"
    } else {
        "userIdentity.credentialId"
    };
    take(event, record, "actor.user.credential_uid", credential, Some);
}

/// What the mapping has no place for, by the paths that it had; all values are text there.
fn unmapped(event: &Value, record: &mut Map<String, Value>) {
    let entries = event.get("unmapped").and_then(Value::as_object);
    for (path, value) in entries.into_iter().flatten() {
        if !is_blank(value) {
            set(record, path, value.clone());
        }
    }
}

/// A time as `CloudTrail` writes it, from milliseconds since 1970 or from text, which may lack its zone.
fn time(value: Value) -> Option<Value> {
    let time = match value {
        Value::Number(milliseconds) => Timestamp::from_millisecond(milliseconds.as_i64()?).ok()?,
        Value::String(text) => text.parse().or_else(|_| format!("{text}Z").parse()).ok()?,
        _ => return None,
    };
    Some(Value::String(time.to_string()))
}

fn resources(value: Value) -> Option<Value> {
    let Value::Array(list) = value else {
        return None;
    };
    let resource = |mut event: Value| {
        let mut resource = Map::new();
        take(&mut event, &mut resource, "uid", "ARN", Some);
        take(&mut event, &mut resource, "type", "type", Some);
        take(
            &mut event,
            &mut resource,
            "owner.account.uid",
            "accountId",
            Some,
        );
        take(&mut event, &mut resource, "account_uid", "accountId", Some);
        Value::Object(resource)
    };
    Some(Value::Array(list.into_iter().map(resource).collect()))
}

/// The value at a path of keys with dots between them.
fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |value, key| value.get(key))
}

/// Moves a value from the event to the record, unless the record has one there.
fn take(
    event: &mut Value,
    record: &mut Map<String, Value>,
    from: &str,
    to: &str,
    convert: impl Fn(Value) -> Option<Value>,
) {
    let (parent, key) = from.rsplit_once('.').unwrap_or(("", from));
    let parent = if parent.is_empty() {
        Some(event)
    } else {
        parent
            .split('.')
            .try_fold(event, |value, key| value.get_mut(key))
    };
    let Some(parent) = parent.and_then(Value::as_object_mut) else {
        return;
    };
    let converted = parent
        .get(key)
        .filter(|value| !is_blank(value))
        .and_then(|value| convert(value.clone()));
    if let Some(value) = converted
        && set(record, to, value)
    {
        parent.shift_remove(key);
    }
}

/// Puts a value at a path, unless there is one; false if so.
fn set(record: &mut Map<String, Value>, path: &str, value: Value) -> bool {
    match path.split_once('.') {
        None if record.contains_key(path) => false,
        None => {
            record.insert(path.to_owned(), value);
            true
        }
        Some((key, rest)) => {
            let inner = record
                .entry(key)
                .or_insert_with(|| Value::Object(Map::new()));
            inner
                .as_object_mut()
                .is_some_and(|inner| set(inner, rest, value))
        }
    }
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn made(event: &Value) -> Value {
        serde_json::from_str(&record(&event.to_string()).unwrap()).unwrap()
    }

    #[test]
    fn each_field_goes_back_to_where_it_was() {
        let found = made(&json!({
            "class_uid": 6003, "time": 1_752_850_959_000_i64, "time_dt": "2025-07-18T15:02:39.000-04:00",
            "metadata": {"product": {"name": "CloudTrail", "version": "1.11", "feature": {"name": "Management"}}, "uid": "e-1", "event_code": "AwsApiCall"},
            "actor": {"session": {"created_time_dt": "2025-07-18T14:56:35", "is_mfa": false, "issuer": "arn:aws:iam::112233445566:role/Admin"},
                "user": {"account": {"uid": "112233445566"}, "credential_uid": "ASIA1", "type": "AssumedRole",
                    "uid": "arn:aws:sts::112233445566:assumed-role/Admin/s", "uid_alt": "AROA1:s"}},
            "api": {"operation": "PutObject", "request": {"data": "{\"bucketName\":\"b\"}", "uid": "r-1"}, "response": {"data": "", "error": "AccessDenied"},
                "service": {"name": "s3.amazonaws.com"}},
            "cloud": {"account": {"uid": "112233445566"}, "provider": "AWS", "region": "us-east-2"},
            "resources": [{"uid": "arn:aws:s3:::b", "type": "AWS::S3::Bucket", "owner": {"account": {"uid": "112233445566"}}}],
            "unmapped": {"readOnly": "false", "resources": "", "userIdentity.sessionContext.sessionIssuer.principalId": "AROA1"},
        }));
        let expected = json!({
            "eventTime": "2025-07-18T15:02:39Z", "eventID": "e-1", "eventVersion": "1.11", "eventType": "AwsApiCall",
            "eventCategory": "Management", "eventName": "PutObject", "eventSource": "s3.amazonaws.com", "requestID": "r-1",
            "errorCode": "AccessDenied", "awsRegion": "us-east-2", "recipientAccountId": "112233445566",
            "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::112233445566:assumed-role/Admin/s", "principalId": "AROA1:s",
                "accountId": "112233445566", "accessKeyId": "ASIA1",
                "sessionContext": {"attributes": {"creationDate": "2025-07-18T14:56:35Z", "mfaAuthenticated": false},
                    "sessionIssuer": {"arn": "arn:aws:iam::112233445566:role/Admin", "principalId": "AROA1"}}},
            "requestParameters": {"bucketName": "b"}, "readOnly": "false",
            "resources": [{"ARN": "arn:aws:s3:::b", "type": "AWS::S3::Bucket", "accountId": "112233445566"}],
        });
        let mut without_rest = found.clone();
        without_rest.as_object_mut().unwrap().shift_remove("ocsf");
        assert_eq!(without_rest, expected);
        assert_eq!(found["ocsf"]["class_uid"], 6003);
        assert_eq!(found["ocsf"]["unmapped"]["readOnly"], "false");
    }

    #[test]
    fn the_first_version_had_the_ids_elsewhere() {
        let found = made(&json!({
            "class_uid": 3001, "metadata": {"product": {"name": "CloudTrail"}},
            "actor": {"user": {"uid": "AIDA1", "uuid": "arn:aws:iam::1:user/u", "account_uid": "1"}, "session": {"created_time": 1_000, "mfa": true}},
        }));
        assert_eq!(
            found["userIdentity"],
            json!({"principalId": "AIDA1", "arn": "arn:aws:iam::1:user/u", "accountId": "1",
                "sessionContext": {"attributes": {"creationDate": "1970-01-01T00:00:01Z", "mfaAuthenticated": true}}})
        );
    }

    #[test]
    fn events_of_other_products_and_classes_are_none_of_cloudtrail() {
        let event = |class: u64, product: &str| {
            json!({"class_uid": class, "metadata": {"product": {"name": product}}}).to_string()
        };
        assert!(record(&event(6003, "CloudTrail")).is_some());
        assert!(record(&event(4001, "CloudTrail")).is_none());
        assert!(record(&event(6003, "Amazon EKS")).is_none());
        assert!(record("{\"class_uid\":6003}").is_none());
        assert!(record(&format!("{{\"class_uid\":{}", "[".repeat(100_000))).is_none());
    }
}
