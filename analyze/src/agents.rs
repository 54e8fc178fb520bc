//! Who the agents are: `agents.toml` in, checked [`Agent`]s out.
//!
//! An agent is a workload, not a role: it declares the roles it is bound to, how its calls are told from those of other
//! agents on the same role, and the envelope that its work stays in. Whatever a binding or envelope says is checked
//! here, once, with the line at fault; nothing is checked again inside.
//!
//! Without a file, each role that made a call in the review's window is an agent of its own.

mod check;
mod fault;
mod file;
mod form;
mod hours;
mod implicit;
mod nearest;
mod network;

use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub(crate) use form::{LONGEST_NAME, is_mail_address, is_name, is_pattern};
pub use hours::{Hours, NotHours};
pub(crate) use implicit::implicit;
pub use network::Network;

use crate::Error;

/// The JSON Schema (draft 2020-12) of `agents.toml`, for editors and other tools.
pub const SCHEMA: &str = include_str!("agents/agents.schema.json");

/// The name that stands for calls of a role that no agent could be named for; no agent can have it.
pub const UNATTRIBUTED: &str = "unattributed";

/// The agents of one `agents.toml`, checked.
#[derive(Debug, Clone)]
pub struct AgentsFile {
    /// By name; none where there is no file.
    pub(crate) agents: Option<Vec<Agent>>,
    /// Hex SHA-256 of the file's bytes.
    pub(crate) fingerprint: String,
}

impl AgentsFile {
    /// Reads and checks the file at `path`.
    ///
    /// # Errors
    /// [`Error::AgentsUnreadable`] or [`Error::Agents`].
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(|source| Error::AgentsUnreadable {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&text, &path.display().to_string())
    }

    /// Checks the text of a file; `name` is what errors call it.
    ///
    /// # Errors
    /// [`Error::Agents`] with the line at fault.
    pub fn parse(text: &str, name: &str) -> Result<Self, Error> {
        let agents = check::check(file::parse(text, name)?, text, name)?;
        Ok(Self {
            agents: Some(agents),
            fingerprint: fingerprint(text.as_bytes()),
        })
    }

    /// The agents that the file declares, by name; none where there is no file.
    #[must_use]
    pub fn declared(&self) -> Option<&[Agent]> {
        self.agents.as_deref()
    }

    /// No file: each role that made a call in the window is an agent.
    #[must_use]
    pub fn absent() -> Self {
        Self {
            agents: None,
            fingerprint: fingerprint(b""),
        }
    }
}

fn fingerprint(bytes: &[u8]) -> String {
    crate::findings::hex(&Sha256::digest(bytes))
}

/// A declared (or, without a file, implied) agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Agent {
    /// Unique name.
    pub name: String,
    /// Mail addresses of the people who answer for it.
    pub owners: Vec<String>,
    /// What it is for.
    pub purpose: String,
    /// Where it runs, such as `production`.
    pub environment: Option<String>,
    /// How credentials are bound to it, as declared.
    pub binding_pattern: Option<BindingPattern>,
    /// How it hands credentials on, as declared.
    pub propagation_pattern: Option<PropagationPattern>,
    /// The roles it runs under, and how its calls there are told from others'; one or more.
    pub bindings: Vec<Binding>,
    /// ARN patterns of the functions, state machines, agents and MCP servers that it may call.
    pub tools: Vec<String>,
    /// What its work stays in; none: everything is.
    pub envelope: Option<Envelope>,
    /// What keeps the analysis from saying all about it, such as a role that the snapshot lacks.
    pub problems: Vec<String>,
}

/// How fine the credentials of an agent's platform are bound, from coarse to fine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BindingPattern {
    /// Cluster account only.
    A,
    /// Shared by the pods of a node or namespace.
    B,
    /// One per agent.
    C,
    /// One per session.
    D,
}

impl BindingPattern {
    /// The letter used in `agents.toml` and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
        }
    }
}

/// How an agent hands its rights on to what it calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PropagationPattern {
    /// The same credentials are used again.
    TokenReuse,
    /// Each hop gets credentials of its own.
    FreshBinding,
    /// Each hop gets a narrowed part of the caller's.
    ScopedSubToken,
}

impl PropagationPattern {
    /// The word used in `agents.toml` and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TokenReuse => "token_reuse",
            Self::FreshBinding => "fresh_binding",
            Self::ScopedSubToken => "scoped_sub_token",
        }
    }
}

/// One way to tell an agent's calls: a role, and keys that must all match. Texts are patterns with `*` and `?`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Binding {
    /// ARN of the role, with its path.
    pub role: String,
    /// Subject of the web identity token that the session was issued for.
    pub oidc_subject: Option<String>,
    /// `namespace/name` in the session tags of EKS Pod Identity.
    pub service_account: Option<String>,
    /// ARN of the Lambda function that the session was issued to.
    pub lambda_function: Option<String>,
    /// Family of the ECS task definition that the session was issued to.
    pub ecs_task_family: Option<String>,
    /// Id of the EC2 instance that the session was issued to.
    pub instance_id: Option<String>,
    /// Source identity of the session.
    pub source_identity: Option<String>,
    /// Name of the role session.
    pub session_name: Option<String>,
    /// User agent of the call.
    pub user_agent: Option<String>,
    /// Network that the call came from.
    pub source_network: Option<Network>,
}

/// What an agent's work stays in. An empty list sets no limit of its kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Envelope {
    /// Action patterns, such as `s3:Get*`.
    pub actions: Vec<String>,
    /// Resource ARN patterns.
    pub resources: Vec<String>,
    /// Region patterns.
    pub regions: Vec<String>,
    /// Networks that calls come from.
    pub networks: Vec<Network>,
    /// ARN patterns of the roles that it may assume.
    pub assumable_roles: Vec<String>,
    /// When it works.
    pub hours: Vec<Hours>,
    /// Patterns of the ids or ARNs of the models and inference profiles that it invokes.
    pub models: Vec<String>,
}

#[cfg(test)]
mod tests;
