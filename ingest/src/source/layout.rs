//! What the key of an object tells: account, region and day of delivery.
//!
//! `[prefix/]AWSLogs/[o-.../]account/CloudTrail/region/YYYY/MM/DD/name`. Source: AWS `CloudTrail` User Guide, "Finding
//! your `CloudTrail` log files".

use jiff::civil::Date;

/// The folder below which services of AWS deliver.
pub(super) const ROOT: &str = "AWSLogs";

/// The folder of log files.
pub(super) const LOGS: &str = "CloudTrail";

/// The parts of a key that are told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Layout<'a> {
    pub(super) account: Option<&'a str>,
    pub(super) region: Option<&'a str>,
    /// The day of delivery, also where the folders before it are others.
    pub(super) day: Option<Date>,
}

impl<'a> Layout<'a> {
    pub(super) fn of(key: &'a str) -> Self {
        let segments: Vec<&str> = key.split('/').collect();
        let account = segments.iter().rposition(|&segment| segment == LOGS);
        let account = account.and_then(|logs| {
            let account = segments.get(logs.checked_sub(1)?).copied()?;
            is_account(account).then_some((logs, account))
        });
        Self {
            account: account.map(|(_, account)| account),
            region: account.and_then(|(logs, _)| {
                let region = segments.get(logs + 1).copied()?;
                is_region(region).then_some(region)
            }),
            day: match account {
                Some((logs, _)) => segments.get(logs + 2..logs + 5).and_then(day),
                None => segments.windows(3).rev().find_map(day),
            },
        }
    }

    /// The folder of the region's log files, with its slash; none if the key does not lie in one.
    pub(super) fn region_folder(key: &'a str) -> Option<&'a str> {
        let region = Self::of(key).region?;
        let folder = format!("/{LOGS}/{region}/");
        let at = key.rfind(&folder)?;
        key.get(..at + folder.len())
    }
}

/// `YYYY/MM/DD`.
fn day(segments: &[&str]) -> Option<Date> {
    let [year, month, day] = segments else {
        return None;
    };
    if year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return None;
    }
    Date::new(number(year)?, number(month)?, number(day)?).ok()
}

/// Digits alone, without a sign.
pub(super) fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

pub(super) fn is_account(segment: &str) -> bool {
    segment.len() == 12 && segment.bytes().all(|byte| byte.is_ascii_digit())
}

/// An organization's id. Source: AWS Organizations API Reference, `Organization`.
pub(super) fn is_organization(segment: &str) -> bool {
    segment.strip_prefix("o-").is_some_and(|id| {
        !id.is_empty()
            && id
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    })
}

/// A region's name, such as `eu-west-1` or `us-gov-east-1`.
pub(super) fn is_region(segment: &str) -> bool {
    let (name, number) = segment.rsplit_once('-').unwrap_or_default();
    name.contains('-')
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn account_region_and_day_are_read_from_every_layout() {
        let expected = Layout {
            account: Some("111122223333"),
            region: Some("eu-west-1"),
            day: Some(date(2026, 6, 3)),
        };
        for prefix in ["", "custom/prefix/", "o-abcd/", "AWSLogs/o-x/"] {
            for organization in ["", "o-abcd1234/"] {
                let key = format!(
                    "{prefix}AWSLogs/{organization}111122223333/CloudTrail/eu-west-1/2026/06/03/x.json.gz"
                );
                assert_eq!(Layout::of(&key), expected, "{key}");
            }
        }
    }

    #[test]
    fn what_is_not_there_is_not_told() {
        assert_eq!(Layout::of("x.json"), Layout::default());
        let dated = Layout::of("exports/2026/06/03/x.json");
        assert_eq!((dated.account, dated.day), (None, Some(date(2026, 6, 3))));
        let twice =
            Layout::of("backup/2026/09/01/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/05/03/x");
        assert_eq!(twice.day, Some(date(2026, 5, 3)));
        assert_eq!(Layout::of("2025/01/01/b/2026/06/03/x").day, dated.day);
        assert_eq!(Layout::of("a/2026/13/03/x.json").day, None);
        assert_eq!(Layout::of("a/+026/06/03/x.json").day, None);
        assert_eq!(Layout::of("AWSLogs/1/CloudTrail/eu-west-1/x").account, None);
    }

    #[test]
    fn the_folder_of_a_region_ends_with_it() {
        let key = "p/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/06/03/x.json.gz";
        assert_eq!(
            Layout::region_folder(key),
            Some("p/AWSLogs/111122223333/CloudTrail/eu-west-1/")
        );
        assert_eq!(Layout::region_folder("x.json"), None);
    }

    #[test]
    fn regions_and_organizations_are_known_by_their_form() {
        for region in [
            "eu-west-1",
            "us-gov-east-1",
            "ap-southeast-12",
            "us-iso-west-1",
        ] {
            assert!(is_region(region), "{region}");
        }
        for other in ["2026", "eu-west", "eu_west-1", "Eu-west-1", "-1", ""] {
            assert!(!is_region(other), "{other}");
        }
        assert!(is_organization("o-abcd") && !is_organization("o-") && !is_organization("o-A"));
    }
}
