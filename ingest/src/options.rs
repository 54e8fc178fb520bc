//! The limits of an ingest and of a snapshot, and their defaults.

use jiff::Timestamp;

use crate::Crowding;
use crate::aws::AwsOptions;
use crate::source::Selection;

/// Largest object after decompression, in bytes: 512 MiB. Chosen: CloudTrail delivers files of at most
/// 50 MB compressed, and real ones unpack to six times their size.
/// Source: AWS CloudTrail User Guide, "Quotas in AWS CloudTrail".
pub const MAX_OBJECT_BYTES: u64 = 512 << 20;

/// The most that [`IngestOptions::max_object_bytes`] can be set to, in bytes: 1 GiB. Chosen: a column of
/// one object must stay below the 2 GiB that Arrow's 32-bit offsets reach.
pub const MAX_OBJECT_BYTES_CEILING: u64 = 1 << 30;

/// Rows after which events are committed: 500,000. Chosen: some 100 MB of files, and a few seconds of work that a stop
/// could lose.
pub const COMMIT_ROWS: usize = 500_000;

/// Bytes that wait for a commit besides the events, which are in files by then: 32 MiB. Chosen: the checkpoint of 60,000
/// objects, or 8,000 excerpts of what cannot be read.
pub const COMMIT_BYTES: usize = 32 << 20;

/// Record keys of the lake that are held in memory: 4 million, about 150 MiB at most. Chosen.
pub const HELD_KEYS: usize = 4_000_000;

/// Bytes of unpacked objects that are worked on at a time: 24 MiB. Chosen: six groups, of which two are read, one is encoded and
/// the others wait.
pub const BYTES_IN_FLIGHT: u64 = 24 << 20;

/// Bytes of unpacked objects that are read as a group: 4 MiB. Chosen: some 2,000 records, so that what a batch of rows costs
/// in 66 columns does not count.
pub const GROUP_BYTES: u64 = 4 << 20;

/// Objects that are fetched from a bucket at a time: 64. Chosen.
pub const OBJECTS_IN_FLIGHT: usize = 64;

/// Objects that are listed before they are read: 100,000. Within such a portion objects are read in order of
/// delivery date, so that a day's record keys are loaded once. Chosen.
pub const LISTED_OBJECTS: usize = 100_000;

/// What an ingest is to do, and how much memory it may take for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestOptions {
    /// The time that is written as `ingested_at` and `quarantined_at`.
    pub now: Timestamp,
    /// Largest object after decompression, in bytes; a larger one is quarantined. See [`MAX_OBJECT_BYTES`].
    pub max_object_bytes: u64,
    /// Rows after which events are committed. See [`COMMIT_ROWS`].
    pub commit_rows: usize,
    /// Bytes besides the events after which a commit is made. See [`COMMIT_BYTES`].
    pub commit_bytes: usize,
    /// Record keys of the lake that are held in memory. See [`HELD_KEYS`].
    pub held_keys: usize,
    /// Bytes of unpacked objects that are worked on at a time. See [`BYTES_IN_FLIGHT`].
    pub bytes_in_flight: u64,
    /// Bytes of unpacked objects that are read as a group. See [`GROUP_BYTES`].
    pub group_bytes: u64,
    /// Objects that are fetched from a bucket at a time. See [`OBJECTS_IN_FLIGHT`].
    pub objects_in_flight: usize,
    /// Objects that are listed before they are read. See [`LISTED_OBJECTS`].
    pub listed_objects: usize,
    /// Which objects are wanted.
    pub selection: Selection,
    /// Who reads buckets, and from where.
    pub aws: AwsOptions,
    /// When small files are put together after the run; none: never.
    pub crowding: Option<Crowding>,
}

impl IngestOptions {
    /// The defaults, at the time `now`.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            now,
            max_object_bytes: MAX_OBJECT_BYTES,
            commit_rows: COMMIT_ROWS,
            commit_bytes: COMMIT_BYTES,
            held_keys: HELD_KEYS,
            bytes_in_flight: BYTES_IN_FLIGHT,
            group_bytes: GROUP_BYTES,
            objects_in_flight: OBJECTS_IN_FLIGHT,
            listed_objects: LISTED_OBJECTS,
            selection: Selection::default(),
            aws: AwsOptions::default(),
            crowding: Some(Crowding::default()),
        }
    }
}

/// Of which time a snapshot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SnapshotOptions {
    /// When the documents were fetched from AWS.
    pub taken_at: Timestamp,
}

impl SnapshotOptions {
    /// A snapshot of the time `taken_at`.
    #[must_use]
    pub fn new(taken_at: Timestamp) -> Self {
        Self { taken_at }
    }
}
