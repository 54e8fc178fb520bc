//! One listed value of a condition, read once, and whether a value of the request matches it.
//!
//! Variables stand in values of string, ARN and Boolean operators alone; elsewhere `${…}` is plain text.
//! A value that is not of the operator's type matches nothing.
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators"; "IAM policy elements:
//! Variables and tags".

use std::net::IpAddr;

use super::address::Network;
use super::arn::{ArnPattern, Name};
use super::binary::decoded;
use super::condition::CompiledCondition;
use super::date::Instant;
use super::facts::Facts;
use super::number::Decimal;
use super::operator::Comparison;
use super::template::{Filled, Template};
use super::truth::Truth;
use super::variable::{Variables, Wildcards, resolve, resolve_arn};
use crate::document::Version;
use crate::pattern::{Fit, Glob, Token, wildcard_match};

/// A value as its operator reads it; `None` where it is not of the operator's type.
#[derive(Debug, Clone)]
pub(super) enum Listed {
    /// A whole text.
    Text(String),
    /// A text in lower case.
    LowerCase(String),
    /// A pattern over a text.
    Like(String),
    /// A pattern over an ARN.
    Arn(ArnPattern),
    /// A text or pattern with variables, and its parts where case counts and components do not.
    Variable(String, Option<Template>),
    /// The text of a number.
    Number(Option<String>),
    Date(Option<Instant>),
    Network(Option<Network>),
    Bool(Option<bool>),
    Bytes(Option<Vec<u8>>),
}

impl Listed {
    pub(super) fn read(comparison: Comparison, value: &str, version: Version) -> Self {
        use Comparison as Of;
        let has_variable = version == Version::V2012 && value.contains("${");
        match comparison {
            Of::Text | Of::TextIgnoringCase | Of::TextLike | Of::Arn | Of::Bool if has_variable => {
                let template = match comparison {
                    Of::Text => Some(Template::read(value, Wildcards::Literal)),
                    Of::TextLike => Some(Template::read(value, Wildcards::Active)),
                    _ => None,
                };
                Self::Variable(value.to_owned(), template)
            }
            Of::Text => Self::Text(value.to_owned()),
            Of::TextIgnoringCase => Self::LowerCase(lower_case(value)),
            Of::TextLike => Self::Like(value.to_owned()),
            Of::Arn => Self::Arn(ArnPattern::parse(value)),
            Of::Number(_) => Self::Number(Decimal::parse(value).map(|_| value.to_owned())),
            Of::Date(_) => Self::Date(Instant::parse(value)),
            Of::Address => Self::Network(Network::parse(value)),
            Of::Bool | Of::Null => Self::Bool(truth_value(value)),
            Of::Binary => Self::Bytes(decoded(value)),
        }
    }

    /// Tells whether one value of the request matches.
    pub(super) fn matches(
        &self,
        value: &str,
        comparison: Comparison,
        of: &CompiledCondition,
        facts: Facts<'_>,
    ) -> Truth {
        let matched = match self {
            Self::Text(listed) => Some(listed == value),
            Self::LowerCase(listed) => Some(*listed == lower_case(value)),
            Self::Like(listed) => Some(wildcard_match(listed, value)),
            Self::Arn(listed) => Some(arn(listed, value)),
            Self::Variable(listed, template) => {
                return match template.as_ref().map(|template| template.fill(facts)) {
                    Some(Filled::Known(filled)) => Truth::from(filled.matches(value)),
                    Some(Filled::Valueless) => Truth::False,
                    _ => with_variables(listed, value, comparison, of, facts),
                };
            }
            Self::Number(listed) => number(listed.as_deref(), value, comparison),
            Self::Date(listed) => instant(listed.as_ref(), value, comparison),
            Self::Network(listed) => both(*listed, value.parse::<IpAddr>().ok(), Network::contains),
            Self::Bool(listed) => {
                both(*listed, truth_value(value), |listed, value| listed == value)
            }
            Self::Bytes(listed) => listed.as_ref().map(|listed| {
                // A value of the request is base-64 too, or the bytes themselves.
                decoded(value).map_or_else(|| listed == value.as_bytes(), |value| *listed == value)
            }),
        };
        Truth::from(matched.unwrap_or(false))
    }
}

/// Each of the six components is compared by itself; a star that ends a shorter pattern stands for the
/// missing ones of a whole ARN.
fn arn(listed: &ArnPattern, value: &str) -> bool {
    let name = Name::read(value);
    if listed.is_cut_short_before(value) {
        name.is_whole_arn()
    } else {
        listed.fits(&name) == Fit::Yes
    }
}

fn number(listed: Option<&str>, value: &str, comparison: Comparison) -> Option<bool> {
    let Comparison::Number(wanted) = comparison else {
        return None;
    };
    both(
        listed.and_then(Decimal::parse),
        Decimal::parse(value),
        |listed, value| wanted.contains(&value.cmp(&listed)),
    )
}

fn instant(listed: Option<&Instant>, value: &str, comparison: Comparison) -> Option<bool> {
    let Comparison::Date(wanted) = comparison else {
        return None;
    };
    both(listed, Instant::parse(value), |listed, value| {
        wanted.contains(&value.cmp(listed))
    })
}

fn both<L, V>(listed: Option<L>, value: Option<V>, matches: impl Fn(L, V) -> bool) -> Option<bool> {
    Some(matches(listed?, value?))
}

fn with_variables(
    listed: &str,
    value: &str,
    comparison: Comparison,
    of: &CompiledCondition,
    facts: Facts<'_>,
) -> Truth {
    if comparison == Comparison::Arn {
        let (pattern, variables) = resolve_arn(listed, of.version(), facts);
        let matched = if pattern.is_cut_short_by_a_star() && pattern.whole().matches(value) {
            Name::read(value).is_whole_arn()
        } else {
            pattern.fits(value) == Fit::Yes
        };
        return settled(matched, variables);
    }
    let wildcards = if comparison == Comparison::TextLike {
        Wildcards::Active
    } else {
        Wildcards::Literal
    };
    let (glob, variables) = resolve(listed, wildcards, of.version(), facts);
    let matched = match comparison {
        Comparison::TextIgnoringCase => lower_case_glob(&glob).matches(&lower_case(value)),
        Comparison::Bool => {
            let lower = value.to_ascii_lowercase();
            truth_value(value).is_some() && lower_case_glob(&glob).matches(&lower)
        }
        _ => glob.matches(value),
    };
    settled(matched, variables)
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

/// Character by character, so that a pattern and a text change alike.
fn lower_case(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

fn lower_case_glob(glob: &Glob) -> Glob {
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
