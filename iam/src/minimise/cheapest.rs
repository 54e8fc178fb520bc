//! The cheapest cover: sets with their costs in, the places of those to take out.
//!
//! Found by branch and bound: the member that fewest sets hold is covered by each of these in turn, and a
//! branch ends where what it took, and what the rest costs at least, is no less than the best so far.
//! Source: N. Christofides, S. Korman, "A computational survey of methods for the set covering problem",
//! Management Science 21(5), 1975.

use std::collections::{BTreeMap, BTreeSet};

/// How many branches are looked at before the best so far is taken; chosen, some milliseconds.
const MOST_BRANCHES: usize = 20_000;

/// Members that can be taken together, at a cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Set {
    pub(super) cost: usize,
    pub(super) members: BTreeSet<usize>,
}

struct Search<'a> {
    sets: &'a [Set],
    /// The sets that hold a member.
    holding: BTreeMap<usize, Vec<usize>>,
    best: Vec<usize>,
    least: usize,
    branches: usize,
}

/// The sets to take, by their places, so that every member of any set is held and the sum of the costs is
/// the least; where the search is too long, no more than that of `known`, a cover.
pub(super) fn cheapest(sets: &[Set], known: Vec<usize>) -> Vec<usize> {
    let useful = without_dominated(sets);
    let mut holding: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &place in &useful {
        for &member in sets.get(place).iter().flat_map(|set| &set.members) {
            holding.entry(member).or_default().push(place);
        }
    }
    let open = holding.keys().copied().collect();
    let least = cost(sets, &known);
    let mut search = Search {
        sets,
        holding,
        best: known,
        least,
        branches: 0,
    };
    search.branch(&open, &mut Vec::new(), 0);
    search.best
}

fn cost(sets: &[Set], taken: &[usize]) -> usize {
    let taken = taken.iter().filter_map(|&place| sets.get(place));
    taken.map(|set| set.cost).sum()
}

/// The sets of which no other one holds all members for no more; the first of equals.
fn without_dominated(sets: &[Set]) -> Vec<usize> {
    let mut by_members: BTreeMap<&BTreeSet<usize>, usize> = BTreeMap::new();
    for (place, set) in sets.iter().enumerate() {
        let held = by_members.entry(&set.members).or_insert(place);
        if sets.get(*held).is_some_and(|held| set.cost < held.cost) {
            *held = place;
        }
    }
    let distinct: Vec<usize> = by_members.into_values().collect();
    let is_dominated = |place: usize| {
        let Some(own) = sets.get(place) else {
            return true;
        };
        let mut others = distinct.iter().filter_map(|&other| sets.get(other));
        others.any(|other| {
            other.members.len() > own.members.len()
                && other.cost <= own.cost
                && own.members.is_subset(&other.members)
        })
    };
    let useful = distinct
        .iter()
        .copied()
        .filter(|&place| !is_dominated(place));
    let mut useful: Vec<usize> = useful.collect();
    useful.sort_unstable();
    useful
}

impl Search<'_> {
    fn branch(&mut self, open: &BTreeSet<usize>, taken: &mut Vec<usize>, spent: usize) {
        if open.is_empty() {
            if spent < self.least {
                self.least = spent;
                self.best.clone_from(taken);
            }
            return;
        }
        self.branches += 1;
        if self.branches > MOST_BRANCHES || !self.may_do_better(open, spent) {
            return;
        }
        for place in self.tightest(open) {
            let Some(set) = self.sets.get(place) else {
                continue;
            };
            let left = open.difference(&set.members).copied().collect();
            taken.push(place);
            self.branch(&left, taken, spent + set.cost);
            taken.pop();
        }
    }

    /// Tells whether covering what is open may cost less than the best so far: each member costs at least
    /// its share of the set that shares its cost among most.
    fn may_do_better(&self, open: &BTreeSet<usize>, spent: usize) -> bool {
        /// Shares are counted in parts of a character, so that no rounding makes the bound too high.
        const PARTS: usize = 1 << 20;
        let share = |place: &usize| {
            let set = self.sets.get(*place)?;
            let shared = set.members.intersection(open).count().max(1);
            Some(set.cost * PARTS / shared)
        };
        let shares = open.iter().map(|member| {
            let holding = self.holding.get(member).into_iter().flatten();
            holding.filter_map(share).min().unwrap_or(0)
        });
        spent * PARTS + shares.sum::<usize>() < self.least * PARTS
    }

    /// The sets that hold the member which fewest hold, the most fruitful first.
    fn tightest(&self, open: &BTreeSet<usize>) -> Vec<usize> {
        let holding = open.iter().filter_map(|member| self.holding.get(member));
        let mut sets = holding
            .min_by_key(|holding| holding.len())
            .cloned()
            .unwrap_or_default();
        sets.sort_by_cached_key(|&place| {
            let set = self.sets.get(place);
            let shared = set.map_or(0, |set| set.members.intersection(open).count());
            (
                std::cmp::Reverse(shared),
                set.map_or(0, |set| set.cost),
                place,
            )
        });
        sets
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set(cost: usize, members: &[usize]) -> Set {
        Set {
            cost,
            members: members.iter().copied().collect(),
        }
    }

    /// The least cost of any choice of sets that holds every member, by trying all.
    fn least(sets: &[Set]) -> usize {
        let everything: BTreeSet<usize> = sets.iter().flat_map(|set| set.members.clone()).collect();
        let choices = (0_u32..1 << sets.len()).map(|bits| {
            let places = 0..sets.len();
            places
                .filter(|place| bits >> place & 1 == 1)
                .collect::<Vec<_>>()
        });
        let covers = choices.filter(|taken| {
            let held: BTreeSet<usize> = taken
                .iter()
                .flat_map(|&one| sets[one].members.clone())
                .collect();
            held == everything
        });
        covers.map(|taken| cost(sets, &taken)).min().unwrap()
    }

    #[test]
    fn the_greedy_choice_is_given_up_for_a_cheaper_one() {
        let sets = [
            set(3, &[0, 1, 2, 3]),
            set(4, &[0, 1, 4]),
            set(4, &[2, 3, 5]),
        ];
        assert_eq!(cheapest(&sets, vec![0, 1, 2]), [1, 2]);
    }

    #[test]
    fn the_known_cover_stays_where_none_is_cheaper() {
        let sets = [set(2, &[0]), set(2, &[1]), set(9, &[0, 1])];
        assert_eq!(cheapest(&sets, vec![0, 1]), [0, 1]);
    }

    proptest! {
        #[test]
        fn no_choice_costs_less(
            sets in proptest::collection::vec(
                (1_usize..9, proptest::collection::btree_set(0_usize..7, 1..5)),
                1..10,
            )
        ) {
            let sets: Vec<Set> = sets.into_iter().map(|(cost, members)| Set { cost, members }).collect();
            let all = (0..sets.len()).collect();
            prop_assert_eq!(cost(&sets, &cheapest(&sets, all)), least(&sets));
        }
    }
}
