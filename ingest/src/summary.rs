//! What a run did, in numbers that add up.

use serde::Serialize;

/// What an ingest read and wrote.
///
/// `records_read = events_written + duplicates + records_quarantined`, always.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct IngestSummary {
    /// CloudTrail log objects that were read to their end in this run.
    pub objects_read: u64,
    /// Objects that an earlier run has dealt with and that have not changed since; not opened.
    pub objects_known: u64,
    /// Objects of another kind: digests, Insights, other products. Named in `objects`.
    pub objects_skipped: u64,
    /// Objects that could not be read as a whole. Named in `quarantine`; the records of theirs that are whole count below.
    pub objects_quarantined: u64,
    /// Records in the objects, as far as these could be read.
    pub records_read: u64,
    /// Records that are now in `events` and were not before.
    pub events_written: u64,
    /// Records that were in `events` before, or came twice in this run.
    pub duplicates: u64,
    /// Records that could not be read, in objects of which others could. Named in `quarantine`.
    pub records_quarantined: u64,
}

/// What a snapshot read and added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SnapshotSummary {
    /// Roles, policies, users, accounts and so on in the files.
    pub documents_read: u64,
    /// Those that are new or differ from what the lake held.
    pub documents_added: u64,
    /// Those that the lake held unchanged, and that are now recorded to hold at the new time too.
    pub documents_confirmed: u64,
    /// Policies in them that do not parse; kept in the lake all the same.
    pub problems: Vec<PolicyProblem>,
}

/// A policy that does not parse.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PolicyProblem {
    /// The account that it belongs to.
    pub account_id: String,
    /// ARN of the role, user, group or policy that carries it.
    pub owner: String,
    /// Name of the policy; `trust policy` for a role's own.
    pub policy: String,
    /// Which statement, from 0; none where the document as a whole is at fault.
    pub statement: Option<usize>,
    /// What is wrong with it.
    pub reason: String,
}
