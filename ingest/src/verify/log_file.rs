//! A log file: what digests say of it and what was found in, what is to be said of it out.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::chain::Hole;
use super::hash::Hash;
use super::place::delivered_at;
use super::store::Reading;
use super::verdict::{Finding, Status, Trust};

/// How far the time in a log file's name may lie from the time by which digests are cut: 15 minutes. Chosen: names are
/// cut to minutes, and real files are named up to 10 minutes after their events.
const SLACK: SignedDuration = SignedDuration::from_mins(15);

/// What one digest says of a log file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Listing<'a> {
    pub(crate) hash: Hash,
    /// How far the digest can be relied on.
    pub(crate) trust: Trust,
    /// The digest's key from its folder on.
    pub(crate) digest: &'a str,
    /// The delivery time that it covers.
    pub(crate) time: (Timestamp, Timestamp),
}

/// What is to be said of a log file that digests list, and by which of them: those that can be relied on most.
pub(crate) fn listed<'a>(
    listings: &[Listing<'a>],
    reading: &Reading,
) -> (Finding, Option<Listing<'a>>) {
    let most = listings.iter().map(|listing| listing.trust).max();
    let trusted = || {
        listings
            .iter()
            .filter(|listing| Some(listing.trust) == most)
    };
    let first = trusted().next().copied();
    let matching = match most {
        None | Some(Trust::None) => {
            return ((Status::Unverifiable, Some("digest_not_verified")), first);
        }
        Some(Trust::Unsigned) => (Status::HashMatchesUnsigned, Some("digest_not_signed")),
        Some(Trust::Signed) => (Status::Verified, None),
    };
    let finding = match reading {
        Reading::Missing => (Status::Missing, None),
        Reading::Unreadable(_) => (Status::Unverifiable, Some("unreadable")),
        Reading::Broken(fault) if fault.reason == "oversized" => {
            (Status::Unverifiable, Some("oversized"))
        }
        Reading::Broken(fault) => (Status::Modified, Some(fault.reason)),
        Reading::Read(content, _) => {
            if trusted().all(|listing| listing.hash == content.hash) {
                matching
            } else {
                (Status::Modified, Some("differs_from_digest"))
            }
        }
    };
    (finding, first)
}

/// The delivery times that the digests of an account and region cover.
#[derive(Debug, Default)]
pub(crate) struct Coverage {
    /// Apart from each other, in order.
    spans: Vec<(Timestamp, Timestamp)>,
    holes: Vec<Hole>,
}

impl Coverage {
    /// The times of digests, and those of digests that are missing.
    pub(crate) fn new(mut times: Vec<(Timestamp, Timestamp)>, holes: Vec<Hole>) -> Self {
        times.sort_unstable();
        let mut spans: Vec<(Timestamp, Timestamp)> = Vec::new();
        for (start, end) in times {
            match spans.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => spans.push((start, end)),
            }
        }
        Self { spans, holes }
    }

    /// What is to be said of a log file that no digest lists.
    pub(crate) fn unlisted(&self, name: &str, delivered_on: Date) -> Finding {
        let Some(at) = delivered_at(name) else {
            return self.unnamed(delivered_on);
        };
        let (from, until) = (at - SLACK, at + SLACK);
        let covered = |&(start, end): &(Timestamp, Timestamp)| start <= from && until <= end;
        let lost = |hole: &Hole| hole.from.is_none_or(|start| start <= until) && from <= hole.until;
        if self.spans.iter().any(covered) {
            (Status::Unlisted, None)
        } else if self.holes.iter().any(lost) {
            (Status::Unverifiable, Some("digest_missing"))
        } else {
            (Status::Unverifiable, Some("not_covered"))
        }
    }

    /// A file whose name `CloudTrail` does not give is not its own on any day that it covers.
    fn unnamed(&self, delivered_on: Date) -> Finding {
        let midnight = |day: Option<Date>| {
            let zoned = day?.to_zoned(TimeZone::UTC).ok()?;
            Some(zoned.timestamp())
        };
        let from = midnight(Some(delivered_on));
        let until = midnight(delivered_on.tomorrow().ok());
        let meets = |&(start, end): &(Timestamp, Timestamp)| {
            until.is_none_or(|until| start < until) && from.is_none_or(|from| from < end)
        };
        if self.spans.iter().any(meets) {
            (Status::Unlisted, Some("no_name_of_a_log_file"))
        } else {
            (Status::Unverifiable, Some("not_covered"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::Fault;
    use crate::verify::content::Unpacked;
    use crate::verify::store::Signature;

    fn at(time: &str) -> Timestamp {
        format!("2026-09-20T{time}Z").parse().unwrap()
    }

    fn listing(hash: u8, trust: Trust) -> Listing<'static> {
        Listing {
            hash: Hash([hash; 32]),
            trust,
            digest: "d",
            time: (at("09:00:00"), at("10:00:00")),
        }
    }

    fn content(hash: u8) -> Reading {
        let unpacked = Unpacked {
            hash: Hash([hash; 32]),
            bytes: Vec::new(),
        };
        Reading::Read(unpacked, Signature::Absent)
    }

    #[test]
    fn the_digest_that_can_be_relied_on_most_decides() {
        use Status::{HashMatchesUnsigned, Modified, Unverifiable, Verified};
        let (signed, unsigned, none) = (Trust::Signed, Trust::Unsigned, Trust::None);
        for (listings, expected) in [
            (vec![listing(1, signed)], Verified),
            (vec![listing(1, unsigned)], HashMatchesUnsigned),
            (vec![listing(1, none)], Unverifiable),
            (vec![listing(2, none), listing(1, signed)], Verified),
            (vec![listing(1, unsigned), listing(2, signed)], Modified),
            (vec![listing(1, signed), listing(2, signed)], Modified),
        ] {
            assert_eq!(listed(&listings, &content(1)).0.0, expected, "{listings:?}");
        }
    }

    #[test]
    fn what_cannot_be_hashed_is_told_apart_from_what_differs() {
        let listings = [listing(1, Trust::Signed)];
        let broken = |reason| Reading::Broken(Fault::new(reason, ""));
        for (reading, status, reason) in [
            (Reading::Missing, Status::Missing, None),
            (
                broken("truncated_gzip"),
                Status::Modified,
                Some("truncated_gzip"),
            ),
            (broken("oversized"), Status::Unverifiable, Some("oversized")),
            (
                Reading::Unreadable(String::new()),
                Status::Unverifiable,
                Some("unreadable"),
            ),
        ] {
            assert_eq!(listed(&listings, &reading).0, (status, reason));
        }
    }

    #[test]
    fn a_file_that_no_digest_lists_is_unlisted_where_one_would_have() {
        let hole = Hole {
            from: Some(at("12:00:00")),
            until: at("13:00:00"),
        };
        let hours = vec![
            (at("10:00:00"), at("11:00:00")),
            (at("09:00:00"), at("10:00:00")),
            (at("13:00:00"), at("14:00:00")),
        ];
        let coverage = Coverage::new(hours, vec![hole]);
        let day = jiff::civil::date(2026, 9, 20);
        for (time, status, reason) in [
            ("T1000Z", Status::Unlisted, None),
            ("T0910Z", Status::Unverifiable, Some("not_covered")),
            ("T1055Z", Status::Unverifiable, Some("not_covered")),
            ("T1230Z", Status::Unverifiable, Some("digest_missing")),
            ("T2000Z", Status::Unverifiable, Some("not_covered")),
        ] {
            let name = format!("1_CloudTrail_r_20260920{time}_x.json.gz");
            assert_eq!(coverage.unlisted(&name, day), (status, reason), "{time}");
        }
        assert_eq!(coverage.unlisted("x.json", day).0, Status::Unlisted);
        let other = day.tomorrow().unwrap();
        assert_eq!(coverage.unlisted("x.json", other).0, Status::Unverifiable);
    }
}
