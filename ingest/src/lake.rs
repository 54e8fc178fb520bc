//! The lake: a directory or URL with one Delta Lake table per [`LakeTable`].
//!
//! Each write is one commit of the table's transaction log, so it is there as a whole or not at all, and
//! every reader can pin the version that it read. A table is made by its first write; before that it is
//! absent, which is no error.
//!
//! It knows nothing of what the rows mean; see [`schema`] for what they hold.
//!
//! Source: Delta Lake protocol, <https://github.com/delta-io/delta/blob/master/PROTOCOL.md>.

mod bucket;
pub mod check;
mod commit;
mod create;
mod encoder;
mod files;
pub mod optimize;
mod scan;
pub mod schema;
mod session;
mod stray;
mod table;
pub mod vacuum;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use deltalake_core::kernel::Remove;
use deltalake_core::logstore::ObjectStoreRef;
use deltalake_core::{DeltaTable, DeltaTableBuilder};
use url::Url;

pub(crate) use commit::{Commit, commit};
pub(crate) use create::create;
pub(crate) use encoder::Encoder;
pub(crate) use files::{discard, read_file, write_files};
pub(crate) use scan::scan;
pub use table::LakeTable;

use crate::Error;

/// Commits that are tried where other writers come first.
pub(crate) const COMMIT_ATTEMPTS: u32 = 64;

/// A lake at its place.
#[derive(Debug, Clone)]
pub struct Lake {
    location: Url,
    /// Where a lake is that is not on a disk of this machine.
    bucket: Option<ObjectStoreRef>,
}

impl Lake {
    /// The lake at `location`: a path, absolute or relative to the working directory, or a URL. Nothing is made
    /// or read yet: a lake without tables is an empty lake.
    ///
    /// # Errors
    /// [`Error::Location`] if `location` is neither, or if a file stands there.
    pub async fn open(location: &str) -> Result<Self, Error> {
        let refused = |reason: String| Error::Location {
            location: location.to_owned(),
            reason,
        };
        let url = match Url::parse(location) {
            Ok(url) if url.scheme() == "file" => {
                let path = url
                    .to_file_path()
                    .map_err(|()| refused("the URL names another host".to_owned()))?;
                directory_url(&path).map_err(refused)?
            }
            Ok(url) if !url.cannot_be_a_base() && url.scheme().len() > 1 => with_slash(url),
            _ => directory_url(Path::new(location)).map_err(refused)?,
        };
        let bucket = if url.scheme() == bucket::SCHEME {
            // Boxed: what the SDK awaits is large.
            let opened = Box::pin(bucket::open(&url)).await;
            Some(opened.map_err(refused)?)
        } else {
            None
        };
        Ok(Self {
            location: url,
            bucket,
        })
    }

    /// Where the lake is; ends with a slash.
    #[must_use]
    pub fn location(&self) -> &Url {
        &self.location
    }

    /// The newest version of `table`; none if nothing was ever written to it.
    ///
    /// # Errors
    /// [`Error::Table`] if its transaction log cannot be read.
    pub async fn table(&self, table: LakeTable) -> Result<Option<DeltaTable>, Error> {
        let mut opened = self.unloaded(table)?;
        let exists = opened
            .verify_deltatable_existence()
            .await
            .map_err(Error::table(table, "open"))?;
        if !exists {
            return Ok(None);
        }
        opened.load().await.map_err(Error::table(table, "open"))?;
        Ok(Some(opened))
    }

    /// `table` as it was at `version`.
    ///
    /// # Errors
    /// [`Error::Table`] if the table or that version of it does not exist.
    pub async fn table_at(&self, table: LakeTable, version: i64) -> Result<DeltaTable, Error> {
        let mut opened = self.unloaded(table)?;
        let wanted = u64::try_from(version).unwrap_or(u64::MAX);
        opened
            .load_version(wanted)
            .await
            .map_err(Error::table(table, "open"))?;
        Ok(opened)
    }

    /// Adds the rows of `batches` to `table` in one commit, and returns the version that it made. Without
    /// rows only the table is made, if it is missing.
    ///
    /// # Errors
    /// [`Error::Table`] if it cannot be written, [`Error::Contended`] if other writers always came first.
    pub async fn append(&self, table: LakeTable, batches: Vec<RecordBatch>) -> Result<i64, Error> {
        self.put(table, batches, Put::Append).await
    }

    /// Replaces all rows of `table` by those of `batches` in one commit, and returns the version that it made.
    ///
    /// # Errors
    /// [`Error::Table`] if it cannot be written, [`Error::Contended`] if other writers always came first.
    pub async fn overwrite(
        &self,
        table: LakeTable,
        batches: Vec<RecordBatch>,
    ) -> Result<i64, Error> {
        self.put(table, batches, Put::Overwrite).await
    }

    /// Replaces the rows of one partition of `table` by those of `batches` in one commit, and returns the
    /// version that it made. `value` is the text of the table's first partition column.
    ///
    /// # Errors
    /// [`Error::Table`] if it cannot be written, [`Error::Contended`] if other writers always came first.
    pub async fn overwrite_partition(
        &self,
        table: LakeTable,
        value: &str,
        batches: Vec<RecordBatch>,
    ) -> Result<i64, Error> {
        self.put(table, batches, Put::Partition(value)).await
    }

    /// All rows of `table`, with the types of its [schema](LakeTable::schema); none if it is absent.
    ///
    /// # Errors
    /// [`Error::Table`] or [`Error::Scan`] if it cannot be read.
    pub async fn rows(&self, table: LakeTable) -> Result<Vec<RecordBatch>, Error> {
        match self.table(table).await? {
            None => Ok(Vec::new()),
            Some(opened) => scan::rows(table, &opened).await,
        }
    }

    /// The newest version of each table that exists, by name.
    ///
    /// # Errors
    /// [`Error::Table`] if a transaction log cannot be read.
    pub async fn versions(&self) -> Result<BTreeMap<String, i64>, Error> {
        let mut versions = BTreeMap::new();
        for table in LakeTable::ALL {
            if let Some(opened) = self.table(table).await? {
                versions.insert(table.name().to_owned(), version_of(&opened));
            }
        }
        Ok(versions)
    }

    /// The newest version of `table`, made now if it is absent.
    pub(crate) async fn table_or_new(&self, table: LakeTable) -> Result<DeltaTable, Error> {
        match self.table(table).await? {
            Some(opened) => Ok(opened),
            None => create(table, &self.unloaded(table)?).await,
        }
    }

    fn unloaded(&self, table: LakeTable) -> Result<DeltaTable, Error> {
        let url = self
            .location
            .join(&format!("{}/", table.name()))
            .map_err(|error| Error::Location {
                location: self.location.to_string(),
                reason: error.to_string(),
            })?;
        let builder = DeltaTableBuilder::from_url(url.clone());
        let builder = builder.map(|builder| match &self.bucket {
            Some(bucket) => builder.with_storage_backend(Arc::clone(bucket), url),
            None => builder,
        });
        builder
            .and_then(DeltaTableBuilder::build)
            .map_err(Error::table(table, "open"))
    }

    async fn put(
        &self,
        table: LakeTable,
        batches: Vec<RecordBatch>,
        put: Put<'_>,
    ) -> Result<i64, Error> {
        let mut opened = self.table_or_new(table).await?;
        let adds = write_files(table, opened.clone(), batches).await?;
        if adds.is_empty() && matches!(put, Put::Append) {
            return Ok(version_of(&opened));
        }
        for _ in 0..COMMIT_ATTEMPTS {
            match commit(table, &opened, &adds, put).await? {
                Commit::Landed(landed) => return Ok(version_of(&landed)),
                Commit::Overtaken => {
                    opened.load().await.map_err(Error::table(table, "open"))?;
                }
            }
        }
        discard(&opened, &adds).await;
        Err(Error::Contended {
            table: table.name(),
            attempts: COMMIT_ATTEMPTS,
        })
    }
}

/// What a write does to the rows that are there.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Put<'a> {
    /// Leaves them.
    Append,
    /// Replaces them all.
    Overwrite,
    /// Replaces those of one partition.
    Partition(&'a str),
    /// Leaves them, and puts them into other files.
    Rewrite(&'a Rewrite),
}

/// The files whose rows the new files hold.
#[derive(Debug)]
pub(crate) struct Rewrite {
    removes: Vec<Remove>,
    target_bytes: u64,
}

/// The version of a loaded table; versions fit, since a log holds fewer than 2^63 commits.
pub(crate) fn version_of(table: &DeltaTable) -> i64 {
    i64::try_from(table.version().unwrap_or(0)).unwrap_or(i64::MAX)
}

/// A date as the days since 1970-01-01 that a column of dates holds.
pub(crate) fn days_since_epoch(date: jiff::civil::Date) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.until(date).map_or(0, |span| span.get_days())
}

/// The URL of a directory that need not exist; symbolic links are resolved where it does.
fn directory_url(path: &Path) -> Result<Url, String> {
    if path.as_os_str().is_empty() {
        return Err("it is empty".to_owned());
    }
    if path.is_file() {
        return Err("a file stands there".to_owned());
    }
    // The kernel of the table format decodes such a path once too often, and then does not find its log.
    if path.to_string_lossy().contains('%') {
        return Err("its path has a percent sign".to_owned());
    }
    let absolute = std::path::absolute(path).map_err(|error| error.to_string())?;
    let resolved = absolute.canonicalize().unwrap_or(absolute);
    Url::from_directory_path(resolved).map_err(|()| "it is no absolute path".to_owned())
}

fn with_slash(mut url: Url) -> Url {
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    url
}

#[cfg(test)]
mod tests;
