//! All that reach is told from: the roles of the snapshot as callers and as targets, and what runs under them.

use std::collections::{BTreeMap, BTreeSet};

use curtail_iam::document::{Document, Effect, PrincipalElement, Principals};
use curtail_iam::pattern::wildcard_match_ignore_case;
use curtail_iam::policy::Context;
use curtail_iam::simulate::{
    AbsentKey, AccessPolicies, AccessRequest, Engine, Principal, ResourceSide, Verdict,
};
use rayon::prelude::*;

use super::answer::Answer;
use super::caller::Caller;
use crate::inventory::{Compute, Inventory, ResourcePolicy};

/// The most compute that is looked at: 20,000. Chosen, far above what an organisation runs.
const MOST_COMPUTE: usize = 20_000;

/// The snapshot, indexed for the questions of reach.
pub(super) struct World<'a> {
    pub(super) inventory: &'a Inventory,
    /// By role ARN.
    pub(super) callers: BTreeMap<&'a str, Caller<'a>>,
    /// Trust policies by role ARN.
    trusts: BTreeMap<&'a str, Document>,
    /// Resource control policies by account.
    rcps: BTreeMap<&'a str, Vec<Vec<Document>>>,
    /// By ARN and role.
    pub(super) compute: Vec<Compute>,
    policies: BTreeMap<&'a str, &'a ResourcePolicy>,
    /// Roles that a service may assume, by account and service.
    trusting: BTreeMap<(String, String), Vec<(&'a str, Answer)>>,
}

impl<'a> World<'a> {
    /// Reads the snapshot. `observed` is compute that the log shows, with its role; what the snapshot has wins.
    pub(super) fn new(inventory: &'a Inventory, observed: &[(String, String)]) -> Self {
        let roles: Vec<_> = inventory.roles().collect();
        let callers: Vec<_> = roles
            .par_iter()
            .filter_map(|role| Some((role.arn.as_str(), Caller::new(role, inventory)?)))
            .collect();
        let resources = inventory.resource_policies();
        let accounts = roles.iter().map(|role| role.account_id.as_str());
        let accounts: BTreeSet<&str> = accounts
            .chain(resources.iter().map(|policy| policy.account_id.as_str()))
            .collect();
        let mut world = Self {
            inventory,
            callers: callers.into_iter().collect(),
            trusts: roles
                .iter()
                .filter_map(|role| Some((role.arn.as_str(), role.trust().ok()?)))
                .collect(),
            rcps: accounts
                .into_iter()
                .map(|account| (account, inventory.resource_control(account)))
                .collect(),
            compute: compute(inventory, observed),
            policies: resources
                .iter()
                .map(|policy| (policy.arn.as_str(), policy))
                .collect(),
            trusting: BTreeMap::new(),
        };
        world.trusting = world.trusting();
        world
    }

    /// The trust policies, by role ARN.
    pub(super) fn trusts(&self) -> impl Iterator<Item = (&'a str, &Document)> {
        self.trusts.iter().map(|(arn, trust)| (*arn, trust))
    }

    pub(super) fn trust(&self, role_arn: &str) -> Option<&Document> {
        self.trusts.get(role_arn)
    }

    pub(super) fn rcps(&self, account_id: &str) -> &[Vec<Document>] {
        self.rcps.get(account_id).map_or(&[], Vec::as_slice)
    }

    /// What stands on the side of a resource that is no role.
    pub(super) fn side(&self, arn: &str, account_id: &str) -> ResourceSide<'_> {
        ResourceSide {
            policy: self.policies.get(arn).map(|policy| &policy.document),
            rcps: self.rcps(account_id),
        }
    }

    /// Roles of the account that the service may assume, with the evidence.
    pub(super) fn trusting_roles(&self, account_id: &str, service: &str) -> &[(&'a str, Answer)] {
        let key = (account_id.to_owned(), service.to_owned());
        self.trusting.get(&key).map_or(&[], Vec::as_slice)
    }

    fn trusting(&self) -> BTreeMap<(String, String), Vec<(&'a str, Answer)>> {
        let mut trusting: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (arn, trust) in &self.trusts {
            let Some(caller) = self
                .callers
                .get(arn)
                .filter(|caller| !caller.role.is_service_linked())
            else {
                continue;
            };
            for service in services(trust) {
                if let Some(answer) = self.service_may(service, arn, &caller.role.account_id) {
                    let key = (caller.role.account_id.clone(), service.to_owned());
                    trusting.entry(key).or_default().push((*arn, answer));
                }
            }
        }
        trusting
    }

    /// Whether a service may assume a role on behalf of the role's own account.
    fn service_may(&self, service: &str, role_arn: &str, account_id: &str) -> Option<Answer> {
        let context =
            Context::from([("aws:sourceaccount".to_owned(), vec![account_id.to_owned()])]);
        let side = ResourceSide {
            policy: self.trust(role_arn),
            rcps: self.rcps(account_id),
        };
        by_service(
            service,
            "sts:AssumeRole",
            role_arn,
            account_id,
            context,
            side,
        )
        .map(|hangs_on| Answer {
            evidence: vec![format!("trust policy of `{role_arn}` names {service}")],
            hangs_on: hangs_on.into_iter().collect(),
        })
    }
}

/// Whether a service may do that, by the resource's policy; what it hangs on.
pub(super) fn by_service(
    service: &str,
    action: &str,
    resource: &str,
    account_id: &str,
    context: Context,
    side: ResourceSide<'_>,
) -> Option<Vec<String>> {
    let principal = Principal::parse(service).ok()?;
    let engine = Engine::new(principal, &BTreeMap::new(), &AccessPolicies::default());
    let request = AccessRequest {
        action: action.to_owned(),
        resource: Some(resource.to_owned()),
        resource_account: account_id.to_owned(),
        context,
        absent: AbsentKey::Unknown,
    };
    match engine.about(action).decide(&request, side) {
        Verdict::Allowed { .. } => Some(Vec::new()),
        Verdict::Undecided { needs, .. } => Some(needs),
        Verdict::ExplicitlyDenied { .. } | Verdict::ImplicitlyDenied => None,
    }
}

/// Who is named by the statements of a trust policy that allow an action.
pub(super) fn named<'d>(
    trust: &'d Document,
    action: &'d str,
) -> impl Iterator<Item = (&'d Principals, bool)> {
    let allows = trust.statements.iter().filter(move |statement| {
        let listed = statement.actions.patterns().iter();
        let matches = listed
            .into_iter()
            .any(|pattern| wildcard_match_ignore_case(pattern, action));
        statement.effect == Effect::Allow
            && matches
                == matches!(
                    statement.actions,
                    curtail_iam::document::ActionElement::Action(_)
                )
    });
    allows.filter_map(|statement| match &statement.principal {
        PrincipalElement::Principal(listed) => Some((listed, false)),
        PrincipalElement::NotPrincipal(listed) => Some((listed, true)),
        PrincipalElement::Absent => None,
    })
}

/// The services that a trust policy lets in.
fn services(trust: &Document) -> BTreeSet<&str> {
    let listed = named(trust, "sts:AssumeRole").filter(|(_, not)| !not);
    listed
        .flat_map(|(listed, _)| listed.service.iter().map(String::as_str))
        .collect()
}

fn compute(inventory: &Inventory, observed: &[(String, String)]) -> Vec<Compute> {
    let mut compute: Vec<Compute> = inventory.compute().to_vec();
    let told: BTreeSet<String> = compute.iter().map(|one| one.arn.clone()).collect();
    let seen = observed
        .iter()
        .filter_map(|(arn, role)| Compute::seen(arn, role));
    compute.extend(seen.filter(|one| !told.contains(&one.arn)));
    compute.sort();
    compute.dedup();
    compute.truncate(MOST_COMPUTE);
    compute
}
