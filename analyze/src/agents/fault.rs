//! What the reader of TOML found wrong in, the problem and its remedy in the words of `agents.toml` out.
//!
//! The reader names in backticks what it found and, where it knows them, the words that it would take (serde, `Error::unknown_field`,
//! `Error::unknown_variant`); a word that is near one of them is taken for a slip.

use super::nearest::nearest;

/// What can be done where no word is near and nothing better is known.
const GENERAL: &str = "an agent has name, owners, purpose, environment, binding_pattern, propagation_pattern, tools, [[agent.binding]] and [agent.envelope]; `curtail agents --schema` prints all keys";

/// The problem and what to do about it.
pub(super) fn told(message: &str) -> (String, String) {
    let problem = message
        .lines()
        .next()
        .unwrap_or_default()
        .replace("unknown field", "unknown key")
        .replace("missing field", "missing key")
        .replace("unknown variant", "unknown word");
    let (said, expected) = problem.split_once(", expected ").unwrap_or((&problem, ""));
    let remedy = remedy(said, expected);
    if said.starts_with("unknown ") {
        return (said.to_owned(), remedy);
    }
    (problem, remedy)
}

fn remedy(said: &str, expected: &str) -> String {
    let found = quoted(said).next().unwrap_or_default();
    let known: Vec<&str> = quoted(expected).collect();
    if said.starts_with("unknown ") && !known.is_empty() {
        return match nearest(found, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write one of: {}", known.join(", ")),
        };
    }
    if said.starts_with("missing key") {
        return format!("add a line `{found} = ...`");
    }
    if said.starts_with("invalid type") && !expected.is_empty() {
        return format!("write {expected} here");
    }
    GENERAL.to_owned()
}

/// The words in backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_told_with_the_word_that_was_meant() {
        let cases = [
            (
                "unknown field `rol`, expected `role`",
                "unknown key `rol`",
                "did you mean `role`?",
            ),
            (
                "unknown variant `token-reuse`, expected one of `token_reuse`, `fresh_binding`, `scoped_sub_token`",
                "unknown word `token-reuse`",
                "did you mean `token_reuse`?",
            ),
            (
                "unknown variant `Z`, expected `A` or `B`",
                "unknown word `Z`",
                "write one of: A, B",
            ),
            (
                "missing field `role`",
                "missing key `role`",
                "add a line `role = ...`",
            ),
            (
                "invalid type: integer `3`, expected a string",
                "invalid type: integer `3`, expected a string",
                "write a string here",
            ),
            ("duplicate key", "duplicate key", GENERAL),
            (
                "unknown field ``` `, expected",
                "unknown key ``` `, expected",
                GENERAL,
            ),
        ];
        for (message, problem, remedy) in cases {
            assert_eq!(
                told(message),
                (problem.to_owned(), remedy.to_owned()),
                "{message}"
            );
        }
    }
}
