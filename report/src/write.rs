//! A review on disk: the model in, `review.md`, `review.json`, `review.html` and `diffs/` out.
//!
//! `diffs/<role>/<policy>.diff` is the change to read, `<policy>.json` beside it the new document to
//! apply. Only proven changes get files. `diffs/.curtail` lists the files made, so that a later
//! review removes those that it does not make again, and no other.
//!
//! INVARIANT: a reader sees each file as it was or as it is to be, never half of it.

mod atomic;
mod manifest;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::diff::{PolicyDiff, printed_value};
use crate::names::Names;
use crate::review::{Review, RoleReview};
use crate::{Error, render_html, render_json, render_markdown};

/// Folder of the policy changes within a review's folder.
const DIFFS: &str = "diffs";

/// Writes the three forms and the policy changes, and returns the files written, sorted.
///
/// # Errors
///
/// [`Error::Render`] or [`Error::Serialize`] before anything is written, [`Error::Io`] where the
/// file system refuses.
pub fn write_review(review: &Review, out: &Path) -> Result<Vec<PathBuf>, Error> {
    let forms = [
        ("review.md", render_markdown(review)?),
        ("review.json", render_json(review)?),
        ("review.html", render_html(review)?),
    ];
    let changes = changes(review);
    fs::create_dir_all(out).map_err(Error::io("create", out))?;
    let mut written = write_changes(&out.join(DIFFS), &changes)?;
    for (name, text) in &forms {
        let path = out.join(name);
        atomic::write(&path, text.as_bytes())?;
        written.push(path);
    }
    written.sort();
    Ok(written)
}

/// The files of all proven changes: path within `diffs/`, and text.
fn changes(review: &Review) -> Vec<(PathBuf, String)> {
    let mut folders = Names::default();
    let mut files = Vec::new();
    for role in &review.roles {
        let applicable: Vec<&PolicyDiff> = role
            .trim
            .policies
            .iter()
            .filter(|change| change.is_applicable())
            .collect();
        if applicable.is_empty() {
            continue;
        }
        let folder = PathBuf::from(folders.unique(&[&role.name, &account_and_name(role)]));
        let mut names = Names::default();
        for change in applicable {
            let name = names.unique(&[&change.policy]);
            files.push((folder.join(format!("{name}.diff")), change.unified.clone()));
            if let Some(new) = &change.new {
                files.push((folder.join(format!("{name}.json")), printed_value(new)));
            }
        }
    }
    files
}

fn account_and_name(role: &RoleReview) -> String {
    format!("{}-{}", role.account_id, role.name)
}

fn write_changes(folder: &Path, files: &[(PathBuf, String)]) -> Result<Vec<PathBuf>, Error> {
    let now: BTreeSet<PathBuf> = files.iter().map(|(path, _)| path.clone()).collect();
    let before = manifest::read(folder)?;
    if now.is_empty() && before.is_empty() {
        return Ok(Vec::new());
    }
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    // Listed before they are written: a review that is cut off still owns what it has made.
    manifest::write(folder, &before.union(&now).cloned().collect())?;
    let mut written = Vec::with_capacity(files.len());
    for (relative, text) in files {
        let path = folder.join(relative);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(Error::io("create", parent))?;
        }
        atomic::write(&path, text.as_bytes())?;
        written.push(path);
    }
    for stale in before.difference(&now) {
        manifest::remove(folder, stale)?;
    }
    manifest::write(folder, &now)?;
    Ok(written)
}

#[cfg(test)]
mod tests;
