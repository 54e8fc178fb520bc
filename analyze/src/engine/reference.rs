//! The reference tables: what the views read that no table of the lake holds.

mod builder;
mod catalog;
mod found;
mod reach;
mod rules;

use arrow::array::RecordBatch;
use jiff::Timestamp;

pub(crate) use builder::Table;
pub(crate) use catalog::{action_recordings, actions};
pub(crate) use found::{tags, trusts, workloads};
pub(crate) use reach::{node_roles, reach_tables};
pub(crate) use rules::{parameters, rule_parameters, rules};

use crate::Error;
use crate::agents::{Agent, Binding, BindingPattern, Hours, Network, PropagationPattern};
use crate::inventory::{Selector, SnapshotRole};
use crate::options::Window;

/// `params`: one row, what the review is about.
pub(crate) fn params(
    as_of: Timestamp,
    window_days: u32,
    run_id: &str,
) -> Result<RecordBatch, Error> {
    let mut table = Table::new("params");
    table.times("as_of", [Some(as_of)]);
    table.numbers("window_days", [i64::from(window_days)]);
    table.texts("run_id", [Some(run_id)]);
    table.finish()
}

/// `windows`: the spans that are measured; a start is in its window, an end is not.
pub(crate) fn windows(windows: &[Window]) -> Result<RecordBatch, Error> {
    let mut table = Table::new("windows");
    table.numbers(
        "window_days",
        windows.iter().map(|window| i64::from(window.length_days)),
    );
    table.times(
        "starts_at",
        windows.iter().map(|window| Some(window.starts_at)),
    );
    table.times("ends_at", windows.iter().map(|window| Some(window.ends_at)));
    table.numbers("days", windows.iter().map(|window| window.days()));
    table.finish()
}

/// Where agents come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// `agents.toml`.
    Declared,
    /// A role that made a call.
    Implied,
}

/// `agents`: the agents as declared, or as implied by the roles that made a call.
pub(crate) fn agents(agents: &[Agent], origin: Origin) -> Result<RecordBatch, Error> {
    let mut table = Table::new("agents");
    table.texts("agent", agents.iter().map(|agent| Some(&agent.name)));
    table.texts(
        "owners",
        agents.iter().map(|agent| Some(agent.owners.join(", "))),
    );
    table.texts("purpose", agents.iter().map(|agent| Some(&agent.purpose)));
    table.texts(
        "environment",
        agents.iter().map(|agent| agent.environment.as_ref()),
    );
    table.texts(
        "binding_pattern",
        agents
            .iter()
            .map(|agent| agent.binding_pattern.map(BindingPattern::as_str)),
    );
    table.texts(
        "propagation_pattern",
        agents
            .iter()
            .map(|agent| agent.propagation_pattern.map(PropagationPattern::as_str)),
    );
    table.flags(
        "declared",
        agents.iter().map(|_| origin == Origin::Declared),
    );
    table.finish()
}

/// A key of a binding that is a pattern of text.
type PatternKey = (&'static str, fn(&Binding) -> Option<&String>);

/// The keys of a binding that are patterns of text, by the name of their column.
const PATTERN_KEYS: [PatternKey; 8] = [
    ("oidc_subject", |binding| binding.oidc_subject.as_ref()),
    ("service_account", |binding| {
        binding.service_account.as_ref()
    }),
    ("lambda_function", |binding| {
        binding.lambda_function.as_ref()
    }),
    ("ecs_task_family", |binding| {
        binding.ecs_task_family.as_ref()
    }),
    ("instance_id", |binding| binding.instance_id.as_ref()),
    ("source_identity", |binding| {
        binding.source_identity.as_ref()
    }),
    ("session_name", |binding| binding.session_name.as_ref()),
    ("user_agent", |binding| binding.user_agent.as_ref()),
];

/// `bindings`: how calls of a role are told to be an agent's; a key that is NULL does not matter.
pub(crate) fn bindings(agents: &[Agent]) -> Result<RecordBatch, Error> {
    let pairs = agents
        .iter()
        .flat_map(|agent| agent.bindings.iter().map(move |binding| (agent, binding)));
    let rows: Vec<(&Agent, &Binding)> = pairs.collect();
    let bindings = || rows.iter().map(|(_, binding)| binding);
    let mut table = Table::new("bindings");
    table.texts("agent", rows.iter().map(|(agent, _)| Some(&agent.name)));
    table.texts("role_arn", bindings().map(|binding| Some(&binding.role)));
    for (name, key) in PATTERN_KEYS {
        table.texts(name, bindings().map(|binding| key(binding)));
    }
    table.texts(
        "lambda_function_name",
        bindings().map(|binding| binding.lambda_function.as_deref().map(function_name)),
    );
    table.texts(
        "source_network",
        bindings().map(|binding| binding.source_network.map(|network| network.to_string())),
    );
    table.finish()
}

/// The name in a function's ARN, without version or alias.
fn function_name(arn: &str) -> &str {
    let name = arn.split_once(":function:").map_or(arn, |(_, name)| name);
    name.split(':').next().unwrap_or(name)
}

/// `envelopes`: what each agent's work stays in, a pattern a row.
pub(crate) fn envelopes(agents: &[Agent]) -> Result<RecordBatch, Error> {
    let mut rows: Vec<(&str, &str, String)> = Vec::new();
    for agent in agents {
        let Some(envelope) = &agent.envelope else {
            continue;
        };
        let networks: Vec<String> = envelope.networks.iter().map(Network::to_string).collect();
        let hours: Vec<String> = envelope.hours.iter().map(Hours::to_string).collect();
        let kinds = [
            ("action", &envelope.actions),
            ("resource", &envelope.resources),
            ("region", &envelope.regions),
            ("network", &networks),
            ("assumable_role", &envelope.assumable_roles),
            ("hours", &hours),
            ("model", &envelope.models),
        ];
        for (kind, patterns) in kinds {
            rows.extend(
                patterns
                    .iter()
                    .map(|pattern| (agent.name.as_str(), kind, pattern.clone())),
            );
        }
    }
    let mut table = Table::new("envelopes");
    table.texts("agent", rows.iter().map(|(agent, ..)| Some(*agent)));
    table.texts("kind", rows.iter().map(|(_, kind, _)| Some(*kind)));
    table.texts("pattern", rows.iter().map(|(.., pattern)| Some(pattern)));
    table.finish()
}

/// `agent_tools`: what each agent is declared to call, a pattern a row.
pub(crate) fn agent_tools(agents: &[Agent]) -> Result<RecordBatch, Error> {
    let rows = || {
        agents
            .iter()
            .flat_map(|agent| agent.tools.iter().map(move |tool| (agent, tool)))
    };
    let mut table = Table::new("agent_tools");
    table.texts("agent", rows().map(|(agent, _)| Some(&agent.name)));
    table.texts("pattern", rows().map(|(_, tool)| Some(tool)));
    table.finish()
}

/// `roles`: the snapshot's roles.
pub(crate) fn roles<'a>(
    roles: impl Iterator<Item = &'a SnapshotRole>,
) -> Result<RecordBatch, Error> {
    let roles: Vec<&SnapshotRole> = roles.collect();
    let mut table = Table::new("roles");
    table.texts("role_arn", roles.iter().map(|role| Some(&role.arn)));
    table.texts("role_id", roles.iter().map(|role| role.role_id.as_ref()));
    table.texts("role_name", roles.iter().map(|role| Some(&role.name)));
    table.texts(
        "account_id",
        roles.iter().map(|role| Some(&role.account_id)),
    );
    table.times("created_at", roles.iter().map(|role| role.created_at));
    table.finish()
}

/// `selectors`: what each trail records of each account.
pub(crate) fn selectors(selectors: &[Selector]) -> Result<RecordBatch, Error> {
    let mut table = Table::new("selectors");
    table.texts(
        "account_id",
        selectors.iter().map(|selector| Some(&selector.account_id)),
    );
    table.texts(
        "trail_arn",
        selectors.iter().map(|selector| Some(&selector.trail_arn)),
    );
    table.texts(
        "resource_type",
        selectors
            .iter()
            .map(|selector| Some(&selector.resource_type)),
    );
    table.flags(
        "read_events",
        selectors.iter().map(|selector| selector.read_events),
    );
    table.flags(
        "write_events",
        selectors.iter().map(|selector| selector.write_events),
    );
    table.flags("limited", selectors.iter().map(|selector| selector.limited));
    table.texts(
        "excluded_services",
        selectors
            .iter()
            .map(|selector| Some(selector.excluded_services.join(","))),
    );
    table.texts(
        "part",
        selectors.iter().map(|selector| selector.part.as_ref()),
    );
    table.texts(
        "event_source",
        selectors
            .iter()
            .map(|selector| selector.event_source.as_ref()),
    );
    table.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_goes_by_its_name_whatever_its_version() {
        assert_eq!(
            function_name("arn:aws:lambda:eu-west-1:111122223333:function:resize:PROD"),
            "resize"
        );
        assert_eq!(
            function_name("arn:aws:lambda:eu-west-1:111122223333:function:resize"),
            "resize"
        );
    }
}
