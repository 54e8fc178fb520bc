//! One analysis from end to end: a lake and the agents in, the [`Analysis`] out, its results kept in the lake.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::RecordBatch;
use curtail_iam::catalog::Catalog;
use curtail_ingest::{Lake, LakeTable, Progress};

use crate::agents::Agent;
use crate::analysis::Analysis;
use crate::engine::Engine;
use crate::findings::Claims;
use crate::grants::{self, Granted};
use crate::options::Options;
use crate::{AgentsFile, Error, findings, read, store};

/// Steps that progress is told of.
const STEPS: u64 = 16;

/// Measures what the agents were granted and what they exercised, as of `options.as_of`.
///
/// Writes the lake's tables `grants`, `usage` and `findings`, each only where it differs. A lake without events or
/// snapshots, and an agent whose role the snapshot lacks, give an analysis that says so.
///
/// # Errors
/// [`Error::Window`] for options that cannot be meant, [`Error::Lake`] if the lake cannot be read or written,
/// [`Error::View`] if a query fails.
pub async fn analyze(
    lake: &Lake,
    agents: &AgentsFile,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Analysis, Error> {
    progress.begin("analyze", Some(STEPS));
    let analysis = steps(lake, agents, options, progress).await;
    progress.finish();
    analysis
}

async fn steps(
    lake: &Lake,
    agents: &AgentsFile,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Analysis, Error> {
    let engine = Engine::open(lake, agents, options).await?;
    progress.advance(1);
    let granted = granted(&engine).await?;
    store::replace(lake, LakeTable::Grants, granted.rows.clone()).await?;
    engine
        .replace(LakeTable::Grants, granted.rows.clone())
        .await?;
    progress.advance(1);
    let usage = store::rows_of_view(LakeTable::Usage, &engine.view("usage_rollup").await?)?;
    store::replace(lake, LakeTable::Usage, usage).await?;
    progress.advance(1);
    let analysis = read_all(&engine, granted, options, progress).await?;
    store::replace_findings(lake, &analysis.run_id, analysis.as_of, &analysis.findings).await?;
    progress.advance(1);
    Ok(analysis)
}

/// What the roles may do that agents are bound to or that were used in the window.
async fn granted(engine: &Engine) -> Result<Granted, Error> {
    let mut roles: BTreeSet<String> = engine.exercised_roles().await?.into_iter().collect();
    roles.extend(
        engine
            .agents()
            .iter()
            .flat_map(|agent| agent.bindings.iter().map(|binding| binding.role.clone())),
    );
    let inventory = Arc::clone(engine.inventory());
    let agents = engine.agents().to_vec();
    let work = tokio::task::spawn_blocking(move || grants::granted(&inventory, &agents, &roles));
    work.await
        .map_err(|error| Error::Worker { source: error })?
}

async fn read_all(
    engine: &Engine,
    granted: Granted,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Analysis, Error> {
    let window_days = options.window_days;
    let views = Views { engine, progress };
    let actions = read::action_rows(&views.rows("buckets").await?, window_days)?;
    let counts = read::counts(&views.rows("counts").await?)?;
    let non_legitimate = read::non_legitimate(&views.rows("non_legitimate").await?)?;
    let signals = read::signals(&views.rows("signals").await?)?;
    let claims = Claims {
        actions: &actions,
        counts: &counts,
        non_legitimate: &non_legitimate,
        signals: &signals,
        rules: engine.rules(),
        window_days,
    };
    let mut findings = findings::findings(&claims);
    let differences = views.rows("recertify").await?;
    findings.extend(findings::recertify(&differences, engine.agents())?);
    findings::sort(&mut findings);
    Ok(Analysis {
        run_id: engine.run_id().to_owned(),
        as_of: options.as_of,
        window_days,
        windows: engine
            .windows()
            .iter()
            .map(|window| window.length_days)
            .collect(),
        table_versions: engine.table_versions().clone(),
        catalog_version: Catalog::embedded().version().version.clone(),
        agents: with_problems(engine.agents(), engine),
        findings,
        roles: granted.roles,
        actions,
        counts,
        replay: read::replay(&views.rows("replay").await?)?,
        baselines: read::baselines(&views.rows("baselines").await?)?,
        attempted: read::attempted(&views.rows("denied_attempts").await?)?,
        unattributed: read::unattributed(&views.rows("unattributed").await?)?,
        unmapped: read::unmapped(&views.rows("unmapped_events").await?)?,
        coverage: read::coverage(&views.rows("window_coverage").await?, window_days)?,
        integrity: read::integrity(&views.rows("integrity").await?, window_days)?,
        non_legitimate,
        signals,
        policy_problems: granted.problems,
        missing_parts: read::missing_parts(&views.rows("missing_parts").await?)?,
        quarantined: engine.quarantined().await?,
    })
}

/// The views of an engine, and who is told that one was read.
struct Views<'a> {
    engine: &'a Engine,
    progress: &'a dyn Progress,
}

impl Views<'_> {
    async fn rows(&self, view: &str) -> Result<Vec<RecordBatch>, Error> {
        let rows = self.engine.view(view).await?;
        self.progress.advance(1);
        Ok(rows)
    }
}

/// The agents, each with what keeps the analysis from saying all about it.
fn with_problems(agents: &[Agent], engine: &Engine) -> Vec<Agent> {
    let missing = |agent: &Agent| -> BTreeSet<String> {
        let roles = agent.bindings.iter().map(|binding| &binding.role);
        roles
            .filter(|role| engine.inventory().role(role).is_none())
            .map(|role| format!("role not in snapshot: {role}"))
            .collect()
    };
    agents
        .iter()
        .map(|agent| Agent {
            problems: missing(agent).into_iter().collect(),
            ..agent.clone()
        })
        .collect()
}
