//! How the roles of agents are set up, as far as their policies tell: roles of the snapshot in, a verdict per check out.
//!
//! A check passes, fails, or is not decided, each with what it rests on. What could not be read of a role's policies
//! never makes a check pass. The checks that the log and the tables decide are SQL: `queries/posture.sql` has them all.

mod assumable;
mod doors;
mod evidence;
mod resources;
mod scps;
mod trust;
mod wildcards;

use std::collections::BTreeSet;

use arrow::array::RecordBatch;
use curtail_iam::document::{Document, Effect, Statement};
use curtail_iam::policy::RolePolicies;
use curtail_ingest::PolicyProblem;
use rayon::prelude::*;

use crate::Error;
use crate::engine::Table;
use crate::inventory::{Inventory, ScpStanding, SnapshotRole};

pub(crate) use assumable::{access, assumable_roles};
pub(crate) use doors::trust_doors;

/// What a check says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Pass,
    Fail,
    /// What is known does not decide it.
    Unknown,
}

impl Status {
    fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }
}

/// What a check says of a role, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) status: Status,
    pub(crate) evidence: String,
}

impl Outcome {
    fn new(status: Status, evidence: impl Into<String>) -> Self {
        Self {
            status,
            evidence: evidence.into(),
        }
    }
}

/// A role with all that its checks read.
pub(crate) struct Subject<'a> {
    account_id: &'a str,
    policies: RolePolicies,
    /// What could not be read of the policies.
    problems: Vec<PolicyProblem>,
    trust: Result<Document, PolicyProblem>,
    standing: ScpStanding,
}

impl<'a> Subject<'a> {
    fn of(role: &'a SnapshotRole, inventory: &Inventory) -> Self {
        let (policies, problems) = inventory.policies(role);
        Self {
            account_id: &role.account_id,
            policies,
            problems,
            trust: role.trust(),
            standing: inventory.scp_standing(role),
        }
    }

    /// The statements that grant, each under the name of its policy and its index.
    fn allows(&self) -> impl Iterator<Item = (String, &Statement)> {
        self.policies.identity.iter().flat_map(|policy| {
            let statements = policy.document.statements.iter().enumerate();
            statements
                .filter(|(_, statement)| statement.effect == Effect::Allow)
                .map(move |(index, statement)| (format!("{}[{index}]", policy.name), statement))
        })
    }

    /// The verdict of a check that looks for faults: none found is a pass only if all was read.
    fn verdict(&self, faults: &BTreeSet<String>, clean: &str) -> Outcome {
        if !faults.is_empty() {
            return Outcome::new(Status::Fail, evidence::listed(faults));
        }
        if let Some(problem) = self.problems.first() {
            let text = format!("{} could not be read: {}", problem.policy, problem.reason);
            return Outcome::new(Status::Unknown, text);
        }
        Outcome::new(Status::Pass, clean)
    }
}

/// A check by its id.
type Check = (&'static str, fn(&Subject<'_>) -> Outcome);

/// The checks that policies decide; titles, standards and remedies are in `queries/posture_checks.sql`.
const CHECKS: [Check; 5] = [
    ("no_wildcard_action", wildcards::no_wildcard_action),
    ("no_unscoped_resource", resources::no_unscoped_resource),
    ("resources_named", resources::resources_named),
    ("trust_scoped", trust::trust_scoped),
    ("scp_ceiling", scps::scp_ceiling),
];

/// The table `role_posture`: what each check says of each role of `roles` that the snapshot has, by role and check.
///
/// # Errors
/// [`Error::Rows`] if the rows do not fit together; that is our bug.
pub(crate) fn role_posture(
    inventory: &Inventory,
    roles: &BTreeSet<String>,
) -> Result<RecordBatch, Error> {
    let known: Vec<&SnapshotRole> = roles.iter().filter_map(|arn| inventory.role(arn)).collect();
    let rows: Vec<(&str, &str, Outcome)> = known
        .into_par_iter()
        .flat_map_iter(|role| {
            let subject = Subject::of(role, inventory);
            let outcomes: Vec<_> = CHECKS
                .iter()
                .map(|(id, check)| (role.arn.as_str(), *id, check(&subject)))
                .collect();
            outcomes
        })
        .collect();
    let mut table = Table::new("role_posture");
    table.texts("role_arn", rows.iter().map(|(role, ..)| Some(*role)));
    table.texts("check_id", rows.iter().map(|(_, id, _)| Some(*id)));
    table.texts(
        "status",
        rows.iter()
            .map(|(.., outcome)| Some(outcome.status.as_str())),
    );
    table.texts(
        "evidence",
        rows.iter().map(|(.., outcome)| Some(&outcome.evidence)),
    );
    table.finish()
}

#[cfg(test)]
mod tests;
