//! The map from recorded calls to IAM actions: one call in, what it needed out.
//!
//! What a source and a name tell is the same for every record of the pair; it is found out once
//! and kept. What the parameters tell is read off each record.

use std::collections::HashMap;

use super::needs::Needs;
use super::operation::unknown;
use super::plan::Plan;
use super::request::Request;
use super::{
    EventCall, EventMapping, MappedAction, denial, passed_role, service, stored_object, tags,
};
use crate::catalog::Catalog;

/// How many pairs of source and name are kept. Chosen: ten times the pairs of a large organisation; a log of made-up
/// names must not fill the memory.
const PLAN_LIMIT: usize = 8192;

/// Why an event of a service needs no action; `hand.tsv` says the same of those known by name.
pub(super) const SERVICE_EVENT: &str = "an event of the service itself";

/// The types of events that are no calls, and why they need no action.
/// Source: AWS CloudTrail User Guide, "`CloudTrail` record contents" (`eventType`).
const NO_CALLS: [(&str, &str); 5] = [
    ("AwsServiceEvent", SERVICE_EVENT),
    (
        "AwsConsoleSignIn",
        "a sign-in, not an API call that IAM authorizes",
    ),
    (
        "AwsConsoleSignin",
        "a sign-in, not an API call that IAM authorizes",
    ),
    (
        "AwsCloudTrailInsight",
        "a measure of CloudTrail Insights, not a call",
    ),
    (
        "AwsMcpEvent",
        "a tool call of the AWS MCP Server; the calls it makes have records of their own",
    ),
];

/// Maps calls, and remembers what their names told.
///
/// The answer to a call does not depend on the calls before it.
#[derive(Debug)]
pub struct Mapper<'c> {
    catalog: &'c Catalog,
    ignores_messages: bool,
    plans: Vec<Plan<'c>>,
    /// Where the plan of a source and name stands.
    places: HashMap<Box<str>, HashMap<Box<str>, usize>>,
}

impl<'c> Mapper<'c> {
    /// A map by this catalog.
    #[must_use]
    pub fn new(catalog: &'c Catalog) -> Self {
        Self {
            catalog,
            ignores_messages: false,
            plans: Vec::new(),
            places: HashMap::new(),
        }
    }

    /// Does not let the message of a denied record tell the action, so that the map itself can be tested.
    #[must_use]
    pub fn ignoring_messages(mut self) -> Self {
        self.ignores_messages = true;
        self
    }

    /// Tells which IAM actions the call needed.
    #[must_use]
    pub fn map(&mut self, call: &EventCall<'_>) -> EventMapping {
        if let Some(reason) = no_call(call.event_type) {
            return EventMapping::NoAction { reason };
        }
        if !self.ignores_messages
            && let Some(action) = denial::named_action(call.error_message, self.catalog)
        {
            return EventMapping::Actions(vec![self.with_resources(action, call)]);
        }
        self.by_name(call)
    }

    /// The action of a message; where that says nothing of a resource, what the call itself names for the action.
    fn with_resources(&mut self, mut action: MappedAction, call: &EventCall<'_>) -> MappedAction {
        if call.error_message.is_some_and(denial::speaks_of_resource) {
            return action;
        }
        if let EventMapping::Actions(mapped) = self.by_name(call) {
            let mut same = mapped.into_iter().filter(|one| one.action == action.action);
            if let (Some(one), None) = (same.next(), same.next()) {
                action.resources = one.resources;
                action.resource_basis = one.resource_basis;
            }
        }
        action
    }

    /// What the source, the name and the parameters of a call tell.
    fn by_name(&mut self, call: &EventCall<'_>) -> EventMapping {
        let place = self.place(call.event_source, call.event_name);
        let plan = match self.plans.get(place) {
            Some(Plan::Call(plan)) => plan,
            Some(Plan::NoAction(reason)) => return EventMapping::NoAction { reason },
            Some(Plan::Unmapped(reason)) => {
                let reason = reason.clone();
                return EventMapping::Unmapped { reason };
            }
            // INVARIANT: `place` gave a place that is there.
            None => {
                let reason = unknown(call.event_source, call.event_name, self.catalog);
                return EventMapping::Unmapped { reason };
            }
        };
        let request = Request::new(call, plan, self.catalog);
        let mut needs = Needs::of(plan);
        service::refine(&request, &mut needs);
        passed_role::add(&request, &mut needs);
        tags::add(&request, &mut needs);
        stored_object::add(&request, &mut needs);
        EventMapping::Actions(needs.finish(&request))
    }

    /// Where the plan of the pair stands, made if it is new.
    fn place(&mut self, source: &str, name: &str) -> usize {
        let known = self.places.get(source).and_then(|names| names.get(name));
        if let Some(place) = known {
            return *place;
        }
        if self.plans.len() >= PLAN_LIMIT {
            self.plans.clear();
            self.places.clear();
        }
        let place = self.plans.len();
        self.plans.push(Plan::of(source, name, self.catalog));
        let names = self.places.entry(source.into()).or_default();
        names.insert(name.into(), place);
        place
    }
}

fn no_call(event_type: Option<&str>) -> Option<&'static str> {
    let event_type = event_type?;
    let row = NO_CALLS.iter().find(|(kind, _)| *kind == event_type)?;
    Some(row.1)
}
