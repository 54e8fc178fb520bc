//! `generate`: makes the sample, or compares a directory with it.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use curtail_sample_data::{DEFAULT_DAYS, DEFAULT_LEVEL, DEFAULT_SEED, Options};

/// Makes a CloudTrail trail, IAM snapshots and agents.toml of an invented organisation.
///
/// Without options but --out it makes the committed sample again. The same options give the same
/// files on every machine.
#[derive(Debug, Parser)]
#[command(
    name = "generate",
    after_help = "\
Examples:
  generate --out sample-data                      the committed sample
  generate --check sample-data                    is it still what this program makes?
  generate --out /tmp/large --records 1000000     a million records or a few more
  generate --out /tmp/busy --days 7 --rate 50     one week, fifty times as busy"
)]
struct Arguments {
    /// Directory that takes the files.
    #[arg(
        long,
        value_name = "DIR",
        required_unless_present = "check",
        conflicts_with = "check"
    )]
    out: Option<PathBuf>,
    /// Directory to compare; prints what differs, and then ends with 1.
    #[arg(long, value_name = "DIR")]
    check: Option<PathBuf>,
    /// Days up to and including 30 September 2026.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_DAYS)]
    days: u32,
    /// At least so many records: as many copies of the organisation as that takes.
    #[arg(long, value_name = "N")]
    records: Option<u64>,
    /// Copies of the organisation's accounts, with their own agents and buckets.
    #[arg(long, value_name = "N", default_value_t = 1)]
    scale: u32,
    /// How often everything regular happens, as a multiple of the committed sample.
    #[arg(long, value_name = "N", default_value_t = 1)]
    rate: u32,
    /// Other seeds give other ids and times.
    #[arg(long, value_name = "S", default_value_t = DEFAULT_SEED)]
    seed: u64,
    /// Gzip level, 0 to 9.
    #[arg(long, value_name = "L", default_value_t = DEFAULT_LEVEL, value_parser = clap::value_parser!(u32).range(0..=9))]
    level: u32,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            // Nothing is left to do if standard error is closed as well.
            let _ = writeln!(io::stderr(), "generate: {error}");
            ExitCode::from(4)
        }
    }
}

fn run(arguments: Arguments) -> io::Result<ExitCode> {
    let checking = arguments.check.is_some();
    let directory = arguments.check.or(arguments.out).unwrap_or_default();
    let options = Options {
        seed: arguments.seed,
        days: arguments.days,
        copies: arguments.scale,
        rate: arguments.rate,
        records: arguments.records,
        level: arguments.level,
        ..Options::into(directory)
    };
    let mut out = io::stdout().lock();
    if checking {
        let different = curtail_sample_data::check(&options)?;
        for path in &different {
            writeln!(out, "{path}")?;
        }
        return Ok(ExitCode::from(u8::from(!different.is_empty())));
    }
    let summary = curtail_sample_data::generate(&options)?;
    writeln!(out, "{}", serde_json::to_string(&summary)?)?;
    Ok(ExitCode::SUCCESS)
}
