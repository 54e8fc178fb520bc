//! The actions of one bucket: entries in, a table of all of them or a summary per service out.

use std::collections::{BTreeMap, BTreeSet};

use curtail_analyze::Bucket;
use serde::Serialize;

use super::bar::{label, meaning};
use super::{cut, day_or_never, level, to_count};
use crate::options::ListLimits;
use crate::review::ActionEntry;
use crate::text::grouped;

/// The actions of one bucket of an agent's role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::render) struct Group {
    bucket: &'static str,
    label: &'static str,
    meaning: &'static str,
    count: i64,
    /// Whether the table shows uses, or where the grant comes from.
    shows_use: bool,
    /// Each action, by why it stands here; empty where the list is summed up.
    parts: Vec<Part>,
    /// Each service; empty where the list is printed whole.
    services: Vec<ServiceLine>,
    more_services: usize,
    more_actions: usize,
}

/// Actions that stand in their bucket for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Part {
    reason: String,
    actions: Vec<ActionLine>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ActionLine {
    action: String,
    access_level: String,
    calls: Vec<i64>,
    last_used: String,
    granted_by: Vec<String>,
    flags: Vec<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ServiceLine {
    service: String,
    count: i64,
    levels: Vec<String>,
    names: Vec<String>,
    more: usize,
}

/// The group of one bucket; none if the bucket is empty.
pub(super) fn group(
    bucket: Bucket,
    actions: &[ActionEntry],
    windows: &[u32],
    limits: &ListLimits,
) -> Option<Group> {
    let entries: Vec<&ActionEntry> = actions.iter().filter(|a| a.bucket == bucket).collect();
    if entries.is_empty() {
        return None;
    }
    let whole = entries.len() <= limits.whole_up_to;
    let (services, more_services, more_actions) = if whole {
        (Vec::new(), 0, 0)
    } else {
        services(&entries, limits)
    };
    let parts = if whole {
        parts(&entries, windows)
    } else {
        Vec::new()
    };
    Some(Group {
        bucket: bucket.as_str(),
        label: label(bucket),
        meaning: meaning(bucket),
        count: to_count(entries.len()),
        shows_use: matches!(bucket, Bucket::Used | Bucket::NonLegitimate),
        parts,
        services,
        more_services,
        more_actions,
    })
}

/// The parts, the largest first.
fn parts(entries: &[&ActionEntry], windows: &[u32]) -> Vec<Part> {
    let mut by_reason: BTreeMap<&str, Vec<ActionLine>> = BTreeMap::new();
    for entry in entries {
        let lines = by_reason.entry(&entry.reason).or_default();
        lines.push(line(entry, windows));
    }
    let mut parts: Vec<Part> = by_reason
        .into_iter()
        .map(|(reason, actions)| Part {
            reason: reason.to_owned(),
            actions,
        })
        .collect();
    parts.sort_by(|a, b| (b.actions.len(), &a.reason).cmp(&(a.actions.len(), &b.reason)));
    parts
}

fn line(entry: &ActionEntry, windows: &[u32]) -> ActionLine {
    let mut granted_by: Vec<String> = entry
        .granted_by
        .iter()
        .map(|by| by.policy.clone())
        .collect();
    granted_by.dedup();
    ActionLine {
        action: entry.action.clone(),
        access_level: level(&entry.access_level).to_owned(),
        calls: windows
            .iter()
            .map(|days| entry.calls.get(days).copied().unwrap_or_default())
            .collect(),
        last_used: day_or_never(entry.last_used),
        granted_by,
        flags: entry
            .flags
            .iter()
            .filter_map(|flag| flag_text(flag))
            .collect(),
    }
}

/// A flag in words; none where the bucket or the reason says it already.
fn flag_text(flag: &str) -> Option<&'static str> {
    match flag {
        "possible" => Some("possible use"),
        "unattributed_use" => Some("unattributed calls use it"),
        "mixed" => Some("also outside its work"),
        "inherited" => Some("also there by a binding above it"),
        "unobservable" => Some("not fully observable"),
        "shared_policy" => Some("from a shared policy"),
        "undecided_grant" => Some("a condition decides"),
        "not_in_catalog" => Some("not in the catalog"),
        _ => None,
    }
}

fn services(entries: &[&ActionEntry], limits: &ListLimits) -> (Vec<ServiceLine>, usize, usize) {
    let mut by_service: BTreeMap<&str, Vec<&ActionEntry>> = BTreeMap::new();
    for entry in entries {
        by_service.entry(&entry.service).or_default().push(entry);
    }
    let mut lines: Vec<ServiceLine> = by_service
        .into_iter()
        .map(|(service, entries)| service_line(service, &entries, limits))
        .collect();
    lines.sort_by(|a, b| (b.count, &a.service).cmp(&(a.count, &b.service)));
    let all = to_count(entries.len());
    let (lines, more) = cut(lines, limits.services);
    let shown: i64 = lines.iter().map(|line| line.count).sum();
    (
        lines,
        more,
        usize::try_from(all - shown).unwrap_or_default(),
    )
}

fn service_line(service: &str, entries: &[&ActionEntry], limits: &ListLimits) -> ServiceLine {
    let mut levels: BTreeMap<&str, i64> = BTreeMap::new();
    for entry in entries {
        *levels.entry(level(&entry.access_level)).or_default() += 1;
    }
    let names: BTreeSet<&str> = entries.iter().map(|entry| entry.action.as_str()).collect();
    let names = names.into_iter().map(ToOwned::to_owned).collect();
    let (names, more) = cut(names, limits.names_per_service);
    ServiceLine {
        service: service.to_owned(),
        count: to_count(entries.len()),
        levels: levels
            .into_iter()
            .map(|(level, number)| format!("{} {level}", grouped(number)))
            .collect(),
        names,
        more,
    }
}
