//! Proves an edit before it is handed out, by other means than those that made it.

use std::collections::BTreeSet;

use super::TrimError;
use super::edit::Edit;
use super::removal::Removal;
use crate::document::{ActionElement, Document, Effect, Statement};
use crate::evaluate::action_matches;
use crate::pattern::covers;

/// Checks every statement of the edited document against the old one.
pub(super) fn check(
    old: &Document,
    new: Option<&Document>,
    edits: &[Edit],
    removal: &Removal<'_>,
) -> Result<(), TrimError> {
    let mut left = new.map_or(&[][..], |document| &document.statements).iter();
    for (place, (statement, edit)) in old.statements.iter().zip(edits).enumerate() {
        let lost = TrimError::OtherParts { statement: place };
        let successor = match edit {
            Edit::Drop => None,
            Edit::Keep | Edit::Replace(_) => Some(left.next().ok_or(lost)?),
        };
        let check = Check {
            place,
            old: statement,
            new: successor,
        };
        check.parts()?;
        check.actions(removal)?;
        check.patterns()?;
    }
    Ok(())
}

struct Check<'a> {
    place: usize,
    old: &'a Statement,
    new: Option<&'a Statement>,
}

impl Check<'_> {
    /// Everything but the actions is as it was; of a deny, the actions too.
    fn parts(&self) -> Result<(), TrimError> {
        let may_change = self.old.effect == Effect::Allow;
        let same = self.new.map_or(may_change, |new| {
            let mut compared = new.clone();
            if may_change {
                compared.actions.clone_from(&self.old.actions);
            }
            compared == *self.old
        });
        let changed = TrimError::OtherParts {
            statement: self.place,
        };
        if same { Ok(()) } else { Err(changed) }
    }

    /// The statement is about the actions of the catalog that it was about, less the removed ones,
    /// and about no removed one that the catalog lacks.
    fn actions(&self, removal: &Removal<'_>) -> Result<(), TrimError> {
        if self.old.effect == Effect::Deny {
            return Ok(());
        }
        let index = removal.index;
        let after = self
            .new
            .map_or_else(Vec::new, |new| index.expand_element(&new.actions));
        let expected: BTreeSet<usize> = removal.kept(&self.old.actions).into_iter().collect();
        let found: BTreeSet<usize> = after.into_iter().collect();
        let odd = expected.symmetric_difference(&found).next();
        let odd = odd
            .and_then(|&place| index.entries().get(place))
            .map(|entry| &entry.name);
        let still = |new: &Statement| {
            let mut strangers = removal.strangers.iter();
            strangers.find(|name| action_matches(&new.actions, name))
        };
        match odd.or_else(|| self.new.and_then(still)) {
            None => Ok(()),
            Some(action) => Err(TrimError::OtherActions {
                statement: self.place,
                action: action.clone(),
            }),
        }
    }

    /// Each pattern lies within an old one; a `NotAction` still leaves out all that it did.
    fn patterns(&self) -> Result<(), TrimError> {
        let Some(new) = self.new else {
            return Ok(());
        };
        let (wide, narrow) = match (&self.old.actions, &new.actions) {
            (ActionElement::Action(old), ActionElement::Action(new)) => (old, new),
            (ActionElement::NotAction(old), ActionElement::NotAction(new)) => (new, old),
            _ => {
                let statement = self.place;
                return Err(TrimError::OtherParts { statement });
            }
        };
        let lower: Vec<String> = wide
            .iter()
            .map(|pattern| pattern.to_ascii_lowercase())
            .collect();
        let is_within = |pattern: &&String| {
            let narrow = pattern.to_ascii_lowercase();
            wide.contains(pattern) || lower.iter().any(|wide| covers(wide, &narrow))
        };
        match narrow.iter().find(|pattern| !is_within(pattern)) {
            None => Ok(()),
            Some(pattern) => Err(TrimError::Broader {
                statement: self.place,
                pattern: pattern.clone(),
            }),
        }
    }
}
