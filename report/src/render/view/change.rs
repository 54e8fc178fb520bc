//! One role's policy changes: its trim and proof in, what its template prints out.

use std::collections::BTreeSet;

use curtail_iam::policy::PolicyKind;
use serde::Serialize;

use super::cut;
use super::page::PageView;
use crate::diff::{Form, PolicyDiff, Proof, Size};
use crate::review::{Review, RoleReview};
use crate::text::{counted, grouped, to_count};

/// What a role's template prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::render) struct ChangeView<'a> {
    name: &'a str,
    arn: &'a str,
    anchor: &'a str,
    agents: Vec<(&'a str, &'a str)>,
    summary: String,
    withheld: Option<&'a str>,
    kept: Vec<KeptLine<'a>>,
    proof: Vec<String>,
    breaks: Vec<BreakLine<'a>>,
    policies: Vec<PolicyView<'a>>,
}

/// Removable actions that stay for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct KeptLine<'a> {
    reason: &'a str,
    count: i64,
    names: Vec<&'a str>,
    more: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct BreakLine<'a> {
    agent: &'a str,
    action: &'a str,
    resource: &'a str,
    calls: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct PolicyView<'a> {
    policy: &'a str,
    kind: &'static str,
    form: &'static str,
    what: String,
    removed: i64,
    size: Option<String>,
    whole_services_only: bool,
    withheld: Option<&'a str>,
    /// The diff as text, for forms that colour nothing.
    text: String,
    lines: Vec<DiffLine<'a>>,
    more_lines: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct DiffLine<'a> {
    kind: &'static str,
    text: &'a str,
}

/// The changes of a role; none where nothing is removable.
pub(in crate::render) fn change_view<'a>(
    review: &'a Review,
    page: &'a PageView<'a>,
    role: &'a RoleReview,
) -> Option<ChangeView<'a>> {
    let anchor = page.changes.get(role.arn.as_str())?;
    let trim = &role.trim;
    let proof = trim.proof.as_ref();
    Some(ChangeView {
        name: &role.name,
        arn: &role.arn,
        anchor,
        agents: role
            .agents
            .iter()
            .map(|agent| {
                let anchor = page.agents.get(agent.as_str()).map_or("", String::as_str);
                (agent.as_str(), anchor)
            })
            .collect(),
        summary: summary(role),
        withheld: trim.withheld.as_deref(),
        kept: kept(role, review.lists.names_per_service),
        proof: proof.map(statements).unwrap_or_default(),
        breaks: proof.map(breaks).unwrap_or_default(),
        policies: trim
            .policies
            .iter()
            .map(|policy| policy_view(policy, review.lists.diff_lines))
            .collect(),
    })
}

fn summary(role: &RoleReview) -> String {
    let trim = &role.trim;
    let removable = counted(
        to_count(trim.removable.len()),
        "of its permissions is needed by none of its agents",
        "of its permissions are needed by none of its agents",
    );
    let removed = grouped(to_count(trim.removed.len()));
    let granted = grouped(to_count(role.granted));
    let kept: usize = trim.kept.values().map(BTreeSet::len).sum();
    match (trim.removed.len(), kept) {
        (0, _) => format!("{removable} ({granted} granted); no change is applicable."),
        (_, 0) => {
            format!(
                "Removes {removed} of {granted} permissions, all that no agent of the role needs."
            )
        }
        (_, kept) => format!(
            "Removes {removed} of {granted} permissions; {} no agent needs stay.",
            counted(to_count(kept), "more that", "more that")
        ),
    }
}

/// What stays although no agent needs it, by reason.
fn kept(role: &RoleReview, most: usize) -> Vec<KeptLine<'_>> {
    if role.trim.withheld.is_some() {
        return Vec::new();
    }
    role.trim
        .kept
        .iter()
        .map(|(reason, names)| {
            let count = to_count(names.len());
            let (names, more) = cut(names.iter().map(String::as_str).collect(), most);
            KeptLine {
                reason,
                count,
                names,
                more,
            }
        })
        .collect()
}

/// The proof, a sentence each.
fn statements(proof: &Proof) -> Vec<String> {
    let possible = match proof.possible_calls {
        0 => String::new(),
        calls => format!(
            ", {} of them only possibly needing the action",
            grouped(calls)
        ),
    };
    let mut lines = vec![format!(
        "{} of the window replayed against the new policies{possible}: {} would be denied.",
        counted(proof.calls_replayed, "call", "calls"),
        grouped(proof.would_be_denied),
    )];
    if proof.unproven > 0 {
        lines.push(format!(
            "{} no longer surely allowed.",
            counted(proof.unproven, "call is", "calls are")
        ));
    }
    if proof.undecided > 0 {
        let keys: Vec<&str> = proof.undecided_on.iter().map(String::as_str).collect();
        lines.push(format!(
            "{} on what the log does not hold ({}); the statements that match them are the same before and after.",
            counted(proof.undecided, "call depends", "calls depend"),
            keys.join(", "),
        ));
    }
    if proof.not_explained > 0 {
        lines.push(format!(
            "{} by something other than these policies, which the change leaves alone.",
            counted(
                proof.not_explained,
                "call was allowed",
                "calls were allowed"
            )
        ));
    }
    lines.push(if proof.not_broader {
        "The new policies allow nothing that the old ones did not.".to_owned()
    } else {
        format!(
            "Not proven within the old policies: {}.",
            proof.broader.join("; ")
        )
    });
    lines
}

fn breaks(proof: &Proof) -> Vec<BreakLine<'_>> {
    proof
        .breaks
        .iter()
        .map(|entry| BreakLine {
            agent: entry.agent.as_deref().unwrap_or("unattributed"),
            action: &entry.action,
            resource: entry.resource.as_deref().unwrap_or("not recorded"),
            calls: entry.calls,
        })
        .collect()
}

fn policy_view(diff: &PolicyDiff, most_lines: usize) -> PolicyView<'_> {
    let all: Vec<&str> = diff.unified.lines().collect();
    let shown: Vec<&str> = all.iter().take(most_lines).copied().collect();
    PolicyView {
        policy: &diff.policy,
        kind: kind(diff.kind),
        form: diff.form.as_str(),
        what: what(diff),
        removed: to_count(diff.removed.len()),
        size: diff.size.map(size),
        whole_services_only: diff.whole_services_only,
        withheld: diff.withheld.as_deref(),
        text: shown.join("\n"),
        more_lines: all.len() - shown.len(),
        lines: shown.into_iter().map(line).collect(),
    }
}

fn what(diff: &PolicyDiff) -> String {
    let name = &diff.policy;
    match (diff.form, diff.kind) {
        (Form::Edit, PolicyKind::Inline) => {
            format!("Put the inline policy {name} with the new document.")
        }
        (Form::Edit, _) => format!(
            "Make the new document the default version of {name}, which only this role has."
        ),
        (Form::Replace, kind) => {
            let new = diff.new_name.as_deref().unwrap_or("a policy of its own");
            let why = if kind == PolicyKind::AwsManaged {
                "AWS owns it".to_owned()
            } else {
                format!("it is attached to {} principals", diff.attachments)
            };
            format!(
                "Create the policy {new} with the new document, attach it, then detach {name}, which stays as it is: {why}."
            )
        }
        (Form::Detach, PolicyKind::Inline) => {
            format!("Delete the inline policy {name}: nothing of it is needed.")
        }
        (Form::Detach, _) => format!("Detach {name} from the role: nothing of it is needed."),
    }
}

fn kind(kind: PolicyKind) -> &'static str {
    match kind {
        PolicyKind::Inline => "inline policy",
        PolicyKind::CustomerManaged => "managed policy of the account",
        PolicyKind::AwsManaged => "AWS-managed policy",
        PolicyKind::Boundary => "permissions boundary",
        PolicyKind::Scp => "service control policy",
        PolicyKind::Rcp => "resource control policy",
    }
}

fn size(size: Size) -> String {
    format!(
        "{} of {} characters",
        grouped(to_count(size.characters)),
        grouped(to_count(size.quota))
    )
}

fn line(text: &str) -> DiffLine<'_> {
    let kind = if text.starts_with("+++") || text.starts_with("---") {
        "file"
    } else if text.starts_with("@@") {
        "hunk"
    } else if text.starts_with('+') {
        "add"
    } else if text.starts_with('-') {
        "del"
    } else {
        "same"
    };
    DiffLine { kind, text }
}
