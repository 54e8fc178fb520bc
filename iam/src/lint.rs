//! Oddities of a document: what AWS accepts and nobody means.
//!
//! Each finding has a stable code, a severity, the place and position, a message and a remedy. A
//! finding never changes what the policy means: see [`crate::evaluate`] for that.
//! Source: IAM User Guide, "IAM policy validation check reference", for most of the rules; each file
//! names what else it rests on. The lists of actions, resources and keys are the catalog's, which may
//! lag behind AWS: what rests on them is a warning, never an error.
//!
//! INVARIANT: findings are sorted by position, and there are at most [`MAX_FINDINGS`].

mod action;
mod arn_shape;
mod condition;
mod element;
mod finding;
mod global_key;
mod key;
mod principal;
mod resource;
mod size;
mod statement;
mod value;
mod variable;

pub use finding::{Lint, MAX_FINDINGS, Severity};

use crate::catalog::{Action, Catalog};
use crate::document::{ActionElement, Document, Path, PolicyUse, ResourceElement, Statement};
use crate::expand::{expand, is_everything};
use finding::Findings;

/// Finds the oddities of a document that is used so, sorted by position.
///
/// ```
/// use curtail_iam::{catalog::Catalog, document::{Document, PolicyUse}, lint::lint};
/// let text = r#"{"Version": "2012-10-17", "Statement": {
///   "Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "*"}}"#;
/// let found = lint(&Document::parse(text)?, PolicyUse::Identity, Catalog::embedded());
/// assert_eq!(found[0].code, "unknown-action");
/// assert_eq!(found[0].remedy, "write `s3:GetObject` if that is meant");
/// # Ok::<(), curtail_iam::document::DocumentError>(())
/// ```
#[must_use]
pub fn lint(document: &Document, policy_use: PolicyUse, catalog: &Catalog) -> Vec<Lint> {
    let mut findings = Findings::new(document);
    if let Err(error) = document.check(policy_use) {
        findings.refused(&error);
    }
    element::check(document, policy_use, &mut findings);
    size::check(document, policy_use, &mut findings);
    let mut expanded = 0;
    for (index, statement) in document.statements.iter().enumerate() {
        let mut scope = Scope::new(document, statement, index, policy_use, catalog);
        if expanded < MAX_EXPANDED {
            scope.expand();
            expanded += scope.actions.len();
        }
        action::check(&scope, &mut findings);
        statement::check(&scope, &mut findings);
        principal::check(&scope, &mut findings);
        resource::check(&scope, &mut findings);
        condition::check(&scope, &mut findings);
        key::check(&scope, &mut findings);
        value::check(&scope, &mut findings);
        variable::check(&scope, &mut findings);
    }
    findings.sorted()
}

/// A statement and what the rules ask about it.
struct Scope<'a> {
    document: &'a Document,
    statement: &'a Statement,
    at: Path,
    policy_use: PolicyUse,
    catalog: &'a Catalog,
    /// Whether the `Action` element grants every action there is.
    grants_all: bool,
    /// The actions that the `Action` element grants; none where it grants all, for `NotAction`, and in a
    /// document so large that they are no longer looked up: the rules that need them stay silent.
    actions: Vec<&'a Action>,
}

impl<'a> Scope<'a> {
    fn new(
        document: &'a Document,
        statement: &'a Statement,
        index: usize,
        policy_use: PolicyUse,
        catalog: &'a Catalog,
    ) -> Self {
        Self {
            document,
            statement,
            at: Path::statement(index),
            policy_use,
            catalog,
            grants_all: false,
            actions: Vec::new(),
        }
    }

    fn expand(&mut self) {
        let ActionElement::Action(patterns) = &self.statement.actions else {
            return;
        };
        self.grants_all = patterns.iter().any(|pattern| is_everything(pattern));
        if self.grants_all {
            return;
        }
        self.actions = patterns
            .iter()
            .take(MAX_LIST)
            .flat_map(|pattern| expand(pattern, self.catalog))
            .collect();
        self.actions.sort_unstable_by_key(|action| action.name);
        self.actions.dedup_by_key(|action| action.name);
    }

    /// The action element: its name and its patterns.
    fn action_list(&self) -> (&'static str, &'a [String]) {
        match &self.statement.actions {
            ActionElement::Action(patterns) => ("Action", patterns),
            ActionElement::NotAction(patterns) => ("NotAction", patterns),
        }
    }

    /// The resource element: its name and its patterns.
    fn resource_list(&self) -> (&'static str, &'a [String]) {
        match &self.statement.resources {
            ResourceElement::Resource(patterns) => ("Resource", patterns),
            ResourceElement::NotResource(patterns) => ("NotResource", patterns),
            ResourceElement::Absent => ("Resource", &[]),
        }
    }

    /// The place of a condition, by its index in the statement.
    fn condition_at(&self, operator: &str, key: &str) -> Path {
        let at = self.at.clone().element("Condition");
        at.element(operator).element(key)
    }
}

/// Longest list that is looked at item by item; chosen far above what fits into a policy of AWS.
const MAX_LIST: usize = 1_000;

/// Most actions that are looked up for one document, chosen above what a policy that AWS takes means.
const MAX_EXPANDED: usize = 200_000;

#[cfg(test)]
mod managed;
#[cfg(test)]
mod tests;
