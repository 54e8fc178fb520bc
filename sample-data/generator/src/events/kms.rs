//! AWS KMS: cryptographic operations, mostly made by other services for the caller.
//!
//! Source: AWS KMS Developer Guide, "Logging AWS KMS API calls with AWS CloudTrail". All of them
//! are read-only events.

use serde_json::json;

use crate::call::Call;
use crate::draw::Draw;

const SOURCE: &str = "kms.amazonaws.com";

/// `GenerateDataKey` by S3 for a caller who uploads an object.
pub(crate) fn generate_data_key(draw: &Draw<'_>, key: &str, object: &str) -> Call {
    on_key(
        draw,
        Call::read(SOURCE, "GenerateDataKey", "kms:GenerateDataKey"),
        key,
    )
    .asking(json!({
        "encryptionContext": {"aws:s3:arn": object}, "keyId": key, "keySpec": "AES_256",
    }))
    .via("AWS Internal")
}

/// `Decrypt` by a service for its caller, such as Secrets Manager for `GetSecretValue`.
pub(crate) fn decrypt_for(
    draw: &Draw<'_>,
    service: &'static str,
    key: &str,
    context: &str,
) -> Call {
    on_key(draw, Call::read(SOURCE, "Decrypt", "kms:Decrypt"), key)
        .asking(json!({
            "encryptionContext": {"SecretARN": context}, "encryptionAlgorithm": "SYMMETRIC_DEFAULT",
        }))
        .via(service)
}

/// `Decrypt` by the caller itself.
pub(crate) fn decrypt(draw: &Draw<'_>, key: &str) -> Call {
    on_key(draw, Call::read(SOURCE, "Decrypt", "kms:Decrypt"), key)
        .asking(json!({"keyId": key, "encryptionAlgorithm": "SYMMETRIC_DEFAULT"}))
}

/// `RotateKey`, which KMS does by itself: a service event.
pub(crate) fn rotate_key(draw: &Draw<'_>, key: &str) -> Call {
    let id = key.rsplit('/').next().unwrap_or(key);
    let mut call = on_key(
        draw,
        Call::write(SOURCE, "RotateKey", "").without_action(),
        key,
    );
    call.service_event = Some(json!({"keyId": id, "rotationType": "AUTOMATIC"}));
    call
}

fn on_key(draw: &Draw<'_>, call: Call, key: &str) -> Call {
    call.on(json!([{"accountId": draw.account, "type": "AWS::KMS::Key", "ARN": key}]))
}
