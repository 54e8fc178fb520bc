//! How far CloudTrail's digests confirm the log files: counts in, the sentence's parts out.

use curtail_analyze::IntegrityRow;
use serde::Serialize;

/// What the templates print of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct IntegrityView {
    verified: i64,
    objects_read: i64,
    percent: Option<String>,
    rest: Vec<Part>,
}

/// What is not confirmed, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Part {
    count: i64,
    what: &'static str,
}

/// The sentence's parts; the worst of what is not confirmed comes first.
pub(super) fn integrity_view(row: &IntegrityRow) -> IntegrityView {
    let parts = [
        (row.modified, "log files modified"),
        (row.missing, "log files missing"),
        (
            row.digests_failed,
            "digests modified, missing or not signed",
        ),
        (row.unlisted, "log files that no digest lists"),
        (
            row.hash_matches_unsigned,
            "log files that match a digest without its signature",
        ),
        (
            row.unverifiable,
            "log files that no digest covers or proves",
        ),
        (row.unchecked, "log files never held against a digest"),
        (row.gaps, "times without a digest"),
    ];
    IntegrityView {
        verified: row.verified,
        objects_read: row.objects_read,
        percent: percent(row.verified, row.objects_read),
        rest: parts
            .into_iter()
            .filter(|&(count, _)| count > 0)
            .map(|(count, what)| Part { count, what })
            .collect(),
    }
}

/// A share in tenths of a percent, rounded down: all but one is not 100 %.
fn percent(part: i64, whole: i64) -> Option<String> {
    let tenths = part.checked_mul(1000)?.checked_div(whole)?;
    Some(format!("{}.{} %", tenths / 10, tenths % 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_one_is_not_all() {
        assert_eq!(percent(9_999, 10_000).unwrap(), "99.9 %");
        assert_eq!(percent(10_000, 10_000).unwrap(), "100.0 %");
        assert_eq!(percent(0, 0), None);
    }

    #[test]
    fn only_what_there_is_is_told() {
        let row = IntegrityRow {
            objects_read: 4,
            verified: 3,
            modified: 1,
            ..IntegrityRow::default()
        };
        let view = integrity_view(&row);
        assert_eq!(view.percent.unwrap(), "75.0 %");
        assert_eq!(view.rest.len(), 1);
        assert_eq!(view.rest[0].what, "log files modified");
    }
}
