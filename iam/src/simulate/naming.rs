//! How a statement names the caller: a principal element and a caller in, the bond between them out.
//!
//! Names compare exactly and with their case; the only wildcard is the whole value `*`. A role's ARN
//! names every session of it, a session's ARN that session alone, and an account's ARN or number
//! everybody in the account. Several values, also of several types, are an "or".
//! `NotPrincipal` with `Deny` excepts a caller of which every part is listed: the user and the account;
//! the session, the role and the account. It excepts nobody who has a permissions boundary.
//! Source: IAM User Guide, "AWS JSON policy elements: Principal" and "… `NotPrincipal`"; "Permissions
//! boundaries for IAM entities".

use super::principal::{Identity, Kind, Principal};
use crate::arn::{Arn, RoleArn};
use crate::document::{Effect, PrincipalElement, Principals};

/// How closely a statement names the caller, the closest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Naming {
    /// By the account, which then decides itself.
    Account,
    /// By the role of the session, or the user who federated.
    Role,
    /// By itself, or with everyone.
    Directly,
}

/// Tells how the element names the caller; `None` if the statement is not about it.
pub(super) fn naming(
    element: &PrincipalElement,
    effect: Effect,
    principal: &Principal,
    has_boundary: bool,
) -> Option<Naming> {
    match (element, effect) {
        (PrincipalElement::Absent, _) => None,
        (PrincipalElement::Principal(listed), _) => named_by(listed, principal),
        (PrincipalElement::NotPrincipal(_), Effect::Deny) if has_boundary => Some(Naming::Directly),
        (PrincipalElement::NotPrincipal(listed), Effect::Deny) => {
            (!is_excepted(listed, principal)).then_some(Naming::Directly)
        }
        (PrincipalElement::NotPrincipal(listed), Effect::Allow) => named_by(listed, principal)
            .is_none()
            .then_some(Naming::Directly),
    }
}

fn named_by(listed: &Principals, principal: &Principal) -> Option<Naming> {
    if listed.everyone {
        return Some(Naming::Directly);
    }
    match principal.kind() {
        Kind::Service(name) => contains(&listed.service, name).then_some(Naming::Directly),
        Kind::Provider(name) => contains(&listed.federated, name).then_some(Naming::Directly),
        Kind::Anonymous => None,
        _ => listed
            .aws
            .iter()
            .filter_map(|one| bond(one, principal))
            .max(),
    }
}

fn bond(listed: &str, principal: &Principal) -> Option<Naming> {
    let is_account = is_account_of(listed, principal);
    let (itself, parent) = match principal.kind() {
        Kind::User(user) => (listed == user.arn, false),
        Kind::Root(_) => (is_account, false),
        Kind::Role(role) => (false, listed == role.as_str()),
        Kind::Session {
            session,
            role_name,
            role,
        } => (
            listed == session.arn,
            is_role_of(listed, session, role_name, role.as_ref()),
        ),
        Kind::Federated(session) => (listed == session.arn, is_user_of(listed, session)),
        Kind::Service(_) | Kind::Provider(_) | Kind::Anonymous => (false, false),
    };
    if itself {
        Some(Naming::Directly)
    } else if parent {
        Some(Naming::Role)
    } else {
        is_account.then_some(Naming::Account)
    }
}

fn is_excepted(listed: &Principals, principal: &Principal) -> bool {
    let some = |is: &dyn Fn(&str) -> bool| listed.aws.iter().any(|one| is(one));
    let account = || some(&|one| is_account_of(one, principal));
    listed.everyone
        || match principal.kind() {
            Kind::User(user) => some(&|one| one == user.arn) && account(),
            Kind::Federated(session) => some(&|one| one == session.arn) && account(),
            Kind::Root(_) => account(),
            Kind::Role(role) => some(&|one| one == role.as_str()) && account(),
            Kind::Session {
                session,
                role_name,
                role,
            } => {
                some(&|one| one == session.arn)
                    && some(&|one| is_role_of(one, session, role_name, role.as_ref()))
                    && account()
            }
            Kind::Service(name) => contains(&listed.service, name),
            Kind::Provider(name) => contains(&listed.federated, name),
            Kind::Anonymous => false,
        }
}

/// An account is named by its number or by the ARN of its root user; both are the same.
fn is_account_of(listed: &str, principal: &Principal) -> bool {
    let Some(account) = principal.account_id() else {
        return false;
    };
    let is_root = |arn: &Arn<'_>| {
        arn.service == "iam"
            && arn.region.is_empty()
            && arn.account_id == account
            && arn.resource == "root"
            && arn.partition == partition(principal)
    };
    listed == account || Arn::parse(listed).is_ok_and(|arn| is_root(&arn))
}

fn partition(principal: &Principal) -> &str {
    match principal.kind() {
        Kind::Role(role) => role.partition(),
        Kind::User(identity)
        | Kind::Federated(identity)
        | Kind::Root(identity)
        | Kind::Session {
            session: identity, ..
        } => &identity.partition,
        Kind::Service(_) | Kind::Provider(_) | Kind::Anonymous => "",
    }
}

/// Where the role's path is not known, its name tells it: no two roles of an account share one.
fn is_role_of(listed: &str, session: &Identity, name: &str, role: Option<&RoleArn>) -> bool {
    match role {
        Some(role) => listed == role.as_str(),
        None => RoleArn::parse(listed).is_ok_and(|listed| {
            listed.account_id() == session.account
                && listed.partition() == session.partition
                && listed.name() == name
        }),
    }
}

/// The session is named after the user who federated.
/// Source: IAM User Guide, "AWS JSON policy elements: Principal", federated user sessions.
fn is_user_of(listed: &str, session: &Identity) -> bool {
    Arn::parse(listed).is_ok_and(|arn| {
        let user = arn.resource.strip_prefix("user/");
        let name = user.and_then(|path| path.rsplit('/').next());
        arn.service == "iam"
            && arn.account_id == session.account
            && arn.partition == session.partition
            && name == Some(session.name.as_str())
    })
}

fn contains(list: &[String], name: &str) -> bool {
    list.iter().any(|one| one == name)
}
