//! A policy's change as a unified diff: two documents in, text out.
//!
//! Both are printed with two spaces and their own key order, so that only what changes differs.

use curtail_iam::document::Document;
use serde_json::Value;
use similar::TextDiff;

use crate::text::{visible, visible_json};

/// The diff with headers `a/<old name>` and `b/<new name>`, or `/dev/null` where nothing is left.
pub(super) fn unified(
    (old_name, old): (&str, &Document),
    (new_name, new): (&str, Option<&Document>),
    context_lines: usize,
) -> String {
    let before = printed(old);
    let after = new.map(printed).unwrap_or_default();
    let target = match new {
        Some(_) => format!("b/{}", visible(new_name)),
        None => "/dev/null".to_owned(),
    };
    TextDiff::from_lines(before.as_str(), after.as_str())
        .unified_diff()
        .context_radius(context_lines)
        .header(&format!("a/{}", visible(old_name)), &target)
        .to_string()
}

fn printed(document: &Document) -> String {
    printed_value(document.value())
}

/// A document as text that ends with a line break and shows every character.
pub(crate) fn printed_value(document: &Value) -> String {
    let mut text = visible_json(&format!("{document:#}")).into_owned();
    text.push('\n');
    text
}
