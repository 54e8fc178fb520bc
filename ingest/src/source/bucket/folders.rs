//! The folders of a bucket, down to the months of each region.

use futures::stream::{StreamExt as _, TryStreamExt as _};
use jiff::civil::Date;

use super::{Bucket, LISTED_AT_A_TIME, Selection};
use crate::AwsFault;
use crate::source::layout::{LOGS, Layout, ROOT, is_account, is_organization, number};

/// How many folders deep `AWSLogs/` is looked for below the given prefix; chosen. A trail's prefix has 200 characters
/// at most. Source: AWS `CloudTrail` API Reference, `CreateTrail`, `S3KeyPrefix`.
const DEPTH: usize = 8;

/// How many folders of one level are looked into above `AWSLogs/`; chosen, so that a bucket of other data is not listed
/// folder by folder.
const MOST_FOLDERS: usize = 10_000;

/// The folder of a region's log files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Region {
    /// With its slash.
    pub(super) folder: String,
    /// What the user gave goes further than the region: a year, a month, a day, part of a name.
    within: String,
}

/// A month of a region, as far as it is wanted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Month {
    /// `YYYY/MM`; empty for a place without such folders.
    of: String,
    pub(super) prefix: String,
    /// Keys up to this one are left out.
    pub(super) after: Option<String>,
    /// The last day that is listed.
    pub(super) last: Option<Date>,
}

impl Month {
    /// All that lies in a place.
    pub(super) fn everything(prefix: &str) -> Self {
        Self {
            of: String::new(),
            prefix: prefix.to_owned(),
            after: None,
            last: None,
        }
    }
}

/// The wanted regions below a prefix; none if there is no folder of a trail at all.
pub(super) async fn regions(
    bucket: &Bucket,
    prefix: &str,
    selection: &Selection,
) -> Result<Option<Vec<Region>>, AwsFault> {
    // The prefix may lie in a region already.
    if let Some(folder) = Layout::region_folder(prefix) {
        let region = Region {
            folder: folder.to_owned(),
            within: prefix.to_owned(),
        };
        let is_wanted = selection.takes(&Layout::of(folder));
        return Ok(Some(is_wanted.then_some(region).into_iter().collect()));
    }
    let mut level = vec![prefix.to_owned()];
    let mut found = Vec::new();
    let mut has_root = prefix.split('/').any(|segment| segment == ROOT);
    let mut depth = 0;
    while !level.is_empty() {
        let below = children(bucket, &level).await?;
        let (regions, folders): (Vec<_>, Vec<_>) = below
            .into_iter()
            .partition(|folder| Layout::region_folder(folder).is_some());
        found.extend(regions);
        depth += 1;
        let (inner, outer): (Vec<_>, Vec<_>) = folders
            .into_iter()
            .partition(|folder| is_below_root(folder));
        has_root |= !inner.is_empty();
        level = inner
            .into_iter()
            .filter(|folder| may_lead(folder, selection))
            .collect();
        if depth <= DEPTH && outer.len() <= MOST_FOLDERS {
            level.extend(outer);
        } else if !outer.is_empty() {
            tracing::error!(
                "no `{ROOT}/` is looked for in {} folders below `{prefix}`; a trail there needs its prefix named",
                outer.len()
            );
        }
    }
    if !has_root {
        return Ok(None);
    }
    let wanted = found
        .into_iter()
        .filter(|folder| selection.takes(&Layout::of(folder)));
    let regions = wanted.map(|folder| Region {
        within: folder.clone(),
        folder,
    });
    Ok(Some(regions.collect()))
}

/// Tells whether a folder is the root of what services deliver, or lies in it.
fn is_below_root(folder: &str) -> bool {
    folder.split('/').any(|segment| segment == ROOT)
}

/// Tells whether a folder may lead to log files.
fn may_lead(folder: &str, selection: &Selection) -> bool {
    let segments: Vec<&str> = folder.trim_end_matches('/').split('/').collect();
    let root = segments.iter().rposition(|&segment| segment == ROOT);
    let below = root
        .and_then(|root| segments.get(root + 1..))
        .unwrap_or_default();
    match below {
        // Above the root any folder may.
        [] => true,
        [organization] if is_organization(organization) => true,
        [account] | [_, account] if is_account(account) => selection.takes_account(account),
        [.., account, logs] => is_account(account) && *logs == LOGS,
        _ => false,
    }
}

/// The folders directly below some prefixes, sorted.
async fn children(bucket: &Bucket, prefixes: &[String]) -> Result<Vec<String>, AwsFault> {
    let mut children: Vec<String> = futures::stream::iter(prefixes.to_vec())
        .map(|prefix| async move { bucket.folders(&prefix).await })
        .buffered(LISTED_AT_A_TIME)
        .try_concat()
        .await?;
    children.sort();
    children.dedup();
    Ok(children)
}

impl Region {
    /// The months from the day `from` to the day `last`.
    pub(super) async fn months(
        &self,
        bucket: &Bucket,
        from: Option<Date>,
        last: Option<Date>,
    ) -> Result<Vec<Month>, AwsFault> {
        let rest = self.within.strip_prefix(&self.folder).unwrap_or_default();
        if rest.len() >= "YYYY/MM".len()
            || rest.contains(|letter: char| !letter.is_ascii_digit() && letter != '/')
        {
            return Ok(vec![self.month(
                rest.get(.."YYYY/MM".len()).unwrap_or_default(),
                from,
                last,
            )]);
        }
        let years = if rest.len() > "YYYY".len() {
            vec![format!(
                "{}{}",
                self.folder,
                rest.get(.."YYYY/".len()).unwrap_or_default()
            )]
        } else {
            let years = bucket.folders(&self.within).await?;
            if !years.iter().any(|year| self.year(year).is_some()) {
                return Ok(vec![Month::everything(&self.within)]);
            }
            years
                .into_iter()
                .filter(|year| self.year_is_wanted(year, from, last))
                .collect()
        };
        let months = children(bucket, &years).await?;
        let months = months
            .iter()
            .filter(|month| month.starts_with(&self.within))
            .filter_map(|month| month.strip_prefix(&self.folder));
        Ok(months
            .map(|month| month.trim_end_matches('/'))
            .filter(|month| month_is_wanted(month, from, last))
            .map(|month| self.month(month, from, last))
            .collect())
    }

    fn year(&self, folder: &str) -> Option<i16> {
        let year = folder.strip_prefix(&self.folder)?;
        number(year.trim_end_matches('/'))
    }

    fn year_is_wanted(&self, folder: &str, from: Option<Date>, last: Option<Date>) -> bool {
        self.year(folder).is_some_and(|year| {
            from.is_none_or(|from| year >= from.year())
                && last.is_none_or(|last| year <= last.year())
        })
    }

    /// Tells whether all of the region is meant.
    pub(super) fn is_whole(&self) -> bool {
        self.within == self.folder
    }

    /// The part of a month that is wanted. Every key of a day is greater than the day's folder.
    fn month(&self, month: &str, from: Option<Date>, last: Option<Date>) -> Month {
        let prefix = format!("{}{month}", self.folder);
        let prefix = if self.within.len() > prefix.len() {
            self.within.clone()
        } else {
            format!("{prefix}/")
        };
        let after = from.map(|from| format!("{}{}", self.folder, from.strftime("%Y/%m/%d/")));
        Month {
            of: month.to_owned(),
            after: after.filter(|after| after.starts_with(&prefix)),
            prefix,
            last,
        }
    }
}

/// Tells whether a day of the month, given as `YYYY/MM`, lies between the days.
fn month_is_wanted(month: &str, from: Option<Date>, last: Option<Date>) -> bool {
    let first = month
        .split_once('/')
        .and_then(|(year, month)| Date::new(number(year)?, number(month)?, 1).ok());
    first.is_some_and(|first| {
        from.is_none_or(|from| first.last_of_month() >= from)
            && last.is_none_or(|last| first <= last)
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn region(within: &str) -> Region {
        let folder = "AWSLogs/111122223333/CloudTrail/eu-west-1/";
        Region {
            folder: folder.to_owned(),
            within: format!("{folder}{within}"),
        }
    }

    #[test]
    fn only_folders_of_trails_are_followed_below_the_root() {
        let all = Selection::default();
        let leads = |folder: &str| may_lead(folder, &all);
        for folder in [
            "logs/",
            "AWSLogs/",
            "o-abcd/AWSLogs/",
            "AWSLogs/o-abcd/",
            "AWSLogs/111122223333/",
            "AWSLogs/o-abcd/111122223333/",
            "AWSLogs/o-abcd/111122223333/CloudTrail/",
        ] {
            assert!(leads(folder), "{folder}");
        }
        for folder in [
            "AWSLogs/111122223333/Config/",
            "AWSLogs/111122223333/CloudTrail-Digest/",
            "AWSLogs/aws-waf/",
            "AWSLogs/111122223333/CloudTrail/odd/",
        ] {
            assert!(!leads(folder), "{folder}");
        }
        let one = Selection {
            accounts: ["111122223333".to_owned()].into(),
            ..Selection::default()
        };
        assert!(may_lead("AWSLogs/o-abcd/111122223333/", &one));
        assert!(!may_lead("AWSLogs/o-abcd/444455556666/", &one));
    }

    #[test]
    fn a_month_begins_at_the_first_wanted_day() {
        let from = Some(date(2026, 6, 3));
        let june = region("").month("2026/06", from, None);
        assert_eq!(
            june.after.unwrap(),
            "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/06/03/"
        );
        assert_eq!(region("").month("2026/07", from, None).after, None);
        let day = region("2026/06/04/").month("2026/06", from, None);
        assert!(day.prefix.ends_with("/2026/06/04/"));
        assert_eq!(day.after, None);
    }

    #[test]
    fn months_are_wanted_by_their_days() {
        let wanted =
            |month: &str| month_is_wanted(month, Some(date(2026, 5, 31)), Some(date(2026, 7, 1)));
        assert!(wanted("2026/05") && wanted("2026/06") && wanted("2026/07"));
        assert!(!wanted("2026/04") && !wanted("2026/08") && !wanted("odd") && !wanted("2026/6x"));
    }
}
