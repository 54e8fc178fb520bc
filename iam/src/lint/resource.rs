//! Resources that none of the actions takes, and actions for which none of the resources is one.
//!
//! Both make a statement, or a part of it, say nothing: an action is granted on a resource only
//! if it takes resources of that kind, and one that takes none only on `*`.
//! Source: IAM User Guide, "IAM JSON policy elements: Resource"; AWS Service Authorization Reference,
//! "Actions defined by …".

use std::collections::BTreeSet;

use super::arn_shape::{Apart, Written};
use super::finding::Findings;
use super::{MAX_LIST, Scope};
use crate::catalog::Action;
use crate::document::{ActionElement, Path, ResourceElement};
use crate::expand::expand;

/// Most comparisons of a kind of resource with a resource; chosen to take some milliseconds.
const MAX_COMPARISONS: usize = 100_000;

pub(super) fn check(scope: &Scope<'_>, findings: &mut Findings<'_>) {
    let (name, patterns) = scope.resource_list();
    let at = scope.at.clone().element(name);
    if patterns.is_empty() && scope.statement.resources != ResourceElement::Absent {
        findings.warning(
            "empty-list",
            at.clone(),
            format!("`{name}` lists nothing"),
            "list resources, or remove the statement",
        );
    }
    let written: Vec<Written> = patterns.iter().map(|text| Written::new(text)).collect();
    partitions(&written, &at, findings);
    let listed = matches!(scope.statement.resources, ResourceElement::Resource(_));
    if listed
        && !scope.actions.is_empty()
        && patterns.len() <= MAX_LIST
        && !written.iter().any(Written::is_everything)
    {
        let kinds = kinds(scope, scope.actions.iter().copied());
        if kinds.len() * written.len() <= MAX_COMPARISONS {
            resources(patterns, &written, &kinds, &at, findings);
            actions(scope, &written, findings);
        }
    }
    if patterns.len() <= MAX_LIST {
        redundant(patterns, &at, findings);
    }
}

fn partitions(written: &[Written], at: &Path, findings: &mut Findings<'_>) {
    for (item, resource) in written.iter().enumerate() {
        if let Some(partition) = resource.unknown_partition() {
            findings.warning(
                "unknown-partition",
                at.clone().item(item),
                format!("there is no partition `{partition}`"),
                "write `aws`, `aws-cn` or `aws-us-gov`, or `*` for any",
            );
        }
    }
}

/// The ARNs of the kinds of resource that the actions take.
fn kinds<'a>(
    scope: &Scope<'_>,
    actions: impl Iterator<Item = &'a Action>,
) -> BTreeSet<&'static str> {
    actions
        .flat_map(|action| {
            let types = action.resource_types.iter();
            types.filter_map(|kind| scope.catalog.resource_type(action.service, kind.name))
        })
        .map(|kind| kind.arn)
        .collect()
}

fn resources(
    patterns: &[String],
    written: &[Written],
    kinds: &BTreeSet<&'static str>,
    at: &Path,
    findings: &mut Findings<'_>,
) {
    for (item, (pattern, resource)) in patterns.iter().zip(written).enumerate() {
        let nearest = kinds
            .iter()
            .map(|kind| (resource.apart(kind), *kind))
            .min_by_key(|(apart, _)| *apart);
        let at = at.clone().item(item);
        match nearest {
            Some((None, _)) => {}
            Some((Some(Apart::Place), kind)) => findings.warning(
                "arn-shape",
                at,
                format!(
                    "`{pattern}` has a region or account where `{kind}` has none, or lacks one"
                ),
                "write the parts as the kind of resource has them",
            ),
            Some(_) => findings.warning(
                "resource-not-of-actions",
                at,
                format!("`{pattern}` is no resource of any action of the statement"),
                "remove it, or move it to the statement of its actions",
            ),
            None => findings.warning(
                "resource-not-of-actions",
                at,
                format!("`{pattern}` is in vain: no action of the statement takes a resource"),
                "write `*`",
            ),
        }
    }
}

/// Names the patterns of which no action is granted on any of the resources.
fn actions(scope: &Scope<'_>, written: &[Written], findings: &mut Findings<'_>) {
    let ActionElement::Action(patterns) = &scope.statement.actions else {
        return;
    };
    let applies = |kind: &&str| {
        written
            .iter()
            .any(|resource| resource.apart(kind).is_none())
    };
    for (item, pattern) in patterns.iter().enumerate().take(MAX_LIST) {
        if findings.is_full() {
            return;
        }
        let granted = expand(pattern, scope.catalog);
        let kinds = kinds(scope, granted.iter().copied());
        if granted.is_empty() || kinds.iter().any(applies) {
            continue;
        }
        let at = scope.at.clone().element("Action").item(item);
        if kinds.is_empty() {
            findings.warning(
                "action-needs-star",
                at,
                format!("`{pattern}` takes no resource, and is granted only on `*`"),
                "move it to a statement with `\"Resource\": \"*\"`",
            );
        } else {
            findings.warning(
                "action-without-resource",
                at,
                format!("none of the resources is one that `{pattern}` takes"),
                "add its resources, or remove it",
            );
        }
    }
}

fn redundant(patterns: &[String], at: &Path, findings: &mut Findings<'_>) {
    let mut seen = BTreeSet::new();
    for (item, pattern) in patterns.iter().enumerate() {
        let by_star = pattern != "*" && patterns.iter().any(|other| other == "*");
        if by_star || !seen.insert(pattern) {
            findings.note(
                "redundant-resource",
                at.clone().item(item),
                format!("`{pattern}` adds nothing to what stands beside it"),
                "remove it, or narrow the wider one",
            );
        }
    }
}
