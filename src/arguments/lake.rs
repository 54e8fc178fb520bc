//! What `curtail lake` takes.

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Subcommand};
use curtail_ingest::LakeTable;

/// What `lake` takes.
#[derive(Debug, Args)]
pub(crate) struct LakeArguments {
    #[command(subcommand)]
    pub(crate) command: LakeCommand,
}

/// What can be done with a lake as it is.
#[derive(Debug, Subcommand)]
pub(crate) enum LakeCommand {
    /// Puts small files together, near 128 MB each; every row and every older version stays.
    #[command(after_help = OPTIMIZE_EXAMPLES)]
    Optimize(OptimizeArguments),
    /// Removes files that no version within the history needs, and names them.
    #[command(after_help = VACUUM_EXAMPLES)]
    Vacuum(VacuumArguments),
    /// Verifies the tables' files, their rows and their counts against each other; changes nothing.
    #[command(after_help = CHECK_EXAMPLES)]
    Check,
}

/// What `lake optimize` takes.
#[derive(Debug, Args)]
pub(crate) struct OptimizeArguments {
    #[command(flatten)]
    pub(crate) tables: TableArguments,
}

/// What `lake vacuum` takes.
#[derive(Debug, Args)]
pub(crate) struct VacuumArguments {
    #[command(flatten)]
    pub(crate) tables: TableArguments,
    /// How many days of older versions stay [default: what each table says, 400].
    #[arg(long, value_name = "DAYS")]
    pub(crate) older_than: Option<u32>,
    /// Keeps fewer days than the tables say: reports of before can then not be asked for again.
    #[arg(long, requires = "older_than")]
    pub(crate) force: bool,
    /// Only names the files.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Which tables.
#[derive(Debug, Args)]
pub(crate) struct TableArguments {
    /// Only this table; can be given several times [default: all].
    #[arg(long = "table", value_name = "TABLE", value_parser = table_parser())]
    tables: Vec<LakeTable>,
}

impl TableArguments {
    /// The tables that are meant.
    pub(crate) fn tables(&self) -> Vec<LakeTable> {
        if self.tables.is_empty() {
            LakeTable::ALL.to_vec()
        } else {
            self.tables.clone()
        }
    }
}

fn table_parser() -> impl clap::builder::TypedValueParser<Value = LakeTable> {
    PossibleValuesParser::new(LakeTable::ALL.map(LakeTable::name)).try_map(|name| {
        let mut tables = LakeTable::ALL.into_iter();
        tables
            .find(|table| table.name() == name)
            .ok_or("there is no such table")
    })
}

pub(super) const LAKE_EXAMPLES: &str = "\
Examples:
  curtail lake optimize
  curtail lake vacuum --dry-run
  curtail lake check --format json";

const OPTIMIZE_EXAMPLES: &str = "\
Examples:
  curtail lake optimize
  curtail lake optimize --table events --lake ./lake

An ingest does this by itself where a day has more than 16 files below 32 MB. The files that are
replaced stay for older versions, until `curtail lake vacuum` removes them.";

const VACUUM_EXAMPLES: &str = "\
Examples:
  curtail lake vacuum --dry-run
  curtail lake vacuum
  curtail lake vacuum --older-than 30 --force

A file goes that a version took out longer ago than the table keeps its history (expired), or that no
version names and that is older than 7 days (orphan: a writer was killed). The newest version stays
whole. Versions from before the history that is kept cannot be read any more. On S3, let a lifecycle
rule of the bucket (AbortIncompleteMultipartUpload) remove the parts of uploads that never ended.";

const CHECK_EXAMPLES: &str = "\
Examples:
  curtail lake check
  curtail lake check --format json | jq -r '.[] | select(.grade == \"problem\")'

A line holds grade, table, code, subject (the file, object or record), what is wrong and its remedy.
Exits with 3 where there is a problem: rows missing, twice or not readable. A warning alone (a file
that a killed writer left, an ingest that was interrupted) exits with 0.";
