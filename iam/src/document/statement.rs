//! The parts of a statement.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::principal::PrincipalElement;

/// What a statement does to the requests that it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Effect {
    /// Allows them, unless something denies them.
    Allow,
    /// Denies them, whatever allows them.
    Deny,
}

/// The actions that a statement is about. Names and patterns as written; they ignore case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ActionElement {
    /// Those that one of the patterns matches.
    Action(Vec<String>),
    /// Those that none of the patterns matches, in every service.
    NotAction(Vec<String>),
}

impl ActionElement {
    /// The patterns, whichever way they count.
    #[must_use]
    pub fn patterns(&self) -> &[String] {
        match self {
            Self::Action(patterns) | Self::NotAction(patterns) => patterns,
        }
    }
}

/// The resources that a statement is about. Patterns as written; they heed case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ResourceElement {
    /// Those that one of the patterns matches.
    Resource(Vec<String>),
    /// Those that none of the patterns matches.
    NotResource(Vec<String>),
    /// The element is missing: the thing that the policy is attached to, as in a trust policy.
    Absent,
}

/// One operator and key of a `Condition` block.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Condition {
    /// The operator as written, such as `ForAnyValue:StringLike`.
    pub operator: String,
    /// The condition key as written; it ignores case.
    pub key: String,
    /// The listed values, numbers and booleans as their text.
    pub values: Vec<String>,
}

/// One statement of a policy document.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The statement's name, if it has one.
    pub sid: Option<String>,
    /// Allow or deny.
    pub effect: Effect,
    /// Which actions.
    pub actions: ActionElement,
    /// Which resources.
    pub resources: ResourceElement,
    /// Whom it is about.
    pub principal: PrincipalElement,
    /// The `Principal` or `NotPrincipal` element as given; `None` in identity policies.
    pub principals: Option<Value>,
    /// Whether `principals` was given as `NotPrincipal`.
    pub not_principal: bool,
    /// All of these must hold, in the order given.
    pub conditions: Vec<Condition>,
}
