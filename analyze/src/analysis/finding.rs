//! A finding: one claim about one agent, with its evidence and the query that shows it again.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How much a finding matters to the agent's owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something to know.
    Info,
    /// Excess that reads or lists.
    Low,
    /// Excess that writes or tags.
    Medium,
    /// Excess that changes permissions, or a call outside the agent's work.
    High,
}

impl Severity {
    /// The word used in tables and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// The severity of that word, if it is one.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Info, Self::Low, Self::Medium, Self::High]
            .into_iter()
            .find(|severity| severity.as_str() == word)
    }
}

/// One claim about one agent and role.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// Stays the same from run to run for the same agent, role, category and action.
    pub finding_id: String,
    /// The agent that it is about.
    pub agent: String,
    /// The role that it is about.
    pub role_arn: String,
    /// The action, where the finding is about just one.
    pub action: Option<String>,
    /// A bucket (`never_used`, `inherited`, `unobservable`), `recertify`, or the id of a legitimacy rule.
    pub category: String,
    /// How much it matters.
    pub severity: Severity,
    /// One line for people.
    pub title: String,
    /// Counts and lists that carry the claim.
    pub evidence: Value,
    /// Query that shows the evidence again through `curtail sql`.
    pub query: String,
}
