//! AWS Secrets Manager.
//!
//! Source: AWS Secrets Manager User Guide, "Log AWS Secrets Manager events with AWS CloudTrail".

use serde_json::json;

use crate::call::{Call, Reason};
use crate::draw::Draw;
use crate::events::kms;

const SOURCE: &str = "secretsmanager.amazonaws.com";

/// `GetSecretValue` of a secret under a customer key: Secrets Manager decrypts for the caller.
pub(crate) fn get_secret_value(draw: &Draw<'_>, secret: &str, key: Option<&str>) -> Call {
    let arn = secret_arn(draw, secret);
    let call = Call::read(SOURCE, "GetSecretValue", "secretsmanager:GetSecretValue")
        .asking(json!({"secretId": arn}));
    match key {
        Some(key) => call.causing(kms::decrypt_for(draw, SOURCE, key, &arn)),
        None => call,
    }
}

/// `DescribeSecret`.
pub(crate) fn describe_secret(draw: &Draw<'_>, secret: &str) -> Call {
    Call::read(SOURCE, "DescribeSecret", "secretsmanager:DescribeSecret")
        .asking(json!({"secretId": secret_arn(draw, secret)}))
}

/// `ListSecrets`.
pub(crate) fn list_secrets() -> Call {
    Call::read(SOURCE, "ListSecrets", "secretsmanager:ListSecrets")
        .asking(json!({"maxResults": 100}))
}

/// `GetSecretValue` under an explicit deny.
pub(crate) fn refused_secret_value(draw: &Draw<'_>, secret: &str) -> Call {
    let arn = secret_arn(draw, secret);
    get_secret_value(draw, secret, None).denied(&arn, Reason::IdentityPolicyDeny)
}

fn secret_arn(draw: &Draw<'_>, secret: &str) -> String {
    format!(
        "arn:aws:secretsmanager:{}:{}:secret:{secret}",
        draw.region, draw.account
    )
}
