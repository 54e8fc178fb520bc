//! Which statements may be about an action: the elements of many statements in, a few of them out.
//!
//! A pattern whose service prefix holds no wildcard is about that service alone, and one without any
//! wildcard about one action; all other patterns are tried one by one. `NotAction` matches everything
//! that none of its patterns matches, in every service.
//! Source: IAM User Guide, "IAM JSON policy elements: Action" and "… `NotAction`".
//!
//! INVARIANT: for every action, the statements found are those whose element matches it, each once.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::action::NamePattern;
use crate::document::ActionElement;

type Names<T> = HashMap<String, T, BuildHasherDefault<Fnv>>;

/// The elements of numbered statements, by service and name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Directory {
    services: Names<Service>,
    /// `NotAction`, and patterns over several services: against the whole name.
    anywhere: Vec<Tried>,
}

/// What stands after the prefix of one service.
#[derive(Debug, Clone, Default)]
struct Service {
    /// Statements that name actions of the service, and no pattern.
    names: Names<Vec<usize>>,
    patterns: Vec<Tried>,
}

/// A statement with the patterns that decide whether it is about an action.
#[derive(Debug, Clone)]
struct Tried {
    patterns: Vec<NamePattern>,
    /// What a match of one of them says.
    wanted: bool,
    number: usize,
}

impl Tried {
    fn visit(&self, name: &str, visit: &mut impl FnMut(usize)) {
        if self.patterns.iter().any(|pattern| pattern.matches(name)) == self.wanted {
            visit(self.number);
        }
    }
}

impl Directory {
    /// Adds the element of the statement with this number.
    pub(crate) fn add(&mut self, element: &ActionElement, number: usize) {
        let patterns = element.patterns().iter();
        let patterns: Vec<String> = patterns
            .map(|pattern| pattern.to_ascii_lowercase())
            .collect();
        let wanted = matches!(element, ActionElement::Action(_));
        match by_service(&patterns).filter(|_| wanted) {
            Some(by_service) => {
                for (prefix, names) in by_service {
                    self.services.entry(prefix).or_default().add(&names, number);
                }
            }
            None => self.anywhere.push(Tried {
                patterns: patterns
                    .iter()
                    .map(|pattern| NamePattern::read(pattern))
                    .collect(),
                wanted,
                number,
            }),
        }
    }

    /// Calls `visit` with every statement that is about an action, given in lower case.
    pub(crate) fn visit(&self, action: &str, mut visit: impl FnMut(usize)) {
        let colon = action.bytes().position(|byte| byte == b':');
        if let Some((prefix, name)) = colon.and_then(|colon| action.split_at_checked(colon))
            && let Some(service) = self.services.get(prefix)
        {
            let name = name.get(1..).unwrap_or_default();
            for &number in service.names.get(name).into_iter().flatten() {
                visit(number);
            }
            for tried in &service.patterns {
                tried.visit(name, &mut visit);
            }
        }
        for tried in &self.anywhere {
            tried.visit(action, &mut visit);
        }
    }
}

impl Service {
    fn add(&mut self, names: &[String], number: usize) {
        let patterns: Vec<NamePattern> = names.iter().map(|name| NamePattern::read(name)).collect();
        if !patterns.iter().all(NamePattern::is_exact) {
            self.patterns.push(Tried {
                patterns,
                wanted: true,
                number,
            });
            return;
        }
        for name in names {
            let numbers = self.names.entry(name.clone()).or_default();
            if numbers.last() != Some(&number) {
                numbers.push(number);
            }
        }
    }
}

/// What stands after each service prefix; `None` if a prefix holds a wildcard.
fn by_service(patterns: &[String]) -> Option<Vec<(String, Vec<String>)>> {
    let mut services: Vec<(String, Vec<String>)> = Vec::new();
    for pattern in patterns {
        let (prefix, name) = pattern.split_once(':')?;
        if prefix.contains(['*', '?']) {
            return None;
        }
        match services.iter_mut().find(|(known, _)| known == prefix) {
            Some((_, names)) => names.push(name.to_owned()),
            None => services.push((prefix.to_owned(), vec![name.to_owned()])),
        }
    }
    Some(services)
}

/// A hash for short names. Whoever writes a policy could make its names collide, and would slow down
/// nothing but the decisions on that policy.
/// Source: RFC 9923, "The FNV Non-Cryptographic Hash Algorithm".
#[derive(Debug, Clone)]
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::action_matches;
    use proptest::prelude::*;
    use proptest::sample::{select, subsequence};

    const PATTERNS: [&str; 12] = [
        "s3:getobject",
        "S3:GetObject",
        "s3:get*",
        "s3:*",
        "s?:getobject",
        "*",
        "*:get*",
        "sqs:*message",
        "sqs:sendmessage",
        "s3*",
        "ec2:runinstances",
        "s3:getobject?",
    ];
    const ACTIONS: [&str; 6] = [
        "s3:getobject",
        "s3:getobjects",
        "sqs:sendmessage",
        "ec2:runinstances",
        "s3",
        ":",
    ];

    proptest! {
        #[test]
        fn it_finds_what_trying_every_statement_finds(
            elements in prop::collection::vec((subsequence(PATTERNS.to_vec(), 1..5), any::<bool>()), 0..8),
            action in select(&ACTIONS[..]),
        ) {
            let mut directory = Directory::default();
            let mut expected = Vec::new();
            for (number, (patterns, negated)) in elements.into_iter().enumerate() {
                let patterns = patterns.into_iter().map(str::to_owned).collect();
                let element = if negated { ActionElement::NotAction(patterns) } else { ActionElement::Action(patterns) };
                if action_matches(&element, action) {
                    expected.push(number);
                }
                directory.add(&element, number);
            }
            let mut found = Vec::new();
            directory.visit(action, |number| found.push(number));
            found.sort_unstable();
            prop_assert_eq!(found, expected);
        }
    }
}
