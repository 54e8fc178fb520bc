//! The trim of one role: what is removable in, a change per policy with its proof out.
//!
//! Each policy is trimmed by itself (`draft.rs`); those that would not fit IAM's quotas are trimmed
//! coarser (`coarse.rs`) or withheld (`size.rs`); the rest is proven together. If that proof fails,
//! every change of the role is withheld.

use std::collections::{BTreeMap, BTreeSet};

use curtail_analyze::Role;
use curtail_iam::document::{Document, Effect};
use curtail_iam::policy::NamedPolicy;

use super::draft::{Draft, Subject, changed_policies, drafts};
use super::proof::{Proof, prove};
use super::size::fit;
use super::statement::names;
use super::unified::unified;
use super::{PolicyDiff, RoleTrim};

/// Takes the removable actions out of every identity policy of the role.
pub(super) fn trim_role(subject: &Subject<'_>, removable: BTreeSet<String>) -> RoleTrim {
    if removable.is_empty() {
        return finish(subject, removable, Vec::new(), None, None);
    }
    if let Some(owner) = written_from_above(&subject.role.arn) {
        let reason =
            format!("the role is written by {owner}, so that its policies are changed there");
        return finish(subject, removable, Vec::new(), None, Some(reason));
    }
    let mut drafts = drafts(subject, &removable);
    fit(subject, &mut drafts, &removable);
    if drafts.iter().all(|draft| draft.withheld.is_some()) {
        return finish(subject, removable, drafts, None, None);
    }
    let new = changed_policies(subject.role, &drafts);
    let proof = prove(subject.role, &new, subject.replay, subject.catalog);
    if let Some(objection) = proof.objection() {
        for draft in drafts.iter_mut().filter(|draft| draft.withheld.is_none()) {
            draft.withheld = Some(objection.clone());
        }
    }
    finish(subject, removable, drafts, Some(proof), None)
}

/// Who writes the role, if that is not its account's administrator.
///
/// Source: IAM Identity Center User Guide, "Referencing permission sets in resource policies"
/// (`/aws-reserved/sso.amazonaws.com/`); IAM User Guide, "Service-linked roles" (`/aws-service-role/`).
fn written_from_above(arn: &str) -> Option<&'static str> {
    if arn.contains(":role/aws-reserved/sso.amazonaws.com/") {
        Some("IAM Identity Center")
    } else if arn.contains(":role/aws-service-role/") {
        Some("the service that it is linked to")
    } else {
        None
    }
}

fn finish(
    subject: &Subject<'_>,
    removable: BTreeSet<String>,
    drafts: Vec<Draft<'_>>,
    proof: Option<Proof>,
    withheld: Option<String>,
) -> RoleTrim {
    let kept = still_granted(subject.role, &drafts, &removable);
    let stays: BTreeSet<&String> = kept.values().flatten().collect();
    let removed = removable
        .iter()
        .filter(|action| !stays.contains(action))
        .cloned()
        .collect();
    RoleTrim {
        removed,
        kept,
        removable,
        policies: drafts
            .into_iter()
            .map(|draft| policy_diff(draft, subject.context_lines))
            .collect(),
        proof,
        withheld,
    }
}

/// Removable actions that an Allow statement still names once the applicable changes are made, by reason.
fn still_granted(
    role: &Role,
    drafts: &[Draft<'_>],
    removable: &BTreeSet<String>,
) -> BTreeMap<String, BTreeSet<String>> {
    let by_place: BTreeMap<usize, &Draft<'_>> =
        drafts.iter().map(|draft| (draft.place, draft)).collect();
    let mut left: BTreeSet<&String> = removable.iter().collect();
    let mut kept: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (place, policy) in role.policies.identity.iter().enumerate() {
        let Some((document, why)) = after(policy, by_place.get(&place).copied()) else {
            continue;
        };
        let (granted, rest) = left
            .into_iter()
            .partition(|action| allows(document, action));
        left = rest;
        let granted: BTreeSet<&String> = granted;
        if !granted.is_empty() {
            let reason = format!("policy {} still grants it, {why}", policy.name);
            kept.entry(reason)
                .or_default()
                .extend(granted.into_iter().cloned());
        }
    }
    kept
}

/// The document that holds after the applicable changes, and why it is no shorter; none if it goes.
fn after<'a>(
    policy: &'a NamedPolicy,
    draft: Option<&'a Draft<'_>>,
) -> Option<(&'a Document, &'static str)> {
    let Some(draft) = draft else {
        return Some((&policy.document, "and is not changed"));
    };
    if draft.withheld.is_some() {
        return Some((&policy.document, "and its change is withheld"));
    }
    let why = if draft.whole_services_only {
        "and a document that names what is kept of its service would not fit IAM's quota"
    } else {
        "and cannot be cut further"
    };
    draft.new.as_ref().map(|document| (document, why))
}

fn allows(document: &Document, action: &str) -> bool {
    document
        .statements
        .iter()
        .any(|statement| statement.effect == Effect::Allow && names(&statement.actions, action))
}

fn policy_diff(draft: Draft<'_>, context_lines: usize) -> PolicyDiff {
    let policy = draft.policy;
    let applicable = draft.withheld.is_none();
    let new_name = draft.new_name.as_deref().unwrap_or(&policy.name);
    let unified = if applicable {
        unified(
            (&policy.name, &policy.document),
            (new_name, draft.new.as_ref()),
            context_lines,
        )
    } else {
        String::new()
    };
    PolicyDiff {
        policy: policy.name.clone(),
        arn: policy.arn.clone(),
        kind: policy.kind,
        attachments: policy.attachments,
        form: draft.form,
        old: policy.document.value().clone(),
        new: draft
            .new
            .filter(|_| applicable)
            .map(|document| document.value().clone()),
        unified,
        new_name: draft.new_name,
        removed: draft.removed,
        whole_services_only: draft.whole_services_only,
        size: draft.size,
        withheld: draft.withheld,
    }
}
