//! The patterns of one service: its actions, some of them wanted, in; few short patterns out.
//!
//! Candidates are the beginnings, endings, inner parts, and beginnings with endings that two wanted
//! names share and no unwanted one has. The one that saves most characters is taken, again and again,
//! until none saves any; what is left stands in full. Finding the very shortest list is as hard as
//! covering a set, so the list may be some characters longer than that.

use std::collections::{BTreeMap, BTreeSet};

use super::Wildcards;
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
        let candidates = self.candidates(&open, wildcards);
        let mut taken: Vec<Candidate> = Vec::new();
        while let Some(best) = self.best(&candidates, &open) {
            open.retain(|place| !best.matched.contains(place));
            taken.push(best.clone());
        }
        let in_full = open.iter().filter_map(|&place| {
            Some(Candidate {
                pattern: self.names.get(place)?.text.to_owned(),
                matched: [place].into(),
            })
        });
        taken.extend(in_full);
        let spared = without_spare(taken).into_iter();
        spared
            .map(|taken| format!("{}:{}", self.prefix, taken.pattern))
            .collect()
    }

    /// The candidate that saves most, the first in the order of texts among equals.
    fn best<'c>(
        &self,
        candidates: &'c [Candidate],
        open: &BTreeSet<usize>,
    ) -> Option<&'c Candidate> {
        let cost = |text: &str| self.prefix.len() + 1 + text.len() + OVERHEAD;
        let mut best: Option<(usize, &Candidate)> = None;
        for candidate in candidates {
            let matched = candidate.matched.intersection(open);
            let names = matched.filter_map(|&place| self.names.get(place));
            let in_full: usize = names.map(|name| cost(name.text)).sum();
            let saving = in_full.saturating_sub(cost(&candidate.pattern));
            if saving > best.map_or(0, |(most, _)| most) {
                best = Some((saving, candidate));
            }
        }
        best.map(|(_, candidate)| candidate)
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

/// Leaves out, longest first, what the others match.
fn without_spare(mut taken: Vec<Candidate>) -> Vec<Candidate> {
    taken.sort_by_cached_key(|one| (std::cmp::Reverse(one.pattern.len()), one.pattern.clone()));
    let mut times: BTreeMap<usize, usize> = BTreeMap::new();
    for &place in taken.iter().flat_map(|one| &one.matched) {
        *times.entry(place).or_default() += 1;
    }
    taken.retain(|one| {
        let is_spare = one
            .matched
            .iter()
            .all(|place| times.get(place).is_some_and(|&times| times > 1));
        if is_spare {
            for place in &one.matched {
                times.entry(*place).and_modify(|times| *times -= 1);
            }
        }
        !is_spare
    });
    taken
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

    #[test]
    fn a_pattern_that_others_replace_is_left_out() {
        let one = |pattern: &str, matched: &[usize]| Candidate {
            pattern: pattern.to_owned(),
            matched: matched.iter().copied().collect(),
        };
        let left = without_spare(vec![
            one("ab", &[0, 1]),
            one("abc", &[1, 2]),
            one("a", &[2, 3]),
        ]);
        let left: Vec<&str> = left.iter().map(|one| one.pattern.as_str()).collect();
        assert_eq!(left, ["ab", "a"]);
    }
}
