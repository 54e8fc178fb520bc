//! Decides a request of anybody on anything: who asks, for what, and all policies in; a verdict out.
//!
//! Beside the policies of a role, which [`crate::evaluate`] decides on, this takes the policies of the
//! resource and of the session, users, services and unsigned requests, and requests across accounts.
//! The order: an explicit deny anywhere is final; then the control policies of the caller's account, the
//! identity policies, the boundary, the session and the resource's policy must allow as far as each of
//! them is asked.
//! Source: IAM User Guide, "Policy evaluation logic" with its subpages.
//!
//! A verdict names the statements that made it. Where it hangs on what is not known it is undecided.

mod about;
mod caller;
pub mod case;
mod engine;
mod naming;
mod paths;
mod policies;
mod principal;
mod rcp;
mod request;
mod verdict;

use std::collections::BTreeMap;

pub use about::{ActionEngine, ResourceSide};
pub use engine::Engine;
pub use policies::AccessPolicies;
pub use principal::Principal;
pub use request::{AbsentKey, AccessRequest};
pub use verdict::{PolicyPlace, StatementPlace, Verdict};

/// Decides one request. Many requests of one caller are decided by one [`Engine`].
///
/// ```
/// use std::collections::BTreeMap;
/// use curtail_iam::{document::Document, simulate::*};
/// let text = r#"{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}"#;
/// let policies = AccessPolicies {
///     identity: vec![Document::parse(text)?],
///     ..AccessPolicies::default()
/// };
/// let user = Principal::parse("arn:aws:iam::111122223333:user/ana")?;
/// let request = AccessRequest {
///     action: "s3:GetObject".to_owned(),
///     resource: Some("arn:aws:s3:::bucket/key".to_owned()),
///     resource_account: "111122223333".to_owned(),
///     ..AccessRequest::default()
/// };
/// let verdict = decide(user, &BTreeMap::new(), &policies, &request);
/// assert_eq!(verdict.as_str(), "allowed");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn decide(
    principal: Principal,
    tags: &BTreeMap<String, String>,
    policies: &AccessPolicies,
    request: &AccessRequest,
) -> Verdict {
    Engine::new(principal, tags, policies).decide(request)
}

#[cfg(test)]
mod tests;
