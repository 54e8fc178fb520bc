//! Whether a condition holds, given the known values of its key.
//!
//! A missing key makes a plain operator false and a negated or `…IfExists` one true. The listed
//! values are alternatives; of a negated operator none may match. `ForAllValues` asks it of every
//! value of the request and is true without any, `ForAnyValue` asks it of one and is then false;
//! under both, values that are all empty text count as none.
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "Set operators for
//! multivalued context keys", "Conditions with multiple context keys or values".
//!
//! A value that is not of the operator's type, listed or given, matches nothing; so a negated operator
//! holds for it.
//!
//! Undecided: an unknown key; a key of whose several values some match, under an operator without a set
//! prefix, which has no documented meaning; an operator that AWS does not document.

use super::facts::Facts;
use super::listed::Listed;
use super::operator::{Comparison, Operator, Quantifier};
use super::truth::Truth;
use crate::document::{Condition, Version};
use crate::policy::Context;

/// One operator and key of a `Condition` block, read once.
#[derive(Debug, Clone)]
pub(crate) struct CompiledCondition {
    /// The key in lower case.
    key: String,
    /// The operator, or its name if there is no such operator.
    operator: Result<Operator, String>,
    listed: Vec<Listed>,
    version: Version,
}

/// Tells whether the condition holds; a key that is absent from the context is unknown.
pub(crate) fn holds(condition: &Condition, version: Version, context: &Context) -> Truth {
    CompiledCondition::read(condition, version).holds(Facts::open(context))
}

impl CompiledCondition {
    pub(crate) fn read(condition: &Condition, version: Version) -> Self {
        let operator =
            Operator::parse(&condition.operator).ok_or_else(|| condition.operator.clone());
        let comparison = operator.as_ref().map(|operator| operator.comparison);
        let read =
            |value: &String| Listed::read(comparison.unwrap_or(Comparison::Text), value, version);
        Self {
            key: condition.key.to_ascii_lowercase(),
            listed: condition.values.iter().map(read).collect(),
            operator,
            version,
        }
    }

    /// Tells whether the condition holds.
    pub(crate) fn holds(&self, facts: Facts<'_>) -> Truth {
        let operator = match &self.operator {
            Ok(operator) => *operator,
            Err(name) => return of_no_operator(name),
        };
        let Some(given) = facts.values(&self.key) else {
            return Truth::unknown(self.key.clone());
        };
        if operator.comparison == Comparison::Null {
            return self.null(given.is_empty());
        }
        let test = |value: &String| {
            let matched = self.matches(value, operator.comparison, facts);
            if operator.negated {
                matched.negated()
            } else {
                matched
            }
        };
        match (operator.quantifier, given) {
            (_, []) if operator.if_exists => Truth::True,
            (None, []) => Truth::from(operator.negated),
            (None, [value]) => test(value),
            (None, values) => self.of_several(values, operator, facts),
            (Some(quantifier), values) if values.iter().all(String::is_empty) => {
                Truth::from(quantifier == Quantifier::All)
            }
            (Some(Quantifier::All), values) => Truth::all(values.iter().map(test)),
            (Some(Quantifier::Any), values) => Truth::any(values.iter().map(test)),
        }
    }

    fn matches(&self, value: &str, comparison: Comparison, facts: Facts<'_>) -> Truth {
        Truth::any(
            self.listed
                .iter()
                .map(|listed| listed.matches(value, comparison, self, facts)),
        )
    }

    /// Several values under an operator for one: settled where none of them matches, for then every
    /// reading says the same.
    fn of_several(&self, values: &[String], operator: Operator, facts: Facts<'_>) -> Truth {
        let values = values.iter();
        let matched =
            Truth::any(values.map(|value| self.matches(value, operator.comparison, facts)));
        match matched {
            Truth::False => Truth::from(operator.negated),
            Truth::True | Truth::Unknown(_) => Truth::unknown(self.key.clone()),
        }
    }

    fn null(&self, missing: bool) -> Truth {
        let mut listed = self.listed.iter();
        Truth::from(
            listed.any(|listed| matches!(listed, Listed::Bool(Some(wanted)) if *wanted == missing)),
        )
    }

    pub(super) fn version(&self) -> Version {
        self.version
    }
}

/// AWS takes `Null` after a set prefix, and the prefix alone decides.
/// Source: IAM User Guide, "IAM policy validation check reference", "Null with qualifier".
fn of_no_operator(name: &str) -> Truth {
    match name.to_ascii_lowercase().as_str() {
        "forallvalues:null" => Truth::True,
        "foranyvalue:null" => Truth::False,
        _ => Truth::unknown(format!("operator `{name}`")),
    }
}

#[cfg(test)]
mod tests;
