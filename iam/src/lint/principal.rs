//! Principals: everyone, those who are left out, and those who are gone.
//!
//! Source: IAM User Guide, "AWS JSON policy elements: Principal" and "… `NotPrincipal`"; "IAM policy
//! validation check reference": "Empty array principal", "Invalid role reference", "Mismatched
//! action for principal", "Role trust policy unsupported wildcard in principal".

use super::Scope;
use super::finding::Findings;
use crate::document::{Effect, Path, PolicyUse, PrincipalElement, Principals};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Findings<'_>) {
    let (name, listed) = match &scope.statement.principal {
        PrincipalElement::Absent => return,
        PrincipalElement::Principal(listed) => ("Principal", listed),
        PrincipalElement::NotPrincipal(listed) => ("NotPrincipal", listed),
    };
    let at = scope.at.clone().element(name);
    let allows = scope.statement.effect == Effect::Allow;
    if *listed == Principals::default() {
        findings.warning(
            "empty-list",
            at.clone(),
            format!("`{name}` lists nobody"),
            "list principals, or remove the statement",
        );
    }
    if name == "NotPrincipal" {
        left_out(allows, &at, findings);
    } else if allows {
        if listed.everyone && scope.policy_use != PolicyUse::ResourceControl {
            everyone(scope, &at, findings);
        }
        mismatched(scope, listed, &at, findings);
    }
    gone(listed, &at, findings);
}

fn left_out(allows: bool, at: &Path, findings: &mut Findings<'_>) {
    if allows {
        findings.warning(
            "allow-not-principal",
            at.clone(),
            "allows everyone but those listed, also anonymous callers",
            "list who is allowed in `Principal`",
        );
    } else {
        findings.note(
            "deny-not-principal",
            at.clone(),
            "denies sessions and principals with a boundary too, even of those listed",
            "deny `\"Principal\": \"*\"` with a condition on `aws:PrincipalArn`",
        );
    }
}

fn everyone(scope: &Scope<'_>, at: &Path, findings: &mut Findings<'_>) {
    if scope.statement.conditions.is_empty() {
        findings.warning(
            "allow-everyone",
            at.clone(),
            "allows everyone, in every account, without a condition",
            "list the principals, or add a condition such as one on `aws:PrincipalOrgID`",
        );
    }
}

/// A session by SAML or web identity is asked for by a provider, any other by a principal of AWS.
fn mismatched(scope: &Scope<'_>, listed: &Principals, at: &Path, findings: &mut Findings<'_>) {
    if scope.policy_use != PolicyUse::Trust {
        return;
    }
    let (_, patterns) = scope.action_list();
    let asks = |name: &str| patterns.iter().any(|text| text.eq_ignore_ascii_case(name));
    let federated = asks("sts:AssumeRoleWithSAML") || asks("sts:AssumeRoleWithWebIdentity");
    let plain = asks("sts:AssumeRole");
    let others = listed.everyone || !listed.aws.is_empty() || !listed.service.is_empty();
    if plain && !federated && !listed.federated.is_empty() && !others {
        findings.warning(
            "principal-not-of-action",
            at.clone(),
            "an identity provider cannot use `sts:AssumeRole`",
            "use `sts:AssumeRoleWithSAML` or `sts:AssumeRoleWithWebIdentity`",
        );
    }
    if federated && !plain && listed.federated.is_empty() && others && !listed.everyone {
        findings.warning(
            "principal-not-of-action",
            at.clone(),
            "only an identity provider can use `sts:AssumeRoleWithSAML` and `…WithWebIdentity`",
            "name the provider as `Federated`, or use `sts:AssumeRole`",
        );
    }
}

/// The id of a user or role stands in a policy once the user or role itself is gone.
fn gone(listed: &Principals, at: &Path, findings: &mut Findings<'_>) {
    let at = at.clone().element("AWS");
    for (item, principal) in listed.aws.iter().enumerate() {
        let is_id = principal.len() >= 16
            && (principal.starts_with("AROA") || principal.starts_with("AIDA"));
        if is_id {
            // An `*` before it is not in the list, which shifts the place by at most one.
            findings.warning(
                "principal-id",
                at.clone().item(item + usize::from(listed.everyone)),
                format!("`{principal}` is the id of a user or role, which may be gone"),
                "write the ARN of the user or role, or remove it",
            );
        }
    }
}
