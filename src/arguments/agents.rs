//! What `curtail agents` takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::ReviewArguments;

pub(super) const AGENTS_EXAMPLES: &str = "\
Examples:
  curtail agents                            who is bound to which role, and what was seen of it
  curtail agents --discover --out agents.toml
  curtail agents --discover --confidence medium --format json
  curtail agents --bom invoice-agent --format json > invoice-agent.cdx.json
  curtail agents --schema > agents.schema.json";

/// What `agents` takes.
#[derive(Debug, Args)]
pub(crate) struct AgentsArguments {
    #[command(flatten)]
    pub(crate) review: ReviewArguments,
    /// Find agents in the snapshot and the log, and write a starting `agents.toml` with the evidence of each;
    /// as JSON or CSV the evidence alone.
    #[arg(long)]
    pub(crate) discover: bool,
    /// Only agents that are at least this sure.
    #[arg(
        long,
        value_name = "CONFIDENCE",
        default_value = "low",
        requires = "discover"
    )]
    pub(crate) confidence: Confidence,
    /// The file to write [default: standard output].
    #[arg(long, value_name = "FILE", requires = "discover")]
    pub(crate) out: Option<PathBuf>,
    /// Write the file although there is one.
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
    /// Print the JSON Schema of `agents.toml`.
    #[arg(long, conflicts_with = "discover")]
    pub(crate) schema: bool,
    /// Print the bill of materials of this agent, declared and observed; as JSON in the form of `CycloneDX`.
    #[arg(long, value_name = "AGENT", conflicts_with_all = ["discover", "schema"])]
    pub(crate) bom: Option<String>,
}

/// How sure it is that something is an agent, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Confidence {
    /// It is compute that an agent may run on, or has an agent's name.
    Low,
    /// It invokes models, is trusted to Bedrock, or is tagged as an agent.
    Medium,
    /// AWS itself calls it an agent.
    High,
}

impl From<Confidence> for curtail_analyze::discovery::Confidence {
    fn from(typed: Confidence) -> Self {
        match typed {
            Confidence::Low => Self::Low,
            Confidence::Medium => Self::Medium,
            Confidence::High => Self::High,
        }
    }
}
