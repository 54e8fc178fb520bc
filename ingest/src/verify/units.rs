//! What is verified at a time: the digests and log files of one account and region.
//!
//! Folders are gone through from the root of a source down to the regions below `CloudTrail-Digest/`, whatever prefix stands
//! before `AWSLogs/`. The root may itself lie below it, down to the folder of an account.
//! Source: AWS `CloudTrail` User Guide, "Finding your `CloudTrail` log files".

use super::place::{DIGESTS, LOGS, is_account, is_organization, is_plain};
use super::store::Store;
use crate::Error;
use crate::source::Selection;

/// How many folders may stand before `AWSLogs/`. Chosen: prefixes are short, and a bucket may hold much else.
const DEEPEST_PREFIX: usize = 4;

/// An account and region of a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unit {
    /// The account's folder; empty, or ends with a slash.
    pub(crate) base: String,
    pub(crate) account_id: String,
    pub(crate) region: String,
}

impl Unit {
    /// The folder of its digests.
    pub(crate) fn digests(&self) -> String {
        format!("{}{DIGESTS}/{}/", self.base, self.region)
    }

    /// The folder of its log files.
    pub(crate) fn logs(&self) -> String {
        format!("{}{LOGS}/{}/", self.base, self.region)
    }

    /// The key of what lies so far below the account's folder.
    pub(crate) fn key(&self, tail: &str) -> String {
        format!("{}{tail}", self.base)
    }
}

/// What a folder is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Level {
    /// So many folders of a prefix.
    Prefix(usize),
    /// `AWSLogs`.
    Logs,
    /// An organization's.
    Organization,
    /// An account's.
    Account(String),
    /// An account's `CloudTrail-Digest`.
    Digests(String),
    /// Of no use.
    Other,
}

impl Level {
    /// What the folder of that name in this one is.
    fn below(&self, name: &str) -> Self {
        match self {
            _ if !is_plain(name) => Self::Other,
            Self::Prefix(_) if name == "AWSLogs" => Self::Logs,
            Self::Prefix(_) | Self::Logs if is_organization(name) => Self::Organization,
            Self::Prefix(_) | Self::Logs | Self::Organization if is_account(name) => {
                Self::Account(name.to_owned())
            }
            Self::Prefix(depth) if *depth < DEEPEST_PREFIX => Self::Prefix(depth + 1),
            Self::Account(id) if name == DIGESTS => Self::Digests(id.clone()),
            _ => Self::Other,
        }
    }

    /// What the root is, by the folders that it lies in.
    fn of_root(above: &[String]) -> Self {
        let root = above.iter().fold(Self::Prefix(0), |level, name| {
            match level.below(name) {
                // However deep the root lies, as much may lie below it.
                Self::Prefix(_) => Self::Prefix(0),
                level => level,
            }
        });
        match root {
            // The log files lie beside these, outside the root.
            Self::Digests(_) => Self::Other,
            root => root,
        }
    }
}

/// The wanted accounts and regions of a store that have digests, sorted.
///
/// # Errors
/// [`Error::Read`] or [`Error::Aws`] if a folder cannot be listed.
pub(crate) async fn units(store: &Store, wanted: &Selection) -> Result<Vec<Unit>, Error> {
    let mut units = Vec::new();
    let mut open = vec![(store.start().to_owned(), Level::of_root(&store.above()))];
    while let Some((folder, level)) = open.pop() {
        if level == Level::Other {
            continue;
        }
        for name in store.folders(&folder).await? {
            match &level {
                Level::Digests(account_id) => {
                    if let Some(base) = folder.strip_suffix(&format!("{DIGESTS}/"))
                        && is_plain(&name)
                    {
                        units.push(Unit {
                            base: base.to_owned(),
                            account_id: account_id.clone(),
                            region: name,
                        });
                    }
                }
                level => open.push((format!("{folder}{name}/"), level.below(&name))),
            }
        }
    }
    units
        .retain(|unit| wanted.takes_account(&unit.account_id) && wanted.takes_region(&unit.region));
    units.sort();
    Ok(units)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::VerifyOptions;
    use crate::source::Source;

    async fn found(root: &std::path::Path) -> Vec<(String, String, String)> {
        let options = VerifyOptions::new(jiff::Timestamp::UNIX_EPOCH).of_sources();
        let root = root.to_str().unwrap().to_owned();
        let sources = Source::open(&[root], &options).await.unwrap();
        let store = Store::of(&sources[0]).unwrap();
        let units = units(&store, &options.selection).await.unwrap().into_iter();
        units
            .map(|unit| (unit.base, unit.account_id, unit.region))
            .collect()
    }

    #[tokio::test]
    async fn accounts_are_found_below_any_prefix_and_from_any_folder_above_them() {
        let root = tempfile::tempdir().unwrap();
        for folder in [
            "a/b/AWSLogs/o-abcd/111122223333/CloudTrail-Digest/eu-west-1/2026/09/20",
            "a/b/AWSLogs/o-abcd/111122223333/CloudTrail/eu-west-1/2026/09/20",
            "a/b/AWSLogs/444455556666/CloudTrail-Digest/us-east-1",
            "a/b/AWSLogs/444455556666/Config/us-east-1",
            "lake/events/event_date=2026-09-20",
        ] {
            std::fs::create_dir_all(root.path().join(folder)).unwrap();
        }
        let unit = |base: &str, account: &str, region: &str| {
            (base.to_owned(), account.to_owned(), region.to_owned())
        };
        assert_eq!(
            found(root.path()).await,
            [
                unit("a/b/AWSLogs/444455556666/", "444455556666", "us-east-1"),
                unit(
                    "a/b/AWSLogs/o-abcd/111122223333/",
                    "111122223333",
                    "eu-west-1"
                ),
            ]
        );
        assert_eq!(
            found(&root.path().join("a/b/AWSLogs/o-abcd")).await,
            [unit("111122223333/", "111122223333", "eu-west-1")]
        );
        assert_eq!(
            found(&root.path().join("a/b/AWSLogs/o-abcd/111122223333")).await,
            [unit("", "111122223333", "eu-west-1")]
        );
        let inner = root
            .path()
            .join("a/b/AWSLogs/444455556666/CloudTrail-Digest");
        assert_eq!(found(&inner).await, []);
    }
}
