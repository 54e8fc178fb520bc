//! Every policy that decides what a role may do, put together from the snapshot.
//!
//! The management account is bound by no SCP, and its resources by no RCP; service-linked roles by neither.
//! AWS keeps at least one SCP on each node while SCPs are on, so that a node without any, beside others with some, is a
//! gap of the snapshot: it is named as a problem, and limits nothing here.
//! Source: AWS Organizations User Guide, "Service control policies (SCPs)", "Resource control policies (RCPs)".

use curtail_iam::document::Document;
use curtail_iam::policy::{NamedPolicy, PolicyKind, RolePolicies};
use curtail_ingest::PolicyProblem;
use serde_json::Value;

use super::document::{PolicyPlace, items, policy, text};
use super::managed::ManagedPolicies;
use super::organization::{Kind, Organization, TargetedPolicy};
use super::roles::SnapshotRole;

pub(super) fn policies(
    role: &SnapshotRole,
    managed: &ManagedPolicies,
    organization: &Organization,
) -> (RolePolicies, Vec<PolicyProblem>) {
    let mut assembly = Assembly {
        role,
        managed,
        organization,
        problems: Vec::new(),
    };
    let policies = RolePolicies {
        identity: assembly.identity(),
        boundary: assembly.boundary(),
        scps: assembly.levels(Kind::ServiceControl),
        rcps: assembly.levels(Kind::ResourceControl),
    };
    (policies, assembly.problems)
}

/// The resource control policies over the resources of an account, level by level; those that do not parse are left out,
/// since the roles of the account name them as problems.
pub(super) fn resource_control(
    organization: &Organization,
    account_id: &str,
) -> Vec<Vec<Document>> {
    if organization.is_management_account(account_id) {
        return Vec::new();
    }
    let place = |targeted: &TargetedPolicy| -> Option<Document> {
        let place = PolicyPlace {
            account_id,
            owner: &targeted.arn,
            policy: &targeted.name,
        };
        policy(targeted.content.as_ref(), &place).ok()
    };
    let path = organization.path(account_id).into_iter();
    path.map(|node| {
        let attached = organization.attached(Kind::ResourceControl, node);
        attached.filter_map(place).collect()
    })
    .collect()
}

struct Assembly<'a> {
    role: &'a SnapshotRole,
    managed: &'a ManagedPolicies,
    organization: &'a Organization,
    problems: Vec<PolicyProblem>,
}

impl Assembly<'_> {
    fn identity(&mut self) -> Vec<NamedPolicy> {
        let role = self.role;
        let mut identity: Vec<NamedPolicy> = items(&role.value, "RolePolicyList")
            .filter_map(|inline| {
                self.inline(
                    text(inline, "PolicyName").unwrap_or("inline"),
                    inline.get("PolicyDocument"),
                )
            })
            .collect();
        for attached in items(&role.value, "AttachedManagedPolicies") {
            if let Some(arn) = text(attached, "PolicyArn") {
                let kind = if is_aws_managed(arn) {
                    PolicyKind::AwsManaged
                } else {
                    PolicyKind::CustomerManaged
                };
                identity.extend(self.managed_policy(
                    arn,
                    kind,
                    "it is attached and not in the snapshot",
                ));
            }
        }
        identity
    }

    fn inline(&mut self, name: &str, document: Option<&Value>) -> Option<NamedPolicy> {
        let place = PolicyPlace {
            account_id: &self.role.account_id,
            owner: &self.role.arn,
            policy: name,
        };
        let document = self.kept(policy(document, &place))?;
        Some(NamedPolicy {
            name: name.to_owned(),
            arn: None,
            kind: PolicyKind::Inline,
            attachments: 1,
            document,
        })
    }

    fn boundary(&mut self) -> Option<NamedPolicy> {
        let boundary = self.role.value.get("PermissionsBoundary")?;
        let arn = text(boundary, "PermissionsBoundaryArn")?;
        self.managed_policy(
            arn,
            PolicyKind::Boundary,
            "it is the permissions boundary and not in the snapshot",
        )
    }

    fn managed_policy(
        &mut self,
        arn: &str,
        kind: PolicyKind,
        missing: &str,
    ) -> Option<NamedPolicy> {
        let account_id = &self.role.account_id;
        let managed = self.managed;
        let Some(found) = managed.get(account_id, arn) else {
            let name = arn.rsplit('/').next().unwrap_or(arn);
            let place = PolicyPlace {
                account_id,
                owner: &self.role.arn,
                policy: name,
            };
            self.problems.push(place.problem(None, missing.to_owned()));
            return None;
        };
        let place = PolicyPlace {
            account_id,
            owner: arn,
            policy: &found.name,
        };
        let document = self.kept(policy(found.document.as_ref(), &place))?;
        Some(NamedPolicy {
            name: found.name.clone(),
            arn: Some(arn.to_owned()),
            kind,
            attachments: managed.attachments(account_id, arn),
            document,
        })
    }

    /// The policies of each node from the root to the account; nothing where none binds the role.
    fn levels(&mut self, kind: Kind) -> Vec<Vec<NamedPolicy>> {
        let organization = self.organization;
        let account_id = self.role.account_id.as_str();
        let exempt =
            organization.is_management_account(account_id) || self.role.is_service_linked();
        if exempt || !organization.has(kind) {
            return Vec::new();
        }
        let mut levels = Vec::new();
        for node in organization.path(account_id) {
            let attached: Vec<&TargetedPolicy> = organization.attached(kind, node).collect();
            if attached.is_empty() && kind == Kind::ServiceControl {
                let place = PolicyPlace {
                    account_id,
                    owner: node,
                    policy: "service control policies",
                };
                let gap = "the snapshot has none on this node, which AWS does not allow".to_owned();
                self.problems.push(place.problem(None, gap));
            }
            if !attached.is_empty() {
                levels.push(
                    attached
                        .into_iter()
                        .filter_map(|policy| self.targeted(kind, policy))
                        .collect(),
                );
            }
        }
        levels
    }

    fn targeted(&mut self, kind: Kind, targeted: &TargetedPolicy) -> Option<NamedPolicy> {
        let place = PolicyPlace {
            account_id: &self.role.account_id,
            owner: &targeted.arn,
            policy: &targeted.name,
        };
        let document = self.kept(policy(targeted.content.as_ref(), &place))?;
        Some(NamedPolicy {
            name: targeted.name.clone(),
            arn: Some(targeted.arn.clone()),
            kind: if kind == Kind::ServiceControl {
                PolicyKind::Scp
            } else {
                PolicyKind::Rcp
            },
            attachments: targeted.target_count(),
            document,
        })
    }

    fn kept<T>(&mut self, result: Result<T, PolicyProblem>) -> Option<T> {
        result.map_err(|problem| self.problems.push(problem)).ok()
    }
}

/// AWS's own managed policies stand in the account `aws`.
/// Source: IAM User Guide, "IAM identifiers".
fn is_aws_managed(arn: &str) -> bool {
    arn.split(':').nth(4) == Some("aws")
}
