//! Why two lists of policies cannot be compared.

use std::fmt;

use super::clause::Clause;
use super::place::Place;

/// What stands in the way of an answer, and at which allow of the narrow list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// The first allow that could not be settled; `None` where the lists are too large as a whole.
    pub allow: Option<Place>,
    /// What it hangs on.
    pub reason: Reason,
}

/// What a comparison hangs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// There are more patterns, or more ways in which they overlap, than are looked at.
    TooLarge,
    /// A star at the end of an early component of an ARN, which can be read in two ways.
    Readings,
    /// Conditions that neither equal nor plainly imply one another.
    Conditions,
    /// The values of policy variables.
    Variables,
    /// Principals, which are compared for equality only.
    Principals,
    /// A missing `Resource` element.
    NoResource,
}

impl Doubt {
    pub(super) fn of(allow: &Clause<'_>, reason: Reason) -> Self {
        Self {
            allow: Some(allow.place.clone()),
            reason,
        }
    }

    pub(super) fn of_size() -> Self {
        Self {
            allow: None,
            reason: Reason::TooLarge,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::TooLarge => "too many patterns overlap",
            Self::Readings => {
                "a star at the end of an early part of an ARN can be read in two ways"
            }
            Self::Conditions => "the conditions do not plainly imply one another",
            Self::Variables => "it hangs on the values of policy variables",
            Self::Principals => "principals are compared for equality only",
            Self::NoResource => "a statement has no `Resource` element",
        })
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.allow {
            Some(place) => write!(formatter, "{place}: {}", self.reason),
            None => write!(formatter, "{}", self.reason),
        }
    }
}
