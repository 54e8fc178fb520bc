//! `curtail report`: the review, written to a directory.

use std::path::PathBuf;

use curtail_analyze::Analysis;
use curtail_iam::catalog::Catalog;

use super::{Context, analyze, unwritten};
use crate::arguments::{Format, ReportArguments};
use crate::exit::{Done, Failure};
use crate::output;

/// Analyzes, writes the review, and prints where it is.
pub(crate) async fn run(context: &Context<'_>, typed: &ReportArguments) -> Result<Done, Failure> {
    let analysis = analyze::analyze(context, &typed.review).await?;
    let files = write(context, typed, &analysis)?;
    let shown: Vec<String> = files
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let printed = match context.common.format {
        Format::Json => output::json(&shown),
        Format::Csv => output::csv(
            &["file"],
            &shown.into_iter().map(|path| vec![path]).collect::<Vec<_>>(),
        ),
        Format::Text => output::table(
            &["file"],
            &shown.into_iter().map(|path| vec![path]).collect::<Vec<_>>(),
        ),
    };
    printed.map_err(unwritten)?;
    Ok(analyze::done(context, &typed.review, &analysis))
}

/// Builds the review of an analysis and writes it to the directory that is typed or configured.
pub(crate) fn write(
    context: &Context<'_>,
    typed: &ReportArguments,
    analysis: &Analysis,
) -> Result<Vec<PathBuf>, Failure> {
    let review = curtail_report::build(
        analysis,
        Catalog::embedded(),
        &curtail_report::Options::default(),
    );
    curtail_report::write_review(&review, &context.settings.out(typed))
        .map_err(|error| Failure::failed(error).hint("name another directory with --out"))
}
