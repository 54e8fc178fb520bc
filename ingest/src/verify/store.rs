//! Where digests and log files lie: a directory in the layout of S3, or a bucket.
//!
//! Folders are listed level by level, a region's objects in order of their keys, and an object is read as a stream: its
//! content is hashed, and kept only for a digest. A bucket gives a digest's signature as metadata of the object; beside
//! a local copy it may stand in `<key>.metadata.json`.
//! Source: AWS `CloudTrail` User Guide, "`CloudTrail` digest file structure" (`x-amz-meta-signature`).
//!
//! INVARIANT: keys that are read were listed, or come from a [`Place`](super::place::Place): none leads out of the store.

mod bucket;
mod directory;

use std::sync::Arc;

use jiff::civil::Date;

use self::bucket::Bucket;
use self::directory::Directory;
use super::content::{Unpacked, Unpacking};
use crate::Error;
use crate::decode::Fault;
use crate::source::Source;

/// A place of objects.
#[derive(Debug, Clone)]
pub(crate) enum Store {
    /// A directory.
    Directory(Arc<Directory>),
    /// A bucket, or a folder in it.
    Bucket(Arc<Bucket>),
}

/// The days of delivery that are looked at; either end may be open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Days {
    pub(crate) first: Option<Date>,
    pub(crate) last: Option<Date>,
}

impl Days {
    pub(crate) fn contain(self, day: Date) -> bool {
        self.first.is_none_or(|first| first <= day) && self.last.is_none_or(|last| day <= last)
    }
}

/// The signature that came with a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Signature {
    /// In hexadecimal digits, and by which algorithm.
    Given { digits: String, algorithm: String },
    /// None came: a plain copy has lost it.
    Absent,
}

/// What became of the reading of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reading {
    /// It is there.
    Read(Unpacked, Signature),
    /// It is there, and cannot be unpacked.
    Broken(Fault),
    /// It is not there.
    Missing,
    /// It could not be read, which tells nothing of it.
    Unreadable(String),
}

/// How an object is to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mode {
    /// The most that it may unpack to, in bytes.
    pub(crate) limit: u64,
    /// Whether its content and signature are wanted too: a digest's.
    pub(crate) whole: bool,
}

impl Store {
    /// The store of a source; none for a single file and for the event history, which have no digests.
    pub(crate) fn of(source: &Source) -> Option<Self> {
        match source {
            Source::Local(source) => {
                let (url, root) = source.directory()?;
                Some(Self::Directory(Arc::new(Directory::new(url, root))))
            }
            Source::Bucket(bucket) => Some(Self::Bucket(Arc::new(Bucket::new(bucket)))),
            Source::History(_) => None,
        }
    }

    /// The URL of the source, to which keys are relative; ends with a slash.
    pub(crate) fn url(&self) -> &str {
        match self {
            Self::Directory(directory) => &directory.url,
            Self::Bucket(bucket) => &bucket.url,
        }
    }

    /// The folder in which digests and log files are looked for; empty, or ends with a slash.
    pub(crate) fn start(&self) -> &str {
        match self {
            Self::Directory(_) => "",
            Self::Bucket(bucket) => &bucket.start,
        }
    }

    /// The names of the folders on the way to the start, the outermost first.
    pub(crate) fn above(&self) -> Vec<String> {
        match self {
            Self::Directory(directory) => directory.above(),
            Self::Bucket(bucket) => bucket.above(),
        }
    }

    /// The names of the folders in one, sorted; `folder` is empty, or ends with a slash.
    ///
    /// # Errors
    /// [`Error::Read`] or [`Error::Aws`] if it cannot be listed.
    pub(crate) async fn folders(&self, folder: &str) -> Result<Vec<String>, Error> {
        match self {
            Self::Directory(directory) => directory.clone().folders(folder.to_owned()).await,
            Self::Bucket(bucket) => bucket.folders(folder).await,
        }
    }

    /// The keys of the objects of some days in the folder of a region, sorted; none if there is no such folder.
    ///
    /// # Errors
    /// [`Error::Read`] or [`Error::Aws`] if it cannot be listed.
    pub(crate) async fn keys(&self, folder: &str, days: Days) -> Result<Vec<String>, Error> {
        match self {
            Self::Directory(directory) => directory.clone().keys(folder.to_owned(), days).await,
            Self::Bucket(bucket) => bucket.keys(folder, days).await,
        }
    }

    /// Reads an object.
    pub(crate) async fn read(self, key: String, mode: Mode) -> Reading {
        match self {
            Self::Directory(directory) => directory.read(key, mode).await,
            Self::Bucket(bucket) => bucket.read(&key, mode).await,
        }
    }
}

/// An object that came to its end.
fn read(unpacking: Unpacking, signature: Signature) -> Reading {
    match unpacking.finish() {
        Ok(unpacked) => Reading::Read(unpacked, signature),
        Err(fault) => Reading::Broken(fault),
    }
}
