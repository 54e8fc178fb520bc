//! Numbers of conditions: integers and decimals of any length, compared exactly.
//!
//! An exponent may follow, as in numbers of JSON.
//! Source: IAM User Guide, "Numeric condition operators"; RFC 8259, section 6.

use std::cmp::Ordering;

/// Longest exponent, in digits, so that sums of places stay far from any limit.
const MAX_EXPONENT_DIGITS: usize = 9;

/// A decimal number: its digits in two parts, of which the first stands `places` before the point.
///
/// INVARIANT: the digits neither begin nor end with zero, and zero has none and is not negative.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decimal<'a> {
    negative: bool,
    digits: (&'a str, &'a str),
    places: i64,
}

impl<'a> Decimal<'a> {
    /// Reads an optional sign, digits with at most one point, and an optional exponent.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (negative, text) = signed(text);
        let (digits, exponent) = match text.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, exponent_of(exponent)?),
            None => (text, 0),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number =
            !(whole.is_empty() && fraction.is_empty()) && are_digits(whole) && are_digits(fraction);
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        let mut places = i64::try_from(whole.len()).ok()?;
        let digits = if whole.is_empty() {
            let after_zeros = fraction.trim_start_matches('0');
            places -= i64::try_from(fraction.len() - after_zeros.len()).ok()?;
            ("", after_zeros)
        } else if fraction.is_empty() {
            (whole.trim_end_matches('0'), "")
        } else {
            (whole, fraction)
        };
        let is_zero = digits == ("", "");
        is_number.then_some(Self {
            negative: negative && !is_zero,
            digits,
            places: if is_zero { 0 } else { places + exponent },
        })
    }

    fn is_zero(&self) -> bool {
        self.digits == ("", "")
    }

    fn magnitude(&self, other: &Self) -> Ordering {
        let digits = |of: &Self| of.digits.0.bytes().chain(of.digits.1.bytes());
        // Zero is the smallest, wherever the others' points stand.
        (!self.is_zero())
            .cmp(&!other.is_zero())
            .then(self.places.cmp(&other.places))
            .then_with(|| digits(self).cmp(digits(other)))
    }
}

fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

fn exponent_of(text: &str) -> Option<i64> {
    let (negative, digits) = signed(text);
    let fits = !digits.is_empty() && digits.len() <= MAX_EXPONENT_DIGITS && are_digits(digits);
    let exponent: i64 = fits.then(|| digits.parse().ok())??;
    Some(if negative { -exponent } else { exponent })
}

fn are_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Ord for Decimal<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.magnitude(other),
            (true, true) => other.magnitude(self),
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
        }
    }
}

impl PartialOrd for Decimal<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal<'_> {}

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
    fn an_exponent_moves_the_point() {
        for (a, b) in [
            ("1e3", "1000"),
            ("1.5E-2", "0.015"),
            ("-20e+1", "-200"),
            ("0e9", "-0"),
            (".001e3", "1"),
        ] {
            assert_eq!(order(a, b), Ordering::Equal, "{a} {b}");
        }
        assert_eq!(order("1e-3", "0"), Ordering::Greater);
        assert_eq!(order("9e2", "1e3"), Ordering::Less);
        assert_eq!(order("0.05", "0.5"), Ordering::Less);
    }

    #[test]
    fn what_is_no_plain_number_is_none() {
        for text in [
            "",
            ".",
            "-",
            "0x1",
            "1.2.3",
            "ten",
            "١",
            "e3",
            "1e",
            "1e+",
            "1e1.5",
            "1e9999999999",
        ] {
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
