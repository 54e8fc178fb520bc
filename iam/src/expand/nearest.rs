//! A name that is no name in, the nearest one of the catalog out, if any is near.
//!
//! Near is what differs in few letters, or what goes on where the other breaks off. The same name
//! in another service goes before a similar one in the same, since prefixes are often mixed up.

use crate::catalog::Catalog;

/// Longest name that is compared, in bytes; chosen above the longest name of the catalog.
const MAX_NAME_BYTES: usize = 96;

/// The service whose name is nearest, or the one service that has an action of that name.
pub(super) fn service(service: &str, name: &str, catalog: &Catalog) -> Option<&'static str> {
    let mut services: Vec<&'static str> = catalog.actions().map(|action| action.service).collect();
    services.dedup();
    nearest(service, services.into_iter()).or_else(|| {
        let action = same_name(name, catalog)?;
        action.split_once(':').map(|(service, _)| service)
    })
}

/// The action whose name is nearest, of the same service or of the one that has the very name.
pub(super) fn action(service: &str, name: &str, catalog: &Catalog) -> Option<&'static str> {
    let listed = catalog.service_actions(service).iter();
    same_name(name, catalog).or_else(|| {
        let names = listed.map(|action| action.name);
        nearest(&format!("{service}:{name}"), names)
    })
}

/// The action of that name, in whichever service, if there is only one.
fn same_name(name: &str, catalog: &Catalog) -> Option<&'static str> {
    let own = |action: &&crate::catalog::Action| {
        let own_name = action.name.split_once(':').map(|(_, own)| own);
        own_name.is_some_and(|own| own.eq_ignore_ascii_case(name))
    };
    let mut found = catalog.actions().filter(own);
    match (found.next(), found.next()) {
        (Some(action), None) => Some(action.name),
        _ => None,
    }
}

fn nearest(wanted: &str, names: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    if wanted.len() > MAX_NAME_BYTES {
        return None;
    }
    let wanted = wanted.to_ascii_lowercase();
    let farthest = (wanted.len() / 4).min(3);
    names
        .filter_map(|name| {
            let lower = name.to_ascii_lowercase();
            let edits = distance(&wanted, &lower);
            let longer = wanted.len() >= 3 && lower.starts_with(&wanted);
            // What is only cut short comes after what is misspelt.
            let rank = if edits <= farthest {
                edits
            } else {
                100 + edits
            };
            (longer || edits <= farthest).then_some((rank, name))
        })
        .min()
        .map(|(_, name)| name)
}

/// How many letters must be put in, taken out or replaced.
/// Source: V. Levenshtein, "Binary codes capable of correcting deletions, insertions, and
/// reversals", 1966.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, &left) in a.as_bytes().iter().enumerate() {
        let mut diagonal = i;
        let mut before = i + 1;
        for (cell, &right) in row.iter_mut().skip(1).zip(b.as_bytes()) {
            let replaced = diagonal + usize::from(left != right);
            diagonal = *cell;
            *cell = replaced.min(before + 1).min(diagonal + 1);
            before = *cell;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_counts_edits() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("same", "same"), 0);
    }
}
