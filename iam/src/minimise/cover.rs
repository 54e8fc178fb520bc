//! The patterns of one service: its actions, some of them wanted, in; few short patterns out.
//!
//! Candidates are the beginnings, endings, inner parts, and beginnings with endings that two wanted
//! names share and no unwanted one has, and the names in full. A good list takes the one that costs least
//! for each name, again and again; from there the shortest of all is searched for.

use std::collections::{BTreeMap, BTreeSet};

use super::Wildcards;
use super::cheapest::{Set, cheapest};
use crate::pattern::wildcard_match;

/// What a pattern costs besides its characters: two quotes and a comma.
const OVERHEAD: usize = 3;

/// A service's actions, sorted by their names in lower case.
pub(super) struct Service<'a> {
    prefix: &'a str,
    names: Vec<Name<'a>>,
}

struct Name<'a> {
    /// Without the service, as AWS writes it.
    text: &'a str,
    lower: String,
    wanted: bool,
}

/// A pattern with the places of the names that it matches, which are all wanted.
#[derive(Clone)]
struct Candidate {
    pattern: String,
    matched: BTreeSet<usize>,
}

impl<'a> Service<'a> {
    pub(super) fn new(names: impl Iterator<Item = (&'a str, bool)>) -> Self {
        let mut service = Self {
            prefix: "",
            names: Vec::new(),
        };
        for (name, wanted) in names {
            let (prefix, text) = name.split_once(':').unwrap_or(("", name));
            service.prefix = prefix;
            service.names.push(Name {
                text,
                lower: text.to_ascii_lowercase(),
                wanted,
            });
        }
        service
    }

    /// The patterns that match the wanted names and no other one of the service.
    pub(super) fn patterns(&self, wildcards: Wildcards) -> Vec<String> {
        let names = self.names.iter().enumerate();
        let wanted = names.filter(|(_, name)| name.wanted);
        let mut open: BTreeSet<usize> = wanted.map(|(place, _)| place).collect();
        if open.len() > 1 && open.len() == self.names.len() {
            return vec![format!("{}:*", self.prefix)];
        }
        let mut candidates = self.candidates(&open, wildcards);
        candidates.extend(open.iter().filter_map(|&place| self.in_full(place)));
        let sets: Vec<Set> = candidates.iter().map(|one| self.set(one)).collect();
        let mut taken: Vec<usize> = Vec::new();
        while let Some(best) = best(&sets, &open) {
            open.retain(|place| {
                sets.get(best)
                    .is_none_or(|set| !set.members.contains(place))
            });
            taken.push(best);
        }
        let taken = cheapest(&sets, taken).into_iter();
        let taken = taken.filter_map(|place| candidates.get(place));
        taken
            .map(|taken| format!("{}:{}", self.prefix, taken.pattern))
            .collect()
    }

    fn in_full(&self, place: usize) -> Option<Candidate> {
        Some(Candidate {
            pattern: self.names.get(place)?.text.to_owned(),
            matched: [place].into(),
        })
    }

    fn set(&self, candidate: &Candidate) -> Set {
        Set {
            cost: self.prefix.len() + 1 + candidate.pattern.len() + OVERHEAD,
            members: candidate.matched.clone(),
        }
    }

    /// The patterns that match two wanted names or more and no other, sorted.
    fn candidates(&self, wanted: &BTreeSet<usize>, wildcards: Wildcards) -> Vec<Candidate> {
        let mut found: BTreeMap<String, Candidate> = BTreeMap::new();
        for &place in wanted {
            let Some(name) = self.names.get(place) else {
                continue;
            };
            for pattern in parts(name.text, wildcards) {
                let lower = pattern.to_ascii_lowercase();
                let candidate = found.entry(lower).or_insert_with(|| Candidate {
                    pattern,
                    matched: BTreeSet::new(),
                });
                candidate.matched.insert(place);
            }
        }
        found.retain(|_, candidate| candidate.matched.len() > 1);
        found.retain(|lower, _| {
            let mut unwanted = self.names.iter().filter(|name| !name.wanted);
            !unwanted.any(|name| wildcard_match(lower, &name.lower))
        });
        for (lower, candidate) in &mut found {
            // A part may stand elsewhere in a name than between words.
            let others = wanted.iter().filter(|&&place| {
                let name = self.names.get(place);
                name.is_some_and(|name| wildcard_match(lower, &name.lower))
            });
            candidate.matched.extend(others);
        }
        found.into_values().collect()
    }
}

/// Patterns that match the name: a part of it, and stars for the rest.
fn parts(name: &str, wildcards: Wildcards) -> BTreeSet<String> {
    let words = boundaries(name);
    let cuts: Vec<usize> = match wildcards {
        Wildcards::ForWords => words.clone(),
        Wildcards::Anywhere => (1..name.len()).collect(),
    };
    let mut parts = BTreeSet::new();
    for &cut in &cuts {
        if let Some((beginning, ending)) = name.split_at_checked(cut) {
            parts.insert(format!("{beginning}*"));
            parts.insert(format!("*{ending}"));
        }
    }
    for (index, &from) in words.iter().enumerate() {
        for &to in words.iter().skip(index) {
            let beginning = name.get(..from).unwrap_or_default();
            let inner = name.get(from..to).unwrap_or_default();
            let ending = name.get(to..).unwrap_or_default();
            parts.insert(format!("{beginning}*{ending}"));
            if !inner.is_empty() {
                parts.insert(format!("*{inner}*"));
            }
        }
    }
    parts
}

/// Where the words of a name begin, but for the first.
fn boundaries(name: &str) -> Vec<usize> {
    let bytes = name.as_bytes();
    let is_upper = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_uppercase);
    let is_lower = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_lowercase);
    (1..bytes.len())
        .filter(|&at| is_upper(at) && (!is_upper(at - 1) || is_lower(at + 1)))
        .collect()
}

/// The set that costs least for each open member, the first among equals.
fn best(sets: &[Set], open: &BTreeSet<usize>) -> Option<usize> {
    let shares = sets.iter().enumerate().filter_map(|(place, set)| {
        let shared = set.members.intersection(open).count();
        (shared > 0).then_some((set.cost, shared, place))
    });
    let least = shares.min_by(|one, other| (one.0 * other.1).cmp(&(other.0 * one.1)));
    least.map(|(_, _, place)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&str], wildcards: Wildcards) -> Vec<String> {
        let names = names.iter().map(|name| match name.strip_prefix('+') {
            Some(wanted) => (wanted, true),
            None => (*name, false),
        });
        let mut found = Service::new(names).patterns(wildcards);
        found.sort();
        found
    }

    #[test]
    fn endings_and_inner_parts_are_used_where_they_save_more() {
        let names = [
            "+a:CreateTags",
            "+a:DeleteTags",
            "a:DescribeThings",
            "+a:ListTags",
        ];
        assert_eq!(found(&names, Wildcards::ForWords), ["a:*Tags"]);
        let names = ["+a:GetBigTagOne", "a:GetOne", "+a:PutBigTagTwo", "a:PutTwo"];
        assert_eq!(found(&names, Wildcards::ForWords), ["a:*Big*"]);
        let names = [
            "+a:GetBigPolicy",
            "a:GetBigTag",
            "+a:GetPolicy",
            "a:PutPolicy",
        ];
        assert_eq!(found(&names, Wildcards::ForWords), ["a:Get*Policy"]);
    }

    #[test]
    fn words_are_cut_only_on_demand() {
        let names = ["+a:DescribeOne", "+a:DescribeTwo", "a:GetOne"];
        assert_eq!(found(&names, Wildcards::ForWords), ["a:Describe*"]);
        assert_eq!(found(&names, Wildcards::Anywhere), ["a:D*"]);
    }
}
