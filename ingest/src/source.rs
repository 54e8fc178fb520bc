//! Where trail objects come from: directories and files, buckets, the event history.
//!
//! In: what the user gave, and which of it is wanted. Out: objects, each with what tells it from another version of
//! itself, and later their contents.
//!
//! INVARIANT: an object has the same source and key however its source was given, so that the checkpoint knows it.

mod bucket;
mod history;
mod layout;
mod local;
mod resume;
mod selection;
mod walk;

use std::path::PathBuf;
use std::sync::Arc;

use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};

pub(crate) use self::bucket::Bucket;
use self::history::History;
pub use self::history::LOOKUP_EVENTS;
use self::layout::Layout;
use self::local::LocalSource;
pub(crate) use self::resume::Resume;
pub use self::selection::Selection;
use self::walk::Walk;
use crate::{Aws, Error, IngestOptions};

/// How the URL of a bucket begins.
const BUCKET: &str = "s3://";

/// A root of objects, as the user named it.
#[derive(Debug)]
pub(crate) enum Source {
    /// A directory or file.
    Local(LocalSource),
    /// A bucket of S3, or some of it.
    Bucket(Bucket),
    /// The event history of an account.
    History(History),
}

/// One object of a source.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    /// URL of the source; ends with a slash.
    pub(crate) source: Arc<str>,
    /// Relative to the source, with `/` between segments.
    pub(crate) key: String,
    pub(crate) place: Place,
    pub(crate) size: u64,
    /// Changes whenever the content does: the entity tag; of a file its size and the time of its last change.
    pub(crate) etag: String,
    /// Why it cannot be looked at, if so.
    pub(crate) unreadable: Option<String>,
}

/// Where the content of an object is.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    File(PathBuf),
    Bucket(Bucket),
    /// It was fetched as it was listed.
    Held(Arc<[u8]>),
}

/// The objects of some sources, one source after the other.
pub(crate) struct Listing {
    objects: BoxStream<'static, Result<Object, Error>>,
}

impl Source {
    /// The sources that the user means; AWS is reached only where one is in a bucket.
    ///
    /// # Errors
    /// [`Error::SourceMissing`] and its like for a path, [`Error::SourceUnsupported`] for a URL of a kind that is not
    /// known, [`Error::Aws`] for a bucket that cannot be reached.
    pub(crate) async fn open(
        given: &[String],
        options: &IngestOptions,
    ) -> Result<Vec<Self>, Error> {
        let mut connected = None;
        let mut sources = Vec::with_capacity(given.len());
        for source in given {
            let bucket = in_bucket(source);
            if bucket.is_none() && source != LOOKUP_EVENTS {
                sources.push(Self::Local(LocalSource::parse(source)?));
                continue;
            }
            let aws = match connected {
                Some(aws) => aws,
                None => Aws::connect(&options.aws).await,
            };
            sources.push(match bucket {
                Some(place) => Self::Bucket(Bucket::open(place, &aws).await?),
                None => Self::History(History::open(&aws, &options.selection).await?),
            });
            connected = Some(aws);
        }
        Ok(sources)
    }
}

impl Object {
    /// The day of delivery that the key names; none sorts first.
    pub(crate) fn delivered_on(&self) -> Option<jiff::civil::Date> {
        Layout::of(&self.key).day
    }
}

impl Listing {
    /// The wanted objects of the sources: those on this machine first, by their URLs, then each other source. `except`
    /// is a directory that is left out: the lake, where it lies within a source.
    pub(crate) fn new(
        sources: Vec<Source>,
        options: &IngestOptions,
        resume: &Resume,
        except: Option<PathBuf>,
    ) -> Self {
        let selection = &options.selection;
        let mut local = Vec::new();
        let mut listed = Vec::new();
        for source in sources {
            match source {
                Source::Local(source) => local.push(source),
                Source::Bucket(bucket) => {
                    let today = options.now.to_zoned(jiff::tz::TimeZone::UTC).date();
                    let objects = bucket.objects(selection.clone(), resume.clone(), today);
                    listed.push(objects.boxed());
                }
                Source::History(history) => {
                    listed.push(history.objects(selection, resume, options.now).boxed());
                }
            }
        }
        let wanted = selection.clone();
        let objects =
            blocking(Walk::new(local, except)).chain(futures::stream::iter(listed).flatten());
        let objects = objects.try_filter(move |object| {
            futures::future::ready(wanted.takes(&Layout::of(&object.key)))
        });
        Self {
            objects: objects.boxed(),
        }
    }

    /// The next objects, at most so many; none at the end.
    pub(crate) async fn next(&mut self, portion: usize) -> Result<Vec<Object>, Error> {
        let mut objects = Vec::new();
        let mut held = 0;
        while objects.len() < portion && held < HELD_BYTES {
            let Some(object) = self.objects.try_next().await? else {
                break;
            };
            if let Place::Held(content) = &object.place {
                held += content.len();
            }
            objects.push(object);
        }
        Ok(objects)
    }
}

/// What follows the scheme of a bucket's URL, which may stand in capitals.
fn in_bucket(source: &str) -> Option<&str> {
    let (scheme, place) = source.split_at_checked(BUCKET.len())?;
    scheme.eq_ignore_ascii_case(BUCKET).then_some(place)
}

/// How much content is held of objects that are fetched as they are listed, in bytes: 4 MiB; chosen, some minutes of
/// requests that a stop would lose.
const HELD_BYTES: usize = 4 << 20;

/// How many objects a walk is ahead of what is asked of it.
const AHEAD: usize = 1000;

/// The objects of a walk, which blocks, from a thread of its own.
fn blocking(walk: Walk) -> impl futures::Stream<Item = Result<Object, Error>> + Send {
    let (send, mut receive) = tokio::sync::mpsc::channel(AHEAD);
    let walker = tokio::task::spawn_blocking(move || {
        for object in walk {
            if send.blocking_send(object).is_err() {
                break;
            }
        }
    });
    let objects = futures::stream::poll_fn(move |context| receive.poll_recv(context)).map(Ok);
    let ended = futures::stream::once(walker).filter_map(|ended| async move {
        ended.err().map(|_| {
            Err(Error::Worker {
                object_key: "the list of objects".to_owned(),
            })
        })
    });
    objects.chain(ended)
}
