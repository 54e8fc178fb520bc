//! Writes policies: wanted actions in, the shortest document that grants just them out.
//!
//! A wildcard stands only where the catalog has no other action that it matches, so expanding what
//! is written gives what was wanted. It will also match actions that AWS adds later under such a
//! name; names in full do not. No pattern reaches over two services, except `*` for the whole catalog.
//! Source: IAM User Guide, "IAM JSON policy elements: Action".
//!
//! INVARIANT: the actions of the catalog that [`patterns`] match are the wanted ones, and the output
//! depends on nothing but the sets that come in.

mod cheapest;
mod cover;
mod limit;
mod piece;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::catalog::Catalog;
use crate::document::{Document, DocumentError};
use crate::index::indexed;
use cover::Service;

pub use crate::error::SplitError;
pub use limit::{Limit, size};
pub use piece::split;

/// Where a wildcard may stand in the name of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wildcards {
    /// In place of whole words, as in `ec2:Describe*`: as people write them.
    #[default]
    ForWords,
    /// Anywhere, as in `ec2:Des*`: the fewest characters.
    Anywhere,
}

/// Actions to grant, and where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Names in full, in any case.
    pub actions: BTreeSet<String>,
    /// Resource patterns; none for all resources.
    pub resources: BTreeSet<String>,
    /// The `Condition` element, if there is to be one.
    pub conditions: Option<Value>,
}

/// The shortest patterns for a set of actions, sorted; names that the catalog lacks stand in full.
///
/// ```
/// use curtail_iam::{catalog::Catalog, minimise::{Wildcards, patterns}};
/// let wanted = ["sqs:ReceiveMessage", "sqs:SendMessage", "sqs:GetQueueUrl", "sqs:GetQueueAttributes"];
/// let wanted = wanted.map(str::to_owned).into();
/// let found = patterns(&wanted, Wildcards::ForWords, Catalog::embedded());
/// assert_eq!(found, ["sqs:Get*", "sqs:ReceiveMessage", "sqs:SendMessage"]);
/// ```
#[must_use]
pub fn patterns(
    actions: &BTreeSet<String>,
    wildcards: Wildcards,
    catalog: &Catalog,
) -> Vec<String> {
    indexed(catalog, |index| {
        let places = actions.iter().filter_map(|name| index.place(name));
        let wanted = index.cells(places);
        let strangers: BTreeSet<String> = actions
            .iter()
            .filter(|name| index.place(name).is_none())
            .cloned()
            .collect();
        if !wanted.is_empty() && wanted.iter().all(|&wanted| wanted) {
            return vec!["*".to_owned()];
        }
        let entries: Vec<_> = index.entries().iter().zip(wanted).collect();
        let mut patterns: Vec<String> = Vec::new();
        for service in entries.chunk_by(|(a, _), (b, _)| prefix(&a.lower) == prefix(&b.lower)) {
            let names = service
                .iter()
                .map(|(entry, wanted)| (entry.name.as_str(), *wanted));
            patterns.extend(Service::new(names).patterns(wildcards));
        }
        patterns.extend(strangers);
        patterns.sort_by_cached_key(|pattern| pattern.to_ascii_lowercase());
        patterns
    })
}

/// The shortest document that grants what is wanted: a statement for each set of resources and
/// conditions, with resources joined where the actions are the same.
///
/// `None` if nothing is wanted.
///
/// # Errors
/// [`DocumentError`] if a resource, a condition or a name is none that a policy may hold.
///
/// ```
/// use curtail_iam::{catalog::Catalog, minimise::*};
/// let wanted = Wanted {
///     actions: ["sqs:SendMessage".to_owned()].into(),
///     resources: ["arn:aws:sqs:eu-west-1:111122223333:q".to_owned()].into(),
///     conditions: None,
/// };
/// let document = minimise(&[wanted], Wildcards::ForWords, Catalog::embedded())?;
/// assert_eq!(document.map(|document| document.statements.len()), Some(1));
/// # Ok::<(), curtail_iam::document::DocumentError>(())
/// ```
pub fn minimise(
    wanted: &[Wanted],
    wildcards: Wildcards,
    catalog: &Catalog,
) -> Result<Option<Document>, DocumentError> {
    let statements: Vec<Value> = joined(wanted)
        .into_iter()
        .map(|one| statement(&one, wildcards, catalog))
        .collect();
    if statements.is_empty() {
        return Ok(None);
    }
    let value = json!({"Version": "2012-10-17", "Statement": statements});
    let document = Document::from_value(value)?;
    document.check_identity()?;
    Ok(Some(document))
}

/// The service with its colon.
fn prefix(name: &str) -> &str {
    name.split_inclusive(':').next().unwrap_or_default()
}

/// Wants with the same resources and conditions as one, then those with the same actions and
/// conditions. The order is that of their first resource.
fn joined(wanted: &[Wanted]) -> Vec<Wanted> {
    let mut by_place: BTreeMap<(BTreeSet<String>, String), Wanted> = BTreeMap::new();
    for one in wanted.iter().filter(|one| !one.actions.is_empty()) {
        let key = (resources(one), text(one.conditions.as_ref()));
        let joined = by_place.entry(key).or_insert_with(|| Wanted {
            actions: BTreeSet::new(),
            resources: resources(one),
            conditions: one.conditions.clone(),
        });
        joined.actions.extend(one.actions.iter().cloned());
    }
    let mut by_actions: BTreeMap<(BTreeSet<String>, String), Wanted> = BTreeMap::new();
    for one in by_place.into_values() {
        let key = (one.actions.clone(), text(one.conditions.as_ref()));
        match by_actions.get_mut(&key) {
            Some(joined) => joined.resources.extend(one.resources),
            None => {
                by_actions.insert(key, one);
            }
        }
    }
    let mut joined: Vec<Wanted> = by_actions.into_values().collect();
    for one in &mut joined {
        if one.resources.contains("*") {
            one.resources = ["*".to_owned()].into();
        }
    }
    joined.sort_by_cached_key(|one| (one.resources.clone(), text(one.conditions.as_ref())));
    joined
}

fn resources(one: &Wanted) -> BTreeSet<String> {
    if one.resources.is_empty() {
        ["*".to_owned()].into()
    } else {
        one.resources.clone()
    }
}

fn text(conditions: Option<&Value>) -> String {
    conditions.map(Value::to_string).unwrap_or_default()
}

fn statement(one: &Wanted, wildcards: Wildcards, catalog: &Catalog) -> Value {
    let actions = patterns(&one.actions, wildcards, catalog);
    let resources: Vec<&String> = one.resources.iter().collect();
    let mut statement = Map::new();
    statement.insert("Effect".to_owned(), json!("Allow"));
    statement.insert("Action".to_owned(), one_or_list(&actions));
    statement.insert("Resource".to_owned(), one_or_list(&resources));
    if let Some(conditions) = &one.conditions {
        statement.insert("Condition".to_owned(), conditions.clone());
    }
    Value::Object(statement)
}

fn one_or_list<T: AsRef<str>>(texts: &[T]) -> Value {
    match texts {
        [single] => json!(single.as_ref()),
        several => several.iter().map(AsRef::as_ref).collect(),
    }
}

#[cfg(test)]
mod tests;
