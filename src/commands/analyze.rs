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
        .map_err(Failure::of_analysis)
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
    Ok((agents, options(context, typed)?))
}

/// The options of a review.
pub(crate) fn options(context: &Context<'_>, typed: &ReviewArguments) -> Result<Options, Failure> {
    let as_of = context.settings.as_of(typed, context.now)?;
    let mut options = Options::new(as_of);
    options.window_days = context.settings.window_days(typed);
    options.rules = context.settings.rules(typed)?;
    Ok(options)
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
            let (head, rows) = counts(analysis);
            output::csv(&head, &rows)
        }
        Format::Text => print_counts(analysis),
    }
}

/// Widest role name in a table for people, in characters; the CSV and JSON forms have the whole ARN.
const ROLE_WIDTH: usize = 30;

/// Prints the buckets of the review's own window, an agent's role a line.
pub(crate) fn print_counts(analysis: &Analysis) -> std::io::Result<()> {
    let head = [
        "agent",
        "role",
        "granted",
        "used",
        "outside work",
        "inherited",
        "unobservable",
        "never used",
    ];
    let rows: Vec<Vec<String>> = analysis
        .counts
        .iter()
        .filter(|row| row.window_days == analysis.window_days)
        .map(|row| {
            let names = [row.agent.clone(), short(&row.role_arn)];
            let numbers = [
                row.granted,
                row.used,
                row.non_legitimate,
                row.inherited,
                row.unobservable,
                row.never_used,
            ];
            names
                .into_iter()
                .chain(numbers.iter().map(ToString::to_string))
                .collect()
        })
        .collect();
    output::table(&head, &rows)
}

/// A role's name without its path, cut to the width of its column.
fn short(role_arn: &str) -> String {
    let name = role_arn.rsplit('/').next().unwrap_or(role_arn);
    if name.chars().count() <= ROLE_WIDTH {
        return name.to_owned();
    }
    name.chars().take(ROLE_WIDTH - 1).chain(['…']).collect()
}

/// Every count of every window.
fn counts(analysis: &Analysis) -> ([&'static str; 12], Vec<Vec<String>>) {
    let head = [
        "agent",
        "role_arn",
        "window_days",
        "granted",
        "exercised",
        "attempted",
        "used",
        "non_legitimate",
        "inherited",
        "unobservable",
        "never_used",
        "calls",
    ];
    let rows = analysis
        .counts
        .iter()
        .map(|row| {
            let names = [
                row.agent.clone(),
                row.role_arn.clone(),
                row.window_days.to_string(),
            ];
            let numbers = [
                row.granted,
                row.exercised,
                row.attempted,
                row.used,
                row.non_legitimate,
                row.inherited,
                row.unobservable,
                row.never_used,
                row.calls,
            ];
            names
                .into_iter()
                .chain(numbers.iter().map(ToString::to_string))
                .collect()
        })
        .collect();
    (head, rows)
}
