//! What the key of a log file or of a digest tells: account, region, day and name; of a digest its chain, of a log file when
//! it was delivered.
//!
//! `[prefix/]AWSLogs/[o-xxx/]<account>/<folder>/<region>/YYYY/MM/DD/<name>`, where a digest's name is
//! `<account>_CloudTrail-Digest_<region>_<trail>_<home region>_<time>[_backfill].json.gz`.
//! Sources: AWS `CloudTrail` User Guide, "Finding your `CloudTrail` log files", "`CloudTrail` digest file structure".
//!
//! INVARIANT: no part of a place leads out of its folder: none is empty, `.` or `..`, none has a slash, a backslash or a
//! control character.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// The folder of log files.
pub(crate) const LOGS: &str = "CloudTrail";
/// The folder of digests.
pub(crate) const DIGESTS: &str = "CloudTrail-Digest";

/// The longest key that S3 takes, in bytes. Source: Amazon S3 User Guide, "Naming Amazon S3 objects".
pub(crate) const LONGEST_KEY: usize = 1024;

/// What a key tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place<'a> {
    pub(crate) account_id: &'a str,
    /// [`LOGS`] or [`DIGESTS`].
    pub(crate) folder: &'a str,
    pub(crate) region: &'a str,
    pub(crate) delivered_on: Date,
    pub(crate) name: &'a str,
    /// The key from the folder on: what is the same in every copy of the bucket.
    pub(crate) tail: &'a str,
}

impl<'a> Place<'a> {
    /// The place that a key names; none if it is no key of a log file or digest.
    pub(crate) fn parse(key: &'a str) -> Option<Self> {
        if key.len() > LONGEST_KEY {
            return None;
        }
        let mut segments = key.rsplitn(8, '/');
        let name = segments.next().filter(|name| is_plain(name))?;
        let [day, month, year] = [segments.next()?, segments.next()?, segments.next()?];
        let region = segments.next().filter(|name| is_plain(name))?;
        let folder = segments.next()?;
        let account_id = segments.next().filter(|name| is_account(name))?;
        let place = Self {
            account_id,
            folder: [LOGS, DIGESTS].into_iter().find(|&name| name == folder)?,
            region,
            delivered_on: date(year, month, day)?,
            name,
            tail: "",
        };
        // Eleven bytes of date and its slash, and a slash after each other part.
        let length = folder.len() + 1 + region.len() + 1 + 11 + name.len();
        Some(Self {
            tail: key.get(key.len().checked_sub(length)?..)?,
            ..place
        })
    }
}

/// What the name of a digest tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DigestName<'a> {
    /// The trail's name, an underscore, and its home region.
    pub(crate) trail: &'a str,
    /// Whether it lists log files that another digest missed.
    pub(crate) backfill: bool,
}

impl<'a> DigestName<'a> {
    /// What the name at a place tells; none if it is not a digest's.
    pub(crate) fn parse(place: &Place<'a>) -> Option<Self> {
        let rest = place.name.strip_prefix(place.account_id)?;
        let rest = rest.strip_prefix("_CloudTrail-Digest_")?;
        let rest = rest.strip_prefix(place.region)?.strip_prefix('_')?;
        let stem = rest.strip_suffix(".gz").unwrap_or(rest);
        let stem = stem.strip_suffix(".json")?;
        let (stem, backfill) = match stem.strip_suffix("_backfill") {
            Some(stem) => (stem, true),
            None => (stem, false),
        };
        let (trail, time) = stem.rsplit_once('_')?;
        let named = !trail.is_empty() && DateTime::strptime("%Y%m%dT%H%M%SZ", time).is_ok();
        named.then_some(Self { trail, backfill })
    }
}

/// The day of delivery in whose folder an object lies.
pub(crate) fn day_of(key: &str) -> Option<Date> {
    let mut segments = key.rsplit('/').skip(1);
    let [day, month, year] = [segments.next()?, segments.next()?, segments.next()?];
    date(year, month, day)
}

/// When a log file was delivered, to the minute, as its name tells.
pub(crate) fn delivered_at(name: &str) -> Option<Timestamp> {
    let time = name
        .split('_')
        .find_map(|part| DateTime::strptime("%Y%m%dT%H%MZ", part).ok())?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// Twelve digits.
pub(crate) fn is_account(segment: &str) -> bool {
    segment.len() == 12 && segment.bytes().all(|byte| byte.is_ascii_digit())
}

/// The id of an organization, such as `o-abcd`.
pub(crate) fn is_organization(segment: &str) -> bool {
    segment.strip_prefix("o-").is_some_and(|id| {
        !id.is_empty()
            && id
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    })
}

/// Whether a segment names something in its folder.
pub(crate) fn is_plain(segment: &str) -> bool {
    !matches!(segment, "" | "." | "..")
        && !segment.contains(|letter: char| letter.is_control() || letter == '\\')
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    let digits = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !(digits(year, 4) && digits(month, 2) && digits(day, 2)) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "p/AWSLogs/o-abcd/111122223333/CloudTrail-Digest/eu-west-1/2026/09/20/111122223333_CloudTrail-Digest_eu-west-1_all_of_it_us-east-2_20260920T100131Z_backfill.json.gz";

    #[test]
    fn a_digests_key_tells_its_chain() {
        let place = Place::parse(DIGEST).unwrap();
        assert_eq!(place.account_id, "111122223333");
        assert_eq!((place.folder, place.region), (DIGESTS, "eu-west-1"));
        assert_eq!(place.delivered_on.to_string(), "2026-09-20");
        assert_eq!(
            format!("p/AWSLogs/o-abcd/111122223333/{}", place.tail),
            DIGEST
        );
        let name = DigestName::parse(&place).unwrap();
        assert_eq!((name.trail, name.backfill), ("all_of_it_us-east-2", true));
    }

    #[test]
    fn a_key_that_leads_elsewhere_is_no_place() {
        let good = "111122223333/CloudTrail/eu-west-1/2026/09/20/x.json.gz";
        assert!(Place::parse(good).is_some());
        for bad in [
            "111122223333/CloudTrail/eu-west-1/2026/09/20/..",
            "111122223333/CloudTrail/eu-west-1/2026/09/20/",
            "111122223333/CloudTrail/../2026/09/20/x.json.gz",
            "111122223333/CloudTrail/eu-west-1/2026/13/20/x.json.gz",
            "111122223333/CloudTrail/eu-west-1/2026/9/20/x.json.gz",
            "111122223333/Config/eu-west-1/2026/09/20/x.json.gz",
            "11112222333/CloudTrail/eu-west-1/2026/09/20/x.json.gz",
            "111122223333/CloudTrail/eu-west-1/2026/09/20/a\\..\\x.json.gz",
            "111122223333/CloudTrail/eu-west-1/2026/09/20/\u{1b}[2J.json.gz",
            "2026/09/20/x.json.gz",
        ] {
            assert_eq!(Place::parse(bad), None, "{bad}");
        }
        let long = format!("{}/{good}", "p".repeat(LONGEST_KEY));
        assert_eq!(Place::parse(&long), None);
    }

    #[test]
    fn a_log_files_name_tells_when_it_was_delivered() {
        let name = "111122223333_CloudTrail_eu-west-1_20260920T1005Z_Xq5kFbd9aC3mTz0R.json.gz";
        assert_eq!(
            delivered_at(name).unwrap().to_string(),
            "2026-09-20T10:05:00Z"
        );
        assert_eq!(delivered_at("x.json.gz"), None);
        assert_eq!(delivered_at("a_20261320T1005Z_b.json.gz"), None);
    }

    #[test]
    fn another_file_among_digests_is_none() {
        for name in [
            "notes.txt",
            "111122223333_CloudTrail-Digest_eu-west-1_all_eu-west-1_20260920T100131Z.json.gz.metadata.json",
            "111122223333_CloudTrail-Digest_us-east-1_all_eu-west-1_20260920T100131Z.json.gz",
            "111122223333_CloudTrail-Digest_eu-west-1_all_eu-west-1_tomorrow.json.gz",
        ] {
            let key = format!("111122223333/CloudTrail-Digest/eu-west-1/2026/09/20/{name}");
            let place = Place::parse(&key).unwrap();
            assert_eq!(DigestName::parse(&place), None, "{name}");
        }
    }
}
