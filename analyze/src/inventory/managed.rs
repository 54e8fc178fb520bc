//! Managed policies of the snapshot, and to how many principals each is attached.
//!
//! The same AWS-managed policy may stand in several accounts at different versions: each account has its own.

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::{SnapshotDocument, items, text};

/// Managed policies by account and ARN.
#[derive(Debug, Default)]
pub(super) struct ManagedPolicies {
    policies: BTreeMap<(String, String), ManagedPolicy>,
    attachments: BTreeMap<(String, String), usize>,
}

/// One managed policy, as its default version says.
#[derive(Debug)]
pub(super) struct ManagedPolicy {
    pub(super) name: String,
    pub(super) document: Option<Value>,
    attachment_count: usize,
}

impl ManagedPolicies {
    pub(super) fn of(documents: &[SnapshotDocument]) -> Self {
        let mut managed = Self::default();
        for document in documents {
            match document.kind.as_str() {
                "policy" => managed.add_policy(document),
                "role" | "user" | "group" => managed.count_attachments(document),
                _ => {}
            }
        }
        managed
    }

    fn add_policy(&mut self, document: &SnapshotDocument) {
        let value = &document.value;
        let policy = ManagedPolicy {
            name: text(value, "PolicyName")
                .unwrap_or(&document.name)
                .to_owned(),
            document: default_version(value).cloned(),
            attachment_count: count(value, "AttachmentCount")
                .saturating_add(count(value, "PermissionsBoundaryUsageCount")),
        };
        self.policies
            .insert((document.account_id.clone(), document.arn.clone()), policy);
    }

    fn count_attachments(&mut self, document: &SnapshotDocument) {
        for attached in items(&document.value, "AttachedManagedPolicies") {
            if let Some(arn) = text(attached, "PolicyArn") {
                *self
                    .attachments
                    .entry((document.account_id.clone(), arn.to_owned()))
                    .or_default() += 1;
            }
        }
        let boundary = document.value.get("PermissionsBoundary");
        if let Some(arn) = boundary.and_then(|boundary| text(boundary, "PermissionsBoundaryArn")) {
            *self
                .attachments
                .entry((document.account_id.clone(), arn.to_owned()))
                .or_default() += 1;
        }
    }

    pub(super) fn get(&self, account_id: &str, arn: &str) -> Option<&ManagedPolicy> {
        self.policies.get(&(account_id.to_owned(), arn.to_owned()))
    }

    /// How many times principals of the account have the policy, attached or as their boundary: what the snapshot shows,
    /// or what IAM says if more.
    pub(super) fn attachments(&self, account_id: &str, arn: &str) -> usize {
        let shown = self
            .attachments
            .get(&(account_id.to_owned(), arn.to_owned()))
            .copied()
            .unwrap_or(0);
        let said = self
            .get(account_id, arn)
            .map_or(0, |policy| policy.attachment_count);
        shown.max(said)
    }
}

fn count(value: &Value, name: &str) -> usize {
    let number = value.get(name).and_then(Value::as_u64).unwrap_or(0);
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The document of the default version.
fn default_version(policy: &Value) -> Option<&Value> {
    let default_id = text(policy, "DefaultVersionId");
    let is_default =
        |version: &&Value| match version.get("IsDefaultVersion").and_then(Value::as_bool) {
            Some(marked) => marked,
            None => default_id.is_some() && text(version, "VersionId") == default_id,
        };
    items(policy, "PolicyVersionList")
        .find(is_default)?
        .get("Document")
}
