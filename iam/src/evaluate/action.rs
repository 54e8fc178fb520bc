//! A pattern for actions, read once: a name in lower case in, whether it matches out.
//!
//! Service prefix and name compare ignoring case, so both sides are in lower case.
//! Source: IAM User Guide, "IAM JSON policy elements: Action".

use std::borrow::Cow;

use crate::pattern::wildcard_match;

/// A pattern by its shape, most of which need no search.
#[derive(Debug, Clone)]
pub(super) enum NamePattern {
    Everything,
    Exact(String),
    Prefix(String),
    Suffix(String),
    Mixed(String),
}

impl NamePattern {
    /// Reads a pattern that is in lower case already.
    pub(super) fn read(pattern: &str) -> Self {
        let has_wildcard = |text: &str| text.contains(['*', '?']);
        match (pattern.strip_suffix('*'), pattern.strip_prefix('*')) {
            _ if pattern == "*" => Self::Everything,
            _ if !has_wildcard(pattern) => Self::Exact(pattern.to_owned()),
            (Some(prefix), _) if !has_wildcard(prefix) => Self::Prefix(prefix.to_owned()),
            (_, Some(suffix)) if !has_wildcard(suffix) => Self::Suffix(suffix.to_owned()),
            _ => Self::Mixed(pattern.to_owned()),
        }
    }

    pub(super) fn is_exact(&self) -> bool {
        matches!(self, Self::Exact(_))
    }

    /// Tells whether a name, given in lower case, matches.
    pub(super) fn matches(&self, name: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Exact(exact) => exact == name,
            // The first or last byte tells most names apart, without a call.
            Self::Prefix(prefix) => {
                prefix.as_bytes().first() == name.as_bytes().first() && name.starts_with(prefix)
            }
            Self::Suffix(suffix) => {
                suffix.as_bytes().last() == name.as_bytes().last() && name.ends_with(suffix)
            }
            Self::Mixed(pattern) => wildcard_match(pattern, name),
        }
    }
}

/// The lower case of ASCII letters, without a copy where nothing changes.
pub(crate) fn lower_case(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_shape_matches_as_the_pattern_does(pattern in "[ab*?]{0,5}", name in "[ab]{0,5}") {
            prop_assert_eq!(NamePattern::read(&pattern).matches(&name), wildcard_match(&pattern, &name));
        }
    }
}
