//! Each agent's roles as declared and as observed: the rows of `agent_bindings`.

use arrow::array::RecordBatch;
use jiff::Timestamp;
use serde::Serialize;

use crate::read::Columns;
use crate::{Engine, Error};

/// A role of an agent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct AgentBinding {
    /// Name of the agent.
    pub agent: String,
    /// ARN of the role.
    pub role_arn: String,
    /// The keys and patterns that its bindings give; `role` where one gives none.
    pub declared: String,
    /// The rules by which calls were found to be the agent's; none if no call was.
    pub observed: Option<String>,
    /// Its calls under the role in the review's window.
    pub calls: i64,
    /// The sessions that they were made in.
    pub sessions: i64,
    /// Its first call in the window.
    pub first_call: Option<Timestamp>,
    /// Its last call in the window.
    pub last_call: Option<Timestamp>,
}

/// Every role of every agent, by agent and role.
///
/// # Errors
/// [`Error::View`] or [`Error::Column`] if the view cannot be read.
pub async fn agent_bindings(engine: &Engine) -> Result<Vec<AgentBinding>, Error> {
    let mut bindings = Vec::new();
    for batch in engine.view("agent_bindings").await? {
        bindings.append(&mut read(&batch)?);
    }
    bindings.sort();
    Ok(bindings)
}

fn read(batch: &RecordBatch) -> Result<Vec<AgentBinding>, Error> {
    let columns = Columns {
        view: "agent_bindings",
        batch,
    };
    let [agent, role_arn, declared, observed] =
        columns.text_columns(["agent", "role_arn", "declared", "observed"])?;
    let [calls, sessions] = columns.number_columns(["calls", "sessions"])?;
    let [first_call, last_call] = columns.time_columns(["first_call", "last_call"])?;
    let bindings = columns.rows().map(|row| AgentBinding {
        agent: agent.owned(row),
        role_arn: role_arn.owned(row),
        declared: declared.owned(row),
        observed: observed.owned_option(row),
        calls: calls.get(row),
        sessions: sessions.get(row),
        first_call: first_call.get(row),
        last_call: last_call.get(row),
    });
    Ok(bindings.collect())
}
