//! `curtail expand`: the actions that patterns grant.

use curtail_iam::catalog::Catalog;
use curtail_iam::expand::{expand, expand_not, miss};

use super::{Context, unwritten};
use crate::arguments::{ExpandArguments, Format};
use crate::exit::{Done, Failure};
use crate::output;

/// Prints the catalog's actions that the patterns grant, sorted, in AWS's own casing.
pub(crate) fn run(context: &Context<'_>, typed: &ExpandArguments) -> Result<Done, Failure> {
    let names = names(typed);
    if !context.common.quiet {
        for pattern in &typed.patterns {
            if let Some(miss) = miss(pattern, Catalog::embedded()) {
                output::note(&format!("`{pattern}` {miss}"));
            }
        }
    }
    let printed = match (typed.count, context.common.format) {
        (true, Format::Json) => output::json(&names.len()),
        (true, _) => output::lines(std::iter::once(names.len().to_string())),
        (false, Format::Json) => output::json(&names),
        (false, _) => output::lines(names.into_iter()),
    };
    printed.map_err(unwritten)?;
    Ok(Done::Whole)
}

fn names(typed: &ExpandArguments) -> Vec<String> {
    let catalog = Catalog::embedded();
    let mut names: Vec<String> = if typed.not {
        expand_not(&typed.patterns, catalog)
            .into_iter()
            .map(|action| action.name.to_string())
            .collect()
    } else {
        typed
            .patterns
            .iter()
            .flat_map(|pattern| expand(pattern, catalog))
            .map(|action| action.name.to_string())
            .collect()
    };
    names.sort_unstable();
    names.dedup();
    names
}
