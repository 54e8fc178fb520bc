//! Roles that a role may assume, and those that an identity provider hands out.
//!
//! In one account a trust policy that names the role suffices; one that names the account leaves it to the role's own
//! policies. Across accounts both must allow.
//! Source: IAM User Guide, "Cross-account policy evaluation logic", "AWS JSON policy elements: Principal".
//!
//! Trust policies are looked up first, so that only roles that one of them names are asked about.

use std::collections::{BTreeMap, BTreeSet};

use curtail_iam::arn::{Arn, RoleArn};
use curtail_iam::document::{Document, ResourceElement};
use curtail_iam::simulate::ResourceSide;
use rayon::prelude::*;

use super::answer::{Answer, best};
use super::caller::{Asked, Caller};
use super::edge::{Edge, EdgeKind};
use super::world::{World, named};

const ASSUME: &str = "sts:AssumeRole";

/// Every `role_chain` and `federation` step.
pub(super) fn edges(world: &World<'_>) -> Vec<Edge> {
    let callers = Callers::of(world);
    let trusts: Vec<(&str, &Document)> = world.trusts().collect();
    let mut edges: Vec<Edge> = trusts
        .par_iter()
        .flat_map_iter(|(target, trust)| {
            let mut edges = into(world, &callers, target, trust);
            edges.extend(federation(target, trust));
            edges
        })
        .collect();
    edges.extend(outward(world));
    edges
}

/// The roles by what a trust policy may name them by.
struct Callers<'w> {
    /// Roles with a permission to assume roles, by account.
    by_account: BTreeMap<&'w str, Vec<&'w str>>,
    /// Roles by account and name.
    by_name: BTreeMap<(&'w str, &'w str), &'w str>,
}

impl<'w> Callers<'w> {
    fn of(world: &'w World<'_>) -> Self {
        let mut callers = Self {
            by_account: BTreeMap::new(),
            by_name: BTreeMap::new(),
        };
        for (arn, caller) in &world.callers {
            let account = caller.role.account_id.as_str();
            callers.by_name.insert((account, caller.arn.name()), *arn);
            if caller.has_allow(ASSUME) {
                callers.by_account.entry(account).or_default().push(*arn);
            }
        }
        callers
    }
}

/// The steps into one role.
fn into(world: &World<'_>, callers: &Callers<'_>, target: &str, trust: &Document) -> Vec<Edge> {
    let Some(account_id) = world
        .callers
        .get(target)
        .map(|caller| caller.role.account_id.as_str())
    else {
        return Vec::new();
    };
    let side = ResourceSide {
        policy: Some(trust),
        rcps: world.rcps(account_id),
    };
    let asked = Asked {
        resource: target,
        account_id,
        side,
        ..Asked::default()
    };
    let (candidates, sessions) = candidates(world, callers, trust);
    let steps = candidates.into_iter().filter_map(|from| {
        let caller = world.callers.get(from)?;
        let direct = caller.on(ASSUME, &asked);
        let named = sessions.get(from).into_iter().flatten();
        let as_session = named.filter_map(|session| {
            let answer = caller.decide(&caller.as_session(session)?, ASSUME, &asked)?;
            Some(answer.if_known("sts:rolesessionname"))
        });
        let answer = best(direct.into_iter().chain(as_session))?;
        (from != target).then(|| Edge {
            from: from.to_owned(),
            to: target.to_owned(),
            kind: EdgeKind::RoleChain,
            via: None,
            answer,
        })
    });
    steps.collect()
}

/// The roles that a trust policy may let in, and the sessions that it names, by role.
fn candidates<'w>(
    world: &'w World<'_>,
    callers: &Callers<'w>,
    trust: &'w Document,
) -> (BTreeSet<&'w str>, BTreeMap<&'w str, Vec<&'w str>>) {
    let mut found = BTreeSet::new();
    let mut sessions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (listed, not) in named(trust, ASSUME) {
        if listed.everyone || not {
            found.extend(world.callers.keys().copied());
            continue;
        }
        for principal in &listed.aws {
            if let Some((arn, _)) = world.callers.get_key_value(principal.as_str()) {
                found.insert(*arn);
            } else if let Some((account, name)) = session_of(principal) {
                if let Some(arn) = callers.by_name.get(&(account, name)) {
                    found.insert(*arn);
                    sessions.entry(*arn).or_default().push(principal.as_str());
                }
            } else if let Some(account) = account_of(principal) {
                found.extend(
                    callers
                        .by_account
                        .get(account)
                        .into_iter()
                        .flatten()
                        .copied(),
                );
            }
        }
    }
    (found, sessions)
}

/// Account and role name of a session's ARN.
fn session_of(principal: &str) -> Option<(&str, &str)> {
    let arn = Arn::parse(principal)
        .ok()
        .filter(|arn| arn.service == "sts")?;
    let name = arn
        .resource
        .strip_prefix("assumed-role/")?
        .split('/')
        .next()?;
    Some((arn.account_id, name))
}

/// The account that a principal names as a whole.
fn account_of(principal: &str) -> Option<&str> {
    let is_account = principal.len() == 12 && principal.bytes().all(|byte| byte.is_ascii_digit());
    if is_account {
        return Some(principal);
    }
    let arn = Arn::parse(principal).ok()?;
    (arn.service == "iam" && arn.resource == "root").then_some(arn.account_id)
}

/// The steps from identity providers into a role.
/// Source: AWS STS API Reference, `AssumeRoleWithWebIdentity`, `AssumeRoleWithSAML`.
fn federation(target: &str, trust: &Document) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (index, statement) in trust.statements.iter().enumerate() {
        let federates = ["sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"]
            .into_iter()
            .any(|action| {
                let patterns = statement.actions.patterns().iter();
                patterns.into_iter().any(|pattern| {
                    curtail_iam::pattern::wildcard_match_ignore_case(pattern, action)
                })
            });
        let Some(listed) = statement.principal.listed().filter(|_| federates) else {
            continue;
        };
        if statement.effect != curtail_iam::document::Effect::Allow {
            continue;
        }
        let keys: BTreeSet<String> = statement
            .conditions
            .iter()
            .map(|condition| condition.key.to_ascii_lowercase())
            .collect();
        edges.extend(listed.federated.iter().map(|provider| Edge {
            from: provider.clone(),
            to: target.to_owned(),
            kind: EdgeKind::Federation,
            via: None,
            answer: Answer {
                evidence: vec![format!("trust policy of `{target}`, statement {index}")],
                hangs_on: keys.clone(),
            },
        }));
    }
    edges
}

/// Steps to roles that a policy names in full and the snapshot lacks.
fn outward(world: &World<'_>) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (from, caller) in &world.callers {
        if !caller.has_allow(ASSUME) {
            continue;
        }
        for target in unknown_targets(world, caller) {
            let Ok(arn) = RoleArn::parse(&target) else {
                continue;
            };
            // As if its trust policy named the role: what that one says is not known.
            let Ok(trust) = trusting(from) else { continue };
            let asked = Asked {
                resource: &target,
                account_id: arn.account_id(),
                side: ResourceSide {
                    policy: Some(&trust),
                    rcps: &[],
                },
                ..Asked::default()
            };
            let by_own = caller.on(ASSUME, &asked).map(|mut answer| {
                answer.evidence = vec![format!("{ASSUME}: a policy of the role names `{target}`")];
                answer.if_known("the trust policy of a role that the snapshot lacks")
            });
            edges.extend(by_own.map(|answer| Edge {
                from: (*from).to_owned(),
                to: target.clone(),
                kind: EdgeKind::RoleChain,
                via: None,
                answer,
            }));
        }
    }
    edges
}

fn unknown_targets(world: &World<'_>, caller: &Caller<'_>) -> BTreeSet<String> {
    let statements = caller
        .policies
        .identity
        .iter()
        .flat_map(|policy| &policy.document.statements);
    let resources =
        statements.filter(|statement| {
            statement.effect == curtail_iam::document::Effect::Allow
                && statement.actions.patterns().iter().any(|pattern| {
                    curtail_iam::pattern::wildcard_match_ignore_case(pattern, ASSUME)
                })
        });
    let named = resources.flat_map(|statement| match &statement.resources {
        ResourceElement::Resource(patterns) => patterns.as_slice(),
        _ => &[],
    });
    named
        .filter(|arn| !arn.contains(['*', '?', '$']) && world.inventory.role(arn).is_none())
        .cloned()
        .collect()
}

/// A trust policy that names one role and nothing else.
pub(super) fn trusting(role_arn: &str) -> Result<Document, curtail_iam::document::DocumentError> {
    Document::from_value(serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": role_arn}, "Action": ASSUME}],
    }))
}
