//! A ceiling of service control policies: something above the account denies, or allows less than everything.
//!
//! Source: AWS Organizations User Guide, "Service control policies (SCPs)": the management account and service-linked
//! roles are bound by none, and `FullAWSAccess` limits nothing.

use std::collections::BTreeSet;

use curtail_iam::document::{ActionElement, Effect, ResourceElement, Statement};
use curtail_iam::policy::NamedPolicy;

use super::evidence::listed;
use super::{Outcome, Status, Subject};
use crate::inventory::ScpStanding;

pub(super) fn scp_ceiling(subject: &Subject<'_>) -> Outcome {
    match subject.standing {
        ScpStanding::NotKnown => Outcome::new(
            Status::Unknown,
            "the snapshot has no service control policies above the account",
        ),
        ScpStanding::Exempt => Outcome::new(
            Status::Fail,
            "no service control policy binds the role: it is of the management account, or linked to a service",
        ),
        ScpStanding::Bound => of_levels(subject),
    }
}

fn of_levels(subject: &Subject<'_>) -> Outcome {
    let limits: BTreeSet<String> = subject
        .policies
        .scps
        .iter()
        .filter(|level| !level.iter().any(allows_everything) || level.iter().any(denies))
        .flat_map(|level| {
            level
                .iter()
                .filter(|policy| denies(policy) || !allows_everything(policy))
        })
        .map(|policy| policy.name.clone())
        .collect();
    if !limits.is_empty() {
        return Outcome::new(Status::Pass, format!("limited by {}", listed(&limits)));
    }
    if let Some(problem) = subject.problems.first() {
        let text = format!("{} could not be read: {}", problem.policy, problem.reason);
        return Outcome::new(Status::Unknown, text);
    }
    Outcome::new(
        Status::Fail,
        "the service control policies above the account limit nothing",
    )
}

fn denies(policy: &NamedPolicy) -> bool {
    let mut statements = policy.document.statements.iter();
    statements.any(|statement| statement.effect == Effect::Deny)
}

fn allows_everything(policy: &NamedPolicy) -> bool {
    let whole = |statement: &Statement| {
        statement.effect == Effect::Allow
            && statement.conditions.is_empty()
            && matches!(&statement.actions, ActionElement::Action(list) if list.iter().any(|item| item == "*"))
            && matches!(&statement.resources, ResourceElement::Resource(list) if list.iter().any(|item| item == "*"))
    };
    policy.document.statements.iter().any(whole)
}
