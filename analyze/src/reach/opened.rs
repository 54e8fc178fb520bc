//! What the policies of resources let a role do by themselves, whatever its own policies say.
//!
//! So it is where the policy names the role, or everyone, in the resource's own account: no policy of the role has to
//! allow it then, and boundary and control policies only limit. A policy that names the account leaves the choice to the
//! role's own policies, and across accounts both sides must allow: editing the role takes it away there.
//! Source: IAM User Guide, "Policy evaluation logic", "Cross-account policy evaluation logic".

use std::collections::{BTreeMap, BTreeSet};

use curtail_iam::catalog::Catalog;
use curtail_iam::document::{ActionElement, Effect, PrincipalElement, ResourceElement, Statement};
use curtail_iam::expand::{expand, expand_not};
use curtail_iam::pattern::{covers, wildcard_match, wildcard_match_ignore_case};
use curtail_iam::simulate::Engine;
use rayon::prelude::*;

use super::answer::Answer;
use super::caller::{Asked, Caller};
use super::world::World;
use crate::inventory::ResourcePolicy;

/// An action that the policy of a resource gives a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Opened {
    pub(crate) role_arn: String,
    /// The action as the catalog writes it.
    pub(crate) action: String,
    /// Whom the policy names: `role`, `organisation` (by a condition) or `anyone`.
    pub(crate) scope: &'static str,
    /// The first of the resources by name.
    pub(crate) resource_arn: String,
    pub(crate) resource_count: usize,
    /// Whether the role's own policies allow the action on nothing else than what is given anyway.
    pub(crate) covers_grant: bool,
    pub(crate) answer: Answer,
}

/// What is given to the roles, by role, action and scope.
pub(super) fn opened(world: &World<'_>, roles: &BTreeSet<String>) -> Vec<Opened> {
    let callers: Vec<&Caller<'_>> = roles
        .iter()
        .filter_map(|arn| world.callers.get(arn.as_str()))
        .collect();
    callers
        .par_iter()
        .flat_map_iter(|caller| of_role(world, caller))
        .collect()
}

fn of_role(world: &World<'_>, caller: &Caller<'_>) -> Vec<Opened> {
    let engine = caller.without_own_policies();
    let mut found: BTreeMap<(String, &'static str), Gift> = BTreeMap::new();
    for policy in world.inventory.resource_policies() {
        if policy.account_id != caller.role.account_id {
            continue;
        }
        for statement in policy
            .document
            .statements
            .iter()
            .filter(|one| one.effect == Effect::Allow)
        {
            if let Some(scope) = scope(statement, &caller.role.arn) {
                give(
                    world,
                    caller,
                    &engine,
                    (policy, statement, scope),
                    &mut found,
                );
            }
        }
    }
    let role_arn = &caller.role.arn;
    let opened = found.into_iter().map(|((action, scope), gift)| Opened {
        role_arn: role_arn.clone(),
        covers_grant: is_covered(caller, &action, &gift.patterns),
        action,
        scope,
        resource_count: gift.resources.len(),
        resource_arn: gift.resources.first().cloned().unwrap_or_default(),
        answer: gift.answer,
    });
    opened.collect()
}

/// What is given of one action.
struct Gift {
    resources: BTreeSet<String>,
    /// What the statements name that surely give it.
    patterns: Vec<String>,
    answer: Answer,
}

/// Whom a statement names, if it names the role by itself.
fn scope(statement: &Statement, role_arn: &str) -> Option<&'static str> {
    let PrincipalElement::Principal(listed) = &statement.principal else {
        return matches!(statement.principal, PrincipalElement::NotPrincipal(_))
            .then_some("anyone");
    };
    let asks = |key: &str| {
        statement
            .conditions
            .iter()
            .any(|condition| condition.key.eq_ignore_ascii_case(key))
    };
    if listed.everyone {
        let organisation = ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths"]
            .into_iter()
            .any(asks);
        let account = ["aws:PrincipalAccount", "aws:SourceAccount"]
            .into_iter()
            .any(asks);
        return Some(match (organisation, account) {
            (true, _) => "organisation",
            (_, true) => "account",
            _ => "anyone",
        });
    }
    listed
        .aws
        .iter()
        .any(|principal| principal == role_arn)
        .then_some("role")
}

fn give(
    world: &World<'_>,
    caller: &Caller<'_>,
    engine: &Engine,
    (policy, statement, scope): (&ResourcePolicy, &Statement, &'static str),
    found: &mut BTreeMap<(String, &'static str), Gift>,
) {
    let resources = resources(policy, statement);
    for action in actions(policy, statement) {
        let fitting = resources
            .iter()
            .filter(|(example, _)| fits(action, example));
        for (example, pattern) in fitting {
            let asked = Asked {
                resource: example,
                account_id: &policy.account_id,
                side: world.side(&policy.arn, &policy.account_id),
                ..Asked::default()
            };
            let Some(mut answer) = caller.decide(engine, action, &asked) else {
                continue;
            };
            answer.evidence = vec![format!("{action}: policy of `{}`", policy.arn)];
            let is_certain = answer.is_certain();
            let gift = found
                .entry((action.to_owned(), scope))
                .or_insert_with(|| Gift {
                    resources: BTreeSet::new(),
                    patterns: Vec::new(),
                    answer: answer.clone(),
                });
            gift.resources.insert(policy.arn.clone());
            if is_certain {
                gift.patterns.push(pattern.clone());
                if !gift.answer.is_certain() {
                    gift.answer = answer;
                }
            }
        }
    }
}

/// The actions of the resource's service that a statement allows.
fn actions(policy: &ResourcePolicy, statement: &Statement) -> BTreeSet<&'static str> {
    let service = policy.arn.split(':').nth(2).unwrap_or_default();
    let catalog = Catalog::embedded();
    let listed: Vec<_> = match &statement.actions {
        ActionElement::Action(patterns) => patterns
            .iter()
            .filter(|pattern| may_be_of(pattern, service))
            .flat_map(|pattern| match pattern.as_str() {
                "*" => catalog.service_actions(service).iter().collect(),
                _ => expand(pattern, catalog),
            })
            .collect(),
        ActionElement::NotAction(patterns) => expand_not(patterns, catalog),
    };
    listed
        .into_iter()
        .filter(|action| action.service == service)
        .map(|action| action.name)
        .collect()
}

fn may_be_of(pattern: &str, service: &str) -> bool {
    let prefix = pattern.split(':').next().unwrap_or_default();
    wildcard_match_ignore_case(prefix, service)
}

/// An example of each thing that a statement names below its resource, with the pattern that names it.
fn resources(policy: &ResourcePolicy, statement: &Statement) -> Vec<(String, String)> {
    let own = &policy.arn;
    let below = format!("{own}/w");
    match &statement.resources {
        ResourceElement::Resource(patterns) => patterns
            .iter()
            .flat_map(|pattern| {
                let narrow = (pattern.starts_with(own.as_str()) && !pattern.contains("${"))
                    .then(|| pattern.replace(['*', '?'], "w"));
                let wide = [own.clone(), below.clone()]
                    .into_iter()
                    .filter(|arn| wildcard_match(pattern, arn));
                let mut examples: BTreeSet<String> = wide.collect();
                examples.extend(narrow.filter(|arn| wildcard_match(pattern, arn)));
                examples
                    .into_iter()
                    .map(|example| (example, pattern.clone()))
                    .collect::<Vec<_>>()
            })
            .collect(),
        ResourceElement::NotResource(_) => vec![(own.clone(), own.clone()), (below, String::new())],
        ResourceElement::Absent => vec![(own.clone(), own.clone())],
    }
}

/// Whether the action takes a resource of that form.
fn fits(action: &str, arn: &str) -> bool {
    let catalog = Catalog::embedded();
    let Some(action) = catalog.action(action) else {
        return false;
    };
    let mut types = action
        .resource_types
        .iter()
        .filter_map(|kind| catalog.resource_type(action.service, kind.name));
    types.any(|kind| kind.arn.split(", ").any(|form| is_of_form(form, arn)))
}

/// Whether an ARN has the form of a kind of resource. A part of the name stays between its separators.
fn is_of_form(form: &str, arn: &str) -> bool {
    let depth = |text: &str| text.matches('/').count();
    let is_open = form.ends_with("ObjectName}");
    let mut glob = String::new();
    let mut rest = form;
    while let Some((before, after)) = rest.split_once("${") {
        glob.push_str(before);
        glob.push('*');
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    glob.push_str(rest);
    wildcard_match(&glob, arn) && (is_open || depth(form) == depth(arn))
}

/// Whether everything that the role's own policies name for the action is among the patterns.
fn is_covered(caller: &Caller<'_>, action: &str, patterns: &[String]) -> bool {
    let statements = caller
        .policies
        .identity
        .iter()
        .flat_map(|policy| &policy.document.statements);
    let allows = statements.filter(|statement| {
        let listed = statement.actions.patterns().iter();
        let matches = listed
            .into_iter()
            .any(|pattern| wildcard_match_ignore_case(pattern, action));
        statement.effect == Effect::Allow
            && matches == matches!(statement.actions, ActionElement::Action(_))
    });
    let mut some = false;
    for statement in allows {
        some = true;
        let ResourceElement::Resource(own) = &statement.resources else {
            return false;
        };
        let is_within =
            |own: &String| !own.contains("${") && patterns.iter().any(|wide| covers(wide, own));
        if !own.iter().all(is_within) {
            return false;
        }
    }
    some
}
