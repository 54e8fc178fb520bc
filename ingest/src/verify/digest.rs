//! The content of a digest file in, what it says out.
//!
//! A digest says which log files were delivered in its time, with the SHA-256 of each, and which digest came before it, with
//! its SHA-256 and signature. The first of a chain has null in the place of all of that. Members that are not
//! known are left out.
//! Source: AWS `CloudTrail` User Guide, "`CloudTrail` digest file structure".
//!
//! It does not tell whether any of it is true; see [`chain`](super::chain).

use jiff::Timestamp;
use serde::Deserialize;

use super::hash::Hash;
use super::place::LONGEST_KEY;
use crate::decode::{self, Fault};

/// The reason of a file that is no digest.
pub(crate) const NOT_A_DIGEST: &str = "not_a_digest";

/// The one algorithm of hashes that there is.
const HASH_ALGORITHM: &str = "SHA-256";

/// What a digest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Digest {
    pub(crate) account_id: String,
    /// Where it was delivered.
    pub(crate) bucket: String,
    pub(crate) object: String,
    /// The delivery times that it covers.
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    /// `digestEndTime` as it is written, which is signed.
    pub(crate) end_text: String,
    /// Which key signed it.
    pub(crate) fingerprint: String,
    pub(crate) signature_algorithm: String,
    /// None in the first of a chain.
    pub(crate) previous: Option<Previous>,
    pub(crate) log_files: Vec<Listed>,
}

/// What a digest says of the one before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Previous {
    pub(crate) bucket: String,
    pub(crate) object: String,
    pub(crate) hash: Hash,
    /// In hexadecimal digits as they are written, which are signed.
    pub(crate) signature: String,
}

/// What a digest says of a log file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) object: String,
    pub(crate) hash: Hash,
}

/// A digest as it is written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    aws_account_id: String,
    digest_start_time: String,
    digest_end_time: String,
    digest_s3_bucket: String,
    digest_s3_object: String,
    digest_public_key_fingerprint: String,
    digest_signature_algorithm: String,
    previous_digest_s3_bucket: Option<String>,
    previous_digest_s3_object: Option<String>,
    previous_digest_hash_value: Option<String>,
    previous_digest_hash_algorithm: Option<String>,
    previous_digest_signature: Option<String>,
    log_files: Vec<WrittenLogFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WrittenLogFile {
    s3_object: String,
    hash_value: String,
    hash_algorithm: String,
}

impl Digest {
    /// What a digest file says whose unpacked content is given.
    ///
    /// # Errors
    /// A [`Fault`] that names the member at fault.
    pub(crate) fn parse(content: &[u8]) -> Result<Self, Fault> {
        let text = decode::text(content)?;
        let written: Written =
            serde_json::from_str(text).map_err(|error| fault(error.to_string()))?;
        Ok(Self {
            start: time("digestStartTime", &written.digest_start_time)?,
            end: time("digestEndTime", &written.digest_end_time)?,
            previous: previous(&written)?,
            log_files: written
                .log_files
                .iter()
                .map(listed)
                .collect::<Result<_, _>>()?,
            object: key("digestS3Object", &written.digest_s3_object)?,
            account_id: written.aws_account_id,
            bucket: written.digest_s3_bucket,
            end_text: written.digest_end_time,
            fingerprint: written.digest_public_key_fingerprint,
            signature_algorithm: written.digest_signature_algorithm,
        })
    }
}

/// What it says of the one before it: all of it, or nothing.
fn previous(written: &Written) -> Result<Option<Previous>, Fault> {
    let parts = (
        &written.previous_digest_s3_bucket,
        &written.previous_digest_s3_object,
        &written.previous_digest_hash_value,
        &written.previous_digest_signature,
    );
    match parts {
        (None, None, None, None) => Ok(None),
        (Some(bucket), Some(object), Some(digits), Some(signature)) => {
            let algorithm = written.previous_digest_hash_algorithm.as_deref();
            algorithm_is_known("previousDigestHashAlgorithm", algorithm)?;
            Ok(Some(Previous {
                bucket: bucket.clone(),
                object: key("previousDigestS3Object", object)?,
                hash: hash("previousDigestHashValue", digits)?,
                signature: signature.clone(),
            }))
        }
        _ => Err(fault(
            "some of previousDigestS3Bucket, previousDigestS3Object, previousDigestHashValue and \
             previousDigestSignature are there, and some are not",
        )),
    }
}

fn listed(written: &WrittenLogFile) -> Result<Listed, Fault> {
    algorithm_is_known("hashAlgorithm", Some(&written.hash_algorithm))?;
    Ok(Listed {
        object: key("s3Object", &written.s3_object)?,
        hash: hash("hashValue", &written.hash_value)?,
    })
}

fn time(member: &str, text: &str) -> Result<Timestamp, Fault> {
    text.parse()
        .map_err(|_| fault(format!("{member} is no time")))
}

fn hash(member: &str, digits: &str) -> Result<Hash, Fault> {
    Hash::parse(digits).ok_or_else(|| fault(format!("{member} is not 64 hexadecimal digits")))
}

fn key(member: &str, text: &str) -> Result<String, Fault> {
    if text.len() > LONGEST_KEY {
        return Err(fault(format!(
            "{member} is longer than {LONGEST_KEY} bytes"
        )));
    }
    Ok(text.to_owned())
}

fn algorithm_is_known(member: &str, algorithm: Option<&str>) -> Result<(), Fault> {
    if algorithm == Some(HASH_ALGORITHM) {
        return Ok(());
    }
    Err(fault(format!("{member} is not {HASH_ALGORITHM}")))
}

fn fault(detail: impl Into<String>) -> Fault {
    Fault::new(NOT_A_DIGEST, detail)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn written() -> Value {
        json!({
            "awsAccountId": "111122223333",
            "digestStartTime": "2026-09-20T09:01:31Z", "digestEndTime": "2026-09-20T10:01:31Z",
            "digestS3Bucket": "b", "digestS3Object": "AWSLogs/x",
            "digestPublicKeyFingerprint": "31e8b5433410dfb61a9dc45cc65b22ff",
            "digestSignatureAlgorithm": "SHA256withRSA",
            "newestEventTime": null, "oldestEventTime": null,
            "previousDigestS3Bucket": "b", "previousDigestS3Object": "AWSLogs/w",
            "previousDigestHashValue": "00".repeat(32), "previousDigestHashAlgorithm": "SHA-256",
            "previousDigestSignature": "50887ccf",
            "logFiles": [{
                "s3Bucket": "b", "s3Object": "AWSLogs/log", "hashValue": "ab".repeat(32),
                "hashAlgorithm": "SHA-256", "newestEventTime": "2026-09-20T09:52:27Z",
                "oldestEventTime": "2026-09-20T09:42:27Z",
            }],
        })
    }

    fn with(member: &str, value: Value) -> Result<Digest, Fault> {
        let mut written = written();
        written[member] = value;
        Digest::parse(written.to_string().as_bytes())
    }

    #[test]
    fn a_digest_says_what_stands_in_it_whatever_else_does() {
        let digest = with("somethingNew", json!({"a": [1, {}]})).unwrap();
        assert_eq!(digest.end.to_string(), "2026-09-20T10:01:31Z");
        assert_eq!(digest.previous.unwrap().object, "AWSLogs/w");
        assert_eq!(digest.log_files[0].hash, Hash([0xab; 32]));
    }

    #[test]
    fn the_first_of_a_chain_has_null_for_the_one_before() {
        let mut first = written();
        for member in [
            "S3Bucket",
            "S3Object",
            "HashValue",
            "HashAlgorithm",
            "Signature",
        ] {
            first[format!("previousDigest{member}")] = Value::Null;
        }
        first["logFiles"] = json!([]);
        let digest = Digest::parse(first.to_string().as_bytes()).unwrap();
        assert_eq!(digest.previous, None);
        assert!(digest.log_files.is_empty());
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (member, value, expected) in [
            ("digestEndTime", json!("yesterday"), "digestEndTime"),
            ("digestS3Object", json!(7), "invalid type"),
            ("digestS3Object", json!("k".repeat(2000)), "digestS3Object"),
            (
                "previousDigestHashValue",
                json!("00"),
                "previousDigestHashValue",
            ),
            (
                "previousDigestHashAlgorithm",
                json!("MD5"),
                "previousDigestHashAlgorithm",
            ),
            ("previousDigestSignature", Value::Null, "some are not"),
            ("logFiles", Value::Null, "invalid type"),
            (
                "logFiles",
                json!([{"s3Object": "x", "hashValue": "", "hashAlgorithm": "SHA-256"}]),
                "hashValue",
            ),
            (
                "logFiles",
                json!([{"s3Object": "x", "hashValue": "", "hashAlgorithm": "MD5"}]),
                "hashAlgorithm",
            ),
        ] {
            let fault = with(member, value).unwrap_err();
            assert_eq!(fault.reason, NOT_A_DIGEST);
            assert!(fault.detail.contains(expected), "{}", fault.detail);
        }
        assert_eq!(Digest::parse(b"\xff").unwrap_err().reason, "not_utf8");
        assert!(Digest::parse(br#"{"Records":[]}"#).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_digest_or_a_fault(bytes: Vec<u8>) {
            let _ = Digest::parse(&bytes);
        }
    }
}
