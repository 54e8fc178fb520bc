//! The organization: its tree of units and accounts, and the service and resource control policies with their targets.
//!
//! Only the management account, and accounts that it delegated this to, may read it. An account that is in none has none.
//! Source: Organizations API Reference, `DescribeOrganization`, `ListRoots`, `ListOrganizationalUnitsForParent`,
//! `ListAccountsForParent`, `ListPolicies`, `DescribePolicy`, `ListTargetsForPolicy`.

mod policies;
mod tree;

use std::collections::BTreeSet;

use aws_sdk_organizations::Client;
use aws_sdk_organizations::types::PolicyType;
use serde_json::{Value, json};

use super::missing::Place;
use super::portion::Portion;
use crate::aws::fault;
use crate::aws::patience::patiently;
use crate::{Aws, AwsFault};

const DESCRIBE: &str = "organizations:DescribeOrganization";

/// What the caller may see of its organization.
#[derive(Debug)]
pub(super) struct Organization {
    /// Documents and missing parts, as those of the caller's own account.
    pub(super) portion: Portion,
    /// The accounts that are not closed or suspended; empty if the tree cannot be read.
    pub(super) active_accounts: BTreeSet<String>,
}

/// Reads the organization of the account `own`.
pub(super) async fn fetch(aws: &Aws, own: &str) -> Organization {
    let client = Client::new(aws.config());
    let mut organization = Organization {
        portion: Portion::new(own),
        active_accounts: BTreeSet::new(),
    };
    let tree = match management(&client).await {
        Ok(None) => return organization,
        Ok(Some(management)) => tree::fetch(&client, &management).await,
        Err(fault) => Err(fault),
    };
    let portion = &mut organization.portion;
    let place = |part| Place {
        account_id: own,
        part,
        region: "",
        subject: "",
    };
    let management = match tree {
        Ok(tree) => {
            organization.active_accounts = tree.active_accounts;
            portion.add_or_miss(tree.document, place("organization"), DESCRIBE);
            tree.management
        }
        Err(fault) => {
            portion.miss(place("organization").failed(&fault));
            return organization;
        }
    };
    let kinds = [
        ("scp", PolicyType::ServiceControlPolicy),
        ("rcp", PolicyType::ResourceControlPolicy),
    ];
    for (part, kind) in kinds {
        match policies::fetch(&client, kind).await {
            Ok(policies) => {
                let document = document(&management, &policies);
                portion.add_or_miss(document, place(part), policies::DESCRIBE);
            }
            Err(fault) => portion.miss(place(part).failed(&fault)),
        }
    }
    organization
}

/// The management account; none where the account is in no organization.
async fn management(client: &Client) -> Result<Option<String>, AwsFault> {
    let call = || async {
        let answer = client.describe_organization().send().await;
        answer.map_err(fault(DESCRIBE))
    };
    match patiently(call).await {
        Ok(answer) => match answer.organization.and_then(|one| one.master_account_id) {
            Some(management) => Ok(Some(management)),
            None => Err(AwsFault {
                operation: DESCRIBE,
                code: Some("Unreadable".to_owned()),
                status: Some(200),
                message: "the answer names no management account".to_owned(),
                is_broken_off: false,
            }),
        },
        Err(fault) if fault.code.as_deref() == Some("AWSOrganizationsNotInUseException") => {
            Ok(None)
        }
        Err(fault) => Err(fault),
    }
}

fn document(management: &str, policies: &[Value]) -> Value {
    json!({"ManagementAccountId": management, "Policies": policies})
}
