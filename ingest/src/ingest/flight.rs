//! Many objects read at a time, given in order.
//!
//! Reading waits on tokio, unpacking and parsing work on rayon. Two bounds hold: so many objects, and so many bytes, by
//! an estimate of what they unpack to; an object that is not what it seems is bounded by its own limit, and there
//! are never more of these than rayon has threads.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures::{Stream, StreamExt as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::classify::{by_key, promises_json};
use crate::decode::{Fault, oversized};
use crate::object::{self, Outcome};
use crate::options::MAX_OBJECT_BYTES_CEILING;
use crate::source::{Object, Place};
use crate::{Error, IngestOptions, LakeTable};

/// Unit of the bound on bytes: 64 KiB, so that a permit counts for something.
const UNIT_BYTES: u64 = 64 << 10;

/// By how much gzip is expected to have shrunk an object, with room for the rows made of it. Measured: 6.3 on generated
/// records of 1.8 kB.
const EXPECTED_RATIO: u64 = 10;

/// The bounds of what is worked on at a time.
#[derive(Debug)]
pub(super) struct Flight {
    room: Arc<Semaphore>,
    units: u32,
    objects: usize,
    limit: u64,
}

/// An object and what became of it; its room is given back when this is dropped.
#[derive(Debug)]
pub(super) struct Landed {
    pub(super) object: Object,
    pub(super) outcome: Outcome,
    _room: Option<OwnedSemaphorePermit>,
}

impl Flight {
    pub(super) fn new(options: &IngestOptions) -> Self {
        let units = u32::try_from(options.bytes_in_flight / UNIT_BYTES).unwrap_or(u32::MAX >> 4);
        let units = units.clamp(1, u32::MAX >> 4);
        Self {
            room: Arc::new(Semaphore::new(usize::try_from(units).unwrap_or(1))),
            units,
            objects: options.objects_in_flight.max(1),
            limit: options.max_object_bytes.min(MAX_OBJECT_BYTES_CEILING),
        }
    }

    /// Reads the objects, and gives them in the same order. Room is given out in that order too, so that the object
    /// that is waited for always has it.
    pub(super) fn read(
        &self,
        objects: Vec<Object>,
    ) -> impl Stream<Item = Result<Landed, Error>> + Send {
        futures::stream::iter(objects)
            .then(move |object| async move {
                let room = Arc::clone(&self.room)
                    .acquire_many_owned(self.weight(&object))
                    .await
                    .ok();
                (object, room)
            })
            .map(|(object, room)| {
                let key = object.key.clone();
                let task = tokio::spawn(land(object, room, self.limit));
                async move { task.await.unwrap_or(Err(Error::Worker { object_key: key })) }
            })
            .buffered(self.objects)
    }

    fn weight(&self, object: &Object) -> u32 {
        let packed = Path::new(&object.key)
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("gz"));
        let bytes = if packed {
            object.size.saturating_mul(EXPECTED_RATIO)
        } else {
            object.size
        };
        u32::try_from(bytes / UNIT_BYTES + 1).map_or(self.units, |units| units.min(self.units))
    }
}

/// Reads one object.
async fn land(
    object: Object,
    room: Option<OwnedSemaphorePermit>,
    limit: u64,
) -> Result<Landed, Error> {
    let outcome = match before_reading(&object, limit) {
        Some(outcome) => outcome,
        None => match bytes(&object, limit).await? {
            Ok(bytes) => parse(&object, bytes, limit).await?,
            Err(reason) => unreadable(&reason),
        },
    };
    Ok(Landed {
        object,
        outcome,
        _room: room,
    })
}

/// What is known of an object without its content.
fn before_reading(object: &Object, limit: u64) -> Option<Outcome> {
    if let Some(reason) = &object.unreadable {
        return Some(unreadable(reason));
    }
    if let Some(skip) = by_key(&object.key) {
        return Some(Outcome::Skipped(skip));
    }
    (object.size > limit)
        .then(|| object::refuse(promises_json(&object.key), oversized(limit), String::new()))
}

fn unreadable(reason: &str) -> Outcome {
    Outcome::Broken {
        fault: Fault::new(super::tables::UNREADABLE, reason),
        excerpt: String::new(),
    }
}

/// The content, as far as the limit and one byte beyond; else why it cannot be read.
async fn bytes(object: &Object, limit: u64) -> Result<Result<Vec<u8>, String>, Error> {
    match &object.place {
        Place::Bucket(bucket) => bucket.content(object, limit).await,
        Place::Held(content) => Ok(Ok(content.to_vec())),
        Place::File(path) => {
            let (path, size) = (path.clone(), object.size);
            let read = tokio::task::spawn_blocking(move || file(path, size, limit)).await;
            let read = read.map_err(|_| stopped(object))?;
            Ok(read.map_err(|error| error.to_string()))
        }
    }
}

fn file(path: PathBuf, size: u64, limit: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(limit)).unwrap_or(0));
    std::fs::File::open(path)?
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

async fn parse(object: &Object, bytes: Vec<u8>, limit: u64) -> Result<Outcome, Error> {
    let (answer, answered) = tokio::sync::oneshot::channel();
    let source = Arc::clone(&object.source);
    let key = object.key.clone();
    rayon::spawn(move || {
        // Nobody waits for the answer once the run has failed.
        let _ = answer.send(object::read(&source, &key, &bytes, limit));
    });
    answered
        .await
        .map_err(|_| stopped(object))?
        .map_err(Error::rows(LakeTable::Events))
}

fn stopped(object: &Object) -> Error {
    Error::Worker {
        object_key: object.key.clone(),
    }
}
