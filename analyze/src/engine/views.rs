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
            stage: Stage::Agents,
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

/// A legitimacy rule; its rows are made whenever they are asked for.
macro_rules! rule {
    ($name:literal) => {
        View {
            name: $name,
            sql: include_str!(concat!("../../../queries/legitimacy/", $name, ".sql")),
            ..view!("legitimacy")
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
    kept!("issued_sessions"),
    kept!("sessions"),
    kept!("principals"),
    kept!("attribution"),
    kept!("calls"),
    rule!("outside_envelope"),
    kept!("legitimacy"),
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
    of_grants!(view!("gap")),
    of_grants!(kept!("buckets")),
    of_grants!(view!("counts")),
    view!("level_weights"),
    of_grants!(kept!("excess_actions")),
    of_grants!(view!("excess_index")),
    of_grants!(view!("excess_trend")),
    view!("excess_reviews"),
    view!("reachable_roles"),
    of_grants!(view!("blast_radius")),
    // These are kept one by one although few read them: in one plan their many aggregates would have to share the memory.
    kept!("workloads"),
    kept!("workload_agents"),
    kept!("invocations"),
    view!("invocation_calls"),
    kept!("issue_scopes"),
    kept!("agent_sessions"),
    kept!("binding_patterns"),
    kept!("propagation_patterns"),
    kept!("touched"),
    kept!("agent_places"),
    kept!("declared_materials"),
    kept!("observed_materials"),
    kept!("agent_materials"),
    view!("recertify"),
    at!(Stage::Computed, view!("posture_checks")),
    at!(Stage::Computed, of_grants!(view!("posture"))),
    at!(Stage::Computed, view!("invokers")),
];

/// Adds the views of one stage.
///
/// # Errors
/// [`Error::View`] if one cannot be planned.
pub(super) async fn register_stage(context: &SessionContext, stage: Stage) -> Result<(), Error> {
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
            assert!(
                !view.sql.contains(';')
                    || view
                        .sql
                        .lines()
                        .all(|line| line.starts_with("--") || !line.contains(';'))
            );
        }
    }
}
