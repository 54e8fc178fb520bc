//! What the arguments and the configuration file mean together.
//!
//! In: the parsed arguments and, where there is one, `curtail.toml`. Out: [`Settings`] with every
//! default filled in. Paths in the file are relative to the file, so that it can be run from
//! anywhere; paths in arguments are relative to the working directory.

mod snapshot;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use curtail_analyze::{RuleFile, RuleOptions, RuleSettings};
use curtail_ingest::{AwsOptions, IngestOptions, LOOKUP_EVENTS, Selection};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use self::snapshot::SnapshotSection;
pub(crate) use self::snapshot::SnapshotSource;
use crate::arguments::{Common, IngestArguments, ReportArguments, ReviewArguments, Severity};
use crate::exit::Failure;

/// The configuration file that is read where none is named.
const DEFAULT_CONFIG: &str = "curtail.toml";
/// Where the tables are where nothing says so.
const DEFAULT_LAKE: &str = "lake";
/// Where the review goes where nothing says so.
const DEFAULT_OUT: &str = "review";

/// The configuration file as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    lake: Option<String>,
    agents: Option<PathBuf>,
    #[serde(default)]
    ingest: IngestSection,
    #[serde(default)]
    snapshot: SnapshotSection,
    #[serde(default)]
    review: ReviewSection,
    #[serde(default)]
    rules: RulesSection,
    /// The directory that relative paths of the file start from.
    #[serde(skip)]
    base: PathBuf,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct IngestSection {
    #[serde(default)]
    sources: Vec<String>,
    #[serde(default)]
    accounts: Vec<String>,
    #[serde(default)]
    regions: Vec<String>,
    since: Option<Date>,
    until: Option<Date>,
    lateness_days: Option<u32>,
    assume_role: Option<String>,
    external_id: Option<String>,
    /// Rows after which a commit is made: fewer take less memory, and make more files.
    commit_rows: Option<NonZeroUsize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReviewSection {
    as_of: Option<String>,
    window_days: Option<u32>,
    out: Option<PathBuf>,
    fail_on: Option<Severity>,
}

/// `folder`, and a table for each rule that something is set about.
#[derive(Debug, Default, Deserialize)]
struct RulesSection {
    folder: Option<PathBuf>,
    #[serde(flatten)]
    settings: BTreeMap<String, RuleSettings>,
}

impl Settings {
    /// Reads the configuration file that the arguments name, else the one in the working directory,
    /// else takes the defaults.
    ///
    /// # Errors
    /// The file cannot be read, or does not parse: exit code 2.
    pub(crate) fn load(common: &Common) -> Result<Self, Failure> {
        let path = match &common.config {
            Some(path) => path.clone(),
            None if Path::new(DEFAULT_CONFIG).is_file() => PathBuf::from(DEFAULT_CONFIG),
            None => return Ok(Self::default()),
        };
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("the configuration file `{}` cannot be read", path.display()))
            .map_err(|error| Failure::usage(error).hint("name another one with --config"))?;
        let mut settings: Self = toml::from_str(&text)
            .map_err(|error| {
                anyhow!(
                    "the configuration file `{}` is not valid\n{error}",
                    path.display()
                )
            })
            .map_err(|error| Failure::usage(error).hint("README.md lists every setting"))?;
        settings.base = path.parent().map(Path::to_path_buf).unwrap_or_default();
        Ok(settings)
    }

    /// Where the lake is: the flag, else the file, else `lake`.
    pub(crate) fn lake(&self, common: &Common) -> String {
        match (&common.lake, &self.lake) {
            (Some(flag), _) => flag.clone(),
            (None, Some(written)) => self.locate(written),
            (None, None) => DEFAULT_LAKE.to_owned(),
        }
    }

    /// The sources of trail objects.
    ///
    /// # Errors
    /// None is given: exit code 2.
    pub(crate) fn sources(&self, arguments: &IngestArguments) -> Result<Vec<String>, Failure> {
        let history = arguments.lookup_events.then(|| LOOKUP_EVENTS.to_owned());
        if !arguments.sources.is_empty() || history.is_some() {
            return Ok(arguments.sources.iter().cloned().chain(history).collect());
        }
        if self.ingest.sources.is_empty() {
            return Err(
                Failure::usage(anyhow!("no source of CloudTrail objects is given")).hint(
                    "name a directory, a file or a bucket, or set `sources` under [ingest] in curtail.toml",
                ),
            );
        }
        Ok(self
            .ingest
            .sources
            .iter()
            .map(|source| self.locate(source))
            .collect())
    }

    /// What an ingest is to do, at the time `now`.
    ///
    /// # Errors
    /// An account or a region is none, or an external id stands alone: exit code 2.
    pub(crate) fn ingest_options(
        &self,
        arguments: &IngestArguments,
        now: Timestamp,
    ) -> Result<IngestOptions, Failure> {
        let section = &self.ingest;
        let accounts = listed(&arguments.accounts, &section.accounts);
        let regions = listed(&arguments.regions, &section.regions);
        check_accounts(&accounts)?;
        if let Some(other) = regions.iter().find(|name| !is_region(name)) {
            return Err(Failure::usage(anyhow!("`{other}` is no region"))
                .hint("write regions as eu-west-1; sources stand before --regions"));
        }
        let assume_role = arguments.assume_role.as_ref();
        let external_id = arguments.external_id.as_ref();
        let mut options = IngestOptions::new(now);
        if let Some(rows) = section.commit_rows {
            options.commit_rows = rows.get();
        }
        options.selection = Selection {
            accounts: accounts.into_iter().collect(),
            regions: regions.into_iter().collect(),
            since: arguments.since.or(section.since),
            until: arguments.until.or(section.until),
            lateness_days: arguments
                .lateness_days
                .or(section.lateness_days)
                .unwrap_or(options.selection.lateness_days),
        };
        options.aws = AwsOptions {
            region: None,
            assume_role: assume_role.or(section.assume_role.as_ref()).cloned(),
            external_id: external_id.or(section.external_id.as_ref()).cloned(),
        };
        if options.aws.external_id.is_some() && options.aws.assume_role.is_none() {
            return Err(
                Failure::usage(anyhow!("an external id is given, and no role"))
                    .hint("name the role with --assume-role, or leave --external-id out"),
            );
        }
        Ok(options)
    }

    /// Where the review's windows end, else today's midnight, UTC.
    ///
    /// # Errors
    /// It is neither a date nor an instant: exit code 2.
    pub(crate) fn as_of(
        &self,
        arguments: &ReviewArguments,
        now: Timestamp,
    ) -> Result<Timestamp, Failure> {
        match arguments.as_of.as_ref().or(self.review.as_of.as_ref()) {
            Some(text) => instant(text),
            None => midnight(now.to_zoned(TimeZone::UTC).date()),
        }
    }

    /// How many days the review looks back.
    pub(crate) fn window_days(&self, arguments: &ReviewArguments) -> u32 {
        arguments
            .window_days
            .or(self.review.window_days)
            .unwrap_or(curtail_analyze::DEFAULT_WINDOW_DAYS)
    }

    /// The file that declares the agents, where one does.
    pub(crate) fn agents(&self, arguments: &ReviewArguments) -> Option<PathBuf> {
        arguments
            .agents
            .clone()
            .or_else(|| self.agents.as_ref().map(|path| self.base.join(path)))
    }

    /// The legitimacy rules beside the built-in ones, and what is set about all of them.
    ///
    /// # Errors
    /// The folder of rules cannot be read: exit code 2.
    pub(crate) fn rules(&self, arguments: &ReviewArguments) -> Result<RuleOptions, Failure> {
        let configured = self.rules.folder.as_ref().map(|path| self.base.join(path));
        let files = match arguments.rules.clone().or(configured) {
            Some(folder) => RuleFile::read_folder(&folder).map_err(Failure::usage)?,
            None => Vec::new(),
        };
        Ok(RuleOptions {
            files,
            settings: self.rules.settings.clone(),
        })
    }

    /// The severity from which on a finding makes the exit code 1.
    pub(crate) fn fail_on(&self, arguments: &ReviewArguments) -> Option<Severity> {
        arguments.fail_on.or(self.review.fail_on)
    }

    /// The directory of the review.
    pub(crate) fn out(&self, arguments: &ReportArguments) -> PathBuf {
        arguments
            .out
            .clone()
            .or_else(|| self.review.out.as_ref().map(|path| self.base.join(path)))
            .unwrap_or_else(|| PathBuf::from(DEFAULT_OUT))
    }

    /// A location of the file: a URL as it is, a path from the file's directory.
    fn locate(&self, written: &str) -> String {
        if written.contains("://") || written == LOOKUP_EVENTS {
            written.to_owned()
        } else {
            self.base.join(written).to_string_lossy().into_owned()
        }
    }
}

/// What is typed, else what is configured.
fn first(typed: Option<&String>, configured: Option<&String>) -> Option<String> {
    typed.or(configured).cloned()
}

/// The list that is typed, else the one that is configured.
fn listed(typed: &[String], configured: &[String]) -> Vec<String> {
    if typed.is_empty() {
        configured.to_vec()
    } else {
        typed.to_vec()
    }
}

fn check_accounts(ids: &[String]) -> Result<(), Failure> {
    let is_account = |id: &&String| id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit());
    match ids.iter().find(|id| !is_account(id)) {
        Some(other) => Err(Failure::usage(anyhow!("`{other}` is no account"))
            .hint("write its 12 digits, as in 111122223333")),
        None => Ok(()),
    }
}

/// A region's name, such as `eu-west-1`.
fn is_region(name: &str) -> bool {
    let (place, number) = name.rsplit_once('-').unwrap_or_default();
    let is_lower = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
    place.contains('-') && place.bytes().all(is_lower) && number.parse::<u8>().is_ok()
}

/// Reads a date (its midnight, UTC) or an RFC 3339 instant.
fn instant(text: &str) -> Result<Timestamp, Failure> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    let date: Date = text.parse().map_err(|_| {
        Failure::usage(anyhow!("`{text}` is neither a date nor an instant"))
            .hint("write 2026-10-01 or 2026-10-01T00:00:00Z")
    })?;
    midnight(date)
}

fn midnight(date: Date) -> Result<Timestamp, Failure> {
    date.to_zoned(TimeZone::UTC)
        .map(|zoned| zoned.timestamp())
        .with_context(|| format!("the date `{date}` is out of range"))
        .map_err(Failure::usage)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::SnapshotArguments;

    #[test]
    fn a_date_is_its_midnight_utc() {
        assert_eq!(
            instant("2026-10-01").unwrap(),
            "2026-10-01T00:00:00Z".parse().unwrap()
        );
        assert_eq!(
            instant("2026-10-01T02:00:00+02:00").unwrap(),
            "2026-10-01T00:00:00Z".parse().unwrap()
        );
        assert!(instant("yesterday").is_err());
    }

    #[test]
    fn an_unknown_setting_is_an_error() {
        assert!(toml::from_str::<Settings>("lake = \"x\"\nlaek = \"y\"").is_err());
    }

    #[test]
    fn rules_are_set_by_their_id() {
        let text = "[rules]\nfolder = \"mine\"\n[rules.denied_burst]\nenabled = false\nseverity = \"high\"\nactions_per_hour = 9";
        let settings: Settings = toml::from_str(text).unwrap();
        assert_eq!(settings.rules.folder, Some(PathBuf::from("mine")));
        let burst = &settings.rules.settings["denied_burst"];
        assert_eq!(burst.enabled, Some(false));
        assert_eq!(burst.severity, Some(curtail_analyze::Severity::High));
        assert_eq!(burst.values.len(), 1);
        assert!(toml::from_str::<Settings>("[rules.x]\nseverity = \"huge\"").is_err());
        assert!(toml::from_str::<Settings>("[rules.x]\ny = [1]").is_err());
    }

    #[test]
    fn paths_of_the_file_start_at_the_file() {
        let settings = Settings {
            base: PathBuf::from("conf"),
            ..toml::from_str("[ingest]\nsources = [\"trail\", \"s3://bucket/prefix\"]").unwrap()
        };
        let sources = settings.sources(&IngestArguments::default()).unwrap();
        assert_eq!(sources, ["conf/trail", "s3://bucket/prefix"]);
    }

    fn source(settings: &str, typed: &SnapshotArguments) -> Result<SnapshotSource, Failure> {
        let settings: Settings = toml::from_str(settings).unwrap();
        settings.snapshot_source(typed, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn aws_is_asked_where_it_is_configured_and_no_file_is_typed() {
        let configured = "[snapshot]\naws = true\nrole = \"Audit\"\naccounts = [\"111122223333\"]";
        let typed = SnapshotArguments::default();
        let Ok(SnapshotSource::Aws(_, options)) = source(configured, &typed) else {
            panic!("AWS is not asked")
        };
        assert_eq!(options.member_role.as_deref(), Some("Audit"));
        assert_eq!(options.accounts, ["111122223333"]);
        let files = SnapshotArguments {
            from: vec![PathBuf::from("iam.json")],
            ..SnapshotArguments::default()
        };
        let files = source(configured, &files);
        assert!(matches!(files, Ok(SnapshotSource::Files(_, _))));
    }

    #[test]
    fn files_and_aws_at_once_and_an_account_that_is_none_are_refused() {
        let typed = SnapshotArguments::default();
        assert!(source("[snapshot]\naws = true\nfrom = [\"iam\"]", &typed).is_err());
        assert!(source("[snapshot]\naws = true\naccounts = [\"../x\"]", &typed).is_err());
    }
}
