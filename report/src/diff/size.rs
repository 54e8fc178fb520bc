//! Whether a document fits IAM's quotas: document in, characters against the quota out.
//!
//! Source: IAM User Guide, "IAM and AWS STS quotas": white space is not counted; the inline policies
//! of a role may hold 10,240 characters in sum, a managed policy 6,144.
//!
//! White space inside strings is counted here, so that the figure is never too small.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use curtail_analyze::Role;
use curtail_iam::document::Document;
use curtail_iam::policy::PolicyKind;
use serde::Serialize;

use super::draft::{Draft, Subject, coarser};
use crate::text::{grouped, to_count};

/// Characters that all inline policies of a role may hold together.
/// Source: IAM User Guide, "IAM and AWS STS quotas", "Role inline policy size".
pub const INLINE_CHARACTERS: usize = 10_240;
/// Characters that one managed policy may hold.
/// Source: IAM User Guide, "IAM and AWS STS quotas", "Managed policy size".
pub const MANAGED_CHARACTERS: usize = 6_144;

/// A document's size against the quota that holds for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Size {
    /// Characters of the new document; of all the role's inline policies together where it is inline.
    pub characters: usize,
    /// The most that IAM takes.
    pub quota: usize,
}

impl Size {
    /// Whether IAM takes it.
    #[must_use]
    pub fn fits(self) -> bool {
        self.characters <= self.quota
    }

    /// The size of a document of its own, under the quota of its kind.
    pub(super) fn of(document: &Document, kind: PolicyKind) -> Self {
        Self {
            characters: characters(document),
            quota: quota(kind),
        }
    }
}

/// Characters of a document without the white space between its parts.
fn characters(document: &Document) -> usize {
    document.value().to_string().chars().count()
}

fn quota(kind: PolicyKind) -> usize {
    match kind {
        PolicyKind::Inline => INLINE_CHARACTERS,
        PolicyKind::CustomerManaged
        | PolicyKind::AwsManaged
        | PolicyKind::Boundary
        | PolicyKind::Scp
        | PolicyKind::Rcp => MANAGED_CHARACTERS,
    }
}

/// Makes coarser what IAM would not take, and withholds it where that does not help.
///
/// Managed policies count one by one, inline ones together. Of several inline policies the one that
/// grows most goes first, so that the others may fit.
pub(super) fn fit<'a>(
    subject: &Subject<'a>,
    drafts: &mut [Draft<'a>],
    removable: &BTreeSet<String>,
) {
    for draft in &mut *drafts {
        if draft.policy.kind != PolicyKind::Inline
            && let Some(size) = draft.size.filter(|size| !size.fits())
        {
            match coarser(subject, draft, removable) {
                Some(coarse) if coarse.size.is_none_or(Size::fits) => *draft = coarse,
                _ => draft.withheld = Some(too_large(size)),
            }
        }
    }
    while let Some(characters) =
        inline_characters(subject.role, drafts).filter(|characters| *characters > INLINE_CHARACTERS)
    {
        let Some(largest) = drafts
            .iter_mut()
            .filter(|draft| is_changed_inline(draft))
            .max_by_key(|draft| (growth(draft), Reverse(draft.place)))
        else {
            return;
        };
        let quota = INLINE_CHARACTERS;
        match coarser(subject, largest, removable) {
            Some(coarse) => *largest = coarse,
            None => largest.withheld = Some(too_large(Size { characters, quota })),
        }
    }
    let characters = inline_characters(subject.role, drafts).unwrap_or_default();
    for draft in drafts.iter_mut().filter(|draft| is_changed_inline(draft)) {
        if let Some(size) = &mut draft.size {
            size.characters = characters;
        }
    }
}

fn is_changed_inline(draft: &Draft<'_>) -> bool {
    draft.policy.kind == PolicyKind::Inline && draft.withheld.is_none()
}

fn too_large(size: Size) -> String {
    format!(
        "the trimmed document would take {} characters of the {} that IAM allows",
        grouped(to_count(size.characters)),
        grouped(to_count(size.quota))
    )
}

fn growth(draft: &Draft<'_>) -> i128 {
    let new = draft.new.as_ref().map_or(0, characters);
    let old = characters(&draft.policy.document);
    i128::try_from(new).unwrap_or(i128::MAX) - i128::try_from(old).unwrap_or(i128::MAX)
}

/// Characters of all inline policies with the changes made; none if no inline policy is changed.
fn inline_characters(role: &Role, drafts: &[Draft<'_>]) -> Option<usize> {
    let changed: BTreeMap<usize, Option<&Document>> = drafts
        .iter()
        .filter(|draft| is_changed_inline(draft))
        .map(|draft| (draft.place, draft.new.as_ref()))
        .collect();
    if changed.is_empty() {
        return None;
    }
    let sum = role
        .policies
        .identity
        .iter()
        .enumerate()
        .filter(|(_, policy)| policy.kind == PolicyKind::Inline)
        .map(|(place, policy)| match changed.get(&place) {
            Some(new) => new.map_or(0, characters),
            None => characters(&policy.document),
        })
        .sum();
    Some(sum)
}
