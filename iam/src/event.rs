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
mod needs;
mod operation;
mod parameters;
mod passed_role;
mod request;
mod resource;
mod service;
mod stored_object;
mod tags;

use serde::Serialize;

use crate::catalog::Catalog;
use needs::Needs;
use operation::{Answer, resolve};
use request::Request;

/// The parts of a record that tell which actions it needed.
#[derive(Debug, Clone, Copy, Default)]
pub struct EventCall<'a> {
    /// `eventSource`: `s3.amazonaws.com`.
    pub event_source: &'a str,
    /// `eventName`: `GetObject`.
    pub event_name: &'a str,
    /// `requestParameters` as JSON text.
    pub request_parameters: Option<&'a str>,
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
    Unmapped,
}

/// An action that an event needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MappedAction {
    /// The action as AWS writes it: `s3:GetObject`.
    pub action: String,
    /// How sure it is.
    pub strength: Strength,
    /// What it rests on.
    pub basis: Basis,
    /// The ARN that it was used on, where the record proves one.
    pub resource: Option<String>,
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

/// Tells which IAM actions the call needed.
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
/// assert_eq!(actions[0].resource.as_deref(), Some("arn:aws:s3:::reports/a.pdf"));
/// ```
#[must_use]
pub fn map_event(call: &EventCall<'_>, catalog: &Catalog) -> EventMapping {
    if let Some(action) = denial::named_action(call.error_message, catalog) {
        return EventMapping::Actions(vec![action]);
    }
    let operation = match resolve(call.event_source, call.event_name, catalog) {
        Some(Answer::Operation(operation)) => operation,
        Some(Answer::NoAction(reason)) => return EventMapping::NoAction { reason },
        None => return EventMapping::Unmapped,
    };
    let request = Request::new(call, &operation, catalog);
    let mut needs = Needs::of(&operation);
    service::refine(&request, &mut needs);
    passed_role::add(&request, &mut needs);
    tags::add(&request, &mut needs);
    stored_object::add(&request, &mut needs);
    EventMapping::Actions(needs.finish(&request))
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
