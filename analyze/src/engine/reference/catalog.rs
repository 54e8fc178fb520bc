//! The catalog of actions as tables: what an action is, and which kinds of events show its use.
//!
//! Both have the same rows in every review, so that an analyst can join them with any view by `action`.

use arrow::array::RecordBatch;
use curtail_iam::catalog::{Action, Catalog};

use super::builder::Table;
use crate::Error;

/// `actions`: every action that the catalog knows; lists are texts with commas between, in the order of AWS.
pub(crate) fn actions() -> Result<RecordBatch, Error> {
    let catalog = Catalog::embedded();
    let rows: Vec<&Action> = catalog.actions().collect();
    let rows = || rows.iter().copied();
    let mut table = Table::new("actions");
    table.texts("action", rows().map(|row| Some(row.name)));
    table.texts("service", rows().map(|row| Some(row.service)));
    table.texts(
        "access_level",
        rows().map(|row| Some(row.access_level.as_str())),
    );
    table.texts(
        "resource_types",
        rows().map(|row| Some(joined(row.resource_types.iter().map(|kind| kind.name)))),
    );
    table.texts(
        "condition_keys",
        rows().map(|row| Some(joined(catalog.condition_keys(row)))),
    );
    table.texts("recording", rows().map(|row| Some(recording(row))));
    table.texts(
        "data_resource_types",
        rows().map(|row| Some(joined(row.recordings.data_resource_types()))),
    );
    table.texts(
        "network_activity",
        rows().map(|row| catalog.network_activity_source(row)),
    );
    table.texts("implied_by", rows().map(|row| catalog.implied_by(row.name)));
    table.finish()
}

/// `action_recordings`: an action and one kind of event that shows its use, by the name that `selectors` has for it.
pub(crate) fn action_recordings() -> Result<RecordBatch, Error> {
    let actions = Catalog::embedded().actions();
    let pairs = actions.flat_map(|action| {
        let kinds = action.recordings.kinds().iter();
        kinds.map(move |kind| (action.name, *kind))
    });
    let rows: Vec<_> = pairs.collect();
    let mut table = Table::new("action_recordings");
    table.texts("action", rows.iter().map(|(action, _)| Some(*action)));
    table.texts(
        "recording",
        rows.iter().map(|(_, kind)| Some(kind.as_str())),
    );
    table.texts(
        "resource_type",
        rows.iter().map(|(_, kind)| kind.selectable()),
    );
    table.finish()
}

/// The kinds of recording, each once: `management,data`.
fn recording(action: &Action) -> String {
    let kinds = action.recordings.kinds().iter();
    let mut names: Vec<&str> = kinds.map(|kind| kind.as_str()).collect();
    names.dedup();
    names.join(",")
}

fn joined<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use arrow::array::{Array, AsArray};

    use super::*;

    /// The cells of the row of an action, by column; a NULL is missing.
    fn row(batch: &RecordBatch, action: &str) -> BTreeMap<String, String> {
        let actions = batch.column(0).as_string::<i32>();
        let row = actions
            .iter()
            .position(|name| name == Some(action))
            .unwrap();
        let schema = batch.schema();
        let columns = schema.fields().iter().zip(batch.columns());
        columns
            .filter_map(|(field, column)| {
                let column = column.as_string::<i32>();
                let cell = column.is_valid(row).then(|| column.value(row).to_owned())?;
                Some((field.name().clone(), cell))
            })
            .collect()
    }

    #[test]
    fn an_action_has_all_that_the_catalog_knows_of_it() {
        let batch = actions().unwrap();
        let model = row(&batch, "bedrock:InvokeModel");
        assert_eq!(model["recording"], "management,data");
        assert_eq!(
            model["data_resource_types"],
            "AWS::Bedrock::AsyncInvoke,AWS::Bedrock::Model"
        );
        assert_eq!(model["network_activity"], "bedrock.amazonaws.com");
        assert!(model["condition_keys"].contains("bedrock:GuardrailIdentifier"));
        assert!(
            model["resource_types"]
                .split(',')
                .any(|kind| kind == "foundation-model")
        );
        assert!(!model.contains_key("implied_by"));
        assert!(row(&batch, "iam:PassRole")["implied_by"].contains("pass a role"));
        assert_eq!(row(&batch, "iam:PassRole")["recording"], "permission_only");
    }

    #[test]
    fn every_kind_of_an_action_is_a_row_and_no_action_lacks_one() {
        let batch = action_recordings().unwrap();
        let column = |index: usize| batch.column(index).as_string::<i32>();
        let of_model: Vec<_> = (0..batch.num_rows())
            .filter(|row| column(0).value(*row) == "bedrock:InvokeModel")
            .map(|row| (column(1).value(row), column(2).value(row)))
            .collect();
        let expected = [
            ("management", "management"),
            ("data", "AWS::Bedrock::AsyncInvoke"),
            ("data", "AWS::Bedrock::Model"),
        ];
        assert_eq!(of_model, expected);
        let names: std::collections::BTreeSet<_> = column(0).iter().flatten().collect();
        assert_eq!(names.len(), Catalog::embedded().actions().count());
    }
}
