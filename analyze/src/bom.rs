//! An agent's bill of materials as `CycloneDX`: rows of the view `agent_materials` in, a JSON document out.
//!
//! Models are components of type `machine-learning-model`, data stores of type `data`; tools are services. Roles,
//! bindings, patterns, owners, networks and regions have no type of their own there, and are properties of the agent
//! itself, which is the component that the document is about. Each part says whether it was declared and whether it was
//! seen, from when to when.
//! Source: OWASP `CycloneDX` v1.6 JSON Reference.
//!
//! INVARIANT: the document is a function of its input: parts are sorted, the serial number is made from the content's
//! names, and the time is the review's.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::Error;
use crate::agents::Agent;
use crate::engine::Engine;
use crate::findings::hex;
use crate::read::Columns;

/// One part of an agent, as declared and as observed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Material {
    /// The agent.
    pub agent: String,
    /// What it is: `role`, `tool`, `model`, `data_store`, ...; see the view `agent_materials`.
    pub kind: String,
    /// Its name, ARN or pattern.
    pub item: String,
    /// Whether it was declared; none where the agent declares nothing of the kind.
    pub declared: Option<bool>,
    /// Whether the lake shows it.
    pub observed: bool,
    /// When it was first seen.
    pub first_seen: Option<Timestamp>,
    /// When it was last seen.
    pub last_seen: Option<Timestamp>,
    /// How many calls of the review's window show it; 0 where that is not counted.
    pub calls: i64,
    /// What else is known of it.
    pub detail: Option<String>,
}

/// What a document is about, beside its parts.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The agent.
    pub agent: &'a Agent,
    /// The review's date.
    pub as_of: Timestamp,
    /// Names the input.
    pub run_id: &'a str,
}

/// The parts of every agent, by agent, kind and item.
///
/// # Errors
/// [`Error::View`] if the view fails, [`Error::Column`] if it does not give its columns.
pub async fn materials(engine: &Engine) -> Result<Vec<Material>, Error> {
    let mut materials = Vec::new();
    for batch in engine.view("agent_materials").await? {
        let columns = Columns {
            view: "agent_materials",
            batch: &batch,
        };
        let [agent, kind] = columns.text_columns(["agent", "kind"])?;
        let [item, detail] = columns.text_columns(["item", "detail"])?;
        // A truth value may be NULL here: as text it keeps that apart from false.
        let declared = columns.text("declared")?;
        let observed = columns.flag("observed")?;
        let [first_seen, last_seen] = columns.time_columns(["first_seen", "last_seen"])?;
        let calls = columns.number("calls")?;
        materials.extend(columns.rows().map(|row| Material {
            agent: agent.owned(row),
            kind: kind.owned(row),
            item: item.owned(row),
            declared: declared.get(row).map(|text| text == "true"),
            observed: observed.get(row),
            first_seen: first_seen.get(row),
            last_seen: last_seen.get(row),
            calls: calls.get(row),
            detail: detail.owned_option(row),
        }));
    }
    materials.sort();
    Ok(materials)
}

/// The document of one agent, in `CycloneDX` 1.6; `materials` may hold those of others.
#[must_use]
pub fn cyclonedx(subject: Subject<'_>, materials: &[Material]) -> Value {
    let agent = subject.agent;
    let mut own: Vec<&Material> = materials
        .iter()
        .filter(|material| material.agent == agent.name)
        .collect();
    own.sort();
    own.dedup_by(|a, b| (&a.kind, &a.item) == (&b.kind, &b.item));
    let of = |kinds: &[&str]| -> Vec<Value> {
        let wanted = own
            .iter()
            .filter(|material| kinds.contains(&material.kind.as_str()));
        wanted.map(|material| part(material)).collect()
    };
    let parts = own.iter().filter(|material| is_part(material));
    let refs: Vec<String> = parts.map(|material| reference(material)).collect();
    let about = format!("agent:{}", agent.name);
    let mut dependencies = vec![json!({"ref": about, "dependsOn": refs})];
    dependencies.extend(refs.iter().map(|part| json!({"ref": part})));
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": serial_number(subject),
        "version": 1,
        "metadata": {
            "timestamp": subject.as_of.to_string(),
            "tools": {"components": [{"type": "application", "name": "curtail", "version": env!("CARGO_PKG_VERSION")}]},
            "component": {
                "type": "application",
                "bom-ref": about,
                "name": agent.name,
                "description": agent.purpose,
                "properties": properties_of_agent(subject, &own),
            },
        },
        "components": of(&["model", "data_store"]),
        "services": of(&["tool"]),
        "dependencies": dependencies,
    })
}

/// Whether it stands as a component or service.
fn is_part(material: &Material) -> bool {
    ["model", "data_store", "tool"].contains(&material.kind.as_str())
}

fn reference(material: &Material) -> String {
    format!("{}:{}", material.kind, material.item)
}

fn part(material: &Material) -> Value {
    let (reference, properties) = (reference(material), properties(material));
    match material.kind.as_str() {
        "model" => {
            json!({"type": "machine-learning-model", "bom-ref": reference, "name": material.item,
            "properties": properties})
        }
        "data_store" => {
            json!({"type": "data", "bom-ref": reference, "name": material.item, "properties": properties})
        }
        _ => json!({"bom-ref": reference, "name": material.item, "properties": properties}),
    }
}

fn properties(material: &Material) -> Vec<Value> {
    let declared = match material.declared {
        Some(true) => "true",
        Some(false) => "false",
        None => "unknown",
    };
    let mut properties = vec![
        property("declared", declared),
        property("observed", &material.observed.to_string()),
        property("calls", &material.calls.to_string()),
    ];
    let times = [
        ("first_seen", material.first_seen),
        ("last_seen", material.last_seen),
    ];
    properties.extend(
        times
            .into_iter()
            .filter_map(|(name, time)| Some(property(name, &time?.to_string()))),
    );
    properties.extend(
        material
            .detail
            .as_deref()
            .map(|text| property("detail", text)),
    );
    properties
}

/// What is no part with a type of its own: a property per item, and of each whether it was declared and seen.
fn properties_of_agent(subject: Subject<'_>, own: &[&Material]) -> Vec<Value> {
    let mut properties = vec![property("run_id", subject.run_id)];
    properties.extend(
        subject
            .agent
            .environment
            .as_deref()
            .map(|environment| property("environment", environment)),
    );
    let mut items: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for material in own.iter().filter(|material| !is_part(material)) {
        let standing = match (material.declared, material.observed) {
            (Some(true), true) => "declared and observed",
            (Some(true), false) => "declared",
            (_, true) => "observed",
            (_, false) => "not known",
        };
        items
            .entry(&material.kind)
            .or_default()
            .push(format!("{} ({standing})", material.item));
    }
    for (kind, items) in items {
        properties.extend(items.iter().map(|item| property(kind, item)));
    }
    properties
}

fn property(name: &str, value: &str) -> Value {
    json!({"name": format!("curtail:{name}"), "value": value})
}

/// A UUID made from the run and the agent: the same input has the same number.
/// Source: RFC 9562, version 8.
fn serial_number(subject: Subject<'_>) -> String {
    let mut hash = Sha256::new();
    for part in [subject.run_id, subject.agent.name.as_str()] {
        hash.update(part.len().to_le_bytes());
        hash.update(part.as_bytes());
    }
    let mut bytes: Vec<u8> = hash.finalize().into_iter().take(16).collect();
    if let Some(byte) = bytes.get_mut(6) {
        *byte = (*byte & 0x0f) | 0x80;
    }
    if let Some(byte) = bytes.get_mut(8) {
        *byte = (*byte & 0x3f) | 0x80;
    }
    let digits = hex(&bytes);
    let cuts = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
    let groups: Vec<&str> = cuts
        .iter()
        .filter_map(|(from, to)| digits.get(*from..*to))
        .collect();
    format!("urn:uuid:{}", groups.join("-"))
}

#[cfg(test)]
mod tests;
