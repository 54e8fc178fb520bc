//! The file of agents: what is read from it, and how its faults are told.

use super::*;

const WHOLE: &str = r#"
[[agent]]
name = "planner"
owners = ["a@b.example"]
purpose = "plans"
environment = "production"
binding_pattern = "C"
propagation_pattern = "scoped_sub_token"
[[agent.binding]]
role = "arn:aws:iam::111122223333:role/agents/planner"
session_name = "planner-*"
source_network = "10.0.0.0/8"
[agent.envelope]
actions = ["s3:GetObject", "s3:Get*"]
networks = ["10.0.0.0/8"]

[[agent]]
name = "executor"
[[agent.binding]]
role = "arn:aws:iam::111122223333:role/agents/planner"
"#;

fn fault(text: &str) -> (usize, String, &'static str) {
    match AgentsFile::parse(text, "agents.toml") {
        Err(Error::Agents {
            line,
            problem,
            remedy,
            ..
        }) => (line, problem, remedy),
        other => panic!("no fault was found: {other:?}"),
    }
}

fn agent_with(lines: &str) -> String {
    format!(
        "[[agent]]\nname = \"a\"\n[[agent.binding]]\nrole = \"arn:aws:iam::111122223333:role/a\"\n{lines}\n"
    )
}

#[test]
fn agents_come_by_name_with_all_that_the_file_says() {
    let agents = AgentsFile::parse(WHOLE, "agents.toml")
        .unwrap()
        .agents
        .unwrap();
    assert_eq!(
        agents
            .iter()
            .map(|agent| agent.name.as_str())
            .collect::<Vec<_>>(),
        ["executor", "planner"]
    );
    let planner = &agents[1];
    assert_eq!(planner.binding_pattern, Some(BindingPattern::C));
    assert_eq!(
        planner.propagation_pattern,
        Some(PropagationPattern::ScopedSubToken)
    );
    assert_eq!(
        planner.bindings[0].session_name.as_deref(),
        Some("planner-*")
    );
    assert_eq!(
        planner.bindings[0].source_network.unwrap().to_string(),
        "10.0.0.0/8"
    );
    assert_eq!(
        planner.envelope.as_ref().unwrap().actions,
        ["s3:Get*", "s3:GetObject"]
    );
}

#[test]
fn the_fingerprint_changes_with_any_byte() {
    let one = AgentsFile::parse(WHOLE, "x").unwrap();
    let other = AgentsFile::parse(&format!("{WHOLE}\n"), "x").unwrap();
    assert_ne!(one.fingerprint, other.fingerprint);
}

#[test]
fn a_message_names_file_and_line_and_the_hint_what_to_do() {
    let text = agent_with("source_network = \"10.0.0.0/40\"");
    let error = AgentsFile::parse(&text, "conf/agents.toml").unwrap_err();
    assert_eq!(
        error.to_string(),
        "conf/agents.toml:5: `10.0.0.0/40` is not an IP network"
    );
    assert_eq!(
        error.hint(),
        Some("write it as CIDR, for example 10.0.0.0/8 or 2001:db8::/32")
    );
}

#[test]
fn an_unknown_key_is_a_fault_at_its_line() {
    let (line, problem, _) = fault(&agent_with("oidc_subjekt = \"x\""));
    assert_eq!(line, 5);
    assert!(
        problem.contains("unknown field `oidc_subjekt`"),
        "{problem}"
    );
}

#[test]
fn a_second_agent_of_the_same_name_is_a_fault() {
    let (line, problem, _) = fault(&format!("{}{}", agent_with(""), agent_with("")));
    assert_eq!(
        (line, problem.as_str()),
        (7, "agent `a` is declared a second time, after line 2")
    );
}

#[test]
fn what_cannot_be_meant_is_a_fault() {
    let cases = [
        (
            "[[agent]]\nname = \"a\"\n",
            2,
            "agent `a` is bound to no role",
        ),
        (
            "[[agent]]\nname = \"\"\n",
            2,
            "`` cannot be the name of an agent",
        ),
        (
            "[[agent]]\nname = \"unattributed\"\n",
            2,
            "`unattributed` cannot be the name of an agent",
        ),
        (
            "[[agent]]\nname = \"a\\u001b[2J\"\n",
            2,
            "`a\\u{1b}[2J` cannot be the name of an agent",
        ),
        (
            "[[agent]]\nname = \"a\"\nowners = [\"nobody\"]\n",
            3,
            "owner `nobody` is not a mail address",
        ),
        (
            "[[agent]]\nname = \"a\"\n[[agent.binding]]\nrole = \"app\"\n",
            4,
            "`app` is not the ARN of a role",
        ),
    ];
    for (text, at, said) in cases {
        let (line, problem, _) = fault(text);
        assert_eq!((line, problem.as_str()), (at, said));
    }
}

#[test]
fn a_value_of_the_wrong_form_is_a_fault() {
    let cases = [
        ("service_account = \"sa\"", "`sa` is not a service account"),
        (
            "lambda_function = \"resize\"",
            "`resize` is not the ARN of a function",
        ),
        ("session_name = \"\"", "`` is not a pattern"),
        (
            "[agent.envelope]\nactions = [\"GetObject\"]",
            "`GetObject` is not the pattern of an action",
        ),
        (
            "[agent.envelope]\nresources = [\"bucket\"]",
            "`bucket` is not the pattern of an ARN",
        ),
        (
            "[agent.envelope]\nnetworks = [\"here\"]",
            "`here` is not an IP network",
        ),
    ];
    for (lines, said) in cases {
        let (_, problem, _) = fault(&agent_with(lines));
        assert_eq!(problem, said);
    }
}

#[test]
fn an_empty_file_declares_no_agents() {
    assert_eq!(
        AgentsFile::parse("", "agents.toml").unwrap().agents,
        Some(Vec::new())
    );
}
