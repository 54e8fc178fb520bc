//! Counts with both their ends: rows of the action table in, numbers that add up out.

use std::collections::BTreeMap;

use curtail_analyze::{Bucket, CountRow};
use serde::Serialize;

use super::ActionEntry;

/// Granted actions per bucket; the five buckets add up to `granted`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct BucketCounts {
    /// All granted actions; on two roles an action counts twice.
    pub granted: i64,
    /// Exercised for the agent's work.
    pub used: i64,
    /// Exercised, and never for its work.
    pub non_legitimate: i64,
    /// Not needed by the agent, but by whom it shares its role with.
    pub inherited: i64,
    /// The trail could not have shown a use.
    pub unobservable: i64,
    /// Would have been seen, and was not.
    pub never_used: i64,
}

impl BucketCounts {
    /// The counts of a table of actions.
    pub(super) fn of<'a>(actions: impl IntoIterator<Item = &'a ActionEntry>) -> Self {
        let mut counts = Self::default();
        for action in actions {
            counts.granted += 1;
            match action.bucket {
                Bucket::Used => counts.used += 1,
                Bucket::NonLegitimate => counts.non_legitimate += 1,
                Bucket::Inherited => counts.inherited += 1,
                Bucket::Unobservable => counts.unobservable += 1,
                Bucket::NeverUsed => counts.never_used += 1,
            }
        }
        counts
    }

    /// Adds the counts of another table.
    pub(super) fn add(&mut self, other: &Self) {
        self.granted += other.granted;
        self.used += other.used;
        self.non_legitimate += other.non_legitimate;
        self.inherited += other.inherited;
        self.unobservable += other.unobservable;
        self.never_used += other.never_used;
    }
}

/// A count whose true value lies between two ends, both included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Range {
    /// What is certain.
    pub low: i64,
    /// What is possible.
    pub high: i64,
}

impl Range {
    /// Adds another count, end by end.
    pub(super) fn add(&mut self, other: Self) {
        self.low += other.low;
        self.high += other.high;
    }
}

/// What an agent could do without.
///
/// Low: `never_used`, `non_legitimate` and `inherited` actions that nothing hints to be used by it.
/// High: everything but the actions that it certainly uses.
pub(super) fn excess<'a>(actions: impl IntoIterator<Item = &'a ActionEntry>) -> Range {
    let mut range = Range::default();
    for action in actions {
        range.low += i64::from(is_excess(action));
        range.high += i64::from(action.bucket != Bucket::Used || is_doubtful_use(action));
    }
    range
}

/// The low end of [`excess`], by access level.
pub(super) fn excess_by_level<'a>(
    actions: impl IntoIterator<Item = &'a ActionEntry>,
) -> BTreeMap<String, i64> {
    let mut levels = BTreeMap::new();
    for action in actions.into_iter().filter(|action| is_excess(action)) {
        *levels.entry(action.access_level.clone()).or_default() += 1;
    }
    levels
}

fn is_excess(action: &ActionEntry) -> bool {
    match action.bucket {
        Bucket::NeverUsed | Bucket::NonLegitimate | Bucket::Inherited => !is_doubtful(action),
        Bucket::Unobservable | Bucket::Used => false,
    }
}

/// Whether all that speaks for a use is uncertain.
fn is_doubtful_use(action: &ActionEntry) -> bool {
    action.flags.contains("possible")
        || (action.flags.contains("unattributed_use") && action.legitimate_calls == 0)
}

/// Whether something hints at a use, although none is counted.
fn is_doubtful(action: &ActionEntry) -> bool {
    action.flags.contains("possible") || action.flags.contains("unattributed_use")
}

/// Granted against exercised in one window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WindowCounts {
    /// The window's length in days; it ends at the review's date.
    pub window_days: u32,
    /// Actions granted.
    pub granted: i64,
    /// Actions exercised: certainly, and at most.
    pub exercised: Range,
    /// Actions attempted and denied.
    pub attempted: i64,
    /// The buckets, as this window alone would fill them.
    pub buckets: BucketCounts,
    /// Calls made.
    pub calls: i64,
    /// Sessions in which they were made.
    pub sessions: i64,
}

impl WindowCounts {
    /// Sums up the rows of one window, a row per role.
    pub(super) fn sum<'a>(window_days: u32, rows: impl IntoIterator<Item = &'a CountRow>) -> Self {
        let mut sum = Self {
            window_days,
            granted: 0,
            exercised: Range::default(),
            attempted: 0,
            buckets: BucketCounts::default(),
            calls: 0,
            sessions: 0,
        };
        for row in rows {
            sum.granted += row.granted;
            sum.exercised.add(Range {
                low: row.exercised - row.possible,
                high: row.exercised,
            });
            sum.attempted += row.attempted;
            sum.buckets.add(&BucketCounts {
                granted: row.granted,
                used: row.used,
                non_legitimate: row.non_legitimate,
                inherited: row.inherited,
                unobservable: row.unobservable,
                never_used: row.never_used,
            });
            sum.calls += row.calls;
            sum.sessions += row.sessions;
        }
        sum
    }
}
