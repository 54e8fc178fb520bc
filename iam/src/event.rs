//! IAM actions that a recorded call needed: one CloudTrail event in, its actions out.
//!
//! An event's name is an API operation, not an IAM action: `HeadObject` needs `s3:GetObject`, and
//! `RunInstances` with an instance profile needs `iam:PassRole` too. In order: the action that a
//! denied record's own message names; what the hand table says; the listed exceptions; the
//! action of the same name. Then what the parameters prove on top: a role passed, tags set.
//! `iam/data/README.md` tells where the tables come from.
//! Sources: AWS CloudTrail User Guide, "`CloudTrail` record contents"; Service Authorization
//! Reference; IAM User Guide, "Grant a user permissions to pass a role to an AWS service" (role
//! passing has no event of its own).
//!
//! A record is written by whoever made the call: any text gives an answer, and no text is trusted
//! beyond what it names.

mod denial;
mod mapper;
mod needs;
mod operation;
mod parameters;
mod passed_role;
mod plan;
mod record;
mod request;
mod resource;
mod service;
mod stored_object;
mod tags;

use std::borrow::Cow;

use serde::Serialize;

use crate::catalog::Catalog;
pub use mapper::Mapper;
pub use record::{Caller, Record, RecordOutcome};

/// The parts of a record that tell which actions it needed.
#[derive(Debug, Clone, Copy, Default)]
pub struct EventCall<'a> {
    /// `eventSource`: `s3.amazonaws.com`.
    pub event_source: &'a str,
    /// `eventName`: `GetObject`.
    pub event_name: &'a str,
    /// `eventType`: `AwsApiCall`.
    pub event_type: Option<&'a str>,
    /// `requestParameters` as JSON text.
    pub request_parameters: Option<&'a str>,
    /// `responseElements` as JSON text.
    pub response_elements: Option<&'a str>,
    /// `resources` as JSON text.
    pub resources: Option<&'a str>,
    /// `errorMessage`.
    pub error_message: Option<&'a str>,
    /// `awsRegion`.
    pub aws_region: Option<&'a str>,
    /// The account whose resources were called.
    pub account_id: Option<&'a str>,
}

/// What an event means for permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventMapping {
    /// It needed these actions, at least one.
    Actions(Vec<MappedAction>),
    /// It needed no IAM action.
    NoAction {
        /// Why.
        reason: &'static str,
    },
    /// The catalog does not know the event.
    Unmapped {
        /// What it lacks.
        reason: String,
    },
}

/// An action that an event needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MappedAction {
    /// The action as AWS writes it: `s3:GetObject`.
    pub action: Cow<'static, str>,
    /// How sure it is.
    pub strength: Strength,
    /// What it rests on.
    pub basis: Basis,
    /// The ARNs that it was used on, at least one; `*` stands for what the record does not prove.
    pub resources: Vec<String>,
    /// Where the ARNs are from.
    pub resource_basis: ResourceBasis,
}

impl MappedAction {
    /// The ARNs that the record proves; `None` stands for what it does not.
    pub fn proven_resources(&self) -> impl Iterator<Item = Option<&str>> {
        let assumed = self.resource_basis == ResourceBasis::AssumedPath;
        self.resources
            .iter()
            .map(move |arn| (!assumed && arn != ANY_RESOURCE).then_some(arn.as_str()))
    }
}

/// What stands for a resource that the record does not prove, and for actions that take none.
pub(crate) const ANY_RESOURCE: &str = "*";

/// Where the resources of a mapped action are from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ResourceBasis {
    /// The record's own error message.
    Message,
    /// The record's `resources`.
    Record,
    /// The parameters of the request, or what the response says of it.
    Parameters,
    /// The parameters name an IAM entity without its path (`/` is assumed), or something else whose ARN has a part that
    /// AWS made up (wildcards stand for it).
    AssumedPath,
    /// Some are proven; for a kind of resource that the action needs, the record proves none (`*`).
    Partial,
    /// The action is granted on `*` only.
    TakesNone,
    /// The record proves none (`*`).
    Unknown,
}

impl ResourceBasis {
    /// The name in tables and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Record => "record",
            Self::Parameters => "parameters",
            Self::AssumedPath => "assumed_path",
            Self::Partial => "partial",
            Self::TakesNone => "takes_none",
            Self::Unknown => "unknown",
        }
    }
}

/// How sure it is that a call needed an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// It depends on what the record does not settle.
    Possible,
    /// The call cannot succeed without it.
    Certain,
}

impl Strength {
    /// The name in tables and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Certain => "certain",
        }
    }
}

/// What a mapping rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The operation and the action have one name.
    Identity,
    /// A published list of operations whose action has another name.
    Exception,
    /// The service's own documentation or model.
    Documentation,
    /// The hand table, or the parameters that a rule of this crate reads.
    Hand,
    /// The record's own error message, which names the action.
    Message,
    /// Likely by the form of the parameters, and confirmed by no source.
    Unverified,
}

impl Basis {
    /// The name in tables and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Exception => "exception",
            Self::Documentation => "documentation",
            Self::Hand => "hand",
            Self::Message => "message",
            Self::Unverified => "unverified",
        }
    }
}

/// Tells which IAM actions the call needed. For many calls, a [`Mapper`] remembers what their names tell.
///
/// ```
/// use curtail_iam::{catalog::Catalog, event::{EventCall, EventMapping, map_event}};
/// let call = EventCall {
///     event_source: "s3.amazonaws.com",
///     event_name: "HeadObject",
///     request_parameters: Some(r#"{"bucketName":"reports","key":"a.pdf"}"#),
///     ..EventCall::default()
/// };
/// let EventMapping::Actions(actions) = map_event(&call, Catalog::embedded()) else { unreachable!() };
/// assert_eq!(actions[0].action, "s3:GetObject");
/// assert_eq!(actions[0].resources, ["arn:aws:s3:::reports/a.pdf"]);
/// ```
#[must_use]
pub fn map_event(call: &EventCall<'_>, catalog: &Catalog) -> EventMapping {
    Mapper::new(catalog).map(call)
}

/// The IAM prefixes of the services whose calls are recorded under an event source, separated by commas; `None` if it is
/// no host of AWS.
///
/// ```
/// use curtail_iam::{catalog::Catalog, event::services};
/// assert_eq!(services("monitoring.amazonaws.com", Catalog::embedded()), Some("cloudwatch"));
/// ```
#[must_use]
pub fn services<'a>(event_source: &'a str, catalog: &'a Catalog) -> Option<&'a str> {
    operation::services(event_source, catalog)
}

#[cfg(test)]
mod tests;
