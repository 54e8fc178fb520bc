//! The policies that bind a role, each with its name and kind, and what is fixed about the role.
//!
//! A request of a role is decided by its identity policies, its permissions boundary, every level
//! of service control policies above its account, and resource control policies.
//! Source: IAM User Guide, "Policy evaluation logic".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::arn::RoleArn;
use crate::document::Document;

/// What a policy is to the role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyKind {
    /// Embedded in the role.
    Inline,
    /// A managed policy of the account, attached to the role.
    CustomerManaged,
    /// A managed policy of AWS, attached to the role.
    AwsManaged,
    /// The permissions boundary; it only limits.
    Boundary,
    /// A service control policy; it only limits.
    Scp,
    /// A resource control policy; it only limits.
    Rcp,
}

impl PolicyKind {
    /// The kind's name in tables and reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inline => "inline",
            Self::CustomerManaged => "customer_managed",
            Self::AwsManaged => "aws_managed",
            Self::Boundary => "boundary",
            Self::Scp => "scp",
            Self::Rcp => "rcp",
        }
    }
}

/// A policy with its name and where it comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NamedPolicy {
    /// The policy's name.
    pub name: String,
    /// The policy's ARN; inline policies have none.
    pub arn: Option<String>,
    /// What the policy is to the role.
    pub kind: PolicyKind,
    /// How many principals of the account it is attached to.
    pub attachments: usize,
    /// What it says.
    pub document: Document,
}

/// All policies that bind one role, except those of the resources that it calls.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RolePolicies {
    /// Inline and managed policies of the role: the only ones that grant.
    pub identity: Vec<NamedPolicy>,
    /// The permissions boundary, if the role has one.
    pub boundary: Option<NamedPolicy>,
    /// Service control policies, level by level from the root to the account. Empty where no
    /// organization is known or none applies, as in the management account; a level without a
    /// policy allows nothing.
    pub scps: Vec<Vec<NamedPolicy>>,
    /// Resource control policies, level by level. AWS's own one that allows everything is always
    /// attached, so only denies count.
    pub rcps: Vec<Vec<NamedPolicy>>,
}

/// Values of condition keys by lower-case key: a key that is absent from the map is unknown, one
/// without values is known to be absent from the request.
pub type Context = BTreeMap<String, Vec<String>>;

/// Condition keys whose values are the same in every request of a role, so that an unknown one
/// cannot be chosen by the caller.
/// Source: IAM User Guide, "AWS global condition context keys", properties of the principal.
const FIXED_KEYS: [&str; 10] = [
    "aws:principalarn",
    "aws:principalaccount",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principaltype",
    "aws:principalisawsservice",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:username",
    "aws:assumedroot",
];

/// What is known of every request that a session of the role makes.
///
/// A session has no user name and is no service.
/// Source: IAM User Guide, "AWS global condition context keys" and "IAM policy elements: Variables
/// and tags".
///
/// ```
/// use curtail_iam::{arn::RoleArn, policy::role_context};
/// let role = RoleArn::parse("arn:aws:iam::111122223333:role/app")?;
/// assert_eq!(role_context(&role)["aws:principalaccount"], ["111122223333"]);
/// # Ok::<(), curtail_iam::arn::ArnError>(())
/// ```
#[must_use]
pub fn role_context(role: &RoleArn) -> Context {
    let known = [
        ("aws:principalarn", Some(role.as_str())),
        ("aws:principalaccount", Some(role.account_id())),
        ("aws:principaltype", Some("AssumedRole")),
        ("aws:principalisawsservice", Some("false")),
        ("aws:principalservicename", None),
        ("aws:principalservicenameslist", None),
        ("aws:username", None),
    ];
    known
        .into_iter()
        .map(|(key, value)| {
            (
                key.to_owned(),
                value.map(str::to_owned).into_iter().collect(),
            )
        })
        .collect()
}

/// Tells whether a lower-case condition key has one value for all requests of a role.
pub(crate) fn is_fixed_for_a_role(key: &str) -> bool {
    FIXED_KEYS.contains(&key) || key.starts_with("aws:principaltag/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_has_no_user_name_and_is_no_service() {
        let role = RoleArn::parse("arn:aws:iam::111122223333:role/team/app").unwrap();
        let context = role_context(&role);
        assert!(context["aws:username"].is_empty());
        assert_eq!(context["aws:principalisawsservice"], ["false"]);
        assert_eq!(
            context["aws:principalarn"],
            ["arn:aws:iam::111122223333:role/team/app"]
        );
        assert!(context.keys().all(|key| *key == key.to_lowercase()));
    }

    #[test]
    fn tags_of_the_role_are_not_the_caller_s_to_choose() {
        assert!(is_fixed_for_a_role("aws:principaltag/team"));
        assert!(!is_fixed_for_a_role("aws:requesttag/team"));
    }

    #[test]
    fn a_kind_is_written_as_it_is_named() {
        for kind in [
            PolicyKind::Inline,
            PolicyKind::CustomerManaged,
            PolicyKind::AwsManaged,
        ] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}
