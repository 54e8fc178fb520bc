//! Effects, actions, resources and `Sid`s: what AWS refuses of them in policies of each kind.

use super::PolicyUse;
use crate::document::fault::Fault;
use crate::document::position::Path;
use crate::document::statement::{ActionElement, Effect, ResourceElement, Statement};
use crate::document::{PrincipalElement, Principals};

/// The service of an action holds no wildcard, unless the pattern is `*` or `*:*`.
/// Source: IAM's own refusal, "Action vendors must not contain wildcards"; IAM User Guide, "IAM JSON
/// policy elements: Action" has wildcards in the name of the action alone.
pub(super) fn actions(statement: &Statement, at: &Path) -> Result<(), Fault> {
    let wildcard = |pattern: &String| crate::expand::has_wildcard_service(pattern);
    let (name, patterns) = action_list(statement);
    match patterns.iter().position(wildcard) {
        None => Ok(()),
        Some(item) => Err(Fault::new(
            at.clone().element(name).item(item),
            format!(
                "has the action `{}`, with a wildcard in the name of its service",
                patterns.get(item).map_or("", String::as_str)
            ),
        )),
    }
}

/// The rest, by the use of the policy.
pub(super) fn check(statement: &Statement, policy_use: PolicyUse, at: &Path) -> Result<(), Fault> {
    match policy_use {
        PolicyUse::Identity
        | PolicyUse::Boundary
        | PolicyUse::Session
        | PolicyUse::ServiceControl => {
            resources(statement, policy_use, at)?;
            arns(statement, at)?;
            sid(statement, at)
        }
        PolicyUse::Resource => Ok(()),
        PolicyUse::Trust => trust(statement, at),
        PolicyUse::ResourceControl => resource_control(statement, at),
    }
}

fn action_list(statement: &Statement) -> (&'static str, &[String]) {
    match &statement.actions {
        ActionElement::Action(patterns) => ("Action", patterns),
        ActionElement::NotAction(patterns) => ("NotAction", patterns),
    }
}

/// Source: IAM User Guide, "Grammar of the IAM JSON policy language"; check "Missing resource".
pub(super) fn resources(
    statement: &Statement,
    policy_use: PolicyUse,
    at: &Path,
) -> Result<(), Fault> {
    match &statement.resources {
        ResourceElement::Absent => Err(Fault::new(
            at.clone(),
            format!(
                "has neither `Resource` nor `NotResource`, which {} need",
                policy_use.name()
            ),
        )),
        _ => Ok(()),
    }
}

/// Source: IAM User Guide, "IAM JSON policy elements: Resource"; checks "Invalid ARN prefix" and
/// "Missing ARN field".
fn arns(statement: &Statement, at: &Path) -> Result<(), Fault> {
    let (name, patterns) = match &statement.resources {
        ResourceElement::Absent => return Ok(()),
        ResourceElement::Resource(patterns) => ("Resource", patterns),
        ResourceElement::NotResource(patterns) => ("NotResource", patterns),
    };
    match patterns.iter().position(|pattern| !is_arn_or_star(pattern)) {
        None => Ok(()),
        Some(item) => Err(Fault::new(
            at.clone().element(name).item(item),
            format!(
                "has the resource `{}`, which is neither an ARN nor `*`",
                patterns.get(item).map_or("", String::as_str)
            ),
        )),
    }
}

/// A pattern that begins with a wildcard may still be an ARN, and a wildcard may run over colons.
fn is_arn_or_star(pattern: &str) -> bool {
    let whole = pattern.contains(['*', '?', '$']) || pattern.split(':').count() >= 6;
    pattern.starts_with(['*', '?']) || (pattern.starts_with("arn:") && whole)
}

/// Source: IAM User Guide, "IAM JSON policy elements: Sid".
fn sid(statement: &Statement, at: &Path) -> Result<(), Fault> {
    let sid = statement.sid.as_deref().unwrap_or_default();
    if sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(());
    }
    Err(Fault::new(
        at.clone().element("Sid").item(0),
        "has a `Sid` with more than letters and digits",
    ))
}

/// Source: IAM User Guide, "IAM policy validation check reference", "Role trust policy syntax
/// error resource"; IAM's own refusal, "`AssumeRole` policy may only specify STS `AssumeRole` actions".
fn trust(statement: &Statement, at: &Path) -> Result<(), Fault> {
    let element = match statement.resources {
        ResourceElement::Absent => None,
        ResourceElement::Resource(_) => Some("Resource"),
        ResourceElement::NotResource(_) => Some("NotResource"),
    };
    if let Some(element) = element {
        return Err(Fault::new(
            at.clone().element(element),
            format!("has `{element}`, which trust policies cannot have"),
        ));
    }
    let (name, patterns) = action_list(statement);
    let foreign = |pattern: &String| {
        let service = pattern.split_once(':').map(|(service, _)| service);
        service.is_some_and(|service| service != "*" && !service.eq_ignore_ascii_case("sts"))
    };
    match patterns.iter().position(foreign) {
        None => Ok(()),
        Some(item) => Err(Fault::new(
            at.clone().element(name).item(item),
            "has an action of another service than STS, which trust policies cannot have",
        )),
    }
}

/// Source: AWS Organizations User Guide, "RCP syntax".
fn resource_control(statement: &Statement, at: &Path) -> Result<(), Fault> {
    resources(statement, PolicyUse::ResourceControl, at)?;
    if statement.effect == Effect::Allow {
        return if is_full_access(statement) {
            Ok(())
        } else {
            Err(Fault::new(
                at.clone().element("Effect").item(0),
                "allows, which only the policy `RCPFullAWSAccess` does",
            ))
        };
    }
    if let ActionElement::NotAction(_) = statement.actions {
        return Err(Fault::new(
            at.clone().element("NotAction"),
            "has `NotAction`, which resource control policies cannot have",
        ));
    }
    let (name, patterns) = action_list(statement);
    match patterns.iter().position(|text| text.starts_with('*')) {
        None => sid(statement, at),
        Some(item) => Err(Fault::new(
            at.clone().element(name).item(item),
            "denies `*`, where resource control policies must name the service",
        )),
    }
}

/// The statement of `RCPFullAWSAccess`: everyone, everything, everywhere.
fn is_full_access(statement: &Statement) -> bool {
    let everyone = Principals {
        everyone: true,
        ..Principals::default()
    };
    let star = |patterns: &[String]| patterns == ["*"];
    statement.conditions.is_empty()
        && statement.principal == PrincipalElement::Principal(everyone)
        && matches!(&statement.actions, ActionElement::Action(patterns) if star(patterns))
        && matches!(&statement.resources, ResourceElement::Resource(patterns) if star(patterns))
}
