//! What an event's source and name tell, before any parameter is read: the pair in, the actions and what to look for out.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use super::operation::{Answer, Operation, resolve, unknown};
use super::resource::Kinds;
use super::{Basis, Strength};
use crate::catalog::{Action, Catalog};

/// What the records of one source and name have in common.
#[derive(Debug)]
pub(super) enum Plan<'c> {
    /// They are calls of this operation.
    Call(CallPlan<'c>),
    /// They need no action, for this reason.
    NoAction(&'static str),
    /// The catalog does not know them, for lack of this.
    Unmapped(String),
}

/// A known operation.
pub(super) struct CallPlan<'c> {
    /// The IAM prefix of the service.
    pub(super) prefix: Box<str>,
    /// The operation's name, without a version.
    pub(super) name: Box<str>,
    /// The actions that the operation is authorized by.
    pub(super) actions: Vec<&'static str>,
    /// How sure they are.
    pub(super) strength: Strength,
    /// What they rest on.
    pub(super) basis: Basis,
    /// On what ground the operation is listed as one that can pass a role.
    pub(super) passes_role: Option<Basis>,
    /// The actions that the operation may need besides.
    pub(super) dependents: Vec<(&'c Action, Basis)>,
    /// The service's `TagResource`, if there is one.
    pub(super) tag_resource: Option<&'c Action>,
    /// The kinds of resource of the actions that came up so far.
    kinds: RefCell<Vec<(&'static str, Arc<Kinds>)>>,
}

impl<'c> Plan<'c> {
    pub(super) fn of(source: &str, name: &str, catalog: &'c Catalog) -> Self {
        match resolve(source, name, catalog) {
            Some(Answer::Operation(operation)) => Self::Call(CallPlan::of(&operation, catalog)),
            Some(Answer::NoAction(reason)) => Self::NoAction(reason),
            None => Self::Unmapped(unknown(source, name, catalog)),
        }
    }
}

impl<'c> CallPlan<'c> {
    fn of(operation: &Operation<'_>, catalog: &'c Catalog) -> Self {
        let operations = catalog.operations();
        let dependents = operations.dependents(&operation.key);
        Self {
            prefix: operation.prefix.into(),
            name: operation.name.into(),
            actions: operation.actions.clone(),
            strength: operation.strength,
            basis: operation.basis,
            passes_role: operations.passes_role(&operation.key),
            dependents: dependents
                .filter_map(|(name, basis)| Some((catalog.action(name)?, basis)))
                .collect(),
            tag_resource: catalog.action(&format!("{}:TagResource", operation.prefix)),
            kinds: RefCell::default(),
        }
    }

    /// The kinds of resource of an action that the operation needs.
    pub(super) fn kinds(&self, action: &'static str, catalog: &Catalog) -> Arc<Kinds> {
        let mut known = self.kinds.borrow_mut();
        if let Some((_, kinds)) = known.iter().find(|(name, _)| *name == action) {
            return Arc::clone(kinds);
        }
        let kinds = Arc::new(Kinds::of(action, &self.name, catalog));
        known.push((action, Arc::clone(&kinds)));
        kinds
    }
}

impl fmt::Debug for CallPlan<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.prefix, self.name)
    }
}
