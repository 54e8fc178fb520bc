//! Numbers of conditions: integers and decimals of any length, compared exactly.
//!
//! Source: IAM User Guide, "Numeric condition operators".

use std::cmp::Ordering;

/// A decimal number. INVARIANT: no leading zeros before the point, no trailing ones after it, and
/// zero is not negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decimal {
    negative: bool,
    whole: String,
    fraction: String,
}

impl Decimal {
    /// Reads an optional sign and digits with at most one point.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number = !(whole.is_empty() && fraction.is_empty())
            && whole
                .bytes()
                .chain(fraction.bytes())
                .all(|byte| byte.is_ascii_digit());
        let whole = whole.trim_start_matches('0').to_owned();
        let fraction = fraction.trim_end_matches('0').to_owned();
        is_number.then_some(Self {
            negative: negative && !(whole.is_empty() && fraction.is_empty()),
            whole,
            fraction,
        })
    }

    fn magnitude(&self) -> (usize, &str, &str) {
        (self.whole.len(), &self.whole, &self.fraction)
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.magnitude().cmp(&other.magnitude()),
            (true, true) => other.magnitude().cmp(&self.magnitude()),
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn order(a: &str, b: &str) -> Ordering {
        Decimal::parse(a).unwrap().cmp(&Decimal::parse(b).unwrap())
    }

    #[test]
    fn numbers_compare_by_value_not_by_text() {
        assert_eq!(order("10", "9"), Ordering::Greater);
        assert_eq!(order("10", "10.0"), Ordering::Equal);
        assert_eq!(order("-0", "0"), Ordering::Equal);
        assert_eq!(order("-2", "-10"), Ordering::Greater);
        assert_eq!(order("0.15", ".2"), Ordering::Less);
        assert_eq!(
            order("9007199254740993", "9007199254740992"),
            Ordering::Greater
        );
    }

    #[test]
    fn what_is_no_plain_number_is_none() {
        for text in ["", ".", "-", "1e3", "0x1", "1.2.3", "ten", "١"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn order_is_that_of_integers(a in -10_000_i64..10_000, b in -10_000_i64..10_000) {
            let hundredth = |n: i64| format!("{}{}.{:02}", if n < 0 { "-" } else { "" }, n.abs() / 100, n.abs() % 100);
            prop_assert_eq!(order(&hundredth(a), &hundredth(b)), a.cmp(&b));
        }
    }
}
