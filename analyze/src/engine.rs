//! The lake as SQL: tables at pinned versions, reference tables, functions, and every view of `queries/`.
//!
//! In: a [`Lake`], the agents, the [`Options`]. Out: rows of any one query that only reads. Tables that the lake lacks
//! are there, empty. Queries share one memory budget and spill to disk beyond it.
//!
//! Results do not depend on the number of partitions; the order of rows is the query's own `ORDER BY`, or none.

mod computed;
mod kept;
mod reach;
mod reference;
mod rules;
mod run_id;
mod session;
mod stream;
mod views;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::RecordBatch;
use curtail_ingest::{Lake, LakeTable};
use datafusion::dataframe::DataFrame;
use datafusion::prelude::SessionContext;

pub(crate) use reference::Table;
pub(crate) use rules::{RULE_HITS, add as add_rule, register as register_rules};
pub(crate) use session::{add_batch, new_session};
pub use stream::Rows;
pub(crate) use views::register_view;
pub(crate) use views::{Stage, register_stage};
pub use views::{VIEWS, View};

pub(crate) mod tables {
    //! The reference tables, also for those who try a view over rows written by hand.
    pub(crate) use super::reference::{
        Origin, action_recordings, actions, agent_tools, agents, bindings, envelopes, node_roles,
        params, reach_tables, roles, rule_parameters, rules, selectors, tags, trusts, windows,
        workloads,
    };
    use std::collections::BTreeSet;

    use arrow::array::RecordBatch;

    use crate::Error;
    use crate::inventory::Inventory;

    /// The tables that Rust makes of the snapshot's policies, by name, empty.
    pub(crate) fn computed() -> Result<Vec<(&'static str, RecordBatch)>, Error> {
        let (none, nobody) = (Inventory::default(), BTreeSet::new());
        let mut tables = Vec::new();
        for (name, of_roles) in super::OF_ROLES {
            tables.push((name, of_roles(&none, &nobody)?));
        }
        let invokers = crate::invokers::permitted_invokers(&none, &[])?;
        tables.push(("permitted_invokers", invokers));
        Ok(tables)
    }
}

use crate::agents::{Agent, AgentsFile, implicit};
use crate::inventory::Inventory;
use crate::options::{Options, Window};
use crate::rules::RuleSet;
use crate::{Error, invokers, posture, read};
use reference::Origin;

/// A lake opened for queries.
pub struct Engine {
    context: SessionContext,
    run_id: String,
    table_versions: BTreeMap<String, i64>,
    agents: Vec<Agent>,
    inventory: Arc<Inventory>,
    windows: Vec<Window>,
    rules: RuleSet,
}

impl Engine {
    /// Opens the tables of `lake` at the versions that `options` names, else at their newest, with all views.
    ///
    /// # Errors
    /// [`Error::Window`], [`Error::Lake`] if a table cannot be read, [`Error::View`] if a view cannot be planned,
    /// [`Error::Rule`] or [`Error::RuleSetting`] for a legitimacy rule that cannot be meant.
    pub async fn open(lake: &Lake, agents: &AgentsFile, options: &Options) -> Result<Self, Error> {
        let windows = options.windows()?;
        let rules = RuleSet::resolve(&options.rules)?;
        let context = new_session(options)?;
        let table_versions = session::add_lake(&context, lake, options).await?;
        let run_id = run_id::run_id(&table_versions, agents, options);
        let params = reference::params(options.as_of, options.window_days, &run_id)?;
        add_batch(&context, "params", params)?;
        add_batch(&context, "windows", reference::windows(&windows)?)?;
        register_stage(&context, Stage::Documents).await?;
        let inventory = add_inventory(&context).await?;
        register_stage(&context, Stage::Roles).await?;
        let (agents, origin) = match &agents.agents {
            Some(declared) => (declared.clone(), Origin::Declared),
            None => (implicit(&exercised_roles(&context).await?), Origin::Implied),
        };
        add_batch(&context, "agents", reference::agents(&agents, origin)?)?;
        add_batch(&context, "bindings", reference::bindings(&agents)?)?;
        add_batch(&context, "envelopes", reference::envelopes(&agents)?)?;
        add_batch(&context, "rules", reference::rules(&rules)?)?;
        add_batch(
            &context,
            "rule_parameters",
            reference::rule_parameters(&rules)?,
        )?;
        add_batch(&context, "agent_tools", reference::agent_tools(&agents)?)?;
        register_stage(&context, Stage::Agents).await?;
        register_rules(&context, &rules).await?;
        register_stage(&context, Stage::Rules).await?;
        let inventory = Arc::new(inventory);
        reach::add_reach(&context, &inventory, &agents).await?;
        register_stage(&context, Stage::Reach).await?;
        add_computed_tables(&context, &inventory, &agents).await?;
        register_stage(&context, Stage::Computed).await?;
        Ok(Self {
            context,
            run_id,
            table_versions,
            agents,
            inventory,
            windows,
            rules,
        })
    }

    /// Runs one query that only reads.
    ///
    /// # Errors
    /// [`Error::NotReadOnly`] if it would change something, [`Error::Query`] if it cannot be planned.
    pub async fn sql(&self, text: &str) -> Result<Rows, Error> {
        let state = self.context.state();
        let plan = state
            .create_logical_plan(text)
            .await
            .map_err(Error::query)?;
        stream::refuse_changes(&plan)?;
        let stream = DataFrame::new(state, plan)
            .execute_stream()
            .await
            .map_err(Error::query)?;
        Ok(Rows::new(stream))
    }

    /// Runs one query that only reads, and keeps all its rows in memory.
    ///
    /// # Errors
    /// As [`Engine::sql`], and [`Error::Query`] if it fails on the way.
    pub async fn batches(&self, text: &str) -> Result<Vec<RecordBatch>, Error> {
        let mut rows = self.sql(text).await?;
        let mut batches = Vec::new();
        while let Some(batch) = rows.next().await? {
            batches.push(batch);
        }
        Ok(batches)
    }

    /// Names the input: the same table versions, agents, options and catalog have the same id.
    #[must_use]
    pub fn run_id(&self) -> &str {
        &self.run_id
    }

    /// The versions of the lake's tables that the engine reads, by name; a table that the lake lacks is not among them.
    #[must_use]
    pub fn table_versions(&self) -> &BTreeMap<String, i64> {
        &self.table_versions
    }

    /// The agents, by name.
    #[must_use]
    pub fn agents(&self) -> &[Agent] {
        &self.agents
    }

    pub(crate) fn inventory(&self) -> &Arc<Inventory> {
        &self.inventory
    }

    pub(crate) fn rules(&self) -> &RuleSet {
        &self.rules
    }

    pub(crate) fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// All rows of a table or view.
    pub(crate) async fn view(&self, name: &str) -> Result<Vec<RecordBatch>, Error> {
        collect(&self.context, name).await
    }

    /// The ARNs of the roles that made a call in the review's window, sorted.
    pub(crate) async fn exercised_roles(&self) -> Result<Vec<String>, Error> {
        exercised_roles(&self.context).await
    }

    /// How many records and objects ingest put aside.
    pub(crate) async fn quarantined(&self) -> Result<i64, Error> {
        let name = LakeTable::Quarantine.name();
        let table = self.context.table(name).await.map_err(Error::view(name))?;
        let count = table.count().await.map_err(Error::view(name))?;
        Ok(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// Puts freshly made rows in the place of a table of the lake.
    pub(crate) async fn replace(&self, table: LakeTable, batch: RecordBatch) -> Result<(), Error> {
        self.context
            .deregister_table(table.name())
            .map_err(Error::view(table.name()))?;
        add_batch(&self.context, table.name(), batch)?;
        for view in VIEWS.iter().filter(|view| view.reads_grants) {
            self.context
                .deregister_table(view.name)
                .map_err(Error::view(view.name))?;
        }
        for view in VIEWS.iter().filter(|view| view.reads_grants) {
            register_view(&self.context, view).await?;
        }
        Ok(())
    }
}

/// Reads the snapshot, and adds the reference tables made from it.
async fn add_inventory(context: &SessionContext) -> Result<Inventory, Error> {
    let inventory = Inventory::read(&collect(context, "current_snapshots").await?)?;
    add_batch(context, "roles", reference::roles(inventory.roles())?)?;
    add_batch(
        context,
        "node_roles",
        reference::node_roles(inventory.roles())?,
    )?;
    add_batch(
        context,
        "selectors",
        reference::selectors(inventory.selectors())?,
    )?;
    add_batch(
        context,
        "snapshot_workloads",
        reference::workloads(inventory.workloads())?,
    )?;
    add_batch(context, "trusts", reference::trusts(&inventory.trusted())?)?;
    add_batch(context, "tags", reference::tags(&inventory)?)?;
    add_batch(context, "actions", reference::actions()?)?;
    add_batch(
        context,
        "action_recordings",
        reference::action_recordings()?,
    )?;
    Ok(inventory)
}

/// Adds the tables that Rust makes of the snapshot's policies, each when it is first asked for.
async fn add_computed_tables(
    context: &SessionContext,
    inventory: &Arc<Inventory>,
    agents: &[Agent],
) -> Result<(), Error> {
    let bindings = agents.iter().flat_map(|agent| &agent.bindings);
    let bound: Arc<BTreeSet<String>> =
        Arc::new(bindings.map(|binding| binding.role.clone()).collect());
    for (name, of_roles) in OF_ROLES {
        let empty = of_roles(&Inventory::default(), &BTreeSet::new())?;
        let (inventory, bound) = (Arc::clone(inventory), Arc::clone(&bound));
        let make: Arc<computed::Make> = Arc::new(move |_| of_roles(&inventory, &bound));
        computed::add_computed(context, name, &empty, None, make).await?;
    }
    let empty = invokers::permitted_invokers(&Inventory::default(), &[])?;
    let inventory = Arc::clone(inventory);
    let make: Arc<computed::Make> =
        Arc::new(move |rows| invokers::permitted_invokers(&inventory, rows));
    computed::add_computed(
        context,
        "permitted_invokers",
        &empty,
        Some("workloads"),
        make,
    )
    .await
}

/// Makes a table of the policies of some roles.
type OfRoles = fn(&Inventory, &BTreeSet<String>) -> Result<RecordBatch, Error>;

/// The tables that are made of the policies of the agents' roles.
const OF_ROLES: [(&str, OfRoles); 3] = [
    ("role_posture", posture::role_posture),
    ("assumable_roles", posture::assumable_roles),
    ("trust_doors", posture::trust_doors),
];

async fn exercised_roles(context: &SessionContext) -> Result<Vec<String>, Error> {
    let batches = collect(context, "exercised_roles").await?;
    read::texts("exercised_roles", "role_arn", &batches)
}

async fn collect(context: &SessionContext, name: &str) -> Result<Vec<RecordBatch>, Error> {
    let table = context.table(name).await.map_err(Error::view(name))?;
    table.collect().await.map_err(Error::view(name))
}
