//! Resources that stand for a region: regions in, a few ARNs in them out.
//!
//! An example need not exist. It shows that a region is not empty, so it is of a type that the action
//! takes wherever the catalog tells the types.

use super::rule::Region;
use crate::arn::Arn;
use crate::index::{Format, Kind};
use crate::pattern::{Fit, Glob, ResourcePattern, Token};
use crate::policy::{Context, RolePolicies};

/// What a star of the last component stands for, one after the other.
const FILLERS: [&str; 4] = ["w", "w/w", "", "w:w"];

/// The most examples that are tried; chosen.
const MOST: usize = 256;

/// ARNs in the regions, some of them within the other patterns too; `*` for an action that takes no
/// resource.
pub(super) fn examples(
    regions: &[Region],
    others: &[&ResourcePattern],
    kind: Kind<'_>,
    partition: &str,
) -> Vec<String> {
    let mut found = Vec::new();
    for region in regions {
        match region {
            Region::NoResource => found.push("*".to_owned()),
            Region::Within(pattern) => found.extend(within(pattern, others, kind, partition)),
        }
        if found.len() >= MOST {
            break;
        }
    }
    found
}

fn within(
    region: &ResourcePattern,
    others: &[&ResourcePattern],
    kind: Kind<'_>,
    partition: &str,
) -> Vec<String> {
    let formats = match kind {
        Kind::Takes(formats) => formats,
        Kind::Unknown => &[],
    };
    let of_types = formats.iter().map(Format::pattern);
    let seeds = std::iter::once(region)
        .chain(of_types)
        .chain(others.iter().copied());
    seeds
        .flat_map(|seed| FILLERS.iter().map(|filler| filled(seed, partition, filler)))
        .filter(|arn| region.fits(arn) == Fit::Yes)
        .filter(|arn| formats.is_empty() || formats.iter().any(|format| format.fits(arn)))
        .take(MOST)
        .collect()
}

/// A text that the pattern matches; an ARN even where the pattern is a star.
fn filled(pattern: &ResourcePattern, partition: &str, filler: &str) -> String {
    if pattern.is_everything() {
        return format!("arn:{partition}:w:w:w:{filler}");
    }
    let components = pattern.components();
    let last = components.len().saturating_sub(1);
    let parts = components
        .iter()
        .enumerate()
        .map(|(place, glob)| match place {
            1 if glob.is_everything() => partition.to_owned(),
            place if place == last => text(glob, filler),
            _ => text(glob, "w"),
        });
    parts.collect::<Vec<_>>().join(":")
}

fn text(glob: &Glob, filler: &str) -> String {
    glob.tokens().iter().fold(String::new(), |mut text, step| {
        match step {
            Token::Char(character) => text.push(*character),
            Token::One => text.push('w'),
            Token::Any => text.push_str(filler),
        }
        text
    })
}

/// The partition that the role lives in: the role's own, else that of a policy's ARN, else that of a
/// resource pattern, else `aws`.
pub(super) fn partition(policies: &RolePolicies, known: &Context) -> String {
    let role = known
        .get("aws:principalarn")
        .and_then(|values| values.first());
    let all = || policies.identity.iter().chain(&policies.boundary);
    let arns = all().filter_map(|policy| policy.arn.as_ref());
    let resources = all()
        .flat_map(|policy| &policy.document.statements)
        .flat_map(|statement| match &statement.resources {
            crate::document::ResourceElement::Resource(patterns) => patterns.as_slice(),
            _ => &[],
        });
    let texts = role.into_iter().chain(arns).chain(resources);
    texts
        .filter_map(|text| Arn::parse(text).ok())
        .map(|arn| arn.partition)
        .find(|partition| partition.starts_with("aws") && !partition.contains(['*', '?', '$']))
        .unwrap_or("aws")
        .to_owned()
}
