//! Every view of `queries/` against its `.slt` file.
//!
//! A `.slt` file says what a view gives over tiny tables (sqllogictest). All base tables are there, empty, with their
//! true columns. Beside SQL two statements are understood: `stub NAME` makes an empty table with the columns of the
//! view NAME, to fill by INSERT; `view NAME` adds the view under test.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use curtail_analyze::{RULES, VIEWS, testbed};
use datafusion::prelude::SessionContext;
use sqllogictest::{DBOutput, DefaultColumnType, Runner};
use tokio::runtime::Runtime;

fn queries() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../queries")
}

/// The files with that ending below `queries/`, except the texts that findings are shown again by.
fn files(ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in [queries(), queries().join("legitimacy")] {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path
                .extension()
                .is_some_and(|extension| extension == ending)
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
struct Failed(String);

type Columns = Arc<BTreeMap<String, SchemaRef>>;

struct Testbed {
    runtime: Arc<Runtime>,
    context: SessionContext,
    columns: Columns,
}

impl Testbed {
    fn new(runtime: &Arc<Runtime>, columns: &Columns) -> Self {
        Self {
            runtime: Arc::clone(runtime),
            context: testbed::session().unwrap(),
            columns: Arc::clone(columns),
        }
    }
}

impl sqllogictest::DB for Testbed {
    type Error = Failed;
    type ColumnType = DefaultColumnType;

    fn run(&mut self, sql: &str) -> Result<DBOutput<DefaultColumnType>, Failed> {
        let failed = |error: &dyn std::error::Error| {
            let mut text = error.to_string();
            let mut cause = error.source();
            while let Some(error) = cause {
                text = format!("{text}: {error}");
                cause = error.source();
            }
            Failed(text)
        };
        if let Some(name) = sql.trim().strip_prefix("view ") {
            let known = self
                .runtime
                .block_on(testbed::add_view(&self.context, name.trim()))
                .map_err(|error| failed(&error))?;
            assert!(known, "there is no view `{name}`");
            return Ok(DBOutput::StatementComplete(0));
        }
        if let Some(name) = sql.trim().strip_prefix("stub ") {
            let columns = self
                .columns
                .get(name.trim())
                .ok_or_else(|| Failed(format!("there is no view `{name}`")))?;
            testbed::add_table(&self.context, name.trim(), Arc::clone(columns))
                .map_err(|error| failed(&error))?;
            return Ok(DBOutput::StatementComplete(0));
        }
        let batches = self
            .runtime
            .block_on(async { self.context.sql(sql).await?.collect().await });
        let batches = batches.map_err(|error| failed(&error))?;
        if sql.trim_start().starts_with("INSERT") {
            return Ok(DBOutput::StatementComplete(0));
        }
        Ok(rows(&batches))
    }
}

fn rows(batches: &[RecordBatch]) -> DBOutput<DefaultColumnType> {
    let options = FormatOptions::new().with_null("NULL");
    let mut rows = Vec::new();
    for batch in batches {
        let columns: Vec<ArrayFormatter<'_>> = batch
            .columns()
            .iter()
            .map(|column| ArrayFormatter::try_new(column, &options).unwrap())
            .collect();
        for row in 0..batch.num_rows() {
            let text = |column: &ArrayFormatter<'_>| match column.value(row).to_string() {
                text if text.is_empty() => "(empty)".to_owned(),
                text => text,
            };
            rows.push(columns.iter().map(text).collect());
        }
    }
    let width = batches.first().map_or(0, RecordBatch::num_columns);
    DBOutput::Rows {
        types: vec![DefaultColumnType::Any; width],
        rows,
    }
}

#[test]
fn every_file_is_a_view_and_every_view_has_a_test() {
    let texts: BTreeSet<String> = files("sql").iter().map(|path| stem(path)).collect();
    let tried: BTreeSet<String> = files("slt").iter().map(|path| stem(path)).collect();
    let names = VIEWS.iter().map(|view| view.name);
    let names = names.chain(RULES.iter().map(|(id, _)| *id));
    let views: BTreeSet<String> = names.map(str::to_owned).collect();
    assert_eq!(
        texts, views,
        "files (left) and registered views (right) differ"
    );
    assert_eq!(
        tried, views,
        "tests (left) and registered views (right) differ"
    );
}

#[test]
fn every_view_gives_what_its_test_says() {
    let runtime = Arc::new(Runtime::new().unwrap());
    let columns = Arc::new(runtime.block_on(testbed::view_columns()).unwrap());
    let mut wrong = Vec::new();
    for path in files("slt") {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            text.contains(&format!("\nview {}\n", stem(&path))),
            "{} does not test its view",
            path.display()
        );
        let mut runner = Runner::new(|| async { Ok(Testbed::new(&runtime, &columns)) });
        if let Err(error) = runner.run_file(&path) {
            wrong.push(format!("{error}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_view_that_is_not_there_is_told() {
    let runtime = Runtime::new().unwrap();
    let context = testbed::session().unwrap();
    assert!(
        !runtime
            .block_on(testbed::add_view(&context, "nothing"))
            .unwrap()
    );
}
