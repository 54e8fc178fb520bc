//! Trail objects in, rows of `events`, `quarantine` and `objects` out.
//!
//! Objects are listed in portions. Those that the checkpoint (`objects`) knows are left out; the rest is read in order
//! of delivery date and key, in groups, many at a time; their rows are compared and encoded in that order until a commit is
//! due. A commit
//! writes `events` first, `quarantine` next and `objects` last: whatever is killed in between is read again, and what had
//! landed is found to be there. At the end, small files are put together where a partition has many.
//!
//! INVARIANT: what is written depends on the input alone, not on the timing of threads.

mod flight;
mod pending;
mod tables;

use futures::StreamExt as _;

use self::flight::Flight;
use self::pending::Pending;
pub(crate) use self::tables::UNREADABLE;
use crate::lake::optimize;
use crate::ledger::{Identity, IdentitySet, Ledger, identity_of};
use crate::source::{Listing, Object, Resume, Source};
use crate::{Crowding, Error, IngestOptions, IngestSummary, Lake, LakeTable, Progress};

/// The tables that an ingest writes.
const WRITTEN: [LakeTable; 3] = [LakeTable::Events, LakeTable::Quarantine, LakeTable::Objects];

/// Reads the trail objects of `sources` (directories, files, `file:` and `s3:` URLs) into `lake`.
///
/// Each record of each well-formed object is afterwards in `events`, once. What is no `CloudTrail` log, and what
/// cannot be read, is named in `objects` and `quarantine`. A second run over the same objects reads nothing again.
///
/// # Errors
/// [`Error::SourceMissing`], [`Error::Aws`] and their like for a source that cannot be read at all, before anything is
/// written; [`Error::Aws`] where a bucket is no longer reached;
/// [`Error::Table`] and its like for a lake that cannot be. What is broken within a source is no error.
pub async fn ingest(
    lake: &Lake,
    sources: &[String],
    options: &IngestOptions,
    progress: &dyn Progress,
) -> Result<IngestSummary, Error> {
    // Boxed: what the SDK awaits is large.
    let opened = Box::pin(Source::open(sources, options)).await?;
    let mut run = Run::open(lake, options).await?;
    let resume = Resume::read(lake).await?;
    let mut listing = Listing::new(opened, options, &resume, local_path(lake));
    let portion = options.listed_objects.max(1);
    loop {
        let listed = listing.next(portion).await?;
        if listed.is_empty() {
            break;
        }
        run.portion(listed, progress).await?;
    }
    run.pending.commit().await?;
    resume.finish(lake, options.now).await?;
    let summary = run.pending.summary;
    if let Some(crowding) = options.crowding.filter(|_| wrote(&summary)) {
        thin(lake, crowding, progress).await;
    }
    Ok(summary)
}

fn wrote(summary: &IngestSummary) -> bool {
    summary.objects_read + summary.objects_skipped + summary.objects_quarantined > 0
}

/// Puts small files together. What was read has landed, so that a failure here is told and stops nothing.
async fn thin(lake: &Lake, crowding: Crowding, progress: &dyn Progress) {
    for table in WRITTEN {
        if let Err(error) = optimize::thin(lake, table, crowding, progress).await {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::error!(
                %error,
                cause = cause.unwrap_or_default(),
                "small files of table `{}` are left as they are; nothing is lost: `curtail lake optimize` tries again",
                table.name()
            );
        }
    }
}

/// A run of the ingest.
struct Run<'a> {
    options: &'a IngestOptions,
    pending: Pending,
}

impl<'a> Run<'a> {
    async fn open(lake: &Lake, options: &'a IngestOptions) -> Result<Self, Error> {
        let cap = options.held_keys;
        Ok(Self {
            options,
            pending: Pending::new(
                options,
                Ledger::open(lake, LakeTable::Events, cap).await?,
                Ledger::open(lake, LakeTable::Quarantine, cap).await?,
                Ledger::open(lake, LakeTable::Objects, cap).await?,
            ),
        })
    }

    /// Reads those of the listed objects that the checkpoint does not know.
    async fn portion(&mut self, listed: Vec<Object>, progress: &dyn Progress) -> Result<(), Error> {
        let mut unknown = self.unknown(listed).await?;
        unknown.sort_by_cached_key(|object| {
            (
                object.delivered_on(),
                object.source.clone(),
                object.key.clone(),
            )
        });
        progress.begin("ingest", u64::try_from(unknown.len()).ok());
        let flight = Flight::new(self.options);
        let mut outcomes = std::pin::pin!(flight.read(unknown));
        while let Some(landed) = outcomes.next().await {
            let landed = match landed {
                Ok(landed) => landed,
                Err(error) => {
                    // What was read before is not to be read again.
                    self.pending.commit().await?;
                    return Err(error);
                }
            };
            let objects = u64::try_from(landed.objects.len()).unwrap_or(u64::MAX);
            self.pending.add(landed).await?;
            self.pending.commit_if_due().await?;
            progress.advance(objects);
        }
        progress.finish();
        Ok(())
    }

    async fn unknown(&mut self, listed: Vec<Object>) -> Result<Vec<Object>, Error> {
        let identities: IdentitySet = listed.iter().map(identity).collect();
        let known = self.pending.known_objects(identities).await?;
        let before = listed.len();
        let mut seen = known;
        let unknown: Vec<Object> = listed
            .into_iter()
            .filter(|object| seen.insert(identity(object)))
            .collect();
        self.pending.summary.objects_known +=
            u64::try_from(before - unknown.len()).unwrap_or(u64::MAX);
        Ok(unknown)
    }
}

/// By what the checkpoint knows an object.
fn identity(object: &Object) -> Identity {
    Identity(identity_of(&object.source, &object.key, &object.etag, None))
}

/// The directory of a local lake, resolved, so that a source around it does not take it for objects.
fn local_path(lake: &Lake) -> Option<std::path::PathBuf> {
    lake.location().to_file_path().ok()?.canonicalize().ok()
}
