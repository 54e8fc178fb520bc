//! The escalation methods that are open to each role: what it may do in, the methods of [`METHODS`] with what each comes
//! to out; and the `passed_role` steps that follow.
//!
//! A method is open to a role if every action that it needs is allowed on one target, policies, boundary and control
//! policies taken together. A role of AWS or of Identity Center is no target of a change: AWS refuses it.
//! Source: IAM User Guide, "Using service-linked roles"; IAM Identity Center User Guide, "Referencing permission sets".

use std::collections::BTreeMap;

use curtail_iam::document::Document;
use curtail_iam::policy::{Context, PolicyKind};
use curtail_iam::simulate::ResourceSide;
use rayon::prelude::*;

use super::answer::{Answer, all, best};
use super::caller::{Asked, Caller};
use super::chain::trusting;
use super::edge::{Edge, EdgeKind};
use super::method::{Kind, METHODS, Method};
use super::world::World;
use crate::inventory::{Compute, ComputeKind, SnapshotRole, SnapshotUser};

/// A method that is open to a role.
#[derive(Debug, Clone)]
pub(crate) struct Escalation {
    pub(crate) role_arn: String,
    pub(crate) method: &'static Method,
    /// What it is done on: the target with the surest answer, then the first by name.
    pub(crate) target: String,
    /// How many targets it can be done on.
    pub(crate) target_count: usize,
    pub(crate) answer: Answer,
}

/// The open methods and the `passed_role` steps. `assumable` holds the roles that each role may assume.
pub(super) fn escalations(
    world: &World<'_>,
    assumable: &BTreeMap<String, Vec<(String, Answer)>>,
) -> (Vec<Escalation>, Vec<Edge>) {
    let callers: Vec<_> = world.callers.iter().collect();
    let (escalations, edges): (Vec<_>, Vec<_>) = callers
        .par_iter()
        .map(|(arn, caller)| {
            let assumable = assumable.get(**arn).map_or(&[][..], Vec::as_slice);
            let asking = Asking {
                world,
                caller,
                assumable,
                named: trusting(arn).ok(),
                assumes_if_named: None,
            };
            let assumes_if_named = asking.may_assume_if_named("").filter(Answer::is_certain);
            let asking = Asking {
                assumes_if_named,
                ..asking
            };
            asking.methods()
        })
        .unzip();
    (
        escalations.into_iter().flatten().collect(),
        edges.into_iter().flatten().collect(),
    )
}

/// One role, asked about every method.
struct Asking<'a> {
    world: &'a World<'a>,
    caller: &'a Caller<'a>,
    assumable: &'a [(String, Answer)],
    /// A trust policy that names the role.
    named: Option<Document>,
    /// That it may surely assume whatever role of its account names it.
    assumes_if_named: Option<Answer>,
}

impl Asking<'_> {
    fn methods(&self) -> (Vec<Escalation>, Vec<Edge>) {
        let mut escalations = Vec::new();
        let mut edges = Vec::new();
        for method in METHODS {
            if !method
                .actions
                .iter()
                .all(|action| may_need_no_allow(method, action) || self.caller.has_allow(action))
            {
                continue;
            }
            let targets = self.targets(method);
            let count = targets.len();
            if matches!(method.kind, Kind::Pass(_)) {
                edges.extend(
                    targets
                        .iter()
                        .map(|(target, answer)| self.passed(method, target, answer)),
                );
            }
            let surest = targets
                .into_iter()
                .min_by_key(|(target, answer)| (!answer.is_certain(), target.clone()));
            escalations.extend(surest.map(|(target, answer)| Escalation {
                role_arn: self.caller.role.arn.clone(),
                method,
                target,
                target_count: count,
                answer,
            }));
        }
        (escalations, super::edge::distinct(edges))
    }

    fn passed(&self, method: &Method, target: &str, answer: &Answer) -> Edge {
        Edge {
            from: self.caller.role.arn.clone(),
            to: target.to_owned(),
            kind: EdgeKind::PassedRole,
            via: Some(method.name()),
            answer: answer.clone(),
        }
    }

    /// What the method can be done on.
    fn targets(&self, method: &Method) -> Vec<(String, Answer)> {
        let own = &self.caller.role.arn;
        let found = match method.kind {
            Kind::OwnBoundary if self.caller.policies.boundary.is_none() => Vec::new(),
            Kind::OwnRole | Kind::OwnBoundary => one(own, self.on_role(method.actions, own)),
            Kind::OwnPolicy => self.own_policies(method),
            Kind::NewRole => self.new_role(method),
            Kind::TrustOf => self
                .changeable()
                .filter_map(|role| self.by_trust(method, role))
                .collect(),
            Kind::Assumable => self.assumable_roles(method),
            Kind::AssumablePolicy => self.assumable_policies(method),
            Kind::User => self.users(method),
            Kind::Pass(service) => self.passable(method, service),
            Kind::Function => self.compute(method, ComputeKind::Function),
            Kind::StateMachine => self.compute(method, ComputeKind::StateMachine),
            Kind::Task => self.compute(method, ComputeKind::Task),
            Kind::Node => self.nodes(method),
        };
        let exists = |answer: Answer| match method.exists {
            "" => answer,
            thing => answer.if_known(thing),
        };
        found
            .into_iter()
            .map(|(target, answer)| (target, exists(answer)))
            .collect()
    }

    fn on(&self, action: &str, resource: &str, account_id: &str) -> Option<Answer> {
        let asked = Asked {
            resource,
            account_id,
            side: self.world.side(resource, account_id),
            ..Asked::default()
        };
        self.caller.on(action, &asked)
    }

    fn on_role(&self, actions: &[&str], role_arn: &str) -> Option<Answer> {
        let account_id = &self.caller.role.account_id;
        all(actions
            .iter()
            .map(|action| self.on(action, role_arn, account_id)))
    }

    fn somewhere(&self, method: &Method) -> Option<Answer> {
        all(method
            .actions
            .iter()
            .map(|action| self.caller.somewhere(action)))
    }

    fn own_policies(&self, method: &Method) -> Vec<(String, Answer)> {
        let own = attached(self.caller);
        own.filter_map(|arn| Some((arn.to_owned(), self.on_role(method.actions, arn)?)))
            .collect()
    }

    fn new_role(&self, method: &Method) -> Vec<(String, Answer)> {
        let role = &self.caller.arn;
        let made = format!("arn:{}:iam::{}:role/w", role.partition(), role.account_id());
        let answer = all([self.somewhere(method), self.may_assume_if_named(&made)]);
        one("a role that it makes", answer)
    }

    /// Whether it may assume a role of its account whose trust policy names it.
    fn may_assume_if_named(&self, role_arn: &str) -> Option<Answer> {
        if self.assumes_if_named.is_some() {
            return self.assumes_if_named.clone();
        }
        let trust = self.named.as_ref()?;
        let account_id = &self.caller.role.account_id;
        let asked = Asked {
            resource: role_arn,
            account_id,
            side: ResourceSide {
                policy: Some(trust),
                rcps: self.world.rcps(account_id),
            },
            ..Asked::default()
        };
        let answer = self.caller.on("sts:AssumeRole", &asked)?;
        Some(Answer {
            evidence: vec!["sts:AssumeRole: a trust policy that it writes".to_owned()],
            ..answer
        })
    }

    /// The other roles of its account that it could change.
    fn changeable(&self) -> impl Iterator<Item = &SnapshotRole> {
        let own = self.caller.role;
        let others = self.world.callers.values().map(|caller| caller.role);
        others.filter(move |role| {
            role.account_id == own.account_id && role.arn != own.arn && !is_fixed(role)
        })
    }

    fn by_trust(&self, method: &Method, role: &SnapshotRole) -> Option<(String, Answer)> {
        let change = self.on_role(method.actions, &role.arn)?;
        Some((
            role.arn.clone(),
            change.and(self.may_assume_if_named(&role.arn)?),
        ))
    }

    /// The roles of its account that it may assume and could change.
    fn within(&self) -> impl Iterator<Item = (&Caller<'_>, &Answer)> {
        let own = &self.caller.role.account_id;
        self.assumable.iter().filter_map(move |(arn, answer)| {
            let target = self.world.callers.get(arn.as_str())?;
            (target.role.account_id == *own && !is_fixed(target.role)).then_some((target, answer))
        })
    }

    fn assumable_roles(&self, method: &Method) -> Vec<(String, Answer)> {
        let actions = without_assume(method);
        let found = self.within().filter_map(|(target, assume)| {
            let answer = self.on_role(&actions, &target.role.arn)?;
            Some((target.role.arn.clone(), answer.and(assume.clone())))
        });
        found.collect()
    }

    fn assumable_policies(&self, method: &Method) -> Vec<(String, Answer)> {
        let actions = without_assume(method);
        let found = self.within().filter_map(|(target, assume)| {
            let answers = attached(target).filter_map(|policy| self.on_role(&actions, policy));
            Some((target.role.arn.clone(), best(answers)?.and(assume.clone())))
        });
        found.collect()
    }

    fn users(&self, method: &Method) -> Vec<(String, Answer)> {
        let users = self.world.inventory.users().iter();
        let own = users.filter(|user| user.account_id == self.caller.role.account_id);
        own.filter_map(|user| {
            let answers = method
                .actions
                .iter()
                .map(|action| self.on_user(action, user));
            Some((user.arn.clone(), all(answers)?))
        })
        .collect()
    }

    /// An action on a user, or on one of its groups; a user can be put into any group of the account.
    fn on_user(&self, action: &str, user: &SnapshotUser) -> Option<Answer> {
        let on = |arn: &str| self.on(action, arn, &user.account_id);
        match action {
            "iam:AddUserToGroup" => {
                best(self.world.inventory.groups(&user.account_id).filter_map(on))
            }
            "iam:PutGroupPolicy" | "iam:AttachGroupPolicy" => {
                best(user.groups.iter().filter_map(|group| on(group)))
            }
            _ => on(&user.arn),
        }
    }

    fn passable(&self, method: &Method, service: &str) -> Vec<(String, Answer)> {
        if !self.caller.has_allow("iam:PassRole") {
            return Vec::new();
        }
        let Some(create) = self.somewhere(method) else {
            return Vec::new();
        };
        let own = self.caller.role;
        let trusting = self.world.trusting_roles(&own.account_id, service).iter();
        let found = trusting
            .filter(|(target, _)| *target != own.arn)
            .filter_map(|(target, trust)| {
                let pass = self.pass(target, service)?;
                let profile = self.profile(target, service)?;
                Some((
                    (*target).to_owned(),
                    all([
                        Some(create.clone()),
                        Some(pass),
                        Some(trust.clone()),
                        Some(profile),
                    ])?,
                ))
            });
        found.collect()
    }

    fn pass(&self, target: &str, service: &str) -> Option<Answer> {
        let account_id = &self.caller.role.account_id;
        let asked = Asked {
            resource: target,
            account_id,
            context: Context::from([("iam:passedtoservice".to_owned(), vec![service.to_owned()])]),
            ..Asked::default()
        };
        self.caller.on("iam:PassRole", &asked)
    }

    /// An instance takes a role by an instance profile only.
    /// Source: IAM User Guide, "Using an IAM role to grant permissions to applications running on Amazon EC2 instances".
    fn profile(&self, target: &str, service: &str) -> Option<Answer> {
        if service != "ec2.amazonaws.com" {
            return Some(Answer::default());
        }
        match self.world.inventory.role(target)?.instance_profiles() {
            Some(profiles) => profiles
                .first()
                .map(|profile| Answer::sure(format!("instance profile `{profile}`"))),
            None => Some(Answer::default().if_known("an instance profile with the role")),
        }
    }

    fn compute(&self, method: &Method, kind: ComputeKind) -> Vec<(String, Answer)> {
        let own = self.caller.role;
        let of_kind = self
            .world
            .compute
            .iter()
            .filter(|one| one.kind == kind && one.role_arn != own.arn);
        let found = of_kind.filter_map(|one| {
            let answers = method
                .actions
                .iter()
                .map(|action| self.on_compute(action, one));
            let mut answer = all(answers)?;
            answer.evidence.push(format!(
                "runs under `{}` ({})",
                one.role_arn, one.known_from
            ));
            Some((one.arn.clone(), answer))
        });
        found.collect()
    }

    /// A task is no resource of the snapshot: only its definition is.
    fn on_compute(&self, action: &str, compute: &Compute) -> Option<Answer> {
        match compute.kind {
            ComputeKind::Task if compute.account_id() == self.caller.role.account_id => {
                self.caller.somewhere(action)
            }
            ComputeKind::Task => None,
            _ => self.on(action, &compute.arn, compute.account_id()),
        }
    }

    fn nodes(&self, method: &Method) -> Vec<(String, Answer)> {
        let Some(answer) = self.somewhere(method) else {
            return Vec::new();
        };
        let own = self.caller.role;
        let trusting = self
            .world
            .trusting_roles(&own.account_id, "ec2.amazonaws.com")
            .iter();
        let found = trusting
            .filter(|(target, _)| *target != own.arn)
            .filter_map(|(target, _)| {
                let profile = self.profile(target, "ec2.amazonaws.com")?;
                Some(((*target).to_owned(), answer.clone().and(profile)))
            });
        found.collect()
    }
}

/// Whether the action may be open without an own policy that allows it: a trust policy suffices to assume a role,
/// and the policy of a function to invoke it.
fn may_need_no_allow(method: &Method, action: &str) -> bool {
    match method.kind {
        Kind::Assumable | Kind::AssumablePolicy => action == "sts:AssumeRole",
        Kind::Function => action == "lambda:InvokeFunction",
        _ => false,
    }
}

/// One target, if it can be done.
fn one(target: &str, answer: Option<Answer>) -> Vec<(String, Answer)> {
    answer
        .map(|answer| (target.to_owned(), answer))
        .into_iter()
        .collect()
}

/// Roles that only AWS or Identity Center can change.
fn is_fixed(role: &SnapshotRole) -> bool {
    role.is_service_linked() || role.path.starts_with("/aws-reserved/")
}

/// The policies of the account's own that are attached to a role.
fn attached<'a>(caller: &'a Caller<'_>) -> impl Iterator<Item = &'a str> {
    let identity = caller.policies.identity.iter();
    let own = identity.filter(|policy| policy.kind == PolicyKind::CustomerManaged);
    own.filter_map(|policy| policy.arn.as_deref())
}

fn without_assume(method: &Method) -> Vec<&'static str> {
    method
        .actions
        .iter()
        .copied()
        .filter(|action| *action != "sts:AssumeRole")
        .collect()
}
