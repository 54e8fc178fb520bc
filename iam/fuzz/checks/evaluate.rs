//! What must hold for any line that is taken for a case: text in, a panic if something does not.
//!
//! The fuzz target runs it on lines that it makes up, a test on those kept in `corpus/evaluate`.

use curtail_iam::simulate::case::decide_line;
use serde_json::Value;

/// Decides the line, and reads the answer back.
pub(crate) fn check(line: &str) {
    let answer = decide_line(line);
    let text = answer.to_line();
    assert!(
        !text.contains('\n') || line.contains('\n'),
        "one line in, one out"
    );
    let read: Value = serde_json::from_str(&text).expect("an answer is JSON");
    let fields = read.as_object().expect("an answer is an object");
    assert_eq!(fields.len(), if answer.is_decided() { 4 } else { 2 });
    if answer.is_decided() {
        let decision = read["decision"].as_str().expect("a decision has a name");
        let needs = read["needs"].as_array().expect("needs are a list");
        let by = read["by"].as_array().expect("statements are a list");
        assert_eq!(decision == "undecided", !needs.is_empty());
        assert!(decision != "explicitly_denied" || !by.is_empty());
        assert!(decision != "implicitly_denied" || by.is_empty());
    }
    assert_eq!(
        decide_line(line).to_line(),
        text,
        "a decision is a function of its line"
    );
}
