//! The trails of every account, whether they log, and what they select.
//!
//! A trail of several regions, or of an organization, shows in more places than it belongs to. It is read in its home
//! region, and by the account that owns it; by another one only if the owner is not among those that were entered.
//! Source: CloudTrail API Reference, `DescribeTrails`, `GetTrailStatus`, `GetEventSelectors`.

mod print;

use std::collections::BTreeMap;

use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::types::Trail;
use futures::{StreamExt as _, stream};
use serde_json::{Value, json};

use super::Portions;
use super::account::Account;
use super::missing::Place;
use super::portion::Portion;
use crate::aws::fault;
use crate::snapshot::account_of;
use crate::{Aws, AwsFault, MissingPart};

const DESCRIBE: &str = "cloudtrail:DescribeTrails";
const STATUS: &str = "cloudtrail:GetTrailStatus";
const SELECTORS: &str = "cloudtrail:GetEventSelectors";

/// What one account sees.
struct Seen {
    account_id: String,
    trails: Vec<SeenTrail>,
    missing: Vec<MissingPart>,
}

/// A trail as one account sees it.
struct SeenTrail {
    arn: String,
    document: Value,
    selectors: Option<Value>,
    missing: Vec<MissingPart>,
}

/// Reads the trails that the accounts see, by the account that owns them.
pub(super) async fn fetch(accounts: &[Account], at_once: usize) -> Portions {
    let entered: Vec<&str> = accounts
        .iter()
        .filter(|account| account.access.is_ok())
        .map(|account| account.id.as_str())
        .collect();
    let entered = entered.as_slice();
    let seen: Vec<Seen> = stream::iter(accounts)
        .filter_map(|account| async move { Some((account, account.access.as_ref().ok()?)) })
        .map(|(account, aws)| see(account, aws, entered))
        .buffered(at_once)
        .collect()
        .await;
    portions(seen)
}

/// Each trail once: as the first account saw it that could read its selectors, else as the first one.
fn portions(seen: Vec<Seen>) -> Portions {
    let mut portions = Portions::new();
    let mut trails: BTreeMap<String, (String, SeenTrail)> = BTreeMap::new();
    for seen in seen {
        let portion = of(&mut portions, &seen.account_id);
        seen.missing.into_iter().for_each(|part| portion.miss(part));
        for trail in seen.trails {
            match trails.get(&trail.arn) {
                Some((_, first)) if first.missing.is_empty() || !trail.missing.is_empty() => {}
                _ => drop(trails.insert(trail.arn.clone(), (seen.account_id.clone(), trail))),
            }
        }
    }
    for (arn, (account_id, trail)) in trails {
        let portion = of(&mut portions, &account_id);
        trail
            .missing
            .into_iter()
            .for_each(|part| portion.miss(part));
        let owner = account_of(&arn).unwrap_or(&account_id).to_owned();
        let place = Place {
            account_id: &owner,
            part: "trails",
            region: "",
            subject: &arn,
        };
        let portion = of(&mut portions, &owner);
        let list = json!({"trailList": [trail.document]});
        portion.add_or_miss(list, place, DESCRIBE);
        if let Some(selectors) = trail.selectors {
            portion.add_or_miss(selectors, place, SELECTORS);
        }
    }
    portions
}

fn of<'a>(portions: &'a mut Portions, account_id: &str) -> &'a mut Portion {
    portions
        .entry(account_id.to_owned())
        .or_insert_with(|| Portion::new(account_id))
}

/// The trails that an account sees, but for those that another one that was entered owns.
async fn see(account: &Account, aws: &Aws, entered: &[&str]) -> Seen {
    let mut seen = Seen {
        account_id: account.id.clone(),
        trails: Vec::new(),
        missing: Vec::new(),
    };
    let mut trails: BTreeMap<String, Trail> = BTreeMap::new();
    for region in &account.regions {
        match described(&client(aws, region)).await {
            Ok(found) => trails.extend(
                found
                    .into_iter()
                    .filter_map(|trail| Some((trail.trail_arn.clone()?, trail))),
            ),
            Err(fault) => seen.missing.push(
                Place {
                    account_id: &account.id,
                    part: "trails",
                    region,
                    subject: "",
                }
                .failed(&fault),
            ),
        }
    }
    for (arn, trail) in trails {
        let owner = account_of(&arn).unwrap_or(&account.id);
        if owner == account.id || !entered.contains(&owner) {
            seen.trails.push(read(&account.id, aws, arn, trail).await);
        }
    }
    seen
}

fn client(aws: &Aws, region: &str) -> Client {
    aws.in_region(region).cloudtrail()
}

async fn described(client: &Client) -> Result<Vec<Trail>, AwsFault> {
    let call = client.describe_trails().include_shadow_trails(true);
    let answer = call.send().await.map_err(fault(DESCRIBE))?;
    Ok(answer.trail_list.unwrap_or_default())
}

/// A trail with its status and selectors, as its home region tells them.
async fn read(account_id: &str, aws: &Aws, arn: String, trail: Trail) -> SeenTrail {
    let home = trail.home_region.as_deref().filter(|home| !home.is_empty());
    let home = home.or_else(|| arn.split(':').nth(3));
    let region = home.unwrap_or_else(|| aws.region()).to_owned();
    let client = client(aws, &region);
    let place = |part| Place {
        account_id,
        part,
        region: &region,
        subject: &arn,
    };
    let has_selectors = trail.has_custom_event_selectors;
    let mut document = print::trail(&trail);
    let mut missing = Vec::new();
    match is_logging(&client, &arn).await {
        Ok(Some(is_logging)) => {
            if let Some(members) = document.as_object_mut() {
                members.insert("IsLogging".to_owned(), Value::Bool(is_logging));
            }
        }
        Ok(None) => missing.push(place("trail_status").unreadable(STATUS, "it tells nothing")),
        Err(fault) => missing.push(place("trail_status").failed(&fault)),
    }
    let selectors = match selectors(&client, &arn).await {
        Ok(selectors) => selectors,
        Err(fault) => {
            missing.push(place("event_selectors").failed(&fault));
            return SeenTrail {
                arn,
                document,
                selectors: None,
                missing,
            };
        }
    };
    if selectors.is_none() && has_selectors != Some(false) {
        missing.push(place("event_selectors").unreadable(SELECTORS, "it has no selector"));
    }
    SeenTrail {
        arn,
        document,
        selectors,
        missing,
    }
}

async fn is_logging(client: &Client, arn: &str) -> Result<Option<bool>, AwsFault> {
    let answer = client.get_trail_status().name(arn).send().await;
    Ok(answer.map_err(fault(STATUS))?.is_logging)
}

/// The selectors; none where the answer has none, as for a trail that keeps to the default.
async fn selectors(client: &Client, arn: &str) -> Result<Option<Value>, AwsFault> {
    let answer = client.get_event_selectors().trail_name(arn).send().await;
    Ok(print::selectors(arn, &answer.map_err(fault(SELECTORS))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: &str = "999988887777";
    const MEMBER: &str = "111122223333";

    fn seen(account_id: &str, can_read: bool) -> Seen {
        let arn = format!("arn:aws:cloudtrail:eu-west-1:{OWNER}:trail/t");
        let denied = Place {
            account_id,
            part: "event_selectors",
            region: "eu-west-1",
            subject: &arn,
        };
        let missing = denied.because(SELECTORS, "AccessDenied", "no");
        Seen {
            account_id: account_id.to_owned(),
            trails: vec![SeenTrail {
                document: json!({"TrailARN": arn, "Name": account_id}),
                selectors: can_read.then(|| json!({"TrailARN": arn, "EventSelectors": []})),
                missing: if can_read { Vec::new() } else { vec![missing] },
                arn,
            }],
            missing: Vec::new(),
        }
    }

    fn entries(portions: &Portions, account_id: &str) -> usize {
        portions.get(account_id).map_or(0, Portion::len)
    }

    #[test]
    fn a_trail_that_several_accounts_see_is_read_once_and_by_who_can() {
        let portions = portions(vec![
            seen(MEMBER, false),
            seen(OWNER, true),
            seen(MEMBER, true),
        ]);
        assert_eq!(entries(&portions, OWNER), 2);
        assert_eq!(entries(&portions, MEMBER), 0);
        assert!(
            portions
                .values()
                .all(|portion| portion.missing().is_empty())
        );
    }

    #[test]
    fn a_trail_whose_selectors_nobody_can_read_is_described_and_named() {
        let portions = portions(vec![seen(MEMBER, false)]);
        assert_eq!(entries(&portions, OWNER), 1);
        let missing: Vec<_> = portions.values().flat_map(Portion::missing).collect();
        assert_eq!(missing.len(), 1);
        assert_eq!(missing[0].account_id, MEMBER);
    }
}
