//! Decides a request of a role: policies and what is known of the request in, a decision out.
//!
//! In this order: a deny in any policy is final; the identity policies must allow; so must the
//! permissions boundary and every level of service control policies, which themselves grant nothing.
//! Of resource control policies only the denies matter.
//! Source: IAM User Guide, "Policy evaluation logic"; AWS Organizations User Guide, "SCP evaluation"
//! and "Resource control policies".
//!
//! What is not known of the request stays unknown: a decision that hangs on it is
//! [`Decision::Undecided`], whatever the likely value.
//!
//! Policies of the resource itself and of a session are not part of the decision.

mod action;
mod address;
mod arn;
mod binary;
mod condition;
mod date;
mod directory;
mod facts;
mod listed;
mod number;
mod operator;
mod resource;
mod statement;
mod template;
mod truth;
mod variable;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::document::{Effect, Statement};
use crate::policy::{Context, NamedPolicy, RolePolicies};
pub(crate) use action::lower_case;
pub(crate) use arn::Name;
pub(crate) use condition::holds as condition_holds;
pub(crate) use directory::Directory;
pub(crate) use facts::Facts;
pub(crate) use operator::{Comparison, Operator, Quantifier};
pub(crate) use resource::{CutShort, readings, resource_pattern};
pub(crate) use statement::{Scope, action_matches, principal_applies};
pub(crate) use truth::Truth;

/// What is known of a request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request<'a> {
    /// The action, such as `s3:GetObject`, in any case.
    pub action: &'a str,
    /// The ARN of the resource, or `*` for an action that takes none; `None` if it is unknown.
    pub resource: Option<&'a str>,
    /// Values of condition keys, by lower-case key. A key that is absent here is unknown; one without
    /// values is known to be absent from the request.
    pub context: Context,
}

/// Where a statement stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StatementRef {
    /// The name of the policy.
    pub policy: String,
    /// The statement's index, from 0.
    pub statement: usize,
    /// The statement's `Sid`, if it has one.
    pub sid: Option<String>,
}

impl StatementRef {
    pub(crate) fn new(policy: &NamedPolicy, index: usize, statement: &Statement) -> Self {
        Self {
            policy: policy.name.clone(),
            statement: index,
            sid: statement.sid.clone(),
        }
    }
}

/// A set of policies of which one must allow the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "layer")]
pub enum Layer {
    /// The role's own policies.
    Identity,
    /// The permissions boundary.
    Boundary,
    /// The service control policies of one level.
    Scp {
        /// The level, the root's being 0.
        level: usize,
    },
    /// The resource control policies of one level; never the missing one.
    Rcp {
        /// The level, the root's being 0.
        level: usize,
    },
}

/// What becomes of a request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "decision")]
pub enum Decision {
    /// Allowed, whatever is unknown.
    Allowed {
        /// The statements of the identity policies that allow it.
        by: Vec<StatementRef>,
    },
    /// Denied by a statement.
    ExplicitlyDenied {
        /// The denying statements, of any policy.
        by: Vec<StatementRef>,
    },
    /// Denied because nothing in a layer allows it, whatever is unknown. A deny that is itself
    /// undecided may stand besides.
    ImplicitlyDenied {
        /// The first layer without an allow: identity policies, then boundary, then SCPs.
        missing: Layer,
    },
    /// Hangs on what is not known.
    Undecided {
        /// What it hangs on, each once: `resource`, a lower-case condition key, or a part of a policy
        /// that the documentation does not settle.
        on: Vec<String>,
    },
}

/// A statement that bears on a request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Bearing {
    /// The statement.
    pub statement: StatementRef,
    /// The layer that its policy belongs to.
    pub layer: Layer,
    /// Whether it allows or denies.
    pub effect: Effect,
    /// What decides whether it applies at all; empty if it does.
    pub undecided_on: Vec<String>,
}

/// Decides a request.
///
/// ```
/// use curtail_iam::{document::Document, evaluate::*, policy::*};
/// let text = r#"{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}"#;
/// let policy = NamedPolicy {
///     name: "read".to_owned(), arn: None, kind: PolicyKind::Inline, attachments: 1,
///     document: Document::parse(text)?,
/// };
/// let policies = RolePolicies { identity: vec![policy], ..RolePolicies::default() };
/// let request = Request { action: "s3:GetObject", ..Request::default() };
/// assert!(matches!(evaluate(&policies, &request), Decision::Allowed { .. }));
/// # Ok::<(), curtail_iam::document::DocumentError>(())
/// ```
#[must_use]
pub fn evaluate(policies: &RolePolicies, request: &Request<'_>) -> Decision {
    let applied = applied(policies, request);
    let denies: Vec<&Applied<'_>> = applied.iter().filter(|one| one.is(Effect::Deny)).collect();
    let certain = references(denies.iter().copied());
    if !certain.is_empty() {
        return Decision::ExplicitlyDenied { by: certain };
    }
    let mut open = Truth::any(denies.iter().map(|deny| deny.truth.clone())).negated();
    for layer in required_layers(policies) {
        let allowed = Truth::any(
            applied
                .iter()
                .filter(|one| one.layer == layer && one.is(Effect::Allow))
                .map(|one| one.truth.clone()),
        );
        if allowed == Truth::False {
            return Decision::ImplicitlyDenied { missing: layer };
        }
        open = open.and(allowed);
    }
    match open {
        Truth::Unknown(on) => Decision::Undecided {
            on: on.into_iter().collect(),
        },
        Truth::True | Truth::False => Decision::Allowed {
            by: references(
                applied
                    .iter()
                    .filter(|one| one.layer == Layer::Identity && one.is(Effect::Allow)),
            ),
        },
    }
}

/// The statements that apply to a request, or may: the evidence for its decision.
#[must_use]
pub fn explain(policies: &RolePolicies, request: &Request<'_>) -> Vec<Bearing> {
    applied(policies, request)
        .into_iter()
        .map(|one| Bearing {
            statement: StatementRef::new(one.policy, one.index, one.statement),
            layer: one.layer,
            effect: one.statement.effect,
            undecided_on: match one.truth {
                Truth::Unknown(on) => on.into_iter().collect(),
                Truth::True | Truth::False => Vec::new(),
            },
        })
        .collect()
}

/// A statement that applies or may apply.
struct Applied<'a> {
    policy: &'a NamedPolicy,
    layer: Layer,
    index: usize,
    statement: &'a Statement,
    truth: Truth,
}

impl Applied<'_> {
    fn is(&self, effect: Effect) -> bool {
        self.statement.effect == effect
    }
}

/// The statements that are certain to apply.
fn references<'a>(applied: impl Iterator<Item = &'a Applied<'a>>) -> Vec<StatementRef> {
    applied
        .filter(|one| one.truth == Truth::True)
        .map(|one| StatementRef::new(one.policy, one.index, one.statement))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

fn applied<'a>(policies: &'a RolePolicies, request: &Request<'_>) -> Vec<Applied<'a>> {
    let (facts, resource) = (
        Facts::open(&request.context),
        request.resource.map(Name::read),
    );
    let mut applied = Vec::new();
    for (layer, policy) in layered(policies) {
        for (index, statement) in policy.document.statements.iter().enumerate() {
            if !action_matches(&statement.actions, request.action) {
                continue;
            }
            let version = policy.document.version;
            let scope = match layer {
                Layer::Rcp { .. } => Scope::of_resource_control(statement, version),
                _ => Scope::of_identity(statement, version),
            };
            let truth = principal_applies(statement).and(scope.holds(resource.as_ref(), facts));
            if truth != Truth::False {
                applied.push(Applied {
                    policy,
                    layer,
                    index,
                    statement,
                    truth,
                });
            }
        }
    }
    applied
}

/// Every policy with its layer; of resource control policies, too, the whole document.
pub(crate) fn layered(policies: &RolePolicies) -> Vec<(Layer, &NamedPolicy)> {
    let identity = policies
        .identity
        .iter()
        .map(|policy| (Layer::Identity, policy));
    let boundary = policies
        .boundary
        .iter()
        .map(|policy| (Layer::Boundary, policy));
    let scps = (0..).zip(&policies.scps).flat_map(|(level, policies)| {
        policies
            .iter()
            .map(move |policy| (Layer::Scp { level }, policy))
    });
    let rcps = (0..).zip(&policies.rcps).flat_map(|(level, policies)| {
        policies
            .iter()
            .map(move |policy| (Layer::Rcp { level }, policy))
    });
    identity.chain(boundary).chain(scps).chain(rcps).collect()
}

/// The layers that must allow. A level of SCPs counts even if it holds no policy.
pub(crate) fn required_layers(policies: &RolePolicies) -> Vec<Layer> {
    let boundary = policies.boundary.iter().map(|_| Layer::Boundary);
    let scps = (0..policies.scps.len()).map(|level| Layer::Scp { level });
    std::iter::once(Layer::Identity)
        .chain(boundary)
        .chain(scps)
        .collect()
}

#[cfg(test)]
mod tests;
