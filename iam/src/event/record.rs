//! A CloudTrail record as far as the map reads it: the JSON text of one record in, its fields out.
//!
//! Fields of another type than CloudTrail writes count as absent, and of a field that stands twice the first counts.
//! Source: AWS CloudTrail User Guide, "`CloudTrail` record contents" and "`CloudTrail` userIdentity element".

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::mapper::SERVICE_EVENT;
use super::{EventCall, EventMapping};
use crate::outcome::{Outcome, outcome};

/// One record.
#[derive(Debug, Clone, Default)]
pub struct Record<'a> {
    /// `eventID`.
    pub event_id: Option<Cow<'a, str>>,
    /// `eventSource`.
    pub event_source: Option<Cow<'a, str>>,
    /// `eventName`.
    pub event_name: Option<Cow<'a, str>>,
    /// `eventType`.
    pub event_type: Option<Cow<'a, str>>,
    /// `errorCode`.
    pub error_code: Option<Cow<'a, str>>,
    /// `errorMessage`.
    pub error_message: Option<Cow<'a, str>>,
    /// `awsRegion`.
    pub aws_region: Option<Cow<'a, str>>,
    /// `recipientAccountId`.
    pub recipient_account_id: Option<Cow<'a, str>>,
    /// `userIdentity`, as it stands.
    pub user_identity: Option<&'a RawValue>,
    /// `requestParameters`, as it stands.
    pub request_parameters: Option<&'a RawValue>,
    /// `responseElements`, as it stands.
    pub response_elements: Option<&'a RawValue>,
    /// `resources`, as it stands.
    pub resources: Option<&'a RawValue>,
}

/// What became of the call of a record, or that it is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordOutcome {
    /// It passed authorization and was done.
    Authorized,
    /// It did not pass authorization.
    Denied,
    /// It would have passed, and was not to be done.
    DryRun,
    /// It passed authorization and failed otherwise.
    Failed,
    /// It is an event of a service, and no call.
    ServiceEvent,
}

impl RecordOutcome {
    /// The name in tables and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authorized => "authorized",
            Self::Denied => "denied",
            Self::DryRun => "dry_run",
            Self::Failed => "failed",
            Self::ServiceEvent => "service_event",
        }
    }
}

/// What the record tells of its caller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller<'a> {
    /// The account that the caller belongs to.
    pub account_id: Option<Cow<'a, str>>,
    /// The service that made the call on the caller's behalf.
    pub invoked_by: Option<Cow<'a, str>>,
}

impl<'a> Record<'a> {
    /// Reads the text of one record.
    ///
    /// # Errors
    /// The text is not one JSON object.
    pub fn read(text: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// What the record tells of its caller.
    #[must_use]
    pub fn caller(&self) -> Caller<'a> {
        let read = |raw: &'a RawValue| serde_json::from_str(raw.get()).ok();
        self.user_identity.and_then(read).unwrap_or_default()
    }

    /// The call that the record is of. `account_id` is the caller's, for records that name no recipient.
    #[must_use]
    pub fn call<'r>(&'r self, account_id: Option<&'r str>) -> EventCall<'r> {
        EventCall {
            event_source: self.event_source.as_deref().unwrap_or_default(),
            event_name: self.event_name.as_deref().unwrap_or_default(),
            event_type: self.event_type.as_deref(),
            request_parameters: self.request_parameters.map(RawValue::get),
            response_elements: self.response_elements.map(RawValue::get),
            resources: self.resources.map(RawValue::get),
            error_message: self.error_message.as_deref(),
            aws_region: self.aws_region.as_deref(),
            account_id: self.recipient_account_id.as_deref().or(account_id),
        }
    }

    /// What became of the call, given what it needed.
    #[must_use]
    pub fn outcome(&self, mapping: &EventMapping) -> RecordOutcome {
        let service_event = self.event_type.as_deref() == Some("AwsServiceEvent")
            || matches!(mapping, EventMapping::NoAction { reason } if *reason == SERVICE_EVENT);
        if service_event {
            return RecordOutcome::ServiceEvent;
        }
        match outcome(self.error_code.as_deref(), self.error_message.as_deref()) {
            Outcome::Succeeded => RecordOutcome::Authorized,
            Outcome::Denied => RecordOutcome::Denied,
            Outcome::DryRun => RecordOutcome::DryRun,
            Outcome::Failed => RecordOutcome::Failed,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Record<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RecordVisitor)
    }
}

struct RecordVisitor;

impl<'de> Visitor<'de> for RecordVisitor {
    type Value = Record<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a record, which is a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut record = Record::default();
        while let Some((Name(name), value)) = map.next_entry::<Name<'de>, &'de RawValue>()? {
            match name.as_ref() {
                "eventID" => text(&mut record.event_id, value),
                "eventSource" => text(&mut record.event_source, value),
                "eventName" => text(&mut record.event_name, value),
                "eventType" => text(&mut record.event_type, value),
                "errorCode" => text(&mut record.error_code, value),
                "errorMessage" => text(&mut record.error_message, value),
                "awsRegion" => text(&mut record.aws_region, value),
                "recipientAccountId" => text(&mut record.recipient_account_id, value),
                "userIdentity" => raw(&mut record.user_identity, value),
                "requestParameters" => raw(&mut record.request_parameters, value),
                "responseElements" => raw(&mut record.response_elements, value),
                "resources" => raw(&mut record.resources, value),
                _ => {}
            }
        }
        Ok(record)
    }
}

/// A name that is borrowed unless it holds escapes.
#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

fn text<'a>(field: &mut Option<Cow<'a, str>>, value: &'a RawValue) {
    if field.is_none()
        && let Ok(Name(read)) = serde_json::from_str(value.get())
    {
        *field = Some(read);
    }
}

fn raw<'a>(field: &mut Option<&'a RawValue>, value: &'a RawValue) {
    if field.is_none() && value.get() != "null" {
        *field = Some(value);
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Caller<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(CallerVisitor)
    }
}

struct CallerVisitor;

impl<'de> Visitor<'de> for CallerVisitor {
    type Value = Caller<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a user identity, which is a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut caller = Caller::default();
        while let Some((Name(name), value)) = map.next_entry::<Name<'de>, &'de RawValue>()? {
            match name.as_ref() {
                "accountId" => text(&mut caller.account_id, value),
                "invokedBy" => text(&mut caller.invoked_by, value),
                _ => {}
            }
        }
        Ok(caller)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::event::Mapper;
    use proptest::prelude::*;

    fn outcome_of(text: &str) -> RecordOutcome {
        let record = Record::read(text).unwrap();
        let mapping = Mapper::new(Catalog::embedded()).map(&record.call(None));
        record.outcome(&mapping)
    }

    #[test]
    fn fields_of_another_type_count_as_absent_and_the_first_of_two_counts() {
        let text = r#"{"eventID":5,"eventSource":"s3.amazonaws.com","eventName":["x"],"eventSource":"x","resources":null,
            "userIdentity":"root"}"#;
        let record = Record::read(text).unwrap();
        assert_eq!(record.event_id, None);
        assert_eq!(record.event_source.as_deref(), Some("s3.amazonaws.com"));
        assert_eq!(record.event_name, None);
        assert!(record.resources.is_none());
        assert_eq!(record.caller(), Caller::default());
    }

    #[test]
    fn the_account_is_the_recipient_else_the_callers() {
        let text =
            r#"{"userIdentity":{"accountId":"111122223333","invokedBy":"athena.amazonaws.com"}}"#;
        let record = Record::read(text).unwrap();
        let caller = record.caller();
        assert_eq!(caller.invoked_by.as_deref(), Some("athena.amazonaws.com"));
        let call = record.call(caller.account_id.as_deref());
        assert_eq!(call.account_id, Some("111122223333"));
        let text = r#"{"recipientAccountId":"444455556666"}"#;
        let record = Record::read(text).unwrap();
        assert_eq!(
            record.call(Some("111122223333")).account_id,
            Some("444455556666")
        );
    }

    #[test]
    fn a_service_event_is_no_call_even_where_only_its_name_tells() {
        let by_type = r#"{"eventSource":"ec2.amazonaws.com","eventName":"RunInstances","eventType":"AwsServiceEvent"}"#;
        assert_eq!(outcome_of(by_type), RecordOutcome::ServiceEvent);
        let by_name = r#"{"eventSource":"kms.amazonaws.com","eventName":"RotateKey"}"#;
        assert_eq!(outcome_of(by_name), RecordOutcome::ServiceEvent);
        let call = r#"{"eventSource":"ec2.amazonaws.com","eventName":"RunInstances","errorCode":"Client.DryRunOperation"}"#;
        assert_eq!(outcome_of(call), RecordOutcome::DryRun);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
            let _ = Record::read(&text).map(|record| record.caller());
            let object = format!(r#"{{"eventSource":{0},"userIdentity":{0}}}"#, serde_json::to_string(&text).unwrap());
            let record = Record::read(&object).unwrap();
            prop_assert_eq!(record.event_source.as_deref(), Some(text.as_str()));
        }
    }
}
