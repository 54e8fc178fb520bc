//! What an allow lets through, part by part, until a part is found that may not be fine.
//!
//! A part is one action pattern on one resource pattern. Parts that a pair of patterns of the wide
//! side covers are passed by. Of the others, every set of statements that some action is about is
//! found first, and for each such set every set of those that some resource is about.

use std::collections::{BTreeMap, HashSet};
use std::ptr;

use super::clause::Piece;
use super::frame::{Frame, Peer, Role};
use super::lanes::{self, Reading};
use crate::evaluate::action_matches;
use crate::index::ActionIndex;
use crate::pattern::Glob;
use crate::pattern::product::{Lane, Next, Product, Search};

/// How many names of the catalog are tried in place of a made-up one; chosen.
const MOST_NAMES: usize = 64;

/// What a search looks through.
pub(super) struct Field<'a> {
    pub(super) index: &'a ActionIndex,
    /// Whether only actions of the catalog count.
    pub(super) listed_only: bool,
    pub(super) reading: Reading,
}

/// How a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// All was looked at.
    Whole,
    /// It was told to stop.
    Stopped,
    /// The work that was left did not suffice.
    TooLarge,
}

/// Is handed an action and a resource that may not be fine.
pub(super) type TakeUp<'a> = &'a mut dyn FnMut(&str, &str) -> Next;

/// Which lane belongs to which peer; `None` for what the allow itself leaves out.
#[derive(Default)]
pub(super) struct Watch {
    pub(super) lanes: Vec<Lane>,
    owners: Vec<Option<usize>>,
    pub(super) cut: Vec<bool>,
}

impl Watch {
    pub(super) fn add(&mut self, owner: Option<usize>, lane: Lane, cut: bool) {
        self.lanes.push(lane);
        self.owners.push(owner);
        self.cut.push(cut || owner.is_none());
    }

    /// The owners of the lanes that took a text; `None` if the allow leaves the text out.
    pub(super) fn owners(&self, took: &[usize]) -> Option<Vec<usize>> {
        let owners = took
            .iter()
            .filter_map(|&lane| self.owners.get(lane).copied());
        let mut owners: Vec<usize> = owners.collect::<Option<_>>()?;
        owners.dedup();
        Some(owners)
    }
}

impl Frame<'_> {
    /// Hands over what may not be fine until told to stop.
    pub(super) fn search(&self, field: &Field<'_>, work: &mut usize, take_up: TakeUp<'_>) -> Ended {
        if self.own.is_unsettled() || self.is_covered_by_one() {
            return Ended::Whole;
        }
        let resources = boxes(&self.own.resources, self.own.other_resources);
        // For each resource pattern the sets of peers for which all of it is fine.
        let mut fine: HashSet<(*const Piece<'_>, Vec<usize>)> = HashSet::new();
        for action in boxes(&self.own.actions, self.own.other_actions) {
            let open = self.open_resources(action, &resources);
            if open.is_empty() {
                continue;
            }
            let Some(sets) = self.action_sets(action, &open, field, work) else {
                return Ended::TooLarge;
            };
            for (about, made_up) in sets {
                for &resource in &open {
                    let part = (resource.map_or(ptr::null(), ptr::from_ref), about.clone());
                    if fine.contains(&part) {
                        continue;
                    }
                    let mut is_fine = true;
                    // A name is looked for only where it is needed.
                    let mut with_name = |arn: &str| {
                        is_fine = false;
                        let name = self.listed_name(action, &about, field.index);
                        take_up(name.as_ref().unwrap_or(&made_up), arn)
                    };
                    match self.resources(resource, &about, field.reading, work, &mut with_name) {
                        Ended::Whole if is_fine => {
                            fine.insert(part);
                        }
                        Ended::Whole => {}
                        ended => return ended,
                    }
                }
            }
        }
        Ended::Whole
    }

    /// The resource patterns on which no pair of patterns shows that the action pattern is fine.
    fn open_resources<'b>(
        &self,
        action: Option<&Glob>,
        resources: &[Option<&'b Piece<'b>>],
    ) -> Vec<Option<&'b Piece<'b>>> {
        let undenied = self.is_undenied();
        let takes_action = |peer: &&Peer<'_>| match action {
            Some(action) => peer.clause.takes_action(action),
            None => peer.clause.covers_actions(self.own),
        };
        let allows = self.peers.iter().filter(|peer| peer.role == Role::Allows);
        let taking: Vec<_> = allows.filter(|_| undenied).filter(takes_action).collect();
        let is_open = |resource: Option<&Piece<'_>>| {
            !taking.iter().any(|peer| match resource {
                Some(resource) => peer.clause.takes_resource(resource),
                None => peer.clause.covers_resources(self.own),
            })
        };
        let resources = resources.iter().copied();
        resources.filter(|&resource| is_open(resource)).collect()
    }

    /// Every set of peers that are about some action within the pattern, with such an action; `None`
    /// if there is too much to look at.
    fn action_sets(
        &self,
        action: Option<&Glob>,
        open: &[Option<&Piece<'_>>],
        field: &Field<'_>,
        work: &mut usize,
    ) -> Option<BTreeMap<Vec<usize>, String>> {
        if field.listed_only {
            return self.listed_sets(action, field.index, work);
        }
        if let Some((action, about)) = self.at_sight(action) {
            return single(action, about, work);
        }
        let watch = self.watch_actions(action, open);
        let mut within = vec![lanes::action_names()];
        within.extend(action.map(|action| lanes::action(action.tokens())));
        let product = Product {
            within: &within,
            watched: &watch.lanes,
            cut: &watch.cut,
        };
        let mut sets = BTreeMap::new();
        let mut visit = |took: &[usize], text: &dyn Fn() -> String| {
            if let Some(owners) = watch.owners(took) {
                let about = self.about(&owners, |peer| peer.clause.other_actions);
                sets.entry(about).or_insert_with(text);
            }
            Next::GoOn
        };
        match product.search(work, &mut visit) {
            Search::TooLarge => None,
            Search::Whole | Search::Stopped => Some(sets),
        }
    }

    /// The peers about an action pattern, where each is about all or none of it at sight.
    fn at_sight<'g>(&self, action: Option<&'g Glob>) -> Option<(&'g Glob, Vec<usize>)> {
        let action = action?;
        let mut about = Vec::new();
        for (place, peer) in self.peers.iter().enumerate() {
            if peer.clause.takes_action(action) {
                about.push(place);
            } else if !peer.clause.takes_no_action(action) {
                return None;
            }
        }
        Some((action, about))
    }

    fn watch_actions(&self, action: Option<&Glob>, open: &[Option<&Piece<'_>>]) -> Watch {
        let meets = |glob: &&Glob| action.is_none_or(|action| glob.overlaps(action));
        let mut watch = Watch::default();
        if self.own.other_actions {
            for glob in self.own.actions.iter().filter(meets) {
                watch.add(None, lanes::action(glob.tokens()), true);
            }
        }
        for (place, peer) in self.peers.iter().enumerate() {
            let takes_all = || {
                open.iter().all(|resource| match resource {
                    Some(resource) => peer.clause.takes_resource(resource),
                    None => peer.clause.covers_resources(self.own),
                })
            };
            let cut = !peer.clause.other_actions && self.settles(place) && takes_all();
            for glob in peer.clause.actions.iter().filter(meets) {
                watch.add(Some(place), lanes::action(glob.tokens()), cut);
            }
        }
        watch
    }

    /// As [`Frame::action_sets`], for the actions of the catalog alone.
    fn listed_sets(
        &self,
        action: Option<&Glob>,
        index: &ActionIndex,
        work: &mut usize,
    ) -> Option<BTreeMap<Vec<usize>, String>> {
        let places = match action {
            Some(action) => index.expand(&action.text()),
            None => index.expand_element(&self.own.statement.actions),
        };
        let cells = self
            .peers
            .iter()
            .map(|peer| index.cells(index.expand_element(&peer.clause.statement.actions)));
        let cells: Vec<Vec<bool>> = cells.collect();
        *work = work.checked_sub(cells.len() * (index.entries().len() + places.len()))?;
        let mut sets = BTreeMap::new();
        for place in places {
            let about = cells.iter().enumerate();
            let about = about.filter(|(_, cells)| cells.get(place) == Some(&true));
            let about: Vec<usize> = about.map(|(peer, _)| peer).collect();
            if let Some(entry) = index.entries().get(place) {
                sets.entry(about).or_insert_with(|| entry.name.clone());
            }
        }
        Some(sets)
    }

    /// An action of the catalog within the pattern that just these peers are about.
    fn listed_name(
        &self,
        action: Option<&Glob>,
        about: &[usize],
        index: &ActionIndex,
    ) -> Option<String> {
        let places = match action {
            Some(action) => index.expand(&action.text()),
            None => index.expand_element(&self.own.statement.actions),
        };
        let names = places.into_iter().take(MOST_NAMES);
        let mut names = names.filter_map(|place| Some(&index.entries().get(place)?.name));
        let fits = |name: &&String| {
            let peers = self.peers.iter().enumerate();
            let matching = peers
                .filter(|(_, peer)| action_matches(&peer.clause.statement.actions, name))
                .map(|(place, _)| place);
            matching.eq(about.iter().copied())
        };
        names.find(fits).cloned()
    }

    /// The peers that are about a text, given those of which a pattern took it.
    pub(super) fn about(
        &self,
        took: &[usize],
        is_left_out: impl Fn(&Peer<'_>) -> bool,
    ) -> Vec<usize> {
        let peers = self.peers.iter().enumerate();
        let about =
            peers.filter(|(place, peer)| took.binary_search(place).is_ok() != is_left_out(peer));
        about.map(|(place, _)| place).collect()
    }
}

/// One set for all actions within the pattern, if there are any; `None` if there is too much to look at.
fn single(
    action: &Glob,
    about: Vec<usize>,
    work: &mut usize,
) -> Option<BTreeMap<Vec<usize>, String>> {
    let product = Product {
        within: &[lanes::action_names(), lanes::action(action.tokens())],
        watched: &[],
        cut: &[],
    };
    let mut name = None;
    let mut visit = |_: &[usize], text: &dyn Fn() -> String| {
        name = Some(text());
        Next::Stop
    };
    match product.search(work, &mut visit) {
        Search::TooLarge => None,
        Search::Whole | Search::Stopped => {
            Some(name.map(|name| (about, name)).into_iter().collect())
        }
    }
}

/// The patterns one by one, or one part for all that they leave out.
fn boxes<T>(patterns: &[T], left_out: bool) -> Vec<Option<&T>> {
    if left_out {
        vec![None]
    } else {
        patterns.iter().map(Some).collect()
    }
}
