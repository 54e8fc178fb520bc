//! Trims of a role's policies: what every agent of the role could do without, out of the documents.
//!
//! A role is what can be edited, so that a trim belongs to a role and never to one of its agents:
//!
//! 1. what is excess for every agent of the role and was used by none is removable (`candidate.rs`);
//! 2. each identity policy is trimmed of them (`trim.rs`), in a form that touches no other role (`form.rs`)
//!    and fits IAM's quotas (`size.rs`, `coarse.rs`);
//! 3. the new policies are proven together (`proof.rs`): every recorded use is replayed against old and
//!    new, and nothing is allowed that was not before (`broader.rs`);
//! 4. what is proven is written as new JSON and a unified diff (`unified.rs`); what is not is withheld, with the reason.
//!
//! INVARIANT: a change that would deny one recorded use, or allow anything new, is never applicable.
//! Allow statements only shrink and Deny statements stay, so that any subset of the applicable
//! changes is as safe as all of them.

mod broader;
mod candidate;
mod coarse;
mod draft;
mod form;
mod proof;
mod size;
mod statement;
mod trim;
mod unified;

use std::collections::{BTreeMap, BTreeSet};

use curtail_analyze::{ActionRow, Analysis, ReplayRow};
use curtail_iam::catalog::Catalog;
use curtail_iam::policy::PolicyKind;
use rayon::prelude::*;
use serde::Serialize;
use serde_json::Value;

pub use form::Form;
pub use proof::{Proof, UnprovenUse};
pub use size::{INLINE_CHARACTERS, MANAGED_CHARACTERS, Size};
pub(crate) use unified::printed_value;

use crate::Options;

/// The trim of one role: what is removable, and what becomes of each policy.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RoleTrim {
    /// Actions that are excess for every agent of the role and were used by none; `removed` and `kept` together.
    #[serde(skip)]
    pub removable: BTreeSet<String>,
    /// Of those, the ones that no policy grants any more once the applicable changes are made.
    pub removed: BTreeSet<String>,
    /// Of those, the ones that stay all the same, by reason.
    pub kept: BTreeMap<String, BTreeSet<String>>,
    /// One entry per policy of the role that grants something removable, in the role's order.
    pub policies: Vec<PolicyDiff>,
    /// The proof of all applicable changes together; none where there is nothing to change.
    pub proof: Option<Proof>,
    /// Why the role as a whole is not changed; none where it is, or where nothing is removable.
    pub withheld: Option<String>,
}

/// What becomes of one policy of a role.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PolicyDiff {
    /// The policy's name as attached today.
    pub policy: String,
    /// The policy's ARN; none for an inline policy.
    pub arn: Option<String>,
    /// Inline, the account's own, or AWS's.
    pub kind: PolicyKind,
    /// Principals of the account that the policy is attached to.
    pub attachments: usize,
    /// How the change is made.
    pub form: Form,
    /// Name of the policy that takes its place; only for the form `replace`.
    pub new_name: Option<String>,
    /// The actions that the change takes out of this document.
    pub removed: BTreeSet<String>,
    /// Whether only services go of which nothing is kept, since a finer document would not fit.
    pub whole_services_only: bool,
    /// The document as it is.
    pub old: Value,
    /// The document as it should be; none where the policy goes, or where the change is withheld.
    pub new: Option<Value>,
    /// The change as a unified diff; empty where it is withheld.
    pub unified: String,
    /// The new document's size against IAM's quota; none where the policy goes.
    pub size: Option<Size>,
    /// Why the change must not be applied; none where it is proven.
    pub withheld: Option<String>,
}

impl PolicyDiff {
    /// Whether the change is proven and may be applied.
    #[must_use]
    pub fn is_applicable(&self) -> bool {
        self.withheld.is_none()
    }
}

/// The trim of every role that an agent is bound to, by role ARN.
#[must_use]
pub fn trims(
    analysis: &Analysis,
    catalog: &Catalog,
    options: &Options,
) -> BTreeMap<String, RoleTrim> {
    let rows = by_role(&analysis.actions, |row: &ActionRow| &row.role_arn);
    let replay = by_role(&analysis.replay, |row: &ReplayRow| &row.role_arn);
    let names = form::replacement_names(analysis.roles.values());
    analysis
        .roles
        .par_iter()
        .filter(|(_, role)| !role.agents.is_empty())
        .map(|(arn, role)| {
            let rows = rows.get(arn.as_str()).map_or(&[][..], Vec::as_slice);
            let replay = replay.get(arn.as_str()).map_or(&[][..], Vec::as_slice);
            let removable = candidate::removable(role, rows, replay);
            let subject = draft::Subject {
                role,
                replay,
                names: &names,
                catalog,
                context_lines: options.context_lines,
            };
            (arn.clone(), trim::trim_role(&subject, removable))
        })
        .collect()
}

fn by_role<'a, Row>(
    rows: &'a [Row],
    role: impl Fn(&Row) -> &String,
) -> BTreeMap<&'a str, Vec<&'a Row>>
where
    Row: 'a,
{
    let mut grouped: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        grouped.entry(role(row).as_str()).or_default().push(row);
    }
    grouped
}

#[cfg(test)]
mod tests;
