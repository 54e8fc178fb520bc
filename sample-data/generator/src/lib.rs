//! Makes the sample: a CloudTrail organisation trail, IAM snapshots and `agents.toml` of an invented
//! organisation, at any size.
//!
//! What comes in are [`Options`]; what goes out are files below one directory and a [`Summary`]. The
//! same options give the same bytes on every machine: there is no clock, and chance comes from a
//! seed. Records are streamed, a day of one copy of the organisation at a time, so that memory does
//! not grow with days or copies; it grows with the rate.
//!
//! The story, file by file: `organisation` says who does what; `life` lets a day pass; `session` and
//! `record` put calls into CloudTrail's words; `trail` delivers them into objects; `snapshot` and
//! `organization_file` print IAM and Organizations; `truth` keeps what really happened, for tests.
//!
//! It does not evaluate policies and knows no action catalog: what is granted is for curtail to say.

mod agents_file;
mod call;
mod clock;
mod draw;
mod events;
mod identity;
mod life;
mod model;
mod options;
mod organisation;
mod organization_file;
mod output;
mod policies;
mod random;
mod record;
mod replica;
mod session;
mod sha256;
mod snapshot;
mod summary;
mod trail;
mod truth;
mod world;

use std::io;
use std::path::Path;

use serde_json::json;

pub use crate::options::{DEFAULT_DAYS, DEFAULT_LEVEL, DEFAULT_SEED, Options};
pub use crate::summary::Summary;

use crate::organisation::{ACCOUNTS, REVIEW_DAY};
use crate::output::Output;
use crate::trail::Trail;
use crate::truth::Truth;
use crate::world::World;

/// Makes a sample.
///
/// # Errors
/// The directory cannot be written; the message names the path.
pub fn generate(options: &Options) -> io::Result<Summary> {
    make(options, &mut Output::Directory(options.out.clone()))
}

/// Compares the directory of the options with what they would make: the paths that differ, are
/// missing or are too many, sorted. Gzip files count as equal if they unpack to the same bytes.
///
/// # Errors
/// The directory cannot be read.
pub fn check(options: &Options) -> io::Result<Vec<String>> {
    let mut output = Output::comparison(&options.out);
    make(options, &mut output)?;
    output.differences()
}

fn make(options: &Options, output: &mut Output) -> io::Result<Summary> {
    let copies = copies(options)?;
    let mut summary = Summary::default();
    for copy in 0..copies {
        let truth = one_copy(options, copy, output, &mut summary)?;
        for account in ACCOUNTS {
            let text = snapshot::text(account, options.seed, copy, &truth);
            output.put(&snapshot_path(account.id, copy), text.as_bytes())?;
        }
        if copy == 0 {
            output.put("truth.json", truth_file(&truth, &summary).as_bytes())?;
        }
    }
    output.put("agents.toml", agents_file::text(copies).as_bytes())?;
    output.put(
        "organization.json",
        organization_file::organization(copies).as_bytes(),
    )?;
    output.put("trails.json", organization_file::trails().as_bytes())?;
    output.put("curtail.toml", settings(copies).as_bytes())?;
    Ok(summary)
}

/// The life of one copy of the organisation, delivered.
fn one_copy(
    options: &Options,
    copy: u32,
    output: &mut Output,
    summary: &mut Summary,
) -> io::Result<Truth> {
    let mut truth = Truth::default();
    let mut trail = Trail::new(options.seed, copy, options.level);
    let first = REVIEW_DAY.plus(-i64::from(options.days));
    for number in 0..i64::from(options.days) {
        let day = first.plus(number);
        let mut emitted = Vec::new();
        let mut world = World {
            seed: options.seed,
            replica: copy,
            end: REVIEW_DAY.at(0, 0, 0),
            emitted: &mut emitted,
            truth: &mut truth,
        };
        life::live(&mut world, day, options.rate);
        summary.events += emitted.len() as u64;
        trail.take(emitted, day);
        trail.deliver(day.plus(1).at(0, 0, 0), output, summary)?;
    }
    // What is still waiting arrives in the days after the sample.
    trail.deliver(REVIEW_DAY.plus(30).at(0, 0, 0), output, summary)?;
    if copy == 0 {
        trail::neighbours::write(&trail.last_hour, options.level, output, summary)?;
    }
    summary.duplicates = summary.records.saturating_sub(summary.events);
    Ok(truth)
}

/// How many copies of the organisation it takes.
fn copies(options: &Options) -> io::Result<u32> {
    let Some(wanted) = options.records else {
        return Ok(options.copies.max(1));
    };
    let mut one = Summary::default();
    one_copy(
        &Options {
            level: 0,
            ..options.clone()
        },
        0,
        &mut Output::Nowhere,
        &mut one,
    )?;
    // Copies differ by less than two in a hundred.
    let sure = (one.records * 98 / 100).max(1);
    let copies = u32::try_from(wanted.div_ceil(sure)).unwrap_or(u32::MAX);
    Ok(copies.max(options.copies).max(1))
}

fn snapshot_path(account: &str, copy: u32) -> String {
    format!("iam/{}.json", replica::account_id(account, copy))
}

fn truth_file(truth: &Truth, summary: &Summary) -> String {
    let file = json!({
        "as_of": REVIEW_DAY.to_string(),
        "window_days": 90,
        "trail": summary,
        "agents": truth.agents(),
        "unattributed": truth.unattributed(),
    });
    format!("{file:#}\n")
}

/// The text of `curtail.toml`.
fn settings(copies: u32) -> String {
    let files: Vec<String> = (0..copies)
        .flat_map(|copy| ACCOUNTS.map(|account| snapshot_path(account.id, copy)))
        .chain(["organization.json".to_owned(), "trails.json".to_owned()])
        .map(|path| format!("  \"{path}\",\n"))
        .collect();
    format!(
        "\
# The review of Halden Insurance's agents. Paths are relative to this file.
lake = \"../sample-output/lake\"
agents = \"agents.toml\"

[ingest]
sources = [\"trail\"]

[snapshot]
from = [
{}]
taken_at = \"{}\"

[review]
as_of = \"{REVIEW_DAY}\"
window_days = 90
out = \"../sample-output/review\"
",
        files.concat(),
        snapshot::taken_at(),
    )
}

impl Output {
    /// A comparison with this directory.
    fn comparison(directory: &Path) -> Self {
        Self::Comparison {
            directory: directory.to_owned(),
            made: std::collections::BTreeSet::new(),
            different: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests;
