//! Many objects read at a time, given in order.
//!
//! Objects are small as a rule, so they are read in groups: as many as make up some thousand records, of one day of
//! delivery. Reading waits on tokio, unpacking and parsing work on rayon. Two bounds hold: so many objects that are fetched,
//! and so many bytes, by an estimate of what they unpack to; an object that is not what it seems is bounded by its own
//! limit, and there are never more of these than rayon has threads.

use std::cell::RefCell;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures::{Stream, StreamExt as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::classify::{by_key, promises_json};
use crate::decode::{Fault, oversized};
use crate::events::EventRows;
use crate::ledger::Rows;
use crate::object::{self, Outcome, Packed};
use crate::options::MAX_OBJECT_BYTES_CEILING;
use crate::source::{Object, Place};
use crate::{Error, IngestOptions, LakeTable};

/// Unit of the bound on bytes: 4 KiB, what the smallest object counts for.
const UNIT_BYTES: u64 = 4 << 10;

/// By how much gzip is expected to have shrunk an object, with room for the rows made of it. Measured: 6.3 on generated
/// records of 1.8 kB.
const EXPECTED_RATIO: u64 = 10;

/// What a record takes, unpacked, in bytes. Measured: 1.8 kB on average; less in logs of data events.
const RECORD_BYTES: u64 = 1 << 10;

/// The bounds of what is worked on at a time.
#[derive(Debug)]
pub(super) struct Flight {
    room: Arc<Semaphore>,
    units: u32,
    fetches: Arc<Semaphore>,
    group_units: u32,
    limit: u64,
}

/// A group of objects and what became of them; its room is given back when this is dropped.
#[derive(Debug)]
pub(super) struct Landed {
    pub(super) objects: Vec<(Object, Outcome)>,
    /// Their rows; the owner of each is the place of its object in `objects`.
    pub(super) rows: Vec<Rows>,
    _room: Option<OwnedSemaphorePermit>,
}

impl Flight {
    pub(super) fn new(options: &IngestOptions) -> Self {
        let room = units(options.bytes_in_flight).max(1);
        // No group is larger than a commit is to be.
        let commit = u64::try_from(options.commit_rows).unwrap_or(u64::MAX);
        let group = options.group_bytes.min(commit.saturating_mul(RECORD_BYTES));
        Self {
            room: Arc::new(Semaphore::new(usize::try_from(room).unwrap_or(1))),
            units: room,
            fetches: Arc::new(Semaphore::new(options.objects_in_flight.max(1))),
            group_units: units(group),
            limit: options.max_object_bytes.min(MAX_OBJECT_BYTES_CEILING),
        }
    }

    /// Reads the objects, and gives them in the same order. Room is given out in that order too, so that the group
    /// that is waited for always has it.
    pub(super) fn read(
        &self,
        objects: Vec<Object>,
    ) -> impl Stream<Item = Result<Landed, Error>> + Send {
        futures::stream::iter(self.groups(objects))
            .then(move |(weight, objects)| async move {
                let room = Arc::clone(&self.room)
                    .acquire_many_owned(weight.min(self.units))
                    .await
                    .ok();
                (objects, room)
            })
            .map(|(objects, room)| {
                let key = objects.first().map(|object| object.key.clone());
                let task = tokio::spawn(land(objects, room, Arc::clone(&self.fetches), self.limit));
                async move { task.await.unwrap_or_else(|_| Err(stopped(key))) }
            })
            .buffered(usize::try_from(self.units).unwrap_or(1))
    }

    /// Neighbours together, with the weight of each group.
    fn groups(&self, objects: Vec<Object>) -> Vec<(u32, Vec<Object>)> {
        let mut groups: Vec<(u32, Vec<Object>)> = Vec::new();
        let mut day = None;
        for object in objects {
            let (weight, delivered) = (weight(&object), object.delivered_on());
            match groups.last_mut() {
                Some((sum, group)) if *sum + weight <= self.group_units && day == delivered => {
                    *sum += weight;
                    group.push(object);
                }
                _ => groups.push((weight, vec![object])),
            }
            day = delivered;
        }
        groups
    }
}

fn weight(object: &Object) -> u32 {
    let packed = Path::new(&object.key)
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("gz"));
    let ratio = if packed { EXPECTED_RATIO } else { 1 };
    units(object.size.saturating_mul(ratio)) + 1
}

/// At most a sixteenth of what a semaphore counts, so that sums of two stay below that.
fn units(bytes: u64) -> u32 {
    u32::try_from(bytes / UNIT_BYTES)
        .unwrap_or(u32::MAX)
        .min(u32::MAX >> 4)
}

/// What is known of an object before it is parsed.
enum Content {
    Bytes(Vec<u8>),
    Known(Outcome),
}

/// Reads a group of objects.
async fn land(
    objects: Vec<Object>,
    room: Option<OwnedSemaphorePermit>,
    fetches: Arc<Semaphore>,
    limit: u64,
) -> Result<Landed, Error> {
    let first = objects.first().map(|object| object.key.clone());
    let objects = contents(objects, &fetches, limit).await?;
    let (answer, answered) = tokio::sync::oneshot::channel();
    rayon::spawn(move || {
        // Nobody waits for the answer once the run has failed.
        let _ = answer.send(parse(objects, limit));
    });
    let parsed = answered.await.map_err(|_| stopped(first))?;
    let (objects, rows) = parsed.map_err(Error::rows(LakeTable::Events))?;
    Ok(Landed {
        objects,
        rows,
        _room: room,
    })
}

/// The contents of the objects: those on this machine one after the other, others at once.
async fn contents(
    objects: Vec<Object>,
    fetches: &Semaphore,
    limit: u64,
) -> Result<Vec<(Object, Content)>, Error> {
    let first = objects.first().map(|object| object.key.clone());
    let look = move || -> Vec<(Object, Option<Content>)> {
        objects
            .into_iter()
            .map(|object| {
                let content = at_hand(&object, limit);
                (object, content)
            })
            .collect()
    };
    let looked = tokio::task::spawn_blocking(look).await;
    let looked = looked.map_err(|_| stopped(first))?;
    let all = looked.into_iter().map(|(object, content)| async {
        let content = match (content, &object.place) {
            (Some(content), _) => content,
            (None, Place::Bucket(bucket)) => {
                let _fetch = fetches.acquire().await;
                match bucket.content(&object, limit).await? {
                    Ok(bytes) => Content::Bytes(bytes),
                    Err(reason) => Content::Known(unreadable(&reason)),
                }
            }
            (None, Place::File(_) | Place::Held(_)) => Content::Bytes(Vec::new()),
        };
        Ok((object, content))
    });
    futures::future::try_join_all(all).await
}

/// What is known of an object without asking for it elsewhere.
fn at_hand(object: &Object, limit: u64) -> Option<Content> {
    if let Some(outcome) = before_reading(object, limit) {
        return Some(Content::Known(outcome));
    }
    match &object.place {
        Place::Bucket(_) => None,
        Place::Held(content) => Some(Content::Bytes(content.to_vec())),
        Place::File(path) => Some(match file(path, object.size, limit) {
            Ok(bytes) => Content::Bytes(bytes),
            Err(error) => Content::Known(unreadable(&error.to_string())),
        }),
    }
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

/// The content, as far as the limit and one byte beyond.
fn file(path: &PathBuf, size: u64, limit: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(limit)).unwrap_or(0) + 1);
    std::fs::File::open(path)?
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The most that a thread keeps for unpacking, in bytes: 32 MiB. Chosen: larger than nearly every log file.
const KEPT_BYTES: usize = 32 << 20;

thread_local! {
    /// Where this thread unpacks objects: memory that is got anew for each costs a tenth of the time.
    static ROOM: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Outcomes, and rows.
type Parsed = (Vec<(Object, Outcome)>, Vec<Rows>);

fn parse(contents: Vec<(Object, Content)>, limit: u64) -> Result<Parsed, arrow::error::ArrowError> {
    let mut room = ROOM.take();
    let mut rows = EventRows::new();
    let mut objects = Vec::with_capacity(contents.len());
    for (owner, (object, content)) in (0..).zip(contents) {
        rows.begin(owner)?;
        let outcome = match content {
            Content::Known(outcome) => outcome,
            Content::Bytes(bytes) => {
                let packed = Packed {
                    source: &object.source,
                    key: &object.key,
                    bytes: &bytes,
                };
                object::read(packed, limit, &mut room, &mut rows)
            }
        };
        objects.push((object, outcome));
    }
    if room.len() <= KEPT_BYTES {
        ROOM.set(room);
    }
    Ok((objects, rows.finish()?))
}

fn stopped(key: Option<String>) -> Error {
    Error::Worker {
        object_key: key.unwrap_or_default(),
    }
}
