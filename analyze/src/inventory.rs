//! What the snapshot holds: the documents of the view `current_snapshots` in, roles, policies, organization and trails
//! out.
//!
//! Documents are as `aws iam get-account-authorization-details`, the Organizations API and `aws cloudtrail` print them.
//! One that lacks a field, or that has it in another form, is read as far as it goes; a policy that does not parse is
//! a named problem, and so is one that a role refers to and the snapshot lacks.

mod compute;
mod document;
mod managed;
mod organization;
mod policies;
mod resource_policies;
mod roles;
mod selectors;
mod trust;
mod users;
mod workloads;

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;
use curtail_iam::document::Document;
use curtail_iam::policy::RolePolicies;
use curtail_ingest::PolicyProblem;

pub(crate) use compute::{Compute, ComputeKind};
use document::SnapshotDocument;
use managed::ManagedPolicies;
use organization::{Kind, Organization};
use resource_policies::ResourcePolicies;
pub(crate) use resource_policies::ResourcePolicy;
pub(crate) use roles::SnapshotRole;
pub(crate) use selectors::Selector;
pub(crate) use trust::Trusted;
pub(crate) use users::SnapshotUser;
pub(crate) use workloads::Workload;

use crate::Error;
use crate::read::Columns;

/// How service control policies stand to a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScpStanding {
    /// They bind it.
    Bound,
    /// None binds it: the management account's, or a service-linked role.
    Exempt,
    /// The snapshot does not tell.
    NotKnown,
}

/// The documents that hold at the review's date, by what they are about.
#[derive(Debug, Default)]
pub(crate) struct Inventory {
    /// Roles by ARN.
    roles: BTreeMap<String, SnapshotRole>,
    managed: ManagedPolicies,
    organization: Organization,
    selectors: Vec<Selector>,
    compute: Vec<Compute>,
    resources: ResourcePolicies,
    users: Vec<SnapshotUser>,
    /// Account and ARN of each group.
    groups: Vec<(String, String)>,
    workloads: Vec<Workload>,
}

impl Inventory {
    /// Reads the rows of `current_snapshots`.
    ///
    /// # Errors
    /// [`Error::Column`] if the view does not give them.
    pub(crate) fn read(batches: &[RecordBatch]) -> Result<Self, Error> {
        let mut documents = Vec::new();
        for batch in batches {
            documents.append(&mut document::documents(&Columns {
                view: "current_snapshots",
                batch,
            })?);
        }
        documents.sort_by(|a, b| {
            (&a.kind, &a.account_id, &a.arn, &a.id).cmp(&(&b.kind, &b.account_id, &b.arn, &b.id))
        });
        Ok(Self::of(&documents))
    }

    fn of(documents: &[SnapshotDocument]) -> Self {
        let roles: BTreeMap<_, _> = documents
            .iter()
            .filter_map(SnapshotRole::of)
            .map(|role| (role.arn.clone(), role))
            .collect();
        let organization = Organization::of(documents);
        let accounts: BTreeSet<String> =
            roles.values().map(|role| role.account_id.clone()).collect();
        Self {
            managed: ManagedPolicies::of(documents),
            selectors: selectors::selectors(documents, &organization, &accounts),
            workloads: workloads::workloads(documents),
            organization,
            compute: compute::compute(documents),
            resources: ResourcePolicies::of(documents),
            users: users::users(documents),
            groups: users::groups(documents),
            roles,
        }
    }

    /// The roles, by ARN.
    pub(crate) fn roles(&self) -> impl Iterator<Item = &SnapshotRole> {
        self.roles.values()
    }

    /// The role of that ARN, if the snapshot has it.
    pub(crate) fn role(&self, arn: &str) -> Option<&SnapshotRole> {
        self.roles.get(arn)
    }

    /// What each trail records of each account, by account and trail.
    pub(crate) fn selectors(&self) -> &[Selector] {
        &self.selectors
    }

    /// What runs under a role.
    pub(crate) fn compute(&self) -> &[Compute] {
        &self.compute
    }

    /// The policies of resources, by ARN.
    pub(crate) fn resource_policies(&self) -> &[ResourcePolicy] {
        &self.resources.policies
    }

    /// What could not be read of the policies of resources.
    pub(crate) fn resource_problems(&self) -> &[PolicyProblem] {
        &self.resources.problems
    }

    /// The users, by ARN.
    pub(crate) fn users(&self) -> &[SnapshotUser] {
        &self.users
    }

    /// The ARNs of an account's groups.
    pub(crate) fn groups<'a>(&'a self, account_id: &'a str) -> impl Iterator<Item = &'a str> {
        let own = self
            .groups
            .iter()
            .filter(move |(account, _)| account == account_id);
        own.map(|(_, arn)| arn.as_str())
    }

    /// The id of the organization that an account is known to be in.
    pub(crate) fn organization_id(&self, account_id: &str) -> Option<&str> {
        self.organization.id(account_id)
    }

    /// The resource control policies over an account's resources, level by level from the root.
    pub(crate) fn resource_control(&self, account_id: &str) -> Vec<Vec<Document>> {
        policies::resource_control(&self.organization, account_id)
    }

    /// What the resources of the snapshot run, by role.
    pub(crate) fn workloads(&self) -> &[Workload] {
        &self.workloads
    }

    /// Whom the roles' trust policies let in, by role.
    pub(crate) fn trusted(&self) -> Vec<Trusted> {
        self.roles.values().flat_map(trust::trusted).collect()
    }

    /// How service control policies stand to the role, as far as the snapshot tells.
    pub(crate) fn scp_standing(&self, role: &SnapshotRole) -> ScpStanding {
        let account_id = &role.account_id;
        if role.is_service_linked() || self.organization.is_management_account(account_id) {
            ScpStanding::Exempt
        } else if self.organization.has(Kind::ServiceControl) && self.organization.knows(account_id)
        {
            ScpStanding::Bound
        } else {
            ScpStanding::NotKnown
        }
    }

    /// Every policy that decides what `role` may do, and what could not be read of them.
    pub(crate) fn policies(&self, role: &SnapshotRole) -> (RolePolicies, Vec<PolicyProblem>) {
        policies::policies(role, &self.managed, &self.organization)
    }
}

#[cfg(test)]
pub(crate) mod testbed;
#[cfg(test)]
mod tests;
