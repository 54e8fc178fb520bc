//! `curtail snapshot`: IAM and Organizations documents into the lake.

use anyhow::anyhow;
use curtail_ingest::{SnapshotOptions, SnapshotSummary};

use super::{Context, ingest, unwritten};
use crate::arguments::{Format, SnapshotArguments};
use crate::exit::{Done, Failure};
use crate::{output, progress};

/// Takes the snapshot, and prints what was added and which policies do not parse.
pub(crate) async fn run(context: &Context<'_>, typed: &SnapshotArguments) -> Result<Done, Failure> {
    let summary = snapshot(context, typed).await?.ok_or_else(|| {
        Failure::usage(anyhow!("no snapshot file is given"))
            .hint("name files with --from, or set `from` under [snapshot] in curtail.toml")
    })?;
    print(context.common.format, &summary).map_err(unwritten)?;
    Ok(Done::Whole)
}

/// Takes the snapshot of the files that are typed or configured; none where there are none.
pub(crate) async fn snapshot(
    context: &Context<'_>,
    typed: &SnapshotArguments,
) -> Result<Option<SnapshotSummary>, Failure> {
    let files = context.settings.snapshot_files(typed)?;
    if files.is_empty() {
        return Ok(None);
    }
    let taken_at = context.settings.taken_at(typed, context.now)?;
    let lake = ingest::open(context).await?;
    let progress = progress::progress(context.common.quiet);
    curtail_ingest::snapshot(
        &lake,
        &files,
        &SnapshotOptions::new(taken_at),
        progress.as_ref(),
    )
    .await
    .map(Some)
    .map_err(Failure::failed)
}

fn print(format: Format, summary: &SnapshotSummary) -> std::io::Result<()> {
    let problems: Vec<Vec<String>> = summary
        .problems
        .iter()
        .map(|problem| {
            vec![
                problem.account_id.clone(),
                problem.owner.clone(),
                problem.policy.clone(),
                problem
                    .statement
                    .map(|index| index.to_string())
                    .unwrap_or_default(),
                problem.reason.clone(),
            ]
        })
        .collect();
    let head = ["account", "owner", "policy", "statement", "reason"];
    match format {
        Format::Json => output::json(summary),
        Format::Csv => output::csv(&head, &problems),
        Format::Text => {
            let counts = [
                vec![
                    "documents read".to_owned(),
                    summary.documents_read.to_string(),
                ],
                vec![
                    "documents added".to_owned(),
                    summary.documents_added.to_string(),
                ],
                vec![
                    "policies that do not parse".to_owned(),
                    problems.len().to_string(),
                ],
            ];
            output::table(&["snapshot", "count"], &counts)?;
            if problems.is_empty() {
                return Ok(());
            }
            output::table(&head, &problems)
        }
    }
}
