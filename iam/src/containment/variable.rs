//! Policy variables for comparing patterns: a text in, the text with one letter for each variable out.
//!
//! A variable has the same value wherever it stands in one request, so equal variables are equal
//! letters; nothing else is known of the value. `${key}` and `${key, 'default'}` differ where the key
//! is missing, so they are different letters.
//! Source: IAM User Guide, "IAM policy elements: Variables and tags".
//!
//! INVARIANT: without its letters, what is read is what the evaluator reads.

use crate::document::Version;
use crate::pattern::product::{is_symbol, symbol};

/// The variables of both sides, each with its letter.
#[derive(Debug, Default)]
pub(super) struct Variables {
    /// What stands between the braces, the key in lower case, by the number of the letter.
    known: Vec<Variable>,
}

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variable {
    /// The condition key in lower case.
    pub(super) key: String,
    /// What stands for the value where the key is missing, if anything.
    pub(super) default: Option<String>,
    pub(super) letter: char,
}

impl Variables {
    /// Replaces variables by their letters; `None` if that cannot be told from what is written.
    pub(super) fn replace(&mut self, text: &str, version: Version) -> Option<String> {
        if text.chars().any(is_symbol) {
            return None;
        }
        if version == Version::V2008 {
            return Some(text.to_owned());
        }
        let mut replaced = String::new();
        let mut rest = text;
        while let Some((before, opened)) = rest.split_once("${") {
            let (inside, after) = opened.split_once('}').unwrap_or((opened, ""));
            replaced.push_str(before);
            if matches!(inside, "*" | "?" | "$") {
                replaced.extend(["${", inside, "}"]);
            } else {
                replaced.push(self.letter(inside)?);
            }
            rest = after;
        }
        replaced.push_str(rest);
        Some(replaced)
    }

    /// The variables whose letters the text holds.
    pub(super) fn in_text(&self, text: &str) -> Vec<&Variable> {
        let known = self.known.iter();
        known
            .filter(|variable| text.contains(variable.letter))
            .collect()
    }

    fn letter(&mut self, inside: &str) -> Option<char> {
        let (key, default) = match inside.split_once(',') {
            Some((key, default)) => (key, Some(unquoted(default.trim()).to_owned())),
            None => (inside, None),
        };
        let key = key.trim().to_ascii_lowercase();
        let same = |known: &&Variable| known.key == key && known.default == default;
        if let Some(known) = self.known.iter().find(same) {
            return Some(known.letter);
        }
        let letter = symbol(self.known.len())?;
        self.known.push(Variable {
            key,
            default,
            letter,
        });
        Some(letter)
    }
}

fn unquoted(text: &str) -> &str {
    let inside = text.strip_prefix('\'');
    inside
        .and_then(|text| text.strip_suffix('\''))
        .unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_variables_are_equal_letters_and_defaults_count() {
        let mut variables = Variables::default();
        let mut of = |text: &str| variables.replace(text, Version::V2012).unwrap();
        assert_eq!(of("a/${aws:UserName}"), of("a/${ aws:username }"));
        assert_ne!(of("${aws:username}"), of("${aws:username, 'x'}"));
        assert_eq!(of("${*}/${$}"), "${*}/${$}");
    }

    #[test]
    fn the_older_language_and_private_letters_are_left() {
        let mut variables = Variables::default();
        let old = variables.replace("${aws:username}", Version::V2008);
        assert_eq!(old.as_deref(), Some("${aws:username}"));
        assert_eq!(variables.replace("\u{F0000}", Version::V2012), None);
    }
}
