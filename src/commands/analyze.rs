//! `curtail analyze`: usage, grants and findings of a review into the lake.

use curtail_analyze::{AgentsFile, Analysis, Options};

use super::{Context, ingest, unwritten};
use crate::arguments::{Format, ReviewArguments};
use crate::exit::{Done, Failure};
use crate::{output, progress};

/// Analyzes, and prints the counts of each agent's role.
pub(crate) async fn run(context: &Context<'_>, typed: &ReviewArguments) -> Result<Done, Failure> {
    let analysis = analyze(context, typed).await?;
    print(context.common.format, &analysis).map_err(unwritten)?;
    Ok(done(context, typed, &analysis))
}

/// Analyzes what the lake holds, as the arguments and the configuration say.
pub(crate) async fn analyze(
    context: &Context<'_>,
    typed: &ReviewArguments,
) -> Result<Analysis, Failure> {
    let (agents, options) = review(context, typed)?;
    let lake = ingest::open(context).await?;
    let progress = progress::progress(context.common.quiet);
    curtail_analyze::analyze(&lake, &agents, &options, progress.as_ref())
        .await
        .map_err(Failure::failed)
}

/// The agents and the options of a review.
pub(crate) fn review(
    context: &Context<'_>,
    typed: &ReviewArguments,
) -> Result<(AgentsFile, Options), Failure> {
    let agents = match context.settings.agents(typed) {
        Some(path) => AgentsFile::read(&path).map_err(Failure::usage)?,
        None => AgentsFile::absent(),
    };
    let as_of = context.settings.as_of(typed, context.now)?;
    let mut options = Options::new(as_of);
    options.window_days = context.settings.window_days(typed);
    Ok((agents, options))
}

/// Whether a finding is as severe as `--fail-on`.
pub(crate) fn done(context: &Context<'_>, typed: &ReviewArguments, analysis: &Analysis) -> Done {
    let limit = context
        .settings
        .fail_on(typed)
        .map(curtail_analyze::Severity::from);
    let reached = limit.is_some_and(|limit| {
        analysis
            .findings
            .iter()
            .any(|finding| finding.severity >= limit)
    });
    if reached {
        Done::WithFindings
    } else {
        Done::Whole
    }
}

/// Prints the counts of each agent's role.
pub(crate) fn print(format: Format, analysis: &Analysis) -> std::io::Result<()> {
    match format {
        Format::Json => output::json(&analysis.counts),
        Format::Csv => {
            let (head, rows) = counts(analysis, false);
            output::csv(&head, &rows)
        }
        Format::Text => print_counts(analysis),
    }
}

/// Prints the counts of the review's own window, an agent's role a line.
pub(crate) fn print_counts(analysis: &Analysis) -> std::io::Result<()> {
    let (head, rows) = counts(analysis, true);
    output::table(&head, &rows)
}

fn counts(analysis: &Analysis, review_window_only: bool) -> ([&'static str; 11], Vec<Vec<String>>) {
    let head = [
        "agent",
        "role",
        "days",
        "granted",
        "exercised",
        "used",
        "non_legitimate",
        "inherited",
        "unobservable",
        "never_used",
        "attempted",
    ];
    let rows = analysis
        .counts
        .iter()
        .filter(|row| !review_window_only || row.window_days == analysis.window_days)
        .map(|row| {
            let role = row.role_arn.rsplit('/').next().unwrap_or(&row.role_arn);
            let mut cells = vec![
                row.agent.clone(),
                if review_window_only {
                    role.to_owned()
                } else {
                    row.role_arn.clone()
                },
                row.window_days.to_string(),
            ];
            let numbers = [
                row.granted,
                row.exercised,
                row.used,
                row.non_legitimate,
                row.inherited,
                row.unobservable,
                row.never_used,
                row.attempted,
            ];
            cells.extend(numbers.iter().map(ToString::to_string));
            cells
        })
        .collect();
    (head, rows)
}
