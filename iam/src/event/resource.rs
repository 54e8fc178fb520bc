//! Resources of a call: an action and its record in, the ARNs that it was used on out.
//!
//! The table `data/templates.tsv` names, for each kind of resource, the parameters (or what the
//! response says) that spell its ARN, in this order of preference:
//!
//! 1. an ARN of the record's `resources` that the parameters spell as well;
//! 2. one that the parameters spell and that lies inside one of `resources`: an index of a table,
//!    an alias of a function;
//! 3. the ARNs of `resources` that are of a kind that the action takes;
//! 4. what the parameters spell for kinds that `resources` has none of;
//! 5. if all of that gives nothing, the one ARN among the parameters that fits.
//!
//! A call may be on several: all are told, up to a hundred. Where the catalog says that every use
//! of the action needs a kind, and the record proves none of it beside others, `*` stands at the
//! end. Where the record proves nothing, `*` stands alone.
//! Source: Service Authorization Reference, "Resource types defined by …"; AWS CloudTrail User
//! Guide, "`CloudTrail` record contents" (`resources`).
//!
//! INVARIANT: an ARN is given only if the record holds every part of it, unless the basis says that
//! a part is assumed. No text of a record turns into a wildcard.

mod form;
mod kind;
mod kinds;
mod path;
mod row;
mod text;

use super::denial::ARN_LIMIT_BYTES;
use super::request::Request;
use super::{ANY_RESOURCE, ResourceBasis};
use kind::Kind;
pub(super) use kinds::Kinds;
use path::VALUE_LIMIT;
use text::is_plain_arn;
pub(super) use text::reads_as_pattern;

/// What an action was used on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Resources {
    /// At least one.
    pub(super) arns: Vec<String>,
    pub(super) basis: ResourceBasis,
}

impl Resources {
    /// One that parameters name.
    pub(super) fn named(arn: String) -> Self {
        Self {
            arns: vec![arn],
            basis: ResourceBasis::Parameters,
        }
    }

    /// What the record does not prove.
    pub(super) fn unknown() -> Self {
        Self {
            arns: vec![ANY_RESOURCE.to_owned()],
            basis: ResourceBasis::Unknown,
        }
    }
}

/// The ARNs found so far.
#[derive(Debug, Default)]
struct Found {
    arns: Vec<Proven>,
    /// Whether something is named that is not proven.
    gaps: bool,
}

/// An ARN and the kind that it was found for.
#[derive(Debug)]
struct Proven {
    arn: String,
    kind: usize,
    /// Whether a part of it is the usual one, and not proven.
    assumed: bool,
    /// Whether the record lists it.
    is_recorded: bool,
}

impl Found {
    fn add(&mut self, found: Proven) {
        if self.arns.iter().any(|known| known.arn == found.arn) {
            return;
        }
        if self.arns.len() >= VALUE_LIMIT || found.arn.len() > ARN_LIMIT_BYTES {
            self.gaps = true;
            return;
        }
        self.arns.push(found);
    }
}

/// The resources of these kinds that the call was made on.
pub(super) fn of(kinds: &Kinds, request: &Request<'_>) -> Resources {
    if kinds.all.is_empty() {
        return Resources {
            basis: ResourceBasis::TakesNone,
            ..Resources::unknown()
        };
    }
    let mut found = Found::default();
    for (index, kind) in kinds.all.iter().enumerate() {
        kind.build(index, request, &mut found);
    }
    found.gaps |= has_strangers(kinds, request);
    merge_recorded(kinds, request, &mut found);
    drop_outer(kinds, &mut found);
    found.gaps |= goes_on_elsewhere(request, &found);
    if found.arns.is_empty() {
        let only = (!kinds.is_divided && !found.gaps).then(|| only_parameter(kinds, request));
        return only
            .flatten()
            .map_or_else(Resources::unknown, Resources::named);
    }
    finish(kinds, found)
}

/// Whether a text that tells its kind by its start is of none that is known.
fn has_strangers(kinds: &Kinds, request: &Request<'_>) -> bool {
    kinds.guards.iter().any(|(path, starts)| {
        let texts = path.read(request);
        let is_known = |text: &str| starts.iter().any(|start| text.starts_with(start));
        texts.iter().any(|text| !is_known(text))
    })
}

/// Whether a model is called by way of a profile: the model in each Region that the profile leads to is needed too,
/// and the record does not name it.
/// Source: Amazon Bedrock User Guide, "Prerequisites for inference profiles".
fn goes_on_elsewhere(request: &Request<'_>, found: &Found) -> bool {
    let invokes = ["Invoke", "Converse", "StartAsyncInvoke"]
        .iter()
        .any(|verb| request.name.starts_with(verb));
    let is_profile = |one: &Proven| one.arn.contains("inference-profile/");
    request.prefix == "bedrock" && invokes && found.arns.iter().any(is_profile)
}

/// Holds what the parameters spell against what the record lists.
fn merge_recorded(kinds: &Kinds, request: &Request<'_>, found: &mut Found) {
    let listed = request.record_arns();
    let fitting = listed
        .iter()
        .map(AsRef::as_ref)
        .filter(|arn| kinds.fits(arn));
    let recorded: Vec<&str> = fitting.collect();
    if recorded.is_empty() {
        return;
    }
    let kind_fits = |kind: usize, arn: &str| {
        let kind = kinds.all.get(kind);
        kind.is_some_and(|kind| kind.shape.fits(arn))
    };
    found.arns.retain_mut(|one| {
        one.is_recorded = recorded.contains(&one.arn.as_str());
        let is_inside = |outer: &&str| is_inside(&one.arn, outer);
        one.is_recorded
            || recorded.iter().any(is_inside)
            || !recorded.iter().any(|arn| kind_fits(one.kind, arn))
    });
    let told: Vec<usize> = found.arns.iter().map(|one| one.kind).collect();
    for arn in recorded {
        if told.iter().any(|kind| kind_fits(*kind, arn)) {
            continue;
        }
        let kind = kinds.all.iter().position(|kind| kind.shape.fits(arn));
        if reads_as_pattern(arn) {
            found.gaps = true;
        } else if let Some(kind) = kind {
            found.add(Proven {
                arn: arn.to_owned(),
                kind,
                assumed: false,
                is_recorded: true,
            });
        }
    }
}

fn is_inside(inner: &str, outer: &str) -> bool {
    let rest = inner.strip_prefix(outer);
    rest.is_some_and(|rest| rest.starts_with(['/', ':']))
}

/// Drops tables whose index the call is on.
fn drop_outer(kinds: &Kinds, found: &mut Found) {
    if found.arns.len() < 2 || kinds.inner_and_outer.is_empty() {
        return;
    }
    let is_dropped = |one: &Proven| {
        let inner = |other: &Proven| {
            kinds.inner_and_outer.contains(&(other.kind, one.kind))
                && is_inside(&other.arn, &one.arn)
        };
        found.arns.iter().any(inner)
    };
    let dropped: Vec<bool> = found.arns.iter().map(is_dropped).collect();
    let mut dropped = dropped.into_iter();
    found.arns.retain(|_| !dropped.next().unwrap_or_default());
}

/// The one ARN among the parameters that is of a kind that the action takes.
fn only_parameter(kinds: &Kinds, request: &Request<'_>) -> Option<String> {
    let texts = request.parameters().texts();
    let mut fitting = texts.filter(|text| is_plain_arn(text) && kinds.fits(text));
    let first = fitting.next()?;
    fitting
        .all(|other| other == first)
        .then(|| first.into_owned())
}

fn finish(kinds: &Kinds, found: Found) -> Resources {
    let has = |index: usize| found.arns.iter().any(|one| one.kind == index);
    let is_missed = |(index, kind): (usize, &Kind)| {
        let stand_ins = kinds.stand_ins.get(index).into_iter().flatten();
        kind.required && !has(index) && !stand_ins.copied().any(has)
    };
    let gaps = found.gaps || kinds.all.iter().enumerate().any(is_missed);
    let basis = if found.arns.iter().any(|one| one.assumed) {
        ResourceBasis::AssumedPath
    } else if gaps {
        ResourceBasis::Partial
    } else if found.arns.iter().all(|one| one.is_recorded) {
        ResourceBasis::Record
    } else {
        ResourceBasis::Parameters
    };
    let mut arns: Vec<String> = found.arns.into_iter().map(|one| one.arn).collect();
    if gaps {
        arns.push(ANY_RESOURCE.to_owned());
    }
    Resources { arns, basis }
}

#[cfg(test)]
mod tests;
