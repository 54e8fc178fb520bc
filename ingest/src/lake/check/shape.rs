//! The columns and partitions of a table against those that it was made with.

use deltalake_core::DeltaTable;
use deltalake_core::kernel::StructType;
use deltalake_core::kernel::engine::arrow_conversion::TryIntoKernel as _;

use super::{Finding, Grade, Report};
use crate::Error;
use crate::lake::LakeTable;

/// Whether the columns that are expected are there.
pub(super) fn check(
    table: LakeTable,
    opened: &DeltaTable,
    report: &mut Report,
) -> Result<bool, Error> {
    let snapshot = opened.snapshot().map_err(Error::table(table, "read"))?;
    let found = snapshot.schema();
    let expected: StructType = table
        .schema()
        .as_ref()
        .try_into_kernel()
        .map_err(Error::rows(table))?;
    let mut fits = true;
    for field in expected.fields() {
        let wrong = match found.field(field.name()) {
            None => Some("is missing".to_owned()),
            Some(other) if other.data_type() != field.data_type() => Some(format!(
                "has type {}, not {}",
                other.data_type(),
                field.data_type()
            )),
            Some(_) => None,
        };
        if let Some(wrong) = wrong {
            fits = false;
            report.add(finding(
                table,
                Grade::Problem,
                field.name(),
                format!("the column {wrong}"),
                "ingest into a new lake: another program has changed this table, or it is of another version of curtail",
            ));
        }
    }
    for field in found.fields() {
        if expected.field(field.name()).is_none() {
            report.add(finding(
                table,
                Grade::Warning,
                field.name(),
                "the column is none of curtail's; curtail does not fill it".to_owned(),
                "leave it, or take it out with the program that added it",
            ));
        }
    }
    let partitions = snapshot.metadata().partition_columns();
    if partitions
        .iter()
        .map(String::as_str)
        .ne(table.partition_columns().iter().copied())
    {
        fits = false;
        report.add(finding(
            table,
            Grade::Problem,
            table.name(),
            format!(
                "the files are split by {partitions:?}, not by {:?}",
                table.partition_columns()
            ),
            "ingest into a new lake: another program has made this table",
        ));
    }
    Ok(fits)
}

fn finding(
    table: LakeTable,
    grade: Grade,
    subject: &str,
    message: String,
    remedy: &'static str,
) -> Finding {
    Finding {
        grade,
        table: table.name(),
        code: "columns",
        subject: subject.to_owned(),
        message,
        remedy,
    }
}
