//! Instants of conditions: ISO 8601 in its W3C forms, or seconds since 1970.
//!
//! Source: IAM User Guide, "Date condition operators"; W3C note "Date and Time Formats".
//!
//! Four digits are a year; a time without a zone is UTC; `T` and `Z` may be in lower case and a zone may
//! stand without its colon. A number of at least 10^11 counts milliseconds: as seconds it would lie beyond
//! the year 5000.

/// An instant, UTC: whole seconds since 1970 and the digits of the fraction without trailing zeros.
/// The fraction compares as text, since it is always added.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Instant {
    seconds: i64,
    fraction: String,
}

const SECONDS_OF_A_DAY: i64 = 86_400;
/// From here on a number counts milliseconds.
const FIRST_IN_MILLISECONDS: i64 = 100_000_000_000;

impl Instant {
    /// Reads a date, a date with a time, or seconds or milliseconds since 1970.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && text.len() != 4 {
            return text.parse().ok().map(Self::of_number);
        }
        let (date, time) = match text.split_once(['T', 't']) {
            Some((date, time)) => (date, Some(time)),
            None => (text, None),
        };
        if time.is_some() && !date.contains('-') {
            return None;
        }
        let midnight = days(date)? * SECONDS_OF_A_DAY;
        let (of_day, fraction) = time.map_or(Some((0, "")), time_of_day)?;
        Some(Self {
            seconds: midnight + of_day,
            fraction: fraction.trim_end_matches('0').to_owned(),
        })
    }

    fn of_number(number: i64) -> Self {
        if number < FIRST_IN_MILLISECONDS {
            return Self {
                seconds: number,
                fraction: String::new(),
            };
        }
        let fraction = format!("{:03}", number % 1000);
        Self {
            seconds: number / 1000,
            fraction: fraction.trim_end_matches('0').to_owned(),
        }
    }
}

/// Days since 1970-01-01 of `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, in the Gregorian calendar.
fn days(date: &str) -> Option<i64> {
    let (year, rest) = date.split_once('-').unwrap_or((date, "01"));
    let (month, day) = rest.split_once('-').unwrap_or((rest, "01"));
    let (year, month, day) = (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return None,
    };
    // Years begin in March, so that the leap day ends one; 719,468 days lie between 0000-03-01 and 1970.
    let (march_year, march_month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let before_year = 365 * march_year + march_year.div_euclid(4) - march_year.div_euclid(100)
        + march_year.div_euclid(400);
    (1..=length)
        .contains(&day)
        .then(|| before_year + (153 * march_month + 2) / 5 + day - 1 - 719_468)
}

/// Seconds of the day in UTC, and the digits of the fraction, of `hh:mm[:ss[.s]]` with or without a zone.
fn time_of_day(time: &str) -> Option<(i64, &str)> {
    let (clock, offset) = match time.strip_suffix(['Z', 'z']) {
        Some(clock) => (clock, 0),
        None if time.contains(['+', '-']) => zone(time)?,
        None => (time, 0),
    };
    let (clock, fraction) = match clock.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (clock, None),
    };
    let mut parts = clock.split(':');
    let (hours, minutes) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let seconds = parts.next().map(|text| digits(text, 2));
    let fraction_fits = fraction.is_none_or(|text| {
        seconds.is_some() && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
    });
    let seconds = seconds.unwrap_or(Some(0))?;
    let fits =
        parts.next().is_none() && hours < 24 && minutes < 60 && seconds < 60 && fraction_fits;
    fits.then_some((
        hours * 3600 + minutes * 60 + seconds - offset,
        fraction.unwrap_or(""),
    ))
}

/// The clock and the seconds by which it is ahead of UTC, of a time that ends with `+hh:mm` or `+hhmm`.
fn zone(time: &str) -> Option<(&str, i64)> {
    let sign_at = time.rfind(['+', '-'])?;
    let (clock, zone) = time.split_at_checked(sign_at)?;
    let zone_clock = zone.get(1..)?;
    let (hours, minutes) = match zone_clock.split_once(':') {
        Some(parts) => parts,
        None => zone_clock.split_at_checked(2)?,
    };
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    let seconds = hours * 3600 + minutes * 60;
    (hours < 24 && minutes < 60).then_some((
        clock,
        if zone.starts_with('-') {
            -seconds
        } else {
            seconds
        },
    ))
}

fn digits(text: &str, count: usize) -> Option<i64> {
    let plain = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    #[test]
    fn every_form_of_one_instant_is_equal() {
        let epoch = at("1772366400");
        for text in [
            "2026-03-01T12:00Z",
            "2026-03-01T12:00:00Z",
            "2026-03-01T12:00:00.000Z",
            "2026-03-01T14:30:00+02:30",
            "2026-03-01T07:00:00-05:00",
            "2026-03-01T07:00:00-0500",
            "2026-03-01T12:00:00",
            "2026-03-01t12:00:00z",
            "1772366400000",
        ] {
            assert_eq!(at(text), epoch, "{text}");
        }
        assert_eq!(at("2026-03"), at("2026-03-01T00:00:00Z"));
        assert_eq!(at("2026"), at("2026-01-01T00:00:00Z"));
        assert_eq!(at("1772366400050"), at("2026-03-01T12:00:00.05Z"));
    }

    #[test]
    fn fractions_and_leap_days_count() {
        assert!(at("2026-03-01T12:00:00.15Z") < at("2026-03-01T12:00:00.2Z"));
        assert!(at("2024-02-29") < at("2024-03-01"));
        assert_eq!(at("1970-01-01"), at("0"));
        assert_eq!(
            at("2000-03-01").seconds - at("2000-02-28").seconds,
            2 * SECONDS_OF_A_DAY
        );
        assert_eq!(at("0000-03-01").seconds, -719_468 * SECONDS_OF_A_DAY);
    }

    #[test]
    fn what_is_no_instant_is_none() {
        for text in [
            "",
            "2026T12:00Z",
            "2026-13-01",
            "2025-02-29",
            "2026-03-01T24:00Z",
            "2026-03-01T12Z",
            "2026-03-01T12:00.5Z",
            "2026-03-01T12:00:00.Z",
            "99999999999999999999",
            "2026-03-01 12:00:00Z",
            "2026-03-01T12:00+2:00",
            "2026-03-01T12:00+02",
            "2026-03-01T12:00+02000",
        ] {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_an_instant_or_none(text in "[0-9TZ:.+é-]{0,30}") {
            let _ = Instant::parse(&text);
        }

        #[test]
        fn days_follow_one_another(day in 1_i64..28, month in 1_i64..=12, year in 1_i64..9999) {
            let today = days(&format!("{year:04}-{month:02}-{day:02}")).unwrap();
            let tomorrow = days(&format!("{year:04}-{month:02}-{:02}", day + 1)).unwrap();
            prop_assert_eq!(tomorrow - today, 1);
        }
    }
}
