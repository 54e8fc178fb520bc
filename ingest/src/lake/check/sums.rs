//! What the checkpoint says against what stands in `events` and `quarantine`; the SQL is in `queries/checks/`.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array as _, AsArray as _, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{ParamValues, ScalarValue};
use datafusion::datasource::MemTable;
use datafusion::error::DataFusionError;
use datafusion::prelude::SessionContext;
use futures::TryStreamExt as _;

use super::{Checked, FINDINGS_NAMED, Finding, Grade, Report};
use crate::lake::{LakeTable, session};
use crate::{Error, Progress};

/// The tables that are compared.
const TABLES: [LakeTable; 3] = [LakeTable::Events, LakeTable::Objects, LakeTable::Quarantine];

/// A comparison: its text, the table that is at fault, and what a row of it says.
struct Comparison {
    sql: &'static str,
    table: LakeTable,
    tell: fn(&Row<'_>) -> Told,
}

/// What a row of a comparison says.
struct Told {
    grade: Grade,
    code: &'static str,
    message: String,
    remedy: &'static str,
}

const COMPARISONS: [Comparison; 4] = [
    Comparison {
        sql: include_str!("../../../../queries/checks/objects_add_up.sql"),
        table: LakeTable::Objects,
        tell: adds_up,
    },
    Comparison {
        sql: include_str!("../../../../queries/checks/objects_twice.sql"),
        table: LakeTable::Objects,
        tell: twice,
    },
    Comparison {
        sql: include_str!("../../../../queries/checks/events_of_objects.sql"),
        table: LakeTable::Events,
        tell: events,
    },
    Comparison {
        sql: include_str!("../../../../queries/checks/quarantine_of_objects.sql"),
        table: LakeTable::Quarantine,
        tell: quarantine,
    },
];

pub(super) async fn check(
    tables: &BTreeMap<LakeTable, Checked>,
    report: &mut Report,
    progress: &dyn Progress,
) -> Result<(), Error> {
    progress.begin("check sums", u64::try_from(COMPARISONS.len()).ok());
    let session = session(tables)
        .await
        .map_err(Error::scan(LakeTable::Objects))?;
    for comparison in COMPARISONS {
        if let Err(error) = compare(&session, &comparison, report).await {
            report.add(Finding {
                grade: Grade::Problem,
                table: comparison.table.name(),
                code: "file-unreadable",
                subject: comparison.table.name().to_owned(),
                message: format!("its rows cannot be compared with the checkpoint: {error}"),
                remedy: "restore the table's files from a backup; else ingest all sources into a new lake",
            });
        }
        progress.advance(1);
    }
    progress.finish();
    Ok(())
}

/// A session with the whole files of each table; empty where the lake lacks the table.
async fn session(tables: &BTreeMap<LakeTable, Checked>) -> Result<SessionContext, DataFusionError> {
    let session = session::session()?;
    for table in TABLES {
        let provider = if let Some(checked) = tables.get(&table) {
            let whole = checked.whole.iter().cloned();
            session::files(&session, &checked.opened, whole).await?
        } else {
            let empty = RecordBatch::new_empty(table.schema());
            Arc::new(MemTable::try_new(table.schema(), vec![vec![empty]])?)
        };
        session.register_table(table.name(), provider)?;
    }
    Ok(session)
}

async fn compare(
    session: &SessionContext,
    comparison: &Comparison,
    report: &mut Report,
) -> Result<(), DataFusionError> {
    let limit = i64::try_from(FINDINGS_NAMED + 1).unwrap_or(i64::MAX);
    let limit = ParamValues::from(vec![("limit", ScalarValue::from(limit))]);
    let frame = session
        .sql(comparison.sql)
        .await?
        .with_param_values(limit)?;
    let mut rows = frame.execute_stream().await?;
    while let Some(batch) = rows.try_next().await? {
        for index in 0..batch.num_rows() {
            let row = Row {
                batch: &batch,
                index,
            };
            let told = (comparison.tell)(&row);
            report.add(Finding {
                grade: told.grade,
                table: comparison.table.name(),
                code: told.code,
                subject: format!("{}/{}", row.text("source"), row.text("object_key")),
                message: told.message,
                remedy: told.remedy,
            });
        }
    }
    Ok(())
}

fn adds_up(row: &Row<'_>) -> Told {
    Told {
        grade: Grade::Problem,
        code: "object-sum",
        message: format!(
            "of {} records {} are written, {} were there and {} are quarantined",
            row.count("records_read"),
            row.count("events_written"),
            row.count("duplicates"),
            row.count("records_quarantined")
        ),
        remedy: "a program other than curtail has changed the checkpoint: ingest all sources into a new lake",
    }
}

fn twice(row: &Row<'_>) -> Told {
    Told {
        grade: Grade::Problem,
        code: "object-twice",
        message: format!(
            "the checkpoint names the object {} times",
            row.count("found")
        ),
        remedy: "a program other than curtail has added rows: ingest all sources into a new lake",
    }
}

fn events(row: &Row<'_>) -> Told {
    let (written, found) = (row.count("events_written"), row.count("events"));
    if row.count("objects") == 0 {
        return interrupted(&format!(
            "its {found} events are there, and the checkpoint lacks it"
        ));
    }
    let (code, remedy) = if found < written {
        (
            "events-missing",
            "restore the files that are missing from a backup; else ingest all sources into a new lake",
        )
    } else {
        (
            "events-too-many",
            "a program other than curtail has added rows: ingest all sources into a new lake",
        )
    };
    Told {
        grade: Grade::Problem,
        code,
        message: format!(
            "the checkpoint says {written} events were written and {} were there; {found} are",
            row.count("duplicates")
        ),
        remedy,
    }
}

fn quarantine(row: &Row<'_>) -> Told {
    let (said, found) = (row.count("records_quarantined"), row.count("records"));
    match row.text("status").as_str() {
        "" => interrupted(&format!(
            "{found} of its records are there, and the checkpoint lacks it"
        )),
        "quarantined" if found == said => Told {
            grade: Grade::Problem,
            code: "quarantine-missing",
            message: "the checkpoint says that the object could not be read; the reason is missing"
                .to_owned(),
            remedy: "restore the files that are missing from a backup; else ingest all sources into a new lake",
        },
        _ => Told {
            grade: Grade::Problem,
            code: "quarantine-count",
            message: format!(
                "the checkpoint says {said} records could not be read; {found} are there"
            ),
            remedy: "restore the files that are missing from a backup; else ingest all sources into a new lake",
        },
    }
}

fn interrupted(message: &str) -> Told {
    Told {
        grade: Grade::Warning,
        code: "interrupted",
        message: format!("{message}: an ingest was interrupted, or is at work"),
        remedy: "run `curtail ingest` over the same sources again; nothing is counted twice",
    }
}

/// A row of a comparison.
struct Row<'a> {
    batch: &'a RecordBatch,
    index: usize,
}

impl Row<'_> {
    /// The text of a column; empty where it is null or not there.
    fn text(&self, column: &str) -> String {
        self.value(column, &DataType::Utf8)
            .map(|value| value.as_string::<i32>().value(0).to_owned())
            .unwrap_or_default()
    }

    /// The number of a column; 0 where it is null or not there.
    fn count(&self, column: &str) -> i64 {
        self.value(column, &DataType::Int64)
            .map(|value| value.as_primitive::<Int64Type>().value(0))
            .unwrap_or_default()
    }

    fn value(&self, column: &str, wanted: &DataType) -> Option<arrow::array::ArrayRef> {
        let column = self.batch.column_by_name(column)?;
        cast(&column.slice(self.index, 1), wanted)
            .ok()
            .filter(|value| value.is_valid(0))
    }
}
