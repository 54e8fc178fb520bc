//! Delivers log files and digests as `CloudTrail` does, signed by a key of its own.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::verify::hash::Hash;
use crate::verify::keys::PublicKeys;

/// The keys of a region, and of somebody else.
static KEY: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(KeySize::Rsa2048).unwrap());
static OTHER_KEY: LazyLock<KeyPair> =
    LazyLock::new(|| KeyPair::generate(KeySize::Rsa2048).unwrap());

pub(super) const FINGERPRINT: &str = "31e8b5433410dfb61a9dc45cc65b22ff";
const ACCOUNT: &str = "111122223333";
const REGION: &str = "eu-west-1";
const BUCKET: &str = "the-bucket";

/// The region's public key.
pub(super) fn keys() -> PublicKeys {
    keys_of(&KEY)
}

/// Somebody else's public key, under the same fingerprint.
pub(super) fn wrong_keys() -> PublicKeys {
    keys_of(&OTHER_KEY)
}

fn keys_of(pair: &KeyPair) -> PublicKeys {
    let mut keys = PublicKeys::default();
    keys.add(FINGERPRINT, pair.public_key().as_ref().to_vec());
    keys
}

/// The region's public key as the AWS CLI prints it.
pub(super) fn keys_file() -> String {
    let value = base64(KEY.public_key().as_ref());
    json!({"PublicKeyList": [{"Value": value, "ValidityStartTime": "2026-01-01T00:00:00+00:00",
        "ValidityEndTime": "2027-01-01T00:00:00+00:00", "Fingerprint": FINGERPRINT}]})
    .to_string()
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, at| {
            bits << 8 | u32::from(chunk.get(at).copied().unwrap_or_default())
        });
        for at in 0..4 {
            text.push(if at <= chunk.len() {
                char::from(LETTERS[(bits >> (18 - 6 * at) & 63) as usize])
            } else {
                '='
            });
        }
    }
    text
}

/// A trail that delivers into a directory.
pub(super) struct Forge {
    directory: tempfile::TempDir,
    trail: &'static str,
    clock: Timestamp,
    /// Bucket key, hash and signature of the digest before.
    previous: Option<(String, Hash, String)>,
    previous_backfill: Option<(String, Hash, String)>,
    /// Whether signatures are kept beside the digests.
    pub(super) metadata: bool,
}

impl Forge {
    /// A trail that begins at midnight.
    pub(super) fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
            trail: "all",
            clock: "2026-09-20T00:00:00Z".parse().unwrap(),
            previous: None,
            previous_backfill: None,
            metadata: true,
        }
    }

    pub(super) fn root(&self) -> &Path {
        self.directory.path()
    }

    pub(super) fn path(&self, key: &str) -> PathBuf {
        self.root().join(key)
    }

    /// An hour passes in which these log files are delivered, and the digest comes. Gives the digest's key and theirs.
    pub(super) fn hour(&mut self, contents: &[&str]) -> (String, Vec<String>) {
        let logs = self.logs(contents);
        let start = self.clock;
        self.clock += SignedDuration::from_hours(1);
        let listed: Vec<(String, Hash)> = logs.iter().map(|log| self.listed(log)).collect();
        let before = self.previous.take();
        let (key, digest) = self.digest(start, self.clock, &listed, before, "");
        self.previous = Some(digest);
        (key, logs)
    }

    /// Log files that are delivered, and that the digest of the hour will not list.
    pub(super) fn logs(&self, contents: &[&str]) -> Vec<String> {
        let put = |(at, content): (usize, &&str)| {
            let minutes = i64::try_from(at).unwrap() % 6 * 10 + 5;
            let time = self.clock + SignedDuration::from_mins(minutes);
            let key = format!(
                "AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/{}/{ACCOUNT}_CloudTrail_{REGION}_{}_{at:016}.json.gz",
                time.strftime("%Y/%m/%d"),
                time.strftime("%Y%m%dT%H%MZ"),
            );
            self.put(&key, content.as_bytes());
            key
        };
        contents.iter().enumerate().map(put).collect()
    }

    /// A digest that lists log files which an earlier one missed.
    pub(super) fn backfill(&mut self, logs: &[String]) -> String {
        let listed: Vec<(String, Hash)> = logs.iter().map(|log| self.listed(log)).collect();
        let before = self.previous_backfill.take();
        let start = self.clock - SignedDuration::from_hours(1);
        let (key, digest) = self.digest(start, self.clock, &listed, before, "_backfill");
        self.previous_backfill = Some(digest);
        key
    }

    /// Logging is stopped for some hours; the next digest begins anew.
    pub(super) fn stop(&mut self, hours: i64) {
        self.clock += SignedDuration::from_hours(hours);
        self.previous = None;
    }

    fn listed(&self, key: &str) -> (String, Hash) {
        (key.to_owned(), hash(&self.content(key)))
    }

    fn digest(
        &self,
        start: Timestamp,
        end: Timestamp,
        logs: &[(String, Hash)],
        before: Option<(String, Hash, String)>,
        suffix: &str,
    ) -> (String, (String, Hash, String)) {
        let key = format!(
            "AWSLogs/{ACCOUNT}/CloudTrail-Digest/{REGION}/{}/{ACCOUNT}_CloudTrail-Digest_{REGION}_{}_{REGION}_{}{suffix}.json.gz",
            end.strftime("%Y/%m/%d"),
            self.trail,
            end.strftime("%Y%m%dT%H%M%SZ"),
        );
        let log_files: Vec<Value> = logs
            .iter()
            .map(|(log, hash)| {
                json!({"s3Bucket": BUCKET, "s3Object": log, "hashValue": hash.to_string(),
                    "hashAlgorithm": "SHA-256", "newestEventTime": start.to_string(), "oldestEventTime": start.to_string()})
            })
            .collect();
        let (object, digits, signature) = match &before {
            Some((key, hash, signature)) => (json!(key), json!(hash.to_string()), json!(signature)),
            None => (Value::Null, Value::Null, Value::Null),
        };
        let content = json!({
            "awsAccountId": ACCOUNT, "digestStartTime": start.to_string(), "digestEndTime": end.to_string(),
            "digestS3Bucket": BUCKET, "digestS3Object": key, "digestPublicKeyFingerprint": FINGERPRINT,
            "digestSignatureAlgorithm": "SHA256withRSA", "newestEventTime": null, "oldestEventTime": null,
            "previousDigestS3Bucket": before.as_ref().map(|_| BUCKET), "previousDigestS3Object": object,
            "previousDigestHashValue": digits,
            "previousDigestHashAlgorithm": before.as_ref().map(|_| "SHA-256"),
            "previousDigestSignature": signature, "logFiles": log_files,
        })
        .to_string();
        let own = hash(content.as_bytes());
        let before = before.map_or("null".to_owned(), |(_, _, signature)| signature);
        let message = format!("{end}\n{BUCKET}/{key}\n{own}\n{before}");
        let signature = sign(&message);
        self.put(&key, content.as_bytes());
        if self.metadata {
            let metadata = json!({"signature": signature, "signature-algorithm": "SHA256withRSA"});
            let path = self.path(&format!("{key}.metadata.json"));
            std::fs::write(path, metadata.to_string()).unwrap();
        }
        (key.clone(), (key, own, signature))
    }

    /// Puts an object with that content, packed.
    pub(super) fn put(&self, key: &str, content: &[u8]) {
        self.put_bytes(key, &gz(content));
    }

    /// Puts an object of these bytes.
    pub(super) fn put_bytes(&self, key: &str, bytes: &[u8]) {
        let path = self.path(key);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    pub(super) fn remove(&self, key: &str) {
        std::fs::remove_file(self.path(key)).unwrap();
    }

    /// The unpacked content of an object.
    pub(super) fn content(&self, key: &str) -> Vec<u8> {
        let bytes = std::fs::read(self.path(key)).unwrap();
        let mut room = Vec::new();
        let unpacked = crate::decode::unpack(&bytes, 1 << 20, &mut room);
        assert_eq!(unpacked.fault, None);
        unpacked.bytes.into_owned()
    }
}

pub(super) fn gz(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn hash(content: &[u8]) -> Hash {
    Hash(Sha256::digest(content).into())
}

fn sign(message: &str) -> String {
    let mut signature = vec![0; KEY.public_modulus_len()];
    KEY.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        message.as_bytes(),
        &mut signature,
    )
    .unwrap();
    let mut digits = String::new();
    for byte in signature {
        write!(digits, "{byte:02x}").unwrap();
    }
    digits
}
