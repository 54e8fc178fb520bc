//! Roots, units and accounts, each with its parent.

use std::collections::{BTreeSet, VecDeque};

use aws_sdk_organizations::Client;
use aws_sdk_organizations::types::{
    Account, AccountJoinedMethod, AccountState, AccountStatus, OrganizationalUnit, Root,
};
use serde_json::{Value, json};

use crate::AwsFault;
use crate::aws::fault;
use crate::aws::patience::patiently;
use crate::fetch::call::{Page, object, pages, time};

const ROOTS: &str = "organizations:ListRoots";
const UNITS: &str = "organizations:ListOrganizationalUnitsForParent";
const ACCOUNTS: &str = "organizations:ListAccountsForParent";

/// Most nodes below which is looked: 20,000. Chosen: ten times the quota of units.
/// Source: AWS Organizations User Guide, "Quotas for AWS Organizations".
const MOST_NODES: usize = 20_000;

/// A tree that was read as a whole.
pub(super) struct Tree {
    pub(super) management: String,
    /// An organization document without policies.
    pub(super) document: Value,
    pub(super) active_accounts: BTreeSet<String>,
}

/// Reads the tree from its roots down.
pub(super) async fn fetch(client: &Client, management: &str) -> Result<Tree, AwsFault> {
    let roots: Vec<Root> = pages(ROOTS, async |token| {
        patiently(|| roots(client, token.clone())).await
    })
    .await?
    .concat();
    let mut open: VecDeque<String> = roots.iter().filter_map(|root| root.id.clone()).collect();
    let mut seen: BTreeSet<String> = open.iter().cloned().collect();
    let (mut units, mut accounts) = (Vec::new(), Vec::new());
    let mut active_accounts = BTreeSet::new();
    while let Some(parent) = open.pop_front() {
        for unit in units_below(client, &parent).await? {
            let id = unit.id.clone().unwrap_or_default();
            if seen.len() < MOST_NODES && seen.insert(id.clone()) {
                open.push_back(id);
            }
            units.push(print_unit(&unit, &parent));
        }
        for account in accounts_below(client, &parent).await? {
            if is_active(&account) {
                active_accounts.extend(account.id.clone());
            }
            accounts.push(print_account(&account, &parent));
        }
    }
    let roots: Vec<Value> = roots.iter().map(print_root).collect();
    Ok(Tree {
        management: management.to_owned(),
        document: json!({
            "ManagementAccountId": management, "Roots": roots, "OrganizationalUnits": units, "Accounts": accounts,
        }),
        active_accounts,
    })
}

async fn roots(client: &Client, token: Option<String>) -> Result<Page<Vec<Root>>, AwsFault> {
    let answer = client.list_roots().set_next_token(token).send().await;
    let answer = answer.map_err(fault(ROOTS))?;
    Ok((answer.roots.unwrap_or_default(), answer.next_token))
}

async fn units_below(client: &Client, parent: &str) -> Result<Vec<OrganizationalUnit>, AwsFault> {
    let one = |token: Option<String>| async move {
        let call = client
            .list_organizational_units_for_parent()
            .parent_id(parent);
        let answer = call.set_next_token(token).send().await;
        let answer = answer.map_err(fault(UNITS))?;
        Ok((
            answer.organizational_units.unwrap_or_default(),
            answer.next_token,
        ))
    };
    let pages = pages(UNITS, async |token| patiently(|| one(token.clone())).await);
    Ok(pages.await?.concat())
}

async fn accounts_below(client: &Client, parent: &str) -> Result<Vec<Account>, AwsFault> {
    let one = |token: Option<String>| async move {
        let call = client.list_accounts_for_parent().parent_id(parent);
        let answer = call.set_next_token(token).send().await;
        let answer = answer.map_err(fault(ACCOUNTS))?;
        Ok((answer.accounts.unwrap_or_default(), answer.next_token))
    };
    let pages = pages(ACCOUNTS, async |token| {
        patiently(|| one(token.clone())).await
    });
    Ok(pages.await?.concat())
}

/// An account can be entered while it is active; the state tells more than the status, which it replaces.
fn is_active(account: &Account) -> bool {
    let state = account.state().map(AccountState::as_str);
    let status = account.status().map(AccountStatus::as_str);
    state.or(status) == Some("ACTIVE")
}

fn print_root(root: &Root) -> Value {
    object(json!({"Id": root.id, "Arn": root.arn, "Name": root.name}))
}

fn print_unit(unit: &OrganizationalUnit, parent: &str) -> Value {
    object(json!({"Id": unit.id, "Arn": unit.arn, "Name": unit.name, "ParentId": parent}))
}

fn print_account(account: &Account, parent: &str) -> Value {
    object(json!({
        "Id": account.id, "Arn": account.arn, "Email": account.email, "Name": account.name,
        "Status": account.status().map(AccountStatus::as_str),
        "State": account.state().map(AccountState::as_str),
        "JoinedMethod": account.joined_method().map(AccountJoinedMethod::as_str),
        "JoinedTimestamp": account.joined_timestamp().and_then(|joined| time(joined.secs())),
        "ParentId": parent,
    }))
}
