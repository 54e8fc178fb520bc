//! The reference tables that discovery reads: what the snapshot's resources run, whom roles trust, and how both are tagged.

use arrow::array::RecordBatch;

use super::builder::Table;
use crate::Error;
use crate::inventory::{Inventory, Trusted, Workload};

/// `workloads`: a resource that runs under a role, and the key and pattern of a binding that tell its calls.
pub(crate) fn workloads(workloads: &[Workload]) -> Result<RecordBatch, Error> {
    let mut table = Table::new("workloads");
    table.texts("role_arn", workloads.iter().map(|one| Some(&one.role_arn)));
    table.texts("kind", workloads.iter().map(|one| Some(one.kind)));
    table.texts("name", workloads.iter().map(|one| Some(&one.name)));
    table.texts("arn", workloads.iter().map(|one| Some(&one.arn)));
    let binding = || workloads.iter().map(|one| one.binding.as_ref());
    table.texts("binding_key", binding().map(|one| Some(one?.0)));
    table.texts("binding_value", binding().map(|one| Some(&one?.1)));
    table.finish()
}

/// `trusts`: a principal that a role's trust policy allows.
pub(crate) fn trusts(trusted: &[Trusted]) -> Result<RecordBatch, Error> {
    let mut table = Table::new("trusts");
    table.texts("role_arn", trusted.iter().map(|one| Some(&one.role_arn)));
    table.texts(
        "principal_type",
        trusted.iter().map(|one| Some(one.principal_type)),
    );
    table.texts("principal", trusted.iter().map(|one| Some(&one.principal)));
    table.texts("subject", trusted.iter().map(|one| one.subject.as_ref()));
    table.finish()
}

/// `tags`: a tag of a role, or of what runs under it.
pub(crate) fn tags(inventory: &Inventory) -> Result<RecordBatch, Error> {
    let of_roles = inventory
        .roles()
        .map(|role| (role.arn.clone(), "role", role.name.clone(), role.tags()));
    let of_workloads = inventory.workloads().iter().map(|one| {
        (
            one.role_arn.clone(),
            one.kind,
            one.name.clone(),
            one.tags.clone(),
        )
    });
    let mut rows = Vec::new();
    for (role_arn, owner_kind, owner_name, tags) in of_roles.chain(of_workloads) {
        for (key, value) in tags {
            rows.push((role_arn.clone(), owner_kind, owner_name.clone(), key, value));
        }
    }
    let mut table = Table::new("tags");
    table.texts("role_arn", rows.iter().map(|row| Some(&row.0)));
    table.texts("kind", rows.iter().map(|row| Some(row.1)));
    table.texts("name", rows.iter().map(|row| Some(&row.2)));
    table.texts("key", rows.iter().map(|row| Some(&row.3)));
    table.texts("value", rows.iter().map(|row| Some(&row.4)));
    table.finish()
}
