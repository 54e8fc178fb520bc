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
    /// What AWS did not give; named in `snapshots` by the kind `missing_part`.
    pub missing: Vec<MissingPart>,
}

impl SnapshotSummary {
    /// Adds what another portion of the same snapshot read and added.
    pub(crate) fn add(&mut self, other: Self) {
        self.documents_read += other.documents_read;
        self.documents_added += other.documents_added;
        self.documents_confirmed += other.documents_confirmed;
        self.problems.extend(other.problems);
        self.missing.extend(other.missing);
    }
}

/// A part of a snapshot that could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct MissingPart {
    /// The account that it is of.
    pub account_id: String,
    /// `account`, `iam`, `organization`, `scp`, `rcp`, `trails`, `event_selectors`, `trail_status`, `inventory`, or the
    /// type of the resources, such as `AWS::Lambda::Function`.
    pub part: String,
    /// The region that was asked; empty for what has none.
    pub region: String,
    /// The one thing of the part that is missing, such as a trail's ARN; empty if all of it is.
    pub subject: String,
    /// The action that was tried, as IAM writes it.
    pub operation: String,
    /// The code of the error, such as `AccessDenied`.
    pub code: String,
    /// What AWS said.
    pub message: String,
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
