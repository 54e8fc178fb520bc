//! The text of `agents.toml` as TOML gives it, with the place of every value; nothing is checked yet.

use serde::Deserialize;
use toml::Spanned;

use super::{BindingPattern, PropagationPattern, fault};
use crate::Error;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    pub(super) agent: Vec<RawAgent>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAgent {
    pub(super) name: Spanned<String>,
    #[serde(default)]
    pub(super) owners: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) purpose: String,
    pub(super) environment: Option<String>,
    pub(super) binding_pattern: Option<BindingPattern>,
    pub(super) propagation_pattern: Option<PropagationPattern>,
    #[serde(default)]
    pub(super) binding: Vec<RawBinding>,
    #[serde(default)]
    pub(super) tools: Vec<Spanned<String>>,
    pub(super) envelope: Option<RawEnvelope>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBinding {
    pub(super) role: Spanned<String>,
    pub(super) oidc_subject: Option<Spanned<String>>,
    pub(super) service_account: Option<Spanned<String>>,
    pub(super) lambda_function: Option<Spanned<String>>,
    pub(super) ecs_task_family: Option<Spanned<String>>,
    pub(super) instance_id: Option<Spanned<String>>,
    pub(super) source_identity: Option<Spanned<String>>,
    pub(super) session_name: Option<Spanned<String>>,
    pub(super) user_agent: Option<Spanned<String>>,
    pub(super) source_network: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEnvelope {
    #[serde(default)]
    pub(super) actions: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) resources: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) regions: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) networks: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) assumable_roles: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) hours: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) models: Vec<Spanned<String>>,
}

/// The file's structure.
///
/// # Errors
/// [`Error::Agents`] where the text is not TOML, or has keys, words or types that are not known here.
pub(super) fn parse(text: &str, name: &str) -> Result<File, Error> {
    toml::from_str(text).map_err(|error| {
        let (problem, remedy) = fault::told(error.message());
        Error::Agents {
            file: name.to_owned(),
            line: line_of(text, error.span().map_or(0, |span| span.start)),
            problem,
            remedy,
        }
    })
}

/// The line, from 1, of a byte offset.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    1 + text
        .bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
}
