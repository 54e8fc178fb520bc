//! The reference tables of what roles come to: the answers of [`crate::reach`] in, a table each out.

use arrow::array::RecordBatch;

use super::builder::Table;
use crate::Error;
use crate::inventory::SnapshotRole;
use crate::reach::{Edge, Escalation, Opened, Reach, ReachPath};

/// The tables, each with its name.
pub(crate) fn reach_tables(reach: &Reach) -> Result<[(&'static str, RecordBatch); 4], Error> {
    Ok([
        ("reach_edges", edges(&reach.edges)?),
        ("reach_paths", paths(&reach.paths)?),
        ("escalation_paths", escalations(&reach.escalations)?),
        ("resource_grants", opened(&reach.opened)?),
    ])
}

/// `reach_edges`: a step from a role, or from an identity provider, to a role.
fn edges(edges: &[Edge]) -> Result<RecordBatch, Error> {
    let mut table = Table::new("reach_edges");
    table.texts("from_role", edges.iter().map(|edge| Some(&edge.from)));
    table.texts("to_role", edges.iter().map(|edge| Some(&edge.to)));
    table.texts("binding", edges.iter().map(|edge| Some(edge.kind.as_str())));
    table.texts("via", edges.iter().map(|edge| edge.via.as_ref()));
    table.texts(
        "certainty",
        edges.iter().map(|edge| Some(edge.answer.certainty())),
    );
    table.texts(
        "evidence",
        edges
            .iter()
            .map(|edge| Some(edge.answer.evidence.join("; "))),
    );
    table.texts(
        "hangs_on",
        edges.iter().map(|edge| listed(&edge.answer.hangs_on)),
    );
    table.finish()
}

/// `reach_paths`: the roles that the agents' roles come to, over any number of steps.
fn paths(paths: &[ReachPath]) -> Result<RecordBatch, Error> {
    let certainty = |path: &ReachPath| {
        Some(if path.is_certain {
            "certain"
        } else {
            "possible"
        })
    };
    let depth = |path: &ReachPath| i64::try_from(path.depth).unwrap_or(i64::MAX);
    let mut table = Table::new("reach_paths");
    table.texts("from_role", paths.iter().map(|path| Some(&path.from)));
    table.texts("to_role", paths.iter().map(|path| Some(&path.to)));
    table.numbers("depth", paths.iter().map(depth));
    table.texts("path", paths.iter().map(|path| Some(&path.path)));
    table.texts(
        "binding",
        paths.iter().map(|path| Some(path.binding.as_str())),
    );
    table.texts("via", paths.iter().map(|path| path.via.as_ref()));
    table.texts("certainty", paths.iter().map(certainty));
    table.texts("hangs_on", paths.iter().map(|path| listed(&path.hangs_on)));
    table.finish()
}

/// `escalation_paths`: the methods that are open to each role.
fn escalations(rows: &[Escalation]) -> Result<RecordBatch, Error> {
    let mut table = Table::new("escalation_paths");
    table.texts("role_arn", rows.iter().map(|row| Some(&row.role_arn)));
    table.texts("method", rows.iter().map(|row| Some(row.method.name())));
    table.texts("target", rows.iter().map(|row| Some(&row.target)));
    table.numbers(
        "targets",
        rows.iter()
            .map(|row| i64::try_from(row.target_count).unwrap_or(i64::MAX)),
    );
    table.texts("gains", rows.iter().map(|row| Some(row.method.gains)));
    table.texts(
        "certainty",
        rows.iter().map(|row| Some(row.answer.certainty())),
    );
    table.texts(
        "evidence",
        rows.iter().map(|row| Some(row.answer.evidence.join("; "))),
    );
    table.texts(
        "hangs_on",
        rows.iter().map(|row| listed(&row.answer.hangs_on)),
    );
    table.finish()
}

/// `resource_grants`: what policies of resources give the agents' roles by themselves.
fn opened(rows: &[Opened]) -> Result<RecordBatch, Error> {
    let mut table = Table::new("resource_grants");
    table.texts("role_arn", rows.iter().map(|row| Some(&row.role_arn)));
    table.texts("action", rows.iter().map(|row| Some(&row.action)));
    table.texts("scope", rows.iter().map(|row| Some(row.scope)));
    table.texts(
        "resource_arn",
        rows.iter().map(|row| Some(&row.resource_arn)),
    );
    table.numbers(
        "resources",
        rows.iter()
            .map(|row| i64::try_from(row.resource_count).unwrap_or(i64::MAX)),
    );
    table.flags("covers_grant", rows.iter().map(|row| row.covers_grant));
    table.texts(
        "certainty",
        rows.iter().map(|row| Some(row.answer.certainty())),
    );
    table.texts(
        "evidence",
        rows.iter().map(|row| Some(row.answer.evidence.join("; "))),
    );
    table.texts(
        "hangs_on",
        rows.iter().map(|row| listed(&row.answer.hangs_on)),
    );
    table.finish()
}

/// `node_roles`: roles that an instance profile carries.
pub(crate) fn node_roles<'a>(
    roles: impl Iterator<Item = &'a SnapshotRole>,
) -> Result<RecordBatch, Error> {
    let rows: Vec<(&str, String)> = roles
        .filter_map(|role| {
            let profile = role.instance_profiles()?.first()?.to_string();
            Some((role.arn.as_str(), profile))
        })
        .collect();
    let mut table = Table::new("node_roles");
    table.texts("role_arn", rows.iter().map(|(role, _)| Some(*role)));
    table.texts(
        "instance_profile_arn",
        rows.iter().map(|(_, profile)| Some(profile)),
    );
    table.finish()
}

/// What something hangs on, after commas; NULL for nothing.
fn listed(things: &std::collections::BTreeSet<String>) -> Option<String> {
    (!things.is_empty()).then(|| things.iter().cloned().collect::<Vec<_>>().join(", "))
}
