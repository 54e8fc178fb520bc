//! What must hold for any two policies, one a line: a panic if something does not.
//!
//! The fuzz target runs it on lines that it makes up, a test on those kept in `corpus/containment`.

use curtail_iam::catalog::Catalog;
use curtail_iam::containment::{Actions, Containment, Reason, contains};
use curtail_iam::document::Document;
use curtail_iam::evaluate::{Decision, Request, evaluate};
use curtail_iam::policy::{NamedPolicy, PolicyKind, RolePolicies};

/// Compares the policies in both directions and each with itself. Lines that are no policies pass.
pub(crate) fn check(lines: &str) {
    let read: Vec<Document> = lines
        .lines()
        .filter_map(|line| Document::parse(line).ok())
        .collect();
    let [a, b, ..] = read.as_slice() else {
        return;
    };
    let (a, b) = (std::slice::from_ref(a), std::slice::from_ref(b));
    for (wide, narrow) in [(a, b), (b, a)] {
        let every = contains(wide, narrow, Actions::Every, Catalog::embedded());
        let listed = contains(wide, narrow, Actions::Listed, Catalog::embedded());
        for found in [&every, &listed] {
            if let Containment::NotContained { witness } = found {
                let request = Request {
                    action: &witness.action,
                    resource: Some(&witness.resource),
                    context: witness.context.clone(),
                };
                let narrow = evaluate(&policies(narrow), &request);
                assert!(matches!(narrow, Decision::Allowed { .. }));
                let wide = evaluate(&policies(wide), &request);
                assert!(!matches!(
                    wide,
                    Decision::Allowed { .. } | Decision::Undecided { .. }
                ));
            }
        }
        let contradicts = matches!(listed, Containment::NotContained { .. });
        assert!(every != Containment::Contained || !contradicts);
        match contains(wide, wide, Actions::Every, Catalog::embedded()) {
            Containment::Contained => {}
            Containment::Unknown { why } => assert_eq!(why.reason, Reason::TooLarge),
            Containment::NotContained { witness } => panic!("not within itself: {witness:?}"),
        }
    }
}

fn policies(documents: &[Document]) -> RolePolicies {
    let named = |document: &Document| NamedPolicy {
        name: "p".to_owned(),
        arn: None,
        kind: PolicyKind::Inline,
        attachments: 1,
        document: document.clone(),
    };
    RolePolicies {
        identity: documents.iter().map(named).collect(),
        ..RolePolicies::default()
    }
}
