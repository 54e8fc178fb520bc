//! The bar of an agent's bucket shares: counts in, segments of a drawing 1,000 units wide out.
//!
//! The bar shows what the numbers beside it say, and nothing more: it is never the only place.

use curtail_analyze::Bucket;
use serde::Serialize;

use super::percent;
use crate::review::BucketCounts;

/// Width of the drawing, in units.
const WIDTH: i64 = 1_000;

/// One bucket: its count, share, and place in the bar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::render) struct Segment {
    pub(in crate::render) bucket: &'static str,
    pub(in crate::render) label: &'static str,
    pub(in crate::render) meaning: &'static str,
    pub(in crate::render) count: i64,
    pub(in crate::render) share: String,
    pub(in crate::render) start: i64,
    pub(in crate::render) width: i64,
}

/// The order of the bar and of every list of buckets: what is needed first, then what is not.
pub(super) const ORDER: [Bucket; 5] = [
    Bucket::Used,
    Bucket::Unobservable,
    Bucket::Inherited,
    Bucket::NeverUsed,
    Bucket::NonLegitimate,
];

/// The segments of all five buckets, in the bar's order; they fill the bar.
pub(super) fn segments(counts: &BucketCounts) -> Vec<Segment> {
    let mut before = 0;
    ORDER
        .into_iter()
        .map(|bucket| {
            let count = count(counts, bucket);
            let start = scaled(before, counts.granted);
            before += count;
            Segment {
                bucket: bucket.as_str(),
                label: label(bucket),
                meaning: meaning(bucket),
                count,
                share: percent(count, counts.granted),
                start,
                width: scaled(before, counts.granted) - start,
            }
        })
        .collect()
}

fn scaled(part: i64, whole: i64) -> i64 {
    if whole <= 0 { 0 } else { part * WIDTH / whole }
}

/// The count of one bucket.
pub(super) fn count(counts: &BucketCounts, bucket: Bucket) -> i64 {
    match bucket {
        Bucket::Used => counts.used,
        Bucket::NonLegitimate => counts.non_legitimate,
        Bucket::Inherited => counts.inherited,
        Bucket::Unobservable => counts.unobservable,
        Bucket::NeverUsed => counts.never_used,
    }
}

/// The bucket in words.
pub(super) fn label(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::Used => "Used",
        Bucket::NonLegitimate => "Outside its work",
        Bucket::Inherited => "Inherited",
        Bucket::Unobservable => "Unobservable",
        Bucket::NeverUsed => "Never used",
    }
}

/// What the bucket means, and what fixes it.
pub(super) fn meaning(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::Used => "Exercised for the agent's work. Nothing to remove.",
        Bucket::NonLegitimate => {
            "Exercised, and never for the agent's work: an incident, or a work envelope that is too narrow. Look into it, then remove."
        }
        Bucket::Inherited => {
            "Not needed by this agent: the role has it for another one. A role of its own takes it away, or the policy change where that one never used it either."
        }
        Bucket::Unobservable => {
            "The trail could not have shown a use, so that nothing is claimed. Turn on the events named below."
        }
        Bucket::NeverUsed => {
            "The trail would have shown a use, and there was none. The policy change removes it."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_segments_fill_the_bar(parts in prop::array::uniform5(0_i64..30_000)) {
            let [used, non_legitimate, inherited, unobservable, never_used] = parts;
            let counts = BucketCounts {
                granted: parts.iter().sum(),
                used, non_legitimate, inherited, unobservable, never_used,
            };
            let segments = segments(&counts);
            prop_assert_eq!(segments.iter().map(|s| s.count).sum::<i64>(), counts.granted);
            let width: i64 = segments.iter().map(|s| s.width).sum();
            prop_assert_eq!(width, if counts.granted == 0 { 0 } else { WIDTH });
            prop_assert!(segments.iter().all(|s| s.width >= 0));
        }
    }
}
