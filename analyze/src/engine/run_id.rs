//! The name of an analysis: its date, and a hash of all that decides it.

use std::collections::BTreeMap;

use curtail_iam::catalog::Catalog;
use sha2::{Digest, Sha256};

use crate::agents::AgentsFile;
use crate::findings::hex;
use crate::options::Options;

/// Bytes of the hash that the id shows. Chosen: ids of one lake do not meet by chance below 2^32 runs.
const SHOWN_BYTES: usize = 8;

/// The same input, window, catalog and code give the same id.
pub(super) fn run_id(
    versions: &BTreeMap<String, i64>,
    agents: &AgentsFile,
    options: &Options,
) -> String {
    let mut hash = Sha256::new();
    let mut add = |part: &str| {
        hash.update(part.len().to_le_bytes());
        hash.update(part.as_bytes());
    };
    add(env!("CARGO_PKG_VERSION"));
    add(&Catalog::embedded().version().version);
    add(&options.as_of.to_string());
    add(&options.window_days.to_string());
    for days in &options.windows {
        add(&days.to_string());
    }
    for (table, version) in versions {
        add(table);
        add(&version.to_string());
    }
    add(if agents.agents.is_some() {
        "declared"
    } else {
        "implied"
    });
    add(&agents.fingerprint);
    for file in &options.rules.files {
        add(&file.text);
    }
    for (rule, settings) in &options.rules.settings {
        add(rule);
        add(&format!("{settings:?}"));
    }
    let digest = hash.finalize();
    let date = options.as_of.strftime("%Y-%m-%d");
    format!(
        "{date}-{}",
        hex(digest.get(..SHOWN_BYTES).unwrap_or_default())
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(version: i64, agents: &str, days: u32) -> String {
        let mut options = Options::new("2026-10-01T00:00:00Z".parse().unwrap());
        options.window_days = days;
        let versions = BTreeMap::from([("events".to_owned(), version)]);
        run_id(
            &versions,
            &AgentsFile::parse(agents, "agents.toml").unwrap(),
            &options,
        )
    }

    #[test]
    fn the_id_begins_with_the_date_and_repeats() {
        assert!(id(1, "", 90).starts_with("2026-10-01-"));
        assert_eq!(id(1, "", 90), id(1, "", 90));
    }

    #[test]
    fn whatever_decides_an_analysis_changes_its_id() {
        let ids = [
            id(1, "", 90),
            id(2, "", 90),
            id(1, "# x", 90),
            id(1, "", 30),
        ];
        for (index, one) in ids.iter().enumerate() {
            assert!(!ids[index + 1..].contains(one), "{ids:?}");
        }
    }
}
