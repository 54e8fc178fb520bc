//! A role of the snapshot: an element of `RoleDetailList`.

use curtail_iam::document::Document;
use curtail_ingest::PolicyProblem;
use jiff::Timestamp;
use serde_json::Value;

use super::document::{PolicyPlace, SnapshotDocument, policy, text};

/// A role, with its document for the policies in it.
#[derive(Debug, Clone)]
pub(crate) struct SnapshotRole {
    pub(crate) arn: String,
    pub(crate) role_id: Option<String>,
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) account_id: String,
    pub(crate) created_at: Option<Timestamp>,
    pub(super) value: Value,
}

impl SnapshotRole {
    pub(super) fn of(document: &SnapshotDocument) -> Option<Self> {
        if document.kind != "role" || document.arn.is_empty() {
            return None;
        }
        let value = &document.value;
        let own_name = document.arn.rsplit('/').next().unwrap_or_default();
        Some(Self {
            arn: document.arn.clone(),
            role_id: text(value, "RoleId")
                .map(str::to_owned)
                .or_else(|| Some(document.id.clone()).filter(|id| !id.is_empty())),
            name: text(value, "RoleName").unwrap_or(own_name).to_owned(),
            path: text(value, "Path").unwrap_or("/").to_owned(),
            account_id: document.account_id.clone(),
            created_at: text(value, "CreateDate").and_then(|date| date.parse().ok()),
            value: value.clone(),
        })
    }

    /// Whether AWS owns the role: neither SCPs nor RCPs bind it.
    /// Source: AWS Organizations User Guide, "Service control policies (SCPs)" and "Resource control policies (RCPs)".
    pub(crate) fn is_service_linked(&self) -> bool {
        self.path.starts_with("/aws-service-role/")
    }

    /// The policy that tells who may assume the role.
    ///
    /// # Errors
    /// What is wrong with it, or that the snapshot lacks it.
    pub(crate) fn trust(&self) -> Result<Document, PolicyProblem> {
        let place = PolicyPlace {
            account_id: &self.account_id,
            owner: &self.arn,
            policy: "trust policy",
        };
        policy(self.value.get("AssumeRolePolicyDocument"), &place)
    }
}
