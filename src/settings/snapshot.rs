//! What the arguments and `[snapshot]` mean together.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use curtail_ingest::{AwsOptions, FetchOptions, SnapshotOptions};
use jiff::Timestamp;
use serde::Deserialize;

use super::{Settings, check_accounts, first, instant, listed};
use crate::arguments::SnapshotArguments;
use crate::exit::Failure;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SnapshotSection {
    #[serde(default)]
    from: Vec<PathBuf>,
    taken_at: Option<String>,
    #[serde(default)]
    aws: bool,
    #[serde(default)]
    accounts: Vec<String>,
    #[serde(default)]
    regions: Vec<String>,
    role: Option<String>,
    assume_role: Option<String>,
    external_id: Option<String>,
}

/// Where a snapshot comes from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SnapshotSource {
    /// Files, and when they were fetched; there may be none.
    Files(Vec<PathBuf>, SnapshotOptions),
    /// AWS itself.
    Aws(AwsOptions, FetchOptions),
}

impl Settings {
    /// Where the snapshot comes from: what is typed, else what is configured.
    ///
    /// # Errors
    /// Files and AWS are configured both, an account is none, or a directory cannot be listed: exit code 2.
    pub(crate) fn snapshot_source(
        &self,
        arguments: &SnapshotArguments,
        now: Timestamp,
    ) -> Result<SnapshotSource, Failure> {
        if arguments.from_aws || (arguments.from.is_empty() && self.snapshot.aws) {
            if !arguments.from_aws && !self.snapshot.from.is_empty() {
                return Err(Failure::usage(anyhow!(
                    "`aws` and `from` are both set under [snapshot]"
                ))
                .hint("leave one out, or type --from-aws or --from"));
            }
            return Ok(SnapshotSource::Aws(
                AwsOptions {
                    region: None,
                    assume_role: first(
                        arguments.snapshot_assume_role.as_ref(),
                        self.snapshot.assume_role.as_ref(),
                    ),
                    external_id: first(
                        arguments.snapshot_external_id.as_ref(),
                        self.snapshot.external_id.as_ref(),
                    ),
                },
                self.fetch_options(arguments, now)?,
            ));
        }
        let options = SnapshotOptions::new(self.taken_at(arguments, now)?);
        Ok(SnapshotSource::Files(
            self.snapshot_files(arguments)?,
            options,
        ))
    }

    fn fetch_options(
        &self,
        arguments: &SnapshotArguments,
        now: Timestamp,
    ) -> Result<FetchOptions, Failure> {
        let accounts = listed(&arguments.snapshot_accounts, &self.snapshot.accounts);
        check_accounts(&accounts)?;
        Ok(FetchOptions {
            accounts,
            member_role: first(
                arguments.snapshot_role.as_ref(),
                self.snapshot.role.as_ref(),
            ),
            external_id: first(
                arguments.snapshot_external_id.as_ref(),
                self.snapshot.external_id.as_ref(),
            ),
            regions: listed(&arguments.snapshot_regions, &self.snapshot.regions),
            ..FetchOptions::new(now)
        })
    }

    /// The snapshot files, directories replaced by the `.json` files in them, sorted.
    ///
    /// # Errors
    /// A directory cannot be listed: exit code 2.
    fn snapshot_files(&self, arguments: &SnapshotArguments) -> Result<Vec<PathBuf>, Failure> {
        let named: Vec<PathBuf> = if arguments.from.is_empty() {
            self.snapshot
                .from
                .iter()
                .map(|path| self.base.join(path))
                .collect()
        } else {
            arguments.from.clone()
        };
        let mut files = Vec::new();
        for path in named {
            if path.is_dir() {
                files.extend(json_files(&path).map_err(Failure::usage)?);
            } else {
                files.push(path);
            }
        }
        Ok(files)
    }

    /// When the snapshot files were fetched, else `now`.
    ///
    /// # Errors
    /// It is neither a date nor an instant: exit code 2.
    fn taken_at(
        &self,
        arguments: &SnapshotArguments,
        now: Timestamp,
    ) -> Result<Timestamp, Failure> {
        match arguments
            .taken_at
            .as_ref()
            .or(self.snapshot.taken_at.as_ref())
        {
            Some(text) => instant(text),
            None => Ok(now),
        }
    }
}

fn json_files(directory: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(directory).with_context(|| {
        format!(
            "the snapshot directory `{}` cannot be listed",
            directory.display()
        )
    })?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry
            .with_context(|| {
                format!(
                    "the snapshot directory `{}` cannot be listed",
                    directory.display()
                )
            })?
            .path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
