//! A coarser trim, for a document that would not fit IAM's quotas: which actions it may still remove.
//!
//! Splitting a wildcard names what is kept, which takes room. Where only whole services go, of
//! which nothing is kept, one pattern per remaining service is enough.

use std::collections::{BTreeMap, BTreeSet};

use curtail_iam::catalog::Catalog;
use curtail_iam::document::{ActionElement, Document, Effect};

use super::statement::catalog_names;

/// Those removable actions of whose service the document allows nothing else.
pub(super) fn of_whole_services(
    document: &Document,
    removable: &BTreeSet<String>,
    catalog: &Catalog,
) -> BTreeSet<String> {
    let allowed: Vec<&ActionElement> = document
        .statements
        .iter()
        .filter(|statement| statement.effect == Effect::Allow)
        .map(|statement| &statement.actions)
        .collect();
    let mut whole: BTreeMap<&str, bool> = BTreeMap::new();
    for action in catalog_names(&allowed, catalog) {
        *whole.entry(service(action)).or_insert(true) &= removable.contains(action);
    }
    removable
        .iter()
        .filter(|action| whole.get(service(action)) == Some(&true))
        .cloned()
        .collect()
}

fn service(action: &str) -> &str {
    action.split(':').next().unwrap_or(action)
}
