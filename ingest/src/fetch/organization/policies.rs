//! The policies of one type, each with its content and what it is attached to: all of them, or none.

use aws_sdk_organizations::Client;
use aws_sdk_organizations::types::{
    Policy, PolicySummary, PolicyTargetSummary, PolicyType, TargetType,
};
use serde_json::{Value, json};

use crate::AwsFault;
use crate::aws::fault;
use crate::aws::patience::patiently;
use crate::fetch::call::{list, object, pages};

pub(super) const DESCRIBE: &str = "organizations:DescribePolicy";
const LIST: &str = "organizations:ListPolicies";
const TARGETS: &str = "organizations:ListTargetsForPolicy";

/// Reads the policies of the type.
pub(super) async fn fetch(client: &Client, kind: PolicyType) -> Result<Vec<Value>, AwsFault> {
    let mut policies = Vec::new();
    for summary in summaries(client, kind).await? {
        let id = summary.id.as_deref().unwrap_or_default();
        let call = || async move {
            let answer = client.describe_policy().policy_id(id).send().await;
            answer.map_err(fault(DESCRIBE))
        };
        let described = match patiently(call).await {
            Ok(answer) => answer.policy,
            // It was deleted since it was listed.
            Err(fault) if fault.is_missing() => continue,
            Err(fault) => return Err(fault),
        };
        let targets = targets(client, id).await?;
        policies.push(json!({
            "Policy": print(described, summary),
            "Targets": list(&targets, print_target),
        }));
    }
    Ok(policies)
}

async fn summaries(client: &Client, kind: PolicyType) -> Result<Vec<PolicySummary>, AwsFault> {
    let one = |token: Option<String>| {
        let call = client.list_policies().filter(kind.clone());
        async move {
            let answer = call.set_next_token(token).send().await;
            let answer = answer.map_err(fault(LIST))?;
            Ok((answer.policies.unwrap_or_default(), answer.next_token))
        }
    };
    let pages = pages(LIST, async |token| patiently(|| one(token.clone())).await);
    Ok(pages.await?.concat())
}

async fn targets(client: &Client, id: &str) -> Result<Vec<PolicyTargetSummary>, AwsFault> {
    let one = |token: Option<String>| async move {
        let call = client.list_targets_for_policy().policy_id(id);
        let answer = call.set_next_token(token).send().await;
        let answer = answer.map_err(fault(TARGETS))?;
        Ok((answer.targets.unwrap_or_default(), answer.next_token))
    };
    let pages = pages(TARGETS, async |token| {
        patiently(|| one(token.clone())).await
    });
    Ok(pages.await?.concat())
}

fn print(policy: Option<Policy>, listed: PolicySummary) -> Value {
    let (summary, content) = match policy {
        Some(policy) => (policy.policy_summary.unwrap_or(listed), policy.content),
        None => (listed, None),
    };
    let summary = object(json!({
        "Id": summary.id, "Arn": summary.arn, "Name": summary.name, "Description": summary.description,
        "Type": summary.r#type().map(PolicyType::as_str), "AwsManaged": summary.aws_managed,
    }));
    object(json!({"PolicySummary": summary, "Content": content}))
}

fn print_target(target: &PolicyTargetSummary) -> Value {
    object(json!({
        "TargetId": target.target_id, "Arn": target.arn, "Name": target.name,
        "Type": target.r#type().map(TargetType::as_str),
    }))
}
