//! What of a statement does not depend on its actions: two statements of one shape differ in actions only.
//!
//! A trim changes action lists alone. So if the statements that match an action have the same
//! shapes before and after, every request for that action is decided alike, whatever its resource
//! and context are.

use std::collections::{BTreeMap, BTreeSet};

use curtail_iam::catalog::Catalog;
use curtail_iam::document::{ActionElement, Effect, ResourceElement, Statement, Version};
use curtail_iam::expand::{expand, expand_not};
use curtail_iam::pattern::wildcard_match_ignore_case;
use curtail_iam::policy::NamedPolicy;

/// Everything of a statement but its Sid and its actions, and the language version that it is read in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Shape {
    effect: Effect,
    version: Version,
    resources: (u8, Vec<String>),
    conditions: Vec<(String, String, Vec<String>)>,
    principals: Option<String>,
}

impl Shape {
    fn of(statement: &Statement, version: Version) -> Self {
        let resources = match &statement.resources {
            ResourceElement::Absent => (0, Vec::new()),
            ResourceElement::Resource(patterns) => (1, patterns.clone()),
            ResourceElement::NotResource(patterns) => (2, patterns.clone()),
        };
        let conditions = statement
            .conditions
            .iter()
            .map(|condition| {
                (
                    condition.operator.clone(),
                    condition.key.clone(),
                    condition.values.clone(),
                )
            })
            .collect();
        Self {
            effect: statement.effect,
            version,
            resources,
            conditions,
            principals: statement
                .principals
                .as_ref()
                .map(|principals| format!("{}{principals}", statement.not_principal)),
        }
    }

    pub(super) fn allows(&self) -> bool {
        self.effect == Effect::Allow
    }
}

/// Every statement of the policies with its shape, in order.
pub(super) fn shaped(policies: &[NamedPolicy]) -> impl Iterator<Item = (Shape, &Statement)> {
    policies.iter().flat_map(|policy| {
        let version = policy.document.version;
        let statements = policy.document.statements.iter();
        statements.map(move |statement| (Shape::of(statement, version), statement))
    })
}

/// How many statements of each shape match the action.
pub(super) fn matching(policies: &[NamedPolicy], action: &str) -> BTreeMap<Shape, usize> {
    let mut shapes = BTreeMap::new();
    for (shape, statement) in shaped(policies) {
        if names(&statement.actions, action) {
            *shapes.entry(shape).or_default() += 1;
        }
    }
    shapes
}

/// Whether an action element matches an action's name.
pub(super) fn names(element: &ActionElement, action: &str) -> bool {
    let any = |patterns: &[String]| {
        patterns
            .iter()
            .any(|pattern| wildcard_match_ignore_case(pattern, action))
    };
    match element {
        ActionElement::Action(patterns) => any(patterns),
        ActionElement::NotAction(patterns) => !any(patterns),
    }
}

/// The actions of the catalog that one of the elements matches.
pub(super) fn catalog_names<'a>(
    elements: &[&ActionElement],
    catalog: &'a Catalog,
) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::new();
    for element in elements {
        match element {
            ActionElement::Action(patterns) => {
                for pattern in patterns {
                    names.extend(expand(pattern, catalog).iter().map(|a| a.name));
                }
            }
            ActionElement::NotAction(patterns) => {
                names.extend(expand_not(patterns, catalog).iter().map(|a| a.name));
            }
        }
    }
    names
}
