//! IAM as `aws iam get-account-authorization-details` prints it: roles in, JSON text out.
//!
//! Fields and their order: AWS CLI Command Reference, that command's page. The data account comes
//! as two pages, one after the other in the same file.

use std::collections::BTreeMap;

use serde::Serialize as _;
use serde_json::ser::PrettyFormatter;
use serde_json::{Value, json};

use crate::identity;
use crate::model::{Account, Managed, Role, Trust};
use crate::organisation::{DATA, PRODUCTION, REVIEW_DAY, TEAMS};
use crate::truth::Truth;

/// The file of one account.
pub(crate) fn text(account: &'static Account, seed: u64, replica: u32, truth: &Truth) -> String {
    let details = Details {
        account,
        seed,
        replica,
        truth,
    };
    let roles: Vec<Value> = details.roles().map(|role| details.role(role)).collect();
    let policies = details.policies();
    let (users, groups) = if account == &PRODUCTION {
        details.people()
    } else {
        (json!([]), json!([]))
    };
    let text = if account == &DATA {
        let (first, rest) = roles.split_at(roles.len() / 2);
        let one = json!({
            "UserDetailList": users, "GroupDetailList": groups, "RoleDetailList": first, "Policies": [],
            "IsTruncated": true, "Marker": "AAEXAMPLEmarkerOfTheSecondPage",
        });
        let two = json!({
            "UserDetailList": [], "GroupDetailList": [], "RoleDetailList": rest, "Policies": policies,
            "IsTruncated": false,
        });
        format!("{}\n{}\n", pretty(&one), pretty(&two))
    } else {
        let page = json!({
            "UserDetailList": users, "GroupDetailList": groups, "RoleDetailList": roles, "Policies": policies,
        });
        format!("{}\n", pretty(&page))
    };
    crate::replica::rename(&text, replica)
}

/// JSON with the four spaces that the AWS CLI indents by.
pub(crate) fn pretty(value: &Value) -> String {
    let mut bytes = Vec::new();
    let mut serializer =
        serde_json::Serializer::with_formatter(&mut bytes, PrettyFormatter::with_indent(b"    "));
    // Writing to memory cannot fail, and the formatter writes UTF-8.
    if value.serialize(&mut serializer).is_err() {
        return String::new();
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// One account, and what its entities are seeded by.
struct Details<'a> {
    account: &'static Account,
    seed: u64,
    replica: u32,
    truth: &'a Truth,
}

impl Details<'_> {
    fn roles(&self) -> impl Iterator<Item = &'static Role> {
        let account = self.account;
        TEAMS
            .iter()
            .flat_map(|team| team.roles)
            .copied()
            .filter(move |role| role.account == account)
    }

    fn role(&self, role: &Role) -> Value {
        let inline: Vec<Value> = role
            .inline
            .iter()
            .map(|(name, document)| json!({"PolicyName": name, "PolicyDocument": parsed(document)}))
            .collect();
        let attached: Vec<Value> = role
            .attached
            .iter()
            .map(|policy| json!({"PolicyName": policy.name, "PolicyArn": arn(policy)}))
            .collect();
        let mut told = json!({
            "Path": role.path,
            "RoleName": role.name,
            "RoleId": identity::role_id(self.seed, self.replica, role),
            "Arn": role.arn(),
            "CreateDate": role.created,
            "AssumeRolePolicyDocument": trust(role),
            "InstanceProfileList": self.instance_profiles(role),
            "RolePolicyList": inline,
            "AttachedManagedPolicies": attached,
        });
        if let Some(map) = told.as_object_mut() {
            if let Some(boundary) = role.boundary {
                map.insert(
                    "PermissionsBoundary".to_owned(),
                    json!({"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn(boundary)}),
                );
            }
            let tags: Vec<Value> = role
                .tags
                .iter()
                .map(|(key, value)| json!({"Key": key, "Value": value}))
                .collect();
            map.insert("Tags".to_owned(), json!(tags));
            let used = self.truth.last_used(&role.arn()).map_or_else(
                || json!({}),
                |(at, region)| json!({"LastUsedDate": at.to_string().replace('Z', "+00:00"), "Region": region}),
            );
            map.insert("RoleLastUsed".to_owned(), used);
        }
        told
    }

    fn instance_profiles(&self, role: &Role) -> Value {
        if !role.instance_profile {
            return json!([]);
        }
        json!([{
            "Path": "/",
            "InstanceProfileName": role.name,
            "InstanceProfileId": identity::unique_id("AIPA", self.seed, self.replica, &[role.account.id, role.name]),
            "Arn": format!("arn:aws:iam::{}:instance-profile/{}", role.account.id, role.name),
            "CreateDate": role.created,
            "Roles": [{
                "Path": role.path,
                "RoleName": role.name,
                "RoleId": identity::role_id(self.seed, self.replica, role),
                "Arn": role.arn(),
                "CreateDate": role.created,
                "AssumeRolePolicyDocument": trust(role),
            }],
        }])
    }

    /// Managed policies in use, with how often each is attached.
    fn policies(&self) -> Vec<Value> {
        let mut used: BTreeMap<String, (&'static Managed, u32, u32)> = BTreeMap::new();
        for role in self.roles() {
            for policy in role.attached {
                used.entry(arn(policy)).or_insert((policy, 0, 0)).1 += 1;
            }
            if let Some(boundary) = role.boundary {
                used.entry(arn(boundary)).or_insert((boundary, 0, 0)).2 += 1;
            }
        }
        used.into_iter()
            .map(|(arn, (policy, attached, bounding))| {
                self.policy(&arn, policy, attached, bounding)
            })
            .collect()
    }

    fn policy(&self, arn: &str, policy: &Managed, attached: u32, bounding: u32) -> Value {
        let created = if policy.account.is_some() {
            "2025-10-20T08:00:00+00:00"
        } else {
            "2015-04-09T15:03:43+00:00"
        };
        let mut versions = vec![json!({
            "Document": parsed(policy.document), "VersionId": format!("v{}", policy.version),
            "IsDefaultVersion": true, "CreateDate": "2026-03-16T10:21:33+00:00",
        })];
        if policy.version > 1 && policy.account.is_some() {
            // The first version was wider; only the one in force counts.
            let first = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["kms:*", "ssm:*"], "Resource": "*"}]});
            versions.push(json!({"Document": first, "VersionId": "v1", "IsDefaultVersion": false, "CreateDate": created}));
        }
        // AWS's own policies have the same id in every account.
        let (seed, replica) = if policy.account.is_some() {
            (self.seed, self.replica)
        } else {
            (0, 0)
        };
        json!({
            "PolicyName": policy.name,
            "PolicyId": identity::unique_id("ANPA", seed, replica, &[arn]),
            "Arn": arn,
            "Path": policy.path,
            "DefaultVersionId": format!("v{}", policy.version),
            "AttachmentCount": attached,
            "PermissionsBoundaryUsageCount": bounding,
            "IsAttachable": true,
            "CreateDate": created,
            "UpdateDate": "2026-03-16T10:21:33+00:00",
            "PolicyVersionList": versions,
        })
    }

    /// A user from before IAM Identity Center, and its group.
    fn people(&self) -> (Value, Value) {
        let account = self.account.id;
        let user = json!([{
            "Path": "/",
            "UserName": "break-glass",
            "UserId": identity::unique_id("AIDA", self.seed, self.replica, &[account, "break-glass"]),
            "Arn": format!("arn:aws:iam::{account}:user/break-glass"),
            "CreateDate": "2024-11-05T10:00:00+00:00",
            "GroupList": ["operators"],
            "AttachedManagedPolicies": [],
            "Tags": [{"Key": "owner", "Value": "platform"}],
        }]);
        let document = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Action": ["ec2:Describe*", "cloudwatch:Describe*", "support:*"], "Resource": "*",
        }]});
        let group = json!([{
            "Path": "/",
            "GroupName": "operators",
            "GroupId": identity::unique_id("AGPA", self.seed, self.replica, &[account, "operators"]),
            "Arn": format!("arn:aws:iam::{account}:group/operators"),
            "CreateDate": "2024-11-05T09:58:00+00:00",
            "GroupPolicyList": [{"PolicyName": "look", "PolicyDocument": document}],
            "AttachedManagedPolicies": [],
        }]);
        (user, group)
    }
}

/// The date of the snapshot.
pub(crate) fn taken_at() -> String {
    REVIEW_DAY.at(0, 0, 0).to_string()
}

fn arn(policy: &Managed) -> String {
    let owner = policy.account.map_or("aws", |account| account.id);
    format!("arn:aws:iam::{owner}:policy{}{}", policy.path, policy.name)
}

/// A policy document of the organisation; all of them are JSON, as a test proves.
pub(crate) fn parsed(document: &str) -> Value {
    serde_json::from_str(document).unwrap_or_default()
}

fn trust(role: &Role) -> Value {
    let account = role.account.id;
    let statement = match role.trust {
        Trust::Service(service) => json!({
            "Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole",
        }),
        Trust::Pods => json!({
            "Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
        }),
        Trust::ServiceAccounts { issuer, subjects } => json!({
            "Effect": "Allow",
            "Principal": {"Federated": format!("arn:aws:iam::{account}:oidc-provider/{issuer}")},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {
                format!("{issuer}:aud"): "sts.amazonaws.com", format!("{issuer}:sub"): subjects,
            }},
        }),
        Trust::GitHub { subject } => json!({
            "Effect": "Allow",
            "Principal": {"Federated": format!("arn:aws:iam::{account}:oidc-provider/token.actions.githubusercontent.com")},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"},
                "StringLike": {"token.actions.githubusercontent.com:sub": subject},
            },
        }),
        Trust::Roles(roles) => {
            json!({"Effect": "Allow", "Principal": {"AWS": roles}, "Action": "sts:AssumeRole"})
        }
        Trust::IdentityCenter => json!({
            "Effect": "Allow",
            "Principal": {"Federated": format!("arn:aws:iam::{account}:saml-provider/AWSSSO_5f0c2d8e9a7b1c34_DO_NOT_DELETE")},
            "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
            "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
        }),
    };
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_policy_document_has_statements() {
        let roles = TEAMS.iter().flat_map(|team| team.roles);
        let documents = roles.flat_map(|role| {
            let inline = role.inline.iter().map(|(_, document)| *document);
            let managed = role.attached.iter().copied().chain(role.boundary);
            inline
                .chain(managed.map(|policy| policy.document))
                .collect::<Vec<_>>()
        });
        for document in documents {
            assert!(parsed(document)["Statement"].is_array(), "{document}");
        }
    }
}
