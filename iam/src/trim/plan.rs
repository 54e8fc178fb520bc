//! What becomes of one statement of which some actions are cut on some resources.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::cut::Cut;
use super::edit::edit;
use super::edited_statement;
use super::relation::{Relation, is_everything, relation};
use super::removal::Removal;
use crate::document::{Document, ResourceElement, Statement};
use crate::index::ActionIndex;

/// Resources that an action keeps: listed ones, or all but some.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Left {
    Listed(Vec<String>),
    AllBut(Vec<String>),
}

/// A statement being cut.
struct Cutting<'a> {
    document: &'a Document,
    statement: &'a Statement,
    value: &'a Value,
    cuts: &'a [&'a Cut],
    index: &'a ActionIndex,
}

/// The statements that take the place of one, which all of the cuts touch.
pub(super) fn plan(
    document: &Document,
    statement: &Statement,
    value: &Value,
    cuts: &[&Cut],
    index: &ActionIndex,
) -> Vec<Value> {
    let cutting = Cutting {
        document,
        statement,
        value,
        cuts,
        index,
    };
    let by_action = cutting.by_action();
    match cutting.by_resource() {
        Some(by_resource) if cost(&by_resource) < cost(&by_action) => by_resource,
        _ => by_action,
    }
}

/// Fewer statements first, then fewer characters.
fn cost(statements: &[Value]) -> (usize, usize) {
    let lengths = statements.iter().map(|one| one.to_string().len());
    (statements.len(), lengths.sum())
}

impl Cutting<'_> {
    /// The statement without the actions cut, and these on what each keeps.
    fn by_action(&self) -> Vec<Value> {
        let mut by_action: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for cut in self.cuts {
            let of_action = by_action.entry(self.name(&cut.action)).or_default();
            of_action.push(&cut.resource);
        }
        let names: BTreeSet<String> = by_action.keys().cloned().collect();
        let mut groups: BTreeMap<Left, Vec<String>> = BTreeMap::new();
        for (name, resources) in by_action {
            let left = self.left(&resources);
            if left != Left::Listed(Vec::new()) {
                groups.entry(left).or_default().push(name);
            }
        }
        let rest = self.without(&names, self.value.clone());
        let moved = groups.into_iter().map(|(left, names)| {
            let placed = with_resources(self.value, &left);
            with_actions(&placed, &names)
        });
        rest.into_iter().chain(moved).collect()
    }

    /// The statement once for each set of resources of which the same actions are cut; `None` where
    /// resources are left out rather than listed.
    fn by_resource(&self) -> Option<Vec<Value>> {
        let ResourceElement::Resource(patterns) = &self.statement.resources else {
            return None;
        };
        let version = self.document.version;
        if patterns.iter().any(|one| is_everything(one, version)) {
            return None;
        }
        let mut groups: Vec<(BTreeSet<String>, Vec<String>)> = Vec::new();
        for pattern in patterns {
            let within =
                |cut: &&&Cut| relation(pattern, &cut.resource, version) == Relation::Within;
            let cut = self.cuts.iter().filter(within);
            let cut: BTreeSet<String> = cut.map(|cut| self.name(&cut.action)).collect();
            match groups.iter_mut().find(|(names, _)| *names == cut) {
                Some((_, held)) => held.push(pattern.clone()),
                None => groups.push((cut, vec![pattern.clone()])),
            }
        }
        let statements = groups.into_iter().filter_map(|(names, held)| {
            self.without(&names, with_resources(self.value, &Left::Listed(held)))
        });
        Some(statements.collect())
    }

    /// The statement without some actions.
    fn without(&self, names: &BTreeSet<String>, value: Value) -> Option<Value> {
        let removal = Removal::new(self.document, names, self.index);
        edited_statement(value, &edit(self.statement, &removal))
    }

    /// What an action keeps of which these resources are cut.
    fn left(&self, cut: &[&str]) -> Left {
        let version = self.document.version;
        let is_cut = |pattern: &str| {
            cut.iter()
                .any(|cut| relation(pattern, cut, version) == Relation::Within)
        };
        match &self.statement.resources {
            _ if is_cut("*") => Left::Listed(Vec::new()),
            ResourceElement::Resource(patterns)
                if patterns.iter().any(|one| is_everything(one, version)) =>
            {
                Left::AllBut(listed(&[], cut))
            }
            ResourceElement::Resource(patterns) => {
                let kept = patterns.iter().filter(|pattern| !is_cut(pattern));
                Left::Listed(kept.cloned().collect())
            }
            ResourceElement::NotResource(patterns) => Left::AllBut(listed(patterns, cut)),
            // Refused before.
            ResourceElement::Absent => Left::Listed(Vec::new()),
        }
    }

    /// The action as AWS writes it.
    fn name(&self, action: &str) -> String {
        let place = self.index.place(action);
        let entry = place.and_then(|place| self.index.entries().get(place));
        entry.map_or_else(|| action.to_owned(), |entry| entry.name.clone())
    }
}

/// Patterns and, after them, further ones, each once.
fn listed(patterns: &[String], more: &[&str]) -> Vec<String> {
    let mut listed = patterns.to_vec();
    let more: BTreeSet<&str> = more.iter().copied().collect();
    for pattern in more {
        if !listed.iter().any(|one| one == pattern) {
            listed.push(pattern.to_owned());
        }
    }
    listed
}

fn with_resources(statement: &Value, left: &Left) -> Value {
    let (key, patterns) = match left {
        Left::Listed(patterns) => ("Resource", patterns),
        Left::AllBut(patterns) => ("NotResource", patterns),
    };
    with_element(statement, ["Resource", "NotResource"], key, patterns)
}

fn with_actions(statement: &Value, names: &[String]) -> Value {
    with_element(statement, ["Action", "NotAction"], "Action", names)
}

/// The statement with one element in the place of another one. A list stays one; so does a single
/// value where it can.
fn with_element(statement: &Value, keys: [&str; 2], key: &str, texts: &[String]) -> Value {
    let Some(elements) = statement.as_object() else {
        return statement.clone();
    };
    let replaced = elements.iter().map(|(name, value)| {
        if !keys.contains(&name.as_str()) {
            return (name.clone(), value.clone());
        }
        let value = match (value, texts) {
            (Value::String(_), [single]) => Value::String(single.clone()),
            _ => Value::from(texts.to_vec()),
        };
        (key.to_owned(), value)
    });
    Value::Object(replaced.collect::<Map<String, Value>>())
}
