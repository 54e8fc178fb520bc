//! The text of one record in, one row of `events` out.
//!
//! INVARIANT: a record that is a JSON object is never refused, and nothing of it is lost: a field without a column, one whose
//! value does not fit its column, and one that comes twice stand in `extra` as they were.
//! Source of the fields: AWS `CloudTrail` User Guide, "`CloudTrail` record contents".
//!
//! Records of others are told by their `eventSource`, which in `CloudTrail` is a host of AWS; it does not judge them further.

mod credentials;
mod identity;

use std::borrow::Cow;

use sha2::{Digest as _, Sha256};

use crate::decode::{Fault, not_json};
use crate::events::EventRow;
use crate::json;
use crate::ledger::Identity;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// What a record turned out to be.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) row: EventRow<'a>,
    /// What its fields take as text, in bytes.
    pub(crate) bytes: usize,
    /// Whether it is a record of something else than `CloudTrail`.
    pub(crate) foreign: bool,
    /// Whether it is one of `CloudTrail` Insights.
    pub(crate) insight: bool,
}

/// The row of a record.
///
/// # Errors
/// A [`Fault`] if the text is not one JSON object.
pub(crate) fn read(text: &str) -> Result<Reading<'_>, Fault> {
    if !text.starts_with('{') {
        return Err(Fault::new("not_an_object", "a record is a JSON object"));
    }
    let mut fields = Fields::default();
    json::each(text, |key, value| fields.take(key, value)).map_err(|error| not_json(&error))?;
    let key = by_id(&fields.row).unwrap_or_else(|| by_text(text));
    Ok(fields.finish(key))
}

/// The fields of a record as they come.
#[derive(Debug, Default)]
pub(crate) struct Fields<'a> {
    row: EventRow<'a>,
    extra: String,
    notification: bool,
    bytes: usize,
}

impl<'a> Fields<'a> {
    /// Takes a field with the JSON text of its value.
    pub(crate) fn take(&mut self, key: &str, value: &'a str) {
        self.bytes += key.len() + value.len();
        if place(&mut self.row, key, value) {
            return;
        }
        self.notification |= is_notification(key, value);
        self.extra
            .push(if self.extra.is_empty() { '{' } else { ',' });
        self.extra.push_str(&json::quote(key));
        self.extra.push(':');
        self.extra.push_str(value);
    }

    /// The record, if it has an id; of another one the whole text must be known.
    pub(crate) fn with_id(self) -> Option<Reading<'a>> {
        by_id(&self.row).map(|key| self.finish(key))
    }

    fn finish(self, record_key: u128) -> Reading<'a> {
        let mut row = self.row;
        row.record_key = Some(record_key);
        if !self.extra.is_empty() {
            row.extra = Some(Cow::Owned(self.extra + "}"));
        }
        derive(&mut row);
        let insight = row.event_category.as_deref() == Some("Insight")
            || row.event_type.as_deref() == Some("AwsCloudTrailInsight");
        Reading {
            foreign: self.notification || is_foreign(&row),
            bytes: self.bytes,
            insight,
            row,
        }
    }
}

/// Puts a field into its column; false if it has none, does not fit or is filled already.
fn place<'a>(row: &mut EventRow<'a>, key: &str, value: &'a str) -> bool {
    match key {
        "eventID" => text(&mut row.event_id, value),
        "eventVersion" => text(&mut row.event_version, value),
        "eventTime" => fit(&mut row.event_time, value, json::time),
        "eventSource" => text(&mut row.event_source, value),
        "eventName" => text(&mut row.event_name, value),
        "eventType" => text(&mut row.event_type, value),
        "eventCategory" => text(&mut row.event_category, value),
        "awsRegion" => text(&mut row.aws_region, value),
        "recipientAccountId" => text(&mut row.recipient_account_id, value),
        "requestID" => text(&mut row.request_id, value),
        "sharedEventID" => text(&mut row.shared_event_id, value),
        "apiVersion" => text(&mut row.api_version, value),
        "managementEvent" => fit(&mut row.management_event, value, json::flag),
        "readOnly" => fit(&mut row.read_only, value, json::flag),
        "sourceIPAddress" => text(&mut row.source_ip_address, value),
        "userAgent" => text(&mut row.user_agent, value),
        "errorCode" => text(&mut row.error_code, value),
        "errorMessage" => text(&mut row.error_message, value),
        "vpcEndpointId" => text(&mut row.vpc_endpoint_id, value),
        "vpcEndpointAccountId" => text(&mut row.vpc_endpoint_account_id, value),
        "sessionCredentialFromConsole" => {
            fit(&mut row.session_credential_from_console, value, json::flag)
        }
        _ => place_json(row, key, value),
    }
}

/// The fields that are kept as JSON text, whatever they hold.
fn place_json<'a>(row: &mut EventRow<'a>, key: &str, value: &'a str) -> bool {
    let column = match key {
        "userIdentity" => &mut row.user_identity,
        "requestParameters" => &mut row.request_parameters,
        "responseElements" => &mut row.response_elements,
        "additionalEventData" => &mut row.additional_event_data,
        "resources" => &mut row.resources,
        "serviceEventDetails" => &mut row.service_event_details,
        "tlsDetails" => &mut row.tls_details,
        "addendum" => &mut row.addendum,
        _ => return false,
    };
    fit(column, value, as_it_stands)
}

/// Fills a column with what `parse` makes of a value that is not null.
fn fit<'a, T>(
    column: &mut Option<T>,
    value: &'a str,
    parse: impl Fn(&'a str) -> Option<T>,
) -> bool {
    if column.is_some() {
        return false;
    }
    if value == "null" {
        return true;
    }
    *column = parse(value);
    column.is_some()
}

fn text<'a>(column: &mut Option<Cow<'a, str>>, value: &'a str) -> bool {
    fit(column, value, json::string)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it stands where parsers stand that may find nothing"
)]
fn as_it_stands(value: &str) -> Option<Cow<'_, str>> {
    Some(Cow::Borrowed(value))
}

/// The columns that follow from others.
fn derive(row: &mut EventRow<'_>) {
    row.event_date = row
        .event_time
        .and_then(|time| i32::try_from(time.div_euclid(DAY)).ok());
    if let Some(Cow::Borrowed(user_identity)) = row.user_identity {
        identity::place(row, user_identity);
    }
    credentials::place(row);
}

/// 96 bits by which a record is known wherever it is delivered: its id and the account that received it; none if it has no
/// id. `CloudTrail` may deliver an event more than once, with the same id. 32 bits more tell a call from
/// another one, so that an id that two of them share is seen: when, where and which call it was, which every form of a record
/// has alike.
/// Source: AWS `CloudTrail` User Guide, "Finding your `CloudTrail` log files".
fn by_id(row: &EventRow<'_>) -> Option<u128> {
    let id = row.event_id.as_deref().filter(|id| !id.is_empty())?;
    let mut hash = Sha256::new();
    hash.update(b"id\0");
    hash.update(id);
    hash.update(b"\0");
    hash.update(row.recipient_account_id.as_deref().unwrap_or_default());
    let mut call = Sha256::new();
    call.update(row.event_time.unwrap_or(-1).to_le_bytes());
    for part in [&row.event_source, &row.event_name, &row.aws_region] {
        call.update(part.as_deref().unwrap_or_default());
        call.update(b"\0");
    }
    Some(Identity::of(&hash.finalize().into(), &call.finalize().into()).0)
}

/// The same bits of a record without an id: of all of its text.
fn by_text(text: &str) -> u128 {
    let mut hash = Sha256::new();
    hash.update(b"text\0");
    hash.update(text);
    Identity::of(&hash.finalize().into(), &Sha256::new().finalize().into()).0
}

/// Whether `eventSource` is none of an AWS service and the version none of `CloudTrail`'s: an S3 notification (`aws:s3`,
/// version 2.x), or the audit log of another cloud. A record without these fields is not foreign.
fn is_foreign(row: &EventRow<'_>) -> bool {
    let Some(source) = row.event_source.as_deref() else {
        return false;
    };
    let host = source.ends_with(".amazonaws.com") || source.ends_with(".amazonaws.com.cn");
    let version = row.event_version.as_deref().unwrap_or_default();
    source.starts_with("aws:") || !(host || version.starts_with("1."))
}

/// Whether a field that has no column tells of a notification of Amazon SNS.
fn is_notification(key: &str, value: &str) -> bool {
    key == "EventSource" && value.starts_with("\"aws:")
}

#[cfg(test)]
mod tests;
