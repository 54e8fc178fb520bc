//! What the roles of the snapshot let be done: their policies in, the rows of the table `grants` out.
//!
//! Only roles that an agent is bound to, or that were used in the window, are asked about: the answer for a role with
//! wide policies is the whole catalog. Roles are worked on in parallel, and come out in the order of their ARNs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch, StringArray};
use curtail_iam::arn::RoleArn;
use curtail_iam::catalog::Catalog;
use curtail_iam::grant::{Grant, grants_in};
use curtail_iam::policy::{PolicyKind, RolePolicies, role_context};
use curtail_ingest::{LakeTable, PolicyProblem};
use rayon::prelude::*;
use serde::Serialize;

use crate::Error;
use crate::agents::Agent;
use crate::analysis::Role;
use crate::inventory::{Inventory, SnapshotRole};

/// What the roles may do, and what could not be read of their policies.
pub(crate) struct Granted {
    /// The roles by ARN.
    pub(crate) roles: BTreeMap<String, Role>,
    /// Rows of the table `grants`, by role and action.
    pub(crate) rows: RecordBatch,
    /// Sorted, each once.
    pub(crate) problems: Vec<PolicyProblem>,
}

/// Asks about the roles of `role_arns` that the snapshot has.
///
/// # Errors
/// [`Error::Rows`] if the rows do not fit the table; that is our bug.
pub(crate) fn granted(
    inventory: &Inventory,
    agents: &[Agent],
    role_arns: &BTreeSet<String>,
) -> Result<Granted, Error> {
    let wanted: Vec<&SnapshotRole> = role_arns
        .iter()
        .filter_map(|arn| inventory.role(arn))
        .collect();
    let answers: Vec<Answer> = wanted
        .into_par_iter()
        .map(|role| Answer::of(role, inventory))
        .collect();
    let mut problems: Vec<PolicyProblem> = answers
        .iter()
        .flat_map(|answer| answer.problems.clone())
        .chain(inventory.resource_problems().iter().cloned())
        .collect();
    problems.sort();
    problems.dedup();
    let rows = rows(&answers)?;
    let roles = answers
        .into_iter()
        .map(|answer| (answer.role.arn.clone(), answer.role.bound_to(agents)))
        .collect();
    Ok(Granted {
        roles,
        rows,
        problems,
    })
}

/// What one role may do.
struct Answer {
    role: Role,
    grants: Vec<Grant>,
    problems: Vec<PolicyProblem>,
}

impl Answer {
    fn of(role: &SnapshotRole, inventory: &Inventory) -> Self {
        let (policies, problems) = inventory.policies(role);
        let known = RoleArn::parse(&role.arn)
            .map(|arn| role_context(&arn))
            .unwrap_or_default();
        let grants = grants_in(&policies, Catalog::embedded(), &known);
        let role = Role {
            arn: role.arn.clone(),
            role_id: role.role_id.clone().unwrap_or_default(),
            name: role.name.clone(),
            account_id: role.account_id.clone(),
            created_at: role.created_at,
            policies,
            agents: Vec::new(),
        };
        Self {
            role,
            grants,
            problems,
        }
    }

    fn rows(&self) -> impl Iterator<Item = (&Role, &Grant)> {
        self.grants.iter().map(|grant| (&self.role, grant))
    }
}

impl Role {
    /// The role with the names of the agents bound to it.
    fn bound_to(mut self, agents: &[Agent]) -> Self {
        let bound = agents.iter().filter(|agent| {
            agent
                .bindings
                .iter()
                .any(|binding| binding.role == self.arn)
        });
        self.agents = bound.map(|agent| agent.name.clone()).collect();
        self.agents.sort();
        self
    }
}

/// Whether a grant comes from nothing but policies that stand elsewhere too, so that editing them would reach others.
fn is_shared(policies: &RolePolicies, grant: &Grant) -> bool {
    let own = |name: &str| {
        let named = policies
            .identity
            .iter()
            .filter(|policy| policy.name == name);
        named
            .into_iter()
            .any(|policy| policy.kind != PolicyKind::AwsManaged && policy.attachments <= 1)
    };
    !grant.sources.iter().any(|source| own(&source.policy))
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn rows(answers: &[Answer]) -> Result<RecordBatch, Error> {
    let rows: Vec<(&Role, &Grant)> = answers.iter().flat_map(Answer::rows).collect();
    let mut columns = BTreeMap::from([
        (
            "account_id",
            texts(&rows, |role, _| role.account_id.clone()),
        ),
        ("role_arn", texts(&rows, |role, _| role.arn.clone())),
        ("role_id", texts(&rows, |role, _| role.role_id.clone())),
        ("role_name", texts(&rows, |role, _| role.name.clone())),
        ("action", texts(&rows, |_, grant| grant.action.clone())),
        ("service", texts(&rows, |_, grant| service(&grant.action))),
        (
            "access_level",
            texts(&rows, |_, grant| access_level(&grant.action).to_owned()),
        ),
    ]);
    columns.extend([
        (
            "status",
            texts(&rows, |_, grant| grant.status.as_str().to_owned()),
        ),
        ("sources", texts(&rows, |_, grant| json(&grant.sources))),
        ("limits", texts(&rows, |_, grant| json(&grant.limits))),
        ("in_catalog", flags(&rows, |_, grant| grant.in_catalog)),
        (
            "shared_policy",
            flags(&rows, |role, grant| is_shared(&role.policies, grant)),
        ),
    ]);
    crate::store::batch(LakeTable::Grants, &columns)
}

fn texts(rows: &[(&Role, &Grant)], value: impl Fn(&Role, &Grant) -> String) -> ArrayRef {
    Arc::new(
        rows.iter()
            .map(|(role, grant)| Some(value(role, grant)))
            .collect::<StringArray>(),
    )
}

fn flags(rows: &[(&Role, &Grant)], value: impl Fn(&Role, &Grant) -> bool) -> ArrayRef {
    Arc::new(
        rows.iter()
            .map(|(role, grant)| Some(value(role, grant)))
            .collect::<BooleanArray>(),
    )
}

fn service(action: &str) -> String {
    action
        .split(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
}

/// The access level's word; empty where the catalog lacks the action.
fn access_level(action: &str) -> &'static str {
    Catalog::embedded()
        .action(action)
        .map_or("", |action| action.access_level.as_str())
}

#[cfg(test)]
mod tests {
    use curtail_iam::document::Document;
    use curtail_iam::policy::NamedPolicy;

    use super::*;

    fn policy(name: &str, kind: PolicyKind, attachments: usize) -> NamedPolicy {
        let text = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}}"#;
        NamedPolicy {
            name: name.to_owned(),
            arn: None,
            kind,
            attachments,
            document: Document::parse(text).unwrap(),
        }
    }

    fn shared(identity: Vec<NamedPolicy>) -> bool {
        let policies = RolePolicies {
            identity,
            ..RolePolicies::default()
        };
        let grants = grants_in(&policies, Catalog::embedded(), &BTreeMap::new());
        assert_eq!(grants.len(), 1);
        is_shared(&policies, &grants[0])
    }

    #[test]
    fn a_grant_is_shared_only_if_no_policy_of_the_roles_own_gives_it() {
        assert!(shared(vec![policy("a", PolicyKind::AwsManaged, 1)]));
        assert!(shared(vec![policy("a", PolicyKind::CustomerManaged, 2)]));
        assert!(!shared(vec![policy("a", PolicyKind::CustomerManaged, 1)]));
        assert!(!shared(vec![
            policy("a", PolicyKind::AwsManaged, 1),
            policy("b", PolicyKind::Inline, 1)
        ]));
    }
}
