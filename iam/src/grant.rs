//! What a role may do: its policies and the catalog in, a verdict for each action out.
//!
//! An action is asked about if an allow of an identity policy matches it. It is
//!
//! - *granted* if some request is found that everything known allows: an example, not a guess.
//!   Conditions of the identity policies are taken as met where nothing else hangs on them;
//! - *blocked* if no request can be allowed: a deny covers all resources that it is allowed on, the
//!   boundary or a level of SCPs allows none of them, its conditions cannot hold, or none of the
//!   resources is one that the action takes;
//! - *undecided* otherwise: it hangs on what is not known, such as the tags of the role.
//!
//! Sources: IAM User Guide, "Policy evaluation logic"; Service Authorization Reference, for the
//! resources that an action takes. An action that takes none is covered by the resource `*` alone;
//! where a statement names it in full on ARNs all the same, it is undecided.
//!
//! INVARIANT: the boundary and SCPs never add an action, and the order of statements does not matter.

mod decide;
mod example;
mod limit;
mod rule;
mod satisfy;
mod signature;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::catalog::Catalog;
use crate::document::{ActionElement, ResourceElement};
use crate::evaluate::action_matches;
use crate::index::{ActionIndex, Kind, indexed};
use crate::policy::{Context, PolicyKind, RolePolicies};
use decide::{Question, Verdict};
use rule::Rule;
use signature::{Signature, Signatures};

/// Whether some request with an action is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantStatus {
    /// Some request is.
    Granted,
    /// None is.
    Blocked,
    /// It hangs on what is not known.
    Undecided,
}

impl GrantStatus {
    /// The status's name in tables and reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Blocked => "blocked",
            Self::Undecided => "undecided",
        }
    }
}

/// A statement of an identity policy that allows an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantSource {
    /// The name of the policy.
    pub policy: String,
    /// The statement's index, from 0.
    pub statement: usize,
    /// The statement's `Sid`, if it has one.
    pub sid: Option<String>,
    /// The resource patterns as written.
    pub resources: Vec<String>,
    /// Whether the patterns say which resources are left out.
    pub not_resources: bool,
    /// The `Condition` element as written; an empty object if there is none.
    pub conditions: Value,
}

/// A policy that narrows or blocks a grant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Limit {
    /// The name of the policy; of a whole level of SCPs the names, comma-separated.
    pub policy: String,
    /// What the policy is to the role.
    pub kind: PolicyKind,
    /// The statement's index, from 0; `None` where it is the lack of one that limits.
    pub statement: Option<usize>,
    /// How it limits, in words.
    pub reason: String,
}

/// An action that the identity policies of a role allow, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The action as AWS writes it; as the policy writes it where the catalog lacks it.
    pub action: String,
    /// Whether some request with it is allowed.
    pub status: GrantStatus,
    /// The statements that allow it, in the order of the policies.
    pub sources: Vec<GrantSource>,
    /// What narrows or blocks it, sorted.
    pub limits: Vec<Limit>,
    /// Whether the catalog has the action. One that it lacks is here only if it is written in full.
    pub in_catalog: bool,
}

/// Tells what a role may do, sorted by action, knowing nothing of the role but its policies.
#[must_use]
pub fn grants(policies: &RolePolicies, catalog: &Catalog) -> Vec<Grant> {
    grants_in(policies, catalog, &Context::new())
}

/// Tells what a role may do, sorted by action, where some condition keys have the given values in
/// every request; see [`crate::policy::role_context`].
#[must_use]
pub fn grants_in(policies: &RolePolicies, catalog: &Catalog, known: &Context) -> Vec<Grant> {
    indexed(catalog, |index| {
        let rules = rule::rules(policies, known);
        let survey = Survey {
            rules: &rules,
            index,
            policies,
            known,
            partition: example::partition(policies, known),
        };
        let mut grants = survey.of_catalog();
        grants.extend(survey.of_literals());
        grants.sort_by(|a, b| a.action.cmp(&b.action));
        grants
    })
}

/// A role's rules, ready to be asked about actions.
struct Survey<'a> {
    rules: &'a [Rule<'a>],
    index: &'a ActionIndex,
    policies: &'a RolePolicies,
    known: &'a Context,
    partition: String,
}

impl Survey<'_> {
    /// Verdicts on actions of the catalog. Actions that the same rules match and that take the same
    /// resources share one.
    fn of_catalog(&self) -> Vec<Grant> {
        let mut classes: BTreeMap<Signature, Class<'_>> = BTreeMap::new();
        let signatures = Signatures::of(self.rules, self.index);
        let mut grants = Vec::with_capacity(signatures.granted.len());
        for &place in &signatures.granted {
            let Some(entry) = self.index.entries().get(place) else {
                continue;
            };
            let signature = signatures.at(place);
            if !classes.contains_key(signature) {
                let rules = self.matching(signature);
                let class = Class {
                    by_resource: rules.iter().any(|rule| !rule.scope.is_everything()),
                    rules,
                    verdicts: BTreeMap::new(),
                };
                classes.insert(signature.to_vec(), class);
            }
            let Some(class) = classes.get_mut(signature) else {
                continue;
            };
            let kind = class.by_resource.then_some(entry.kind);
            let rules = &class.rules;
            let (sources, verdict) = class
                .verdicts
                .entry(kind)
                .or_insert_with(|| self.verdict(rules, self.index.kind(entry.kind)));
            grants.push(grant(
                entry.name.clone(),
                sources.clone(),
                verdict.clone(),
                true,
            ));
        }
        grants
    }

    /// Verdicts on actions that are written in full and that the catalog lacks.
    fn of_literals(&self) -> Vec<Grant> {
        let mut seen = BTreeSet::new();
        let allows = self.rules.iter().filter(|rule| rule.grants());
        let written = allows.filter_map(|rule| match &rule.statement.actions {
            ActionElement::Action(patterns) => Some(patterns),
            ActionElement::NotAction(_) => None,
        });
        written
            .flatten()
            .filter(|name| !name.contains(['*', '?']) && self.index.place(name).is_none())
            .filter(|name| seen.insert(name.to_ascii_lowercase()))
            .map(|name| {
                let matching = self
                    .rules
                    .iter()
                    .filter(|rule| action_matches(&rule.statement.actions, name));
                let (sources, verdict) = self.verdict(&matching.collect::<Vec<_>>(), Kind::Unknown);
                grant(name.clone(), sources, verdict, false)
            })
            .collect()
    }

    fn matching(&self, signature: &[u64]) -> Vec<&Rule<'_>> {
        let set = |bit: usize| {
            signature
                .get(bit / 64)
                .is_some_and(|word| word >> (bit % 64) & 1 == 1)
        };
        let rules = self.rules.iter().enumerate();
        rules
            .filter(|&(bit, _)| set(bit))
            .map(|(_, rule)| rule)
            .collect()
    }

    fn verdict(&self, rules: &[&Rule<'_>], kind: Kind<'_>) -> (Vec<GrantSource>, Verdict) {
        let sources = rules
            .iter()
            .filter(|rule| rule.grants())
            .map(|rule| source(rule))
            .collect();
        let question = Question::new(self.policies, rules, kind, self.known, &self.partition);
        (sources, question.verdict())
    }
}

/// The actions that the same rules match.
struct Class<'a> {
    rules: Vec<&'a Rule<'a>>,
    /// Whether it matters which resources an action takes.
    by_resource: bool,
    /// By the kind of resources, where that matters.
    verdicts: BTreeMap<Option<usize>, (Vec<GrantSource>, Verdict)>,
}

fn grant(action: String, sources: Vec<GrantSource>, verdict: Verdict, in_catalog: bool) -> Grant {
    Grant {
        action,
        status: verdict.status,
        sources,
        limits: verdict.limits,
        in_catalog,
    }
}

fn source(rule: &Rule<'_>) -> GrantSource {
    let (resources, not_resources) = match &rule.statement.resources {
        ResourceElement::Resource(patterns) => (patterns.clone(), false),
        ResourceElement::NotResource(patterns) => (patterns.clone(), true),
        ResourceElement::Absent => (Vec::new(), false),
    };
    let conditions = rule.policy.document.condition_of(rule.index);
    GrantSource {
        policy: rule.policy.name.clone(),
        statement: rule.index,
        sid: rule.statement.sid.clone(),
        resources,
        not_resources,
        conditions: conditions.cloned().unwrap_or_else(|| json!({})),
    }
}

#[cfg(test)]
mod tests;
