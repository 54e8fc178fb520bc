//! Every view of `queries/`, in an order in which each comes after those that it reads.

use std::sync::Arc;

use datafusion::catalog::view::ViewTable;
use datafusion::datasource::TableProvider;
use datafusion::prelude::SessionContext;

use super::kept::KeptView;
use crate::Error;

/// One SELECT of `queries/`, registered as a view under the name of its file.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// Name of the view and of its file.
    pub name: &'static str,
    /// The file, head comment included.
    pub sql: &'static str,
    /// Whether several views read it, so that its rows are made once and kept.
    pub(crate) keep: bool,
    /// Whether it reads the table `grants`, itself or through another view.
    pub(crate) reads_grants: bool,
    /// When it can be planned.
    pub(crate) stage: Stage,
}

/// What has to be there before a view can be planned, from first to last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The tables of the lake.
    Documents,
    /// The reference tables made from the snapshot.
    Roles,
    /// The reference tables made from the agents.
    Agents,
    /// The legitimacy rules.
    Rules,
    /// The tables of what the roles of the agents come to.
    Reach,
    /// The tables that Rust makes of the snapshot's policies, some of them from other views.
    Computed,
}

/// A view whose rows are made whenever they are asked for.
macro_rules! view {
    ($name:literal) => {
        View {
            name: $name,
            sql: include_str!(concat!("../../../queries/", $name, ".sql")),
            keep: false,
            reads_grants: false,
            stage: Stage::Rules,
        }
    };
}

/// A view whose rows are made once.
macro_rules! kept {
    ($name:literal) => {
        View {
            keep: true,
            ..view!($name)
        }
    };
}

/// A view that can be planned earlier than most.
macro_rules! at {
    ($stage:expr, $view:expr) => {
        View {
            stage: $stage,
            ..$view
        }
    };
}

/// A view that shows what roles may do.
macro_rules! of_grants {
    ($view:expr) => {
        View {
            reads_grants: true,
            ..$view
        }
    };
}

/// Every view, each after those that it reads.
pub const VIEWS: &[View] = &[
    at!(Stage::Documents, view!("current_snapshots")),
    at!(Stage::Documents, view!("missing_parts")),
    at!(Stage::Documents, view!("event_actions")),
    at!(Stage::Roles, kept!("role_records")),
    at!(Stage::Roles, kept!("cross_account_copies")),
    at!(Stage::Roles, view!("role_calls")),
    at!(Stage::Roles, view!("exercised_roles")),
    at!(Stage::Agents, view!("issue_records")),
    at!(Stage::Agents, kept!("issued_sessions")),
    at!(Stage::Agents, kept!("session_links")),
    at!(Stage::Agents, kept!("sessions")),
    at!(Stage::Agents, kept!("principals")),
    at!(Stage::Agents, view!("observed_compute")),
    at!(Stage::Agents, kept!("attribution")),
    at!(Stage::Agents, view!("credentials")),
    at!(Stage::Agents, view!("agent_bindings")),
    at!(Stage::Agents, view!("discovered_agents")),
    at!(Stage::Agents, kept!("calls")),
    at!(Stage::Agents, kept!("watched_calls")),
    at!(Stage::Agents, kept!("declared_work")),
    at!(Stage::Agents, kept!("daily_uses")),
    at!(Stage::Agents, kept!("credential_uses")),
    at!(Stage::Agents, kept!("baselines")),
    kept!("legitimacy"),
    view!("signals"),
    kept!("uses"),
    kept!("exercised"),
    kept!("attempted"),
    view!("usage_rollup"),
    view!("replay"),
    view!("non_legitimate"),
    view!("unattributed"),
    view!("unmapped_events"),
    view!("coverage"),
    kept!("window_coverage"),
    kept!("confidence"),
    view!("integrity"),
    of_grants!(view!("granted")),
    of_grants!(kept!("observability")),
    of_grants!(kept!("needs")),
    of_grants!(view!("unread")),
    at!(Stage::Reach, kept!("role_bindings")),
    at!(Stage::Reach, view!("reach")),
    at!(Stage::Reach, view!("escalations")),
    at!(Stage::Reach, of_grants!(view!("inherited"))),
    at!(Stage::Reach, of_grants!(view!("gap"))),
    at!(Stage::Reach, of_grants!(kept!("buckets"))),
    at!(Stage::Reach, of_grants!(view!("counts"))),
    of_grants!(view!("denied_attempts")),
    at!(Stage::Reach, view!("level_weights")),
    at!(Stage::Reach, of_grants!(kept!("excess_actions"))),
    at!(Stage::Reach, of_grants!(view!("excess_index"))),
    at!(Stage::Reach, of_grants!(view!("excess_trend"))),
    at!(Stage::Reach, view!("excess_reviews")),
    at!(Stage::Reach, view!("reachable_roles")),
    at!(Stage::Reach, of_grants!(view!("blast_radius"))),
    // These are kept one by one although few read them: in one plan their many aggregates would have to share the memory.
    at!(Stage::Reach, kept!("workloads")),
    at!(Stage::Reach, kept!("workload_agents")),
    at!(Stage::Reach, kept!("invocations")),
    at!(Stage::Reach, view!("invocation_calls")),
    at!(Stage::Reach, kept!("issue_scopes")),
    at!(Stage::Reach, kept!("agent_sessions")),
    at!(Stage::Reach, kept!("binding_patterns")),
    at!(Stage::Reach, kept!("propagation_patterns")),
    at!(Stage::Reach, kept!("touched")),
    at!(Stage::Reach, kept!("agent_places")),
    at!(Stage::Reach, kept!("declared_materials")),
    at!(Stage::Reach, kept!("observed_materials")),
    at!(Stage::Reach, kept!("agent_materials")),
    at!(Stage::Reach, view!("recertify")),
    at!(Stage::Computed, view!("posture_checks")),
    at!(Stage::Computed, of_grants!(view!("posture"))),
    at!(Stage::Computed, view!("invokers")),
];

/// Adds the views of one stage.
///
/// # Errors
/// [`Error::View`] if one cannot be planned.
pub(crate) async fn register_stage(context: &SessionContext, stage: Stage) -> Result<(), Error> {
    for view in VIEWS.iter().filter(|view| view.stage == stage) {
        register_view(context, view).await?;
    }
    Ok(())
}

/// Plans a view over the tables and views that `context` has, and adds it.
///
/// # Errors
/// [`Error::View`] if it cannot be planned.
pub(crate) async fn register_view(context: &SessionContext, view: &View) -> Result<(), Error> {
    let state = context.state();
    let plan = state
        .create_logical_plan(view.sql)
        .await
        .map_err(Error::view(view.name))?;
    let analyzer = state.analyzer();
    let plan = analyzer
        .execute_and_check(plan, state.config_options(), |_, _| {})
        .map_err(Error::view(view.name))?;
    let provider: Arc<dyn TableProvider> = if view.keep {
        Arc::new(KeptView::new(view.name, plan))
    } else {
        Arc::new(ViewTable::new(plan, Some(view.sql.to_owned())))
    };
    context
        .register_table(view.name, provider)
        .map_err(Error::view(view.name))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_one_select_with_its_head() {
        for view in VIEWS {
            for head in ["-- in:  ", "-- out: ", "-- key: "] {
                assert!(
                    view.sql.lines().any(|line| line.starts_with(head)),
                    "{} lacks `{head}`",
                    view.name
                );
            }
            assert!(
                view.sql.starts_with("-- "),
                "{} has no first sentence",
                view.name
            );
            assert!(
                !view.sql.contains("SELECT *"),
                "{} selects all columns",
                view.name
            );
            let code = view.sql.lines().filter(|line| !line.starts_with("--"));
            let code: String = code.collect();
            assert!(
                // What stands between quotes is text.
                code.split('\'').step_by(2).all(|part| !part.contains(';')),
                "{} is more than one statement",
                view.name
            );
        }
    }
}
