//! `--verify`: trail objects held against CloudTrail's digests, as part of `ingest` and `run`.

use curtail_ingest::{VerdictCounts, VerifyOptions, VerifySummary};

use super::{Context, ingest};
use crate::arguments::IngestArguments;
use crate::exit::{Done, Failure};
use crate::{output, progress};

/// Verifies the sources that are typed or configured, if that is asked for.
pub(crate) async fn verify(
    context: &Context<'_>,
    typed: &IngestArguments,
) -> Result<Option<VerifySummary>, Failure> {
    if !typed.verify.verify {
        return Ok(None);
    }
    let sources = context.settings.sources(typed)?;
    let lake = ingest::open(context).await?;
    let read = context.settings.ingest_options(typed, context.now)?;
    let mut options = VerifyOptions::new(context.now);
    options.public_keys.clone_from(&typed.verify.public_keys);
    options.selection = read.selection;
    options.aws = read.aws;
    let progress = progress::progress(context.common.quiet);
    let summary = curtail_ingest::verify(&lake, &sources, &options, progress.as_ref())
        .await
        .map_err(Failure::failed)?;
    if !context.common.quiet {
        for problem in &summary.problems {
            output::note(&format!(
                "{problem}; give them in a file with --public-keys"
            ));
        }
    }
    Ok(Some(summary))
}

/// Done in part where something was changed or taken away.
pub(crate) fn done(summary: Option<&VerifySummary>) -> Done {
    match summary {
        Some(summary) if summary.is_tampered() => Done::InPart,
        _ => Done::Whole,
    }
}

/// The counts by kind and status, each with its name.
pub(crate) fn cells(summary: &VerifySummary) -> Vec<(&'static str, u64)> {
    let VerdictCounts {
        verified,
        hash_matches_unsigned,
        modified,
        missing,
        invalid_signature,
        unlisted: _,
        unverifiable,
    } = summary.digests;
    let files = summary.log_files;
    vec![
        ("digests_verified", verified),
        ("digests_hash_matches_unsigned", hash_matches_unsigned),
        ("digests_modified", modified),
        ("digests_missing", missing),
        ("digests_invalid_signature", invalid_signature),
        ("digests_unverifiable", unverifiable),
        ("gaps", summary.gaps),
        ("log_files_verified", files.verified),
        (
            "log_files_hash_matches_unsigned",
            files.hash_matches_unsigned,
        ),
        ("log_files_modified", files.modified),
        ("log_files_missing", files.missing),
        ("log_files_unlisted", files.unlisted),
        ("log_files_unverifiable", files.unverifiable),
    ]
}

/// Prints the objects that somebody must look at, if there are any.
pub(crate) fn print_named(summary: &VerifySummary) -> std::io::Result<()> {
    let rows: Vec<Vec<String>> = summary
        .named
        .iter()
        .map(|object| {
            vec![
                object.status.to_owned(),
                object.reason.unwrap_or_default().to_owned(),
                object.object_key.clone(),
            ]
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    output::table(&["status", "reason", "object"], &rows)
}
