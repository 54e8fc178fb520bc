//! The digests and log files of one account and region: read, a few at a time, and judged.
//!
//! Contents are hashed as they are read. What is held is names and hashes, of one account and region at a time.
//!
//! INVARIANT: what is said depends on the objects and keys alone, not on the timing of threads.

use std::collections::{BTreeMap, BTreeSet};

use futures::{Stream, StreamExt as _};
use jiff::Timestamp;
use jiff::civil::Date;

use super::chain::{Chain, Seen, State};
use super::digest::Digest;
use super::keys::{KeySource, PublicKeys};
use super::log_file::{Coverage, Listing, listed};
use super::options::VerifyOptions;
use super::place::{DigestName, LOGS, Place};
use super::store::{Days, Mode, Reading, Store};
use super::units::Unit;
use super::verdict::{Kind, Status, Trust, Verdict};
use crate::{Error, Progress};

/// The largest digest once it is unpacked, in bytes: 32 MiB. Chosen: some 80,000 log files in an hour.
const LONGEST_DIGEST: u64 = 32 << 20;

/// An account and region of a store, on the way to its verdicts.
pub(crate) struct Check<'a> {
    pub(crate) store: &'a Store,
    pub(crate) unit: &'a Unit,
    pub(crate) options: &'a VerifyOptions,
    pub(crate) progress: &'a dyn Progress,
}

/// The digests of a unit, judged.
struct Judged<'a> {
    chains: Vec<(Chain<'a>, Vec<Trust>)>,
    verdicts: Vec<Verdict>,
    coverage: Coverage,
}

impl Check<'_> {
    /// What is to be said of every digest and log file of the unit.
    ///
    /// # Errors
    /// [`Error::Read`] or [`Error::Aws`] if a folder cannot be listed.
    pub(crate) async fn verdicts(&self, keys: &mut KeySource) -> Result<Vec<Verdict>, Error> {
        let chains = self.chains().await?;
        let keys = self.keys(&chains, keys).await;
        let mut judged = judge(chains, &keys);
        let mut verdicts = std::mem::take(&mut judged.verdicts);
        let (listings, elsewhere) = self.listings(&judged);
        verdicts.extend(elsewhere);
        verdicts.extend(self.listed(&listings).await?);
        verdicts.extend(self.unlisted(&listings, &judged.coverage).await?);
        Ok(verdicts)
    }

    /// The days whose digests are read. A day more on each side: a digest of one day lists files of another.
    fn digest_days(&self) -> Days {
        let before = |day: Date| day.yesterday().unwrap_or(day);
        let after = |day: Date| day.tomorrow().unwrap_or(day);
        Days {
            first: self.options.selection.since.map(before),
            last: self.options.selection.last_delivery().map(after),
        }
    }

    /// The digests, chain by chain.
    async fn chains(&self) -> Result<Vec<Chain<'_>>, Error> {
        let days = self.digest_days();
        let prefix = &self.unit.base;
        let keys = self.store.keys(&self.unit.digests(), days).await?;
        let mut chains: BTreeMap<(String, bool), Vec<String>> = BTreeMap::new();
        for tail in keys.iter().filter_map(|key| key.strip_prefix(prefix)) {
            let full = format!("{}/{tail}", self.unit.account_id);
            if let Some(name) = Place::parse(&full).as_ref().and_then(DigestName::parse) {
                let chain = (name.trail.to_owned(), name.backfill);
                chains.entry(chain).or_default().push(tail.to_owned());
            }
        }
        let total = chains.values().map(Vec::len).sum();
        self.begin("verify digests", total);
        let mut read = Vec::new();
        for ((_, backfill), tails) in chains {
            let digests = self.read(tails, LONGEST_DIGEST, true);
            let digests = digests.map(|(tail, reading)| Seen {
                tail,
                state: state(reading),
            });
            read.push(Chain {
                account_id: &self.unit.account_id,
                region: &self.unit.region,
                backfill,
                digests: digests.collect().await,
                first_day: days.first,
            });
        }
        self.progress.finish();
        Ok(read)
    }

    /// The keys by which the digests can have been signed. Those that list what others missed are signed later.
    async fn keys(&self, chains: &[Chain<'_>], keys: &mut KeySource) -> PublicKeys {
        let digests = || {
            let seen = chains.iter().flat_map(|chain| &chain.digests);
            seen.filter_map(Seen::digest)
        };
        let start = digests().map(|digest| digest.start).min();
        let end = digests().map(|digest| digest.end).max();
        let (Some(start), Some(end)) = (start, end) else {
            return PublicKeys::default();
        };
        let until = end.max(self.options.now).max(start);
        keys.of_region(&self.unit.region, start, until).await
    }

    /// What the digests say of each log file, by its key from its folder on; and the files of other accounts and regions
    /// that they name.
    fn listings<'b>(
        &self,
        judged: &'b Judged<'_>,
    ) -> (BTreeMap<&'b str, Vec<Listing<'b>>>, Vec<Verdict>) {
        let mut listings: BTreeMap<&str, Vec<Listing<'_>>> = BTreeMap::new();
        let mut elsewhere = Vec::new();
        for (seen, digest, trust) in digests(&judged.chains) {
            for file in &digest.log_files {
                let listing = Listing {
                    hash: file.hash,
                    trust,
                    digest: &seen.tail,
                    time: (digest.start, digest.end),
                };
                match self.tail_of(&file.object) {
                    Some(tail) => listings.entry(tail).or_default().push(listing),
                    None => elsewhere.push(of_log_file(
                        &file.object,
                        (Status::Unverifiable, Some("elsewhere")),
                        Some(listing),
                    )),
                }
            }
        }
        (listings, elsewhere)
    }

    /// The key of a log file of this account and region from its folder on.
    fn tail_of<'b>(&self, key: &'b str) -> Option<&'b str> {
        let place = Place::parse(key)?;
        let own = place.account_id == self.unit.account_id
            && place.region == self.unit.region
            && place.folder == LOGS;
        own.then_some(place.tail)
    }

    /// The log files that digests list.
    async fn listed(
        &self,
        listings: &BTreeMap<&str, Vec<Listing<'_>>>,
    ) -> Result<Vec<Verdict>, Error> {
        self.begin("verify log files", listings.len());
        let tails = listings.keys().map(|&tail| tail.to_owned()).collect();
        let read = self.read(tails, self.options.max_object_bytes, false);
        let verdicts = read
            .map(|(tail, reading)| {
                let listings = listings.get(tail.as_str()).map_or(&[][..], Vec::as_slice);
                let (finding, listing) = listed(listings, &reading);
                let mut verdict = of_log_file(&tail, finding, listing);
                if let Reading::Read(content, _) = reading {
                    verdict.hash = Some(content.hash);
                }
                verdict
            })
            .collect()
            .await;
        self.progress.finish();
        Ok(verdicts)
    }

    /// The log files that no digest lists.
    async fn unlisted(
        &self,
        listings: &BTreeMap<&str, Vec<Listing<'_>>>,
        coverage: &Coverage,
    ) -> Result<Vec<Verdict>, Error> {
        let days = Days {
            first: self.options.selection.since,
            last: self.options.selection.last_delivery(),
        };
        let keys = self.store.keys(&self.unit.logs(), days).await?;
        let there: BTreeSet<&str> = keys
            .iter()
            .filter_map(|key| key.strip_prefix(&self.unit.base))
            .filter(|tail| !listings.contains_key(tail))
            .collect();
        let verdict = |tail: &str| {
            let full = format!("{}/{tail}", self.unit.account_id);
            let place = Place::parse(&full)?;
            let finding = coverage.unlisted(place.name, place.delivered_on);
            Some(of_log_file(tail, finding, None))
        };
        Ok(there.into_iter().filter_map(verdict).collect())
    }

    /// Reads objects by their keys from the folder on, some at a time, and gives them in the same order.
    fn read(
        &self,
        tails: Vec<String>,
        limit: u64,
        whole: bool,
    ) -> impl Stream<Item = (String, Reading)> {
        let mode = Mode { limit, whole };
        futures::stream::iter(tails)
            .map(move |tail| {
                let read = self.store.clone().read(self.unit.key(&tail), mode);
                let task = tokio::spawn(read);
                async move {
                    let stopped =
                        |error: tokio::task::JoinError| Reading::Unreadable(error.to_string());
                    (tail, task.await.unwrap_or_else(stopped))
                }
            })
            .buffered(self.options.objects_in_flight.max(1))
            .inspect(|_| self.progress.advance(1))
    }

    fn begin(&self, stage: &str, total: usize) {
        self.progress.begin(stage, u64::try_from(total).ok());
    }
}

/// Judges chain by chain, and what they cover together: several trails deliver to the same folder.
fn judge<'a>(chains: Vec<Chain<'a>>, keys: &PublicKeys) -> Judged<'a> {
    let mut verdicts = Vec::new();
    let mut holes = Vec::new();
    let mut judged = Vec::new();
    for chain in chains {
        let said = chain.judge(keys);
        verdicts.extend(said.verdicts);
        if !chain.backfill {
            holes.extend(said.holes);
        }
        judged.push((chain, said.trusts));
    }
    let hourly = judged.iter().filter(|(chain, _)| !chain.backfill);
    let times: Vec<(Timestamp, Timestamp)> = digests(hourly)
        .filter(|(_, _, trust)| *trust > Trust::None)
        .map(|(_, digest, _)| (digest.start, digest.end))
        .collect();
    Judged {
        chains: judged,
        verdicts,
        coverage: Coverage::new(times, holes),
    }
}

/// Every digest of some chains, and how far it can be relied on.
fn digests<'b, 'a: 'b>(
    chains: impl IntoIterator<Item = &'b (Chain<'a>, Vec<Trust>)>,
) -> impl Iterator<Item = (&'b Seen, &'b Digest, Trust)> {
    chains.into_iter().flat_map(|(chain, trusts)| {
        let pairs = chain.digests.iter().zip(trusts);
        pairs.filter_map(|(seen, trust)| Some((seen, seen.digest()?, *trust)))
    })
}

/// What was read in the place of a digest.
fn state(reading: Reading) -> State {
    match reading {
        Reading::Read(content, signature) => match Digest::parse(&content.bytes) {
            Ok(digest) => State::Said {
                digest: Box::new(digest),
                hash: content.hash,
                signature,
            },
            Err(fault) => State::Broken {
                fault,
                hash: Some(content.hash),
            },
        },
        Reading::Broken(fault) => State::Broken { fault, hash: None },
        // It was listed: whoever took it away since does not change what it was.
        Reading::Missing | Reading::Unreadable(_) => State::Unreadable,
    }
}

fn of_log_file(
    tail: &str,
    (status, reason): super::verdict::Finding,
    listing: Option<Listing<'_>>,
) -> Verdict {
    Verdict {
        kind: Kind::LogFile,
        tail: tail.to_owned(),
        status,
        reason,
        digest: listing.map(|listing| listing.digest.to_owned()),
        time: listing.map(|listing| listing.time),
        hash: None,
    }
}
