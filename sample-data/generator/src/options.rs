//! What to make.

use std::path::PathBuf;

/// Seed of the committed sample.
pub const DEFAULT_SEED: u64 = 2026;
/// Days of the committed sample, which end with 30 September 2026.
pub const DEFAULT_DAYS: u32 = 120;
/// Gzip level of the committed sample: the smallest files.
pub const DEFAULT_LEVEL: u32 = 9;

/// What to make, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Directory that takes the files; made if it is not there.
    pub out: PathBuf,
    /// Other seeds give other ids and times, not another organisation.
    pub seed: u64,
    /// Days up to and including 30 September 2026.
    pub days: u32,
    /// Copies of the organisation's accounts, each with its own agents and buckets.
    pub copies: u32,
    /// How often everything regular happens, as a multiple of the committed sample.
    pub rate: u32,
    /// At least so many records: raises `copies` as far as it takes.
    pub records: Option<u64>,
    /// Gzip level, 0 to 9.
    pub level: u32,
}

impl Options {
    /// The committed sample, into this directory.
    #[must_use]
    pub fn into(out: PathBuf) -> Self {
        Self {
            out,
            seed: DEFAULT_SEED,
            days: DEFAULT_DAYS,
            copies: 1,
            rate: 1,
            records: None,
            level: DEFAULT_LEVEL,
        }
    }
}
