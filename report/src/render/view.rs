//! What Markdown and HTML print of a review: the model in, lines and numbers ready to print out.
//!
//! Long lists are cut and summed up here, so that both forms say the same. Text stays as it is:
//! escaping is the form's business.

mod actions;
mod agent;
mod bar;
mod change;
mod declared;
mod integrity;
mod organisation;
mod page;
mod tasks;

use jiff::Timestamp;
use jiff::tz::TimeZone;

pub(super) use agent::{AgentView, agent_view};
pub(super) use change::{ChangeView, change_view};
pub(super) use organisation::{OrganisationView, organisation_view};
pub(super) use page::{PageView, page_view};

use crate::review::Range;
use crate::text::{grouped, to_count};

/// A timestamp's day, in UTC.
fn day(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC).date().to_string()
}

/// An access level in words.
fn level(level: &str) -> &str {
    match level {
        "" => "unknown",
        "permissions_management" => "permissions management",
        known => known,
    }
}

fn day_or_never(time: Option<Timestamp>) -> String {
    time.map_or_else(|| "never".to_owned(), day)
}

/// `7`, or `7 to 9`.
fn range(range: Range) -> String {
    if range.low == range.high {
        grouped(range.low)
    } else {
        format!("{} to {}", grouped(range.low), grouped(range.high))
    }
}

/// A share in whole percent; 0 and 100 only where it is none or all.
fn percent(part: i64, whole: i64) -> String {
    if whole <= 0 || part <= 0 {
        return "0%".to_owned();
    }
    let rounded = (part * 200 + whole) / (whole * 2);
    let shown = match rounded {
        0 => return "under 1%".to_owned(),
        100 if part < whole => 99,
        other => other,
    };
    format!("{shown}%")
}

/// The first rows, and how many more there are.
fn cut<T>(mut rows: Vec<T>, most: usize) -> (Vec<T>, usize) {
    let more = rows.len().saturating_sub(most);
    rows.truncate(most);
    (rows, more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_none_or_all_only_where_it_is() {
        assert_eq!(percent(0, 10), "0%");
        assert_eq!(percent(1, 1_000), "under 1%");
        assert_eq!(percent(999, 1_000), "99%");
        assert_eq!(percent(1, 2), "50%");
        assert_eq!(percent(10, 10), "100%");
        assert_eq!(percent(0, 0), "0%");
    }
}
