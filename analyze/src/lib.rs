//! The lake in, an [`Analysis`] out: who used which permission, who may use which, and the gap.
//!
//! The story, in the order of the files:
//!
//! 1. [`agents`] reads `agents.toml`: which agents there are, how their calls are told apart, what their work is;
//! 2. [`Engine`] opens the lake's tables at pinned versions as SQL tables, beside reference tables made from the
//!    `inventory` (the roles, policies, organization and trails of the snapshot) and the action catalog, and gives
//!    every view of `queries/` over them, with the functions of `udf`;
//! 3. `rules` reads the legitimacy rules, built in and of the user's, which the engine runs like views;
//! 4. `grants` computes what the roles let their agents do;
//! 5. [`analyze()`] reads the views into typed rows (`read`), keeps `grants`, `usage` and `findings` in the lake, and
//!    returns the [`Analysis`].
//!
//! Beside that, [`bindings`] lists what is bound to each agent as declared and observed, and [`discovery`] finds agents that
//! nobody declared.
//!
//! [`bom`] gives an agent's parts, as `CycloneDX` too; `posture` and `invokers` judge the policies of its roles.
//!
//! What is asked of the data stands in `queries/`, a file each; the Rust here feeds and reads those views. It suggests
//! nothing and prints nothing, and reads no clock and no environment.
//!
//! INVARIANT: the same table versions, agents, options and catalog give the same analysis, byte for byte, whatever the
//! number of partitions or the memory limit.

pub mod agents;
mod analysis;
mod analyze;
pub mod bindings;
pub mod bom;
pub mod discovery;
mod engine;
mod error;
mod findings;
mod grants;
mod inventory;
mod invokers;
mod options;
mod posture;
mod reach;
mod read;
mod rules;
mod store;
pub mod testbed;
mod udf;

pub use agents::AgentsFile;
pub use analysis::{
    ActionRow, Analysis, AttemptedRow, BaselineRow, Bucket, CountRow, CoverageRow, Finding,
    IntegrityRow, NonLegitimateRow, ReplayRow, Role, Severity, UnattributedRow, UnmappedRow,
};
pub use analyze::analyze;
pub use curtail_ingest::PolicyProblem;
pub use engine::{Engine, Rows, VIEWS, View};
pub use error::Error;
pub use options::{DEFAULT_MEMORY_BYTES, DEFAULT_WINDOW_DAYS, DEFAULT_WINDOWS, Options};
pub use rules::{
    Effect, Parameter, ParameterValue, RULES, RuleFile, RuleHeader, RuleOptions, RuleSettings,
};
