//! Tests of the resources of calls, with parameters as CloudTrail writes them.

mod compute;
mod data;
mod hostile;
mod identity;
mod merge;
mod models;
mod parts;
mod services;
mod table;

use super::super::{EventCall, EventMapping, MappedAction, Mapper, ResourceBasis};
use crate::catalog::Catalog;

/// A call in `eu-west-1` of account `111122223333`.
#[derive(Clone, Copy)]
struct Call<'a> {
    source: &'a str,
    name: &'a str,
    request: &'a str,
    response: &'a str,
    listed: &'a str,
}

impl<'a> Call<'a> {
    fn new(source: &'a str, name: &'a str, request: &'a str) -> Self {
        Self {
            source,
            name,
            request,
            response: "null",
            listed: "",
        }
    }

    /// All needs of the call.
    fn needs(self) -> Vec<MappedAction> {
        let host = format!("{}.amazonaws.com", self.source);
        let listed: Vec<String> = self
            .listed
            .split_whitespace()
            .map(|arn| format!(r#"{{"accountId":"111122223333","type":"AWS::Any","ARN":"{arn}"}}"#))
            .collect();
        let listed = format!("[{}]", listed.join(","));
        let call = EventCall {
            event_source: &host,
            event_name: self.name,
            request_parameters: Some(self.request),
            response_elements: Some(self.response),
            resources: (!self.listed.is_empty()).then_some(listed.as_str()),
            aws_region: Some("eu-west-1"),
            account_id: Some("111122223333"),
            ..EventCall::default()
        };
        match Mapper::new(Catalog::embedded()).map(&call) {
            EventMapping::Actions(needs) => needs,
            other => panic!("{} {} gives {other:?}", self.source, self.name),
        }
    }

    /// What `action` was used on.
    fn on(self, action: &str) -> (String, ResourceBasis) {
        let needs = self.needs();
        let need = needs.iter().find(|need| need.action == action);
        let need = need.unwrap_or_else(|| panic!("{} needs no {action}: {needs:?}", self.name));
        (need.resources.join(" "), need.resource_basis)
    }
}

/// Holds rows of event, parameters and ARNs against what is read off the parameters for the call's first action;
/// `~` stands for `eu-west-1:111122223333`.
fn assert_spelt(source: &str, rows: &[(&str, &str, &str)]) {
    for (name, request, arns) in rows {
        let needs = Call::new(source, name, request).needs();
        let first = &needs[0];
        let spelt = first
            .resources
            .join(" ")
            .replace("eu-west-1:111122223333", "~");
        assert_eq!(spelt, *arns, "{source} {name} {request}");
        let is_whole = !arns.ends_with('*') || arns.ends_with("/*");
        let basis = if is_whole {
            ResourceBasis::Parameters
        } else if *arns == "*" {
            ResourceBasis::Unknown
        } else {
            ResourceBasis::Partial
        };
        assert_eq!(first.resource_basis, basis, "{source} {name} {request}");
    }
}
