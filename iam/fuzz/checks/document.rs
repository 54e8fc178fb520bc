//! What must hold for any text that is taken for a document: text in, a panic if something does not.
//!
//! The fuzz target runs it on texts that it makes up, a test on those kept in `corpus/document`.

use curtail_iam::catalog::Catalog;
use curtail_iam::document::{Document, Path, PolicyUse};
use curtail_iam::lint::lint;

/// Reads the text, and if it is a document prints, checks and lints it.
pub(crate) fn check(text: &str) {
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            assert!(!error.to_string().contains(char::is_control));
            return;
        }
    };
    let (compact, pretty) = (document.to_string(), document.to_pretty());
    for printed in [&compact, &pretty] {
        let reread = Document::parse(printed).expect("a printed document is a document");
        assert_eq!(reread, document, "nothing is lost");
        assert_eq!(reread.to_string(), compact);
        assert_eq!(reread.to_pretty(), pretty);
    }
    let positions = document.positions().expect("the text is known");
    for index in 0..document.statements.len() {
        let at = Path::statement(index);
        assert!(positions.of(&at).is_some());
        assert!(positions.of(&at.element("Effect")).is_some());
    }
    for policy_use in PolicyUse::ALL {
        let _ = document.check(policy_use);
    }
    // One use a text, since looking all actions up takes time.
    let policy_use = PolicyUse::ALL[text.len() % PolicyUse::ALL.len()];
    let found = lint(&document, policy_use, Catalog::embedded());
    let refused = found.iter().any(|finding| finding.code == "refused");
    assert_eq!(document.check(policy_use).is_err(), refused);
    let mut lines = found.iter().map(|finding| finding.line("policy.json"));
    assert!(lines.all(|line| !line.contains(char::is_control)));
}
