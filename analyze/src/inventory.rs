//! What the snapshot holds: the documents of the view `current_snapshots` in, roles, policies, organization and trails
//! out.
//!
//! Documents are as `aws iam get-account-authorization-details`, the Organizations API and `aws cloudtrail` print them.
//! One that lacks a field, or that has it in another form, is read as far as it goes; a policy that does not parse is
//! a named problem, and so is one that a role refers to and the snapshot lacks.

mod document;
mod managed;
mod organization;
mod policies;
mod roles;
mod selectors;
mod trust;
mod workloads;

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;
use curtail_iam::policy::RolePolicies;
use curtail_ingest::PolicyProblem;

use document::SnapshotDocument;
use managed::ManagedPolicies;
use organization::Organization;
pub(crate) use roles::SnapshotRole;
pub(crate) use selectors::Selector;
pub(crate) use trust::Trusted;
pub(crate) use workloads::Workload;

use crate::Error;
use crate::read::Columns;

/// The documents that hold at the review's date, by what they are about.
#[derive(Debug, Default)]
pub(crate) struct Inventory {
    /// Roles by ARN.
    roles: BTreeMap<String, SnapshotRole>,
    managed: ManagedPolicies,
    organization: Organization,
    selectors: Vec<Selector>,
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

    /// What the resources of the snapshot run, by role.
    pub(crate) fn workloads(&self) -> &[Workload] {
        &self.workloads
    }

    /// Whom the roles' trust policies let in, by role.
    pub(crate) fn trusted(&self) -> Vec<Trusted> {
        self.roles.values().flat_map(trust::trusted).collect()
    }

    /// Every policy that decides what `role` may do, and what could not be read of them.
    pub(crate) fn policies(&self, role: &SnapshotRole) -> (RolePolicies, Vec<PolicyProblem>) {
        policies::policies(role, &self.managed, &self.organization)
    }
}

#[cfg(test)]
mod tests;
