//! Amazon S3: object-level calls (data events) and bucket calls (management events).
//!
//! Source: Amazon S3 User Guide, "Example: Amazon S3 log file entries". The user agent of S3
//! records stands in brackets and the request id has sixteen characters; `record` sees to that.

use serde_json::{Value, json};

use crate::call::{Call, Reason};
use crate::draw::Draw;
use crate::events::kms;

const SOURCE: &str = "s3.amazonaws.com";

/// `GetObject`.
pub(crate) fn get_object(draw: &mut Draw<'_>, bucket: &str, key: &str) -> Call {
    object(draw, "GetObject", "s3:GetObject", bucket, key)
}

/// `HeadObject`, which needs `s3:GetObject`.
pub(crate) fn head_object(draw: &mut Draw<'_>, bucket: &str, key: &str) -> Call {
    object(draw, "HeadObject", "s3:GetObject", bucket, key)
}

/// `PutObjectTagging`.
pub(crate) fn put_object_tagging(draw: &mut Draw<'_>, bucket: &str, key: &str) -> Call {
    let call = object(draw, "PutObjectTagging", "s3:PutObjectTagging", bucket, key);
    changing(with_parameter(call, "tagging", ""))
}

/// `DeleteObject`.
pub(crate) fn delete_object(draw: &mut Draw<'_>, bucket: &str, key: &str) -> Call {
    changing(object(draw, "DeleteObject", "s3:DeleteObject", bucket, key))
}

/// `PutObject` without encryption settings.
pub(crate) fn put_object(draw: &mut Draw<'_>, bucket: &str, key: &str) -> Call {
    let call = changing(object(draw, "PutObject", "s3:PutObject", bucket, key));
    call.answering(json!({"x-amz-server-side-encryption": "AES256"}))
}

/// `PutObject` with SSE-KMS: S3 asks KMS for a data key with the caller's credentials.
pub(crate) fn put_object_encrypted(
    draw: &mut Draw<'_>,
    bucket: &str,
    key: &str,
    kms_key: &str,
) -> Call {
    let call = changing(object(draw, "PutObject", "s3:PutObject", bucket, key));
    let call = with_parameter(call, "x-amz-server-side-encryption", "aws:kms");
    let data_key = kms::generate_data_key(draw, kms_key, &format!("arn:aws:s3:::{bucket}/{key}"));
    call.answering(json!({
        "x-amz-server-side-encryption": "aws:kms",
        "x-amz-server-side-encryption-aws-kms-key-id": kms_key,
    }))
    .causing(data_key)
}

/// `CopyObject`, which reads the source and writes the target.
pub(crate) fn copy_object(draw: &mut Draw<'_>, bucket: &str, from: &str, to: &str) -> Call {
    let call =
        changing(object(draw, "CopyObject", "s3:PutObject", bucket, to)).also(&["s3:GetObject"]);
    let call = call.perhaps(&[
        "s3:GetObjectTagging",
        "s3:PutObjectTagging",
        "s3:GetObjectVersion",
    ]);
    with_parameter(call, "x-amz-copy-source", &format!("{bucket}/{from}"))
}

/// `ListObjectsV2` under the name that current records carry.
pub(crate) fn list_objects_v2(draw: &mut Draw<'_>, bucket: &str, prefix: &str) -> Call {
    listing(draw, "ListObjectsV2", bucket, prefix)
}

/// `ListObjects`, as S3 records a listing with `list-type` 2 as well.
pub(crate) fn list_objects(draw: &mut Draw<'_>, bucket: &str, prefix: &str) -> Call {
    listing(draw, "ListObjects", bucket, prefix)
}

/// `ListBuckets`.
pub(crate) fn list_buckets(draw: &mut Draw<'_>) -> Call {
    let host = format!("s3.{}.amazonaws.com", draw.region);
    Call::read(SOURCE, "ListBuckets", "s3:ListAllMyBuckets")
        .asking(json!({"Host": host}))
        .adding(additional(0, draw.number(400, 2_000)))
}

/// A call on a bucket that is a management event, such as `GetBucketLocation`.
pub(crate) fn bucket(
    draw: &mut Draw<'_>,
    name: &'static str,
    action: &'static str,
    bucket: &str,
    flag: Option<&str>,
) -> Call {
    let mut call = Call::read(SOURCE, name, action)
        .asking(json!({"bucketName": bucket, "Host": host(draw, bucket)}))
        .adding(additional(0, draw.number(100, 400)))
        .on(json!([{"accountId": draw.account, "type": "AWS::S3::Bucket", "ARN": format!("arn:aws:s3:::{bucket}")}]));
    call.read_only = name.starts_with("Get");
    if let Some(flag) = flag {
        call = with_parameter(call, flag, "");
    }
    call.at_host(&format!("{bucket}.s3"))
}

/// S3 does not say which action was denied.
pub(crate) fn refused(call: Call) -> Call {
    call.denied("", Reason::Unsaid)
}

/// The object is not there; the call was authorized.
pub(crate) fn missing(call: Call) -> Call {
    call.failing("NoSuchKey", "The specified key does not exist.")
}

fn object(
    draw: &mut Draw<'_>,
    name: &'static str,
    action: &'static str,
    bucket: &str,
    key: &str,
) -> Call {
    Call::read(SOURCE, name, action)
        .data()
        .at_host(&format!("{bucket}.s3"))
        .asking(json!({"bucketName": bucket, "Host": host(draw, bucket), "key": key}))
        .adding(additional(0, draw.number(1, 60) * 1_024))
        .on(json!([
            {"type": "AWS::S3::Object", "ARN": format!("arn:aws:s3:::{bucket}/{key}")},
            bucket_resource(draw.account, bucket),
        ]))
}

fn listing(draw: &mut Draw<'_>, name: &'static str, bucket: &str, prefix: &str) -> Call {
    Call::read(SOURCE, name, "s3:ListBucket")
        .data()
        .at_host(&format!("{bucket}.s3"))
        .asking(json!({
            "list-type": "2", "bucketName": bucket, "encoding-type": "url", "prefix": prefix,
            "Host": host(draw, bucket),
        }))
        .adding(additional(0, draw.number(1, 9) * 512))
        .on(json!([
            {"type": "AWS::S3::Object", "ARNPrefix": format!("arn:aws:s3:::{bucket}/")},
            bucket_resource(draw.account, bucket),
        ]))
}

fn bucket_resource(account: &str, bucket: &str) -> Value {
    json!({"accountId": account, "type": "AWS::S3::Bucket", "ARN": format!("arn:aws:s3:::{bucket}")})
}

fn host(draw: &Draw<'_>, bucket: &str) -> String {
    format!("{bucket}.s3.{}.amazonaws.com", draw.region)
}

fn additional(bytes_in: i64, bytes_out: i64) -> Value {
    json!({
        "SignatureVersion": "SigV4",
        "CipherSuite": "TLS_AES_128_GCM_SHA256",
        "bytesTransferredIn": bytes_in,
        "AuthenticationMethod": "AuthHeader",
        "x-amz-id-2": "",
        "bytesTransferredOut": bytes_out,
    })
}

fn changing(mut call: Call) -> Call {
    call.read_only = false;
    // What an upload moves, it moves inwards.
    let moved = call
        .additional
        .as_ref()
        .and_then(|value| value.get("bytesTransferredOut"))
        .and_then(Value::as_i64);
    call.additional = Some(additional(
        if call.name == "PutObject" {
            moved.unwrap_or_default()
        } else {
            0
        },
        0,
    ));
    call
}

fn with_parameter(mut call: Call, name: &str, value: &str) -> Call {
    if let Some(parameters) = call.parameters.as_object_mut() {
        parameters.insert(name.to_owned(), json!(value));
    }
    call
}
