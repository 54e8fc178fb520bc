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
use crate::engine::{VIEWS, View, add_batch, new_session, register_view, tables};
use crate::options::Options;

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
    let reference: [(&str, RecordBatch); 9] = [
        (
            "params",
            tables::params(Timestamp::UNIX_EPOCH, 0, "")?.slice(0, 0),
        ),
        ("windows", tables::windows(&[])?),
        ("agents", tables::agents(&[])?),
        ("bindings", tables::bindings(&[])?),
        ("envelopes", tables::envelopes(&[])?),
        ("roles", tables::roles(std::iter::empty())?),
        ("selectors", tables::selectors(&[])?),
        ("actions", tables::actions()?.slice(0, 0)),
        (
            "action_recordings",
            tables::action_recordings()?.slice(0, 0),
        ),
    ];
    for (name, rows) in reference.into_iter().chain(tables::computed()?) {
        add_batch(&context, name, rows)?;
    }
    Ok(context)
}

/// Adds the view `name` over the tables and views that `context` has, as they are at each query; false if there is no such view.
///
/// # Errors
/// [`Error::View`] if it cannot be planned.
pub async fn add_view(context: &SessionContext, name: &str) -> Result<bool, Error> {
    match VIEWS.iter().find(|view| view.name == name) {
        Some(view) => register_view(
            context,
            &View {
                keep: false,
                ..*view
            },
        )
        .await
        .map(|()| true),
        None => Ok(false),
    }
}

/// The columns of every view, by name, each of which may hold NULL.
///
/// # Errors
/// [`Error::View`] if a view cannot be planned.
pub async fn view_columns() -> Result<BTreeMap<&'static str, SchemaRef>, Error> {
    let context = session()?;
    let mut columns = BTreeMap::new();
    for view in VIEWS {
        register_view(&context, view).await?;
        let schema = context
            .table_provider(view.name)
            .await
            .map_err(Error::view(view.name))?
            .schema();
        let nullable = schema
            .fields()
            .iter()
            .map(|field| field.as_ref().clone().with_nullable(true));
        columns.insert(
            view.name,
            Arc::new(Schema::new(nullable.collect::<Vec<_>>())),
        );
    }
    Ok(columns)
}

/// Adds an empty table.
///
/// # Errors
/// [`Error::View`] if there is one of that name.
pub fn add_table(context: &SessionContext, name: &str, columns: SchemaRef) -> Result<(), Error> {
    add_batch(context, name, RecordBatch::new_empty(columns))
}

/// Adds every view, each of whose rows are made once where the engine does so too.
///
/// # Errors
/// [`Error::View`] if a view cannot be planned.
pub async fn add_views(context: &SessionContext) -> Result<(), Error> {
    for view in VIEWS {
        register_view(context, view).await?;
    }
    Ok(())
}

/// Puts `rows` in the place of the table `name`.
///
/// # Errors
/// [`Error::View`] if there is no table of that name.
pub fn fill(context: &SessionContext, name: &str, rows: RecordBatch) -> Result<(), Error> {
    context.deregister_table(name).map_err(Error::view(name))?;
    add_batch(context, name, rows)
}
