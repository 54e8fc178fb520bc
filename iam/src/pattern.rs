//! Wildcard patterns of the policy language: pattern and text in, match, containment or overlap out.
//!
//! `*` stands for any run of characters, also none, and `?` for exactly one; both stand anywhere
//! and match every character, `/` and `:` included. Nothing escapes them.
//! Source: IAM User Guide, "IAM JSON policy elements: Resource" and "… Action".
//!
//! Policy variables (`${…}`) are plain text here; who knows their values resolves them first.

mod glob;
pub(crate) mod product;
mod resource;

pub(crate) use glob::{Glob, Token, token};
pub(crate) use resource::{Fit, ResourcePattern, components_around_variables};

/// Tells whether `pattern` matches the whole of `text`, case-sensitively.
///
/// Takes at most as many steps as both lengths multiplied, whatever the pattern: linear in the text.
///
/// ```
/// use curtail_iam::pattern::wildcard_match;
/// assert!(wildcard_match("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/a/b"));
/// assert!(!wildcard_match("arn:aws:s3:::bucket/?", "arn:aws:s3:::bucket/"));
/// ```
#[must_use]
pub fn wildcard_match(pattern: &str, text: &str) -> bool {
    matches(pattern.as_bytes(), text.as_bytes(), |a, b| a == b)
}

/// Tells whether `pattern` matches the whole of `text`, ignoring the case of ASCII letters.
///
/// Action names compare this way. Takes as long as [`wildcard_match`].
///
/// ```
/// use curtail_iam::pattern::wildcard_match_ignore_case;
/// assert!(wildcard_match_ignore_case("S3:get*", "s3:GetObject"));
/// ```
#[must_use]
pub fn wildcard_match_ignore_case(pattern: &str, text: &str) -> bool {
    matches(pattern.as_bytes(), text.as_bytes(), |a, b| {
        a.eq_ignore_ascii_case(&b)
    })
}

/// Tells that every text that `narrow` matches is matched by `wide` too, case-sensitively.
///
/// Sound, not complete: `true` is a proof, `false` says that none was found.
///
/// ```
/// use curtail_iam::pattern::covers;
/// assert!(covers("s3:*", "s3:Get*"));
/// assert!(!covers("s3:Get*", "s3:*"));
/// ```
#[must_use]
pub fn covers(wide: &str, narrow: &str) -> bool {
    Glob::parse(wide).covers(&Glob::parse(narrow))
}

/// Tells whether some text is matched by both patterns, case-sensitively. Exact.
///
/// ```
/// use curtail_iam::pattern::overlaps;
/// assert!(overlaps("s3:Get*", "s3:*Acl"));
/// assert!(!overlaps("s3:Get*", "s3:Put*"));
/// ```
#[must_use]
pub fn overlaps(a: &str, b: &str) -> bool {
    Glob::parse(a).overlaps(&Glob::parse(b))
}

/// Matches greedily: on a mismatch only the last star is extended, which suffices for globs.
fn matches(pattern: &[u8], text: &[u8], same: impl Fn(u8, u8) -> bool) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while let Some(&byte) = text.get(t) {
        match pattern.get(p) {
            Some(b'*') => {
                p += 1;
                if p == pattern.len() {
                    return true;
                }
                retry = Some((p, t));
            }
            Some(b'?') => (p, t) = (p + 1, next_character(text, t)),
            Some(&wanted) if same(wanted, byte) => (p, t) = (p + 1, t + 1),
            _ => {
                let Some((after_star, from)) = retry else {
                    return false;
                };
                let from = next_character(text, from);
                retry = Some((after_star, from));
                (p, t) = (after_star, from);
            }
        }
    }
    pattern
        .get(p..)
        .is_some_and(|rest| rest.iter().all(|&byte| byte == b'*'))
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
    use super::*;
    use proptest::prelude::*;

    /// The definition, written down: slow, and right by reading it.
    fn reference(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => (0..=text.len()).any(|skip| reference(rest, &text[skip..])),
            Some(('?', rest)) => !text.is_empty() && reference(rest, &text[1..]),
            Some((wanted, rest)) => text.first() == Some(wanted) && reference(rest, &text[1..]),
        }
    }

    fn matches_by_definition(pattern: &str, text: &str) -> bool {
        let pattern: Vec<char> = pattern.chars().collect();
        reference(&pattern, &text.chars().collect::<Vec<_>>())
    }

    /// Every text over the small alphabet up to the given length.
    fn texts(longest: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut last = all.clone();
        for _ in 0..longest {
            last = last
                .iter()
                .flat_map(|text| ["a", "b", "é"].map(|letter| format!("{text}{letter}")))
                .collect();
            all.extend(last.iter().cloned());
        }
        all
    }

    #[test]
    fn a_star_runs_over_slashes_and_colons() {
        assert!(wildcard_match("a*z", "a/b:c/z"));
        assert!(wildcard_match("*", ""));
    }

    #[test]
    fn a_question_mark_is_one_character_not_one_byte() {
        assert!(wildcard_match("?", "é"));
        assert!(wildcard_match("*?b", "éb"));
        assert!(!wildcard_match("??", "é"));
    }

    #[test]
    fn case_counts_unless_told_otherwise() {
        assert!(!wildcard_match("s3:get*", "s3:GetObject"));
        assert!(wildcard_match_ignore_case("s3:get*", "s3:GetObject"));
    }

    #[test]
    fn many_stars_do_not_explode() {
        let pattern = "a*".repeat(200) + "b";
        assert!(!wildcard_match(&pattern, &"a".repeat(2000)));
        assert!(!overlaps(&pattern, &("a*".repeat(200) + "c")));
        assert!(!covers(&pattern, &("a*".repeat(200) + "c")));
    }

    #[test]
    fn containment_sees_that_order_of_star_and_question_mark_is_free() {
        assert!(covers("?*", "*?"));
        assert!(covers("**", "*"));
        assert!(!covers("?*", "*"));
    }

    proptest! {
        #[test]
        fn the_matcher_agrees_with_the_definition(pattern in "[ab*?é]{0,8}", text in "[abé]{0,10}") {
            prop_assert_eq!(wildcard_match(&pattern, &text), matches_by_definition(&pattern, &text));
            prop_assert_eq!(Glob::parse(&pattern).matches(&text), matches_by_definition(&pattern, &text));
        }

        #[test]
        fn ignoring_case_is_matching_in_lower_case(pattern in "[aAb*?]{0,8}", text in "[aAbB]{0,10}") {
            let folded = matches_by_definition(&pattern.to_lowercase(), &text.to_lowercase());
            prop_assert_eq!(wildcard_match_ignore_case(&pattern, &text), folded);
        }

        #[test]
        fn containment_is_sound(wide in "[ab*?]{0,5}", narrow in "[ab*?]{0,5}") {
            if covers(&wide, &narrow) {
                for text in texts(6) {
                    prop_assert!(!wildcard_match(&narrow, &text) || wildcard_match(&wide, &text));
                }
            }
        }

        #[test]
        fn containment_holds_for_every_text_and_itself(pattern in "[ab*?]{0,6}", text in "[ab]{0,6}") {
            prop_assert!(covers(&pattern, &pattern));
            prop_assert!(covers("*", &pattern));
            prop_assert_eq!(covers(&pattern, &text), wildcard_match(&pattern, &text));
        }

        /// A shortest common text of two patterns this short has at most eight characters.
        #[test]
        fn overlap_is_exact(a in "[ab*?]{0,4}", b in "[ab*?]{0,4}") {
            let common = texts(8).into_iter().any(|text| wildcard_match(&a, &text) && wildcard_match(&b, &text));
            prop_assert_eq!(overlaps(&a, &b), common);
            prop_assert_eq!(overlaps(&b, &a), common);
        }

        #[test]
        fn any_text_is_taken_without_a_panic(pattern in any::<String>(), text in any::<String>()) {
            let matched = wildcard_match(&pattern, &text);
            prop_assert_eq!(matched, Glob::parse(&pattern).matches(&text));
        }
    }
}
