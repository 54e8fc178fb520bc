//! The roles that each agent's role may assume at once: permission and trust both, as far as the snapshot decides them.
//!
//! One hop only: what lies behind is found by following paths. A role is an administrator's if an identity policy of it
//! allows all actions on all resources; with a permissions boundary over it that is not known.
//! Source: IAM User Guide, "Policy evaluation logic", roles and trust policies.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;
use curtail_iam::document::{
    ActionElement, Document, Effect, PrincipalElement, ResourceElement, Statement,
};
use curtail_iam::pattern::{wildcard_match, wildcard_match_ignore_case};
use curtail_iam::policy::{NamedPolicy, RolePolicies};
use curtail_iam::simulate::{AbsentKey, AccessPolicies, AccessRequest, Principal, Verdict, decide};
use rayon::prelude::*;

use crate::Error;
use crate::engine::Table;
use crate::inventory::{Inventory, SnapshotRole};

const ASSUME: &str = "sts:AssumeRole";

/// One role that another may assume.
struct Assumable<'a> {
    from: &'a str,
    to: &'a str,
    decision: &'static str,
    needs: String,
    admin: &'static str,
}

/// The table `assumable_roles`, of the roles `from` that the snapshot has, by both roles.
///
/// # Errors
/// [`Error::Rows`] if the rows do not fit together; that is our bug.
pub(crate) fn assumable_roles(
    inventory: &Inventory,
    from: &BTreeSet<String>,
) -> Result<RecordBatch, Error> {
    let callers: Vec<&SnapshotRole> = from.iter().filter_map(|arn| inventory.role(arn)).collect();
    let targets: Vec<Target<'_>> = if callers.is_empty() {
        Vec::new()
    } else {
        let roles: Vec<&SnapshotRole> = inventory.roles().collect();
        let made = roles.into_par_iter();
        made.filter_map(|role| Target::of(role, inventory))
            .collect()
    };
    let rows: Vec<Assumable<'_>> = callers
        .into_par_iter()
        .flat_map_iter(|role| of_role(role, inventory, &targets))
        .collect();
    let mut table = Table::new("assumable_roles");
    table.texts("from_role_arn", rows.iter().map(|row| Some(row.from)));
    table.texts("to_role_arn", rows.iter().map(|row| Some(row.to)));
    table.texts("decision", rows.iter().map(|row| Some(row.decision)));
    table.texts("needs", rows.iter().map(|row| Some(&row.needs)));
    table.texts("admin", rows.iter().map(|row| Some(row.admin)));
    table.finish()
}

fn of_role<'a>(
    role: &'a SnapshotRole,
    inventory: &Inventory,
    targets: &[Target<'a>],
) -> Vec<Assumable<'a>> {
    let Ok(principal) = Principal::parse(&role.arn) else {
        return Vec::new();
    };
    let (policies, _) = inventory.policies(role);
    let caller = Caller {
        role,
        principal,
        access: access(&policies),
    };
    targets
        .iter()
        .filter(|target| target.role.arn != role.arn && caller.may_be_allowed(target))
        .filter_map(|target| caller.assumes(target))
        .collect()
}

/// A role that may be assumed, with what decides it on its side.
struct Target<'a> {
    role: &'a SnapshotRole,
    trust: Document,
    rcps: Vec<Vec<Document>>,
    admin: &'static str,
}

impl<'a> Target<'a> {
    /// The role, if its trust policy can be read.
    fn of(role: &'a SnapshotRole, inventory: &Inventory) -> Option<Self> {
        let trust = role.trust().ok()?;
        let (policies, _) = inventory.policies(role);
        Some(Self {
            role,
            trust,
            rcps: documents(&policies.rcps),
            admin: admin(&policies),
        })
    }

    /// Whether the trust policy may let the role in by its own name, without a permission of its own.
    fn names(&self, role_arn: &str) -> bool {
        self.trust
            .statements
            .iter()
            .any(|statement| match &statement.principal {
                PrincipalElement::Principal(listed) => {
                    listed.everyone || listed.aws.iter().any(|principal| principal == role_arn)
                }
                PrincipalElement::NotPrincipal(_) => true,
                PrincipalElement::Absent => false,
            })
    }
}

/// A role that asks, with its policies.
struct Caller<'a> {
    role: &'a SnapshotRole,
    principal: Principal,
    access: AccessPolicies,
}

impl<'a> Caller<'a> {
    /// Whether it is worth asking: a statement of its own fits, or the trust policy names it.
    fn may_be_allowed(&self, target: &Target<'_>) -> bool {
        let of_policy = |document: &Document| {
            let mut statements = document.statements.iter();
            statements.any(|statement| fits(statement, &target.role.arn))
        };
        self.access.identity.iter().any(of_policy) || target.names(&self.role.arn)
    }

    fn assumes(&self, target: &Target<'a>) -> Option<Assumable<'a>> {
        let access = AccessPolicies {
            rcps: target.rcps.clone(),
            resource: Some(target.trust.clone()),
            ..self.access.clone()
        };
        let request = AccessRequest {
            action: ASSUME.to_owned(),
            resource: Some(target.role.arn.clone()),
            resource_account: target.role.account_id.clone(),
            absent: AbsentKey::Unknown,
            ..AccessRequest::default()
        };
        let verdict = decide(self.principal.clone(), &BTreeMap::new(), &access, &request);
        let decision = match verdict {
            Verdict::Allowed { .. } => "allowed",
            Verdict::Undecided { .. } => "undecided",
            Verdict::ExplicitlyDenied { .. } | Verdict::ImplicitlyDenied => return None,
        };
        Some(Assumable {
            from: &self.role.arn,
            to: &target.role.arn,
            decision,
            needs: verdict.needs().join(", "),
            admin: target.admin,
        })
    }
}

fn fits(statement: &Statement, target: &str) -> bool {
    let assumes = |patterns: &[String]| {
        patterns
            .iter()
            .any(|pattern| wildcard_match_ignore_case(pattern, ASSUME))
    };
    let action = match &statement.actions {
        ActionElement::Action(patterns) => assumes(patterns),
        ActionElement::NotAction(patterns) => !assumes(patterns),
    };
    let resource = match &statement.resources {
        ResourceElement::Resource(patterns) => patterns
            .iter()
            .any(|pattern| pattern.contains("${") || wildcard_match(pattern, target)),
        ResourceElement::NotResource(_) | ResourceElement::Absent => true,
    };
    statement.effect == Effect::Allow && action && resource
}

/// Whether the role may do everything: `yes`, `no`, or `unknown` where a boundary may take it away.
fn admin(policies: &RolePolicies) -> &'static str {
    let everything = policies.identity.iter().any(|policy| {
        let mut statements = policy.document.statements.iter();
        statements.any(|statement| {
            statement.effect == Effect::Allow
                && statement.conditions.is_empty()
                && matches!(&statement.actions, ActionElement::Action(list) if list.iter().any(|item| item == "*" || item == "*:*"))
                && matches!(&statement.resources, ResourceElement::Resource(list) if list.iter().any(|item| item == "*"))
        })
    });
    match (everything, &policies.boundary) {
        (false, _) => "no",
        (true, None) => "yes",
        (true, Some(_)) => "unknown",
    }
}

/// A role's policies as those of a caller, without those of a resource.
pub(crate) fn access(policies: &RolePolicies) -> AccessPolicies {
    let document = |policy: &NamedPolicy| policy.document.clone();
    AccessPolicies {
        identity: policies.identity.iter().map(document).collect(),
        boundary: policies.boundary.as_ref().map(document),
        scps: documents(&policies.scps),
        ..AccessPolicies::default()
    }
}

fn documents(levels: &[Vec<NamedPolicy>]) -> Vec<Vec<Document>> {
    let of_level =
        |level: &Vec<NamedPolicy>| level.iter().map(|policy| policy.document.clone()).collect();
    levels.iter().map(of_level).collect()
}
