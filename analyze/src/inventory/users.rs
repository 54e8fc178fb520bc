//! Users and groups of the snapshot: what a role could make credentials for.
//!
//! Source: IAM API Reference, `UserDetail`, `GroupDetail`.

use super::document::{SnapshotDocument, items, text};

/// An IAM user.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SnapshotUser {
    pub(crate) arn: String,
    pub(crate) account_id: String,
    /// ARNs of the groups that it is in and that the snapshot has.
    pub(crate) groups: Vec<String>,
}

/// The users by ARN.
pub(super) fn users(documents: &[SnapshotDocument]) -> Vec<SnapshotUser> {
    let groups: Vec<&SnapshotDocument> =
        documents.iter().filter(|one| one.kind == "group").collect();
    let mut users: Vec<SnapshotUser> = documents
        .iter()
        .filter(|one| one.kind == "user" && !one.arn.is_empty())
        .map(|user| SnapshotUser {
            arn: user.arn.clone(),
            account_id: user.account_id.clone(),
            groups: items(&user.value, "GroupList")
                .filter_map(|name| arn(&groups, user, name.as_str()?))
                .collect(),
        })
        .collect();
    users.sort();
    users
}

/// The groups by account and ARN.
pub(super) fn groups(documents: &[SnapshotDocument]) -> Vec<(String, String)> {
    let groups = documents
        .iter()
        .filter(|one| one.kind == "group" && !one.arn.is_empty());
    let mut groups: Vec<(String, String)> = groups
        .map(|one| (one.account_id.clone(), one.arn.clone()))
        .collect();
    groups.sort();
    groups
}

fn arn(groups: &[&SnapshotDocument], user: &SnapshotDocument, name: &str) -> Option<String> {
    let found = groups.iter().find(|group| {
        group.account_id == user.account_id
            && text(&group.value, "GroupName").unwrap_or(&group.name) == name
    });
    found.map(|group| group.arn.clone())
}
