//! The walk through the directories of the sources, one entry at a time.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::Object;
use super::local::LocalSource;

/// The objects of some sources, source by source, in order of their keys.
#[derive(Debug)]
pub(crate) struct Walk {
    sources: std::vec::IntoIter<LocalSource>,
    current: Option<LocalSource>,
    /// Directories that are being walked, the outermost first.
    open: Vec<Directory>,
    /// A directory that is left out: the lake, where it lies within a source.
    except: Option<PathBuf>,
    ready: Option<Object>,
}

#[derive(Debug)]
struct Directory {
    /// Canonical, so that a loop is seen.
    path: PathBuf,
    /// The key of its entries up to their names.
    prefix: String,
    entries: std::vec::IntoIter<Entry>,
}

#[derive(Debug)]
struct Entry {
    path: PathBuf,
    name: String,
    directory: bool,
}

impl Walk {
    /// A walk through the sources in order of their URLs; one that is given twice is walked once.
    pub(crate) fn new(mut sources: Vec<LocalSource>, except: Option<PathBuf>) -> Self {
        sources.sort();
        sources.dedup();
        Self {
            sources: sources.into_iter(),
            current: None,
            open: Vec::new(),
            except,
            ready: None,
        }
    }

    /// Begins the next source; false after the last.
    fn begin(&mut self) -> bool {
        let Some(source) = self.sources.next() else {
            return false;
        };
        if let Some(name) = &source.only {
            self.ready = Some(source.object(&source.root.join(name), name.clone()));
        } else {
            let root = source.root.clone();
            self.ready = self.enter(&source, &root, String::new());
        }
        self.current = Some(source);
        true
    }

    /// Opens a directory, unless it is open already or left out; gives the object that names it if it cannot be listed.
    fn enter(&mut self, source: &LocalSource, path: &Path, prefix: String) -> Option<Object> {
        let unreadable = |error: &std::io::Error| {
            let mut object = source.object(path, prefix.clone());
            object.unreadable = Some(error.to_string());
            object
        };
        let canonical = match path.canonicalize() {
            Ok(canonical) => canonical,
            Err(error) => return Some(unreadable(&error)),
        };
        let looped = self.open.iter().any(|open| open.path == canonical);
        if looped || self.except.as_ref() == Some(&canonical) {
            return None;
        }
        match entries(&canonical) {
            Ok(entries) => {
                self.open.push(Directory {
                    path: canonical,
                    prefix,
                    entries: entries.into_iter(),
                });
                None
            }
            Err(error) => Some(unreadable(&error)),
        }
    }

    /// The next entry of the innermost directory; directories are entered and left on the way.
    fn step(&mut self) -> Option<Object> {
        let directory = self.open.last_mut()?;
        let Some(entry) = directory.entries.next() else {
            self.open.pop();
            return None;
        };
        let source = self.current.clone()?;
        let key = format!("{}{}", directory.prefix, entry.name);
        if entry.directory {
            return self.enter(&source, &entry.path, format!("{key}/"));
        }
        Some(source.object(&entry.path, key))
    }
}

impl Iterator for Walk {
    type Item = Object;

    fn next(&mut self) -> Option<Object> {
        loop {
            if let Some(object) = self.ready.take() {
                return Some(object);
            }
            if self.open.is_empty() {
                if !self.begin() {
                    return None;
                }
            } else if let Some(object) = self.step() {
                return Some(object);
            }
        }
    }
}

/// A name as text; bytes of it that are no UTF-8 as `\x` and two digits, so that no two names look alike.
pub(super) fn name_of(name: &OsStr) -> String {
    let mut text = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

/// The entries of a directory in the order of the keys below them: a directory sorts as its name and a slash.
fn entries(path: &Path) -> std::io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        let path = entry.path();
        entries.push(Entry {
            directory: path.is_dir(),
            name: name_of(&entry.file_name()),
            path,
        });
    }
    entries.sort_by_cached_key(|entry| {
        let slash = if entry.directory { "/" } else { "" };
        format!("{}{slash}", entry.name)
    });
    Ok(entries)
}
