//! Which objects are wanted: by account, by region, by day.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::layout::Layout;

/// Days by which a record may come after it happened and is still looked for; chosen. `CloudTrail` delivers within
/// minutes, but tries for 30 days where a bucket does not take its objects.
/// Source: AWS `CloudTrail` User Guide, "How `CloudTrail` works".
pub(crate) const LATENESS_DAYS: u32 = 3;

/// A part of a source. Objects whose keys do not tell are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// Account ids; none for all.
    pub accounts: BTreeSet<String>,
    /// Regions; none for all.
    pub regions: BTreeSet<String>,
    /// The first day of events.
    pub since: Option<Date>,
    /// The last day of events.
    pub until: Option<Date>,
    /// How many days an object may be delivered after others of its region, and is still found.
    pub lateness_days: u32,
}

impl Default for Selection {
    fn default() -> Self {
        Self {
            accounts: BTreeSet::new(),
            regions: BTreeSet::new(),
            since: None,
            until: None,
            lateness_days: LATENESS_DAYS,
        }
    }
}

impl Selection {
    pub(crate) fn takes_account(&self, account: &str) -> bool {
        self.accounts.is_empty() || self.accounts.contains(account)
    }

    pub(crate) fn takes_region(&self, region: &str) -> bool {
        self.regions.is_empty() || self.regions.contains(region)
    }

    /// The last day on which events of the last day may be delivered.
    pub(crate) fn last_delivery(&self) -> Option<Date> {
        let days = i64::from(self.lateness_days.max(1)).days();
        self.until.map(|until| until.saturating_add(days))
    }

    /// The first day on which objects are looked for after `newest` was delivered.
    pub(super) fn look_back(&self, newest: Date) -> Date {
        newest.saturating_sub(i64::from(self.lateness_days).days())
    }

    /// Tells whether an object of this layout is wanted.
    pub(super) fn takes(&self, layout: &Layout<'_>) -> bool {
        layout
            .account
            .is_none_or(|account| self.takes_account(account))
            && layout.region.is_none_or(|region| self.takes_region(region))
            && layout.day.is_none_or(|day| self.takes_day(day))
    }

    fn takes_day(&self, delivered: Date) -> bool {
        self.since.is_none_or(|since| delivered >= since)
            && self.last_delivery().is_none_or(|last| delivered <= last)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn records_of_the_last_day_are_found_in_objects_of_the_days_after() {
        let selection = Selection {
            since: Some(date(2026, 6, 1)),
            until: Some(date(2026, 6, 2)),
            lateness_days: 1,
            ..Selection::default()
        };
        let takes = |day: &str| {
            let key = format!("AWSLogs/111122223333/CloudTrail/eu-west-1/2026/{day}/x.json.gz");
            selection.takes(&Layout::of(&key))
        };
        assert!(!takes("05/31"));
        assert!(takes("06/01") && takes("06/03"));
        assert!(!takes("06/04"));
    }

    #[test]
    fn what_a_key_does_not_tell_is_no_reason_to_leave_it_out() {
        let selection = Selection {
            accounts: ["111122223333".to_owned()].into(),
            regions: ["eu-west-1".to_owned()].into(),
            since: Some(date(2026, 6, 1)),
            ..Selection::default()
        };
        assert!(selection.takes(&Layout::of("exports/x.json.gz")));
        assert!(!selection.takes(&Layout::of(
            "AWSLogs/444455556666/CloudTrail/eu-west-1/2026/06/03/x.json.gz"
        )));
    }
}
