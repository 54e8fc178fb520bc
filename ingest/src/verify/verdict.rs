//! What is said of an object: its status, and why.

use jiff::Timestamp;

use super::hash::Hash;

/// What a verdict is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A digest.
    Digest,
    /// A log file.
    LogFile,
    /// A time that no digest covers; it goes by the key of the digest after it.
    Gap,
}

impl Kind {
    /// As it is written to the table.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::LogFile => "trail",
            Self::Gap => "gap",
        }
    }
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// It is what `CloudTrail` signed.
    Verified,
    /// It is what a digest says whose signature is not at hand.
    HashMatchesUnsigned,
    /// It is not what `CloudTrail` delivered.
    Modified,
    /// It was delivered, and is not there.
    Missing,
    /// A digest that the holder of its key did not sign.
    InvalidSignature,
    /// A log file of a covered time that no digest knows.
    Unlisted,
    /// Nothing can be said, for the reason given.
    Unverifiable,
    /// Time between two digests, both of the same chain.
    Gap,
    /// Time before a digest that begins its chain anew: logging or validation had been stopped.
    Restarted,
}

impl Status {
    /// As it is written to the table.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::HashMatchesUnsigned => "hash_matches_unsigned",
            Self::Modified => "modified",
            Self::Missing => "missing",
            Self::InvalidSignature => "invalid_signature",
            Self::Unlisted => "unlisted",
            Self::Unverifiable => "unverifiable",
            Self::Gap => "gap",
            Self::Restarted => "restarted",
        }
    }

    /// Whether somebody has changed or taken away what `CloudTrail` delivered.
    pub(crate) const fn is_tampering(self) -> bool {
        matches!(
            self,
            Self::Modified | Self::Missing | Self::InvalidSignature
        )
    }
}

/// A status and, unless it says all, the reason.
pub(crate) type Finding = (Status, Option<&'static str>);

/// How far what a digest says can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trust {
    /// Not at all: it is not what was delivered.
    None,
    /// As far as the copy: its signature is not at hand.
    Unsigned,
    /// `CloudTrail` signed it.
    Signed,
}

/// What is said of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) kind: Kind,
    /// The key from its folder (`CloudTrail/`, `CloudTrail-Digest/`) on; or the whole key that a digest names, if that is of
    /// another account or region.
    pub(crate) tail: String,
    pub(crate) status: Status,
    pub(crate) reason: Option<&'static str>,
    /// The digest that it rests on: of a log file the one that lists it, of a digest that is not signed the next one.
    pub(crate) digest: Option<String>,
    /// The delivery time concerned: what a digest covers, or leaves out.
    pub(crate) time: Option<(Timestamp, Timestamp)>,
    /// Of the content as it was found.
    pub(crate) hash: Option<Hash>,
}
