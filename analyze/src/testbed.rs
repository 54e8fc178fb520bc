//! A place to try one view over rows written by hand.
//!
//! Every table of the lake and every reference table is there, empty, with its true columns, so that `INSERT INTO`
//! fills it; a view is added, or an empty table in the place of a view that another reads. Meant for the tests of
//! `queries/`.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use curtail_ingest::LakeTable;
use datafusion::prelude::SessionContext;
use jiff::Timestamp;

use crate::Error;
use crate::engine::{
    RULE_HITS, Stage, VIEWS, View, add_batch, add_rule, new_session, register_rules,
    register_stage, register_view, tables,
};
use crate::inventory::Inventory;
use crate::options::Options;
use crate::reach::Reach;
use crate::rules::{RuleOptions, RuleSet};

/// A session with the product's functions and empty tables.
///
/// # Errors
/// [`Error::Query`] or [`Error::View`]; both are our bugs.
pub fn session() -> Result<SessionContext, Error> {
    let context = new_session(&Options::new(Timestamp::UNIX_EPOCH))?;
    for table in LakeTable::ALL {
        add_batch(
            &context,
            table.name(),
            RecordBatch::new_empty(table.schema()),
        )?;
    }
    let none = RuleSet::default();
    let reference: [(&str, RecordBatch); 16] = [
        (
            "params",
            tables::params(Timestamp::UNIX_EPOCH, 0, "")?.slice(0, 0),
        ),
        ("windows", tables::windows(&[])?),
        ("agents", tables::agents(&[], tables::Origin::Declared)?),
        ("rules", tables::rules(&none)?),
        ("rule_parameters", tables::rule_parameters(&none)?),
        ("bindings", tables::bindings(&[])?),
        ("envelopes", tables::envelopes(&[])?),
        ("agent_tools", tables::agent_tools(&[])?),
        ("roles", tables::roles(std::iter::empty())?),
        ("node_roles", tables::node_roles(std::iter::empty())?),
        ("selectors", tables::selectors(&[])?),
        ("snapshot_workloads", tables::workloads(&[])?),
        ("trusts", tables::trusts(&[])?),
        ("tags", tables::tags(&Inventory::default())?),
        ("actions", tables::actions()?.slice(0, 0)),
        (
            "action_recordings",
            tables::action_recordings()?.slice(0, 0),
        ),
    ];
    let reach = tables::reach_tables(&Reach::default())?;
    let computed = tables::computed()?;
    for (name, rows) in reference.into_iter().chain(reach).chain(computed) {
        add_batch(&context, name, rows)?;
    }
    Ok(context)
}

/// Adds the view `name`, or the legitimacy rule with the defaults of its parameters, over the tables and views that
/// `context` has, as they are at each query; false if there is none.
///
/// # Errors
/// [`Error::View`] or [`Error::Rule`] if it cannot be planned.
pub async fn add_view(context: &SessionContext, name: &str) -> Result<bool, Error> {
    if let Some(view) = VIEWS.iter().find(|view| view.name == name) {
        let view = View {
            keep: false,
            ..*view
        };
        return register_view(context, &view).await.map(|()| true);
    }
    match RuleSet::resolve(&RuleOptions::default())?.get(name) {
        Some(rule) => add_rule(context, rule).await.map(|()| true),
        None => Ok(false),
    }
}

/// The columns of every view and every built-in rule, by name, each of which may hold NULL.
///
/// # Errors
/// [`Error::View`] if a view cannot be planned.
pub async fn view_columns() -> Result<BTreeMap<String, SchemaRef>, Error> {
    let context = session()?;
    add_views(&context).await?;
    let rules = RuleSet::resolve(&RuleOptions::default())?;
    let views = VIEWS.iter().map(|view| view.name);
    let rules = rules.iter().map(|rule| rule.header.id.as_str());
    let mut columns = BTreeMap::new();
    for name in views.chain(rules).chain([RULE_HITS]) {
        let schema = context
            .table_provider(name)
            .await
            .map_err(Error::view(name))?
            .schema();
        let nullable = schema
            .fields()
            .iter()
            .map(|field| field.as_ref().clone().with_nullable(true));
        columns.insert(
            name.to_owned(),
            Arc::new(Schema::new(nullable.collect::<Vec<_>>())),
        );
    }
    Ok(columns)
}

/// A session with empty tables and every view that a rule can read.
#[cfg(test)]
pub(crate) async fn session_before_rules() -> Result<SessionContext, Error> {
    let context = session()?;
    for stage in [Stage::Documents, Stage::Roles, Stage::Agents] {
        register_stage(&context, stage).await?;
    }
    Ok(context)
}

/// Adds an empty table.
///
/// # Errors
/// [`Error::View`] if there is one of that name.
pub fn add_table(context: &SessionContext, name: &str, columns: SchemaRef) -> Result<(), Error> {
    add_batch(context, name, RecordBatch::new_empty(columns))
}

/// Adds every view and every built-in rule; the rows of those are made once whose rows the engine makes once.
///
/// # Errors
/// [`Error::View`] if a view cannot be planned.
pub async fn add_views(context: &SessionContext) -> Result<(), Error> {
    for stage in [Stage::Documents, Stage::Roles, Stage::Agents] {
        register_stage(context, stage).await?;
    }
    let rules = RuleSet::resolve(&RuleOptions::default())?;
    fill(context, "rules", tables::rules(&rules)?)?;
    fill(context, "rule_parameters", tables::rule_parameters(&rules)?)?;
    register_rules(context, &rules).await?;
    register_stage(context, Stage::Rules).await?;
    register_stage(context, Stage::Reach).await?;
    register_stage(context, Stage::Computed).await
}

/// Puts `rows` in the place of the table `name`.
///
/// # Errors
/// [`Error::View`] if there is no table of that name.
pub fn fill(context: &SessionContext, name: &str, rows: RecordBatch) -> Result<(), Error> {
    context.deregister_table(name).map_err(Error::view(name))?;
    add_batch(context, name, rows)
}
