//! Agents that nobody declared: the signs of `discovered_agents` in, a starting `agents.toml` out.
//!
//! A sign is shown with what it rests on and how much it tells; nothing is concluded from it but where it would go in the
//! file. What cannot stand in the file (a role that is no ARN, a pattern of control characters) stays in the signs.

mod candidate;
mod file;

use arrow::array::RecordBatch;
use serde::Serialize;

pub use file::agents_toml;

use crate::read::Columns;
use crate::{Engine, Error};

/// How much a sign tells, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// It is compute that an agent may run on, or has an agent's name.
    Low,
    /// It invokes models, is trusted to Bedrock, or is tagged as an agent.
    Medium,
    /// AWS itself calls it an agent.
    High,
}

impl Confidence {
    /// The word used in views and files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    fn of(word: &str) -> Self {
        match word {
            "high" => Self::High,
            "medium" => Self::Medium,
            _ => Self::Low,
        }
    }
}

/// A sign that a role, or a workload under it, is an agent: a row of `discovered_agents`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Sign {
    /// ARN of the role.
    pub role_arn: String,
    /// A key of a binding that tells the workload's calls from others' on the role, and its pattern.
    pub binding: Option<(String, String)>,
    /// Name of the workload, or of the role.
    pub candidate: String,
    /// What kind of sign it is.
    pub kind: String,
    /// What it rests on.
    pub evidence: String,
    /// How much it tells.
    pub confidence: Confidence,
    /// Mail addresses in the tags of the role and what runs under it.
    pub owners: Vec<String>,
}

/// Every sign in the lake, by role and binding.
///
/// # Errors
/// [`Error::View`] or [`Error::Column`] if the view cannot be read.
pub async fn discover(engine: &Engine) -> Result<Vec<Sign>, Error> {
    let mut signs = Vec::new();
    for batch in engine.view("discovered_agents").await? {
        signs.append(&mut read(&batch)?);
    }
    signs.sort();
    Ok(signs)
}

fn read(batch: &RecordBatch) -> Result<Vec<Sign>, Error> {
    let columns = Columns {
        view: "discovered_agents",
        batch,
    };
    let [role_arn, candidate, kind, evidence] =
        columns.text_columns(["role_arn", "candidate", "kind", "evidence"])?;
    let [confidence, key, value, owners] =
        columns.text_columns(["confidence", "binding_key", "binding_value", "owners"])?;
    let signs = columns.rows().map(|row| Sign {
        role_arn: role_arn.owned(row),
        binding: key.owned_option(row).zip(value.owned_option(row)),
        candidate: candidate.owned(row),
        kind: kind.owned(row),
        evidence: evidence.owned(row),
        confidence: Confidence::of(confidence.get(row).unwrap_or_default()),
        owners: owners
            .get(row)
            .into_iter()
            .flat_map(|list| list.split(", "))
            .map(str::to_owned)
            .collect(),
    });
    Ok(signs.collect())
}
