//! The columns of each table, in order. Names are `CloudTrail`'s own in snake case where it has one.
//!
//! Times are UTC microseconds, dates are UTC days. A column may hold null unless it says otherwise.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};

use crate::events;

/// UTC microseconds.
pub(crate) fn time_type() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

fn schema(fields: Vec<Field>) -> SchemaRef {
    Arc::new(Schema::new(fields))
}

fn text(name: &str) -> Field {
    Field::new(name, DataType::Utf8, true)
}

fn whole(name: &str) -> Field {
    Field::new(name, DataType::Int64, true)
}

fn time(name: &str) -> Field {
    Field::new(name, time_type(), true)
}

fn date(name: &str) -> Field {
    Field::new(name, DataType::Date32, true)
}

fn flag(name: &str) -> Field {
    Field::new(name, DataType::Boolean, true)
}

/// One CloudTrail record a row. `record_key` is never null.
#[must_use]
pub fn events() -> SchemaRef {
    schema(events::fields())
}

/// One source object a row. `object_kind` is trail, digest, insight or foreign; `status` is read, skipped or quarantined.
#[must_use]
pub fn objects() -> SchemaRef {
    schema(vec![
        text("source"),
        text("object_key"),
        text("etag"),
        whole("size_bytes"),
        text("object_kind"),
        text("status"),
        text("reason"),
        whole("records_read"),
        whole("events_written"),
        whole("duplicates"),
        whole("records_quarantined"),
        time("ingested_at"),
    ])
}

/// One folder of a bucket that a run listed to its end, and read, a row: the days of delivery from `listed_from` (null: the
/// first of all) to `listed_through`.
#[must_use]
pub fn listings() -> SchemaRef {
    schema(vec![
        text("source"),
        text("folder"),
        date("listed_from"),
        date("listed_through"),
        time("listed_at"),
    ])
}

/// One record or object that could not be read a row; `record_index` is null for a whole object. `byte_offset` counts from
/// the beginning of the unpacked object: where the record begins, or where the object breaks.
#[must_use]
pub fn quarantine() -> SchemaRef {
    schema(vec![
        text("source"),
        text("object_key"),
        text("etag"),
        whole("record_index"),
        whole("byte_offset"),
        text("reason"),
        text("detail"),
        text("excerpt"),
        time("quarantined_at"),
    ])
}

/// One document of one account at one time a row; `document` is JSON text.
#[must_use]
pub fn snapshots() -> SchemaRef {
    schema(vec![
        text("account_id"),
        time("taken_at"),
        text("kind"),
        text("id"),
        text("arn"),
        text("name"),
        text("document"),
        text("fingerprint"),
        text("source"),
    ])
}

/// One verdict on one source object a row; of those on an object the greatest `revision` holds. `object_kind` is trail,
/// digest, or gap (the time before a digest that none covers).
#[must_use]
pub fn verifications() -> SchemaRef {
    schema(vec![
        text("source"),
        text("object_key"),
        text("object_kind"),
        text("account_id"),
        text("aws_region"),
        date("delivered_on"),
        text("status"),
        text("reason"),
        text("digest_key"),
        time("digest_start_time"),
        time("digest_end_time"),
        text("content_sha256"),
        whole("revision"),
        time("verified_at"),
    ])
}

/// One agent, role, action, resource and day a row.
#[must_use]
pub fn usage() -> SchemaRef {
    schema(vec![
        text("agent"),
        text("role_arn"),
        text("role_id"),
        text("action"),
        text("strength"),
        text("resource"),
        date("event_date"),
        whole("calls"),
        whole("denied_calls"),
        whole("legitimate_calls"),
        whole("sessions"),
        time("first_used"),
        time("last_used"),
    ])
}

/// One role and action a row; `sources` and `limits` are JSON text.
#[must_use]
pub fn grants() -> SchemaRef {
    schema(vec![
        text("account_id"),
        text("role_arn"),
        text("role_id"),
        text("role_name"),
        text("action"),
        text("service"),
        text("access_level"),
        text("status"),
        flag("in_catalog"),
        text("sources"),
        text("limits"),
        flag("shared_policy"),
    ])
}

/// One finding of one run a row; `evidence` is JSON text.
#[must_use]
pub fn findings() -> SchemaRef {
    schema(vec![
        text("run_id"),
        text("finding_id"),
        text("agent"),
        text("role_arn"),
        text("action"),
        text("category"),
        text("severity"),
        text("title"),
        text("evidence"),
        text("query"),
        time("as_of"),
    ])
}

/// One decision on a finding a row.
#[must_use]
pub fn decisions() -> SchemaRef {
    schema(vec![
        text("finding_id"),
        text("decision"),
        text("by"),
        date("until"),
        text("reason"),
        time("decided_at"),
    ])
}
