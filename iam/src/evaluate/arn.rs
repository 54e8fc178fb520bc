//! ARNs taken apart and patterns over them, read once: a resource in, whether it fits out, without a copy.
//!
//! A pattern answers as [`ResourcePattern::fits`](crate::pattern::ResourcePattern::fits) does; most
//! resources are told apart by what stands before the first wildcard.

use super::action::NamePattern;
use crate::pattern::{Fit, wildcard_match};

/// How many colon-separated components an ARN has; the last one holds all further colons.
const COMPONENTS: usize = 6;

/// A resource, or the value of a condition key, with its components.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name<'a> {
    text: &'a str,
    components: [&'a str; COMPONENTS],
    count: usize,
}

impl<'a> Name<'a> {
    pub(crate) fn read(text: &'a str) -> Self {
        let mut name = Self {
            text,
            components: [""; COMPONENTS],
            count: 0,
        };
        let mut rest = text;
        for place in &mut name.components {
            name.count += 1;
            // Names are short: a plain search over bytes is the fastest.
            let colon = rest.bytes().position(|byte| byte == b':');
            let Some(colon) = colon.filter(|_| name.count < COMPONENTS) else {
                *place = rest;
                break;
            };
            *place = rest.get(..colon).unwrap_or_default();
            rest = rest.get(colon + 1..).unwrap_or_default();
        }
        name
    }

    /// The whole text.
    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// Tells whether it is an ARN with all of its components.
    pub(super) fn is_whole_arn(&self) -> bool {
        self.count == COMPONENTS && self.text.starts_with("arn:")
    }

    /// The components, at least one and at most six.
    pub(super) fn components(&self) -> &[&'a str] {
        self.components.get(..self.count).unwrap_or_default()
    }
}

/// A pattern in which `${…}` is plain text.
#[derive(Debug, Clone)]
pub(super) struct ArnPattern {
    text: String,
    /// How many bytes stand before the first wildcard.
    fixed: usize,
    shape: Shape,
}

#[derive(Debug, Clone)]
enum Shape {
    /// Nothing but stars.
    Everything,
    /// No wildcard at all.
    Literal,
    /// One star at the end of the last component, and no other wildcard.
    Prefix,
    /// Anything else. `loose` tells that an early component ends with a star.
    Mixed {
        components: Vec<NamePattern>,
        loose: bool,
    },
}

impl ArnPattern {
    pub(super) fn parse(pattern: &str) -> Self {
        let fixed = pattern.find(['*', '?']).unwrap_or(pattern.len());
        Self {
            shape: shape(pattern, fixed),
            text: pattern.to_owned(),
            fixed,
        }
    }

    /// Tells whether every resource fits, and actions that take none.
    pub(super) fn is_everything(&self) -> bool {
        matches!(self.shape, Shape::Everything)
    }

    /// Tells whether the resource is within the pattern.
    pub(super) fn fits(&self, name: &Name<'_>) -> Fit {
        let yes = |fits| if fits { Fit::Yes } else { Fit::No };
        match &self.shape {
            Shape::Everything => Fit::Yes,
            Shape::Literal => yes(self.text == name.text),
            _ if !self.starts(name.text) => Fit::No,
            Shape::Prefix => Fit::Yes,
            Shape::Mixed { components, loose } => {
                let given = name.components();
                let mut pairs = components.iter().zip(given);
                if components.len() == given.len()
                    && pairs.all(|(pattern, text)| pattern.matches(text))
                {
                    Fit::Yes
                } else if *loose && wildcard_match(&self.text, name.text) {
                    Fit::Undecided
                } else {
                    Fit::No
                }
            }
        }
    }

    fn starts(&self, text: &str) -> bool {
        let fixed = self.text.get(..self.fixed);
        fixed.is_some_and(|fixed| text.starts_with(fixed))
    }

    /// Tells whether components are missing, a star stands in their place, and the text as a whole
    /// matches.
    pub(super) fn is_cut_short_before(&self, value: &str) -> bool {
        match &self.shape {
            Shape::Literal | Shape::Prefix => false,
            Shape::Everything | Shape::Mixed { .. } => {
                ends_with_star(&self.text)
                    && self.text.split(':').count() < COMPONENTS
                    && wildcard_match(&self.text, value)
            }
        }
    }
}

fn shape(pattern: &str, fixed: usize) -> Shape {
    let is_last = pattern
        .get(..fixed)
        .is_some_and(|fixed| fixed.matches(':').count() >= COMPONENTS - 1);
    let components = || pattern.splitn(COMPONENTS, ':');
    match pattern.get(fixed..) {
        Some("") => Shape::Literal,
        Some("*") if is_last => Shape::Prefix,
        _ if pattern.bytes().all(|byte| byte == b'*') => Shape::Everything,
        _ => Shape::Mixed {
            components: components().map(NamePattern::read).collect(),
            loose: components().take(COMPONENTS - 1).any(ends_with_star),
        },
    }
}

/// Tells whether the wildcards at the end hold a star; `*?` and `?*` are one and the same.
fn ends_with_star(pattern: &str) -> bool {
    let before = pattern.trim_end_matches(['*', '?']).len();
    pattern.get(before..).is_some_and(|end| end.contains('*'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::ResourcePattern;
    use proptest::prelude::*;

    #[test]
    fn a_star_is_everything_and_an_empty_pattern_is_not() {
        assert!(ArnPattern::parse("**").is_everything());
        assert!(!ArnPattern::parse("").is_everything());
        assert_eq!(ArnPattern::parse("").fits(&Name::read("")), Fit::Yes);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn it_agrees_with_the_pattern_that_others_compare(
            pattern in "(a|b|:|:|\\*|\\?|é){0,9}", resource in "(a|b|:|:|\\*|é){0,9}",
        ) {
            let slow = ResourcePattern::parse(&pattern);
            let fast = ArnPattern::parse(&pattern);
            prop_assert_eq!(fast.fits(&Name::read(&resource)), slow.fits(&resource));
            prop_assert_eq!(fast.is_everything(), slow.is_everything());
            prop_assert_eq!(
                fast.is_cut_short_before(&resource),
                slow.is_cut_short_by_a_star() && slow.whole().matches(&resource)
            );
        }

        #[test]
        fn it_agrees_on_whole_arns(
            pattern in "arn:aws:(s3|s\\*|\\*):(\\*|eu)?:(1|\\*|1\\*)?:(a|\\*|b/|\\?|:){0,5}",
            resource in "arn:aws:s3:(eu)?:1?:(a|b/|:){0,5}",
        ) {
            prop_assert_eq!(ArnPattern::parse(&pattern).fits(&Name::read(&resource)), ResourcePattern::parse(&pattern).fits(&resource));
        }
    }
}
