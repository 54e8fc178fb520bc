//! The answer of `GetAccountAuthorizationDetails` as the AWS CLI prints it.
//!
//! The API gives policies URL-encoded; the CLI decodes them. Source: IAM API Reference, `PolicyDetail`.

use aws_sdk_iam::operation::get_account_authorization_details::GetAccountAuthorizationDetailsOutput;
use aws_sdk_iam::primitives::DateTime;
use aws_sdk_iam::types::{
    AttachedPermissionsBoundary, AttachedPolicy, GroupDetail, InstanceProfile, ManagedPolicyDetail,
    PermissionsBoundaryAttachmentType, PolicyDetail, PolicyVersion, Role, RoleDetail, RoleLastUsed,
    Tag, UserDetail,
};
use serde_json::{Value, json};

use crate::fetch::call::{list, object, time};

/// One page.
pub(super) fn details(page: &GetAccountAuthorizationDetailsOutput) -> Value {
    json!({
        "UserDetailList": list(page.user_detail_list(), user),
        "GroupDetailList": list(page.group_detail_list(), group),
        "RoleDetailList": list(page.role_detail_list(), role_detail),
        "Policies": list(page.policies(), managed_policy),
    })
}

fn user(user: &UserDetail) -> Value {
    object(json!({
        "Path": user.path, "UserName": user.user_name, "UserId": user.user_id, "Arn": user.arn,
        "CreateDate": date(user.create_date()),
        "UserPolicyList": list(user.user_policy_list(), inline),
        "GroupList": user.group_list(),
        "AttachedManagedPolicies": list(user.attached_managed_policies(), attached),
        "PermissionsBoundary": user.permissions_boundary().map(boundary),
        "Tags": list(user.tags(), tag),
    }))
}

fn group(group: &GroupDetail) -> Value {
    object(json!({
        "Path": group.path, "GroupName": group.group_name, "GroupId": group.group_id, "Arn": group.arn,
        "CreateDate": date(group.create_date()),
        "GroupPolicyList": list(group.group_policy_list(), inline),
        "AttachedManagedPolicies": list(group.attached_managed_policies(), attached),
    }))
}

fn role_detail(role: &RoleDetail) -> Value {
    object(json!({
        "Path": role.path, "RoleName": role.role_name, "RoleId": role.role_id, "Arn": role.arn,
        "CreateDate": date(role.create_date()),
        "AssumeRolePolicyDocument": role.assume_role_policy_document().map(policy),
        "InstanceProfileList": list(role.instance_profile_list(), instance_profile),
        "RolePolicyList": list(role.role_policy_list(), inline),
        "AttachedManagedPolicies": list(role.attached_managed_policies(), attached),
        "PermissionsBoundary": role.permissions_boundary().map(boundary),
        "Tags": list(role.tags(), tag),
        "RoleLastUsed": role.role_last_used().map_or_else(|| json!({}), last_used),
    }))
}

fn instance_profile(profile: &InstanceProfile) -> Value {
    object(json!({
        "Path": profile.path, "InstanceProfileName": profile.instance_profile_name,
        "InstanceProfileId": profile.instance_profile_id, "Arn": profile.arn,
        "CreateDate": date(Some(&profile.create_date)),
        "Roles": list(profile.roles(), role),
        "Tags": list(profile.tags(), tag),
    }))
}

fn role(role: &Role) -> Value {
    object(json!({
        "Path": role.path, "RoleName": role.role_name, "RoleId": role.role_id, "Arn": role.arn,
        "CreateDate": date(Some(&role.create_date)),
        "AssumeRolePolicyDocument": role.assume_role_policy_document().map(policy),
        "Description": role.description, "MaxSessionDuration": role.max_session_duration,
        "Tags": list(role.tags(), tag),
    }))
}

fn managed_policy(managed: &ManagedPolicyDetail) -> Value {
    object(json!({
        "PolicyName": managed.policy_name, "PolicyId": managed.policy_id, "Arn": managed.arn, "Path": managed.path,
        "DefaultVersionId": managed.default_version_id, "AttachmentCount": managed.attachment_count,
        "PermissionsBoundaryUsageCount": managed.permissions_boundary_usage_count,
        "IsAttachable": managed.is_attachable, "Description": managed.description,
        "CreateDate": date(managed.create_date()), "UpdateDate": date(managed.update_date()),
        "PolicyVersionList": list(managed.policy_version_list(), version),
    }))
}

fn version(version: &PolicyVersion) -> Value {
    object(json!({
        "Document": version.document().map(policy), "VersionId": version.version_id,
        "IsDefaultVersion": version.is_default_version, "CreateDate": date(version.create_date()),
    }))
}

fn inline(inline: &PolicyDetail) -> Value {
    object(json!({
        "PolicyName": inline.policy_name, "PolicyDocument": inline.policy_document().map(policy),
    }))
}

fn attached(attached: &AttachedPolicy) -> Value {
    object(json!({"PolicyName": attached.policy_name, "PolicyArn": attached.policy_arn}))
}

fn boundary(boundary: &AttachedPermissionsBoundary) -> Value {
    let kind = boundary.permissions_boundary_type();
    object(json!({
        "PermissionsBoundaryType": kind.map(PermissionsBoundaryAttachmentType::as_str),
        "PermissionsBoundaryArn": boundary.permissions_boundary_arn,
    }))
}

fn tag(tag: &Tag) -> Value {
    json!({"Key": tag.key, "Value": tag.value})
}

fn last_used(used: &RoleLastUsed) -> Value {
    object(json!({"LastUsedDate": date(used.last_used_date()), "Region": used.region}))
}

fn date(date: Option<&DateTime>) -> Option<String> {
    date.and_then(|date| time(date.secs()))
}

/// A policy as JSON; as the text that it is where it is none, so that it is reported with its owner.
fn policy(text: &str) -> Value {
    let is_encoded = text.trim_start().starts_with('%');
    let decoded = is_encoded.then(|| decoded(text)).flatten();
    let text = decoded.as_deref().unwrap_or(text);
    match serde_json::from_str::<Value>(text) {
        Ok(policy @ Value::Object(_)) => policy,
        _ => Value::String(text.to_owned()),
    }
}

/// Undoes URL encoding after RFC 3986.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.trim().bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let (high, low) = (digit()?, digit()?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoded_policy_is_given_decoded() {
        let encoded = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%5D%7D";
        let plain = json!({"Version": "2012-10-17", "Statement": []});
        assert_eq!(policy(encoded), plain);
        assert_eq!(policy(&plain.to_string()), plain);
    }

    #[test]
    fn what_is_no_policy_stays_as_it_is() {
        for text in ["%7", "%zz", "%ff", "[1]", "nonsense", ""] {
            assert_eq!(policy(text), Value::String(text.to_owned()));
        }
        assert_eq!(policy("%5B1%5D"), Value::String("[1]".to_owned()));
    }

    #[test]
    fn a_role_has_the_fields_that_the_cli_prints() {
        let role = RoleDetail::builder()
            .role_name("r")
            .arn("arn:aws:iam::111122223333:role/r")
            .create_date(DateTime::from_secs(0))
            .assume_role_policy_document("%7B%7D")
            .build();
        let printed = json!({
            "RoleName": "r", "Arn": "arn:aws:iam::111122223333:role/r",
            "CreateDate": "1970-01-01T00:00:00+00:00", "AssumeRolePolicyDocument": {},
            "InstanceProfileList": [], "RolePolicyList": [], "AttachedManagedPolicies": [],
            "Tags": [], "RoleLastUsed": {},
        });
        assert_eq!(role_detail(&role), printed);
    }
}
