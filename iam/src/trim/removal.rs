//! The actions to remove, sorted by what the catalog knows of them.

use std::collections::BTreeSet;

use crate::document::{ActionElement, Document, Effect};
use crate::evaluate::action_matches;
use crate::index::ActionIndex;
use crate::pattern::wildcard_match_ignore_case;

/// Those of the given actions that a document allows.
pub(super) struct Removal<'a> {
    pub(super) index: &'a ActionIndex,
    /// For each action of the catalog, whether it is to be removed.
    cells: Vec<bool>,
    /// In lower case, those that the catalog lacks.
    pub(super) strangers: BTreeSet<String>,
    /// All of them as they were given.
    pub(super) given: BTreeSet<String>,
}

impl<'a> Removal<'a> {
    /// Picks the actions out that some allow of the document is about.
    pub(super) fn new(
        document: &Document,
        actions: &BTreeSet<String>,
        index: &'a ActionIndex,
    ) -> Self {
        let allows = || {
            let statements = document.statements.iter();
            statements
                .filter(|one| one.effect == Effect::Allow)
                .map(|one| &one.actions)
        };
        let allowed = index.cells(allows().flat_map(|element| index.expand_element(element)));
        let mut removal = Self {
            index,
            cells: index.cells(std::iter::empty()),
            strangers: BTreeSet::new(),
            given: BTreeSet::new(),
        };
        for name in actions.iter().filter(|name| !name.contains(['*', '?'])) {
            let is_allowed = match index.place(name) {
                Some(place) => {
                    let is_allowed = allowed.get(place) == Some(&true);
                    if let Some(cell) = removal.cells.get_mut(place) {
                        *cell = is_allowed;
                    }
                    is_allowed
                }
                None if allows().any(|element| action_matches(element, name)) => {
                    removal.strangers.insert(name.to_ascii_lowercase())
                }
                None => false,
            };
            if is_allowed {
                removal.given.insert(name.clone());
            }
        }
        removal
    }

    /// Tells whether the action at a place of the catalog is to be removed.
    pub(super) fn has(&self, place: usize) -> bool {
        self.cells.get(place) == Some(&true)
    }

    /// Tells whether a pattern matches an action to remove.
    pub(super) fn touches(&self, pattern: &str) -> bool {
        let strange = |name: &String| wildcard_match_ignore_case(pattern, name);
        self.index
            .expand(pattern)
            .into_iter()
            .any(|place| self.has(place))
            || self.strangers.iter().any(strange)
    }

    /// The places of the catalog's actions that an element is about and that stay.
    pub(super) fn kept(&self, element: &ActionElement) -> Vec<usize> {
        let places = self.index.expand_element(element).into_iter();
        places.filter(|&place| !self.has(place)).collect()
    }
}
