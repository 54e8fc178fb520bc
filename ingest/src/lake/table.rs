//! The tables of the lake: names, schemas, partitions.

use arrow::datatypes::SchemaRef;

use super::schema;

/// A table of the lake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LakeTable {
    /// One CloudTrail record a row, flattened.
    Events,
    /// One source object a row: the checkpoint of the ingest.
    Objects,
    /// One folder of a bucket that a run listed a row.
    Listings,
    /// One record or object that could not be read a row.
    Quarantine,
    /// One IAM, Organizations or trail document of one time a row.
    Snapshots,
    /// One verdict on the integrity of one source object a row.
    Verifications,
    /// The daily roll-up: one agent, role, action, resource and day a row.
    Usage,
    /// One role and action that its policies let it do a row.
    Grants,
    /// One finding of one run a row.
    Findings,
    /// One decision of an owner on a finding a row.
    Decisions,
}

impl LakeTable {
    /// Every table, in the order in which the data flows.
    pub const ALL: [Self; 10] = [
        Self::Events,
        Self::Objects,
        Self::Listings,
        Self::Quarantine,
        Self::Snapshots,
        Self::Verifications,
        Self::Usage,
        Self::Grants,
        Self::Findings,
        Self::Decisions,
    ];

    /// The table's name, in SQL and as a folder of the lake.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Objects => "objects",
            Self::Listings => "listings",
            Self::Quarantine => "quarantine",
            Self::Snapshots => "snapshots",
            Self::Verifications => "verifications",
            Self::Usage => "usage",
            Self::Grants => "grants",
            Self::Findings => "findings",
            Self::Decisions => "decisions",
        }
    }

    /// The columns. Times are UTC microseconds.
    #[must_use]
    pub fn schema(self) -> SchemaRef {
        match self {
            Self::Events => schema::events(),
            Self::Objects => schema::objects(),
            Self::Listings => schema::listings(),
            Self::Quarantine => schema::quarantine(),
            Self::Snapshots => schema::snapshots(),
            Self::Verifications => schema::verifications(),
            Self::Usage => schema::usage(),
            Self::Grants => schema::grants(),
            Self::Findings => schema::findings(),
            Self::Decisions => schema::decisions(),
        }
    }

    /// The columns by whose values the files are split.
    #[must_use]
    pub const fn partition_columns(self) -> &'static [&'static str] {
        match self {
            Self::Events | Self::Usage => &["event_date"],
            Self::Snapshots => &["account_id"],
            Self::Verifications => &["delivered_on"],
            Self::Findings => &["run_id"],
            Self::Objects | Self::Listings | Self::Quarantine | Self::Grants | Self::Decisions => {
                &[]
            }
        }
    }

    /// The column that rows are sorted by within a file that was put together, so that readers can skip; none: as they came.
    pub(crate) const fn order(self) -> Option<&'static str> {
        match self {
            Self::Events => Some("event_time"),
            _ => None,
        }
    }

    /// Columns whose values hardly repeat, so that a dictionary costs time and saves no room.
    pub(crate) const fn without_dictionary(self) -> &'static [&'static str] {
        match self {
            Self::Events => &[
                "record_key",
                "event_id",
                "request_id",
                "shared_event_id",
                "user_identity",
                "request_parameters",
                "response_elements",
                "additional_event_data",
                "resources",
                "service_event_details",
                "addendum",
                "extra",
                "issued_access_key_id",
            ],
            Self::Objects => &["object_key", "etag"],
            Self::Verifications => &["object_key", "content_sha256"],
            Self::Quarantine => &["excerpt", "detail"],
            Self::Snapshots => &["id", "arn", "document", "fingerprint"],
            Self::Findings => &["finding_id", "evidence"],
            Self::Listings | Self::Usage | Self::Grants | Self::Decisions => &[],
        }
    }

    /// Columns whose least and greatest value each file is listed with, so that readers can skip files; none:
    /// the first 32.
    pub(crate) const fn indexed(self) -> &'static [&'static str] {
        match self {
            Self::Events => &[
                "event_time",
                "event_source",
                "event_name",
                "aws_region",
                "recipient_account_id",
                "user_identity_type",
                "user_identity_arn",
                "session_issuer_arn",
                "session_issuer_principal_id",
            ],
            Self::Snapshots => &["taken_at", "kind", "arn"],
            Self::Quarantine => &["source", "object_key", "record_index", "quarantined_at"],
            Self::Verifications => &[
                "source",
                "object_kind",
                "account_id",
                "aws_region",
                "status",
            ],
            Self::Objects
            | Self::Listings
            | Self::Usage
            | Self::Grants
            | Self::Findings
            | Self::Decisions => &[],
        }
    }
}
