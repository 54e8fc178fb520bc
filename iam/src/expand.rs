//! Action patterns of a policy: a pattern in, the actions of the catalog that it matches out.
//!
//! Names compare without letter case; `*` and `?` stand as in [`crate::pattern`].
//! Source: IAM User Guide, "IAM JSON policy elements: Action" and "… `NotAction`".
//!
//! A pattern that matches nothing is no error here: retired actions stand in many policies.

use crate::catalog::{Action, Catalog};
use crate::pattern::wildcard_match_ignore_case;

/// The actions that `pattern` matches, sorted as the catalog is.
///
/// ```
/// use curtail_iam::{catalog::Catalog, expand::expand};
/// let names: Vec<&str> = expand("sts:*FederationToken", Catalog::embedded())
///     .iter()
///     .map(|action| action.name)
///     .collect();
/// assert_eq!(names, ["sts:GetFederationToken"]);
/// ```
#[must_use]
pub fn expand<'a>(pattern: &str, catalog: &'a Catalog) -> Vec<&'a Action> {
    let literal = literal_prefix(pattern);
    if literal.len() == pattern.len() {
        return catalog.action(pattern).into_iter().collect();
    }
    let candidates = catalog.with_prefix(literal);
    if pattern.strip_prefix(literal) == Some("*") {
        return candidates.iter().collect();
    }
    candidates
        .iter()
        .filter(|action| wildcard_match_ignore_case(pattern, action.name))
        .collect()
}

/// The actions that none of `patterns` matches, sorted as the catalog is: what a `NotAction` means.
#[must_use]
pub fn expand_not<'a, P: AsRef<str>>(patterns: &[P], catalog: &'a Catalog) -> Vec<&'a Action> {
    catalog
        .actions()
        .filter(|action| {
            !patterns
                .iter()
                .any(|pattern| wildcard_match_ignore_case(pattern.as_ref(), action.name))
        })
        .collect()
}

fn literal_prefix(pattern: &str) -> &str {
    pattern.split(['*', '?']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn catalog() -> &'static Catalog {
        Catalog::embedded()
    }

    fn slow(pattern: &str) -> Vec<&'static Action> {
        catalog()
            .actions()
            .filter(|action| wildcard_match_ignore_case(pattern, action.name))
            .collect()
    }

    #[test]
    fn a_star_is_the_whole_catalog() {
        assert_eq!(expand("*", catalog()).len(), catalog().actions().count());
        assert_eq!(expand("*:*", catalog()).len(), catalog().actions().count());
    }

    #[test]
    fn a_service_with_a_star_is_the_whole_service() {
        for service in ["s3", "S3", "bedrock-agentcore", "iam"] {
            let expanded = expand(&format!("{service}:*"), catalog());
            let listed = catalog().service_actions(service);
            assert_eq!(expanded, listed.iter().collect::<Vec<_>>());
            assert!(!listed.is_empty());
            assert!(
                listed
                    .iter()
                    .all(|a| a.service.eq_ignore_ascii_case(service))
            );
        }
    }

    #[test]
    fn a_prefix_takes_neither_fewer_nor_more() {
        let gets = expand("s3:Get*", catalog());
        assert_eq!(gets.len(), 63);
        assert_eq!(gets, slow("s3:Get*"));
        assert!(gets.iter().all(|action| action.name.starts_with("s3:Get")));
    }

    #[test]
    fn a_name_is_found_in_any_letter_case() {
        assert_eq!(expand("S3:getobject", catalog())[0].name, "s3:GetObject");
        assert!(expand("s3:GetObjectt", catalog()).is_empty());
        assert!(expand("", catalog()).is_empty());
    }

    #[test]
    fn not_is_the_rest() {
        let patterns = ["s3:*", "iam:Pass?ole"];
        let rest = expand_not(&patterns, catalog());
        let taken: usize = patterns.iter().map(|p| expand(p, catalog()).len()).sum();
        assert_eq!(rest.len() + taken, catalog().actions().count());
        assert!(
            rest.iter()
                .all(|a| a.service != "s3" && a.name != "iam:PassRole")
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_range_agrees_with_the_whole_search(pattern in "[a-zA-Z0-9:*?-]{0,12}") {
            prop_assert_eq!(expand(&pattern, catalog()), slow(&pattern));
        }

        #[test]
        fn any_text_gives_an_answer(pattern in "\\PC{0,40}") {
            prop_assert!(expand(&pattern, catalog()).len() <= catalog().actions().count());
        }
    }
}
