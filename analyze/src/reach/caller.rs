//! A role as a caller: an action and what it is done on in, whether the role may do it out.
//!
//! A request on a known resource is decided by the policy engine, with the policy of the resource and the control
//! policies of both accounts. Where the caller picks the resource, such as the name of a function that it makes, any
//! request that is allowed will do; see `curtail_iam::grant`. Tags of the session are not known, so that what asks for
//! them stays open.

use std::collections::{BTreeMap, BTreeSet};

use curtail_iam::arn::RoleArn;
use curtail_iam::catalog::Catalog;
use curtail_iam::document::Document;
use curtail_iam::grant::{Grant, GrantStatus, grants_in};
use curtail_iam::policy::{Context, NamedPolicy, RolePolicies, role_context};
use curtail_iam::simulate::{
    AbsentKey, AccessPolicies, AccessRequest, Engine, PolicyPlace, Principal, ResourceSide,
    StatementPlace, Verdict,
};

use super::answer::Answer;
use super::method;
use crate::inventory::{Inventory, SnapshotRole};

/// Services whose resources no resource control policy binds.
/// Source: AWS Organizations User Guide, "List of AWS services that support RCPs".
const UNBOUND: [&str; 5] = [
    "iam:",
    "lambda:",
    "states:",
    "bedrock:",
    "bedrock-agentcore:",
];

/// What a request is made on.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked<'a> {
    /// The ARN, or `*`; empty if it is not known.
    pub(super) resource: &'a str,
    /// The account that owns it.
    pub(super) account_id: &'a str,
    pub(super) side: ResourceSide<'a>,
    /// What is known of the request besides, by lower-case key.
    pub(super) context: Context,
}

/// A role with its policies, ready to be asked.
#[derive(Debug)]
pub(super) struct Caller<'a> {
    pub(super) role: &'a SnapshotRole,
    pub(super) arn: RoleArn,
    pub(super) policies: RolePolicies,
    engine: Engine,
    /// What becomes of the actions of the escalation methods, by lower-case action; none where nothing allows them.
    grants: BTreeMap<String, Grant>,
    /// Actions that are surely allowed on anything of the role's own account that has no policy of its own, with why.
    everywhere: BTreeMap<&'static str, Answer>,
    /// Policies of the role that could not be read.
    doubts: BTreeSet<String>,
    known: Context,
}

impl<'a> Caller<'a> {
    /// The caller of a role; `None` if its ARN is none.
    pub(super) fn new(role: &'a SnapshotRole, inventory: &Inventory) -> Option<Self> {
        let arn = RoleArn::parse(&role.arn).ok()?;
        let (policies, problems) = inventory.policies(role);
        let principal = Principal::parse(&role.arn).ok()?;
        let engine = Engine::new(principal, &BTreeMap::new(), &documents(&policies));
        let mut known = Context::new();
        if let Some(id) = inventory.organization_id(&role.account_id) {
            known.insert("aws:principalorgid".to_owned(), vec![id.to_owned()]);
        }
        let mut caller = Self {
            role,
            arn,
            policies,
            engine,
            grants: BTreeMap::new(),
            everywhere: BTreeMap::new(),
            doubts: problems
                .iter()
                .map(|problem| format!("policy `{}`: {}", problem.policy, problem.reason))
                .collect(),
            known,
        };
        caller.grants = caller.method_grants();
        caller.everywhere = caller.allowed_everywhere();
        Some(caller)
    }

    fn method_grants(&self) -> BTreeMap<String, Grant> {
        let wanted: BTreeSet<String> = method::actions()
            .filter(|action| self.has_allow(action))
            .map(str::to_ascii_lowercase)
            .collect();
        if wanted.is_empty() {
            return BTreeMap::new();
        }
        let mut known = role_context(&self.arn);
        known.extend(self.known.clone());
        let grants = grants_in(&self.policies, Catalog::embedded(), &known).into_iter();
        grants
            .map(|grant| (grant.action.to_ascii_lowercase(), grant))
            .filter(|(action, _)| wanted.contains(action))
            .collect()
    }

    /// A request of which neither the resource nor anything else is known is allowed only if every request is.
    fn allowed_everywhere(&self) -> BTreeMap<&'static str, Answer> {
        let unbound = |action: &&str| UNBOUND.iter().any(|prefix| action.starts_with(prefix));
        let actions = method::actions()
            .chain(super::tool::actions())
            .filter(unbound);
        let asked = Asked {
            account_id: &self.role.account_id,
            ..Asked::default()
        };
        let allowed = actions
            .filter(|action| self.has_allow(action))
            .filter_map(|action| {
                let answer = self.decide(&self.engine, action, &asked)?;
                answer.is_certain().then_some((action, answer))
            });
        allowed.collect()
    }

    /// Tells whether a policy of the role allows the action on something.
    pub(super) fn has_allow(&self, action: &str) -> bool {
        self.engine.about(action).has_identity_allow()
    }

    /// Whether the role may do it on that resource.
    pub(super) fn on(&self, action: &str, asked: &Asked<'_>) -> Option<Answer> {
        let is_own = asked.account_id == self.role.account_id && asked.side.policy.is_none();
        match self.everywhere.get(action).filter(|_| is_own) {
            Some(answer) => Some(answer.clone()),
            None => self.decide(&self.engine, action, asked),
        }
    }

    /// The role as if it had no policies of its own but those that limit.
    pub(super) fn without_own_policies(&self) -> Engine {
        let limits = AccessPolicies {
            identity: Vec::new(),
            ..documents(&self.policies)
        };
        Engine::new(self.principal(), &BTreeMap::new(), &limits)
    }

    /// The role under one session name. `None` if the text names no session.
    pub(super) fn as_session(&self, session: &str) -> Option<Engine> {
        let principal = Principal::parse(session).ok()?.with_role(&self.arn);
        Some(Engine::new(
            principal,
            &BTreeMap::new(),
            &documents(&self.policies),
        ))
    }

    /// Whether an engine of the role lets it do that.
    pub(super) fn decide(
        &self,
        engine: &Engine,
        action: &str,
        asked: &Asked<'_>,
    ) -> Option<Answer> {
        let mut context = self.known.clone();
        if let Some(region) = region(action, asked.resource) {
            context.insert("aws:requestedregion".to_owned(), vec![region.to_owned()]);
        }
        context.extend(asked.context.clone());
        let request = AccessRequest {
            action: action.to_owned(),
            resource: Some(asked.resource.to_owned()).filter(|arn| !arn.is_empty()),
            resource_account: asked.account_id.to_owned(),
            context,
            absent: AbsentKey::Unknown,
        };
        let verdict = engine.about(action).decide(&request, asked.side);
        let hangs_on = match &verdict {
            Verdict::Allowed { .. } => self.doubts.clone(),
            Verdict::Undecided { needs, .. } => {
                needs.iter().cloned().chain(self.doubts.clone()).collect()
            }
            Verdict::ExplicitlyDenied { .. } | Verdict::ImplicitlyDenied => return None,
        };
        Some(Answer {
            evidence: vec![self.evidence(action, verdict.by(), asked)],
            hangs_on,
        })
    }

    /// Whether the role may do it on some resource that it picks itself.
    pub(super) fn somewhere(&self, action: &str) -> Option<Answer> {
        let grant = self.grants.get(&action.to_ascii_lowercase())?;
        let mut hangs_on = self.doubts.clone();
        match grant.status {
            GrantStatus::Blocked => return None,
            GrantStatus::Granted => hangs_on.extend(open_keys(grant)),
            GrantStatus::Undecided => {
                hangs_on.extend(open_keys(grant));
                if hangs_on.is_empty() {
                    hangs_on.insert(format!("resources that `{action}` can be used on"));
                }
            }
        }
        let sources = grant
            .sources
            .iter()
            .map(|source| statement(&source.policy, source.statement));
        Some(Answer {
            evidence: vec![format!(
                "{action}: {}",
                sources.collect::<Vec<_>>().join(", ")
            )],
            hangs_on,
        })
    }

    pub(super) fn principal(&self) -> Principal {
        Principal::parse(&self.role.arn).unwrap_or_else(|_| Principal::anonymous())
    }

    fn evidence(&self, action: &str, by: &[StatementPlace], asked: &Asked<'_>) -> String {
        let granting = by.iter().filter_map(|place| match place.policy {
            PolicyPlace::Identity(index) => {
                let policy = self.policies.identity.get(index)?;
                Some(statement(&policy.name, place.statement))
            }
            PolicyPlace::Resource => Some(format!(
                "policy of `{}`, statement {}",
                asked.resource, place.statement
            )),
            _ => None,
        });
        format!("{action}: {}", granting.collect::<Vec<_>>().join(", "))
    }
}

fn statement(policy: &str, index: usize) -> String {
    format!("policy `{policy}`, statement {index}")
}

fn documents(policies: &RolePolicies) -> AccessPolicies {
    let of = |named: &[NamedPolicy]| -> Vec<Document> {
        named.iter().map(|one| one.document.clone()).collect()
    };
    AccessPolicies {
        identity: of(&policies.identity),
        boundary: policies.boundary.as_ref().map(|one| one.document.clone()),
        session: Vec::new(),
        scps: policies.scps.iter().map(|level| of(level)).collect(),
        rcps: Vec::new(),
        resource: None,
    }
}

/// The region that a request is made to: the resource's; of IAM the one where its global endpoint is.
/// Source: IAM User Guide, "AWS global condition context keys", `aws:RequestedRegion`.
fn region<'a>(action: &str, resource: &'a str) -> Option<&'a str> {
    let mut parts = resource.split(':').skip(1);
    let partition = parts.next()?;
    if action.starts_with("iam:") {
        return (partition == "aws").then_some("us-east-1");
    }
    parts.nth(1).filter(|region| !region.is_empty())
}

/// Condition keys that whoever makes the request picks.
/// Source: IAM User Guide, "AWS global condition context keys", properties of the request.
fn is_picked(key: &str) -> bool {
    key == "aws:requestedregion" || key == "aws:tagkeys" || key.starts_with("aws:requesttag/")
}

/// Conditions that a grant hangs on: those of its own statements where all have some, and those of the limits.
fn open_keys(grant: &Grant) -> BTreeSet<String> {
    let mut own = BTreeSet::new();
    let mut free = false;
    for source in &grant.sources {
        let blocks = source
            .conditions
            .as_object()
            .into_iter()
            .flat_map(|operators| operators.values());
        let keys: BTreeSet<String> = blocks
            .filter_map(serde_json::Value::as_object)
            .flat_map(|block| block.keys().map(|key| key.to_ascii_lowercase()))
            .filter(|key| !is_picked(key))
            .collect();
        free |= keys.is_empty();
        own.extend(keys);
    }
    if free {
        own.clear();
    }
    let limits = grant
        .limits
        .iter()
        .filter_map(|limit| limit.reason.split_once("under conditions on "));
    let limits = limits.flat_map(|(_, keys)| keys.split('`').skip(1).step_by(2));
    own.extend(
        limits
            .map(str::to_ascii_lowercase)
            .filter(|key| !is_picked(key)),
    );
    own
}
