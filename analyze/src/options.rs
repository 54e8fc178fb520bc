//! What an analysis is about and what it may take, with the defaults.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};

use crate::Error;
use crate::rules::RuleOptions;

/// Length of the review's window in days. Chosen: reviews are quarterly.
pub const DEFAULT_WINDOW_DAYS: u32 = 90;

/// Lengths in days of the windows that are measured beside the review's. Chosen: a week, a month, a quarter.
pub const DEFAULT_WINDOWS: [u32; 3] = [7, 30, 90];

/// Memory that queries may take before they spill to disk, in bytes: 1 GiB. Chosen: a quarter of a small machine.
pub const DEFAULT_MEMORY_BYTES: usize = 1 << 30;

/// The longest window, in days. Chosen: ten years are more than any trail keeps.
const LONGEST_WINDOW_DAYS: u32 = 3_660;

/// What an analysis is about and what it may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// End of every window (UTC); a call at this very moment is outside.
    pub as_of: Timestamp,
    /// Length of the review's window in days. See [`DEFAULT_WINDOW_DAYS`].
    pub window_days: u32,
    /// Lengths in days of the windows to measure; the review's own is added. See [`DEFAULT_WINDOWS`].
    pub windows: Vec<u32>,
    /// Versions to read of the lake's tables, by table name; the newest of those not named.
    pub table_versions: BTreeMap<String, i64>,
    /// Rules beside the built-in ones, and what is set about all of them.
    pub rules: RuleOptions,
    /// Memory that queries may take before they spill, in bytes. See [`DEFAULT_MEMORY_BYTES`].
    pub memory_bytes: usize,
    /// Where queries spill to; the system's temporary directory if none.
    pub spill_directory: Option<PathBuf>,
    /// Parts that a query is worked on in at a time; the results do not depend on it. The default is one per core.
    pub partitions: NonZero<usize>,
}

impl Options {
    /// The defaults for a review as of `as_of`.
    #[must_use]
    pub fn new(as_of: Timestamp) -> Self {
        Self {
            as_of,
            window_days: DEFAULT_WINDOW_DAYS,
            windows: DEFAULT_WINDOWS.to_vec(),
            table_versions: BTreeMap::new(),
            rules: RuleOptions::default(),
            memory_bytes: DEFAULT_MEMORY_BYTES,
            spill_directory: None,
            partitions: std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN),
        }
    }

    /// Every window to measure, ascending, the review's own among them.
    ///
    /// # Errors
    /// [`Error::Window`] if one is empty, too long, or begins before time does.
    pub(crate) fn windows(&self) -> Result<Vec<Window>, Error> {
        let mut lengths = self.windows.clone();
        lengths.push(self.window_days);
        lengths.sort_unstable();
        lengths.dedup();
        lengths
            .into_iter()
            .map(|days| Window::ending(self.as_of, days))
            .collect()
    }
}

/// A span of whole days that ends at the review's date; its start is in it, its end is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) length_days: u32,
    pub(crate) starts_at: Timestamp,
    pub(crate) ends_at: Timestamp,
}

impl Window {
    fn ending(ends_at: Timestamp, window_days: u32) -> Result<Self, Error> {
        let refused = || Error::Window { window_days };
        if window_days == 0 || window_days > LONGEST_WINDOW_DAYS {
            return Err(refused());
        }
        let length = SignedDuration::from_hours(i64::from(window_days) * 24);
        let starts_at = ends_at.checked_sub(length).map_err(|_| refused())?;
        Ok(Self {
            length_days: window_days,
            starts_at,
            ends_at,
        })
    }

    /// How many UTC days the window touches.
    pub(crate) fn days(self) -> i64 {
        let day = |moment: Timestamp| moment.as_microsecond().div_euclid(MICROSECONDS_A_DAY);
        let last = self
            .ends_at
            .as_microsecond()
            .saturating_sub(1)
            .div_euclid(MICROSECONDS_A_DAY);
        last - day(self.starts_at) + 1
    }
}

const MICROSECONDS_A_DAY: i64 = 86_400_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn options(as_of: &str) -> Options {
        Options::new(as_of.parse().unwrap())
    }

    #[test]
    fn windows_are_ascending_and_hold_the_reviews_own() {
        let mut options = options("2026-10-01T00:00:00Z");
        options.window_days = 45;
        options.windows = vec![90, 7, 7];
        let days: Vec<u32> = options
            .windows()
            .unwrap()
            .iter()
            .map(|window| window.length_days)
            .collect();
        assert_eq!(days, [7, 45, 90]);
    }

    #[test]
    fn a_window_starts_that_many_days_before_its_end() {
        let windows = options("2026-10-01T00:00:00Z").windows().unwrap();
        assert_eq!(
            windows[0].starts_at,
            "2026-09-24T00:00:00Z".parse().unwrap()
        );
        assert_eq!(windows[0].days(), 7);
    }

    #[test]
    fn a_window_that_ends_within_a_day_touches_one_day_more() {
        let windows = options("2026-10-01T12:00:00Z").windows().unwrap();
        assert_eq!(windows[0].days(), 8);
    }

    #[test]
    fn an_empty_and_an_endless_window_are_refused() {
        let mut none = options("2026-10-01T00:00:00Z");
        none.window_days = 0;
        assert!(matches!(
            none.windows(),
            Err(Error::Window { window_days: 0 })
        ));
        none.window_days = u32::MAX;
        assert!(matches!(
            none.windows(),
            Err(Error::Window {
                window_days: u32::MAX
            })
        ));
    }
}
