//! A request: what is done, on what, whose it is, and what is known besides.

use crate::evaluate::Truth;
use crate::pattern::wildcard_match_ignore_case;
use crate::policy::Context;

/// What it means that a condition key is not in the context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AbsentKey {
    /// The request does not have it, unless it follows from the principal and the accounts.
    #[default]
    NotInRequest,
    /// It is not known whether the request has it.
    Unknown,
}

/// A request for one action on one resource.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccessRequest {
    /// The action, such as `s3:GetObject`, in any case.
    pub action: String,
    /// The ARN of the resource, or `*` for an action that takes none; `None` if it is not known.
    pub resource: Option<String>,
    /// The account that owns the resource: the ARN of a bucket does not show it. Empty if it is not known
    /// and the caller has no account.
    pub resource_account: String,
    /// Values of condition keys, by lower-case key. One without values is not in the request.
    pub context: Context,
    /// What it means that a key is not in `context`.
    pub absent: AbsentKey,
}

impl AccessRequest {
    /// Tells whether only the policy of the resource can allow, or pass the question on to the
    /// account: so it is with trust policies and key policies.
    /// Source: IAM User Guide, "How AWS enforcement code logic evaluates requests"; AWS KMS Developer
    /// Guide, "Key policies in AWS KMS".
    pub(super) fn asks_the_resource_policy_first(&self, action: &str) -> Truth {
        let pattern = match action {
            "sts:assumerole"
            | "sts:assumerolewithsaml"
            | "sts:assumerolewithwebidentity"
            | "sts:tagsession"
            | "sts:setsourceidentity"
            | "sts:setcontext" => "arn:*:iam::*:role/*",
            _ if action.starts_with("kms:") => "arn:*:kms:*:*:key/*",
            _ => return Truth::False,
        };
        match &self.resource {
            Some(resource) => Truth::from(wildcard_match_ignore_case(pattern, resource)),
            None => Truth::unknown("resource"),
        }
    }
}
