//! Policy variables: a pattern with `${…}` and what is known in, the pattern to match with out.
//!
//! `${key}` stands for the value of a condition key with one value; `${key, 'default'}` for the
//! default where the key has none; `${*}`, `${?}` and `${$}` for the characters themselves. Names
//! ignore case. A key with several values has none that could stand in one place. The older language version has no variables.
//! Source: IAM User Guide, "IAM policy elements: Variables and tags".
//!
//! INVARIANT: where a value is unknown the pattern holds a star, so that what it does not match
//! cannot be matched by any value.

use std::collections::BTreeSet;

use super::facts::Facts;
use crate::document::Version;
use crate::pattern::{Glob, ResourcePattern, Token, components_around_variables, token};

/// How `*` and `?` outside of variables are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wildcards {
    /// As wildcards.
    Active,
    /// As themselves.
    Literal,
}

/// What became of the variables of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Variables {
    /// The keys whose values are unknown, or whose use is not settled.
    pub(crate) unknown: BTreeSet<String>,
    /// A variable has no value and no default: the pattern matches nothing.
    pub(crate) valueless: bool,
}

/// Replaces the variables of a text.
pub(crate) fn resolve(
    text: &str,
    wildcards: Wildcards,
    version: Version,
    facts: Facts<'_>,
) -> (Glob, Variables) {
    let mut tokens = Vec::new();
    let mut variables = Variables::default();
    let mut rest = text;
    while let Some((before, inside, after)) = next_variable(rest, version) {
        tokens.extend(
            before
                .chars()
                .map(|character| written(character, wildcards)),
        );
        substitute(inside, facts, &mut tokens, &mut variables);
        rest = after;
    }
    tokens.extend(rest.chars().map(|character| written(character, wildcards)));
    (tokens.into_iter().collect(), variables)
}

/// Replaces the variables of an ARN pattern, component by component.
pub(crate) fn resolve_arn(
    text: &str,
    version: Version,
    facts: Facts<'_>,
) -> (ResourcePattern, Variables) {
    if version == Version::V2008 {
        return (ResourcePattern::parse(text), Variables::default());
    }
    let mut variables = Variables::default();
    let components = components_around_variables(text)
        .into_iter()
        .map(|component| {
            let (glob, found) = resolve(component, Wildcards::Active, version, facts);
            variables.unknown.extend(found.unknown);
            variables.valueless |= found.valueless;
            glob
        })
        .collect();
    (ResourcePattern::of(components), variables)
}

fn written(character: char, wildcards: Wildcards) -> Token {
    match wildcards {
        Wildcards::Active => token(character),
        Wildcards::Literal => Token::Char(character),
    }
}

/// What stands before the next variable, in it, and after it. A variable that is not closed runs to
/// the end.
pub(super) fn next_variable(text: &str, version: Version) -> Option<(&str, &str, &str)> {
    if version == Version::V2008 {
        return None;
    }
    let (before, opened) = text.split_once("${")?;
    let (inside, after) = opened.split_once('}').unwrap_or((opened, ""));
    Some((before, inside, after))
}

fn substitute(inside: &str, facts: Facts<'_>, tokens: &mut Vec<Token>, variables: &mut Variables) {
    if let Some(special) = special(inside) {
        tokens.push(Token::Char(special));
        return;
    }
    let (name, default) = name_and_default(inside);
    let key = name.to_ascii_lowercase();
    match (facts.values(&key), default) {
        (Some([value]), _) => tokens.extend(value.chars().map(Token::Char)),
        (Some([]), Some(default)) => tokens.extend(default.chars().map(Token::Char)),
        (Some(_), _) => variables.valueless = true,
        (None, _) => {
            tokens.push(Token::Any);
            variables.unknown.insert(key);
        }
    }
}

pub(super) fn special(inside: &str) -> Option<char> {
    match inside {
        "*" => Some('*'),
        "?" => Some('?'),
        "$" => Some('$'),
        _ => None,
    }
}

/// Splits `key, 'default'`.
pub(super) fn name_and_default(inside: &str) -> (&str, Option<&str>) {
    let Some((name, default)) = inside.split_once(',') else {
        return (inside.trim(), None);
    };
    let unquoted = default
        .trim()
        .strip_prefix('\'')
        .and_then(|text| text.strip_suffix('\''));
    (name.trim(), unquoted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Context;

    fn context() -> Context {
        Context::from([
            ("aws:principaltag/team".to_owned(), vec!["a*".to_owned()]),
            ("aws:username".to_owned(), vec![]),
            (
                "aws:tagkeys".to_owned(),
                vec!["a".to_owned(), "b".to_owned()],
            ),
        ])
    }

    fn matches(pattern: &str, text: &str) -> bool {
        let (glob, variables) = resolve(
            pattern,
            Wildcards::Active,
            Version::V2012,
            Facts::open(&context()),
        );
        !variables.valueless && variables.unknown.is_empty() && glob.matches(text)
    }

    #[test]
    fn a_value_is_data_and_its_star_no_wildcard() {
        assert!(matches("x/${AWS:PrincipalTag/Team}/*", "x/a*/y"));
        assert!(!matches("x/${aws:PrincipalTag/team}/*", "x/ab/y"));
    }

    #[test]
    fn a_default_stands_in_for_a_missing_value_only() {
        assert!(matches("${aws:username, 'nobody'}", "nobody"));
        assert!(!matches("${aws:PrincipalTag/team, 'nobody'}", "nobody"));
    }

    #[test]
    fn special_characters_stand_for_themselves() {
        assert!(matches("${*}${?}${$}", "*?$"));
        assert!(!matches("${*}", "a"));
    }

    #[test]
    fn no_value_and_no_default_match_nothing() {
        let (_, variables) = resolve(
            "*${aws:username}",
            Wildcards::Active,
            Version::V2012,
            Facts::open(&context()),
        );
        assert!(variables.valueless);
    }

    #[test]
    fn an_unknown_key_is_unknown_and_several_values_match_nothing() {
        let of = |pattern| {
            let facts = context();
            resolve(
                pattern,
                Wildcards::Active,
                Version::V2012,
                Facts::open(&facts),
            )
        };
        let (glob, variables) = of("${aws:SourceIp}");
        assert!(glob.is_everything());
        assert_eq!(variables.unknown, ["aws:sourceip".to_owned()].into());
        let (_, variables) = of("${aws:TagKeys, 'a'}");
        assert!(variables.valueless && variables.unknown.is_empty());
    }

    #[test]
    fn the_older_language_has_no_variables() {
        let (glob, variables) = resolve(
            "${aws:username}*",
            Wildcards::Active,
            Version::V2008,
            Facts::open(&context()),
        );
        assert!(glob.matches("${aws:username}x"));
        assert_eq!(variables, Variables::default());
    }

    #[test]
    fn an_unclosed_variable_is_unknown() {
        let (_, variables) = resolve(
            "a${b",
            Wildcards::Active,
            Version::V2012,
            Facts::open(&context()),
        );
        assert_eq!(variables.unknown, ["b".to_owned()].into());
    }

    #[test]
    fn a_colon_in_a_value_does_not_shift_the_components() {
        let context = Context::from([("aws:userid".to_owned(), vec!["AROA:session".to_owned()])]);
        let (pattern, _) = resolve_arn(
            "arn:aws:s3:::b/${aws:userid}",
            Version::V2012,
            Facts::open(&context),
        );
        assert_eq!(
            pattern.fits("arn:aws:s3:::b/AROA:session"),
            crate::pattern::Fit::Yes
        );
    }
}
