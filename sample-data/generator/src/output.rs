//! Where files go: into a directory, into a comparison with one, or nowhere.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};

/// Takes files by relative path.
#[derive(Debug)]
pub(crate) enum Output {
    /// Nothing is kept: only counts are wanted.
    Nowhere,
    /// Written below this directory.
    Directory(PathBuf),
    /// Compared with what lies below this directory.
    Comparison {
        directory: PathBuf,
        made: BTreeSet<String>,
        different: Vec<String>,
    },
}

impl Output {
    /// Takes one file.
    ///
    /// # Errors
    /// The directory cannot be written.
    pub(crate) fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Nowhere => Ok(()),
            Self::Directory(directory) => {
                let target = directory.join(path);
                let parent = target.parent().unwrap_or(directory);
                fs::create_dir_all(parent).map_err(|error| named(parent, &error))?;
                fs::write(&target, bytes).map_err(|error| named(&target, &error))
            }
            Self::Comparison {
                directory,
                made,
                different,
            } => {
                made.insert(path.to_owned());
                let there = fs::read(directory.join(path)).unwrap_or_default();
                if there != bytes && !same_content(&there, bytes) {
                    different.push(path.to_owned());
                }
                Ok(())
            }
        }
    }

    /// Paths that differ, are missing or are too many, sorted; empty unless this is a comparison.
    ///
    /// # Errors
    /// The directory cannot be read.
    pub(crate) fn differences(self) -> io::Result<Vec<String>> {
        let Self::Comparison {
            directory,
            made,
            mut different,
        } = self
        else {
            return Ok(Vec::new());
        };
        for folder in ["trail", "iam"] {
            collect(&directory, folder, &mut |path| {
                if !made.contains(&path) {
                    different.push(path);
                }
            })?;
        }
        different.sort();
        Ok(different)
    }
}

/// The bytes as a gzip file without name and time, so that it depends on them alone.
///
/// # Errors
/// Never, in memory; the signature is the writer's.
pub(crate) fn gzip(bytes: &[u8], level: u32) -> io::Result<Vec<u8>> {
    let mut encoder = GzBuilder::new().write(Vec::new(), Compression::new(level));
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// Two gzip files that unpack to the same bytes, whatever packed them.
fn same_content(one: &[u8], other: &[u8]) -> bool {
    let unpacked = |packed: &[u8]| {
        let mut bytes = Vec::new();
        GzDecoder::new(packed)
            .read_to_end(&mut bytes)
            .ok()
            .map(|_| bytes)
    };
    unpacked(one).is_some_and(|bytes| Some(bytes) == unpacked(other))
}

fn collect(root: &Path, folder: &str, each: &mut impl FnMut(String)) -> io::Result<()> {
    let directory = root.join(folder);
    for item in fs::read_dir(&directory).map_err(|error| named(&directory, &error))? {
        let item = item?;
        let path = format!("{folder}/{}", item.file_name().to_string_lossy());
        if item.file_type()?.is_dir() {
            collect(root, &path, each)?;
        } else {
            each(path);
        }
    }
    Ok(())
}

/// The error with the path that it is about.
fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("`{}`: {error}", path.display()))
}
