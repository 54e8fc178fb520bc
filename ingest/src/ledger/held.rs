//! Identities in memory, day by day, up to a cap.
//!
//! INVARIANT: a day that is held is held whole: an identity that is missing there is missing in the table.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use super::{Day, Identity};

/// Identities of rows. They are prefixes of SHA-256, so that their own bits serve as the hash.
pub(crate) type IdentitySet = HashSet<Identity, BuildHasherDefault<OwnBits>>;

/// Takes the low 64 bits of an identity as its hash.
#[derive(Debug, Default)]
pub(crate) struct OwnBits(u64);

impl Hasher for OwnBits {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 << 8) ^ (self.0 >> 56) ^ u64::from(byte);
        }
    }

    fn write_u128(&mut self, identity: u128) {
        self.0 = u64::try_from(identity & u128::from(u64::MAX)).unwrap_or_default();
    }
}

/// The days that are held.
#[derive(Debug)]
pub(super) struct Held {
    days: BTreeMap<Day, HeldDay>,
    total: usize,
    cap: usize,
    clock: u64,
}

#[derive(Debug, Default)]
struct HeldDay {
    identities: IdentitySet,
    used: u64,
}

/// Days on their way in; given up as a whole when they alone exceed the cap.
#[derive(Debug)]
pub(super) struct Loading {
    days: Option<BTreeMap<Day, IdentitySet>>,
    total: usize,
}

impl Held {
    pub(super) fn new(cap: usize) -> Self {
        Self {
            days: BTreeMap::new(),
            total: 0,
            cap,
            clock: 0,
        }
    }

    /// Those of `wanted` that the day has; none if the day is not held.
    pub(super) fn among(&mut self, day: Day, wanted: &IdentitySet) -> Option<IdentitySet> {
        self.clock += 1;
        let held = self.days.get_mut(&day)?;
        held.used = self.clock;
        Some(
            wanted
                .iter()
                .filter_map(|identity| held.identities.get(identity))
                .copied()
                .collect(),
        )
    }

    /// Holds a whole day.
    pub(super) fn hold(&mut self, day: Day, identities: IdentitySet) {
        self.clock += 1;
        self.total += identities.len();
        let used = self.clock;
        if let Some(old) = self.days.insert(day, HeldDay { identities, used }) {
            self.total -= old.identities.len();
        }
    }

    /// Adds identities that the table has gained, if the day is held.
    pub(super) fn add(&mut self, day: Day, gained: impl Iterator<Item = Identity>) {
        if let Some(held) = self.days.get_mut(&day) {
            let before = held.identities.len();
            held.identities.extend(gained);
            self.total += held.identities.len() - before;
        }
    }

    /// Lets go of the least recently used days until the rest fits.
    pub(super) fn shrink(&mut self) {
        while self.total > self.cap && self.drop_oldest() {}
    }

    /// Lets go of the least recently used day; false if none is held.
    fn drop_oldest(&mut self) -> bool {
        let oldest = self
            .days
            .iter()
            .min_by_key(|(_, held)| held.used)
            .map(|(&day, _)| day);
        match oldest.and_then(|day| self.days.remove(&day)) {
            Some(dropped) => {
                self.total -= dropped.identities.len();
                true
            }
            None => false,
        }
    }

    pub(super) fn clear(&mut self) {
        self.days.clear();
        self.total = 0;
    }

    pub(super) fn loading() -> Loading {
        Loading {
            days: Some(BTreeMap::new()),
            total: 0,
        }
    }

    /// Adds an identity to the days on their way in, for which older days make room.
    pub(super) fn load(&mut self, loading: &mut Loading, day: Day, identity: Identity) {
        let Some(days) = &mut loading.days else {
            return;
        };
        if days.entry(day).or_default().insert(identity) {
            loading.total += 1;
        }
        while self.total + loading.total > self.cap {
            if !self.drop_oldest() {
                loading.days = None;
                return;
            }
        }
    }

    /// Holds the days that were loaded, unless they did not fit.
    pub(super) fn loaded(&mut self, asked: &BTreeSet<Day>, loading: Loading) {
        let Some(mut days) = loading.days else { return };
        for &day in asked {
            self.hold(day, days.remove(&day).unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(identities: impl IntoIterator<Item = u128>) -> IdentitySet {
        identities.into_iter().map(Identity).collect()
    }

    #[test]
    fn the_least_recently_used_day_goes_first() {
        let mut held = Held::new(4);
        held.hold(Some(1), set([1, 2]));
        held.hold(Some(2), set([3, 4]));
        assert_eq!(held.among(Some(1), &set([2, 9])), Some(set([2])));
        held.hold(Some(3), set([5]));
        held.shrink();
        assert_eq!(held.among(Some(2), &set([3])), None);
        assert_eq!(held.among(Some(1), &set([1])), Some(set([1])));
        assert_eq!(held.total, 3);
    }

    #[test]
    fn what_does_not_fit_is_not_held_in_part() {
        let mut held = Held::new(2);
        let mut loading = Held::loading();
        for identity in 0..3 {
            held.load(&mut loading, None, Identity(identity));
        }
        held.loaded(&BTreeSet::from([None]), loading);
        assert_eq!(held.among(None, &set([0])), None);
    }

    #[test]
    fn older_days_make_room_for_one_on_its_way_in() {
        let mut held = Held::new(3);
        held.hold(Some(1), set([1, 2]));
        let mut loading = Held::loading();
        held.load(&mut loading, Some(2), Identity(3));
        held.load(&mut loading, Some(2), Identity(4));
        held.loaded(&BTreeSet::from([Some(2)]), loading);
        assert_eq!(held.among(Some(1), &set([1])), None);
        assert_eq!(held.among(Some(2), &set([4])), Some(set([4])));
        assert_eq!(held.total, 2);
    }

    #[test]
    fn a_day_that_is_not_held_gains_nothing() {
        let mut held = Held::new(2);
        held.add(Some(1), [Identity(1)].into_iter());
        assert_eq!(held.among(Some(1), &set([1])), None);
        assert_eq!(held.total, 0);
    }
}
