//! A snapshot taken from AWS itself: credentials in, the rows of `snapshots` out.
//!
//! The story, in the order of the files:
//!
//! 1. the `organization` is read, and with it the accounts there are;
//! 2. each account is entered (`account`) by assuming a role of the same name in it;
//! 3. `trails` of all accounts are described, with what they select;
//! 4. account by account, `iam` and the `inventory` of resources are read, and the account is written in one commit.
//!
//! What is fetched is given the shapes of what the AWS CLI prints, and goes the way of the files ([`crate::snapshot()`]).
//! A part that is denied or not supported is no error: it is named, by a row of kind `missing_part` and in the summary.
//! Each account that was visited has a row of kind `fetch`, which says what was asked of it.
//!
//! INVARIANT: a kind of an account is written as a whole or not at all, but for `resource` and `event_selectors`, in
//! which every hole is named.

mod account;
mod call;
mod iam;
mod inventory;
mod missing;
mod organization;
mod portion;
mod trails;

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt as _, stream};
use jiff::Timestamp;

use self::account::Account;
use self::organization::Organization;
use self::portion::Portion;
use crate::{Aws, AwsFault, Error, Lake, Progress, SnapshotSummary};

/// Accounts that are fetched at a time: 4. Chosen: APIs throttle each account by itself, and an account's documents are
/// held in memory until it is written.
pub const ACCOUNTS_AT_ONCE: usize = 4;

/// What of AWS a snapshot is taken of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchOptions {
    /// The time that is written as `taken_at`.
    pub taken_at: Timestamp,
    /// The accounts, 12 digits each; none: all active accounts of the organization if it may be read, else the
    /// caller's own.
    pub accounts: Vec<String>,
    /// The name, with its path, of the role that is assumed in each account but the caller's own.
    pub member_role: Option<String>,
    /// The external id that the roles' trust policies ask for.
    pub external_id: Option<String>,
    /// The regions of trails and resources; none: the one of the configuration.
    pub regions: Vec<String>,
    /// Accounts that are fetched at a time. See [`ACCOUNTS_AT_ONCE`].
    pub accounts_at_once: usize,
}

impl FetchOptions {
    /// Everything that can be reached with the caller's own credentials, as of `taken_at`.
    #[must_use]
    pub fn new(taken_at: Timestamp) -> Self {
        Self {
            taken_at,
            accounts: Vec::new(),
            member_role: None,
            external_id: None,
            regions: Vec::new(),
            accounts_at_once: ACCOUNTS_AT_ONCE,
        }
    }
}

/// Takes a snapshot of AWS into `lake`.
///
/// # Errors
/// [`Error::Aws`] if the credentials are not accepted, or IAM can be read of no account at all;
/// [`Error::SnapshotContradicts`] if the lake has another snapshot of the same time; errors of the lake.
pub async fn fetch_snapshot(
    lake: &Lake,
    aws: &Aws,
    options: &FetchOptions,
    progress: &dyn Progress,
) -> Result<SnapshotSummary, Error> {
    let own = aws
        .account_id()
        .await
        .map_err(failed("the caller's account"))?;
    let organization = organization::fetch(aws, &own).await;
    let ids = accounts(options, &own, &organization);
    progress.begin("snapshot", u64::try_from(ids.len()).ok());
    let at_once = options.accounts_at_once.max(1);
    let accounts: Vec<Account> = stream::iter(&ids)
        .map(|id| Account::enter(aws, &own, id, options))
        .buffered(at_once)
        .collect()
        .await;

    let mut early = trails::fetch(&accounts, at_once).await;
    let here = early
        .entry(own.clone())
        .or_insert_with(|| Portion::new(&own));
    here.append(organization.portion);
    here.visited(&[]);
    let mut writer = Writer::new(lake, options.taken_at);
    let others: Vec<String> = early
        .keys()
        .filter(|id| !ids.contains(*id))
        .cloned()
        .collect();
    for id in others {
        writer.write(early.remove(&id)).await?;
    }
    let mut fetched = stream::iter(&accounts)
        .map(Account::fetch)
        .buffer_unordered(at_once);
    while let Some(mut portion) = fetched.next().await {
        if let Some(known) = early.remove(portion.account_id()) {
            portion.append(known);
        }
        writer.write(Some(portion)).await?;
        progress.advance(1);
    }
    drop(fetched);
    let summary = writer.finish()?;
    progress.finish();
    Ok(summary)
}

/// The accounts to fetch.
fn accounts(options: &FetchOptions, own: &str, organization: &Organization) -> BTreeSet<String> {
    let asked: BTreeSet<String> = options.accounts.iter().cloned().collect();
    if !asked.is_empty() {
        return asked;
    }
    let mut all = organization.active_accounts.clone();
    all.insert(own.to_owned());
    all
}

/// Writes portions, and adds up what became of them.
struct Writer<'a> {
    lake: &'a Lake,
    taken_at: Timestamp,
    summary: SnapshotSummary,
    /// Whether the roles of at least one account were read.
    has_iam: bool,
    /// Why those of the first other account were not.
    without_iam: Option<(String, AwsFault)>,
}

impl<'a> Writer<'a> {
    fn new(lake: &'a Lake, taken_at: Timestamp) -> Self {
        Self {
            lake,
            taken_at,
            summary: SnapshotSummary::default(),
            has_iam: false,
            without_iam: None,
        }
    }

    async fn write(&mut self, portion: Option<Portion>) -> Result<(), Error> {
        let Some(mut portion) = portion else {
            return Ok(());
        };
        self.has_iam |= portion.has_iam;
        if let Some(fault) = portion.without_iam.take() {
            let first = (portion.account_id().to_owned(), fault);
            self.without_iam.get_or_insert(first);
        }
        let written = portion.write(self.lake, self.taken_at).await?;
        self.summary.add(written);
        Ok(())
    }

    fn finish(mut self) -> Result<SnapshotSummary, Error> {
        if let (false, Some((account_id, fault))) = (self.has_iam, self.without_iam) {
            return Err(failed(&format!("account {account_id}"))(fault));
        }
        self.summary.problems.sort();
        self.summary.problems.dedup();
        self.summary.missing.sort();
        self.summary.missing.dedup();
        Ok(self.summary)
    }
}

fn failed(subject: &str) -> impl FnOnce(AwsFault) -> Error + use<> {
    let subject = subject.to_owned();
    move |fault| Error::Aws { subject, fault }
}

/// Portions by account.
type Portions = BTreeMap<String, Portion>;
