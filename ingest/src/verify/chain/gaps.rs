//! What lies between the digests of a chain: those that are missing, and times that none covers.
//!
//! A digest names the one before it, and begins where that one ends. The first after validation or logging was stopped
//! names none. Source: AWS `CloudTrail` User Guide, "`CloudTrail` digest file structure".

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Chain, Judged, Place, Seen};
use crate::verify::digest::{Digest, Previous};
use crate::verify::verdict::{Kind, Status, Trust, Verdict};

/// The time of a missing digest: from the end of the digest before it, if there is one, to the start of the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hole {
    pub(crate) from: Option<Timestamp>,
    pub(crate) until: Timestamp,
}

impl Chain<'_> {
    /// Adds what is missing and what is not covered. Only digests that can be relied on are asked.
    pub(super) fn gaps(&self, trusts: &[Trust], judged: &mut Judged) {
        let found: BTreeMap<&str, &Seen> = self
            .digests
            .iter()
            .map(|seen| (seen.tail.as_str(), seen))
            .collect();
        let mut before: Option<&Digest> = None;
        for (seen, trust) in self.digests.iter().zip(trusts) {
            let Some(digest) = seen.digest().filter(|_| *trust > Trust::None) else {
                continue;
            };
            match &digest.previous {
                None => self.restarted(seen, digest, before, judged),
                Some(previous) => {
                    let tail = self.tail_of(&previous.object);
                    match tail.and_then(|tail| found.get(tail)) {
                        Some(found) => self.follows(seen, digest, found, judged),
                        None => self.lost(seen, digest, previous, before, judged),
                    }
                }
            }
            before = Some(digest);
        }
    }

    /// A digest that names none before it.
    fn restarted(
        &self,
        seen: &Seen,
        digest: &Digest,
        before: Option<&Digest>,
        judged: &mut Judged,
    ) {
        if let Some(before) = before.filter(|_| !self.backfill) {
            let time = (before.end, digest.start.max(before.end));
            let mut verdict = of_gap(seen, Status::Restarted, time);
            verdict.reason = Some("logging_or_validation_stopped");
            judged.verdicts.push(verdict);
        }
    }

    /// A digest after the one that it names.
    fn follows(&self, seen: &Seen, digest: &Digest, found: &Seen, judged: &mut Judged) {
        let end = found.digest().map_or(digest.start, |found| found.end);
        if end < digest.start && !self.backfill {
            let verdict = of_gap(seen, Status::Gap, (end, digest.start));
            judged.verdicts.push(verdict);
        }
    }

    /// A digest that names one that is not there.
    fn lost(
        &self,
        seen: &Seen,
        digest: &Digest,
        previous: &Previous,
        before: Option<&Digest>,
        judged: &mut Judged,
    ) {
        if self.is_before_the_first_day(&previous.object) {
            return;
        }
        let (status, reason) = if previous.bucket != digest.bucket {
            (Status::Unverifiable, "another_bucket")
        } else if before.is_none() {
            // What a lifecycle rule took away and what another hand did look the same.
            (Status::Unverifiable, "before_the_first")
        } else {
            (Status::Missing, "named_by_next")
        };
        judged.verdicts.push(Verdict {
            kind: Kind::Digest,
            tail: self
                .tail_of(&previous.object)
                .unwrap_or(&previous.object)
                .to_owned(),
            status,
            reason: Some(reason),
            digest: Some(seen.tail.clone()),
            time: before.map(|before| (before.end, digest.start.max(before.end))),
            hash: None,
        });
        judged.holes.push(Hole {
            from: before.map(|before| before.end),
            until: digest.start,
        });
    }

    /// Whether a digest is of a day that was not looked at.
    fn is_before_the_first_day(&self, key: &str) -> bool {
        let day = Place::parse(key).map(|place| place.delivered_on);
        matches!((day, self.first_day), (Some(day), Some(first)) if day < first)
    }
}

fn of_gap(after: &Seen, status: Status, time: (Timestamp, Timestamp)) -> Verdict {
    Verdict {
        kind: Kind::Gap,
        tail: after.tail.clone(),
        status,
        reason: None,
        digest: Some(after.tail.clone()),
        time: Some(time),
        hash: None,
    }
}
