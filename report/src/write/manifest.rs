//! The list of files that reviews have made in `diffs/`: read before, written after.
//!
//! The list is input like any other: an entry that is not `<folder>/<file>` of plain names is
//! ignored, so that an altered list cannot remove a file elsewhere.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use super::atomic;
use crate::Error;

const FILE: &str = ".curtail";

/// The files made by earlier reviews, relative to the folder; none if there was no review.
pub(super) fn read(folder: &Path) -> Result<BTreeSet<PathBuf>, Error> {
    let path = folder.join(FILE);
    match fs::read(&path) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes)
            .lines()
            .map(PathBuf::from)
            .filter(|entry| is_own(entry))
            .collect()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

/// Writes the list, a path per line.
pub(super) fn write(folder: &Path, files: &BTreeSet<PathBuf>) -> Result<(), Error> {
    let mut text = String::new();
    for file in files {
        let names: Vec<_> = file.iter().map(|name| name.to_string_lossy()).collect();
        text.push_str(&names.join("/"));
        text.push('\n');
    }
    atomic::write(&folder.join(FILE), text.as_bytes())
}

/// Removes a file of an earlier review, and its folder if nothing else is in it.
pub(super) fn remove(folder: &Path, file: &Path) -> Result<(), Error> {
    let path = folder.join(file);
    match fs::remove_file(&path) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(Error::io("remove", path)(error)),
    }
    if let Some(parent) = path.parent() {
        // Fails where the folder holds something else, which then stays.
        let _ = fs::remove_dir(parent);
    }
    Ok(())
}

fn is_own(entry: &Path) -> bool {
    let mut parts = entry.components();
    let plain = |part: Option<Component<'_>>| matches!(part, Some(Component::Normal(_)));
    let ending = entry.extension().and_then(|ending| ending.to_str());
    plain(parts.next())
        && plain(parts.next())
        && parts.next().is_none()
        && matches!(ending, Some("diff" | "json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_altered_list_reaches_no_other_file() {
        for entry in [
            "../x.json",
            "/etc/x.json",
            "a/b/c.json",
            "x.json",
            "a/b.txt",
            "a/../b.diff",
            "",
        ] {
            assert!(!is_own(Path::new(entry)), "{entry}");
        }
        assert!(is_own(Path::new("role/policy.diff")));
    }
}
