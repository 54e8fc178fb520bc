//! `curtail agents`: the agents with their bindings declared and observed, or a starting `agents.toml`.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

use anyhow::Context as _;
use curtail_analyze::bindings::{AgentBinding, agent_bindings};
use curtail_analyze::discovery::{Confidence, Sign, agents_toml, discover};
use curtail_analyze::{AgentsFile, Engine};

use super::{Context, analyze, bom, ingest, unwritten};
use crate::arguments::{AgentsArguments, Format};
use crate::exit::{Done, Failure};
use crate::output;

/// Lists the agents, discovers some, or prints the schema of their file.
pub(crate) async fn run(context: &Context<'_>, typed: &AgentsArguments) -> Result<Done, Failure> {
    if typed.schema {
        let mut out = output::stdout();
        out.write_all(curtail_analyze::agents::SCHEMA.as_bytes())
            .and_then(|()| out.flush())
            .map_err(unwritten)?;
        return Ok(Done::Whole);
    }
    if typed.discover {
        return write_discovered(context, typed).await;
    }
    if let Some(name) = &typed.bom {
        return bom::run(context, typed, name).await;
    }
    let (agents, options) = analyze::review(context, &typed.review)?;
    let lake = ingest::open(context).await?;
    let engine = Engine::open(&lake, &agents, &options)
        .await
        .map_err(Failure::failed)?;
    let bindings = agent_bindings(&engine).await.map_err(Failure::failed)?;
    list(context.common.format, &bindings).map_err(unwritten)?;
    Ok(Done::Whole)
}

/// Finds agents, whatever a file declares.
async fn write_discovered(context: &Context<'_>, typed: &AgentsArguments) -> Result<Done, Failure> {
    let options = analyze::options(context, &typed.review)?;
    if let Some(path) = &typed.out {
        refuse_to_overwrite(path, typed.force)?;
    }
    let lake = ingest::open(context).await?;
    let engine = Engine::open(&lake, &AgentsFile::absent(), &options)
        .await
        .map_err(Failure::failed)?;
    let mut signs = discover(&engine).await.map_err(Failure::failed)?;
    let least = Confidence::from(typed.confidence);
    if let Some(path) = &typed.out {
        write(path, typed.force, &agents_toml(&signs, least))?;
        return Ok(Done::Whole);
    }
    if context.common.format == Format::Text {
        let text = agents_toml(&signs, least);
        output::lines(text.lines().map(str::to_owned)).map_err(unwritten)?;
        return Ok(Done::Whole);
    }
    signs.retain(|sign| sign.confidence >= least);
    print_signs(context.common.format, &signs).map_err(unwritten)?;
    Ok(Done::Whole)
}

fn refuse_to_overwrite(path: &Path, force: bool) -> Result<(), Failure> {
    if force || !path.exists() {
        return Ok(());
    }
    Err(
        Failure::usage(anyhow::anyhow!("`{}` is there already", path.display()))
            .hint("name another file, or write over it with --force"),
    )
}

/// Writes a file; one that came to be there meanwhile is kept, too.
fn write(path: &Path, force: bool, text: &str) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    options
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("`{}` cannot be written", path.display()))
        .map_err(Failure::failed)
}

fn list(format: Format, bindings: &[AgentBinding]) -> io::Result<()> {
    if format == Format::Json {
        return output::json(&bindings);
    }
    let head = [
        "agent",
        "role",
        "declared",
        "observed",
        "calls",
        "sessions",
        "last call",
    ];
    let rows: Vec<Vec<String>> = bindings
        .iter()
        .map(|binding| {
            vec![
                binding.agent.clone(),
                binding.role_arn.clone(),
                binding.declared.clone(),
                binding.observed.clone().unwrap_or_default(),
                binding.calls.to_string(),
                binding.sessions.to_string(),
                binding
                    .last_call
                    .map(|time| time.to_string())
                    .unwrap_or_default(),
            ]
        })
        .collect();
    match format {
        Format::Csv => output::csv(&head, &rows),
        _ => output::table(&head, &rows),
    }
}

fn print_signs(format: Format, signs: &[Sign]) -> io::Result<()> {
    if format == Format::Json {
        return output::json(&signs);
    }
    let head = [
        "candidate",
        "role",
        "kind",
        "confidence",
        "evidence",
        "binding_key",
        "binding_value",
        "owners",
    ];
    let rows: Vec<Vec<String>> = signs
        .iter()
        .map(|sign| {
            let (key, value) = sign.binding.clone().unwrap_or_default();
            vec![
                sign.candidate.clone(),
                sign.role_arn.clone(),
                sign.kind.clone(),
                sign.confidence.as_str().to_owned(),
                sign.evidence.clone(),
                key,
                value,
                sign.owners.join(", "),
            ]
        })
        .collect();
    output::csv(&head, &rows)
}
