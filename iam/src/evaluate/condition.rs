//! Whether a condition holds, given the known values of its key.
//!
//! A missing key makes a plain operator false and a negated or `…IfExists` one true. The listed
//! values are alternatives; of a negated operator none may match. `ForAllValues` asks it of every
//! value of the request and is true without any, `ForAnyValue` asks it of one and is then false.
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "Set operators for
//! multivalued context keys", "Conditions with multiple context keys or values".
//!
//! Undecided: an unknown key; a key with several values under an operator without a set prefix,
//! which has no documented meaning; an operator that AWS does not document; a value that is not of
//! the operator's type; `BinaryEquals`, since no record holds such values.

use std::net::IpAddr;

use super::address::Network;
use super::date::Instant;
use super::number::Decimal;
use super::operator::{Comparison, Operator, Quantifier};
use super::truth::Truth;
use super::variable::{Variables, Wildcards, resolve, resolve_arn};
use crate::document::{Condition, Version};
use crate::pattern::{Fit, Glob, Token};
use crate::policy::Context;

/// Tells whether the condition holds.
pub(crate) fn holds(condition: &Condition, version: Version, context: &Context) -> Truth {
    let key = condition.key.to_ascii_lowercase();
    let Some(operator) = Operator::parse(&condition.operator) else {
        return Truth::unknown(format!("operator `{}`", condition.operator));
    };
    let Some(given) = context.get(&key) else {
        return Truth::unknown(key);
    };
    if operator.comparison == Comparison::Null {
        return null(condition, given.is_empty());
    }
    let scope = Scope {
        key: &key,
        version,
        context,
    };
    let test = |value: &String| {
        let listed = condition.values.iter();
        let matched =
            Truth::any(listed.map(|listed| scope.compare(operator.comparison, listed, value)));
        if operator.negated {
            matched.negated()
        } else {
            matched
        }
    };
    match (operator.quantifier, given.as_slice()) {
        (_, []) if operator.if_exists => Truth::True,
        (None, []) => Truth::from(operator.negated),
        (None, [value]) => test(value),
        (None, _) => Truth::unknown(key.clone()),
        (Some(Quantifier::All), values) => Truth::all(values.iter().map(test)),
        (Some(Quantifier::Any), values) => Truth::any(values.iter().map(test)),
    }
}

fn null(condition: &Condition, missing: bool) -> Truth {
    Truth::any(
        condition
            .values
            .iter()
            .map(|value| match truth_value(value) {
                Some(wanted) => Truth::from(wanted == missing),
                None => not_of_type(&condition.key),
            }),
    )
}

/// What stays the same while values are compared.
struct Scope<'a> {
    key: &'a str,
    version: Version,
    context: &'a Context,
}

impl Scope<'_> {
    /// Tells whether one value of the request matches one listed value.
    fn compare(&self, comparison: Comparison, listed: &str, value: &str) -> Truth {
        match comparison {
            Comparison::Text => self.text(listed, value, Wildcards::Literal),
            Comparison::TextLike => self.text(listed, value, Wildcards::Active),
            Comparison::TextIgnoringCase => {
                let (glob, variables) =
                    resolve(listed, Wildcards::Literal, self.version, self.context);
                settled(lower_case(&glob).matches(&value.to_lowercase()), variables)
            }
            Comparison::Arn => self.arn(listed, value),
            Comparison::Number(wanted) => self.typed(
                Decimal::parse(listed),
                Decimal::parse(value),
                |listed, value| wanted.contains(&value.cmp(&listed)),
            ),
            Comparison::Date(wanted) => self.typed(
                Instant::parse(listed),
                Instant::parse(value),
                |listed, value| wanted.contains(&value.cmp(&listed)),
            ),
            Comparison::Address => {
                let address = value.parse::<IpAddr>().ok();
                self.typed(Network::parse(listed), address, Network::contains)
            }
            Comparison::Bool => {
                self.typed(truth_value(listed), truth_value(value), |listed, value| {
                    listed == value
                })
            }
            Comparison::Binary | Comparison::Null => Truth::unknown("operator `BinaryEquals`"),
        }
    }

    fn text(&self, listed: &str, value: &str, wildcards: Wildcards) -> Truth {
        let (glob, variables) = resolve(listed, wildcards, self.version, self.context);
        settled(glob.matches(value), variables)
    }

    /// Each of the six components is compared by itself; a star that ends a shorter pattern is not
    /// documented to stand for the missing ones.
    fn arn(&self, listed: &str, value: &str) -> Truth {
        let (pattern, variables) = resolve_arn(listed, self.version, self.context);
        if pattern.is_cut_short_by_a_star() && pattern.whole().matches(value) {
            return Truth::unknown(format!("ARN pattern `{listed}`"));
        }
        settled(pattern.fits(value) == Fit::Yes, variables)
    }

    fn typed<L, V>(
        &self,
        listed: Option<L>,
        value: Option<V>,
        matches: impl Fn(L, V) -> bool,
    ) -> Truth {
        match (listed, value) {
            (Some(listed), Some(value)) => Truth::from(matches(listed, value)),
            _ => not_of_type(self.key),
        }
    }
}

/// A match with an unknown variable is not settled; a mismatch is, and so is a missing value.
fn settled(matched: bool, variables: Variables) -> Truth {
    if !matched || variables.valueless {
        Truth::False
    } else if variables.unknown.is_empty() {
        Truth::True
    } else {
        Truth::Unknown(variables.unknown)
    }
}

fn lower_case(glob: &Glob) -> Glob {
    glob.tokens()
        .iter()
        .flat_map(|&step| match step {
            Token::Char(character) => character.to_lowercase().map(Token::Char).collect(),
            wildcard => vec![wildcard],
        })
        .collect()
}

fn truth_value(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

fn not_of_type(key: &str) -> Truth {
    Truth::unknown(format!("value of `{}`", key.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests;
