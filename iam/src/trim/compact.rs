//! Few patterns for many names: names to match, names to spare, and a pattern to stay within.
//!
//! The names of a service form a trie. Every largest branch without a name to spare becomes one
//! pattern: the beginning that its names share, and what the old pattern asks of the rest. No
//! pattern reaches over two services, since AWS takes no wildcard for a service's prefix.
//! Source: IAM User Guide, "IAM JSON policy elements: Action".
//!
//! INVARIANT: each pattern is within the old one, and matches no name to spare.

use crate::pattern::wildcard_match_ignore_case;

/// What the patterns owe to a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Duty {
    /// One of them matches it.
    Match,
    /// Either is fine.
    Either,
    /// None of them matches it.
    Spare,
}

/// A name, `service:Name`, that the old pattern matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name<'a> {
    pub(super) text: &'a str,
    pub(super) lower: &'a str,
    pub(super) duty: Duty,
}

/// Patterns within `within` that do their duty to each of the names, which are sorted by their
/// lower-case form, each once.
pub(super) fn patterns(within: &str, names: &[Name<'_>]) -> Vec<String> {
    let mut found = Vec::new();
    for service in names.chunk_by(|a, b| prefix(a.lower) == prefix(b.lower)) {
        let depth = service.first().map_or(0, |name| prefix(name.lower).len());
        branch(within, service, depth, true, &mut found);
    }
    found
}

/// The service with its colon.
fn prefix(name: &str) -> &str {
    name.split_inclusive(':').next().unwrap_or_default()
}

/// Adds the patterns of the names that share their first `depth` bytes.
fn branch(within: &str, names: &[Name<'_>], depth: usize, whole: bool, found: &mut Vec<String>) {
    let wanted: Vec<&Name<'_>> = names
        .iter()
        .filter(|name| name.duty == Duty::Match)
        .collect();
    let [first, others @ ..] = wanted.as_slice() else {
        return;
    };
    if others.is_empty() {
        found.push(first.text.to_owned());
        return;
    }
    if names.iter().all(|name| name.duty != Duty::Spare) {
        let shared = if whole { depth } else { shared_length(&wanted) };
        let beginning = first.text.get(..shared).unwrap_or(first.text);
        if let Some(pattern) = wildcard(within, beginning, &wanted) {
            found.push(pattern);
            return;
        }
    }
    let next = |name: &Name<'_>| name.lower.as_bytes().get(depth).copied();
    for part in names.chunk_by(|a, b| next(a) == next(b)) {
        if part.first().is_some_and(|name| next(name).is_none()) {
            let ends_here = part.iter().filter(|name| name.duty == Duty::Match);
            found.extend(ends_here.map(|name| name.text.to_owned()));
        } else {
            branch(within, part, depth + 1, false, found);
        }
    }
}

/// How many bytes all names share at their beginning.
fn shared_length(names: &[&Name<'_>]) -> usize {
    let Some((first, others)) = names.split_first() else {
        return 0;
    };
    let shared = |other: &&Name<'_>| {
        let same = first.lower.char_indices().zip(other.lower.chars());
        same.take_while(|((_, a), b)| a == b)
            .map(|((at, character), _)| at + character.len_utf8())
            .last()
            .unwrap_or(0)
    };
    others.iter().map(shared).min().unwrap_or(first.lower.len())
}

/// A pattern that begins so, is within the old one and matches all of the names, if there is one.
fn wildcard(within: &str, beginning: &str, wanted: &[&Name<'_>]) -> Option<String> {
    remainders(within, beginning)
        .into_iter()
        .map(|rest| format!("{beginning}{rest}"))
        .find(|pattern| {
            wanted
                .iter()
                .all(|name| wildcard_match_ignore_case(pattern, name.lower))
        })
}

/// What a pattern asks of the rest of a text that begins so, the least first: its endings from each
/// place that the beginning leads to.
fn remainders<'a>(pattern: &'a str, beginning: &str) -> Vec<&'a str> {
    let steps: Vec<(usize, char)> = pattern.char_indices().collect();
    let mut places = vec![false; steps.len() + 1];
    if let Some(start) = places.first_mut() {
        *start = true;
    }
    for character in beginning.chars() {
        places = after(&steps, &places, character);
    }
    let ending = |index: usize| {
        let at = steps.get(index).map_or(pattern.len(), |&(at, _)| at);
        pattern.get(at..)
    };
    let reached = places
        .iter()
        .enumerate()
        .rev()
        .filter(|&(_, &reached)| reached);
    reached.filter_map(|(index, _)| ending(index)).collect()
}

/// The places in a pattern after one more character.
fn after(steps: &[(usize, char)], places: &[bool], character: char) -> Vec<bool> {
    let mut next = vec![false; places.len()];
    let mut skipped = false;
    for (index, &(_, step)) in steps.iter().enumerate() {
        let here = skipped || places.get(index).copied().unwrap_or(false);
        // A star takes the character and stays, or stands for nothing and is passed by.
        skipped = here && step == '*';
        let target = match step {
            '*' => index,
            '?' => index + 1,
            other if other.eq_ignore_ascii_case(&character) => index + 1,
            _ => continue,
        };
        if let Some(place) = next.get_mut(target).filter(|_| here) {
            *place = true;
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compacts names that are written `+name`, `-name` or `=name`.
    fn compacted(within: &str, names: &[&str]) -> Vec<String> {
        let lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        let mut items: Vec<Name<'_>> = names
            .iter()
            .zip(&lower)
            .map(|(name, lower)| Name {
                text: &name[1..],
                lower: &lower[1..],
                duty: match &name[..1] {
                    "+" => Duty::Match,
                    "-" => Duty::Spare,
                    _ => Duty::Either,
                },
            })
            .collect();
        items.sort_by_key(|name| name.lower);
        patterns(within, &items)
    }

    #[test]
    fn a_branch_without_a_name_to_spare_becomes_one_pattern() {
        let names = [
            "+s3:GetBucketAcl",
            "+s3:GetBucketPolicy",
            "-s3:GetObject",
            "+s3:PutObject",
        ];
        assert_eq!(compacted("s3:*", &names), ["s3:GetBucket*", "s3:PutObject"]);
    }

    #[test]
    fn a_name_that_begins_another_one_is_told_apart() {
        let spared = [
            "-s3:GetObject",
            "+s3:GetObjectAcl",
            "+s3:GetObjectTagging",
            "+s3:GetObjectTorrent",
        ];
        assert_eq!(
            compacted("s3:Get*", &spared),
            ["s3:GetObjectAcl", "s3:GetObjectT*"]
        );
        let kept = ["+s3:GetObject", "-s3:GetObjectAcl", "+s3:GetObjectTagging"];
        assert_eq!(
            compacted("s3:Get*", &kept),
            ["s3:GetObject", "s3:GetObjectTagging"]
        );
    }

    #[test]
    fn what_the_old_pattern_asks_of_the_rest_is_kept() {
        let names = [
            "+s3:GetBucketTagging",
            "+s3:GetObjectTagging",
            "-s3:PutBucketTagging",
        ];
        assert_eq!(compacted("s3:*Tagging", &names), ["s3:Get*Tagging"]);
        let names = ["+s3:GetObject", "+s3:GetObjectAcl", "-s3:PutObject"];
        assert_eq!(compacted("s3:*Object*", &names), ["s3:GetObject*"]);
    }

    #[test]
    fn a_question_mark_in_the_old_pattern_stays_within_it() {
        let names = ["+a:Get1x", "+a:Get2x", "-a:Put1x"];
        assert_eq!(compacted("a:???", &[]), Vec::<String>::new());
        assert_eq!(compacted("a:????x", &names), ["a:Get?x"]);
    }

    #[test]
    fn no_pattern_reaches_over_two_services() {
        let names = [
            "+s3:GetObject",
            "+s3:PutObject",
            "+sqs:GetQueue",
            "-sts:AssumeRole",
            "+sts:TagSession",
        ];
        assert_eq!(
            compacted("*", &names),
            ["s3:*", "sqs:GetQueue", "sts:TagSession"]
        );
        let names = ["+s3:GetObject", "+s3:GetBucket", "-sqs:GetQueue"];
        assert_eq!(compacted("*:Get*", &names), ["s3:Get*"]);
    }

    #[test]
    fn a_name_that_may_be_either_does_not_split_a_branch() {
        let names = ["+s3:GetA", "=s3:GetB", "+s3:GetC", "-s3:PutA"];
        assert_eq!(compacted("s3:*", &names), ["s3:Get*"]);
    }
}
