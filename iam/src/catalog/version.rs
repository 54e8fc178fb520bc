//! Where the catalog's facts come from: the pins of `data/sources.json` in, names and dates out.

use serde::{Deserialize, Serialize};

/// The packages that the tables were made from, the first one named in them.
const SOURCES: &str = include_str!("../../data/sources.json");

/// The version of the embedded catalog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CatalogVersion {
    /// The version of the package that lists the actions, with its name.
    pub version: String,
    /// The day of that list, `YYYY-MM-DD`.
    pub date: String,
    /// Every package that a fact was taken from.
    pub sources: Vec<Source>,
    /// How many services have actions.
    pub services: usize,
    /// How many actions there are.
    pub actions: usize,
    /// How many kinds of resource there are.
    pub resource_types: usize,
}

/// A package that facts were taken from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The name of the package.
    pub package: String,
    /// Its version.
    pub version: String,
    /// The licence that it is given under.
    pub licence: String,
    /// The day of its contents, `YYYY-MM-DD`.
    pub date: String,
}

impl CatalogVersion {
    pub(super) fn new(services: usize, actions: usize, resource_types: usize) -> Self {
        let sources: Vec<Source> = serde_json::from_str(SOURCES).unwrap_or_default();
        let first = sources.first();
        Self {
            version: first.map_or_else(String::new, |s| format!("{} {}", s.package, s.version)),
            date: first.map_or_else(String::new, |s| s.date.clone()),
            services,
            actions,
            resource_types,
            sources,
        }
    }
}
