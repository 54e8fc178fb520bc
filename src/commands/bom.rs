//! `curtail agents --bom AGENT`: an agent's bill of materials.

use anyhow::anyhow;
use curtail_analyze::Engine;
use curtail_analyze::bom::{self, Subject};

use super::{Context, analyze, ingest, unwritten};
use crate::arguments::{AgentsArguments, Format};
use crate::exit::{Done, Failure};
use crate::output;

/// Prints the bill of materials of one agent: `CycloneDX` as JSON, else a part a line.
pub(crate) async fn run(
    context: &Context<'_>,
    typed: &AgentsArguments,
    name: &str,
) -> Result<Done, Failure> {
    let (agents, options) = analyze::review(context, &typed.review)?;
    let lake = ingest::open(context).await?;
    let engine = Engine::open(&lake, &agents, &options)
        .await
        .map_err(Failure::failed)?;
    let Some(agent) = engine.agents().iter().find(|agent| agent.name == name) else {
        return Err(Failure::usage(anyhow!("no agent is named `{name}`"))
            .hint("`curtail sql 'select agent from agents'` lists them"));
    };
    let materials = bom::materials(&engine).await.map_err(Failure::failed)?;
    let subject = Subject {
        agent,
        as_of: options.as_of,
        run_id: engine.run_id(),
    };
    let rows = || {
        materials
            .iter()
            .filter(|material| material.agent == agent.name)
            .map(cells)
            .collect::<Vec<_>>()
    };
    match context.common.format {
        Format::Json => output::json(&bom::cyclonedx(subject, &materials)),
        Format::Csv => output::csv(&HEAD, &rows()),
        Format::Text => output::table(&HEAD, &rows()),
    }
    .map_err(unwritten)?;
    Ok(Done::Whole)
}

const HEAD: [&str; 8] = [
    "kind",
    "item",
    "declared",
    "observed",
    "first_seen",
    "last_seen",
    "calls",
    "detail",
];

fn cells(material: &bom::Material) -> Vec<String> {
    let time = |time: Option<jiff::Timestamp>| time.map(|time| time.to_string());
    vec![
        material.kind.clone(),
        material.item.clone(),
        material
            .declared
            .map_or_else(String::new, |declared| declared.to_string()),
        material.observed.to_string(),
        time(material.first_seen).unwrap_or_default(),
        time(material.last_seen).unwrap_or_default(),
        material.calls.to_string(),
        material.detail.clone().unwrap_or_default(),
    ]
}
