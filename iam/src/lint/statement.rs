//! Statements that grant more than they seem to: by what they leave out, or on every resource.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: `NotAction`", "… `NotResource`", and "IAM policy
//! validation check reference": "Pass role with star in resource", "Allow with `NotPrincipal`".

use super::Scope;
use super::finding::Findings;
use crate::document::{ActionElement, Effect, PolicyUse, ResourceElement};
use crate::pattern::wildcard_match_ignore_case;

pub(super) fn check(scope: &Scope<'_>, findings: &mut Findings<'_>) {
    if scope.statement.effect != Effect::Allow {
        return;
    }
    // Organizations' policies grant nothing; they list what stays possible.
    if scope.policy_use != PolicyUse::ServiceControl
        && scope.policy_use != PolicyUse::ResourceControl
    {
        left_out(scope, findings);
        everything(scope, findings);
        pass_role(scope, findings);
    }
}

fn left_out(scope: &Scope<'_>, findings: &mut Findings<'_>) {
    if let ActionElement::NotAction(_) = scope.statement.actions {
        findings.warning(
            "allow-not-action",
            scope.at.clone().element("NotAction"),
            "allows all actions of all services but those listed, also those that AWS adds later",
            "list what is allowed in `Action`, or deny what is not",
        );
    }
    if let ResourceElement::NotResource(_) = scope.statement.resources {
        findings.warning(
            "allow-not-resource",
            scope.at.clone().element("NotResource"),
            "allows the actions on all resources but those listed, also in other accounts",
            "list what is allowed in `Resource`, or deny what is not",
        );
    }
}

fn everything(scope: &Scope<'_>, findings: &mut Findings<'_>) {
    let (name, patterns) = scope.action_list();
    let star = |list: &[String]| list.iter().any(|text| text == "*" || text == "*:*");
    if name == "Action"
        && star(patterns)
        && matches!(&scope.statement.resources, ResourceElement::Resource(list) if star(list))
        && scope.statement.conditions.is_empty()
    {
        findings.note(
            "allow-everything",
            scope.at.clone().element("Action"),
            "allows every action on every resource",
            "list what is needed",
        );
    }
}

/// Roles that can be passed to any service lend their permissions to whoever may pass them.
fn pass_role(scope: &Scope<'_>, findings: &mut Findings<'_>) {
    let (ActionElement::Action(patterns), ResourceElement::Resource(resources)) =
        (&scope.statement.actions, &scope.statement.resources)
    else {
        return;
    };
    let passes = |pattern: &String| {
        let named = pattern
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("iam:"));
        named && wildcard_match_ignore_case(pattern, "iam:PassRole")
    };
    let any_role = |resource: &String| {
        resource == "*" || resource.ends_with(":role/*") || resource.ends_with(":*")
    };
    let (Some(item), true) = (
        patterns.iter().position(passes),
        resources.iter().any(any_role),
    ) else {
        return;
    };
    if scope.statement.conditions.is_empty() {
        findings.warning(
            "pass-any-role",
            scope.at.clone().element("Action").item(item),
            "allows any role to be passed to any service",
            "name the roles in `Resource`, and the service in a condition on `iam:PassedToService`",
        );
    }
}
