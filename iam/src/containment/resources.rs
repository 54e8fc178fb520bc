//! The resources of a part, for an action that some statements are about.
//!
//! Every set of these statements that some resource within the pattern is about is looked at, and the
//! resource `*`, on which actions are decided that take none.

use super::clause::Piece;
use super::frame::{Frame, Role};
use super::lanes::{self, Bound, Reading};
use super::search::{Ended, Watch};
use crate::pattern::product::{Lane, Next, Product, Search};

impl Frame<'_> {
    /// Hands over resources within the pattern that may not be fine for an action that these peers are
    /// about.
    pub(super) fn resources(
        &self,
        resource: Option<&Piece<'_>>,
        about: &[usize],
        reading: Reading,
        work: &mut usize,
        take_up: &mut dyn FnMut(&str) -> Next,
    ) -> Ended {
        let watch = self.watch_resources(resource, about, reading);
        let within = |own: Option<Lane>| own.map(|own| vec![lanes::arns(), own]);
        let bounds = match resource {
            Some(resource) => within(lanes::own(resource, reading)),
            None => Some(vec![lanes::arns()]),
        };
        // What is fine whatever the variables stand for need not be looked at letter by letter.
        let open = resource
            .filter(|resource| resource.has_variables())
            .and_then(|resource| within(lanes::open(resource, reading)));
        let mut stop = |_: &str| Next::Stop;
        let is_fine = open.is_some_and(|open| {
            let search = self.search_within(&open, &watch, about, work, &mut stop);
            search == Search::Whole
        });
        let search = match bounds {
            Some(bounds) if !is_fine => self.search_within(&bounds, &watch, about, work, take_up),
            _ => Search::Whole,
        };
        match search {
            Search::TooLarge => return Ended::TooLarge,
            Search::Stopped => return Ended::Stopped,
            Search::Whole => {}
        }
        if self.is_fine_without_resource(resource, about) || take_up("*") == Next::GoOn {
            Ended::Whole
        } else {
            Ended::Stopped
        }
    }

    /// Hands over the resources within the bounds that may not be fine.
    fn search_within(
        &self,
        within: &[Lane],
        watch: &Watch,
        about: &[usize],
        work: &mut usize,
        take_up: &mut dyn FnMut(&str) -> Next,
    ) -> Search {
        let product = Product {
            within,
            watched: &watch.lanes,
            cut: &watch.cut,
        };
        let mut visit = |took: &[usize], text: &dyn Fn() -> String| match watch.owners(took) {
            Some(owners) if !self.is_fine(&self.on_resource(&owners, about)) => take_up(&text()),
            _ => Next::GoOn,
        };
        product.search(work, &mut visit)
    }

    fn watch_resources(
        &self,
        resource: Option<&Piece<'_>>,
        about: &[usize],
        reading: Reading,
    ) -> Watch {
        // What the allow itself leaves out is no matter, also where a variable hides what that is.
        let is_left_out =
            |piece: &Piece<'_>| self.own.other_resources && self.own.leaves_out_resource(piece);
        let meets = |piece: &&Piece<'_>| {
            resource.is_none_or(|resource| piece.may_overlap(resource)) && !is_left_out(piece)
        };
        let mut watch = Watch::default();
        if self.own.other_resources {
            let lanes = self.own.resources.iter();
            for lane in lanes.filter_map(|piece| lanes::watched(piece, reading, Bound::Lower)) {
                watch.add(None, lane, true);
            }
        }
        for &place in about {
            let Some(peer) = self.peers.get(place) else {
                continue;
            };
            let bound = bound(&peer.role, peer.clause.other_resources);
            let cut = !peer.clause.other_resources && self.settles(place);
            let lanes = peer.clause.resources.iter().filter(meets);
            for lane in lanes.filter_map(|piece| lanes::watched(piece, reading, bound)) {
                watch.add(Some(place), lane, cut);
            }
        }
        watch
    }

    /// Those of the peers about an action that are about a resource, too.
    fn on_resource(&self, took: &[usize], about: &[usize]) -> Vec<usize> {
        let mut on_resource = self.about(took, |peer| peer.clause.other_resources);
        on_resource.retain(|place| about.binary_search(place).is_ok());
        let unsettled = about.iter().filter(|&&place| {
            let peer = self.peers.get(place);
            peer.is_some_and(|peer| {
                peer.clause.is_unsettled() && matches!(peer.role, Role::Denies { .. })
            })
        });
        on_resource.extend(unsettled);
        on_resource.sort_unstable();
        on_resource
    }

    /// Tells that the action is fine where it takes no resource, or is not allowed there.
    fn is_fine_without_resource(&self, resource: Option<&Piece<'_>>, about: &[usize]) -> bool {
        let is_allowed = match resource {
            Some(resource) => resource.takes_no_resource(Bound::Upper),
            None => !takes_none(&self.own.resources, Bound::Lower),
        };
        let took = about.iter().copied().filter(|&place| {
            self.peers.get(place).is_some_and(|peer| {
                let bound = bound(&peer.role, peer.clause.other_resources);
                takes_none(&peer.clause.resources, bound)
            })
        });
        let took: Vec<usize> = took.collect();
        !is_allowed || self.is_fine(&self.on_resource(&took, about))
    }
}

fn takes_none(pieces: &[Piece<'_>], bound: Bound) -> bool {
    pieces.iter().any(|piece| piece.takes_no_resource(bound))
}

/// Towards which side the patterns of a peer may err without harm to a proof.
fn bound(role: &Role, left_out: bool) -> Bound {
    let bound = match role {
        Role::Denies { .. } => Bound::Upper,
        Role::Spares { .. } | Role::Allows => Bound::Lower,
    };
    if left_out { bound.opposite() } else { bound }
}
