//! `curtail lint`: policies in, what is odd about them out.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use curtail_iam::catalog::Catalog;
use curtail_iam::document::{Document, PolicyUse};
use curtail_iam::lint::{Lint, Severity, lint};
use serde::Serialize;

use super::{Context, unwritten};
use crate::arguments::{Format, LintArguments};
use crate::exit::{Done, Failure};
use crate::output;

/// A finding with its file.
#[derive(Serialize)]
struct Found {
    file: String,
    line: Option<usize>,
    column: Option<usize>,
    severity: Severity,
    code: &'static str,
    place: String,
    message: String,
    remedy: String,
}

/// Prints what is odd about each file's policy; exits with 1 where something is as bad as asked.
pub(crate) fn run(context: &Context<'_>, typed: &LintArguments) -> Result<Done, Failure> {
    let mut found = Vec::new();
    for file in &typed.files {
        found.extend(findings(file, typed)?);
    }
    match context.common.format {
        Format::Json => output::json(&found),
        Format::Csv => output::csv(&HEAD, &rows(&found)),
        Format::Text => output::lines(found.iter().map(line)),
    }
    .map_err(unwritten)?;
    let bad_enough = Severity::from(typed.fail_on);
    let fails = |finding: &Found| finding.severity >= bad_enough;
    Ok(if found.iter().any(fails) {
        Done::WithFindings
    } else {
        Done::Whole
    })
}

fn findings(file: &PathBuf, typed: &LintArguments) -> Result<Vec<Found>, Failure> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("the policy `{name}` cannot be read"))
        .map_err(Failure::usage)?;
    Ok(match Document::parse(&text) {
        Ok(document) => {
            let policy_use = typed
                .policy_use
                .map_or_else(|| PolicyUse::guess(&document), PolicyUse::from);
            let found = lint(&document, policy_use, Catalog::embedded());
            found.into_iter().map(|one| Found::new(file, one)).collect()
        }
        Err(error) => vec![Found {
            file: name,
            line: error.position.map(|position| position.line),
            column: error.position.map(|position| position.column),
            severity: Severity::Error,
            code: "not-a-policy",
            place: String::new(),
            message: error.to_string(),
            remedy: "write the policy as IAM's grammar has it".to_owned(),
        }],
    })
}

impl Found {
    fn new(file: &Path, found: Lint) -> Self {
        Self {
            file: file.display().to_string(),
            line: found.position.map(|position| position.line),
            column: found.position.map(|position| position.column),
            severity: found.severity,
            code: found.code,
            place: found.path.to_string(),
            message: found.message,
            remedy: found.remedy,
        }
    }
}

/// `FILE:LINE:COLUMN severity code message; remedy`.
fn line(found: &Found) -> String {
    let number = |number: Option<usize>| number.map_or_else(String::new, |n| n.to_string());
    format!(
        "{}:{}:{} {} {}: {}; {}",
        found.file,
        number(found.line),
        number(found.column),
        found.severity.as_str(),
        found.code,
        found.message,
        found.remedy
    )
}

const HEAD: [&str; 8] = [
    "file", "line", "column", "severity", "code", "place", "message", "remedy",
];

fn rows(found: &[Found]) -> Vec<Vec<String>> {
    let number = |number: Option<usize>| number.map_or_else(String::new, |n| n.to_string());
    let row = |one: &Found| {
        vec![
            one.file.clone(),
            number(one.line),
            number(one.column),
            one.severity.as_str().to_owned(),
            one.code.to_owned(),
            one.place.clone(),
            one.message.clone(),
            one.remedy.clone(),
        ]
    };
    found.iter().map(row).collect()
}
