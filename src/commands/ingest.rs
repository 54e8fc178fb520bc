//! `curtail ingest`: CloudTrail objects into the lake.

use curtail_ingest::{IngestSummary, Lake, VerifySummary};
use serde::Serialize;

use super::{Context, unwritten, verify};
use crate::arguments::{Format, IngestArguments};
use crate::exit::{Done, Failure};
use crate::{output, progress};

/// What `ingest --format json` prints.
#[derive(Serialize)]
struct Printed<'a> {
    #[serde(flatten)]
    ingest: &'a IngestSummary,
    #[serde(skip_serializing_if = "Option::is_none")]
    verification: Option<&'a VerifySummary>,
}

/// Ingests, verifies if that is asked for, and prints what was read, written and found.
pub(crate) async fn run(context: &Context<'_>, typed: &IngestArguments) -> Result<Done, Failure> {
    let summary = ingest(context, typed).await?;
    let verified = verify::verify(context, typed).await?;
    print(context.common.format, &summary, verified.as_ref()).map_err(unwritten)?;
    Ok(match done(&summary) {
        Done::Whole => verify::done(verified.as_ref()),
        in_part => in_part,
    })
}

/// Ingests the sources that are typed or configured.
pub(crate) async fn ingest(
    context: &Context<'_>,
    typed: &IngestArguments,
) -> Result<IngestSummary, Failure> {
    let mut options = context.settings.ingest_options(typed, context.now)?;
    let sources = context.settings.sources(typed)?;
    let lake = open(context).await?;
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

fn print(
    format: Format,
    summary: &IngestSummary,
    verified: Option<&VerifySummary>,
) -> std::io::Result<()> {
    let counts = || {
        let verified = verified.map(verify::cells).unwrap_or_default();
        cells(summary).into_iter().chain(verified)
    };
    match format {
        Format::Json => output::json(&Printed {
            ingest: summary,
            verification: verified,
        }),
        Format::Csv => {
            let (head, row): (Vec<_>, Vec<_>) = counts()
                .map(|(name, count)| (name, count.to_string()))
                .unzip();
            output::csv(&head, &[row])
        }
        Format::Text => {
            let rows: Vec<Vec<String>> = counts()
                .map(|(name, count)| vec![name.replace('_', " "), count.to_string()])
                .collect();
            output::table(&["ingest", "count"], &rows)?;
            verified.map_or(Ok(()), verify::print_named)
        }
    }
}

fn cells(summary: &IngestSummary) -> [(&'static str, u64); 8] {
    [
        ("objects_read", summary.objects_read),
        ("objects_known", summary.objects_known),
        ("objects_skipped", summary.objects_skipped),
        ("objects_quarantined", summary.objects_quarantined),
        ("records_read", summary.records_read),
        ("events_written", summary.events_written),
        ("duplicates", summary.duplicates),
        ("records_quarantined", summary.records_quarantined),
    ]
}
