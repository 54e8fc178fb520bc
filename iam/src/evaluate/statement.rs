//! Whether a statement applies to a request: action, resource, principal and conditions.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Action", "… `NotAction`", "… Resource",
//! "… `NotResource`".

use serde_json::Value;

use super::variable::{Variables, resolve_arn};
use super::{Request, Truth, condition};
use crate::document::{ActionElement, ResourceElement, Statement, Version};
use crate::pattern::{Fit, ResourcePattern, wildcard_match_ignore_case};
use crate::policy::Context;

/// Tells whether the statement applies.
pub(super) fn applies(statement: &Statement, version: Version, request: &Request<'_>) -> Truth {
    if !action_matches(&statement.actions, request.action) {
        return Truth::False;
    }
    let conditions = || {
        Truth::all(
            statement
                .conditions
                .iter()
                .map(|condition| condition::holds(condition, version, &request.context)),
        )
    };
    principal_applies(statement)
        .and(resource_applies(&statement.resources, version, request))
        .and(conditions())
}

/// Tells whether the action is among those that the element names.
pub(crate) fn action_matches(element: &ActionElement, action: &str) -> bool {
    let listed = element
        .patterns()
        .iter()
        .any(|pattern| wildcard_match_ignore_case(pattern, action));
    match element {
        ActionElement::Action(_) => listed,
        ActionElement::NotAction(_) => !listed,
    }
}

/// Tells whether the statement is for every principal: it names none, or `*`.
///
/// Resource control policies name `*`; no other policy here may have the element.
pub(crate) fn principal_applies(statement: &Statement) -> Truth {
    let everyone = match &statement.principals {
        None => true,
        Some(Value::Object(types)) => types.get("AWS").is_some_and(is_star),
        Some(value) => is_star(value),
    };
    if everyone && !statement.not_principal {
        Truth::True
    } else {
        Truth::unknown("principal")
    }
}

fn is_star(value: &Value) -> bool {
    match value {
        Value::Array(list) => list.iter().any(|one| one == "*"),
        single => single == "*",
    }
}

fn resource_applies(element: &ResourceElement, version: Version, request: &Request<'_>) -> Truth {
    let listed = |patterns: &[String]| {
        Truth::any(
            patterns
                .iter()
                .map(|pattern| pattern_takes(pattern, version, request)),
        )
    };
    match element {
        ResourceElement::Resource(patterns) => listed(patterns),
        ResourceElement::NotResource(patterns) => listed(patterns).negated(),
        ResourceElement::Absent => Truth::unknown("missing `Resource` element"),
    }
}

/// Reads a resource pattern with its variables.
///
/// Variables are allowed in the last component alone, so one elsewhere has no settled meaning.
pub(crate) fn resource_pattern(
    pattern: &str,
    version: Version,
    context: &Context,
) -> (ResourcePattern, Variables) {
    let (resolved, mut variables) = resolve_arn(pattern, version, context);
    let early = crate::pattern::components_around_variables(pattern)
        .into_iter()
        .take(5)
        .any(|component| component.contains("${"));
    if early && version == Version::V2012 {
        variables.unknown.insert(format!("variable in `{pattern}`"));
    }
    (resolved, variables)
}

fn pattern_takes(pattern: &str, version: Version, request: &Request<'_>) -> Truth {
    let (resolved, variables) = resource_pattern(pattern, version, &request.context);
    if variables.valueless {
        return Truth::False;
    }
    let known = if variables.unknown.is_empty() {
        Truth::True
    } else {
        Truth::Unknown(variables.unknown)
    };
    let Some(resource) = request.resource else {
        return if resolved.is_everything() {
            known
        } else {
            known.and(Truth::unknown("resource"))
        };
    };
    match resolved.fits(resource) {
        Fit::Yes => known,
        Fit::No => Truth::False,
        Fit::Undecided => known.and(Truth::unknown(format!("resource pattern `{pattern}`"))),
    }
}
