//! How a policy is changed without touching another role, and the names of policies that take over.
//!
//! An inline policy and one attached to this role alone are edited. A policy that is attached
//! elsewhere too, or that AWS owns, is never edited: the role is detached from it and gets a policy
//! of its own.

use std::collections::{BTreeMap, BTreeSet};

use curtail_analyze::Role;
use curtail_iam::policy::{NamedPolicy, PolicyKind};
use serde::Serialize;

/// Longest name of a managed policy, in characters.
/// Source: IAM API Reference, `CreatePolicy`, parameter `PolicyName`.
const POLICY_NAME_CHARACTERS: usize = 128;

const SUFFIX: &str = "-trimmed";

/// How a change is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// The document is edited where it is.
    Edit,
    /// The role is detached from the policy and gets a policy of its own in its place.
    Replace,
    /// Nothing of the document is needed: the policy is detached, or deleted where it is inline.
    Detach,
}

impl Form {
    /// The form as the JSON review spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Replace => "replace",
            Self::Detach => "detach",
        }
    }

    /// The form for a policy of which something is left, or nothing.
    pub(super) fn of(policy: &NamedPolicy, something_left: bool) -> Self {
        match (something_left, is_shared(policy)) {
            (false, _) => Self::Detach,
            (true, true) => Self::Replace,
            (true, false) => Self::Edit,
        }
    }
}

/// Whether an edit would change what another principal may do, or is not ours to make.
fn is_shared(policy: &NamedPolicy) -> bool {
    match policy.kind {
        PolicyKind::Inline => false,
        PolicyKind::CustomerManaged => policy.attachments > 1,
        PolicyKind::AwsManaged | PolicyKind::Boundary | PolicyKind::Scp | PolicyKind::Rcp => true,
    }
}

/// Names of the policies that take the place of shared ones, by role ARN and place in the role's list.
///
/// Within an account no name is given twice: two pairs of role and policy can spell the same text.
pub(super) fn replacement_names<'a>(
    roles: impl Iterator<Item = &'a Role>,
) -> BTreeMap<(String, usize), String> {
    let mut taken: BTreeSet<(String, String)> = BTreeSet::new();
    let mut names = BTreeMap::new();
    for role in roles {
        for (place, policy) in role.policies.identity.iter().enumerate() {
            if !is_shared(policy) {
                continue;
            }
            let name = (1..=u32::MAX)
                .map(|attempt| trimmed_name(&role.name, &policy.name, attempt))
                .find(|name| taken.insert((role.account_id.clone(), name.to_ascii_lowercase())));
            if let Some(name) = name {
                names.insert((role.arn.clone(), place), name);
            }
        }
    }
    names
}

/// `<role>-<policy>-trimmed`, of safe characters, shortened in the middle to fit.
fn trimmed_name(role: &str, policy: &str, attempt: u32) -> String {
    let suffix = if attempt == 1 {
        SUFFIX.to_owned()
    } else {
        format!("{SUFFIX}-{attempt}")
    };
    let stem: String = format!("{role}-{policy}")
        .chars()
        .map(safe)
        .take(POLICY_NAME_CHARACTERS.saturating_sub(suffix.len()))
        .collect();
    stem + &suffix
}

/// Source: IAM API Reference, `CreatePolicy`: `PolicyName` matches `[\w+=,.@-]+`.
fn safe(character: char) -> char {
    if character.is_ascii_alphanumeric() || "_+=,.@-".contains(character) {
        character
    } else {
        '-'
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_safe_and_bounded() {
        let name = trimmed_name("päth\u{202e}role", &"x".repeat(300), 1);
        assert_eq!(name.chars().count(), 128);
        assert!(name.starts_with("p-th-role-xxx"));
        assert!(name.ends_with("-trimmed"));
    }

    #[test]
    fn a_second_attempt_is_another_name_of_the_same_bound() {
        let long = "y".repeat(200);
        assert_ne!(trimmed_name("r", &long, 1), trimmed_name("r", &long, 2));
        assert_eq!(trimmed_name("r", &long, 2).len(), 128);
    }
}
