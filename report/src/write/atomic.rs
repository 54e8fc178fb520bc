//! One file, whole or not at all: bytes go to a new file beside it, which then takes its name.
//!
//! A rename within a folder is atomic (POSIX, `rename`), so that a reader or a kill never meets half a file.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::Error;

/// Writes a file so that no reader sees half of it.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let temporary = temporary(path);
    let done = fill(&temporary, bytes)
        .and_then(|()| fs::rename(&temporary, path).map_err(Error::io("rename", path)));
    if done.is_err() {
        // The first error is the one to tell; a leftover is overwritten by the next review.
        let _ = fs::remove_file(&temporary);
    }
    done
}

fn fill(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = File::create(path).map_err(Error::io("create", path))?;
    file.write_all(bytes).map_err(Error::io("write", path))?;
    file.sync_all().map_err(Error::io("write", path))
}

/// A name of this process alone, so that two runs at a time do not share it.
fn temporary(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.tmp", std::process::id()));
    path.with_file_name(name)
}
