//! What a verification found, in numbers, and the first objects that somebody must look at.

use std::collections::BTreeSet;

use serde::Serialize;

use super::verdict::{Kind, Status};

/// Objects that a summary names. Chosen: as many as a screen shows; the table has all.
pub const NAMED_OBJECTS: usize = 20;

/// What a verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct VerifySummary {
    /// What is said of digests.
    pub digests: VerdictCounts,
    /// What is said of log files.
    pub log_files: VerdictCounts,
    /// Times that no digest covers, between two of the same trail.
    pub gaps: u64,
    /// Verdicts that are new or differ from the newest in the lake.
    pub verdicts_written: u64,
    /// The first objects by key that are modified, missing, unlisted or whose signature is invalid.
    pub named: BTreeSet<NamedObject>,
    /// Why public keys are missing.
    pub problems: Vec<String>,
}

/// How many objects have which status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct VerdictCounts {
    /// What `CloudTrail` signed.
    pub verified: u64,
    /// What a digest says whose signature is not at hand.
    pub hash_matches_unsigned: u64,
    /// Not what `CloudTrail` delivered.
    pub modified: u64,
    /// Delivered, and not there.
    pub missing: u64,
    /// Digests that the holder of their key did not sign.
    pub invalid_signature: u64,
    /// Log files of a covered time that no digest lists.
    pub unlisted: u64,
    /// Of which nothing can be said.
    pub unverifiable: u64,
}

/// An object that somebody must look at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NamedObject {
    /// Its key, relative to its source.
    pub object_key: String,
    /// `modified`, `missing`, `invalid_signature` or `unlisted`.
    pub status: &'static str,
    /// What exactly, where that is known.
    pub reason: Option<&'static str>,
}

impl VerifySummary {
    /// Whether something was changed or taken away: modified, missing, or of an invalid signature.
    #[must_use]
    pub fn is_tampered(&self) -> bool {
        [&self.digests, &self.log_files]
            .iter()
            .any(|counts| counts.modified + counts.missing + counts.invalid_signature > 0)
    }

    /// Counts a verdict.
    pub(crate) fn add(
        &mut self,
        kind: Kind,
        status: Status,
        reason: Option<&'static str>,
        key: String,
    ) {
        let counts = match kind {
            Kind::Digest => &mut self.digests,
            Kind::LogFile => &mut self.log_files,
            Kind::Gap => {
                self.gaps += 1;
                return;
            }
        };
        match status {
            Status::Verified => counts.verified += 1,
            Status::HashMatchesUnsigned => counts.hash_matches_unsigned += 1,
            Status::Modified => counts.modified += 1,
            Status::Missing => counts.missing += 1,
            Status::InvalidSignature => counts.invalid_signature += 1,
            Status::Unlisted => counts.unlisted += 1,
            Status::Unverifiable => counts.unverifiable += 1,
            Status::Gap | Status::Restarted => self.gaps += 1,
        }
        if status.is_tampering() || status == Status::Unlisted {
            self.named.insert(NamedObject {
                object_key: key,
                status: status.as_str(),
                reason,
            });
            if self.named.len() > NAMED_OBJECTS {
                self.named.pop_last();
            }
        }
    }
}
