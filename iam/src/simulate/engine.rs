//! A caller's policies, read once: a request in, its verdict out, as often as asked.
//!
//! An explicit deny in any policy that binds the caller is final; then the ways to an allow are looked
//! at. Control policies do not bind services, unsigned requests and roles that services are linked to;
//! of resource control policies, too, services and unsigned requests are bound.
//! Source: IAM User Guide, "Policy evaluation logic"; AWS Organizations User Guide, "Service control
//! policies" and "Resource control policies".
//!
//! That the management account is exempt from control policies is not looked at: whoever gives such a
//! policy says that it applies.

use std::collections::{BTreeMap, BTreeSet};

use super::caller;
use super::naming::{Naming, naming};
use super::paths::{Limits, Paths, Question, Slot};
use super::policies::AccessPolicies;
use super::principal::{Kind, Principal};
use super::rcp;
use super::request::{AbsentKey, AccessRequest};
use super::verdict::{PolicyPlace, StatementPlace, Verdict, need};
use crate::document::{ActionElement, Document, Effect};
use crate::evaluate::{Directory, Facts, Name, Scope, Truth, lower_case};
use crate::policy::Context;

/// A caller with its policies and those of a resource, ready for requests.
#[derive(Debug, Clone)]
pub struct Engine {
    pub(super) principal: Principal,
    pub(super) derived: Context,
    pub(super) limits: Limits,
    pub(super) rules: Vec<Rule>,
    pub(super) directory: Directory,
}

/// A statement that can matter to the caller.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    place: StatementPlace,
    /// What it allows for; `None` of a deny.
    pub(super) slot: Option<Slot>,
    pub(super) scope: Scope,
}

impl Rule {
    pub(super) fn binds(&self, action: &str) -> bool {
        !matches!(self.place.policy, PolicyPlace::Rcp { .. }) || rcp::binds(action)
    }
}

/// Asking who one is needs no permission, and no deny stands against it.
/// Source: AWS STS API Reference, `GetCallerIdentity`.
pub(super) fn is_free(action: &str) -> bool {
    action == "sts:getcalleridentity"
}

impl Engine {
    /// Reads the policies for a caller with its tags, which become `aws:PrincipalTag` keys.
    #[must_use]
    pub fn new(
        principal: Principal,
        tags: &BTreeMap<String, String>,
        policies: &AccessPolicies,
    ) -> Self {
        let has_account = principal.account_id().is_some();
        let bound = has_account && !principal.is_linked_to_a_service();
        let mut engine = Self {
            derived: caller::context(&principal, tags),
            limits: Limits {
                boundary: policies.boundary.is_some(),
                session: !policies.session.is_empty(),
                scp_levels: if bound { policies.scps.len() } else { 0 },
            },
            principal,
            rules: Vec::new(),
            directory: Directory::default(),
        };
        if has_account {
            engine.add_own(policies);
        }
        if bound {
            for (level, index, document) in numbered(&policies.scps) {
                engine.add(
                    document,
                    PolicyPlace::Scp { level, index },
                    Slot::Scp(level),
                );
            }
        }
        if !engine.principal.is_linked_to_a_service() {
            for (level, index, document) in numbered(&policies.rcps) {
                engine.add_of_resource(document, PolicyPlace::Rcp { level, index });
            }
        }
        if let Some(document) = &policies.resource {
            engine.add_of_resource(document, PolicyPlace::Resource);
        }
        engine
    }

    /// Decides a request.
    #[must_use]
    pub fn decide(&self, request: &AccessRequest) -> Verdict {
        let action = lower_case(&request.action);
        if is_free(&action) && self.principal.account_id().is_some() {
            return Verdict::Allowed { by: Vec::new() };
        }
        let facts = Facts::with_derived(
            &request.context,
            &self.derived,
            &request.resource_account,
            request.absent == AbsentKey::NotInRequest,
        );
        let resource = request.resource.as_deref().map(Name::read);
        let mut found = Found::new(self.limits.scp_levels);
        self.directory.visit(&action, |number| {
            if let Some(rule) = self.rules.get(number).filter(|rule| rule.binds(&action)) {
                found.add(rule, rule.scope.holds(resource.as_ref(), facts));
            }
        });
        if found.denied == Truth::True {
            return found.refused();
        }
        let question = Question {
            across_accounts: self.principal.account_id() != Some(&request.resource_account),
            resource_policy_first: request.asks_the_resource_policy_first(&action),
        };
        let paths = self.paths(&question, &found.allowed);
        found.verdict(&paths)
    }

    /// The ways to an allow. `allowed` holds what each slot comes to.
    pub(super) fn paths(&self, question: &Question, allowed: &[Truth]) -> Paths {
        Paths::of(&self.principal, self.limits, question, allowed)
    }

    fn add_own(&mut self, policies: &AccessPolicies) {
        for (index, document) in policies.identity.iter().enumerate() {
            self.add(document, PolicyPlace::Identity(index), Slot::Identity);
        }
        if let Some(document) = &policies.boundary {
            self.add(document, PolicyPlace::Boundary, Slot::Boundary);
        }
        for (index, document) in policies.session.iter().enumerate() {
            self.add(document, PolicyPlace::Session(index), Slot::Session);
        }
    }

    /// Adds a policy that is attached to the caller or its account.
    fn add(&mut self, document: &Document, policy: PolicyPlace, slot: Slot) {
        for (index, statement) in document.statements.iter().enumerate() {
            let place = StatementPlace {
                policy,
                statement: index,
            };
            let slot = (statement.effect == Effect::Allow).then_some(slot);
            let scope = Scope::of_identity(statement, document.version);
            self.push(&statement.actions, Rule { place, slot, scope });
        }
    }

    /// Adds a policy on the resource's side, as far as its statements name the caller.
    fn add_of_resource(&mut self, document: &Document, policy: PolicyPlace) {
        for (actions, rule) in self.of_resource(document, policy, |_| true) {
            self.push(actions, rule);
        }
    }

    /// The statements of a policy on the resource's side that name the caller, as far as their actions are wanted.
    pub(super) fn of_resource<'d>(
        &self,
        document: &'d Document,
        policy: PolicyPlace,
        wanted: impl Fn(&ActionElement) -> bool,
    ) -> Vec<(&'d ActionElement, Rule)> {
        let only_denies = policy != PolicyPlace::Resource;
        let has_boundary = self.limits.boundary && self.can_have_a_boundary();
        let mut rules = Vec::new();
        for (index, statement) in document.statements.iter().enumerate() {
            let (element, effect) = (&statement.principal, statement.effect);
            if !wanted(&statement.actions) || only_denies && effect == Effect::Allow {
                continue;
            }
            let Some(naming) = naming(element, effect, &self.principal, has_boundary) else {
                continue;
            };
            let place = StatementPlace {
                policy,
                statement: index,
            };
            let slot = (effect == Effect::Allow).then_some(slot(naming));
            let scope = Scope::of_resource(statement, document.version);
            rules.push((&statement.actions, Rule { place, slot, scope }));
        }
        rules
    }

    fn can_have_a_boundary(&self) -> bool {
        let kind = self.principal.kind();
        self.principal.account_id().is_some() && !matches!(kind, Kind::Root(_))
    }

    fn push(&mut self, actions: &ActionElement, rule: Rule) {
        self.directory.add(actions, self.rules.len());
        self.rules.push(rule);
    }
}

fn slot(naming: Naming) -> Slot {
    match naming {
        Naming::Account => Slot::ToAccount,
        Naming::Role => Slot::ToRole,
        Naming::Directly => Slot::Directly,
    }
}

fn numbered(levels: &[Vec<Document>]) -> impl Iterator<Item = (usize, usize, &Document)> {
    levels.iter().enumerate().flat_map(|(level, documents)| {
        let documents = documents.iter().enumerate();
        documents.map(move |(index, document)| (level, index, document))
    })
}

/// The statements that apply to a request or may.
pub(super) struct Found<'a> {
    pub(super) denied: Truth,
    /// What the allows of each slot come to.
    pub(super) allowed: Vec<Truth>,
    certain: Vec<&'a Rule>,
    open: Vec<&'a Rule>,
}

impl<'a> Found<'a> {
    pub(super) fn new(levels: usize) -> Self {
        Self {
            denied: Truth::False,
            allowed: vec![Truth::False; Slot::count(levels)],
            certain: Vec::with_capacity(8),
            open: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, rule: &'a Rule, holds: Truth) {
        match holds {
            Truth::False => return,
            Truth::True => self.certain.push(rule),
            Truth::Unknown(_) => self.open.push(rule),
        }
        let sum = match rule.slot {
            None => Some(&mut self.denied),
            Some(slot) => self.allowed.get_mut(slot.place()),
        };
        if let Some(sum) = sum {
            *sum = match holds {
                Truth::True => Truth::True,
                open => std::mem::replace(sum, Truth::False).or(open),
            };
        }
    }

    /// The verdict where a deny is certain.
    pub(super) fn refused(&self) -> Verdict {
        Verdict::ExplicitlyDenied {
            by: places(&self.certain, |rule| rule.slot.is_none()),
        }
    }

    /// The verdict where no deny is certain.
    pub(super) fn verdict(self, paths: &Paths) -> Verdict {
        let reasons: BTreeSet<String> = match (self.denied, paths.allowed()) {
            (Truth::Unknown(deny), Truth::Unknown(allow)) => {
                deny.into_iter().chain(allow).collect()
            }
            (Truth::Unknown(on), _) | (_, Truth::Unknown(on)) => on,
            (_, Truth::False) => return Verdict::ImplicitlyDenied,
            (_, Truth::True) => {
                let used = |rule: &Rule| rule.slot.is_some_and(|slot| paths.uses(slot));
                return Verdict::Allowed {
                    by: places(&self.certain, used),
                };
            }
        };
        let needs: BTreeSet<String> = reasons.iter().map(|reason| need(reason)).collect();
        Verdict::Undecided {
            by: places(&self.open, |_| true),
            needs: needs.into_iter().collect(),
        }
    }
}

fn places(rules: &[&Rule], wanted: impl Fn(&Rule) -> bool) -> Vec<StatementPlace> {
    let wanted = rules.iter().filter(|rule| wanted(rule));
    let mut places: Vec<StatementPlace> = wanted.map(|rule| rule.place).collect();
    places.sort_unstable();
    places
}
