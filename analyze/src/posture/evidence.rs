//! Short lists for people.

use std::collections::BTreeSet;

/// Most items that evidence lists; it says how many more there are. Chosen: a cell of a table stays readable.
const LISTED: usize = 8;

/// The items in their order, the first of them if there are many.
pub(super) fn listed(items: &BTreeSet<String>) -> String {
    let first: Vec<&str> = items.iter().take(LISTED).map(String::as_str).collect();
    let text = first.join(", ");
    match items.len().checked_sub(LISTED) {
        Some(more) if more > 0 => format!("{text}, and {more} more"),
        _ => text,
    }
}
