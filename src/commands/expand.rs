//! `curtail expand`: the actions that patterns grant.

use std::io::Write as _;

use curtail_iam::catalog::Catalog;
use curtail_iam::expand::{expand, expand_not};

use super::{Context, unwritten};
use crate::arguments::{ExpandArguments, Format};
use crate::exit::{Done, Failure};
use crate::output;

/// Prints the catalog's actions that the patterns grant, sorted, in AWS's own casing.
pub(crate) fn run(context: &Context<'_>, typed: &ExpandArguments) -> Result<Done, Failure> {
    let names = names(typed);
    if names.is_empty() && !context.common.quiet {
        output::note("no action of the catalog matches; `curtail catalog` tells its version");
    }
    let printed = match (typed.count, context.common.format) {
        (true, Format::Json) => output::json(&names.len()),
        (true, _) => lines(&[names.len().to_string()]),
        (false, Format::Json) => output::json(&names),
        (false, _) => lines(&names),
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

fn lines(lines: &[String]) -> std::io::Result<()> {
    let mut out = output::stdout();
    for line in lines {
        writeln!(out, "{line}")?;
    }
    out.flush()
}
