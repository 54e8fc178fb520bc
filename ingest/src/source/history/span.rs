//! Spans of time, those that are settled, and the gaps between them. Seconds count, as in `eventTime`.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// How a time stands in a key.
const FORM: &str = "%Y%m%dT%H%M%SZ";

/// A span of time. Both ends belong to it, but events of the first second may lie in the span before, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::source) struct Span {
    pub(in crate::source) from: Timestamp,
    pub(in crate::source) to: Timestamp,
}

impl Span {
    /// The end of an object's key: `YYYY/MM/DD/<from>-<to>.json`.
    pub(super) fn key(&self) -> String {
        let day = self.to.strftime("%Y/%m/%d");
        format!(
            "{day}/{}-{}.json",
            self.from.strftime(FORM),
            self.to.strftime(FORM)
        )
    }

    /// What of it lies before a time, and what after.
    pub(super) fn split(self, at: Timestamp) -> [Self; 2] {
        let at = at.clamp(self.from, self.to.max(self.from));
        [Self { to: at, ..self }, Self { from: at, ..self }]
    }

    /// The span that a key names.
    pub(in crate::source) fn of(key: &str) -> Option<Self> {
        let name = key.rsplit('/').next()?.strip_suffix(".json")?;
        let (from, to) = name.split_once('-')?;
        let time = |text: &str| {
            let read = jiff::civil::DateTime::strptime(FORM, text).ok()?;
            Some(read.to_zoned(TimeZone::UTC).ok()?.timestamp())
        };
        Some(Self {
            from: time(from)?,
            to: time(to)?,
        })
    }
}

/// Settled spans.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::source) struct Spans(Vec<Span>);

impl Spans {
    pub(in crate::source) fn add(&mut self, span: Span) {
        self.0.push(span);
    }

    /// What of the wanted span is not settled, the oldest first.
    pub(in crate::source) fn gaps(mut self, wanted: Span) -> Vec<Span> {
        self.0.sort();
        let mut gaps = Vec::new();
        let mut from = wanted.from;
        for settled in self.0 {
            if settled.from > from {
                let to = settled.from.min(wanted.to);
                gaps.push(Span { from, to });
            }
            from = from.max(settled.to);
        }
        gaps.push(Span {
            from,
            to: wanted.to,
        });
        gaps.retain(|gap| gap.from < gap.to);
        gaps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: i64, to: i64) -> Span {
        let at = |second| Timestamp::from_second(second).unwrap();
        Span {
            from: at(from),
            to: at(to),
        }
    }

    #[test]
    fn a_key_names_its_span() {
        let span = span(1_780_000_000, 1_780_003_600);
        let key = format!("AWSLogs/111122223333/CloudTrail/eu-west-1/{}", span.key());
        assert_eq!(Span::of(&key), Some(span));
        assert_eq!(Span::of("AWSLogs/x/odd.json"), None);
    }

    #[test]
    fn a_span_is_split_where_it_has_the_time() {
        assert_eq!(span(0, 9).split(span(4, 4).from), [span(0, 4), span(4, 9)]);
        assert_eq!(span(5, 9).split(span(4, 4).from), [span(5, 5), span(5, 9)]);
        assert_eq!(span(0, 3).split(span(4, 4).from), [span(0, 3), span(3, 3)]);
    }

    #[test]
    fn gaps_are_what_no_settled_span_holds() {
        let settled = |spans: &[(i64, i64)]| {
            Spans(spans.iter().map(|&(from, to)| span(from, to)).collect()).gaps(span(10, 100))
        };
        assert_eq!(settled(&[]), [span(10, 100)]);
        assert_eq!(settled(&[(0, 20), (40, 50)]), [span(20, 40), span(50, 100)]);
        assert_eq!(settled(&[(40, 60), (0, 45), (60, 200)]), []);
        assert_eq!(settled(&[(120, 200)]), [span(10, 100)]);
    }
}
