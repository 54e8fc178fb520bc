//! How a resource pattern of a statement stands to one that is to be cut.

use crate::document::Version;
use crate::evaluate::{CutShort, readings, resource_pattern};
use crate::pattern::{Fit, ResourcePattern};
use crate::policy::Context;

/// How a pattern stands to the cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// All of it is cut.
    Within,
    /// None of it is.
    Apart,
    /// Some of it is, or it cannot be told.
    Partly,
}

/// Compares a pattern with what is cut. A policy variable in the cut is known to equal itself alone.
pub(super) fn relation(pattern: &str, cut: &str, version: Version) -> Relation {
    let (own, _) = read(pattern, version);
    let (wide, cut_is_open) = read(cut, version);
    let is_covered = |own: &ResourcePattern| wide.iter().any(|wide| wide.covers(own));
    let is_apart = |own: &ResourcePattern| wide.iter().all(|wide| own.overlaps(wide) == Fit::No);
    if pattern == cut || !cut_is_open && own.iter().all(is_covered) {
        Relation::Within
    } else if own.iter().all(is_apart) {
        Relation::Apart
    } else {
        Relation::Partly
    }
}

/// Tells whether a pattern stands for every resource.
pub(super) fn is_everything(pattern: &str, version: Version) -> bool {
    let (own, is_open) = read(pattern, version);
    !is_open && own.iter().any(ResourcePattern::is_everything)
}

/// Tells whether a pattern holds a policy variable.
pub(super) fn has_variable(pattern: &str, version: Version) -> bool {
    read(pattern, version).1
}

/// The readings of the pattern with stars for variables, and whether it has any.
fn read(pattern: &str, version: Version) -> (Vec<ResourcePattern>, bool) {
    let mut is_open = false;
    let patterns = readings(pattern, CutShort::Completed).map(|reading| {
        let (read, variables) = resource_pattern(&reading, version, &Context::new());
        is_open |= !variables.unknown.is_empty();
        read
    });
    (patterns.collect(), is_open)
}
