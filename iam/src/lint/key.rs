//! Condition keys that nobody knows, or that the actions of the statement do not have.
//!
//! A key that the request lacks makes most operators false: an allow that asks for it allows
//! nothing, a deny denies nothing.
//! Source: AWS Service Authorization Reference, "Condition keys for …"; "IAM policy validation check
//! reference": "Invalid global condition key", "Invalid service condition key", "Missing tag key in
//! condition".

use std::collections::BTreeSet;

use super::Scope;
use super::finding::Findings;
use super::global_key::find;
use crate::catalog::{Action, Catalog};
use crate::document::{ActionElement, Condition, Path};
use crate::pattern::wildcard_match_ignore_case;

/// Global keys that hang on the action, and so stand in the catalog's lists.
const OF_ACTIONS: [&str; 3] = ["aws:requesttag/", "aws:resourcetag/", "aws:tagkeys"];

/// Keys of tags, which go on with the name of the tag.
const TAGS: [&str; 3] = ["aws:principaltag", "aws:requesttag", "aws:resourcetag"];

/// Most actions that one finding names.
const MAX_NAMED: usize = 3;

pub(super) fn check(scope: &Scope<'_>, findings: &mut Findings<'_>) {
    let mut listed: Option<BTreeSet<String>> = None;
    for condition in &scope.statement.conditions {
        if findings.is_full() {
            return;
        }
        let at = scope.condition_at(&condition.operator, &condition.key);
        match place_of(&condition.key, scope) {
            KeyPlace::Anywhere => {}
            KeyPlace::Nowhere => findings.warning(
                "unknown-condition-key",
                at,
                format!("there is no key `{}`", condition.key),
                "look the key up in the list of global condition keys",
            ),
            KeyPlace::TagWithoutName => findings.error(
                "tag-name-missing",
                at,
                format!("`{}` names no tag", condition.key),
                format!(
                    "write `{}/` and the name of the tag",
                    condition.key.trim_end_matches('/')
                ),
            ),
            KeyPlace::OfActions if scope.grants_all => {
                of_any_action(scope, condition, at, findings);
            }
            KeyPlace::OfActions if scope.actions.is_empty() => {}
            KeyPlace::OfActions => {
                let listed = listed
                    .get_or_insert_with(|| patterns(scope.actions.iter().copied(), scope.catalog));
                of_actions(scope, condition, listed, at, findings);
            }
        }
    }
}

/// Where a key may be in a request.
enum KeyPlace {
    /// In any request, or of an identity provider, whose keys the catalog does not know.
    Anywhere,
    /// Where the action has it.
    OfActions,
    Nowhere,
    TagWithoutName,
}

fn place_of(key: &str, scope: &Scope<'_>) -> KeyPlace {
    let lower = key.to_ascii_lowercase();
    if TAGS.contains(&lower.trim_end_matches('/')) {
        return KeyPlace::TagWithoutName;
    }
    match (find(key), lower.split_once(':')) {
        (Some(known), _) if OF_ACTIONS.contains(&known.name) => KeyPlace::OfActions,
        (Some(_), _) | (None, None) => KeyPlace::Anywhere,
        (None, Some(("aws", _))) => KeyPlace::Nowhere,
        (None, Some((service, _))) if scope.catalog.service_actions(service).is_empty() => {
            KeyPlace::Anywhere
        }
        _ => KeyPlace::OfActions,
    }
}

/// The keys of actions as patterns: `<key>` and `${TagKey}` stand for any text.
fn patterns<'a>(actions: impl Iterator<Item = &'a Action>, catalog: &Catalog) -> BTreeSet<String> {
    let keys: BTreeSet<&str> = actions
        .flat_map(|action| catalog.all_condition_keys(action))
        .collect();
    keys.into_iter().map(pattern).collect()
}

fn pattern(key: &str) -> String {
    let mut pattern = String::new();
    let mut rest = key;
    while let Some(start) = rest.find(['<', '$']) {
        let (before, variable) = rest.split_at_checked(start).unwrap_or((rest, ""));
        pattern.push_str(before);
        pattern.push('*');
        rest = variable
            .split_once(['>', '}'])
            .map_or("", |(_, after)| after);
    }
    pattern.push_str(rest);
    pattern
}

fn has(patterns: &BTreeSet<String>, key: &str) -> bool {
    patterns
        .iter()
        .any(|pattern| wildcard_match_ignore_case(pattern, key))
}

fn of_actions(
    scope: &Scope<'_>,
    condition: &Condition,
    listed: &BTreeSet<String>,
    at: Path,
    findings: &mut Findings<'_>,
) {
    let key = &condition.key;
    if has(listed, key) {
        some_lack_it(scope, key, at, findings);
        return;
    }
    if is_known(scope, key) {
        findings.warning(
            "condition-key-not-of-actions",
            at,
            format!("no action of the statement has the key `{key}`"),
            "remove the condition, or move it to the statement of its actions",
        );
    } else {
        of_any_action(scope, condition, at, findings);
    }
}

/// A key that not even its own service has.
fn of_any_action(scope: &Scope<'_>, condition: &Condition, at: Path, findings: &mut Findings<'_>) {
    let key = &condition.key;
    if !is_known(scope, key) {
        let service = key.split(':').next().unwrap_or_default();
        findings.warning(
            "unknown-condition-key",
            at,
            format!("the service `{service}` has no key `{key}`"),
            "look the key up in the Service Authorization Reference",
        );
    }
}

fn is_known(scope: &Scope<'_>, key: &str) -> bool {
    let service = key.split(':').next().unwrap_or_default();
    let actions = scope.catalog.service_actions(service).iter();
    find(key).is_some() || has(&patterns(actions, scope.catalog), key)
}

/// Of the actions that are written out, those that lack a key that others have.
fn some_lack_it(scope: &Scope<'_>, key: &str, at: Path, findings: &mut Findings<'_>) {
    let ActionElement::Action(written) = &scope.statement.actions else {
        return;
    };
    let lacking: Vec<&str> = written
        .iter()
        .take(super::MAX_LIST)
        .filter_map(|name| scope.catalog.action(name))
        .filter(|action| !has(&patterns(std::iter::once(*action), scope.catalog), key))
        .map(|action| action.name)
        .collect();
    if lacking.is_empty() {
        return;
    }
    let named: Vec<&str> = lacking.iter().copied().take(MAX_NAMED).collect();
    let more = if lacking.len() > MAX_NAMED {
        " and others"
    } else {
        ""
    };
    findings.note(
        "condition-key-not-of-some-actions",
        at,
        format!(
            "the catalog lists no key `{key}` for `{}`{more}",
            named.join("`, `")
        ),
        "move these actions to a statement of their own",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tags_stand_for_any_text() {
        assert_eq!(
            pattern("s3:ExistingObjectTag/<key>"),
            "s3:ExistingObjectTag/*"
        );
        assert_eq!(pattern("aws:ResourceTag/${TagKey}"), "aws:ResourceTag/*");
        assert_eq!(pattern("codebuild:a/${b}.c"), "codebuild:a/*.c");
        assert_eq!(pattern("s3:prefix"), "s3:prefix");
    }
}
