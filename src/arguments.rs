//! What was typed: the commands, their flags and the environment variables behind them.
//!
//! A flag is stronger than its `CURTAIL_...` variable, which is stronger than the configuration
//! file. Nothing is resolved here: see [`crate::settings`].

mod examples;
mod lake;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use curtail_analyze::DEFAULT_WINDOW_DAYS;
use jiff::civil::Date;

use self::examples::{
    ANALYZE_EXAMPLES, COMPLETIONS_EXAMPLES, DIFF_EXAMPLES, EXPAND_EXAMPLES, INGEST_EXAMPLES,
    LINT_EXAMPLES, MAP_EXAMPLES, REPORT_EXAMPLES, RUN_EXAMPLES, SIMULATE_EXAMPLES,
    SNAPSHOT_EXAMPLES, SQL_EXAMPLES, TOP_EXAMPLES,
};
pub(crate) use self::lake::{LakeArguments, LakeCommand, OptimizeArguments, VacuumArguments};

/// Least-privilege analytics for AI agents in AWS.
///
/// Reads what agents did (CloudTrail), what their roles may do (IAM), and tells which
/// permissions to remove, why, and what the log could not have shown.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_help = TOP_EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Flags that mean the same in every command.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// The configuration file [default: curtail.toml in the working directory, if there is one].
    #[arg(long, global = true, value_name = "FILE", env = "CURTAIL_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Where the tables are: a directory or a URL [default: lake].
    #[arg(long, global = true, value_name = "DIR|URL", env = "CURTAIL_LAKE")]
    pub(crate) lake: Option<String>,
    /// The form of what is printed on standard output.
    #[arg(
        long,
        global = true,
        value_name = "FORM",
        default_value = "text",
        env = "CURTAIL_FORMAT"
    )]
    pub(crate) format: Format,
    /// No progress bars and no notes on standard error; errors still show.
    #[arg(long, short, global = true, env = "CURTAIL_QUIET")]
    pub(crate) quiet: bool,
}

/// The form of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: lines and tables.
    #[value(alias = "table")]
    Text,
    /// For programs: JSON, every value exact.
    Json,
    /// For spreadsheets: cells that one would run as a formula are quoted.
    Csv,
}

/// The commands, in the order of the flow.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The scheduled job: ingest, snapshot, analyze, report. Safe to run again.
    #[command(after_help = RUN_EXAMPLES)]
    Run(Box<RunArguments>),
    /// CloudTrail objects into the lake; what was read before is not read again.
    #[command(after_help = INGEST_EXAMPLES)]
    Ingest(IngestArguments),
    /// IAM, Organizations, trails and resources into the lake, from AWS or from files of the `aws` command line.
    #[command(after_help = SNAPSHOT_EXAMPLES)]
    Snapshot(SnapshotArguments),
    /// Usage, grants and findings of a review into the lake; prints the counts per agent.
    #[command(after_help = ANALYZE_EXAMPLES)]
    Analyze(ReviewArguments),
    /// The review as Markdown, JSON and HTML, with the suggested policy diffs.
    #[command(after_help = REPORT_EXAMPLES)]
    Report(ReportArguments),
    /// The suggested policy diffs and their proofs, on standard output.
    #[command(after_help = DIFF_EXAMPLES)]
    Diff(DiffArguments),
    /// An agent's bill of materials, declared and observed; with `--format json`, as `CycloneDX`.
    Agents(AgentsArguments),
    /// One SQL query, or a file of one, over every table and view of the lake.
    #[command(after_help = SQL_EXAMPLES)]
    Sql(SqlArguments),
    /// The actions that patterns grant, one a line.
    #[command(after_help = EXPAND_EXAMPLES)]
    Expand(ExpandArguments),
    /// The IAM actions that CloudTrail records needed, a JSON object a line, in their order.
    #[command(after_help = MAP_EXAMPLES)]
    Map(MapArguments),
    /// What becomes of requests under given policies, a JSON object a line, in their order.
    #[command(after_help = SIMULATE_EXAMPLES)]
    Simulate(SimulateArguments),
    /// What is odd about policies: what AWS refuses, and what it takes and nobody means.
    #[command(after_help = LINT_EXAMPLES)]
    Lint(LintArguments),
    /// Puts the lake's small files together, removes old ones, verifies its tables.
    #[command(after_help = lake::LAKE_EXAMPLES)]
    Lake(LakeArguments),
    /// Version, date, counts and sources of the action catalog.
    Catalog,
    /// A completion script for a shell.
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions {
        /// The shell to write it for.
        shell: clap_complete::Shell,
    },
}

/// What `run` takes.
#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    #[command(flatten)]
    pub(crate) ingest: IngestArguments,
    #[command(flatten)]
    pub(crate) snapshot: SnapshotArguments,
    #[command(flatten)]
    pub(crate) report: ReportArguments,
}

/// What `ingest` takes.
#[derive(Debug, Default, Args)]
pub(crate) struct IngestArguments {
    /// Directories, files or buckets (`s3://bucket/prefix`) of CloudTrail objects
    /// [default: `ingest.sources` of the configuration].
    #[arg(
        value_name = "PATH|URL",
        env = "CURTAIL_SOURCES",
        value_delimiter = ','
    )]
    pub(crate) sources: Vec<String>,
    /// Also the account's event history (management events of 90 days), for an account without a trail.
    #[arg(long, env = "CURTAIL_LOOKUP_EVENTS")]
    pub(crate) lookup_events: bool,
    /// Only the logs of these accounts.
    #[arg(long, value_name = "ID", num_args = 1.., env = "CURTAIL_ACCOUNTS", value_delimiter = ',')]
    pub(crate) accounts: Vec<String>,
    /// Only the logs of these regions.
    #[arg(long, value_name = "REGION", num_args = 1.., env = "CURTAIL_REGIONS", value_delimiter = ',')]
    pub(crate) regions: Vec<String>,
    /// Only logs from this day on [default: of a bucket, the days that were not read yet].
    #[arg(long, value_name = "DATE", env = "CURTAIL_SINCE")]
    pub(crate) since: Option<Date>,
    /// Only logs up to this day.
    #[arg(long, value_name = "DATE", env = "CURTAIL_UNTIL")]
    pub(crate) until: Option<Date>,
    /// How many days after others an object may be delivered and is still looked for [default: 3].
    #[arg(long, value_name = "DAYS", env = "CURTAIL_LATENESS_DAYS", value_parser = clap::value_parser!(u32).range(..=400))]
    pub(crate) lateness_days: Option<u32>,
    /// The role to read buckets as, by its ARN.
    #[arg(long, value_name = "ARN", env = "CURTAIL_ASSUME_ROLE")]
    pub(crate) assume_role: Option<String>,
    /// The external id that the role's trust policy asks for.
    #[arg(long, value_name = "ID", env = "CURTAIL_EXTERNAL_ID")]
    pub(crate) external_id: Option<String>,
    /// Leaves small files as they are; `curtail lake optimize` puts them together later.
    #[arg(long, env = "CURTAIL_NO_OPTIMIZE")]
    pub(crate) no_optimize: bool,
    #[command(flatten)]
    pub(crate) verify: VerifyArguments,
}

/// What a verification takes.
#[derive(Debug, Default, Args)]
pub(crate) struct VerifyArguments {
    /// Hold the objects against CloudTrail's digests afterwards, and name what is modified, missing or
    /// listed by none.
    #[arg(long, env = "CURTAIL_VERIFY")]
    pub(crate) verify: bool,
    /// Public keys as `aws cloudtrail list-public-keys` prints them [default: CloudTrail is asked].
    #[arg(long, value_name = "FILE", env = "CURTAIL_PUBLIC_KEYS")]
    pub(crate) public_keys: Option<PathBuf>,
}

/// What `snapshot` takes.
#[derive(Debug, Default, Args)]
pub(crate) struct SnapshotArguments {
    /// Files, or directories of `.json` files, as the `aws` command line prints them
    /// [default: `snapshot.from` of the configuration].
    #[arg(long, value_name = "FILE", num_args = 1.., env = "CURTAIL_SNAPSHOT_FROM", value_delimiter = ',')]
    pub(crate) from: Vec<PathBuf>,
    /// Ask AWS itself, with the credentials that every tool of AWS finds
    /// [default: `snapshot.aws` of the configuration].
    #[arg(long, env = "CURTAIL_SNAPSHOT_FROM_AWS", conflicts_with_all = ["from", "taken_at"])]
    pub(crate) from_aws: bool,
    /// The accounts to ask [default: all of the organization if it may be read, else the own one].
    #[arg(
        long,
        value_name = "ID",
        env = "CURTAIL_SNAPSHOT_ACCOUNTS",
        value_delimiter = ','
    )]
    pub(crate) snapshot_accounts: Vec<String>,
    /// The regions whose trails and resources are listed [default: the configured one of AWS].
    #[arg(
        long,
        value_name = "REGION",
        env = "CURTAIL_SNAPSHOT_REGIONS",
        value_delimiter = ','
    )]
    pub(crate) snapshot_regions: Vec<String>,
    /// The name of the role to assume in each other account, such as `OrganizationAccountAccessRole`.
    #[arg(long, value_name = "NAME", env = "CURTAIL_SNAPSHOT_ROLE")]
    pub(crate) snapshot_role: Option<String>,
    /// The ARN of a role to assume first, for instance one of the management account.
    #[arg(long, value_name = "ARN", env = "CURTAIL_SNAPSHOT_ASSUME_ROLE")]
    pub(crate) snapshot_assume_role: Option<String>,
    /// The external id that the roles' trust policies ask for.
    #[arg(long, value_name = "ID", env = "CURTAIL_SNAPSHOT_EXTERNAL_ID")]
    pub(crate) snapshot_external_id: Option<String>,
    /// When the files were fetched: a date or an RFC 3339 instant [default: now].
    #[arg(long, value_name = "WHEN", env = "CURTAIL_SNAPSHOT_TAKEN_AT")]
    pub(crate) taken_at: Option<String>,
}

/// What every command takes that computes a review.
#[derive(Debug, Args)]
pub(crate) struct ReviewArguments {
    /// The file that declares the agents [default: `agents` of the configuration, else none].
    #[arg(long, value_name = "FILE", env = "CURTAIL_AGENTS")]
    pub(crate) agents: Option<PathBuf>,
    /// Where the review's windows end: a date (its midnight, UTC) or an RFC 3339 instant
    /// [default: today].
    #[arg(long, value_name = "WHEN", env = "CURTAIL_AS_OF")]
    pub(crate) as_of: Option<String>,
    /// How many days the review looks back.
    #[arg(long, value_name = "DAYS", env = "CURTAIL_WINDOW_DAYS",
          help = format!("How many days the review looks back [default: {DEFAULT_WINDOW_DAYS}]"),
          value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub(crate) window_days: Option<u32>,
    /// Exit with 1 where a finding is at least this severe.
    #[arg(long, value_name = "SEVERITY", env = "CURTAIL_FAIL_ON")]
    pub(crate) fail_on: Option<Severity>,
}

/// What `agents` takes.
#[derive(Debug, Args)]
pub(crate) struct AgentsArguments {
    #[command(flatten)]
    pub(crate) review: ReviewArguments,
    /// The agent whose bill of materials is printed.
    #[arg(long, value_name = "AGENT")]
    pub(crate) bom: String,
}

/// What `report` takes.
#[derive(Debug, Args)]
pub(crate) struct ReportArguments {
    #[command(flatten)]
    pub(crate) review: ReviewArguments,
    /// The directory of the review [default: `review.out` of the configuration, else `review`].
    #[arg(long, value_name = "DIR", env = "CURTAIL_OUT")]
    pub(crate) out: Option<PathBuf>,
}

/// What `diff` takes.
#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    #[command(flatten)]
    pub(crate) review: ReviewArguments,
    /// Only the roles that this agent is bound to.
    #[arg(long, value_name = "NAME")]
    pub(crate) agent: Option<String>,
}

/// What `sql` takes.
#[derive(Debug, Args)]
pub(crate) struct SqlArguments {
    #[command(flatten)]
    pub(crate) review: ReviewArguments,
    /// The query; without it and without `--file`, it is read from standard input.
    #[arg(value_name = "QUERY", conflicts_with = "file")]
    pub(crate) query: Option<String>,
    /// A file that holds one query.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

/// What `expand` takes.
#[derive(Debug, Args)]
pub(crate) struct ExpandArguments {
    /// Action patterns, such as `s3:Get*`.
    #[arg(value_name = "PATTERN", required = true)]
    pub(crate) patterns: Vec<String>,
    /// The actions that `NotAction` with these patterns grants.
    #[arg(long)]
    pub(crate) not: bool,
    /// Only how many they are.
    #[arg(long)]
    pub(crate) count: bool,
}

/// What `map` takes.
#[derive(Debug, Args)]
pub(crate) struct MapArguments {
    /// CloudTrail records: a log file, an array, JSON Lines or one record, with gzip or without
    /// [default: standard input].
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Maps a denied record by its name and parameters, even where its message names the action.
    #[arg(long)]
    pub(crate) ignore_message: bool,
}

/// What `simulate` takes.
#[derive(Debug, Args)]
pub(crate) struct SimulateArguments {
    /// Requests with their policies, a JSON object a line [default: standard input].
    #[arg(long, value_name = "FILE")]
    pub(crate) cases: Option<PathBuf>,
}

/// What `lint` takes.
#[derive(Debug, Args)]
pub(crate) struct LintArguments {
    /// Policy documents, as JSON.
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// What the policies are for [default: what their form points to].
    #[arg(long = "as", value_name = "USE")]
    pub(crate) policy_use: Option<PolicyUse>,
    /// Exit with 1 where something is at least this bad.
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    pub(crate) fail_on: LintSeverity,
}

/// What a policy is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PolicyUse {
    /// Attached to a user, a group or a role.
    Identity,
    /// A permissions boundary.
    Boundary,
    /// Passed as a session is made.
    Session,
    /// Attached to a resource.
    Resource,
    /// Says who may assume a role.
    Trust,
    /// A service control policy.
    Scp,
    /// A resource control policy.
    Rcp,
}

impl From<PolicyUse> for curtail_iam::document::PolicyUse {
    fn from(typed: PolicyUse) -> Self {
        match typed {
            PolicyUse::Identity => Self::Identity,
            PolicyUse::Boundary => Self::Boundary,
            PolicyUse::Session => Self::Session,
            PolicyUse::Resource => Self::Resource,
            PolicyUse::Trust => Self::Trust,
            PolicyUse::Scp => Self::ServiceControl,
            PolicyUse::Rcp => Self::ResourceControl,
        }
    }
}

/// How bad a finding of the linter is, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LintSeverity {
    /// Worth tidying.
    Note,
    /// Probably not what is meant.
    Warning,
    /// AWS refuses it, or it can never do what it says.
    Error,
}

impl From<LintSeverity> for curtail_iam::lint::Severity {
    fn from(typed: LintSeverity) -> Self {
        match typed {
            LintSeverity::Note => Self::Note,
            LintSeverity::Warning => Self::Warning,
            LintSeverity::Error => Self::Error,
        }
    }
}

/// How much a finding matters, least first; the same words as in the `findings` table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Severity {
    /// Something to know.
    Info,
    /// Excess that reads or lists.
    Low,
    /// Excess that writes or tags.
    Medium,
    /// Excess that changes permissions, or a call outside the agent's work.
    High,
}

impl From<Severity> for curtail_analyze::Severity {
    fn from(typed: Severity) -> Self {
        match typed {
            Severity::Info => Self::Info,
            Severity::Low => Self::Low,
            Severity::Medium => Self::Medium,
            Severity::High => Self::High,
        }
    }
}
