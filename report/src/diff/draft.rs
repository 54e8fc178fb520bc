//! Trimmed documents that are not proven yet: a role and what is removable in, a draft per policy out.
//!
//! A draft's document is printed and parsed back before anything is made of it, so that what is
//! proven is what is written.

use std::collections::{BTreeMap, BTreeSet};

use curtail_analyze::{ReplayRow, Role};
use curtail_iam::catalog::Catalog;
use curtail_iam::document::Document;
use curtail_iam::policy::{NamedPolicy, PolicyKind, RolePolicies};
use curtail_iam::trim::{Trim, trim};

use super::coarse::of_whole_services;
use super::form::Form;
use super::size::Size;
use super::unified::printed_value;

/// A role to be trimmed, and what is known of it.
pub(super) struct Subject<'a> {
    pub(super) role: &'a Role,
    pub(super) replay: &'a [&'a ReplayRow],
    pub(super) names: &'a BTreeMap<(String, usize), String>,
    pub(super) catalog: &'a Catalog,
    pub(super) context_lines: usize,
}

/// A trimmed document that is not proven yet.
pub(super) struct Draft<'a> {
    pub(super) place: usize,
    pub(super) policy: &'a NamedPolicy,
    pub(super) form: Form,
    pub(super) new_name: Option<String>,
    pub(super) new: Option<Document>,
    pub(super) removed: BTreeSet<String>,
    pub(super) size: Option<Size>,
    pub(super) whole_services_only: bool,
    pub(super) withheld: Option<String>,
}

/// A draft for each policy that grants something removable.
pub(super) fn drafts<'a>(subject: &Subject<'a>, removable: &BTreeSet<String>) -> Vec<Draft<'a>> {
    let policies = subject.role.policies.identity.iter().enumerate();
    policies
        .filter_map(|(place, policy)| draft(subject, place, policy, removable))
        .collect()
}

fn draft<'a>(
    subject: &Subject<'a>,
    place: usize,
    policy: &'a NamedPolicy,
    removable: &BTreeSet<String>,
) -> Option<Draft<'a>> {
    let (trimmed, withheld) = match trim(&policy.document, removable, subject.catalog) {
        Ok(trimmed) if !trimmed.changed => return None,
        Ok(trimmed) => {
            let withheld = trimmed.document.as_ref().and_then(misprint);
            (trimmed, withheld)
        }
        Err(error) => (
            unchanged(policy),
            Some(format!("the document cannot be trimmed: {error}")),
        ),
    };
    let form = Form::of(policy, trimmed.document.is_some());
    let key = (subject.role.arn.clone(), place);
    Some(Draft {
        place,
        policy,
        form,
        new_name: (form == Form::Replace)
            .then(|| subject.names.get(&key).cloned())
            .flatten(),
        size: trimmed
            .document
            .as_ref()
            .map(|document| Size::of(document, policy.kind)),
        new: trimmed.document,
        removed: trimmed.removed,
        whole_services_only: false,
        withheld,
    })
}

/// The draft of the same policy that removes whole services only; none if it has done so, or removes nothing so.
pub(super) fn coarser<'a>(
    subject: &Subject<'a>,
    fine: &Draft<'a>,
    removable: &BTreeSet<String>,
) -> Option<Draft<'a>> {
    if fine.whole_services_only {
        return None;
    }
    let removable = of_whole_services(&fine.policy.document, removable, subject.catalog);
    let coarse = draft(subject, fine.place, fine.policy, &removable)?;
    coarse.withheld.is_none().then_some(Draft {
        whole_services_only: true,
        ..coarse
    })
}

fn unchanged(policy: &NamedPolicy) -> Trim {
    Trim {
        document: Some(policy.document.clone()),
        removed: BTreeSet::new(),
        changed: false,
    }
}

/// Why the document as printed is not the document; none if it is.
fn misprint(document: &Document) -> Option<String> {
    match Document::parse(&printed_value(document.value())) {
        Ok(back) if back == *document => None,
        Ok(_) => Some("the trimmed document reads differently once it is printed".to_owned()),
        Err(error) => Some(format!("the trimmed document does not parse: {error}")),
    }
}

/// The role's policies with every change made that is not withheld.
pub(super) fn changed_policies(role: &Role, drafts: &[Draft<'_>]) -> RolePolicies {
    let changes: BTreeMap<usize, &Draft<'_>> = drafts
        .iter()
        .filter(|draft| draft.withheld.is_none())
        .map(|draft| (draft.place, draft))
        .collect();
    let mut new = role.policies.clone();
    new.identity = role
        .policies
        .identity
        .iter()
        .enumerate()
        .filter_map(|(place, policy)| match changes.get(&place) {
            None => Some(policy.clone()),
            Some(draft) => draft
                .new
                .as_ref()
                .map(|document| changed(policy, draft, document)),
        })
        .collect();
    new
}

fn changed(policy: &NamedPolicy, draft: &Draft<'_>, document: &Document) -> NamedPolicy {
    let mut new = policy.clone();
    new.document = document.clone();
    if let Some(name) = &draft.new_name {
        new.name.clone_from(name);
        new.arn = None;
        new.kind = PolicyKind::CustomerManaged;
        new.attachments = 1;
    }
    new
}
