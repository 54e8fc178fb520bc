//! A request that tells two sides apart: an action and a resource in, values of condition keys found.
//!
//! Values are tried for one open key after the other: those that the policies name, values beside
//! them, and none. The evaluator has the last word.
//!
//! INVARIANT: every witness was decided twice: allowed by the narrow side, denied by the wide one.

use super::Witness;
use super::candidates::Candidates;
use super::variable::Variables;
use crate::document::Document;
use crate::evaluate::{Decision, Request, evaluate};
use crate::index::ActionIndex;
use crate::policy::{Context, NamedPolicy, PolicyKind, RolePolicies};

/// The most combinations of values that are tried for one action and resource; chosen.
const MOST_TRIES: usize = 400;

/// The most combinations of values that are tried in all; chosen, some hundredths of a second.
const MOST_TRIES_IN_ALL: usize = 4000;

/// The values that a policy variable is given in a resource, one after the other; chosen so that the
/// first is no text that a policy names.
const MOST_VALUES: usize = 12;

/// Both sides, ready to be asked.
pub(super) struct Judge {
    narrow: RolePolicies,
    wide: RolePolicies,
    candidates: Candidates,
    tries_left: usize,
}

impl Judge {
    pub(super) fn new(wide: &[Document], narrow: &[Document]) -> Self {
        Self {
            narrow: policies(narrow),
            wide: policies(wide),
            candidates: Candidates::of(wide.iter().chain(narrow)),
            tries_left: MOST_TRIES_IN_ALL,
        }
    }

    /// A request with this action on this resource, of which letters stand for variables.
    pub(super) fn witness(
        &mut self,
        action: &str,
        resource: &str,
        variables: &Variables,
        index: &ActionIndex,
    ) -> Option<Witness> {
        let at_first = MOST_TRIES.min(self.tries_left);
        let mut tries = at_first;
        for (resource, mut context) in self.filled(resource, variables) {
            let is_found = self.search(action, &resource, &mut context, &mut tries);
            self.tries_left = self.tries_left.saturating_sub(at_first - tries);
            if is_found {
                let action = action.to_owned();
                let in_catalog = index.place(&action).is_some();
                return Some(Witness {
                    action,
                    in_catalog,
                    resource,
                    context,
                });
            }
        }
        None
    }

    /// The resource with values for its variables, and these values.
    fn filled(&self, resource: &str, variables: &Variables) -> Vec<(String, Context)> {
        let variables = variables.in_text(resource);
        if variables.is_empty() {
            return vec![(resource.to_owned(), Context::new())];
        }
        let fill = |turn: usize| {
            let mut filled = resource.to_owned();
            let mut context = Context::new();
            for variable in &variables {
                let own = || vec![self.candidates.value(&variable.key, turn)];
                let values = context.entry(variable.key.clone()).or_insert_with(own);
                let value = values.first().map_or("", String::as_str);
                filled = filled.replace(variable.letter, value);
            }
            (filled, context)
        };
        let missing = || {
            let mut filled = resource.to_owned();
            let mut context = Context::new();
            for variable in &variables {
                filled = filled.replace(variable.letter, variable.default.as_deref()?);
                context.insert(variable.key.clone(), Vec::new());
            }
            Some((filled, context))
        };
        (0..MOST_VALUES).map(fill).chain(missing()).collect()
    }

    fn search(
        &self,
        action: &str,
        resource: &str,
        context: &mut Context,
        tries: &mut usize,
    ) -> bool {
        let Some(left) = tries.checked_sub(1) else {
            return false;
        };
        *tries = left;
        let request = Request {
            action,
            resource: Some(resource),
            context: context.clone(),
        };
        let (allowed, mut open) = match evaluate(&self.narrow, &request) {
            Decision::Allowed { .. } => (true, Vec::new()),
            Decision::Undecided { on } => (false, on),
            Decision::ExplicitlyDenied { .. } | Decision::ImplicitlyDenied { .. } => return false,
        };
        match evaluate(&self.wide, &request) {
            Decision::Allowed { .. } => return false,
            Decision::Undecided { on } => open.extend(on),
            Decision::ExplicitlyDenied { .. } | Decision::ImplicitlyDenied { .. } => {
                if allowed {
                    return true;
                }
            }
        }
        let known = |key: &String| !context.contains_key(key);
        let next = open.into_iter().filter(known);
        let next = next.filter_map(|key| Some((self.candidates.get(&key)?, key)));
        let Some((candidates, key)) = { next }.next() else {
            return false;
        };
        for candidate in candidates {
            context.insert(key.clone(), candidate.clone());
            if self.search(action, resource, context, tries) {
                return true;
            }
        }
        context.remove(&key);
        false
    }
}

fn policies(documents: &[Document]) -> RolePolicies {
    let named = |document: &Document| NamedPolicy {
        name: String::new(),
        arn: None,
        kind: PolicyKind::Inline,
        attachments: 1,
        document: document.clone(),
    };
    RolePolicies {
        identity: documents.iter().map(named).collect(),
        ..RolePolicies::default()
    }
}
