//! The organization's tree and the policies on its nodes.
//!
//! A path runs from the root through organizational units to the account. Each node may carry SCPs and RCPs.
//! Source: AWS Organizations User Guide, "SCP evaluation".

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::document::{SnapshotDocument, items, text};

/// Deepest path that is followed. Source: AWS Organizations User Guide, "Quotas": OUs nest five levels under a root.
const DEEPEST_PATH: usize = 8;

/// Every organization in the lake; node ids are unique among them.
#[derive(Debug, Default)]
pub(super) struct Organization {
    /// Parent by node id; a root has none.
    parents: BTreeMap<String, String>,
    roots: BTreeSet<String>,
    /// Management account by member account.
    management: BTreeMap<String, String>,
    /// Organization id by member account.
    ids: BTreeMap<String, String>,
    scps: Vec<TargetedPolicy>,
    rcps: Vec<TargetedPolicy>,
}

/// A policy and the nodes that it is attached to.
#[derive(Debug)]
pub(super) struct TargetedPolicy {
    pub(super) name: String,
    pub(super) arn: String,
    pub(super) content: Option<Value>,
    targets: BTreeSet<String>,
}

/// Which of the two kinds of policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    ServiceControl,
    ResourceControl,
}

impl Organization {
    pub(super) fn of(documents: &[SnapshotDocument]) -> Self {
        let mut organization = Self::default();
        for document in documents {
            organization.add(document);
        }
        organization
    }

    fn add(&mut self, document: &SnapshotDocument) {
        let id = text(&document.value, "Id")
            .unwrap_or(&document.id)
            .to_owned();
        let parent = text(&document.value, "ParentId").map(str::to_owned);
        match document.kind.as_str() {
            "root" => {
                self.roots.insert(id);
            }
            "organization_unit" => self.parents.extend(parent.map(|parent| (id, parent))),
            "account" => {
                self.management
                    .insert(id.clone(), document.account_id.clone());
                if let Some(organization) = organization_id(&document.arn) {
                    self.ids.insert(id.clone(), organization.to_owned());
                }
                self.parents.extend(parent.map(|parent| (id, parent)));
            }
            "scp" => self.scps.push(TargetedPolicy::of(document)),
            "rcp" => self.rcps.push(TargetedPolicy::of(document)),
            _ => {}
        }
    }

    /// Whether policies of that kind are known at all.
    pub(super) fn has(&self, kind: Kind) -> bool {
        !self.all(kind).is_empty()
    }

    pub(super) fn is_management_account(&self, account_id: &str) -> bool {
        self.management
            .values()
            .any(|management| management == account_id)
    }

    /// The id of the account's organization, if the ARN of the account tells it.
    pub(super) fn id(&self, account_id: &str) -> Option<&str> {
        self.ids.get(account_id).map(String::as_str)
    }

    /// Whether the organization has the account, with a whole path from its root.
    pub(super) fn knows(&self, account_id: &str) -> bool {
        self.path(account_id)
            .first()
            .is_some_and(|node| self.roots.contains(*node))
    }

    /// The accounts of the organization that `management_account` manages.
    pub(super) fn members(&self, management_account: &str) -> impl Iterator<Item = &String> {
        let managed =
            move |(_, management): &(&String, &String)| management.as_str() == management_account;
        self.management
            .iter()
            .filter(managed)
            .map(|(member, _)| member)
    }

    /// The nodes from the root to the account; none if no organization has the account, or its path is broken.
    pub(super) fn path(&self, account_id: &str) -> Vec<&str> {
        let Some((mut node, _)) = self
            .management
            .get_key_value(account_id)
            .map(|(id, management)| (id.as_str(), management))
        else {
            return Vec::new();
        };
        let mut path = vec![node];
        while let Some(parent) = self.parents.get(node) {
            if path.len() >= DEEPEST_PATH {
                return Vec::new();
            }
            path.push(parent);
            node = parent;
        }
        path.reverse();
        path
    }

    /// The policies attached to one node, in order of their ARNs.
    pub(super) fn attached(&self, kind: Kind, node: &str) -> impl Iterator<Item = &TargetedPolicy> {
        self.all(kind)
            .iter()
            .filter(move |policy| policy.targets.contains(node))
    }

    fn all(&self, kind: Kind) -> &[TargetedPolicy] {
        match kind {
            Kind::ServiceControl => &self.scps,
            Kind::ResourceControl => &self.rcps,
        }
    }
}

/// The `o-…` in `arn:aws:organizations::MANAGEMENT:account/o-…/ACCOUNT`.
/// Source: Service Authorization Reference, "Resource types defined by AWS Organizations".
fn organization_id(arn: &str) -> Option<&str> {
    let id = arn.split(':').nth(5)?.split('/').nth(1)?;
    id.starts_with("o-").then_some(id)
}

impl TargetedPolicy {
    fn of(document: &SnapshotDocument) -> Self {
        let policy = document.value.get("Policy").unwrap_or(&Value::Null);
        let summary = policy.get("PolicySummary").unwrap_or(&Value::Null);
        Self {
            name: text(summary, "Name").unwrap_or(&document.name).to_owned(),
            arn: text(summary, "Arn").unwrap_or(&document.arn).to_owned(),
            content: policy.get("Content").cloned(),
            targets: items(&document.value, "Targets")
                .filter_map(|target| text(target, "TargetId").map(str::to_owned))
                .collect(),
        }
    }

    pub(super) fn target_count(&self) -> usize {
        self.targets.len()
    }
}
