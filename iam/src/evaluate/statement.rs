//! Whether a statement applies to a request: action, resource, principal and conditions.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Action", "… Resource", "… Principal".

use super::arn::Name;
use super::condition::CompiledCondition;
use super::facts::Facts;
use super::resource::{CutShort, Resources};
use super::truth::Truth;
use crate::document::{ActionElement, PrincipalElement, Statement, Version};
use crate::pattern::wildcard_match_ignore_case;

/// What a statement asks beyond action and principal, read once.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    resources: Resources,
    conditions: Vec<CompiledCondition>,
    /// What becomes of it without a `Resource` element.
    without_resources: Truth,
}

impl Scope {
    /// A statement of a policy that is attached to an identity: it must name its resources.
    pub(crate) fn of_identity(statement: &Statement, version: Version) -> Self {
        Self::read(
            statement,
            version,
            Truth::unknown("missing `Resource` element"),
            CutShort::Completed,
        )
    }

    /// A statement of a resource control policy: it must name its resources, with whole ARNs.
    pub(crate) fn of_resource_control(statement: &Statement, version: Version) -> Self {
        Self::read(
            statement,
            version,
            Truth::unknown("missing `Resource` element"),
            CutShort::AsWritten,
        )
    }

    /// A statement of a policy that is attached to the resource: that one is meant where none is named.
    pub(crate) fn of_resource(statement: &Statement, version: Version) -> Self {
        Self::read(statement, version, Truth::True, CutShort::AsWritten)
    }

    fn read(
        statement: &Statement,
        version: Version,
        without_resources: Truth,
        cut_short: CutShort,
    ) -> Self {
        let conditions = statement.conditions.iter();
        Self {
            resources: Resources::read(&statement.resources, version, cut_short),
            conditions: conditions
                .map(|condition| CompiledCondition::read(condition, version))
                .collect(),
            without_resources,
        }
    }

    /// Tells whether the resource is meant and the conditions hold.
    pub(crate) fn holds(&self, resource: Option<&Name<'_>>, facts: Facts<'_>) -> Truth {
        let taken = self
            .resources
            .take(resource, facts, &self.without_resources);
        if taken == Truth::False {
            return taken;
        }
        let conditions = self.conditions.iter();
        taken.and(Truth::all(
            conditions.map(|condition| condition.holds(facts)),
        ))
    }
}

/// Tells whether the action is among those that the element names.
pub(crate) fn action_matches(element: &ActionElement, action: &str) -> bool {
    let listed = element
        .patterns()
        .iter()
        .any(|pattern| wildcard_match_ignore_case(pattern, action));
    match element {
        ActionElement::Action(_) => listed,
        ActionElement::NotAction(_) => !listed,
    }
}

/// Tells whether the statement is for every principal: it names none, or `*`.
///
/// Resource control policies name `*`; no other policy of a role may have the element.
pub(crate) fn principal_applies(statement: &Statement) -> Truth {
    match &statement.principal {
        PrincipalElement::Absent => Truth::True,
        PrincipalElement::Principal(listed) if listed.everyone => Truth::True,
        PrincipalElement::Principal(_) | PrincipalElement::NotPrincipal(_) => {
            Truth::unknown("principal")
        }
    }
}
