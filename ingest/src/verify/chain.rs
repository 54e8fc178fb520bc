//! The digests of one chain (account, region, trail) in, what is to be said of each out.
//!
//! A digest is known to be `CloudTrail`'s by its signature, and by the digest after it, which holds its hash and signature.
//! So a chain is judged from its end: what a verified digest says of the one before it is true, whatever became of
//! that one or its metadata. A copy that has lost the metadata still has every signature but the last one.
//! Sources: AWS `CloudTrail` User Guide, "`CloudTrail` digest file structure", "Custom implementations of `CloudTrail` log file
//! integrity validation".
//!
//! INVARIANT: `verified` is said only of content whose signature a public key of `CloudTrail` confirms.

mod gaps;

use std::collections::BTreeMap;

use jiff::civil::Date;

pub(crate) use self::gaps::Hole;
use super::digest::{Digest, Previous};
use super::hash::Hash;
use super::keys::PublicKeys;
use super::place::{DIGESTS, Place};
use super::signature::{ALGORITHM, is_signed, string_to_sign};
use super::store::Signature;
use super::verdict::{Finding, Kind, Status, Trust, Verdict};
use crate::decode::Fault;

/// A digest as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The key from its folder on.
    pub(crate) tail: String,
    pub(crate) state: State,
}

/// What was found in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    /// A digest.
    Said {
        digest: Box<Digest>,
        hash: Hash,
        signature: Signature,
    },
    /// Something that is no digest; without a hash if it does not even unpack.
    Broken { fault: Fault, hash: Option<Hash> },
    /// It could not be read, which tells nothing of it.
    Unreadable,
}

/// The digests of one chain.
#[derive(Debug)]
pub(crate) struct Chain<'a> {
    pub(crate) account_id: &'a str,
    pub(crate) region: &'a str,
    /// Whether they list what others missed; such digests do not cover time.
    pub(crate) backfill: bool,
    /// In order of time, which is that of their keys.
    pub(crate) digests: Vec<Seen>,
    /// The first day that was looked at, if not all were.
    pub(crate) first_day: Option<Date>,
}

/// What is to be said of a chain.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// Of each digest, of each that is missing, and of each gap.
    pub(crate) verdicts: Vec<Verdict>,
    /// How far each digest can be relied on, in their order.
    pub(crate) trusts: Vec<Trust>,
    /// The time of digests that are missing; its beginning may not be known.
    pub(crate) holes: Vec<Hole>,
}

impl Seen {
    /// The digest, if it is one.
    pub(crate) fn digest(&self) -> Option<&Digest> {
        match &self.state {
            State::Said { digest, .. } => Some(digest),
            State::Broken { .. } | State::Unreadable => None,
        }
    }

    fn hash(&self) -> Option<Hash> {
        match &self.state {
            State::Said { hash, .. } => Some(*hash),
            State::Broken { hash, .. } => *hash,
            State::Unreadable => None,
        }
    }
}

impl Chain<'_> {
    /// What is to be said of the chain.
    pub(crate) fn judge(&self, keys: &PublicKeys) -> Judged {
        let next = self.next();
        let mut findings: Vec<Finding> = Vec::with_capacity(self.digests.len());
        // From the end, so that what comes next is judged before what it speaks of.
        for (at, seen) in self.digests.iter().enumerate().rev() {
            let judged = |index: usize| findings.get(self.digests.len() - 1 - index).copied();
            let claims = next
                .get(seen.tail.as_str())
                .into_iter()
                .flatten()
                .filter(|&&index| index > at)
                .filter_map(|&index| Claim::of(self.digests.get(index)?, judged(index)?));
            findings.push(self.finding(seen, &claims.collect::<Vec<_>>(), keys));
        }
        findings.reverse();
        let trusts = self.trusts(&findings);
        let mut judged = Judged {
            verdicts: self.verdicts(&findings, &next),
            ..Judged::default()
        };
        self.gaps(&trusts, &mut judged);
        judged.trusts = trusts;
        judged
    }

    /// Which digests name each digest as the one before them.
    fn next(&self) -> BTreeMap<&str, Vec<usize>> {
        let mut next: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, seen) in self.digests.iter().enumerate() {
            if let Some(previous) = seen.digest().and_then(|digest| digest.previous.as_ref())
                && let Some(tail) = self.tail_of(&previous.object)
            {
                next.entry(tail).or_default().push(index);
            }
        }
        next
    }

    /// The key of a digest of this account and region from its folder on.
    fn tail_of<'b>(&self, key: &'b str) -> Option<&'b str> {
        let place = Place::parse(key)?;
        let own = place.account_id == self.account_id
            && place.region == self.region
            && place.folder == DIGESTS;
        own.then_some(place.tail)
    }

    fn finding(&self, seen: &Seen, claims: &[Claim<'_>], keys: &PublicKeys) -> Finding {
        let differs = |claim: &Claim<'_>| Some(claim.previous.hash) != seen.hash();
        if matches!(seen.state, State::Unreadable) {
            return (Status::Unverifiable, Some("unreadable"));
        }
        if claims.iter().any(|claim| claim.signed && differs(claim)) {
            return (Status::Modified, Some("differs_from_next"));
        }
        let (digest, hash, signature) = match &seen.state {
            State::Said {
                digest,
                hash,
                signature,
            } => (digest, *hash, signature),
            State::Broken { fault, .. } => return (Status::Modified, Some(fault.reason)),
            State::Unreadable => return (Status::Unverifiable, Some("unreadable")),
        };
        if digest.account_id != self.account_id
            || self.tail_of(&digest.object) != Some(seen.tail.as_str())
        {
            return (Status::Modified, Some("moved"));
        }
        match proof(digest, hash, signature, claims, keys) {
            Proof::Holds => (Status::Verified, None),
            Proof::Fails => (Status::InvalidSignature, None),
            Proof::Lacks(_) if claims.iter().any(differs) => {
                (Status::Modified, Some("differs_from_next"))
            }
            Proof::Lacks(reason) if claims.is_empty() => (Status::Unverifiable, Some(reason)),
            Proof::Lacks(reason) => (Status::HashMatchesUnsigned, Some(reason)),
        }
    }

    fn trusts(&self, findings: &[Finding]) -> Vec<Trust> {
        let trust = |(seen, finding): (&Seen, &Finding)| match finding.0 {
            Status::Verified => Trust::Signed,
            Status::HashMatchesUnsigned => Trust::Unsigned,
            Status::Unverifiable if seen.digest().is_some() => Trust::Unsigned,
            _ => Trust::None,
        };
        self.digests.iter().zip(findings).map(trust).collect()
    }

    fn verdicts(&self, findings: &[Finding], next: &BTreeMap<&str, Vec<usize>>) -> Vec<Verdict> {
        let verdict = |(seen, &(status, reason)): (&Seen, &Finding)| {
            // What is signed needs no other ground.
            let proven = status == Status::Verified;
            let next = next.get(seen.tail.as_str()).filter(|_| !proven);
            let after = next.and_then(|next| next.last());
            Verdict {
                kind: Kind::Digest,
                tail: seen.tail.clone(),
                status,
                reason,
                digest: after.and_then(|&at| Some(self.digests.get(at)?.tail.clone())),
                time: seen.digest().map(|digest| (digest.start, digest.end)),
                hash: seen.hash(),
            }
        };
        self.digests.iter().zip(findings).map(verdict).collect()
    }
}

/// What a later digest says of one.
struct Claim<'a> {
    previous: &'a Previous,
    /// Whether it was signed by `CloudTrail`.
    signed: bool,
}

impl<'a> Claim<'a> {
    /// What a digest says that was judged so; nothing if it is not what was delivered.
    fn of(next: &'a Seen, (status, _): Finding) -> Option<Self> {
        let signed = match status {
            Status::Verified => true,
            Status::HashMatchesUnsigned | Status::Unverifiable => false,
            _ => return None,
        };
        Some(Self {
            previous: next.digest()?.previous.as_ref()?,
            signed,
        })
    }
}

/// Whether a digest is signed.
enum Proof {
    Holds,
    Fails,
    /// What it takes to tell is not there.
    Lacks(&'static str),
}

fn proof(
    digest: &Digest,
    hash: Hash,
    signature: &Signature,
    claims: &[Claim<'_>],
    keys: &PublicKeys,
) -> Proof {
    if digest.signature_algorithm != ALGORITHM {
        return Proof::Lacks("unknown_algorithm");
    }
    let Some(key) = keys.get(&digest.fingerprint) else {
        return Proof::Lacks("no_public_key");
    };
    let message = string_to_sign(digest, hash);
    match signature {
        Signature::Given { algorithm, .. } if algorithm != ALGORITHM => {
            Proof::Lacks("unknown_algorithm")
        }
        Signature::Given { digits, .. } if is_signed(key, &message, digits) => Proof::Holds,
        Signature::Given { .. } => Proof::Fails,
        Signature::Absent => {
            let confirms = |claim: &Claim<'_>| is_signed(key, &message, &claim.previous.signature);
            if claims.iter().any(confirms) {
                Proof::Holds
            } else if claims.iter().any(|claim| claim.signed) {
                Proof::Fails
            } else {
                Proof::Lacks("no_signature")
            }
        }
    }
}
