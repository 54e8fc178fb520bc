//! The list of actions that a call needed, while it is being found out.

use std::borrow::Cow;

use super::plan::CallPlan;
use super::request::Request;
use super::resource::{self, Resources};
use super::{Basis, MappedAction, Strength};

/// The needs found so far, each once per action and object.
pub(super) struct Needs(Vec<Need>);

/// One action that the call needed.
pub(super) struct Need {
    pub(super) action: &'static str,
    pub(super) strength: Strength,
    pub(super) basis: Basis,
    pub(super) on: On,
}

/// What an action was used on.
#[derive(PartialEq, Eq)]
pub(super) enum On {
    /// What the call was made on, to be read off the record.
    Object,
    /// This.
    Arn(String),
    /// Something that the record does not prove.
    Unknown,
}

impl Needs {
    /// The operation's own actions.
    pub(super) fn of(plan: &CallPlan<'_>) -> Self {
        let own = |action: &&'static str| Need {
            action,
            strength: plan.strength,
            basis: plan.basis,
            on: On::Object,
        };
        Self(plan.actions.iter().map(own).collect())
    }

    /// Adds a need; of two for one action and object the surer stays.
    pub(super) fn add(&mut self, need: Need) {
        let same = |other: &&mut Need| other.action == need.action && other.on == need.on;
        match self.0.iter_mut().find(same) {
            Some(other) if other.strength < need.strength => *other = need,
            Some(_) => {}
            None => self.0.push(need),
        }
    }

    /// Tells whether an action is among the needs already.
    pub(super) fn has(&self, action: &str) -> bool {
        self.0.iter().any(|need| need.action == action)
    }

    /// The needs, to be changed in place.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Need> {
        self.0.iter_mut()
    }

    /// Replaces all needs.
    pub(super) fn replace(&mut self, needs: Vec<Need>) {
        self.0 = needs;
    }

    /// The answer: objects are read off the record.
    pub(super) fn finish(self, request: &Request<'_>) -> Vec<MappedAction> {
        let read = |need: Need| {
            let Resources { arns, basis } = match need.on {
                On::Object => {
                    resource::of(&request.plan.kinds(need.action, request.catalog), request)
                }
                On::Arn(arn) if !resource::reads_as_pattern(&arn) => Resources::named(arn),
                On::Arn(_) | On::Unknown => Resources::unknown(),
            };
            MappedAction {
                action: Cow::Borrowed(need.action),
                strength: need.strength,
                basis: need.basis,
                resources: arns,
                resource_basis: basis,
            }
        };
        self.0.into_iter().map(read).collect()
    }
}
