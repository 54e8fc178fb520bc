//! What a verification looks at and what it may take, with the defaults.

use std::path::PathBuf;

use jiff::Timestamp;

use crate::options::MAX_OBJECT_BYTES;
use crate::source::Selection;
use crate::{AwsOptions, IngestOptions};

/// Objects that are read at a time: 16. Chosen: each costs a buffer and a connection.
pub const VERIFY_IN_FLIGHT: usize = 16;

/// What a verification looks at, and what it may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyOptions {
    /// The time that is written as `verified_at`.
    pub now: Timestamp,
    /// The file of public keys; none: `CloudTrail` is asked.
    pub public_keys: Option<PathBuf>,
    /// Who asks `CloudTrail` for public keys, and reads buckets.
    pub aws: AwsOptions,
    /// Which objects are looked at.
    pub selection: Selection,
    /// Largest log file after decompression, in bytes; nothing is said of a larger one. See [`MAX_OBJECT_BYTES`].
    pub max_object_bytes: u64,
    /// Objects that are read at a time. See [`VERIFY_IN_FLIGHT`].
    pub objects_in_flight: usize,
}

impl VerifyOptions {
    /// The defaults, at the time `now`.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            now,
            public_keys: None,
            aws: AwsOptions::default(),
            selection: Selection::default(),
            max_object_bytes: MAX_OBJECT_BYTES,
            objects_in_flight: VERIFY_IN_FLIGHT,
        }
    }

    /// How the sources are opened: as the ingest does it.
    pub(crate) fn of_sources(&self) -> IngestOptions {
        let mut options = IngestOptions::new(self.now);
        options.selection = self.selection.clone();
        options.aws = self.aws.clone();
        options
    }
}
