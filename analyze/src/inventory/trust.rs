//! Whom a role's trust policy lets in: services, identity providers with their subjects, and principals of AWS.
//!
//! What the policy allows is listed, for people and for discovery; whether a given request would pass is for `iam` to say.
//! Source: IAM User Guide, "Update a role trust policy"; "Available keys for AWS OIDC federation" (`sub`).

use curtail_iam::document::{Condition, Document, Effect, PrincipalElement, Statement};

use super::document::{PolicyPlace, policy};
use super::roles::SnapshotRole;

/// One principal that a trust policy allows, with one subject where the policy names some.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Trusted {
    pub(crate) role_arn: String,
    /// `service`, `federated`, `aws` or `everyone`.
    pub(crate) principal_type: &'static str,
    pub(crate) principal: String,
    /// Pattern of the token's subject, for an identity provider.
    pub(crate) subject: Option<String>,
}

/// The principals that the role's trust policy allows, sorted; none if it does not parse.
pub(super) fn trusted(role: &SnapshotRole) -> Vec<Trusted> {
    let place = PolicyPlace {
        account_id: &role.account_id,
        owner: &role.arn,
        policy: "trust policy",
    };
    let document: Option<Document> =
        policy(role.value.get("AssumeRolePolicyDocument"), &place).ok();
    let mut trusted: Vec<Trusted> = document
        .iter()
        .flat_map(|document| &document.statements)
        .filter(|statement| statement.effect == Effect::Allow)
        .flat_map(|statement| of_statement(role, statement))
        .collect();
    trusted.sort();
    trusted.dedup();
    trusted
}

fn of_statement(role: &SnapshotRole, statement: &Statement) -> Vec<Trusted> {
    let PrincipalElement::Principal(listed) = &statement.principal else {
        return Vec::new();
    };
    let one = |principal_type, principal: &str, subject: Option<String>| Trusted {
        role_arn: role.arn.clone(),
        principal_type,
        principal: principal.to_owned(),
        subject,
    };
    let subjects = subjects(&statement.conditions);
    let mut found = Vec::new();
    if listed.everyone {
        found.push(one("everyone", "*", None));
    }
    found.extend(
        listed
            .aws
            .iter()
            .map(|principal| one("aws", principal, None)),
    );
    found.extend(
        listed
            .service
            .iter()
            .map(|service| one("service", service, None)),
    );
    for provider in &listed.federated {
        if subjects.is_empty() {
            found.push(one("federated", provider, None));
        }
        let each = subjects.iter().cloned().map(Some);
        found.extend(each.map(|subject| one("federated", provider, subject)));
    }
    found
}

/// The subjects that conditions ask for: the values of keys that end with `:sub`.
fn subjects(conditions: &[Condition]) -> Vec<String> {
    let asks = |condition: &&Condition| {
        let operator = condition.operator.to_ascii_lowercase();
        let operator = operator.rsplit(':').next().unwrap_or_default();
        matches!(operator, "stringequals" | "stringlike")
            && condition.key.to_ascii_lowercase().ends_with(":sub")
    };
    conditions
        .iter()
        .filter(asks)
        .flat_map(|condition| condition.values.iter().cloned())
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::inventory::document::SnapshotDocument;

    fn of(policy: &Value) -> Vec<(&'static str, String, Option<String>)> {
        let document = SnapshotDocument {
            kind: "role".to_owned(),
            arn: "arn:aws:iam::111122223333:role/r".to_owned(),
            value: json!({ "AssumeRolePolicyDocument": policy }),
            ..SnapshotDocument::default()
        };
        trusted(&SnapshotRole::of(&document).unwrap())
            .into_iter()
            .map(|one| (one.principal_type, one.principal, one.subject))
            .collect()
    }

    #[test]
    fn services_providers_and_others_are_listed_and_denials_are_not() {
        let policy = json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"]}},
            {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": "provider"},
             "Condition": {"StringEquals": {"provider:sub": ["a", "b"], "provider:aud": "x"}}},
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"},
            {"Effect": "Deny", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs.amazonaws.com"}},
        ]});
        let text = |text: &str| text.to_owned();
        assert_eq!(
            of(&policy),
            [
                ("everyone", text("*"), None),
                ("federated", text("provider"), Some(text("a"))),
                ("federated", text("provider"), Some(text("b"))),
                ("service", text("ec2.amazonaws.com"), None),
                ("service", text("lambda.amazonaws.com"), None),
            ]
        );
    }

    #[test]
    fn a_policy_that_does_not_parse_names_nobody() {
        assert_eq!(of(&json!("{")), []);
        assert_eq!(of(&Value::Null), []);
    }
}
