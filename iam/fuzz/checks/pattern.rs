//! What must hold for any two patterns and any text, one a line: a panic if something does not.
//!
//! The fuzz target runs it on lines that it makes up, a test on those kept in `corpus/pattern`.

use curtail_iam::catalog::Catalog;
use curtail_iam::expand::expand;
use curtail_iam::pattern::{covers, overlaps, wildcard_match, wildcard_match_ignore_case};

/// Matches, contains and overlaps the lines in every way.
pub(crate) fn check(lines: &str) {
    let mut parts = lines.splitn(3, '\n');
    let mut next = || parts.next().unwrap_or_default();
    let (a, b, text) = (next(), next(), next());
    for pattern in [a, b] {
        assert!(covers(pattern, pattern) && covers("*", pattern));
        assert_eq!(covers("", pattern), pattern.is_empty());
        let lower = |text: &str| text.to_ascii_lowercase();
        let ignoring = wildcard_match_ignore_case(pattern, text);
        assert_eq!(ignoring, wildcard_match(&lower(pattern), &lower(text)));
        for action in expand(pattern, Catalog::embedded()) {
            assert!(wildcard_match_ignore_case(pattern, action.name));
        }
    }
    let (of_a, of_b) = (wildcard_match(a, text), wildcard_match(b, text));
    assert_eq!(overlaps(a, b), overlaps(b, a));
    assert!(!(of_a && of_b) || overlaps(a, b), "both take the text");
    assert!(!covers(a, b) || !of_b || of_a, "what covers takes it too");
    if !text.contains(['*', '?']) {
        assert_eq!(covers(a, text), of_a);
        assert_eq!(overlaps(a, text), of_a);
    }
}
