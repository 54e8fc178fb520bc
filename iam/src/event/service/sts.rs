//! Session tags and source identity: the parameters of an STS call in, the permissions that they need out.
//!
//! Neither has an event of its own. Source: IAM User Guide, "Pass session tags in AWS STS" and
//! "Monitor and control actions taken with assumed roles".

use super::super::needs::{Need, Needs, On};
use super::super::request::Request;
use super::super::{Basis, Strength};

/// Parameter, the action that it needs, and how surely. Tags that came from the session before
/// are checked only in some chains.
const PARAMETERS: [(&str, &str, Strength); 5] = [
    (
        "incomingTransitiveTags",
        "sts:TagSession",
        Strength::Possible,
    ),
    ("providedContexts", "sts:SetContext", Strength::Certain),
    ("sourceIdentity", "sts:SetSourceIdentity", Strength::Certain),
    ("tags", "sts:TagSession", Strength::Certain),
    ("transitiveTagKeys", "sts:TagSession", Strength::Certain),
];

/// Adds what the parameters of a call that issues credentials need.
pub(super) fn add(request: &Request<'_>, needs: &mut Needs) {
    for (parameter, action, strength) in PARAMETERS {
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
