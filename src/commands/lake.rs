//! `curtail lake`: small files put together, old files removed, tables verified.

use curtail_ingest::{
    CheckOptions, Error, Finding, Grade, OptimizeOptions, Optimized, Stale, VacuumOptions,
};

use super::{Context, ingest, unwritten};
use crate::arguments::{Format, LakeArguments, LakeCommand, OptimizeArguments, VacuumArguments};
use crate::exit::{Done, Failure};
use crate::{output, progress};

/// Does what was asked, and prints what became of it.
pub(crate) async fn run(context: &Context<'_>, typed: &LakeArguments) -> Result<Done, Failure> {
    match &typed.command {
        LakeCommand::Optimize(typed) => optimize(context, typed).await,
        LakeCommand::Vacuum(typed) => vacuum(context, typed).await,
        LakeCommand::Check => check(context).await,
    }
}

async fn optimize(context: &Context<'_>, typed: &OptimizeArguments) -> Result<Done, Failure> {
    let lake = ingest::open(context).await?;
    let progress = progress::progress(context.common.quiet);
    let tables = typed.tables.tables();
    let options = OptimizeOptions::default();
    let done = curtail_ingest::optimize(&lake, &tables, &options, progress.as_ref())
        .await
        .map_err(Failure::failed)?;
    let rows: Vec<Vec<String>> = done.iter().map(optimized).collect();
    match context.common.format {
        Format::Json => output::json(&done),
        Format::Csv => output::csv(&OPTIMIZED, &rows),
        Format::Text => output::table(&OPTIMIZED, &rows),
    }
    .map_err(unwritten)?;
    Ok(Done::Whole)
}

const OPTIMIZED: [&str; 6] = [
    "table",
    "partitions",
    "files_removed",
    "bytes_removed",
    "files_added",
    "bytes_added",
];

fn optimized(done: &Optimized) -> Vec<String> {
    let counts = [
        done.partitions,
        done.files_removed,
        done.bytes_removed,
        done.files_added,
        done.bytes_added,
    ];
    std::iter::once(done.table.to_owned())
        .chain(counts.iter().map(ToString::to_string))
        .collect()
}

async fn vacuum(context: &Context<'_>, typed: &VacuumArguments) -> Result<Done, Failure> {
    let lake = ingest::open(context).await?;
    let progress = progress::progress(context.common.quiet);
    let options = VacuumOptions {
        older_than_days: typed.older_than,
        force: typed.force,
        dry_run: typed.dry_run,
        ..VacuumOptions::new(context.now)
    };
    let stale = curtail_ingest::vacuum(&lake, &typed.tables.tables(), &options, progress.as_ref())
        .await
        .map_err(|error| match error {
            Error::Retention { .. } => Failure::usage(error),
            error => Failure::failed(error),
        })?;
    let rows: Vec<Vec<String>> = stale.iter().map(removed).collect();
    match context.common.format {
        Format::Json => output::json(&stale),
        Format::Csv => output::csv(&REMOVED, &rows),
        Format::Text => output::table(&REMOVED, &rows),
    }
    .map_err(unwritten)?;
    if !context.common.quiet {
        let bytes: u64 = stale.iter().map(|file| file.bytes).sum();
        let (files, done) = (
            stale.len(),
            if typed.dry_run {
                "to remove"
            } else {
                "removed"
            },
        );
        output::note(&format!("{files} files of {bytes} bytes {done}"));
    }
    Ok(Done::Whole)
}

const REMOVED: [&str; 4] = ["table", "reason", "bytes", "path"];

fn removed(file: &Stale) -> Vec<String> {
    vec![
        file.table.to_owned(),
        file.reason.as_str().to_owned(),
        file.bytes.to_string(),
        file.path.clone(),
    ]
}

async fn check(context: &Context<'_>) -> Result<Done, Failure> {
    let lake = ingest::open(context).await?;
    let progress = progress::progress(context.common.quiet);
    let options = CheckOptions::default();
    let findings = curtail_ingest::check(&lake, &options, progress.as_ref())
        .await
        .map_err(Failure::failed)?;
    match context.common.format {
        Format::Json => output::json(&findings),
        Format::Csv => {
            let rows: Vec<Vec<String>> = findings.iter().map(cells).collect();
            output::csv(&FOUND, &rows)
        }
        Format::Text => output::lines(findings.iter().map(line)),
    }
    .map_err(unwritten)?;
    let problem = |finding: &Finding| finding.grade == Grade::Problem;
    Ok(if findings.iter().any(problem) {
        Done::InPart
    } else {
        Done::Whole
    })
}

/// `TABLE: grade code SUBJECT: message; remedy`, one line whatever the subject holds.
fn line(finding: &Finding) -> String {
    let line = format!(
        "{}: {} {} {}: {}; {}",
        finding.table,
        finding.grade.as_str(),
        finding.code,
        finding.subject,
        finding.message,
        finding.remedy
    );
    line.replace('\n', "\\n")
}

const FOUND: [&str; 6] = ["table", "grade", "code", "subject", "message", "remedy"];

fn cells(finding: &Finding) -> Vec<String> {
    vec![
        finding.table.to_owned(),
        finding.grade.as_str().to_owned(),
        finding.code.to_owned(),
        finding.subject.clone(),
        finding.message.clone(),
        finding.remedy.to_owned(),
    ]
}
