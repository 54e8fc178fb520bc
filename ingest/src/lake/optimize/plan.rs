//! Which files are put together: the files of a partition in, bins of two files or more out.

use std::collections::BTreeMap;

use deltalake_core::DeltaTable;
use deltalake_core::kernel::{LogicalFileView, Remove};

use super::{Crowding, TARGET_BYTES};
use crate::Error;
use crate::lake::LakeTable;

/// Files that become one.
pub(super) type Bin = Vec<File>;

/// A file of a table.
#[derive(Clone)]
pub(super) struct File {
    view: LogicalFileView,
    pub(super) bytes: u64,
}

impl File {
    fn new(view: LogicalFileView) -> Self {
        let bytes = u64::try_from(view.size()).unwrap_or(0);
        Self { view, bytes }
    }

    /// Relative to the table, as other files are compared with it.
    pub(super) fn path(&self) -> String {
        self.view.path().into_owned()
    }

    /// Rows by the log; none if it does not say.
    pub(super) fn rows(&self) -> Option<usize> {
        self.view.num_records()
    }

    /// What takes the file out of the table without taking its rows.
    pub(super) fn remove(&self) -> Remove {
        self.view.remove_action(false)
    }
}

/// Which files of a partition are put together.
#[derive(Debug, Clone, Copy)]
pub(super) enum Choice {
    /// All below three quarters of this size; one alone stays.
    Small { target_bytes: u64 },
    /// The smallest of more than so many.
    Crowded(Crowding),
}

impl Choice {
    pub(super) fn target_bytes(self) -> u64 {
        match self {
            Self::Small { target_bytes } => target_bytes,
            Self::Crowded(_) => TARGET_BYTES,
        }
    }
}

/// The files of each partition, by the text of its value; none where the value is null, and for tables without partitions.
/// Days and times of runs are in order, so that the newest comes last. A file of which rows are deleted by a vector is left out:
/// no writer of ours makes one.
pub(super) fn partitions(
    table: LakeTable,
    opened: &DeltaTable,
) -> Result<BTreeMap<Option<String>, Vec<File>>, Error> {
    let snapshot = opened.snapshot().map_err(Error::table(table, "read"))?;
    let column = table.partition_columns().first().copied();
    let mut partitions: BTreeMap<Option<String>, Vec<File>> = BTreeMap::new();
    for view in snapshot.log_data().iter() {
        if view.deletion_vector_descriptor().is_none() {
            let value = column.and_then(|name| view.partition_values_map().remove(name).flatten());
            partitions.entry(value).or_default().push(File::new(view));
        }
    }
    Ok(partitions)
}

/// The bins of a partition's files, none of which is larger than the target.
pub(super) fn bins(files: Vec<File>, choice: Choice) -> Vec<Bin> {
    let mut chosen = match choice {
        Choice::Small { target_bytes } => {
            let most = target_bytes - target_bytes / 4;
            files.into_iter().filter(|file| file.bytes < most).collect()
        }
        Choice::Crowded(crowding) => crowd(files, crowding),
    };
    chosen.sort_by_cached_key(|file| (file.view.modification_time(), file.path()));
    let sizes: Vec<u64> = chosen.iter().map(|file| file.bytes).collect();
    let places = pack(&sizes, choice.target_bytes());
    let mut bins: Vec<Bin> = Vec::new();
    for (file, place) in chosen.into_iter().zip(places) {
        while bins.len() <= place {
            bins.push(Bin::new());
        }
        if let Some(bin) = bins.get_mut(place) {
            bin.push(file);
        }
    }
    bins.retain(|bin| bin.len() > 1);
    bins
}

/// The small files that are worth putting together: at least half of those that may be, and each further one that is no larger
/// than all before it. So a row is seldom written anew (1.75 times a row over a day of 288 equal files, where putting all
/// small files together each time writes a row 8.6 times), and the number of files stays bounded.
fn crowd(files: Vec<File>, crowding: Crowding) -> Vec<File> {
    let mut small: Vec<File> = files
        .into_iter()
        .filter(|file| file.bytes < crowding.bytes)
        .collect();
    if small.len() <= crowding.files {
        return Vec::new();
    }
    small.sort_by_cached_key(|file| (file.bytes, file.path()));
    let sizes: Vec<u64> = small.iter().map(|file| file.bytes).collect();
    small.truncate(worth(&sizes, crowding.files / 2 + 1));
    small
}

/// How many of these ascending sizes are worth putting together, at least so many.
fn worth(sizes: &[u64], least: usize) -> usize {
    let mut sum = 0_u64;
    let mut taken = 0;
    for &size in sizes {
        if taken >= least && size > sum {
            break;
        }
        sum = sum.saturating_add(size);
        taken += 1;
    }
    taken
}

/// The bin of each size: the first that has room. No two bins fit into one, so that doing it again changes little.
fn pack(sizes: &[u64], target: u64) -> Vec<usize> {
    let mut filled: Vec<u64> = Vec::new();
    sizes
        .iter()
        .map(|&size| {
            let room = |&sum: &u64| sum.saturating_add(size) <= target;
            let place = filled.iter().position(room).unwrap_or(filled.len());
            match filled.get_mut(place) {
                Some(sum) => *sum += size,
                None => filled.push(size),
            }
            place
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_packed_up_to_the_target() {
        assert_eq!(pack(&[60, 80, 40, 20], 128), [0, 1, 0, 0]);
        assert_eq!(pack(&[128, 1], 128), [0, 1]);
        assert_eq!(pack(&[], 128), Vec::<usize>::new());
    }

    #[test]
    fn a_large_file_is_not_written_anew_for_the_sake_of_small_ones() {
        assert_eq!(worth(&[1, 1, 1, 1, 100], 3), 4);
        assert_eq!(worth(&[1, 1, 2, 4, 8, 100], 3), 5);
        assert_eq!(worth(&[1, 50, 60, 70], 3), 4);
        assert_eq!(worth(&[1, 50, 60, 700], 3), 3);
    }

    /// A run every five minutes for a day, each of a file of the same size.
    #[test]
    fn a_day_of_small_files_stays_thin_and_is_seldom_written_anew() {
        let crowding = Crowding::default();
        let mut files: Vec<u64> = Vec::new();
        let mut written = 0;
        for _ in 0..288 {
            files.push(100);
            if files.len() > crowding.files {
                files.sort_unstable();
                let taken = worth(&files, crowding.files / 2 + 1);
                let sum: u64 = files.drain(..taken).sum();
                written += sum;
                files.push(sum);
            }
            assert!(files.len() <= crowding.files);
        }
        assert_eq!(files.iter().sum::<u64>(), 28_800);
        assert!(written < 2 * 28_800, "{written}");
        assert!(files.len() <= 8, "{files:?}");
    }
}
