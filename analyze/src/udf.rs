//! What SQL cannot do: matching IAM patterns and networks, and mapping CloudTrail records to IAM actions.
//!
//! Each function is vectorised, pure, and gives NULL or no match on text it cannot read; none fails on data.

mod cidr_contains;
mod event_actions;
mod event_outcome;
mod matching;
mod tag_value;
mod text;

use datafusion::error::DataFusionError;
use datafusion::logical_expr::ScalarUDF;
use datafusion::prelude::SessionContext;

/// Gives `context` the functions of this crate and those that read JSON text.
///
/// # Errors
/// If the engine refuses a function; that is our bug.
pub(crate) fn register(context: &mut SessionContext) -> Result<(), DataFusionError> {
    datafusion_functions_json::register_all(context)?;
    context.register_udf(ScalarUDF::from(cidr_contains::CidrContains::default()));
    context.register_udf(ScalarUDF::from(event_actions::EventActions::default()));
    context.register_udf(ScalarUDF::from(event_outcome::EventOutcome::default()));
    context.register_udf(ScalarUDF::from(matching::Matching::action_match()));
    context.register_udf(ScalarUDF::from(matching::Matching::wildcard_match()));
    context.register_udf(ScalarUDF::from(tag_value::TagValue::default()));
    Ok(())
}
