//! Roles, users, groups and the managed policies in use of one account.
//!
//! Source: IAM API Reference, `GetAccountAuthorizationDetails`. It gives AWS's own managed policies too, of which those
//! are kept that something in the account refers to; the account's own are kept all.

mod print;

use std::collections::BTreeSet;

use aws_sdk_iam::Client;
use serde_json::Value;

use super::call::{Page, pages};
use super::missing::Place;
use super::portion::Portion;
use crate::aws::fault;
use crate::aws::patience::patiently;
use crate::{Aws, AwsFault};

const DETAILS: &str = "iam:GetAccountAuthorizationDetails";

/// Entities of one page: as many as IAM gives at most.
const PAGE: i32 = 1000;

/// Reads the account's details into its portion: all of them, or none.
pub(super) async fn fetch(aws: &Aws, portion: &mut Portion) {
    let account_id = portion.account_id().to_owned();
    let place = Place {
        account_id: &account_id,
        part: "iam",
        region: "",
        subject: "",
    };
    let read = match details(aws).await {
        Ok(pages) => add(pages, portion).map_err(|reason| {
            let part = place.unreadable(DETAILS, &reason);
            let fault = AwsFault {
                operation: DETAILS,
                code: Some(part.code.clone()),
                status: None,
                message: reason,
                is_broken_off: false,
            };
            (part, fault)
        }),
        Err(fault) => Err((place.failed(&fault), fault)),
    };
    match read {
        Ok(()) => portion.has_iam = true,
        Err((part, fault)) => {
            portion.miss(part);
            portion.without_iam = Some(fault);
        }
    }
}

async fn details(aws: &Aws) -> Result<Vec<Value>, AwsFault> {
    let client = Client::new(aws.config());
    let mut pages = pages(DETAILS, async |marker| {
        patiently(|| page(&client, marker.clone())).await
    })
    .await?;
    let used: BTreeSet<String> = pages.iter().flat_map(references).collect();
    for page in &mut pages {
        if let Some(Value::Array(policies)) = page.get_mut("Policies") {
            policies.retain(|policy| {
                let arn = policy.get("Arn").and_then(Value::as_str).unwrap_or("");
                !is_of_aws(arn) || used.contains(arn)
            });
        }
    }
    Ok(pages)
}

async fn page(client: &Client, marker: Option<String>) -> Result<Page<Value>, AwsFault> {
    let answer = client
        .get_account_authorization_details()
        .set_marker(marker)
        .max_items(PAGE)
        .send()
        .await
        .map_err(fault(DETAILS))?;
    let next = answer.marker.clone().filter(|_| answer.is_truncated);
    Ok((print::details(&answer), next))
}

/// Adds the pages, if all of them can be read and are of this account.
fn add(pages: Vec<Value>, portion: &mut Portion) -> Result<(), String> {
    let mut read = Portion::new(portion.account_id());
    for page in pages {
        read.add(page)?;
    }
    if let Some(other) = read.other_account() {
        return Err(format!("the answer is one of account {other}"));
    }
    portion.append(read);
    Ok(())
}

/// The ARNs of the managed policies that the roles, users and groups of a page have, attached or as their boundary.
fn references(page: &Value) -> Vec<String> {
    let owners = ["RoleDetailList", "UserDetailList", "GroupDetailList"]
        .into_iter()
        .filter_map(|field| page.get(field)?.as_array())
        .flatten();
    owners
        .flat_map(|owner| {
            let attached = owner
                .get("AttachedManagedPolicies")
                .and_then(Value::as_array);
            let attached = attached.into_iter().flatten();
            let boundary = owner.pointer("/PermissionsBoundary/PermissionsBoundaryArn");
            attached
                .filter_map(|policy| policy.get("PolicyArn"))
                .chain(boundary)
        })
        .filter_map(|arn| arn.as_str().map(str::to_owned))
        .collect()
}

fn is_of_aws(arn: &str) -> bool {
    arn.split(':').nth(4) == Some("aws")
}
