//! Trail objects in, verdicts on their integrity out: what `CloudTrail`'s digests confirm, deny or do not know.
//!
//! The story, in the order of the files: the sources' accounts and regions are found (`units`, `store`); the digests
//! of each are read (`check`, `content`, `digest`) and judged chain by chain with the public keys (`chain`, `signature`,
//! `keys`); every log file is held against the digest that lists it (`log_file`); verdicts that are new land in the table
//! `verifications` (`book`).
//!
//! Source: AWS `CloudTrail` User Guide, "Validating `CloudTrail` log file integrity".
//!
//! It proves that what is there is what was delivered, and names what is not. It cannot tell that the newest digests
//! and log files were taken away together: nothing that is left speaks of them.

mod book;
mod chain;
mod check;
mod content;
mod digest;
mod hash;
mod keys;
mod log_file;
mod options;
mod place;
mod signature;
mod store;
mod summary;
#[cfg(test)]
mod tests;
mod units;
mod verdict;

use std::collections::BTreeSet;
use std::sync::Arc;

use self::book::Book;
use self::check::Check;
use self::keys::KeySource;
use self::store::Store;
use self::units::units;
use crate::source::{LOOKUP_EVENTS, Source};
use crate::{Error, Lake, Progress};

pub use self::options::{VERIFY_IN_FLIGHT, VerifyOptions};
pub use self::summary::{NAMED_OBJECTS, NamedObject, VerdictCounts, VerifySummary};

/// Checks the log files and digests of `sources` (directories, `file:` URLs, `s3://bucket/prefix`) against each other and
/// the public keys of `CloudTrail`, and writes the verdicts into `lake`.
///
/// A source without digests, such as a single file, has no verdicts.
///
/// # Errors
/// [`Error::SourceMissing`] and its like for a source that cannot be listed, [`Error::PublicKeys`] for a file of keys that
/// is none, [`Error::Table`] and its like for a lake that cannot be written. What is wrong with an object is no error.
pub async fn verify(
    lake: &Lake,
    sources: &[String],
    options: &VerifyOptions,
    progress: &dyn Progress,
) -> Result<VerifySummary, Error> {
    let mut keys = KeySource::open(options.public_keys.as_deref(), &options.aws)?;
    let mut summary = VerifySummary::default();
    let mut book = Book::new(lake, options.now);
    let mut done = BTreeSet::new();
    let listed = sources.iter().filter(|source| *source != LOOKUP_EVENTS);
    let listed: Vec<String> = listed.cloned().collect();
    let opening = options.of_sources();
    for source in Box::pin(Source::open(&listed, &opening)).await? {
        let Some(store) = Store::of(&source) else {
            continue;
        };
        if !done.insert((store.url().to_owned(), store.start().to_owned())) {
            continue;
        }
        let url: Arc<str> = Arc::from(store.url());
        for unit in units(&store, &options.selection).await? {
            let check = Check {
                store: &store,
                unit: &unit,
                options,
                progress,
            };
            let verdicts = Box::pin(check.verdicts(&mut keys)).await?;
            for verdict in verdicts {
                let key = unit.key(&verdict.tail);
                summary.add(verdict.kind, verdict.status, verdict.reason, key);
                book.add(&url, &unit, verdict);
            }
            Box::pin(book.write_if_due()).await?;
        }
    }
    Box::pin(book.write()).await?;
    summary.verdicts_written = book.written;
    summary.problems = keys.faults();
    Ok(summary)
}
