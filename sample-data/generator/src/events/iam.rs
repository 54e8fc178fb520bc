//! AWS IAM, recorded in us-east-1 whatever the caller's region.
//!
//! Source: AWS IAM User Guide, "Logging IAM and AWS STS API calls with AWS CloudTrail".

use serde_json::json;

use crate::call::Call;

const SOURCE: &str = "iam.amazonaws.com";
const HOME: &str = "us-east-1";

/// `ListUsers`.
pub(crate) fn list_users() -> Call {
    Call::read(SOURCE, "ListUsers", "iam:ListUsers").in_region(HOME)
}

/// `ListRoles`.
pub(crate) fn list_roles() -> Call {
    Call::read(SOURCE, "ListRoles", "iam:ListRoles").in_region(HOME)
}

/// `CreateRole`.
pub(crate) fn create_role(name: &str, id: &str, arn: &str, trust: &str) -> Call {
    Call::write(SOURCE, "CreateRole", "iam:CreateRole")
        .asking(json!({"roleName": name, "assumeRolePolicyDocument": trust}))
        .answering(json!({"role": {
            "path": "/", "roleName": name, "roleId": id, "arn": arn,
            "assumeRolePolicyDocument": trust,
        }}))
        .in_region(HOME)
}

/// `DeleteRole`.
pub(crate) fn delete_role(name: &str) -> Call {
    Call::write(SOURCE, "DeleteRole", "iam:DeleteRole")
        .asking(json!({"roleName": name}))
        .in_region(HOME)
}

/// `PutRolePolicy`.
pub(crate) fn put_role_policy(role: &str, policy: &str, document: &str) -> Call {
    Call::write(SOURCE, "PutRolePolicy", "iam:PutRolePolicy")
        .asking(json!({"roleName": role, "policyName": policy, "policyDocument": document}))
        .in_region(HOME)
}
