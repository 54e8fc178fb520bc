//! Session tags and source identity: the parameters of an STS call in, the permissions that they need out.
//!
//! Neither has an event of its own. Source: IAM User Guide, "Pass session tags in AWS STS" and
//! "Monitor and control actions taken with assumed roles".

use super::super::needs::{Need, Needs, On};
use super::super::request::Request;
use super::super::{Basis, Strength};

/// Parameter, the action that it needs, and how surely. Tags that came from the session before
/// are checked only in some chains.
const PARAMETERS: [(&str, &str, Strength); 4] = [
    (
        "incomingTransitiveTags",
        "sts:TagSession",
        Strength::Possible,
    ),
    ("providedContexts", "sts:SetContext", Strength::Certain),
    ("sourceIdentity", "sts:SetSourceIdentity", Strength::Certain),
    ("transitiveTagKeys", "sts:TagSession", Strength::Certain),
];

/// Operations whose caller comes from outside of AWS.
const FEDERATED: [&str; 2] = ["AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"];

/// The action that tags what the call issues; a token is no session.
/// Source: Service Authorization Reference, "AWS Security Token Service".
fn tagging(request: &Request<'_>) -> &'static str {
    if request.name == "GetWebIdentityToken" {
        "sts:TagGetWebIdentityToken"
    } else {
        "sts:TagSession"
    }
}

/// Adds what the parameters of a call that issues credentials need.
pub(super) fn add(request: &Request<'_>, needs: &mut Needs) {
    let tags = ("tags", tagging(request), Strength::Certain);
    // Tags that came with an assertion or a token are told under another name.
    let principal_tags = ("principalTags", "sts:TagSession", Strength::Certain);
    let federated = FEDERATED.contains(&request.name).then_some(principal_tags);
    let rows = PARAMETERS.into_iter().chain([tags]).chain(federated);
    for (parameter, action, strength) in rows {
        if request.parameters().has(parameter) {
            needs.add(Need {
                action,
                strength,
                basis: Basis::Hand,
                on: On::Object,
            });
        }
    }
}
