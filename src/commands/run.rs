//! `curtail run`: the scheduled job, every stage after the other.
//!
//! A run after a run with nothing new reads nothing, writes no event and gives the same report.

use std::path::{Path, PathBuf};

use curtail_analyze::Analysis;
use curtail_ingest::{IngestSummary, SnapshotSummary, VerifySummary};
use serde::Serialize;

use super::{Context, analyze, ingest, report, snapshot, unwritten, verify};
use crate::arguments::{Format, RunArguments};
use crate::exit::{Done, Failure};
use crate::output;

/// What `run --format json` prints.
#[derive(Serialize)]
struct RunSummary<'a> {
    ingest: &'a IngestSummary,
    #[serde(skip_serializing_if = "Option::is_none")]
    verification: Option<&'a VerifySummary>,
    snapshot: Option<&'a SnapshotSummary>,
    counts: &'a [curtail_analyze::CountRow],
    findings: usize,
    files: Vec<String>,
}

/// Ingests, snapshots, analyzes and reports.
pub(crate) async fn run(context: &Context<'_>, typed: &RunArguments) -> Result<Done, Failure> {
    let ingested = ingest::ingest(context, &typed.ingest).await?;
    let verified = verify::verify(context, &typed.ingest).await?;
    let snapshot = snapshot::snapshot(context, &typed.snapshot).await?;
    let analysis = analyze::analyze(context, &typed.report.review).await?;
    let files = report::write(context, &typed.report, &analysis)?;

    let printed = match context.common.format {
        Format::Json => output::json(&RunSummary {
            ingest: &ingested,
            verification: verified.as_ref(),
            snapshot: snapshot.as_ref(),
            counts: &analysis.counts,
            findings: analysis.findings.len(),
            files: files
                .iter()
                .map(|path| path.display().to_string())
                .collect(),
        }),
        Format::Csv => analyze::print(Format::Csv, &analysis),
        Format::Text => tell(
            &ingested,
            verified.as_ref(),
            snapshot.as_ref(),
            &analysis,
            &files,
        ),
    };
    printed.map_err(unwritten)?;
    let read = match ingest::done(&ingested) {
        Done::Whole => verify::done(verified.as_ref()),
        in_part => in_part,
    };
    let read = match read {
        Done::Whole => snapshot.as_ref().map_or(Done::Whole, snapshot::done),
        in_part => in_part,
    };
    Ok(match read {
        Done::Whole => analyze::done(context, &typed.report.review, &analysis),
        in_part => in_part,
    })
}

fn tell(
    ingested: &IngestSummary,
    verified: Option<&VerifySummary>,
    snapshot: Option<&SnapshotSummary>,
    analysis: &Analysis,
    files: &[PathBuf],
) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut out = output::stdout();
    writeln!(
        out,
        "ingest    {} objects read, {} known before, {} skipped, {} quarantined; {} records, {} events written, {} duplicates",
        ingested.objects_read,
        ingested.objects_known,
        ingested.objects_skipped,
        ingested.objects_quarantined,
        ingested.records_read,
        ingested.events_written,
        ingested.duplicates,
    )?;
    if let Some(verified) = verified {
        writeln!(
            out,
            "verify    {} digests and {} log files verified; {} modified, {} missing, {} of invalid signature, {} unlisted",
            verified.digests.verified,
            verified.log_files.verified,
            verified.digests.modified + verified.log_files.modified,
            verified.digests.missing + verified.log_files.missing,
            verified.digests.invalid_signature,
            verified.log_files.unlisted,
        )?;
    }
    if let Some(snapshot) = snapshot {
        writeln!(
            out,
            "snapshot  {} documents, {} new, {} policies that do not parse{}",
            snapshot.documents_read,
            snapshot.documents_added,
            snapshot.problems.len(),
            match snapshot.missing.len() {
                0 => String::new(),
                parts => format!(", {parts} parts missing"),
            },
        )?;
    }
    writeln!(
        out,
        "analyze   {} agents, {} findings",
        analysis.agents.len(),
        analysis.findings.len()
    )?;
    let page = files.iter().find(|path| {
        path.extension()
            .is_some_and(|extension| extension == "html")
    });
    writeln!(
        out,
        "report    {}\n",
        page.map_or(Path::new("-"), PathBuf::as_path).display()
    )?;
    out.flush()?;
    drop(out);
    analyze::print_counts(analysis)
}
