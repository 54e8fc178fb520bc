//! The hours of an agent's work: `Mon-Fri 06:00-20:00 Europe/Berlin` in, whether an instant is among them out.
//!
//! Days are `Mon` to `Sun`, as a list of days and spans of days (`Mon-Fri,Sun`), or `daily`. From is in the hours, to is
//! not; `24:00` is the end of the day. A span whose end is not after its beginning goes on past midnight and belongs to
//! the day on which it begins. The zone is a name of the IANA database, `UTC`, or an offset such as `+02:00`.
//!
//! The days and times are those on a clock in the zone, so that they move with daylight saving time.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde::{Serialize, Serializer};

use super::nearest::nearest;

/// The days of a week, as they are written.
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// The word for all of them.
const DAILY: &str = "daily";
/// Minutes of a day.
const DAY_MINUTES: u16 = 24 * 60;

/// A weekly span of time on the clock of a zone.
///
/// ```
/// use curtail_analyze::agents::Hours;
/// let hours: Hours = "Mon-Fri 06:00-20:00 UTC".parse()?;
/// assert!(hours.contain("2026-09-30T19:59:59Z".parse()?));
/// assert!(!hours.contain("2026-09-30T20:00:00Z".parse()?));
/// assert!(!hours.contain("2026-10-03T12:00:00Z".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// As it was written, with single spaces.
    text: String,
    /// Whether the span begins on that day, Monday first.
    days: [bool; 7],
    /// Minute of the day, in it.
    from: u16,
    /// Minute of the day, not in it.
    to: u16,
    zone: TimeZone,
}

/// Why a text names no hours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotHours {
    /// It has not the three parts.
    #[error("it is not written as days, times and zone")]
    Form,
    /// A day is none.
    #[error("`{0}` is no day")]
    Day(String, Option<&'static str>),
    /// A time is none.
    #[error("`{0}` is no span of times")]
    Times(String),
    /// The zone is not known.
    #[error("`{0}` is no time zone that is known here")]
    Zone(String),
}

impl NotHours {
    /// What to write instead.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Form => "write days, times and zone: Mon-Fri 06:00-20:00 Europe/Berlin".to_owned(),
            Self::Day(_, Some(near)) => format!("did you mean `{near}`?"),
            Self::Day(_, None) => {
                "write days as Mon, Tue, Wed, Thu, Fri, Sat, Sun, spans of them, or daily".to_owned()
            }
            Self::Times(_) => "write times as 06:00-20:00, of 24 hours".to_owned(),
            Self::Zone(_) => "write a zone of the IANA database such as Europe/Berlin (the system must have it), UTC, or an offset such as +02:00".to_owned(),
        }
    }
}

impl Hours {
    /// Whether the instant is among the hours.
    #[must_use]
    pub fn contain(&self, instant: Timestamp) -> bool {
        let clock = self.zone.to_datetime(instant);
        let minute = u16::try_from(clock.hour()).unwrap_or(0) * 60
            + u16::try_from(clock.minute()).unwrap_or(0);
        let today = usize::try_from(clock.weekday().to_monday_zero_offset()).unwrap_or(0);
        let begins = |day: usize| self.days.get(day % 7).copied().unwrap_or(false);
        if self.from < self.to {
            return begins(today) && self.from <= minute && minute < self.to;
        }
        (begins(today) && minute >= self.from) || (begins(today + 6) && minute < self.to)
    }
}

impl FromStr for Hours {
    type Err = NotHours;

    fn from_str(text: &str) -> Result<Self, NotHours> {
        let parts: Vec<&str> = text.split_whitespace().collect();
        let [days, times, zone] = *parts.as_slice() else {
            return Err(NotHours::Form);
        };
        let (from, to) = span_of_times(times)?;
        Ok(Self {
            text: parts.join(" "),
            days: days_of(days)?,
            from,
            to,
            zone: zone_of(zone)?,
        })
    }
}

fn days_of(text: &str) -> Result<[bool; 7], NotHours> {
    if text.eq_ignore_ascii_case(DAILY) {
        return Ok([true; 7]);
    }
    let mut days = [false; 7];
    for span in text.split(',') {
        let (first, last) = span.split_once('-').unwrap_or((span, span));
        let (first, last) = (day_of(first)?, day_of(last)?);
        let length = (last + 7 - first) % 7;
        for (number, day) in days.iter_mut().enumerate() {
            *day |= (number + 7 - first) % 7 <= length;
        }
    }
    Ok(days)
}

/// The number of a day, Monday first.
fn day_of(text: &str) -> Result<usize, NotHours> {
    DAYS.iter()
        .position(|day| day.eq_ignore_ascii_case(text))
        .ok_or_else(|| {
            let known = DAYS.iter().copied().chain([DAILY]);
            NotHours::Day(text.to_owned(), nearest(text, known))
        })
}

/// `06:00-20:00` as minutes of the day.
fn span_of_times(text: &str) -> Result<(u16, u16), NotHours> {
    let wrong = || NotHours::Times(text.to_owned());
    let (from, to) = text.split_once('-').ok_or_else(wrong)?;
    let from = minute_of(from).ok_or_else(wrong)?;
    let to = minute_of(to).ok_or_else(wrong)?;
    if from == to || from == DAY_MINUTES || to == 0 {
        return Err(wrong());
    }
    Ok((from, to))
}

/// `06:30` as a minute of the day; `24:00` is the end of the day.
fn minute_of(text: &str) -> Option<u16> {
    let (hour, minute) = two_numbers(text)?;
    let minute_of_day = hour * 60 + minute;
    (minute < 60 && minute_of_day <= DAY_MINUTES).then_some(minute_of_day)
}

/// The two numbers, of two digits each, around a colon.
fn two_numbers(text: &str) -> Option<(u16, u16)> {
    let (first, second) = text.split_once(':')?;
    let number = |digits: &str| {
        let is_number = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| digits.parse().ok()).flatten()
    };
    Some((number(first)?, number(second)?))
}

fn zone_of(text: &str) -> Result<TimeZone, NotHours> {
    if text.eq_ignore_ascii_case("UTC") || text == "Z" {
        return Ok(TimeZone::UTC);
    }
    let zone = match offset_of(text) {
        Some(offset) => Some(TimeZone::fixed(offset)),
        None => TimeZone::get(text).ok(),
    };
    zone.ok_or_else(|| NotHours::Zone(text.to_owned()))
}

/// `+02:00` as an offset.
fn offset_of(text: &str) -> Option<Offset> {
    let sign = match text.bytes().next()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = two_numbers(text.get(1..)?)?;
    let seconds = (i32::from(hours) * 60 + i32::from(minutes)) * 60;
    (minutes < 60).then(|| Offset::from_seconds(sign * seconds).ok())?
}

impl fmt::Display for Hours {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl Serialize for Hours {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contain(hours: &str, instant: &str) -> bool {
        let hours: Hours = hours.parse().unwrap();
        hours.contain(instant.parse().unwrap())
    }

    #[test]
    fn hours_are_those_on_the_clock_of_the_zone() {
        // 2026-09-30 is a Wednesday; Berlin is two hours ahead of UTC in summer, one in winter.
        let office = "Mon-Fri 06:00-20:00 Europe/Berlin";
        assert!(contain(office, "2026-09-30T04:00:00Z"));
        assert!(!contain(office, "2026-09-30T03:59:59Z"));
        assert!(contain(office, "2026-09-30T17:59:59Z"));
        assert!(!contain(office, "2026-09-30T18:00:00Z"));
        assert!(!contain(office, "2026-12-02T04:30:00Z"));
        assert!(contain(office, "2026-12-02T05:00:00Z"));
        assert!(!contain(office, "2026-10-03T10:00:00Z"));
    }

    #[test]
    fn a_span_past_midnight_belongs_to_the_day_on_which_it_begins() {
        let nights = "Fri 22:00-06:00 UTC";
        assert!(contain(nights, "2026-10-02T22:00:00Z"));
        assert!(contain(nights, "2026-10-03T05:59:00Z"));
        assert!(!contain(nights, "2026-10-03T06:00:00Z"));
        assert!(!contain(nights, "2026-10-02T05:00:00Z"));
        assert!(contain("Sun 22:00-06:00 UTC", "2026-10-05T01:00:00Z"));
    }

    #[test]
    fn days_are_lists_spans_and_all() {
        assert!(contain(
            "Sat-Mon,Wed 00:00-24:00 UTC",
            "2026-10-05T23:59:59Z"
        ));
        assert!(contain(
            "sat-mon,wed 00:00-24:00 utc",
            "2026-09-30T00:00:00Z"
        ));
        assert!(!contain(
            "Sat-Mon,Wed 00:00-24:00 UTC",
            "2026-10-06T12:00:00Z"
        ));
        assert!(contain("daily 00:00-24:00 +05:30", "2026-10-06T12:00:00Z"));
        assert!(contain("Wed 00:00-01:00 -02:00", "2026-09-30T02:30:00Z"));
    }

    #[test]
    fn what_names_no_hours_says_why() {
        let cases = [
            ("Mon-Fri 06:00-20:00", NotHours::Form),
            ("", NotHours::Form),
            (
                "Mun 06:00-20:00 UTC",
                NotHours::Day("Mun".into(), Some("Mon")),
            ),
            (
                "Moonday 06:00-20:00 UTC",
                NotHours::Day("Moonday".into(), None),
            ),
            ("Mon 6-20 UTC", NotHours::Times("6-20".into())),
            ("Mon 06:00-06:00 UTC", NotHours::Times("06:00-06:00".into())),
            ("Mon 06:00-24:30 UTC", NotHours::Times("06:00-24:30".into())),
            ("Mon 06:61-07:00 UTC", NotHours::Times("06:61-07:00".into())),
            (
                "Mon 06:00-20:00 Europe/Berln",
                NotHours::Zone("Europe/Berln".into()),
            ),
            ("Mon 06:00-20:00 +99:00", NotHours::Zone("+99:00".into())),
            ("Mon 06:00-20:00 +é", NotHours::Zone("+é".into())),
        ];
        for (text, reason) in cases {
            assert_eq!(text.parse::<Hours>(), Err(reason), "{text}");
        }
    }
}
