//! The `curtail` binary: what was typed in, an exit code out.
//!
//! A command line is read into [`arguments::Arguments`], joined with the configuration file into
//! [`settings::Settings`], and handed to one function per command, which calls a library crate and
//! prints what it returns. The clock and the environment are read here and nowhere else.
//! Nothing of the product's logic lives here.

mod arguments;
mod clock;
mod commands;
mod exit;
mod output;
mod progress;
mod settings;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::Arguments;
use crate::exit::Failure;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    start_logging();
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        // Plans of deeply nested queries recurse; unoptimised frames are large.
        .thread_stack_size(16 * 1024 * 1024)
        .build()
        .map_err(|source| {
            Failure::failed(
                anyhow::Error::new(source).context("the asynchronous runtime did not start"),
            )
        })
        .and_then(|runtime| runtime.block_on(commands::dispatch(&arguments)));
    match outcome {
        Ok(code) => code.into(),
        Err(failure) => failure.report(),
    }
}

/// Log lines go to standard error, at the level that `CURTAIL_LOG` names (default: errors only).
fn start_logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("CURTAIL_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("error"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}
