//! The commands: one file each, one function each.

mod agents;
mod analyze;
mod bom;
mod catalog;
mod diff;
mod expand;
mod ingest;
mod lake;
mod lint;
mod map;
mod report;
mod run;
mod simulate;
mod snapshot;
mod sql;
mod verify;

use clap::CommandFactory as _;

use crate::arguments::{Arguments, Command, Common};
use crate::exit::{Done, Failure};
use crate::settings::Settings;

/// What every command works with.
pub(crate) struct Context<'a> {
    /// Flags that mean the same everywhere.
    pub(crate) common: &'a Common,
    /// The configuration file, read.
    pub(crate) settings: Settings,
    /// The instant at which the command started.
    pub(crate) now: jiff::Timestamp,
}

/// Runs the command that was typed.
pub(crate) async fn dispatch(arguments: &Arguments) -> Result<Done, Failure> {
    let context = Context {
        common: &arguments.common,
        settings: Settings::load(&arguments.common)?,
        now: crate::clock::now(),
    };
    match &arguments.command {
        Command::Run(typed) => run::run(&context, typed).await,
        Command::Ingest(typed) => ingest::run(&context, typed).await,
        Command::Snapshot(typed) => snapshot::run(&context, typed).await,
        Command::Analyze(typed) => analyze::run(&context, typed).await,
        Command::Agents(typed) => agents::run(&context, typed).await,
        Command::Report(typed) => report::run(&context, typed).await,
        Command::Diff(typed) => diff::run(&context, typed).await,
        Command::Sql(typed) => sql::run(&context, typed).await,
        Command::Expand(typed) => expand::run(&context, typed),
        Command::Map(typed) => map::run(&context, typed),
        Command::Simulate(typed) => simulate::run(&context, typed),
        Command::Lint(typed) => lint::run(&context, typed),
        Command::Lake(typed) => lake::run(&context, typed).await,
        Command::Catalog => catalog::run(&context),
        Command::Completions { shell } => Ok(complete(*shell)),
    }
}

fn complete(shell: clap_complete::Shell) -> Done {
    let mut command = Arguments::command();
    clap_complete::generate(shell, &mut command, "curtail", &mut std::io::stdout());
    Done::Whole
}

/// A failure to write standard output.
fn unwritten(error: std::io::Error) -> Failure {
    Failure::failed(anyhow::Error::new(error).context("standard output cannot be written"))
}
