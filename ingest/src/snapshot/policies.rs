//! The policies in the documents of a snapshot, parsed to see whether they can be. What does not parse is reported, and kept.

use curtail_iam::document::Document;
use serde_json::Value;

use super::entry::Entry;
use crate::PolicyProblem;

/// The properties in which resources have their policy.
/// Source: AWS CloudFormation Template Reference, `AWS::S3::BucketPolicy`, `AWS::KMS::Key`, `AWS::SecretsManager::ResourcePolicy`.
const RESOURCE_POLICIES: [&str; 3] = ["PolicyDocument", "KeyPolicy", "ResourcePolicy"];

/// Parses the policies of an entry, and adds those that do not parse to `problems`.
pub(super) fn check(entry: &Entry, problems: &mut Vec<PolicyProblem>) {
    let inline = |list: &str| {
        elements(&entry.document, list)
            .map(|policy| (name(policy, "PolicyName"), policy.get("PolicyDocument")))
            .collect::<Vec<_>>()
    };
    let policies = match entry.kind.as_str() {
        "role" => {
            let trust = entry.document.get("AssumeRolePolicyDocument");
            let mut policies = inline("RolePolicyList");
            policies.push(("trust policy", trust));
            policies
        }
        "user" => inline("UserPolicyList"),
        "group" => inline("GroupPolicyList"),
        "policy" => elements(&entry.document, "PolicyVersionList")
            .filter(|version| version.get("IsDefaultVersion") == Some(&Value::Bool(true)))
            .map(|version| (entry.name.as_str(), version.get("Document")))
            .collect(),
        "scp" | "rcp" => vec![(
            entry.name.as_str(),
            entry.document.pointer("/Policy/Content"),
        )],
        "resource" => RESOURCE_POLICIES
            .iter()
            .filter_map(|field| {
                let policy = entry.document.get("Properties")?.get(*field)?;
                Some((entry.name.as_str(), Some(policy)))
            })
            .collect(),
        _ => Vec::new(),
    };
    for (policy, document) in policies {
        if let Err((statement, reason)) = parse(document) {
            let names = [&entry.arn, &entry.id];
            let owner = names.into_iter().find(|name| !name.is_empty());
            problems.push(PolicyProblem {
                account_id: entry.account_id.clone(),
                owner: owner.cloned().unwrap_or_default(),
                policy: policy.to_owned(),
                statement,
                reason,
            });
        }
    }
}

fn parse(document: Option<&Value>) -> Result<(), (Option<usize>, String)> {
    let parsed = match document {
        Some(Value::String(text)) => Document::parse(text),
        Some(value) => Document::from_value(value.clone()),
        None => return Err((None, "it has no document".to_owned())),
    };
    parsed
        .map(|_| ())
        .map_err(|error| (error.statement, error.reason))
}

fn elements<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value
        .get(field)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn name<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}
