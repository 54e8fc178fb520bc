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

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;
use curtail_iam::policy::RolePolicies;
use curtail_ingest::PolicyProblem;

use document::SnapshotDocument;
use managed::ManagedPolicies;
use organization::{Kind, Organization};
pub(crate) use roles::SnapshotRole;
pub(crate) use selectors::Selector;

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
