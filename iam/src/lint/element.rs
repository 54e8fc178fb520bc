//! The document as a whole: its version, its `Id` and the names of its statements.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Version", "… Id" and "… Sid"; "IAM policy
//! validation check reference": "Missing version", "Unique Sids recommended", "Empty Sid value".

use std::collections::BTreeSet;

use super::finding::Findings;
use crate::document::{Document, Path, PolicyUse, Version};

pub(super) fn check(document: &Document, policy_use: PolicyUse, findings: &mut Findings<'_>) {
    if document.version == Version::V2008 {
        findings.note(
            "old-version",
            match document.value().get("Version") {
                Some(_) => Path::document().element("Version"),
                None => Path::document(),
            },
            "the document is in the older version of the language, which has no variables",
            "write `\"Version\": \"2012-10-17\"`",
        );
    }
    if document.id.is_some() && !policy_use.names_principals() {
        findings.note(
            "id-in-identity-policy",
            Path::document().element("Id"),
            "the document has an `Id`, which only policies of resources have",
            "remove it",
        );
    }
    sids(document, policy_use, findings);
}

fn sids(document: &Document, policy_use: PolicyUse, findings: &mut Findings<'_>) {
    let mut seen = BTreeSet::new();
    for (index, statement) in document.statements.iter().enumerate() {
        let Some(sid) = statement.sid.as_deref() else {
            continue;
        };
        let at = Path::statement(index).element("Sid");
        if sid.is_empty() {
            findings.note(
                "empty-sid",
                at,
                "the `Sid` is empty",
                "name it or remove it",
            );
        } else if !seen.insert(sid) && policy_use == PolicyUse::Resource {
            findings.warning(
                "duplicate-sid",
                at,
                format!("an earlier statement has the `Sid` `{sid}` too"),
                "give each statement a name of its own",
            );
        }
    }
}
