//! How a request can come to be allowed: which kinds of policies allow it in, whether it is allowed out.
//!
//! Within an account one allow is enough, of the identity policies or of the resource's policy. The
//! boundary and the session policies limit the identity policies, and what the resource's policy gives
//! to the role or to the user who federated; they do not limit what it gives to the caller itself or to
//! everyone. Naming the account leaves the decision to the identity policies; trust policies and key
//! policies must at least do that. Across accounts both sides must allow. Service control policies
//! limit all of it. The root user needs no allow in its own account. Who has no account is allowed by
//! the resource's policy alone.
//! Source: IAM User Guide, "How AWS enforcement code logic evaluates requests to allow or deny access",
//! "Cross-account policy evaluation logic" and "AWS JSON policy elements: Principal".

use super::principal::{Kind, Principal};
use crate::evaluate::Truth;

/// What an allow counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Identity,
    Boundary,
    Session,
    /// The resource's policy, naming the account.
    ToAccount,
    /// The resource's policy, naming the role or the user who federated.
    ToRole,
    /// The resource's policy, naming the caller or everyone.
    Directly,
    /// One level of service control policies.
    Scp(usize),
}

impl Slot {
    /// Its place in a list of all slots.
    pub(super) fn place(self) -> usize {
        match self {
            Self::Identity => 0,
            Self::Boundary => 1,
            Self::Session => 2,
            Self::ToAccount => 3,
            Self::ToRole => 4,
            Self::Directly => 5,
            Self::Scp(level) => 6 + level,
        }
    }

    /// How many slots there are with so many levels.
    pub(super) fn count(levels: usize) -> usize {
        Self::Scp(levels).place()
    }
}

/// Which limits there are, and whom they bind.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) boundary: bool,
    pub(super) session: bool,
    pub(super) scp_levels: usize,
}

/// Who owns the resource, and who must allow.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) across_accounts: bool,
    /// The resource's policy must allow or name the account.
    pub(super) resource_policy_first: Truth,
}

/// The ways to an allow, each with whether it is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Paths {
    /// By the identity policies, with the account named where that is asked.
    own: Truth,
    /// By the resource's policy naming the role.
    by_role: Truth,
    /// By the resource's policy naming the caller.
    direct: Truth,
    /// The control policies.
    passes: Truth,
    names_account: bool,
}

impl Paths {
    /// The ways of a caller. `allowed` holds what each slot comes to.
    pub(super) fn of(
        principal: &Principal,
        limits: Limits,
        question: &Question,
        allowed: &[Truth],
    ) -> Self {
        let slot = |slot: Slot| allowed.get(slot.place()).cloned().unwrap_or(Truth::False);
        let passes = Truth::all((0..limits.scp_levels).map(|level| slot(Slot::Scp(level))));
        let limit = boundary(limits, slot).and(session(principal, limits, slot));
        let own = match principal.kind() {
            Kind::Service(_) | Kind::Provider(_) | Kind::Anonymous => Truth::False,
            Kind::Root(_) => Truth::True,
            _ => slot(Slot::Identity).and(limit.clone()),
        };
        let (by_account, by_role, direct) = (
            slot(Slot::ToAccount),
            slot(Slot::ToRole),
            slot(Slot::Directly),
        );
        let has_account = principal.account_id().is_some();
        if has_account && question.across_accounts {
            let named = by_account.or(by_role).or(direct);
            return Self {
                own: own.and(named),
                by_role: Truth::False,
                direct: Truth::False,
                passes,
                names_account: true,
            };
        }
        let first = &question.resource_policy_first;
        Self {
            own: own.and(first.clone().negated().or(by_account)),
            by_role: by_role.and(limit),
            direct,
            passes,
            names_account: *first != Truth::False,
        }
    }

    /// Whether the request is allowed.
    pub(super) fn allowed(&self) -> Truth {
        let any = self
            .own
            .clone()
            .or(self.by_role.clone())
            .or(self.direct.clone());
        any.and(self.passes.clone())
    }

    /// Tells whether an allow of this slot is part of a way that is open.
    pub(super) fn uses(&self, slot: Slot) -> bool {
        let (own, by_role) = (self.own == Truth::True, self.by_role == Truth::True);
        match slot {
            Slot::Identity => own,
            Slot::Boundary | Slot::Session => own || by_role,
            Slot::ToAccount => own && self.names_account,
            Slot::ToRole => by_role || own && self.names_account,
            Slot::Directly | Slot::Scp(_) => true,
        }
    }
}

fn boundary(limits: Limits, slot: impl Fn(Slot) -> Truth) -> Truth {
    if limits.boundary {
        slot(Slot::Boundary)
    } else {
        Truth::True
    }
}

/// A federated user without session policies has no permissions of the user who federated.
/// Source: AWS STS API Reference, `GetFederationToken`.
fn session(principal: &Principal, limits: Limits, slot: impl Fn(Slot) -> Truth) -> Truth {
    match (limits.session, principal.kind()) {
        (true, _) => slot(Slot::Session),
        (false, Kind::Federated(_)) => Truth::False,
        (false, _) => Truth::True,
    }
}
