//! The signature of a digest: what is signed, and whether a key says so.
//!
//! Signed are four lines: the time that the digest covers up to, its bucket and key, the SHA-256 of its content, and
//! the signature of the digest before it, all as they are written; the first of a chain has the word `null` there. The
//! signature is RSA PKCS #1 v1.5 with SHA-256, in hexadecimal digits.
//! Sources: AWS `CloudTrail` User Guide, "Custom implementations of `CloudTrail` log file integrity validation"; the word
//! `null`: `aws cloudtrail validate-logs` of the AWS CLI.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

use super::digest::Digest;
use super::hash::{Hash, hex};

/// The one algorithm of signatures that there is.
pub(crate) const ALGORITHM: &str = "SHA256withRSA";

/// What stands in the place of a signature where no digest comes before.
const NO_PREVIOUS: &str = "null";

/// What the signature of a digest is made over, whose content has this hash.
pub(crate) fn string_to_sign(digest: &Digest, content: Hash) -> String {
    let previous = digest
        .previous
        .as_ref()
        .map_or(NO_PREVIOUS, |previous| &previous.signature);
    format!(
        "{}\n{}/{}\n{content}\n{previous}",
        digest.end_text, digest.bucket, digest.object
    )
}

/// Whether the holder of the key (PKCS #1, DER) signed the message. A key or signature that is none has signed nothing.
pub(crate) fn is_signed(public_key: &[u8], message: &str, signature: &str) -> bool {
    hex(signature).is_some_and(|signature| {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public_key)
            .verify(message.as_bytes(), &signature)
            .is_ok()
    })
}
