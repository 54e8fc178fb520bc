//! A text with variables, read once: what is known in, a pattern to match with out, without a copy.
//!
//! It matches as the pattern that [`resolve`](super::variable::resolve) assembles, for which it stands in
//! where every variable has one known value.
//! Source: IAM User Guide, "IAM policy elements: Variables and tags".

use super::facts::Facts;
use super::variable::{Wildcards, name_and_default, next_variable, special};
use crate::document::Version;

/// How many parts are matched in place; a longer text is assembled.
const MOST_PARTS: usize = 12;

/// The parts of a text.
#[derive(Debug, Clone)]
pub(super) struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, Clone)]
enum Part {
    /// Text whose stars and question marks are wildcards.
    Pattern(String),
    /// Text that stands for itself.
    Data(String),
    Variable {
        key: String,
        default: Option<String>,
    },
}

/// A text with its variables replaced.
#[expect(
    clippy::large_enum_variant,
    reason = "it lives on the stack for one comparison; a box would be a copy to the heap"
)]
pub(super) enum Filled<'a> {
    Known(Parts<'a>),
    /// A variable has several values, or no value and no default: nothing matches.
    Valueless,
    /// A variable is unknown, or there are too many parts.
    Unsettled,
}

/// Parts in a row, each with whether it holds wildcards.
pub(super) struct Parts<'a> {
    parts: [(&'a [u8], bool); MOST_PARTS],
    count: usize,
}

impl Template {
    /// Reads a text of the current language version.
    pub(super) fn read(text: &str, wildcards: Wildcards) -> Self {
        let written = |text: &str| match wildcards {
            Wildcards::Active => Part::Pattern(text.to_owned()),
            Wildcards::Literal => Part::Data(text.to_owned()),
        };
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, inside, after)) = next_variable(rest, Version::V2012) {
            parts.push(written(before));
            parts.push(if let Some(character) = special(inside) {
                Part::Data(character.to_string())
            } else {
                let (name, default) = name_and_default(inside);
                Part::Variable {
                    key: name.to_ascii_lowercase(),
                    default: default.map(str::to_owned),
                }
            });
            rest = after;
        }
        parts.push(written(rest));
        Self { parts }
    }

    /// Replaces the variables.
    pub(super) fn fill<'a>(&'a self, facts: Facts<'a>) -> Filled<'a> {
        let mut filled = Parts {
            parts: [(&[], false); MOST_PARTS],
            count: 0,
        };
        let mut valueless = false;
        for part in &self.parts {
            let (text, has_wildcards) = match part {
                Part::Pattern(text) => (text, true),
                Part::Data(text) => (text, false),
                Part::Variable { key, default } => match (facts.values(key), default) {
                    (Some([value]), _) => (value, false),
                    (Some([]), Some(default)) => (default, false),
                    (Some(_), _) => {
                        valueless = true;
                        continue;
                    }
                    (None, _) => return Filled::Unsettled,
                },
            };
            let Some(place) = filled.parts.get_mut(filled.count) else {
                return Filled::Unsettled;
            };
            *place = (text.as_bytes(), has_wildcards);
            filled.count += 1;
        }
        if valueless {
            Filled::Valueless
        } else {
            Filled::Known(filled)
        }
    }
}

/// A place in the parts: which part, and which byte of it.
type Place = (usize, usize);

impl Parts<'_> {
    /// Tells whether the whole text matches; greedily, as for every glob.
    pub(super) fn matches(&self, text: &str) -> bool {
        let text = text.as_bytes();
        let (mut place, mut at) = ((0, 0), 0);
        let mut retry: Option<(Place, usize)> = None;
        loop {
            let step = self.step(&mut place);
            match (step, text.get(at)) {
                (Some((b'*', true)), _) => {
                    place.1 += 1;
                    retry = Some((place, at));
                    continue;
                }
                (None, None) => return true,
                (Some((b'?', true)), Some(_)) => {
                    place.1 += 1;
                    at = next_character(text, at);
                    continue;
                }
                (Some((wanted, _)), Some(&byte)) if wanted == byte => {
                    place.1 += 1;
                    at += 1;
                    continue;
                }
                (Some(_), None) => return false,
                _ => {}
            }
            let Some((after_star, from)) = retry else {
                return false;
            };
            let from = next_character(text, from);
            if from > text.len() {
                return false;
            }
            retry = Some((after_star, from));
            (place, at) = (after_star, from);
        }
    }

    /// The byte at the place, which moves on to the next part where one is at its end.
    fn step(&self, place: &mut Place) -> Option<(u8, bool)> {
        loop {
            let (bytes, has_wildcards) = self.parts.get(..self.count)?.get(place.0)?;
            if let Some(&byte) = bytes.get(place.1) {
                return Some((byte, *has_wildcards));
            }
            *place = (place.0 + 1, 0);
        }
    }
}

/// The offset of the next character: UTF-8 continuation bytes are `10xxxxxx`.
fn next_character(text: &[u8], from: usize) -> usize {
    let mut next = from + 1;
    while text.get(next).is_some_and(|byte| byte & 0xC0 == 0x80) {
        next += 1;
    }
    next
}

#[cfg(test)]
mod tests {
    use super::super::variable::resolve;
    use super::*;
    use crate::policy::Context;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn it_matches_as_the_assembled_pattern_does(
            text in "(a|b|é|\\*|\\?|\\$\\{k\\}|\\$\\{K, 'ab'\\}|\\$\\{\\*\\}|\\$\\{u\\}|\\$\\{){0,6}",
            value in "(a|b|é|\\*|\\?){0,6}",
            given in prop::option::of("(a|b|é|\\*){0,3}"),
            literal in any::<bool>(),
        ) {
            let wildcards = if literal { Wildcards::Literal } else { Wildcards::Active };
            let context = Context::from([("k".to_owned(), given.into_iter().collect())]);
            let facts = Facts::open(&context);
            let (glob, variables) = resolve(&text, wildcards, Version::V2012, facts);
            match Template::read(&text, wildcards).fill(facts) {
                Filled::Known(parts) => {
                    prop_assert!(!variables.valueless && variables.unknown.is_empty());
                    prop_assert_eq!(parts.matches(&value), glob.matches(&value));
                }
                Filled::Valueless => prop_assert!(variables.valueless),
                Filled::Unsettled => prop_assert!(!variables.unknown.is_empty() || text.matches('$').count() > 5),
            }
        }

        #[test]
        fn any_text_is_read(text in any::<String>(), value in any::<String>()) {
            let context = Context::new();
            let facts = Facts::open(&context);
            if let Filled::Known(parts) = Template::read(&text, Wildcards::Active).fill(facts) {
                parts.matches(&value);
            }
        }
    }
}
