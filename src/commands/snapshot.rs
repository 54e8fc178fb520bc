//! `curtail snapshot`: IAM, Organizations, trails and resources into the lake.

use anyhow::anyhow;
use curtail_ingest::{Aws, Error, MissingPart, SnapshotSummary};

use super::{Context, ingest, unwritten};
use crate::arguments::{Format, SnapshotArguments};
use crate::exit::{Done, Failure};
use crate::settings::SnapshotSource;
use crate::{output, progress};

/// Takes the snapshot, and prints what was added, which policies do not parse and what is missing.
pub(crate) async fn run(context: &Context<'_>, typed: &SnapshotArguments) -> Result<Done, Failure> {
    let summary = snapshot(context, typed).await?.ok_or_else(|| {
        Failure::usage(anyhow!("no snapshot file is given")).hint(
            "name files with --from, or ask AWS with --from-aws; or set `from` or `aws` under [snapshot] in curtail.toml",
        )
    })?;
    print(context.common.format, &summary).map_err(unwritten)?;
    Ok(done(&summary))
}

/// Takes the snapshot of AWS, or of the files that are typed or configured; none where there are none.
pub(crate) async fn snapshot(
    context: &Context<'_>,
    typed: &SnapshotArguments,
) -> Result<Option<SnapshotSummary>, Failure> {
    let source = context.settings.snapshot_source(typed, context.now)?;
    if matches!(&source, SnapshotSource::Files(files, _) if files.is_empty()) {
        return Ok(None);
    }
    let lake = ingest::open(context).await?;
    let progress = progress::progress(context.common.quiet);
    let progress = progress.as_ref();
    let taken = match source {
        SnapshotSource::Files(files, options) => {
            curtail_ingest::snapshot(&lake, &files, &options, progress).await
        }
        SnapshotSource::Aws(access, options) => {
            let aws = Aws::connect(&access).await;
            curtail_ingest::fetch_snapshot(&lake, &aws, &options, progress).await
        }
    };
    taken.map(Some).map_err(|error| match error {
        error @ Error::Aws { .. } => Failure::failed(error).hint(
            "let the caller do what is named, or name a role that may with --snapshot-assume-role; `aws sts get-caller-identity` must work",
        ),
        error => Failure::failed(error),
    })
}

/// Done in part where something of the snapshot is missing.
pub(crate) fn done(summary: &SnapshotSummary) -> Done {
    if summary.missing.is_empty() {
        Done::Whole
    } else {
        Done::InPart
    }
}

/// The head of the table of missing parts.
const MISSING: [&str; 7] = [
    "account",
    "missing part",
    "region",
    "subject",
    "operation",
    "code",
    "message",
];

fn missing_cells(missing: &MissingPart) -> Vec<String> {
    let MissingPart {
        account_id,
        part,
        region,
        subject,
        operation,
        code,
        message,
    } = missing;
    [account_id, part, region, subject, operation, code, message]
        .map(Clone::clone)
        .to_vec()
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
        Format::Csv => {
            let unread = summary.missing.iter().map(|missing| {
                let reason = format!("missing: {}: {}", missing.operation, missing.message);
                let owner = format!("{} {} {}", missing.part, missing.region, missing.subject);
                let owner = owner.trim_end().to_owned();
                let empty = String::new;
                vec![missing.account_id.clone(), owner, empty(), empty(), reason]
            });
            let rows: Vec<_> = problems.iter().cloned().chain(unread).collect();
            output::csv(&head, &rows)
        }
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
                vec![
                    "parts that are missing".to_owned(),
                    summary.missing.len().to_string(),
                ],
            ];
            output::table(&["snapshot", "count"], &counts)?;
            if !problems.is_empty() {
                output::table(&head, &problems)?;
            }
            if summary.missing.is_empty() {
                return Ok(());
            }
            let missing: Vec<_> = summary.missing.iter().map(missing_cells).collect();
            output::table(&MISSING, &missing)
        }
    }
}
