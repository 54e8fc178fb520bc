//! What `agents.toml` says of an agent, as lines: its declaration in, names with values out.

use curtail_analyze::BaselineRow;
use curtail_analyze::agents::{Agent, Binding, BindingPattern, Envelope, PropagationPattern};
use serde::Serialize;
use serde_json::Value;

/// Patterns of each kind of limit that an envelope is shown with (chosen: one line).
const ENVELOPE_PATTERNS: usize = 6;

/// One declared thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::render) struct Fact {
    name: &'static str,
    value: String,
}

impl Fact {
    fn of(name: &'static str, value: String) -> Self {
        Self { name, value }
    }
}

/// Everything declared but name, owners, purpose and roles.
pub(super) fn facts(declared: &Agent) -> Vec<Fact> {
    let mut facts = Vec::new();
    if let Some(environment) = &declared.environment {
        facts.push(Fact::of("Environment", environment.clone()));
    }
    if let Some(pattern) = declared.binding_pattern {
        facts.push(Fact::of(
            "Binding, as declared",
            binding_pattern(pattern).to_owned(),
        ));
    }
    if let Some(pattern) = declared.propagation_pattern {
        let text = propagation_pattern(pattern).to_owned();
        facts.push(Fact::of("Propagation, as declared", text));
    }
    for binding in &declared.bindings {
        let rules = rules(binding);
        if !rules.is_empty() {
            facts.push(Fact::of("Calls told by", rules));
        }
    }
    facts.push(Fact::of(
        "Work envelope",
        envelope(declared.envelope.as_ref()),
    ));
    for problem in &declared.problems {
        facts.push(Fact::of("Not known", problem.clone()));
    }
    facts
}

/// How much of the agent's earlier behaviour is known.
pub(super) fn baseline(row: &BaselineRow) -> Fact {
    let BaselineRow {
        baseline_days,
        active_days,
        needed_days,
        ..
    } = row;
    let value = if row.ready {
        format!("{baseline_days} days before the window, {active_days} of them with calls")
    } else {
        format!(
            "learning: {baseline_days} of {needed_days} days before the window, {active_days} of them with calls; what is new is not told yet"
        )
    };
    Fact::of("Baseline", value)
}

fn binding_pattern(pattern: BindingPattern) -> &'static str {
    match pattern {
        BindingPattern::A => "A, the cluster's account only",
        BindingPattern::B => "B, shared by pods",
        BindingPattern::C => "C, one per agent",
        BindingPattern::D => "D, one per session",
    }
}

fn propagation_pattern(pattern: PropagationPattern) -> &'static str {
    match pattern {
        PropagationPattern::TokenReuse => "the same credentials are used again",
        PropagationPattern::FreshBinding => "each hop gets its own credentials",
        PropagationPattern::ScopedSubToken => "each hop gets a narrowed part",
    }
}

/// The keys by which an agent's calls are told from others' on the role.
fn rules(binding: &Binding) -> String {
    let network = binding.source_network.as_ref().map(text_of);
    let rules = [
        ("OIDC subject", binding.oidc_subject.as_deref()),
        ("service account", binding.service_account.as_deref()),
        ("Lambda function", binding.lambda_function.as_deref()),
        ("ECS task family", binding.ecs_task_family.as_deref()),
        ("instance", binding.instance_id.as_deref()),
        ("source identity", binding.source_identity.as_deref()),
        ("session name", binding.session_name.as_deref()),
        ("user agent", binding.user_agent.as_deref()),
        ("source network", network.as_deref()),
    ];
    let given: Vec<String> = rules
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name} {}", value?)))
        .collect();
    given.join(", ")
}

fn envelope(envelope: Option<&Envelope>) -> String {
    let Some(envelope) = envelope else {
        return "none declared, so that no call counts as outside it".to_owned();
    };
    let networks: Vec<String> = envelope.networks.iter().map(text_of).collect();
    let hours: Vec<String> = envelope.hours.iter().map(text_of).collect();
    let limits = [
        ("actions", &envelope.actions),
        ("resources", &envelope.resources),
        ("regions", &envelope.regions),
        ("networks", &networks),
        ("roles to assume", &envelope.assumable_roles),
        ("hours", &hours),
        ("models", &envelope.models),
    ];
    let given: Vec<String> = limits
        .into_iter()
        .filter(|(_, patterns)| !patterns.is_empty())
        .map(|(name, patterns)| format!("{name} {}", some_of(patterns)))
        .collect();
    given.join("; ")
}

fn some_of(patterns: &[String]) -> String {
    let shown: Vec<&str> = patterns
        .iter()
        .take(ENVELOPE_PATTERNS)
        .map(String::as_str)
        .collect();
    let more = patterns.len() - shown.len();
    if more == 0 {
        shown.join(", ")
    } else {
        format!("{} and {more} more", shown.join(", "))
    }
}

/// What a value prints as in JSON, without quotes.
fn text_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(text)) => text,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}
