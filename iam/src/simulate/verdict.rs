//! What becomes of a request, and by which statements.

use std::fmt;

use serde::{Serialize, Serializer};

/// A policy by its kind and its place among those of the kind, from 0.
///
/// It is written as the place in a case: `identity_policies[0]`, `permission_boundary`, `scps[0][1]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyPlace {
    /// A policy of the user or role.
    Identity(usize),
    /// The permissions boundary.
    Boundary,
    /// A policy that the session was made with.
    Session(usize),
    /// The policy of the resource.
    Resource,
    /// A service control policy.
    Scp {
        /// The level, the root's being 0.
        level: usize,
        /// The place within the level.
        index: usize,
    },
    /// A resource control policy.
    Rcp {
        /// The level, the root's being 0.
        level: usize,
        /// The place within the level.
        index: usize,
    },
}

impl fmt::Display for PolicyPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Identity(index) => write!(formatter, "identity_policies[{index}]"),
            Self::Boundary => formatter.write_str("permission_boundary"),
            Self::Session(index) => write!(formatter, "session_policies[{index}]"),
            Self::Resource => formatter.write_str("resource_policy"),
            Self::Scp { level, index } => write!(formatter, "scps[{level}][{index}]"),
            Self::Rcp { level, index } => write!(formatter, "rcps[{level}][{index}]"),
        }
    }
}

impl Serialize for PolicyPlace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A statement by its policy and its index, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct StatementPlace {
    /// The policy.
    pub policy: PolicyPlace,
    /// The statement's index in the policy.
    pub statement: usize,
}

/// What becomes of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Allowed, whatever is unknown.
    Allowed {
        /// The statements that grant it, and those that let it through a limit.
        by: Vec<StatementPlace>,
    },
    /// Denied by a statement.
    ExplicitlyDenied {
        /// The denying statements.
        by: Vec<StatementPlace>,
    },
    /// Denied because what must allow it does not, and nothing denies it.
    ImplicitlyDenied,
    /// It hangs on what is not known. Which of the two denials it would be counts as well.
    Undecided {
        /// The statements that may apply.
        by: Vec<StatementPlace>,
        /// Lower-case condition keys, and `resource`; each once, sorted.
        needs: Vec<String>,
    },
}

impl Verdict {
    /// The verdict's name: `allowed`, `implicitly_denied`, `explicitly_denied` or `undecided`.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Allowed { .. } => "allowed",
            Self::ExplicitlyDenied { .. } => "explicitly_denied",
            Self::ImplicitlyDenied => "implicitly_denied",
            Self::Undecided { .. } => "undecided",
        }
    }

    /// The statements that made it.
    #[must_use]
    pub fn by(&self) -> &[StatementPlace] {
        match self {
            Self::Allowed { by } | Self::ExplicitlyDenied { by } | Self::Undecided { by, .. } => by,
            Self::ImplicitlyDenied => &[],
        }
    }

    /// What it hangs on; nothing where it is decided.
    #[must_use]
    pub fn needs(&self) -> &[String] {
        match self {
            Self::Undecided { needs, .. } => needs,
            _ => &[],
        }
    }
}

/// A reason for which a test is not settled, as a condition key or `resource`.
pub(super) fn need(reason: &str) -> String {
    let value = reason.strip_prefix("value of `");
    if let Some(key) = value.and_then(|rest| rest.strip_suffix('`')) {
        key.to_owned()
    } else if reason.starts_with("variable in ") || reason == "resource pattern" {
        "resource".to_owned()
    } else {
        reason.to_owned()
    }
}
