//! `curtail catalog`: version and provenance of the action catalog.

use curtail_iam::catalog::{Catalog, CatalogVersion};

use super::{Context, unwritten};
use crate::arguments::Format;
use crate::exit::{Done, Failure};
use crate::output;

/// Prints the catalog's version, date, counts and sources.
pub(crate) fn run(context: &Context<'_>) -> Result<Done, Failure> {
    let version = Catalog::embedded().version();
    let rows = facts(version);
    let head = ["catalog", "value"];
    match context.common.format {
        Format::Json => output::json(version),
        Format::Csv => output::csv(&head, &rows),
        Format::Text => output::table(&head, &rows),
    }
    .map_err(unwritten)?;
    Ok(Done::Whole)
}

fn facts(version: &CatalogVersion) -> Vec<Vec<String>> {
    let mut facts = vec![
        vec!["version".to_owned(), version.version.clone()],
        vec!["date".to_owned(), version.date.clone()],
        vec!["services".to_owned(), version.services.to_string()],
        vec!["actions".to_owned(), version.actions.to_string()],
        vec![
            "resource types".to_owned(),
            version.resource_types.to_string(),
        ],
    ];
    facts.extend(version.sources.iter().map(|source| {
        vec![
            "source".to_owned(),
            format!(
                "{} {} ({}, {})",
                source.package, source.version, source.licence, source.date
            ),
        ]
    }));
    facts
}
