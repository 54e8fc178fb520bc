//! A directory tree in the layout of S3.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use super::{Days, Mode, Reading, Signature, read};
use crate::Error;
use crate::verify::content::Unpacking;
use crate::verify::place::day_of;

/// What stands behind the name of an object in the name of the file that holds its metadata.
const METADATA: &str = ".metadata.json";

/// The largest file of metadata, in bytes. Chosen: S3 keeps at most 2 KB with an object.
/// Source: Amazon S3 User Guide, "Working with object metadata".
const LONGEST_METADATA: u64 = 64 << 10;

/// Bytes that are read at a time.
const BUFFER_BYTES: usize = 64 << 10;

/// A directory.
#[derive(Debug)]
pub(crate) struct Directory {
    pub(super) url: String,
    root: PathBuf,
}

/// A file of metadata: S3's names without `x-amz-meta-`.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Metadata {
    signature: Option<String>,
    signature_algorithm: Option<String>,
}

impl Directory {
    pub(super) fn new(url: &str, root: &Path) -> Self {
        Self {
            url: url.to_owned(),
            root: root.to_path_buf(),
        }
    }

    pub(super) fn above(&self) -> Vec<String> {
        let names = self.root.iter();
        names
            .map(|name| name.to_string_lossy().into_owned())
            .collect()
    }

    pub(super) async fn folders(self: Arc<Self>, folder: String) -> Result<Vec<String>, Error> {
        on_thread(&folder.clone(), move || {
            names(&self.root.join(folder), Path::is_dir)
        })
        .await?
    }

    pub(super) async fn keys(
        self: Arc<Self>,
        folder: String,
        days: Days,
    ) -> Result<Vec<String>, Error> {
        on_thread(&folder.clone(), move || {
            let mut keys = Vec::new();
            self.descend(&folder, 0, days, &mut keys)?;
            Ok(keys)
        })
        .await?
    }

    /// The keys below the folder of a region (depth 0), a year (1), a month (2) or a day (3).
    fn descend(
        &self,
        folder: &str,
        depth: usize,
        days: Days,
        keys: &mut Vec<String>,
    ) -> Result<(), Error> {
        let path = self.root.join(folder);
        if depth == 3 {
            for name in names(&path, |path| !path.is_dir())? {
                keys.push(format!("{folder}{name}"));
            }
            return Ok(());
        }
        for name in names(&path, Path::is_dir)? {
            let inner = format!("{folder}{name}/");
            let wanted =
                depth < 2 || day_of(&format!("{inner}x")).is_some_and(|day| days.contain(day));
            if wanted {
                self.descend(&inner, depth + 1, days, keys)?;
            }
        }
        Ok(())
    }

    pub(super) async fn read(self: Arc<Self>, key: String, mode: Mode) -> Reading {
        let path = self.root.join(&key);
        tokio::task::spawn_blocking(move || read_file(&path, mode))
            .await
            .unwrap_or_else(|error| Reading::Unreadable(error.to_string()))
    }
}

/// The names in a directory that are wanted, sorted; none if there is no such directory. Names that start with a dot are
/// no objects, and metadata is none either.
fn names(path: &Path, wanted: impl Fn(&Path) -> bool) -> Result<Vec<String>, Error> {
    let failed = |source| Error::Read {
        path: path.to_path_buf(),
        source,
    };
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && !name.ends_with(METADATA) && wanted(&entry.path()) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn read_file(path: &Path, mode: Mode) -> Reading {
    let mut file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Reading::Missing,
        Err(error) => return Reading::Unreadable(error.to_string()),
    };
    let signature = if mode.whole {
        match signature(path) {
            Ok(signature) => signature,
            Err(reason) => return Reading::Unreadable(reason),
        }
    } else {
        Signature::Absent
    };
    let mut unpacking = Unpacking::new(mode.limit, mode.whole);
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let length = match file.read(&mut buffer) {
            Ok(0) => return read(unpacking, signature),
            Ok(length) => length,
            Err(error) => return Reading::Unreadable(error.to_string()),
        };
        if let Err(fault) = unpacking.push(buffer.get(..length).unwrap_or_default()) {
            return Reading::Broken(fault);
        }
    }
}

/// The signature in the metadata beside a digest.
fn signature(path: &Path) -> Result<Signature, String> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(METADATA);
    let file = match std::fs::File::open(&beside) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Signature::Absent),
        Err(error) => return Err(format!("its metadata cannot be read: {error}")),
    };
    let metadata: Metadata = serde_json::from_reader(file.take(LONGEST_METADATA))
        .map_err(|error| format!("its metadata is no JSON object: {error}"))?;
    Ok(match (metadata.signature, metadata.signature_algorithm) {
        (Some(digits), Some(algorithm)) => Signature::Given { digits, algorithm },
        _ => Signature::Absent,
    })
}

/// Runs what blocks on a thread of its own.
async fn on_thread<T: Send + 'static>(
    what: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::Worker {
            object_key: what.to_owned(),
        })
}
