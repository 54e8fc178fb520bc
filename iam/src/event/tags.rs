//! What a call needed on top of its own action: the listed dependent actions, and tags set on creation.
//!
//! A dependent action is possible only: whether it was needed depends on what the call referred
//! to. An action of the call's own service that tags is certain if the parameters carry tags, and
//! left out if they are known and carry none; another service is tagged at its own choice, so that
//! its action stays possible. Source: Service Authorization Reference, "Dependent actions".

use super::needs::{Need, Needs, On};
use super::request::Request;
use super::{Basis, Strength};
use crate::catalog::{AccessLevel, Action};

/// Operations that make something, and may tag it as they do.
const CREATORS: [&str; 11] = [
    "Create", "Run", "Allocate", "Register", "Request", "Start", "Put", "Import", "Copy",
    "Restore", "Upload",
];
/// Parameters that carry tags, in lower case.
pub(super) const TAG_PARAMETERS: [&str; 7] = [
    "tags",
    "taglist",
    "tagset",
    "tagslist",
    "tagspecification",
    "tagspecificationset",
    "tagspecifications",
];

/// Service, operation (none: all that make something), and the action that tags what it makes, where
/// that is not `TagResource`; and how sure it is. What is possible is likely by the service's list of actions, and
/// confirmed by no source.
/// Sources: IAM User Guide, "Tagging IAM resources"; AWS Systems Manager API Reference, "`PutParameter`"; Amazon Kinesis
/// API Reference, "`CreateStream`"; Amazon Data Firehose API Reference, "`CreateDeliveryStream`"; Amazon SQS API
/// Reference, "`CreateQueue`"; Elastic Load Balancing User Guide, "Tag resources during creation".
const TAG_ACTIONS: [(&str, &str, &str, Strength); 31] = [
    ("acm", "", "acm:AddTagsToCertificate", Strength::Possible),
    (
        "acm-pca",
        "",
        "acm-pca:TagCertificateAuthority",
        Strength::Possible,
    ),
    ("dms", "", "dms:AddTagsToResource", Strength::Possible),
    ("ds", "", "ds:AddTagsToResource", Strength::Possible),
    ("ec2", "", "ec2:CreateTags", Strength::Possible),
    (
        "elasticache",
        "",
        "elasticache:AddTagsToResource",
        Strength::Possible,
    ),
    (
        "elasticbeanstalk",
        "",
        "elasticbeanstalk:AddTags",
        Strength::Possible,
    ),
    (
        "elasticloadbalancing",
        "",
        "elasticloadbalancing:AddTags",
        Strength::Certain,
    ),
    (
        "elasticmapreduce",
        "",
        "elasticmapreduce:AddTags",
        Strength::Possible,
    ),
    ("es", "", "es:AddTags", Strength::Possible),
    (
        "firehose",
        "CreateDeliveryStream",
        "firehose:TagDeliveryStream",
        Strength::Certain,
    ),
    (
        "iam",
        "CreateInstanceProfile",
        "iam:TagInstanceProfile",
        Strength::Certain,
    ),
    (
        "iam",
        "CreateOpenIDConnectProvider",
        "iam:TagOpenIDConnectProvider",
        Strength::Certain,
    ),
    ("iam", "CreatePolicy", "iam:TagPolicy", Strength::Certain),
    ("iam", "CreateRole", "iam:TagRole", Strength::Certain),
    (
        "iam",
        "CreateSAMLProvider",
        "iam:TagSAMLProvider",
        Strength::Certain,
    ),
    ("iam", "CreateUser", "iam:TagUser", Strength::Certain),
    (
        "iam",
        "CreateVirtualMFADevice",
        "iam:TagMFADevice",
        Strength::Certain,
    ),
    (
        "iam",
        "UploadServerCertificate",
        "iam:TagServerCertificate",
        Strength::Certain,
    ),
    (
        "kinesis",
        "CreateStream",
        "kinesis:AddTagsToStream",
        Strength::Certain,
    ),
    ("rds", "", "rds:AddTagsToResource", Strength::Possible),
    ("redshift", "", "redshift:CreateTags", Strength::Possible),
    ("sagemaker", "", "sagemaker:AddTags", Strength::Possible),
    ("sqs", "CreateQueue", "sqs:TagQueue", Strength::Certain),
    (
        "ssm",
        "CreateDocument",
        "ssm:AddTagsToResource",
        Strength::Certain,
    ),
    (
        "ssm",
        "CreateMaintenanceWindow",
        "ssm:AddTagsToResource",
        Strength::Certain,
    ),
    (
        "ssm",
        "CreatePatchBaseline",
        "ssm:AddTagsToResource",
        Strength::Certain,
    ),
    (
        "ssm",
        "PutParameter",
        "ssm:AddTagsToResource",
        Strength::Certain,
    ),
    ("ssm", "", "ssm:AddTagsToResource", Strength::Possible),
    (
        "storagegateway",
        "",
        "storagegateway:AddTagsToResource",
        Strength::Possible,
    ),
    (
        "workspaces",
        "",
        "workspaces:CreateTags",
        Strength::Possible,
    ),
];

/// Adds the dependent actions and the tagging of what was made.
pub(super) fn add(request: &Request<'_>, needs: &mut Needs) {
    for &(action, basis) in &request.plan.dependents {
        if let Some(strength) = strength(action, request)
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
    add_on_creation(request, needs);
}

/// How sure a dependent action is; `None` if the parameters show that it was not needed.
fn strength(action: &Action, request: &Request<'_>) -> Option<Strength> {
    let takes_away = ["Untag", "UnTag", "Remove", "Delete"]
        .iter()
        .any(|verb| action.name.contains(verb));
    let is_own = action.service == request.prefix;
    if action.access_level != AccessLevel::Tagging || !is_own || takes_away {
        Some(Strength::Possible)
    } else if sets_tags(request) {
        Some(Strength::Certain)
    } else {
        let is_unknown = request.parameters().is_unknown();
        is_unknown.then_some(Strength::Possible)
    }
}

/// Services check their own tagging for tags set on creation, mostly without listing it.
fn add_on_creation(request: &Request<'_>, needs: &mut Needs) {
    let creates = CREATORS.iter().any(|verb| request.name.starts_with(verb));
    if !creates || !request.mentions("ag") || !sets_tags(request) {
        return;
    }
    let listed = TAG_ACTIONS.iter().find(|(service, operation, ..)| {
        *service == request.prefix && (operation.is_empty() || *operation == request.name)
    });
    let (action, strength) = match listed {
        Some((_, _, action, strength)) => (*action, *strength),
        None => match request.plan.tag_resource {
            Some(action) => (action.name, Strength::Possible),
            None => return,
        },
    };
    if !needs.has(action) {
        let is_certain = strength == Strength::Certain;
        needs.add(Need {
            action,
            strength,
            basis: if is_certain {
                Basis::Hand
            } else {
                Basis::Unverified
            },
            // What IAM makes is the one thing that its tagging action takes.
            on: if request.prefix == "iam" {
                On::Object
            } else {
                On::Unknown
            },
        });
    }
}

fn sets_tags(request: &Request<'_>) -> bool {
    TAG_PARAMETERS
        .iter()
        .any(|name| request.parameters().sets_inside(name))
}

#[cfg(test)]
mod tests;
