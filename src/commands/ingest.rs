//! `curtail ingest`: CloudTrail objects into the lake.

use curtail_ingest::{IngestSummary, Lake};

use super::{Context, unwritten};
use crate::arguments::{Format, IngestArguments};
use crate::exit::{Done, Failure};
use crate::{output, progress};

/// Ingests, and prints what was read and written.
pub(crate) async fn run(context: &Context<'_>, typed: &IngestArguments) -> Result<Done, Failure> {
    let summary = ingest(context, typed).await?;
    print(context.common.format, &summary).map_err(unwritten)?;
    Ok(done(&summary))
}

/// Ingests the sources that are typed or configured.
pub(crate) async fn ingest(
    context: &Context<'_>,
    typed: &IngestArguments,
) -> Result<IngestSummary, Failure> {
    let sources = context.settings.sources(typed)?;
    let lake = open(context).await?;
    let mut options = context.settings.ingest_options(typed, context.now);
    if typed.no_optimize {
        options.crowding = None;
    }
    let progress = progress::progress(context.common.quiet);
    curtail_ingest::ingest(&lake, &sources, &options, progress.as_ref())
        .await
        .map_err(Failure::failed)
}

/// Opens the lake that is typed or configured.
pub(crate) async fn open(context: &Context<'_>) -> Result<Lake, Failure> {
    let location = context.settings.lake(context.common);
    Lake::open(&location).await.map_err(|error| {
        Failure::failed(error).hint("name the lake with --lake, or `lake` in curtail.toml")
    })
}

/// Done in part where something of this run is quarantined.
pub(crate) fn done(summary: &IngestSummary) -> Done {
    if summary.objects_quarantined + summary.records_quarantined > 0 {
        Done::InPart
    } else {
        Done::Whole
    }
}

fn print(format: Format, summary: &IngestSummary) -> std::io::Result<()> {
    match format {
        Format::Json => output::json(summary),
        Format::Csv => {
            let (head, row) = cells(summary);
            output::csv(&head, &[row])
        }
        Format::Text => {
            let (head, row) = cells(summary);
            let rows: Vec<Vec<String>> = head
                .iter()
                .zip(row)
                .map(|(name, value)| vec![name.replace('_', " "), value])
                .collect();
            output::table(&["ingest", "count"], &rows)
        }
    }
}

fn cells(summary: &IngestSummary) -> ([&'static str; 8], Vec<String>) {
    let named = [
        ("objects_read", summary.objects_read),
        ("objects_known", summary.objects_known),
        ("objects_skipped", summary.objects_skipped),
        ("objects_quarantined", summary.objects_quarantined),
        ("records_read", summary.records_read),
        ("events_written", summary.events_written),
        ("duplicates", summary.duplicates),
        ("records_quarantined", summary.records_quarantined),
    ];
    (
        named.map(|(name, _)| name),
        named.iter().map(|(_, count)| count.to_string()).collect(),
    )
}
