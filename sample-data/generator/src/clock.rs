//! Time: seconds since 1970-01-01T00:00:00Z, and the texts that CloudTrail makes of them.
//!
//! Own arithmetic on the proleptic Gregorian calendar, so that moments can stand in constants and
//! no clock or time zone database is asked. Source of the two conversions: Howard Hinnant,
//! "chrono-compatible low-level date algorithms".

use std::fmt;

/// Seconds in a day.
pub(crate) const DAY_SECONDS: i64 = 86_400;

/// A whole UTC second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(pub(crate) i64);

/// A UTC calendar day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(pub(crate) i64);

/// The moment with these UTC calendar and clock values.
pub(crate) const fn at(date: (i64, i64, i64), time: (i64, i64, i64)) -> Moment {
    day(date.0, date.1, date.2).at(time.0, time.1, time.2)
}

/// The day with these calendar values.
pub(crate) const fn day(year: i64, month: i64, day: i64) -> Day {
    let shifted_year = if month <= 2 { year - 1 } else { year };
    let era = shifted_year.div_euclid(400);
    let year_of_era = shifted_year - era * 400;
    let shifted_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Day(era * 146_097 + day_of_era - 719_468)
}

impl Day {
    /// The moment of this day at a wall-clock time; values past the clock run into the next day.
    pub(crate) const fn at(self, hour: i64, minute: i64, second: i64) -> Moment {
        Moment(self.0 * DAY_SECONDS + hour * 3_600 + minute * 60 + second)
    }

    /// The day that lies so many days later.
    pub(crate) const fn plus(self, days: i64) -> Self {
        Self(self.0 + days)
    }

    /// Saturday or Sunday.
    pub(crate) const fn is_weekend(self) -> bool {
        // 1970-01-01 was a Thursday.
        matches!((self.0 + 4).rem_euclid(7), 0 | 6)
    }

    /// `2026/07/03`, as in an object key.
    pub(crate) fn path(self) -> String {
        let (year, month, day) = self.civil();
        format!("{year:04}/{month:02}/{day:02}")
    }

    fn civil(self) -> (i64, i64, i64) {
        let shifted = self.0 + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted - era * 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (year, month, day)
    }
}

impl fmt::Display for Day {
    /// `2026-07-03`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
}

impl Moment {
    /// The day that holds this moment.
    pub(crate) const fn day(self) -> Day {
        Day(self.0.div_euclid(DAY_SECONDS))
    }

    /// The moment that lies so many seconds later.
    pub(crate) const fn plus(self, seconds: i64) -> Self {
        Self(self.0 + seconds)
    }

    /// `20260703T0905Z`, as in the name of a trail object.
    pub(crate) fn minute_stamp(self) -> String {
        let (year, month, day) = self.day().civil();
        let (hour, minute, _) = self.wall_clock();
        format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}Z")
    }

    /// `20260703T090500Z`, as in the name of a digest object.
    pub(crate) fn second_stamp(self) -> String {
        let (year, month, day) = self.day().civil();
        let (hour, minute, second) = self.wall_clock();
        format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
    }

    /// `Jul 3, 2026, 9:05:00 AM`, the spelling that STS writes into `expiration`.
    pub(crate) fn in_words(self) -> String {
        const MONTHS: [&str; 12] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        let (year, month, day) = self.day().civil();
        let (hour, minute, second) = self.wall_clock();
        let name = usize::try_from(month - 1)
            .ok()
            .and_then(|index| MONTHS.get(index));
        let name = name.copied().unwrap_or_default();
        let half = if hour < 12 { "AM" } else { "PM" };
        let hour = match hour % 12 {
            0 => 12,
            other => other,
        };
        format!("{name} {day}, {year}, {hour}:{minute:02}:{second:02} {half}")
    }

    const fn wall_clock(self) -> (i64, i64, i64) {
        let second = self.0.rem_euclid(DAY_SECONDS);
        (second / 3_600, second / 60 % 60, second % 60)
    }
}

impl fmt::Display for Moment {
    /// `2026-07-03T09:05:00Z`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute, second) = self.wall_clock();
        write!(
            formatter,
            "{}T{hour:02}:{minute:02}:{second:02}Z",
            self.day()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_agree_with_a_calendar_library() {
        for days in (-1_000..40_000).step_by(7) {
            let expected = jiff::Timestamp::from_second(days * DAY_SECONDS).unwrap();
            assert_eq!(Day(days).at(0, 0, 0).to_string(), expected.to_string());
            let (year, month, number) = Day(days).civil();
            assert_eq!(day(year, month, number), Day(days));
        }
    }

    #[test]
    fn the_first_of_october_2026_is_a_thursday() {
        assert!(!day(2026, 10, 1).is_weekend());
        assert!(day(2026, 10, 3).is_weekend());
        assert!(day(2026, 10, 4).is_weekend());
    }

    #[test]
    fn texts_are_those_of_cloudtrail() {
        let moment = at((2026, 7, 3), (13, 5, 9));
        assert_eq!(moment.to_string(), "2026-07-03T13:05:09Z");
        assert_eq!(moment.minute_stamp(), "20260703T1305Z");
        assert_eq!(moment.in_words(), "Jul 3, 2026, 1:05:09 PM");
        assert_eq!(moment.day().path(), "2026/07/03");
    }
}
