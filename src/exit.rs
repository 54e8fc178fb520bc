//! Exit codes, and the one place where an error is printed.
//!
//! 0 done; 1 done, with findings at or above `--fail-on`; 2 usage or configuration; 3 done in part
//! (some objects quarantined, or parts of the snapshot missing); 4 failed.

use std::io::Write as _;
use std::process::ExitCode;

/// How a command ended that did its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// Everything was done.
    Whole,
    /// Done, with findings at or above the severity of `--fail-on`.
    WithFindings,
    /// Done, but some objects or records could not be read and are quarantined, or parts of the snapshot are missing.
    InPart,
}

impl From<Done> for ExitCode {
    fn from(done: Done) -> Self {
        Self::from(match done {
            Done::Whole => 0,
            Done::WithFindings => 1,
            Done::InPart => 3,
        })
    }
}

/// How a command ended that did not do its work.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    error: anyhow::Error,
    hint: Option<String>,
}

impl Failure {
    /// What was asked for cannot be: an argument, the configuration or a file that it names.
    pub(crate) fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self {
            code: 2,
            error: error.into(),
            hint: None,
        }
    }

    /// What was asked for was tried and failed.
    pub(crate) fn failed(error: impl Into<anyhow::Error>) -> Self {
        Self {
            code: 4,
            error: error.into(),
            hint: None,
        }
    }

    /// An analysis did not get done: 2 where a legitimacy rule or a setting of one cannot be meant, else 4.
    pub(crate) fn of_analysis(error: curtail_analyze::Error) -> Self {
        if error.is_of_rules() {
            Self::usage(error)
        } else {
            Self::failed(error)
        }
    }

    /// Adds what the user can do about it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Prints the error, its causes and the hint on standard error; gives the exit code.
    pub(crate) fn report(self) -> ExitCode {
        let mut stderr = std::io::stderr().lock();
        // A reader that closed standard output early (`curtail sql … | head`) is no failure.
        if is_broken_pipe(&self.error) {
            return ExitCode::SUCCESS;
        }
        let text = crate::output::printable(&told_once(&self.error));
        // Standard error that cannot be written leaves only the exit code to tell.
        let _ = writeln!(stderr, "error: {text}");
        if let Some(hint) = self.hint.or_else(|| hint_of(&self.error)) {
            let _ = writeln!(stderr, "hint: {hint}");
        }
        ExitCode::from(self.code)
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
    })
}

/// The error and its causes, each part told once: some libraries repeat their cause in their own text.
fn told_once(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

/// The remedy that the library's error knows.
fn hint_of(error: &anyhow::Error) -> Option<String> {
    error.chain().find_map(|cause| {
        let of_ingest = cause.downcast_ref().and_then(curtail_ingest::Error::hint);
        let of_analyze = cause.downcast_ref().and_then(curtail_analyze::Error::hint);
        of_ingest.or(of_analyze).map(ToOwned::to_owned)
    })
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn a_cause_that_its_effect_tells_already_is_not_told_again() {
        let error = anyhow!("no such table")
            .context("planning: no such table")
            .context("the query failed");
        assert_eq!(
            told_once(&error),
            "the query failed: planning: no such table"
        );
    }
}
