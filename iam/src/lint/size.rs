//! The size of a document against the quotas.
//!
//! IAM does not count white space; Organizations counts all of it.
//! Source: IAM User Guide, "IAM and AWS STS quotas"; AWS Organizations User Guide, "Quotas and
//! service limits".

use super::finding::Findings;
use crate::document::{Document, Path, PolicyUse};
use crate::minimise::Limit;

/// Characters of all session policies passed as text.
const SESSION: usize = 2_048;
/// Characters of a trust policy, without and with an increase of the quota.
const TRUST: usize = 2_048;
const TRUST_INCREASED: usize = 4_096;
/// Bytes of a bucket policy. Source: Amazon S3 User Guide, "Bucket policies for Amazon S3".
const BUCKET: usize = 20_480;

pub(super) fn check(document: &Document, policy_use: PolicyUse, findings: &mut Findings<'_>) {
    let compact = document.to_string();
    let characters = compact.chars().filter(|c| !c.is_whitespace()).count();
    let mut over = |size: usize, quota: usize, of: &str, refused: bool| {
        let message = format!("the document has {size} characters, over the quota of {quota} {of}");
        let remedy = "split it, or use wildcards that cover the same";
        if size <= quota {
            false
        } else if refused {
            findings.error("policy-too-large", Path::document(), message, remedy);
            true
        } else {
            findings.warning("policy-too-large", Path::document(), message, remedy);
            true
        }
    };
    match policy_use {
        PolicyUse::Identity => {
            let _ = over(
                characters,
                Limit::RoleInline.characters(),
                "for inline policies of a role",
                true,
            ) || over(
                characters,
                Limit::Managed.characters(),
                "for managed policies",
                false,
            );
        }
        PolicyUse::Boundary => {
            over(
                characters,
                Limit::Managed.characters(),
                "for managed policies",
                true,
            );
        }
        PolicyUse::Session => {
            over(characters, SESSION, "for session policies", true);
        }
        PolicyUse::Trust => {
            let _ = over(characters, TRUST_INCREASED, "for trust policies", true)
                || over(
                    characters,
                    TRUST,
                    "for trust policies, unless increased",
                    false,
                );
        }
        PolicyUse::ServiceControl => {
            let quota = Limit::Scp.characters();
            over(compact.len(), quota, "for service control policies", true);
        }
        PolicyUse::ResourceControl => {
            let quota = Limit::Rcp.characters();
            over(compact.len(), quota, "for resource control policies", true);
        }
        PolicyUse::Resource => {
            over(compact.len(), BUCKET, "for bucket policies", false);
        }
    }
}
