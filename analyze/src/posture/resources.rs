//! Resources are scoped and named: no action that takes resources is allowed on all of them, and no pattern is a kind of
//! resource with nothing but a wildcard for its name.
//!
//! An action that takes no resource can only be allowed on `*`, and is no fault. A condition on the resource itself (its
//! tags, account or organization) scopes it.
//! Source: Service Authorization Reference, for the resources that an action takes; IAM User Guide, "Security best
//! practices in IAM", "Apply least-privilege permissions".

use std::collections::BTreeSet;

use curtail_iam::catalog::{Action, Catalog};
use curtail_iam::document::{ActionElement, ResourceElement, Statement};
use curtail_iam::expand::{expand, expand_not};

use super::{Outcome, Subject};

pub(super) fn no_unscoped_resource(subject: &Subject<'_>) -> Outcome {
    let mut faults = BTreeSet::new();
    for (place, statement) in subject.allows() {
        if !is_everywhere(&statement.resources) || is_scoped_by_condition(statement) {
            continue;
        }
        if let Some(action) = takes_resource(&statement.actions) {
            faults.insert(format!("{place} allows {action} on all resources"));
        }
    }
    subject.verdict(
        &faults,
        "no action that takes resources is allowed on all of them",
    )
}

pub(super) fn resources_named(subject: &Subject<'_>) -> Outcome {
    let mut faults = BTreeSet::new();
    for (place, statement) in subject.allows() {
        if let ResourceElement::Resource(patterns) = &statement.resources {
            faults.extend(
                patterns
                    .iter()
                    .filter(|pattern| !is_wildcard(pattern) && is_nameless(pattern))
                    .map(|pattern| format!("{place} names none of {pattern}")),
            );
        }
    }
    subject.verdict(&faults, "every resource pattern has a name in it")
}

fn is_everywhere(resources: &ResourceElement) -> bool {
    match resources {
        ResourceElement::Resource(patterns) => patterns.iter().any(|pattern| is_wildcard(pattern)),
        ResourceElement::NotResource(_) => true,
        ResourceElement::Absent => false,
    }
}

/// Nothing but stars.
fn is_wildcard(pattern: &str) -> bool {
    !pattern.is_empty() && pattern.bytes().all(|byte| byte == b'*')
}

fn is_scoped_by_condition(statement: &Statement) -> bool {
    statement.conditions.iter().any(|condition| {
        let key = condition.key.to_ascii_lowercase();
        let name = key.split_once(':').map_or(key.as_str(), |(_, name)| name);
        name.starts_with("resourcetag/")
            || name.starts_with("existingobjecttag/")
            || ["resourceaccount", "resourceorgid", "resourceorgpaths"].contains(&name)
    })
}

/// The first action of the statement that takes a resource.
fn takes_resource(actions: &ActionElement) -> Option<&'static str> {
    let catalog = Catalog::embedded();
    let first = |found: Vec<&Action>| {
        found
            .into_iter()
            .find(|action| action.resource_types.iter().next().is_some())
            .map(|action| action.name)
    };
    match actions {
        ActionElement::Action(patterns) => patterns
            .iter()
            .find_map(|pattern| first(expand(pattern, catalog))),
        ActionElement::NotAction(patterns) => first(expand_not(patterns, catalog)),
    }
}

/// Whether the ARN pattern has a kind of resource, or nothing, and only wildcards for the name.
fn is_nameless(pattern: &str) -> bool {
    let mut parts = pattern.splitn(6, ':');
    let (Some(service), Some(resource)) = (parts.nth(2), parts.nth(2)) else {
        return true;
    };
    let bare = |text: &str| text.bytes().all(|byte| b"*?/:".contains(&byte));
    if service == "s3" {
        // The ARN of a bucket has no kind: what stands before the first slash is its name.
        return resource.split('/').next().is_none_or(bare);
    }
    match resource.split_once(['/', ':']) {
        Some((_, name)) => bare(name),
        None => bare(resource),
    }
}
