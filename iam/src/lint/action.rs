//! Actions: what the catalog does not list, and what another pattern of the list grants anyway.
//!
//! Source: IAM User Guide, "IAM policy validation check reference": "Invalid action", "Invalid
//! service in action", "Redundant action", "Empty array action".

use super::finding::Findings;
use super::{MAX_LIST, Scope};
use crate::document::Path;
use crate::expand::{Miss, miss};
use crate::pattern::covers;

pub(super) fn check(scope: &Scope<'_>, findings: &mut Findings<'_>) {
    let (name, patterns) = scope.action_list();
    let at = scope.at.clone().element(name);
    if patterns.is_empty() {
        findings.warning(
            "empty-list",
            at.clone(),
            format!("`{name}` lists nothing, so that the statement says nothing that is meant"),
            "list actions, or remove the statement",
        );
    }
    for (item, pattern) in patterns.iter().enumerate() {
        if findings.is_full() {
            return;
        }
        let at = at.clone().item(item);
        if pattern.contains("${") {
            findings.error(
                "variable-in-action",
                at,
                format!("`{pattern}` has a variable, which actions cannot have"),
                "write the actions out",
            );
        } else if let Some(reason) = miss(pattern, scope.catalog) {
            unlisted(pattern, reason, at, findings);
        }
    }
    redundant(patterns, &at, findings);
}

fn unlisted(pattern: &str, reason: Miss, at: Path, findings: &mut Findings<'_>) {
    let message = format!("`{pattern}` {reason}");
    let remove = "remove it, or look the name up in the Service Authorization Reference";
    let instead = |name: &str| format!("write `{name}` if that is meant");
    match reason {
        Miss::Retired => findings.note("retired-action", at, message, "remove it"),
        Miss::UnknownService { nearest } => {
            let remedy = nearest.map_or_else(|| remove.to_owned(), instead);
            findings.warning("unknown-service", at, message, remedy);
        }
        Miss::UnknownAction {
            nearest: Some(nearest),
        } => {
            let code = if same_service(pattern, nearest) {
                "unknown-action"
            } else {
                "wrong-service"
            };
            findings.warning(code, at, message, instead(nearest));
        }
        _ if pattern.matches(':').count() > 1 => findings.warning(
            "colon-in-action",
            at,
            format!("`{pattern}` has a second colon, which no action has"),
            "write `service:name` alone; resources stand in `Resource`",
        ),
        Miss::UnknownAction { nearest: None } => {
            findings.warning("unknown-action", at, message, remove);
        }
        Miss::NoMatch => findings.warning("no-action-matches", at, message, remove),
        // AWS refuses these, which is told as such.
        Miss::NoService | Miss::WildcardService => {}
    }
}

fn same_service(a: &str, b: &str) -> bool {
    let service = |name: &str| {
        name.split(':')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    service(a) == service(b)
}

fn redundant(patterns: &[String], at: &Path, findings: &mut Findings<'_>) {
    if patterns.len() > MAX_LIST {
        return;
    }
    let lower: Vec<String> = patterns
        .iter()
        .map(|text| text.to_ascii_lowercase())
        .collect();
    for (item, pattern) in lower.iter().enumerate() {
        let by = lower.iter().enumerate().find(|(other, wide)| {
            let same = *wide == pattern;
            *other != item && (!same || *other < item) && (same || covers(wide, pattern))
        });
        let (Some((other, _)), Some(written)) = (by, patterns.get(item)) else {
            continue;
        };
        let by = patterns.get(other).map_or("", String::as_str);
        findings.note(
            "redundant-action",
            at.clone().item(item),
            format!("`{written}` adds nothing to `{by}`, which stands beside it"),
            "remove it, or narrow the wider one",
        );
    }
}
