//! `agents.toml`: the teams' agents in, the declaration that curtail reads out.

use std::fmt::Write as _;

use crate::model::{Agent, Binding, Envelope};
use crate::organisation::TEAMS;
use crate::replica;

const HEAD: &str = "\
# The agents of Halden Insurance: who owns them, what they are for, which roles they run under,
# and what their work needs. See README.md for what each of them shows.
";

/// The text of `agents.toml` for so many copies of the organisation.
pub(crate) fn text(copies: u32) -> String {
    let mut text = HEAD.to_owned();
    for copy in 0..copies {
        for agent in TEAMS.iter().flat_map(|team| team.agents) {
            text.push('\n');
            text.push_str(&replica::rename(&one(agent, copy), copy));
        }
    }
    text
}

fn one(agent: &Agent, copy: u32) -> String {
    let mut text = String::from("[[agent]]\n");
    line(
        &mut text,
        "name",
        &quoted(&replica::agent_name(agent.name, copy)),
    );
    line(&mut text, "owners", &list(agent.owners));
    line(&mut text, "purpose", &quoted(agent.purpose));
    let declared = [
        ("environment", agent.environment),
        ("binding_pattern", agent.binding_pattern),
        ("propagation_pattern", agent.propagation_pattern),
    ];
    for (key, value) in declared {
        if let Some(value) = value {
            line(&mut text, key, &quoted(value));
        }
    }
    for binding in agent.bindings {
        text.push_str(&binding_table(binding));
    }
    if let Some(envelope) = &agent.envelope {
        text.push_str(&envelope_table(envelope));
    }
    text
}

fn binding_table(binding: &Binding) -> String {
    let mut text = String::from("[[agent.binding]]\n");
    line(&mut text, "role", &quoted(&binding.role.arn()));
    for (key, pattern) in binding.marks {
        line(&mut text, key, &quoted(pattern));
    }
    text
}

fn envelope_table(envelope: &Envelope) -> String {
    let mut text = String::from("[agent.envelope]\n");
    let lists = [
        ("actions", envelope.actions),
        ("resources", envelope.resources),
        ("regions", envelope.regions),
        ("networks", envelope.networks),
        ("assumable_roles", envelope.assumable_roles),
    ];
    for (key, values) in lists {
        if !values.is_empty() {
            line(&mut text, key, &list(values));
        }
    }
    text
}

fn line(text: &mut String, key: &str, value: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{key} = {value}");
}

/// A basic string of TOML; nothing in the organisation needs an escape but the two below.
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

fn list(values: &[&str]) -> String {
    let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
    if values.iter().map(String::len).sum::<usize>() < 90 {
        return format!("[{}]", values.join(", "));
    }
    format!("[\n  {},\n]", values.join(",\n  "))
}
