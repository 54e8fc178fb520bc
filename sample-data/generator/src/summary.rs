//! What was made: counts that an ingest of the trail must find again.

use serde::Serialize;

/// Counts of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// Well-formed log files.
    pub log_objects: u64,
    /// Log files that cannot be unpacked.
    pub broken_objects: u64,
    /// Digest files.
    pub digest_objects: u64,
    /// Insights files.
    pub insight_objects: u64,
    /// Objects of other services.
    pub foreign_objects: u64,
    /// Records in the well-formed log files, duplicates included.
    pub records: u64,
    /// Different events.
    pub events: u64,
    /// Records beyond the first of their event.
    pub duplicates: u64,
    /// Bytes of the well-formed log files as they are stored.
    pub stored_bytes: u64,
}

impl Summary {
    /// Counts a well-formed log file.
    pub(crate) fn object(&mut self, records: u64, bytes: u64) {
        self.log_objects += 1;
        self.records += records;
        self.stored_bytes += bytes;
        self.duplicates = self.records.saturating_sub(self.events);
    }
}
