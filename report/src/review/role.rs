//! One role: its rows of the analysis and its trim in, its part of the review out.

use std::collections::{BTreeMap, BTreeSet};

use curtail_analyze::Analysis;
use jiff::Timestamp;
use serde::Serialize;

use crate::diff::RoleTrim;

/// A role that agents run under, and what to change on it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RoleReview {
    /// The role's ARN.
    pub arn: String,
    /// The role's name.
    pub name: String,
    /// The account that it is in.
    pub account_id: String,
    /// When it was made (UTC).
    pub created_at: Option<Timestamp>,
    /// The agents that run under it.
    pub agents: Vec<String>,
    /// Actions that it is granted.
    pub granted: usize,
    /// What to change on its policies, with the proof.
    pub trim: RoleTrim,
}

/// Every role that has a trim, by ARN.
pub(super) fn roles(analysis: &Analysis, trims: BTreeMap<String, RoleTrim>) -> Vec<RoleReview> {
    let mut granted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in &analysis.actions {
        granted
            .entry(&row.role_arn)
            .or_default()
            .insert(&row.action);
    }
    trims
        .into_iter()
        .filter_map(|(arn, trim)| {
            let role = analysis.roles.get(&arn)?;
            Some(RoleReview {
                granted: granted.get(arn.as_str()).map_or(0, BTreeSet::len),
                arn,
                name: role.name.clone(),
                account_id: role.account_id.clone(),
                created_at: role.created_at,
                agents: role.agents.clone(),
                trim,
            })
        })
        .collect()
}
