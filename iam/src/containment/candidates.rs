//! Values of condition keys that are worth a try: documents in, values by key out.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::document::{Condition, Document, ResourceElement};
use crate::evaluate::{Comparison, Operator};

/// Values of each type that a policy rarely names, the first one least of all.
const GENERAL: [&str; 9] = [
    "w",
    "v",
    "true",
    "false",
    "203.0.113.77",
    "0",
    "9999999999",
    "1970-01-02",
    "9999-12-30",
];

/// The most values that are tried for one key; chosen.
const MOST_VALUES: usize = 60;

/// Values to try by lower-case key; an empty list leaves the key out of the request.
pub(super) struct Candidates(BTreeMap<String, Vec<Vec<String>>>);

impl Candidates {
    /// Gathers what the documents name.
    pub(super) fn of<'a>(documents: impl Iterator<Item = &'a Document>) -> Self {
        let mut values: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
        for statement in documents.flat_map(|document| &document.statements) {
            for condition in &statement.conditions {
                let key = condition.key.to_ascii_lowercase();
                values.entry(key).or_default().extend(named(condition));
                for key in condition.values.iter().flat_map(|value| keys_in(value)) {
                    values.entry(key).or_default();
                }
            }
            let resources: &[String] = match &statement.resources {
                ResourceElement::Resource(listed) | ResourceElement::NotResource(listed) => listed,
                ResourceElement::Absent => &[],
            };
            for key in resources.iter().flat_map(|pattern| keys_in(pattern)) {
                values.entry(key).or_default();
            }
        }
        for listed in values.values_mut() {
            complete(listed);
        }
        Self(values)
    }

    /// The values to try for a key, if a document asks about it.
    pub(super) fn get(&self, key: &str) -> Option<&[Vec<String>]> {
        self.0.get(key).map(Vec::as_slice)
    }

    /// One value of a key, the first that no policy names at turn 0.
    pub(super) fn value(&self, key: &str, turn: usize) -> String {
        let general = GENERAL.first().map(|&value| vec![value.to_owned()]);
        let listed = self.0.get(key).map(Vec::as_slice).unwrap_or_default();
        let single = general
            .iter()
            .chain(listed)
            .filter_map(|values| match values.as_slice() {
                [single] => Some(single.clone()),
                _ => None,
            });
        single.cycle().nth(turn).unwrap_or_default()
    }
}

/// Adds general values, pairs for keys with several values, and none; leaves out what stands twice.
fn complete(listed: &mut Vec<Vec<String>>) {
    listed.truncate(MOST_VALUES);
    let singles: Vec<String> = listed.iter().flatten().cloned().collect();
    listed.extend(GENERAL.iter().map(|&value| vec![value.to_owned()]));
    listed.push(Vec::new());
    let strange = GENERAL.first().map(|&value| value.to_owned());
    for value in &singles {
        listed.extend(
            strange
                .iter()
                .map(|other| vec![value.clone(), other.clone()]),
        );
    }
    for pair in singles.windows(2) {
        listed.push(pair.to_vec());
    }
    let mut seen = BTreeSet::new();
    listed.retain(|values| seen.insert(values.clone()));
}

/// The keys of the variables in a text.
fn keys_in(text: &str) -> Vec<String> {
    let opened = text.split("${").skip(1);
    let names = opened.filter_map(|rest| rest.split(['}', ',']).next());
    names.map(|name| name.trim().to_ascii_lowercase()).collect()
}

/// The values that a condition names, and their neighbours where they have an order.
fn named(condition: &Condition) -> Vec<Vec<String>> {
    let comparison = Operator::parse(&condition.operator).map(|operator| operator.comparison);
    let mut values = Vec::new();
    for value in condition
        .values
        .iter()
        .filter(|value| !value.contains("${"))
    {
        match comparison {
            Some(Comparison::TextLike | Comparison::Arn) => {
                values.push(value.replace(['*', '?'], "w"));
                values.push(value.replace('*', "").replace('?', "w"));
            }
            Some(Comparison::TextIgnoringCase) => {
                values.push(value.clone());
                values.push(value.to_uppercase());
            }
            Some(Comparison::Address) => values.extend(edges(value)),
            Some(Comparison::Number(_) | Comparison::Date(_)) => {
                values.push(value.clone());
                let beside = value.parse::<i64>().ok().into_iter().flat_map(|number| {
                    let less = number.saturating_sub(1);
                    let between = [format!("{less}.5"), format!("{number}.5")];
                    [number.saturating_add(1), less]
                        .map(|number| number.to_string())
                        .into_iter()
                        .chain(between)
                });
                values.extend(beside);
            }
            _ => values.push(value.clone()),
        }
    }
    values.into_iter().map(|value| vec![value]).collect()
}

/// The first and last address of a network and those just outside.
fn edges(network: &str) -> Vec<String> {
    let (address, length) = network.split_once('/').unwrap_or((network, ""));
    let Ok(address) = address.parse::<IpAddr>() else {
        return Vec::new();
    };
    let (bits, width): (u128, u32) = match address {
        IpAddr::V4(address) => (address.to_bits().into(), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    };
    let length = length.parse::<u32>().unwrap_or(width).min(width);
    let hosts = match width - length {
        128 => u128::MAX,
        free => (1_u128 << free) - 1,
    };
    let first = bits & !hosts;
    let last = first | hosts;
    let whole = if width == 32 {
        u128::from(u32::MAX)
    } else {
        u128::MAX
    };
    let outside = [last.checked_add(1), first.checked_sub(1)];
    let outside = outside.into_iter().flatten().filter(|bits| *bits <= whole);
    let written = |bits: u128| match u32::try_from(bits) {
        Ok(bits) if width == 32 => IpAddr::from(bits.to_be_bytes()).to_string(),
        _ => IpAddr::from(bits.to_be_bytes()).to_string(),
    };
    [first, last]
        .into_iter()
        .chain(outside)
        .map(written)
        .collect()
}
