//! What a call needed on top of its own action: the listed dependent actions, and tags set on creation.
//!
//! A dependent action is possible only: whether it was needed depends on what the call referred
//! to. An action that tags is certain if the parameters carry tags, and left out if they are
//! known and carry none. Source: Service Authorization Reference, "Dependent actions".

use super::needs::{Need, Needs, On};
use super::request::Request;
use super::{Basis, Strength};
use crate::catalog::AccessLevel;

/// Operations that make something, and may tag it as they do.
const CREATORS: [&str; 10] = [
    "Create", "Run", "Allocate", "Register", "Request", "Start", "Put", "Import", "Copy", "Restore",
];
/// Parameters that carry tags, in lower case.
const TAG_PARAMETERS: [&str; 6] = [
    "tags",
    "taglist",
    "tagset",
    "tagspecification",
    "tagspecificationset",
    "tagspecifications",
];

/// Adds the dependent actions and the tagging of what was made.
pub(super) fn add(request: &Request<'_>, needs: &mut Needs) {
    for &(action, basis) in &request.plan.dependents {
        let strength = if action.access_level != AccessLevel::Tagging {
            Some(Strength::Possible)
        } else if sets_tags(request) {
            Some(Strength::Certain)
        } else {
            request
                .parameters()
                .is_unknown()
                .then_some(Strength::Possible)
        };
        if let Some(strength) = strength
            && !needs.has(action.name)
        {
            needs.add(Need {
                action: action.name,
                strength,
                basis,
                on: On::Unknown,
            });
        }
    }
    add_tag_resource(request, needs);
}

/// Services check their own `TagResource` for tags set on creation, mostly without listing it.
fn add_tag_resource(request: &Request<'_>, needs: &mut Needs) {
    let creates = CREATORS.iter().any(|verb| request.name.starts_with(verb));
    if !creates || !request.mentions("ag") {
        return;
    }
    let Some(action) = request.plan.tag_resource else {
        return;
    };
    if sets_tags(request) && !needs.has(action.name) {
        needs.add(Need {
            action: action.name,
            strength: Strength::Possible,
            basis: Basis::Unverified,
            on: On::Unknown,
        });
    }
}

fn sets_tags(request: &Request<'_>) -> bool {
    TAG_PARAMETERS
        .iter()
        .any(|name| request.parameters().has(name))
}
