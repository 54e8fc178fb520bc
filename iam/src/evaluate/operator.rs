//! Condition operators by name.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Set operators for
//! multivalued context keys".

use std::cmp::Ordering;

/// How a listed value is compared with a value of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// Equal texts.
    Text,
    /// Equal texts, ignoring case.
    TextIgnoringCase,
    /// Text against a pattern.
    TextLike,
    /// ARN against a pattern, component by component.
    Arn,
    /// Numbers: the request's is, to the listed one, one of these.
    Number(&'static [Ordering]),
    /// Instants: the request's is, to the listed one, one of these.
    Date(&'static [Ordering]),
    /// Address within a network.
    Address,
    /// Truth values.
    Bool,
    /// Bytes.
    Binary,
    /// Presence of the key.
    Null,
}

/// Over which values of a multivalued key an operator quantifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantifier {
    /// Every value of the request.
    All,
    /// At least one value of the request.
    Any,
}

/// An operator, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Operator {
    pub(crate) comparison: Comparison,
    /// No listed value may match.
    pub(crate) negated: bool,
    /// True where the key is missing.
    pub(crate) if_exists: bool,
    pub(crate) quantifier: Option<Quantifier>,
}

impl Operator {
    /// Reads an operator's name, in any case; `None` if there is no such operator.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let (quantifier, name) = match name.split_once(':') {
            Some(("forallvalues", rest)) => (Some(Quantifier::All), rest),
            Some(("foranyvalue", rest)) => (Some(Quantifier::Any), rest),
            Some(_) => return None,
            None => (None, name.as_str()),
        };
        let (name, if_exists) = match name.strip_suffix("ifexists") {
            Some(plain) => (plain, true),
            None => (name, false),
        };
        let (comparison, negated) = comparison(name)?;
        let bare = quantifier.is_none() && !if_exists;
        (comparison != Comparison::Null || bare).then_some(Self {
            comparison,
            negated,
            if_exists,
            quantifier,
        })
    }
}

fn comparison(name: &str) -> Option<(Comparison, bool)> {
    use Comparison::{Address, Arn, Binary, Bool, Null, Text, TextIgnoringCase, TextLike};
    Some(match name {
        "stringequals" => (Text, false),
        "stringnotequals" => (Text, true),
        "stringequalsignorecase" => (TextIgnoringCase, false),
        "stringnotequalsignorecase" => (TextIgnoringCase, true),
        "stringlike" => (TextLike, false),
        "stringnotlike" => (TextLike, true),
        "arnequals" | "arnlike" => (Arn, false),
        "arnnotequals" | "arnnotlike" => (Arn, true),
        "ipaddress" => (Address, false),
        "notipaddress" => (Address, true),
        "bool" => (Bool, false),
        "binaryequals" => (Binary, false),
        "null" => (Null, false),
        _ => return ordered(name),
    })
}

fn ordered(name: &str) -> Option<(Comparison, bool)> {
    let (order, of): (_, fn(&'static [Ordering]) -> Comparison) =
        if let Some(order) = name.strip_prefix("numeric") {
            (order, Comparison::Number)
        } else {
            (name.strip_prefix("date")?, Comparison::Date)
        };
    let (orders, negated): (&[Ordering], bool) = match order {
        "equals" => (&[Ordering::Equal], false),
        "notequals" => (&[Ordering::Equal], true),
        "lessthan" => (&[Ordering::Less], false),
        "lessthanequals" => (&[Ordering::Less, Ordering::Equal], false),
        "greaterthan" => (&[Ordering::Greater], false),
        "greaterthanequals" => (&[Ordering::Greater, Ordering::Equal], false),
        _ => return None,
    };
    Some((of(orders), negated))
}
