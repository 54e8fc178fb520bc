//! The legitimacy rules as views: each text planned and checked, and all of them in one view, `rule_hits`.
//!
//! A rule may only read, and only what is there before it: the tables and views that it is planned over. It must give
//! the columns of [`COLUMNS`], as text. A function whose answer depends on anything but its arguments, such as the
//! clock, is refused, and so is a table that holds results of an analysis: the same input has to give the same rows.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema};
use curtail_ingest::LakeTable;
use datafusion::catalog::view::ViewTable;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::dataframe::DataFrame;
use datafusion::error::{DataFusionError, Result as PlanResult};
use datafusion::logical_expr::{Expr, LogicalPlan, Volatility, cast, ident, lit};
use datafusion::prelude::SessionContext;

use super::kept::KeptView;
use super::{add_batch, reference, stream};
use crate::Error;
use crate::rules::{Rule, RuleSet};

/// The view of what all rules that run have caught.
pub(crate) const RULE_HITS: &str = "rule_hits";

/// The columns that a rule gives, all of them text.
pub(crate) const COLUMNS: [&str; 5] = ["record_key", "action", "agent", "role_arn", "reason"];

/// Where an analysis keeps its results.
const RESULTS: [LakeTable; 4] = [
    LakeTable::Grants,
    LakeTable::Usage,
    LakeTable::Findings,
    LakeTable::Decisions,
];

/// Adds every rule as a view, and `rule_hits` over those that run. Each rule's rows are made once, and by themselves: all
/// rules at a time would share the memory among them.
///
/// # Errors
/// [`Error::Rule`] for a rule that cannot be planned or does more than read.
pub(crate) async fn register(context: &SessionContext, rules: &RuleSet) -> Result<(), Error> {
    let fields = std::iter::once("rule").chain(COLUMNS);
    let fields: Vec<Field> = fields
        .map(|name| Field::new(name, DataType::Utf8, true))
        .collect();
    let none = RecordBatch::new_empty(Arc::new(Schema::new(fields)));
    let mut hits = context.read_batch(none).map_err(Error::view(RULE_HITS))?;
    for rule in rules.iter() {
        add(context, rule).await?;
        if rule.enabled {
            let caught = caught(context, rule)
                .await
                .map_err(Error::view(RULE_HITS))?;
            hits = hits.union(caught).map_err(Error::view(RULE_HITS))?;
        }
    }
    let plan = analyzed(context, hits.into_unoptimized_plan()).map_err(Error::view(RULE_HITS))?;
    let view = ViewTable::new(plan, None);
    context
        .register_table(RULE_HITS, Arc::new(view))
        .map_err(Error::view(RULE_HITS))?;
    Ok(())
}

/// Adds one rule as a view, and the table of its parameters.
///
/// # Errors
/// [`Error::Rule`] for a rule that cannot be planned or does more than read.
pub(crate) async fn add(context: &SessionContext, rule: &Rule) -> Result<(), Error> {
    let id = rule.header.id.as_str();
    let parameters = rule.parameters_table();
    for name in [id, parameters.as_str()] {
        if context.table_exist(name).map_err(Error::view(id))? {
            return Err(Error::Rule {
                file: rule.file_name(),
                line: rule.header.id_line(),
                problem: format!("there is a table or view `{name}` already"),
                remedy: "give the rule, and its file, another id",
            });
        }
    }
    if let Some(values) = reference::parameters(rule)? {
        add_batch(context, &parameters, values)?;
    }
    let plan = plan(context, rule).await?;
    let view = KeptView::new(id, plan);
    context
        .register_table(id, Arc::new(view))
        .map_err(Error::view(id))?;
    Ok(())
}

/// The rows of a rule under its name.
async fn caught(context: &SessionContext, rule: &Rule) -> PlanResult<DataFrame> {
    let id = rule.header.id.as_str();
    let text = |name: &str| cast(ident(name), DataType::Utf8).alias(name);
    let columns: Vec<Expr> = std::iter::once(lit(id).alias("rule"))
        .chain(COLUMNS.map(text))
        .collect();
    context.table(id).await?.select(columns)
}

/// The checked plan of a rule.
async fn plan(context: &SessionContext, rule: &Rule) -> Result<LogicalPlan, Error> {
    let plan = context
        .state()
        .create_logical_plan(&rule.sql)
        .await
        .map_err(|error| unplanned(rule, &error))?;
    if let Err(Error::NotReadOnly { what }) = stream::refuse_changes(&plan) {
        let problem = format!("`{what}` is no query");
        return Err(fault(
            rule,
            problem,
            "write one SELECT; a rule reads the lake and changes nothing",
        ));
    }
    check_reads(rule, &plan)?;
    let plan = analyzed(context, plan).map_err(|error| unplanned(rule, &error))?;
    check_columns(rule, &plan)?;
    Ok(plan)
}

fn analyzed(context: &SessionContext, plan: LogicalPlan) -> PlanResult<LogicalPlan> {
    let state = context.state();
    let analyzer = state.analyzer();
    analyzer.execute_and_check(plan, state.config_options(), |_, _| {})
}

/// Refuses tables of results and functions that depend on more than their arguments.
fn check_reads(rule: &Rule, plan: &LogicalPlan) -> Result<(), Error> {
    let mut result_table = None;
    let mut unstable = None;
    let walked = plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node {
            let name = scan.table_name.table();
            let found = RESULTS.into_iter().find(|table| table.name() == name);
            result_table = result_table.or(found);
        }
        node.apply_expressions(|expression| {
            expression.apply(|part| {
                if let Expr::ScalarFunction(call) = part
                    && call.func.signature().volatility != Volatility::Immutable
                {
                    unstable = unstable.take().or(Some(call.func.name().to_owned()));
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })
    });
    walked.map_err(|error| unplanned(rule, &error))?;
    if let Some(table) = result_table {
        let problem = format!("`{}` is a result of the analysis", table.name());
        let remedy = "read what the analysis is made from: calls, role_calls, envelopes, bindings and the tables that they read";
        return Err(fault(rule, problem, remedy));
    }
    if let Some(name) = unstable {
        let problem = format!("`{name}` does not depend on the lake alone");
        let remedy = "take times from `windows` or `params.as_of`, so that the same lake gives the same answer";
        return Err(fault(rule, problem, remedy));
    }
    Ok(())
}

/// Whether the columns are those of a rule.
fn check_columns(rule: &Rule, plan: &LogicalPlan) -> Result<(), Error> {
    const REMEDY: &str = "a rule gives record_key, action, agent, role_arn and reason, all of them text, and no other column";
    let fields = plan.schema().fields();
    for name in COLUMNS {
        let Some(field) = fields.iter().find(|field| field.name() == name) else {
            return Err(fault(rule, format!("it gives no column `{name}`"), REMEDY));
        };
        if !is_text(field.data_type()) {
            let problem = format!("column `{name}` is no text but {}", field.data_type());
            return Err(fault(rule, problem, REMEDY));
        }
    }
    let known = |field: &&Arc<Field>| COLUMNS.contains(&field.name().as_str());
    match fields.iter().find(|field| !known(field)) {
        Some(other) => {
            let problem = format!("column `{}` is none of a rule's", other.name());
            Err(fault(rule, problem, REMEDY))
        }
        None => Ok(()),
    }
}

fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

/// What the engine says of a rule that it cannot plan, at the line that it names.
fn unplanned(rule: &Rule, error: &DataFusionError) -> Error {
    let message = error.strip_backtrace();
    let told = message.split_once("Line: ").and_then(|(_, rest)| {
        let end = rest.find(|character: char| !character.is_ascii_digit());
        rest.get(..end.unwrap_or(rest.len()))?.parse().ok()
    });
    Error::Rule {
        file: rule.file_name(),
        line: told.unwrap_or_else(|| rule.header.sql_line()),
        problem: message,
        remedy: "a rule is one SELECT over the lake's tables and the views before it; `curtail sql 'SHOW TABLES'` lists them, `DESCRIBE name` the columns of one",
    }
}

fn fault(rule: &Rule, problem: String, remedy: &'static str) -> Error {
    Error::Rule {
        file: rule.file_name(),
        line: rule.header.sql_line(),
        problem,
        remedy,
    }
}

#[cfg(test)]
mod tests;
