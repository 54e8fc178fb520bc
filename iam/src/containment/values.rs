//! The values of a condition key that one listed value matches, compared as sets.
//!
//! Order, equality and membership of numbers, dates, addresses and truth values are asked of the
//! evaluator, by conditions made up for the purpose, so that both can never differ.
//!
//! INVARIANT: `true` is a proof, `false` proves nothing. Policy variables are letters here; each
//! stands for one unknown text, see [`super::variable`].

use std::cmp::Ordering;

use crate::document::{Condition, Version};
use crate::evaluate::{Comparison, Truth, condition_holds};
use crate::pattern::product::is_symbol;
use crate::pattern::{Fit, Glob, ResourcePattern, Token};
use crate::policy::Context;

/// A listed value with the comparison that it stands under.
pub(super) struct Matches<'a> {
    pub(super) comparison: Comparison,
    pub(super) value: &'a str,
    pub(super) version: Version,
}

impl Matches<'_> {
    /// Tells that every value that matches here matches there too.
    pub(super) fn within(&self, wide: &Self) -> bool {
        use Comparison::{
            Address, Arn, Binary, Bool, Date, Number, Text, TextIgnoringCase, TextLike,
        };
        match (self.comparison, wide.comparison) {
            (Text, Text) | (Binary, Binary) => self.value == wide.value,
            (Text | TextIgnoringCase, TextIgnoringCase) => {
                !has_variable(self.value)
                    && !has_variable(wide.value)
                    && folded(self) == folded(wide)
                    || self.value == wide.value
            }
            (Text | TextLike, TextLike) => covers(&wide.glob(), &self.glob()),
            (TextIgnoringCase, TextLike) => wide.glob().is_everything(),
            (Arn, TextLike) => covers(&wide.glob(), self.arn().whole()),
            (Text, Arn) => wide.takes_arn(self.value),
            (Arn, Arn) => {
                self.value == wide.value && self.version == wide.version || {
                    let (own, wide) = (self.arn(), wide.arn());
                    let single = wide.whole().tokens().contains(&Token::One);
                    !(is_short(&wide) || has_variable(self.value) && single) && wide.covers(&own)
                }
            }
            (Number(own), Number(others)) => self
                .order("NumericLessThan", "NumericEquals", wide)
                .is_some_and(|order| orders_within(own, others, order)),
            (Date(own), Date(others)) => self
                .order("DateLessThan", "DateEquals", wide)
                .is_some_and(|order| orders_within(own, others, order)),
            (Address, Address) => self.network_within(wide),
            (Bool, Bool) => holds("Bool", wide.value, self.value) == Truth::True,
            _ => false,
        }
    }

    /// Tells that no value matches both.
    pub(super) fn apart(&self, other: &Self) -> bool {
        use Comparison::{Address, Arn, Bool, Date, Number, Text, TextIgnoringCase, TextLike};
        match (self.comparison, other.comparison) {
            (Text | TextLike, Text | TextLike) => !self.open().overlaps(&other.open()),
            (TextIgnoringCase, TextIgnoringCase | Text) | (Text, TextIgnoringCase) => {
                !has_variable(self.value)
                    && !has_variable(other.value)
                    && folded(self) != folded(other)
            }
            (Arn, Arn) => {
                !has_variable(self.value)
                    && !has_variable(other.value)
                    && self.arn().overlaps(&other.arn()) == Fit::No
            }
            (Number(own), Number(others)) => self
                .order("NumericLessThan", "NumericEquals", other)
                .is_some_and(|order| orders_apart(own, others, order)),
            (Date(own), Date(others)) => self
                .order("DateLessThan", "DateEquals", other)
                .is_some_and(|order| orders_apart(own, others, order)),
            (Address, Address) => {
                let outside = |network: &Self, of: &Self| {
                    let base = of.value.split('/').next().unwrap_or_default();
                    holds("IpAddress", network.value, base) == Truth::False
                };
                outside(self, other) && outside(other, self)
            }
            (Bool, Bool) => holds("Bool", other.value, self.value) == Truth::False,
            _ => false,
        }
    }

    /// Tells that every text matches.
    pub(super) fn is_everything(&self) -> bool {
        self.comparison == Comparison::TextLike && self.glob().is_everything()
    }

    fn glob(&self) -> Glob {
        if self.comparison == Comparison::TextLike {
            unescaped(self.value, self.version, true)
        } else {
            unescaped(self.value, self.version, false)
        }
    }

    /// The pattern with stars for variables.
    fn open(&self) -> Glob {
        let tokens = self.glob();
        let open = |&step: &Token| match step {
            Token::Char(letter) if is_symbol(letter) => Token::Any,
            other => other,
        };
        tokens.tokens().iter().map(open).collect()
    }

    fn arn(&self) -> ResourcePattern {
        crate::evaluate::resource_pattern(self.value, self.version, &Context::new()).0
    }

    fn takes_arn(&self, text: &str) -> bool {
        let pattern = self.arn();
        !has_variable(text)
            && !text.contains("${")
            && !has_variable(self.value)
            && !is_short(&pattern)
            && pattern.fits(text) == Fit::Yes
    }

    /// How this value stands to the other one.
    fn order(&self, less: &str, equal: &str, other: &Self) -> Option<Ordering> {
        match (
            holds(less, other.value, self.value),
            holds(equal, other.value, self.value),
        ) {
            (Truth::True, Truth::False) => Some(Ordering::Less),
            (Truth::False, Truth::True) => Some(Ordering::Equal),
            (Truth::False, Truth::False) => Some(Ordering::Greater),
            _ => None,
        }
    }

    fn network_within(&self, wide: &Self) -> bool {
        let own = split_network(self.value);
        let of_wide = split_network(wide.value);
        let (Some((base, length)), Some((_, wide_length))) = (own, of_wide) else {
            return false;
        };
        // The evaluator must be able to read this one as a network, too.
        holds("IpAddress", self.value, base) == Truth::True
            && holds("IpAddress", wide.value, base) == Truth::True
            && length >= wide_length
    }
}

/// Tells that a star stands for missing components, which the documentation does not settle.
fn is_short(pattern: &ResourcePattern) -> bool {
    pattern.is_cut_short_by_a_star()
}

fn split_network(text: &str) -> Option<(&str, u32)> {
    let longest = if text.contains(':') { 128 } else { 32 };
    match text.split_once('/') {
        None => Some((text, longest)),
        Some((base, length)) => Some((base, length.parse().ok()?)),
    }
}

/// Tells what the evaluator says of a condition on one value.
fn holds(operator: &str, listed: &str, value: &str) -> Truth {
    let condition = Condition {
        operator: operator.to_owned(),
        key: "k".to_owned(),
        values: vec![listed.to_owned()],
    };
    let context = Context::from([("k".to_owned(), vec![value.to_owned()])]);
    condition_holds(&condition, Version::V2008, &context)
}

/// Tells that what stands in `own` order to a value stands in one of the `others` to a second one,
/// where the first value is to the second as `order` says.
fn orders_within(own: &[Ordering], others: &[Ordering], order: Ordering) -> bool {
    own.iter().all(|&one| match (one, order) {
        (Ordering::Equal, order) => others.contains(&order),
        (one, Ordering::Equal) => others.contains(&one),
        (one, order) => one == order && others.contains(&one),
    })
}

/// Tells that nothing stands in both orders; see [`orders_within`].
fn orders_apart(own: &[Ordering], others: &[Ordering], order: Ordering) -> bool {
    own.iter().all(|&one| match (one, order) {
        (Ordering::Equal, order) => !others.contains(&order),
        (one, Ordering::Equal) => !others.contains(&one),
        (Ordering::Less, Ordering::Less) => others
            .iter()
            .all(|&other| other == Ordering::Greater || other == Ordering::Equal),
        (Ordering::Greater, Ordering::Greater) => others
            .iter()
            .all(|&other| other == Ordering::Less || other == Ordering::Equal),
        _ => false,
    })
}

fn has_variable(text: &str) -> bool {
    text.chars().any(is_symbol)
}

fn folded(value: &Matches<'_>) -> Glob {
    let glob = value.glob();
    let lower = glob.tokens().iter().flat_map(|&step| match step {
        Token::Char(letter) => letter.to_lowercase().map(Token::Char).collect(),
        wildcard => vec![wildcard],
    });
    lower.collect()
}

/// Tells that the wide pattern takes all of the narrow one, of which letters may be variables.
fn covers(wide: &Glob, narrow: &Glob) -> bool {
    let variables = narrow.tokens().iter().any(|&step| is_variable(step));
    !(variables && wide.tokens().contains(&Token::One)) && wide.covers(narrow)
}

fn is_variable(step: Token) -> bool {
    matches!(step, Token::Char(letter) if is_symbol(letter))
}

/// Reads a text whose variables are letters already; what is left in braces is a special character.
fn unescaped(text: &str, version: Version, wildcards: bool) -> Glob {
    let written = |letter: char| match (letter, wildcards) {
        ('*', true) => Token::Any,
        ('?', true) => Token::One,
        (other, _) => Token::Char(other),
    };
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${").filter(|_| version == Version::V2012) {
        tokens.extend(before.chars().map(written));
        let (inside, left) = after.split_once('}').unwrap_or((after, ""));
        tokens.extend(inside.chars().map(Token::Char));
        rest = left;
    }
    tokens.extend(rest.chars().map(written));
    tokens.into_iter().collect()
}
