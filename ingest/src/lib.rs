//! CloudTrail objects and IAM documents in, the tables of the lake out.
//!
//! The story, in the order of the files:
//!
//! 1. [`ingest()`] lists its sources (`source`), leaves out what the checkpoint knows, and reads the rest;
//! 2. each object is told apart by its key (`classify`), unpacked and taken apart (`decode`, `object`), and its
//!    records turned into rows (`record`, `events`);
//! 3. rows land exactly once (`ledger`) in the tables of the [`lake`];
//! 4. small files are put together ([`lake::optimize`]), files that no version needs are removed ([`lake::vacuum`]), and
//!    the tables are verified against each other ([`lake::check`]);
//! 5. [`snapshot()`] does the same for IAM, Organizations, trail and resource documents in files, and
//!    [`fetch_snapshot()`] for those that it asks AWS for.
//! 6. [`verify()`] holds the trail objects against `CloudTrail`'s digests, and says of each whether it is what was delivered.
//!
//! It does not interpret: what a call means, who made it and whether it was allowed is for the
//! crates above. It reads no clock and no environment, but for the AWS SDK's own configuration.
//!
//! INVARIANT: of each CloudTrail record exactly one row stands in `events`, whatever is killed,
//! repeated, delivered twice or run twice at a time; a record or object that cannot be read is
//! named in `quarantine`.

mod aws;
mod classify;
mod decode;
mod error;
mod events;
mod fetch;
mod ingest;
mod json;
pub mod lake;
mod ledger;
mod object;
pub mod options;
mod plain;
mod progress;
mod reader;
mod record;
mod snapshot;
mod source;
mod summary;
mod verify;

pub use aws::{Aws, AwsFault, AwsOptions};
pub use error::Error;
pub use fetch::{ACCOUNTS_AT_ONCE, FetchOptions, fetch_snapshot};
pub use ingest::ingest;
pub use lake::check::{CheckOptions, Finding, Grade, check};
pub use lake::optimize::{Crowding, OptimizeOptions, Optimized, optimize};
pub use lake::vacuum::{Stale, StaleReason, VacuumOptions, vacuum};
pub use lake::{Lake, LakeTable};
pub use options::{IngestOptions, SnapshotOptions};
pub use progress::{NoProgress, Progress};
pub use reader::{Block, DEFAULT_DOCUMENT_LIMIT_BYTES, RecordReader, RecordText, Unread};
pub use snapshot::snapshot;
pub use source::{LOOKUP_EVENTS, Selection};
pub use summary::{IngestSummary, MissingPart, PolicyProblem, SnapshotSummary};
pub use verify::{
    NAMED_OBJECTS, NamedObject, VERIFY_IN_FLIGHT, VerdictCounts, VerifyOptions, VerifySummary,
    verify,
};
