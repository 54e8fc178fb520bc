//! Action patterns of a policy: a pattern in, the actions of the catalog that it grants out.
//!
//! A pattern is `service:name` or `*`. Names compare without letter case; `*` and `?` stand anywhere,
//! as in [`crate::pattern`]. In the name of the service they match too, as they do in evaluation, though
//! IAM refuses to take such a policy: [`miss`] tells that. `*:*` is all, as `*` is.
//! White space is part of a pattern like any other character, and no action has any.
//! Source: IAM User Guide, "IAM JSON policy elements: Action" and "… `NotAction`"; IAM's own
//! refusal, "Action vendors must not contain wildcards".
//!
//! A pattern that matches nothing is no error here: retired actions stand in many policies.
//! [`miss`] tells why it does.

mod nearest;

use std::collections::BTreeSet;
use std::fmt;

use crate::catalog::{Action, Catalog};
use crate::pattern::wildcard_match_ignore_case;

/// The actions that `pattern` grants, sorted as the catalog is.
///
/// ```
/// use curtail_iam::{catalog::Catalog, expand::expand};
/// let names: Vec<&str> = expand("sts:*FederationToken", Catalog::embedded())
///     .iter()
///     .map(|action| action.name)
///     .collect();
/// assert_eq!(names, ["sts:GetFederationToken"]);
/// ```
#[must_use]
pub fn expand<'a>(pattern: &str, catalog: &'a Catalog) -> Vec<&'a Action> {
    if is_everything(pattern) {
        return catalog.actions().collect();
    }
    if !pattern.contains(':') {
        return Vec::new();
    }
    let literal = literal_prefix(pattern);
    if literal.len() == pattern.len() {
        return catalog.action(pattern).into_iter().collect();
    }
    let candidates = catalog.with_prefix(literal);
    if pattern.strip_prefix(literal) == Some("*") {
        return candidates.iter().collect();
    }
    candidates
        .iter()
        .filter(|action| wildcard_match_ignore_case(pattern, action.name))
        .collect()
}

/// The actions that none of `patterns` matches, sorted as the catalog is: what a `NotAction` means.
#[must_use]
pub fn expand_not<'a, P: AsRef<str>>(patterns: &[P], catalog: &'a Catalog) -> Vec<&'a Action> {
    let excepted: BTreeSet<&str> = patterns
        .iter()
        .flat_map(|pattern| expand(pattern.as_ref(), catalog))
        .map(|action| action.name)
        .collect();
    catalog
        .actions()
        .filter(|action| !excepted.contains(action.name))
        .collect()
}

/// Why a pattern grants nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Miss {
    /// It is not of the form `service:name`.
    NoService,
    /// It has a wildcard in the name of its service.
    WildcardService,
    /// There is no such service; perhaps one of a similar name is meant.
    UnknownService {
        /// The service whose name is nearest.
        nearest: Option<&'static str>,
    },
    /// AWS once listed the action and no longer does.
    Retired,
    /// The service has no such action; perhaps one of a similar name is meant, also of another
    /// service.
    UnknownAction {
        /// The action whose name is nearest.
        nearest: Option<&'static str>,
    },
    /// No action of the service matches the pattern.
    NoMatch,
}

impl fmt::Display for Miss {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NoService => "is not of the form `service:name`",
            Self::WildcardService => "has a wildcard in the name of its service, which AWS refuses",
            Self::UnknownService { .. } => "is of a service that the catalog does not list",
            Self::Retired => "is an action that AWS no longer lists",
            Self::UnknownAction { .. } => "is no action that the catalog lists",
            Self::NoMatch => "matches no action that the catalog lists",
        })
    }
}

/// Why `pattern` grants nothing: nothing matches, or IAM refuses it. `None` if it grants something.
///
/// ```
/// use curtail_iam::{catalog::Catalog, expand::{Miss, miss}};
/// let nearest = Some("s3:GetObject");
/// assert_eq!(miss("s3:GetObjekt", Catalog::embedded()), Some(Miss::UnknownAction { nearest }));
/// ```
#[must_use]
pub fn miss(pattern: &str, catalog: &Catalog) -> Option<Miss> {
    if has_wildcard_service(pattern) {
        return Some(Miss::WildcardService);
    }
    if !expand(pattern, catalog).is_empty() {
        return None;
    }
    let Some((service, name)) = pattern
        .split_once(':')
        .filter(|(s, n)| !s.is_empty() && !n.is_empty())
    else {
        return Some(Miss::NoService);
    };
    Some(if catalog.is_retired(pattern) {
        Miss::Retired
    } else if catalog.service_actions(service).is_empty() {
        let nearest = nearest::service(service, name, catalog);
        Miss::UnknownService { nearest }
    } else if name.contains(['*', '?']) {
        Miss::NoMatch
    } else {
        let nearest = nearest::action(service, name, catalog);
        Miss::UnknownAction { nearest }
    })
}

/// Tells whether a wildcard stands in the name of the service, which AWS refuses in every policy
/// unless the pattern is `*` or `*:*`. A pattern without a colon is all service.
#[must_use]
pub(crate) fn has_wildcard_service(pattern: &str) -> bool {
    let service = pattern.split(':').next().unwrap_or_default();
    service.contains(['*', '?']) && !is_everything(pattern)
}

/// Tells whether a pattern grants every action: stars alone, with one colon or none among them.
#[must_use]
pub(crate) fn is_everything(pattern: &str) -> bool {
    let (service, name) = pattern.split_once(':').unwrap_or((pattern, "*"));
    [service, name]
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte == b'*'))
}

fn literal_prefix(pattern: &str) -> &str {
    pattern.split(['*', '?']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests;
