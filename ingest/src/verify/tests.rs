//! Whole trails of signed digests and log files on disk, tampered with in every way that must be noticed.

mod bytes;
mod chains;
mod forge;
mod kept;

use std::collections::BTreeMap;

use self::forge::Forge;
use super::check::Check;
use super::keys::{KeySource, PublicKeys};
use super::options::VerifyOptions;
use super::store::Store;
use super::units::units;
use super::verdict::Kind;
use crate::NoProgress;
use crate::source::Source;

/// The time of every run.
const NOW: &str = "2026-09-21T12:00:00Z";

/// What is said of each object: its status, and after a colon the reason.
type Said = BTreeMap<(Kind, String), String>;

/// What is said of every object of a trail.
async fn said(forge: &Forge, keys: PublicKeys) -> Said {
    said_within(forge, keys, &VerifyOptions::new(NOW.parse().unwrap())).await
}

async fn said_within(forge: &Forge, keys: PublicKeys, options: &VerifyOptions) -> Said {
    let root = forge.root().to_str().unwrap().to_owned();
    let sources = Source::open(&[root], &options.of_sources()).await.unwrap();
    let store = Store::of(&sources[0]).unwrap();
    let mut keys = KeySource::File(keys);
    let mut said = Said::new();
    for unit in units(&store, &options.selection).await.unwrap() {
        let check = Check {
            store: &store,
            unit: &unit,
            options,
            progress: &NoProgress,
        };
        for verdict in check.verdicts(&mut keys).await.unwrap() {
            let reason = verdict.reason.map(|reason| format!(": {reason}"));
            let text = format!("{}{}", verdict.status.as_str(), reason.unwrap_or_default());
            let key = unit.key(&verdict.tail);
            let twice = said.insert((verdict.kind, key.clone()), text);
            assert_eq!(twice, None, "two verdicts on {key}");
        }
    }
    said
}

/// What is not simply verified.
fn odd(said: &Said) -> Vec<(Kind, &str, &str)> {
    said.iter()
        .filter(|(_, text)| *text != "verified")
        .map(|((kind, key), text)| (*kind, key.as_str(), text.as_str()))
        .collect()
}
