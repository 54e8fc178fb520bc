//! The file of agents: what is read from it, and how its faults are told.

use super::*;

mod schema;

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
hours = ["Mon-Fri  06:00-20:00 UTC"]
models = ["eu.anthropic.*"]

[[agent]]
name = "executor"
tools = ["arn:aws:lambda:*:111122223333:function:search"]
[[agent.binding]]
role = "arn:aws:iam::111122223333:role/agents/planner"
"#;

fn fault(text: &str) -> (usize, String, String) {
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
    let envelope = planner.envelope.as_ref().unwrap();
    assert_eq!(envelope.hours[0].to_string(), "Mon-Fri 06:00-20:00 UTC");
    assert_eq!(envelope.models, ["eu.anthropic.*"]);
    assert_eq!(
        agents[0].tools,
        ["arn:aws:lambda:*:111122223333:function:search"]
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
fn a_slip_in_a_key_or_word_is_told_at_its_line_with_what_was_meant() {
    let cases = [
        (
            agent_with("oidc_subjekt = \"x\""),
            5,
            "unknown key `oidc_subjekt`",
            "did you mean `oidc_subject`?",
        ),
        (
            agent_with("lambdafunction = \"x\""),
            5,
            "unknown key `lambdafunction`",
            "did you mean `lambda_function`?",
        ),
        (
            agent_with("[agent.envelope]\nmodel = []"),
            6,
            "unknown key `model`",
            "did you mean `models`?",
        ),
        (
            agent_with("[agent.envelop]\nmodels = []"),
            5,
            "unknown key `envelop`",
            "did you mean `envelope`?",
        ),
        (
            "[[agents]]\nname = \"a\"\n".to_owned(),
            1,
            "unknown key `agents`",
            "did you mean `agent`?",
        ),
        (
            "[[agent]]\nnam = \"a\"\n".to_owned(),
            2,
            "unknown key `nam`",
            "did you mean `name`?",
        ),
        (
            "[[agent]]\nname = \"a\"\npropagation_pattern = \"token-reuse\"\n".to_owned(),
            3,
            "unknown word `token-reuse`",
            "did you mean `token_reuse`?",
        ),
        (
            "[[agent]]\nname = \"a\"\nbinding_pattern = \"shared\"\n".to_owned(),
            3,
            "unknown word `shared`",
            "write one of: A, B, C, D",
        ),
        (
            agent_with("colour = \"x\""),
            5,
            "unknown key `colour`",
            "write one of: role, oidc_subject, service_account, lambda_function, ecs_task_family, instance_id, source_identity, session_name, user_agent, source_network",
        ),
        (
            "[[agent]]\nowners = []\n".to_owned(),
            1,
            "missing key `name`",
            "add a line `name = ...`",
        ),
        (
            "[[agent]]\nname = \"a\"\n[[agent.binding]]\nsession_name = \"x\"\n".to_owned(),
            3,
            "missing key `role`",
            "add a line `role = ...`",
        ),
        (
            "[[agent]]\nname = 3\n".to_owned(),
            2,
            "invalid type: integer `3`, expected a string",
            "write a string here",
        ),
    ];
    for (text, at, said, remedy) in cases {
        assert_eq!(
            fault(&text),
            (at, said.to_owned(), remedy.to_owned()),
            "{text}"
        );
    }
}

#[test]
fn a_file_that_is_no_toml_is_a_fault_at_its_line() {
    for (text, at) in [
        ("[[agent]]\nname = \"a\"\nname = \"b\"\n", 3),
        ("[[agent]\n", 1),
        ("x", 1),
    ] {
        let (line, problem, remedy) = fault(text);
        assert_eq!(line, at, "{text}: {problem}");
        assert!(
            !problem.is_empty() && remedy.contains("--schema"),
            "{text}: {problem}: {remedy}"
        );
    }
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
        (
            "[agent.envelope]\nregions = [\"eu:west\"]",
            "`eu:west` is not the pattern of a region",
        ),
        (
            "[agent.envelope]\nassumable_roles = [\"admin\"]",
            "`admin` is not the pattern of a role's ARN",
        ),
        (
            "[agent.envelope]\nmodels = [\"claude\"]",
            "`claude` is not the pattern of a model",
        ),
        (
            "[agent.envelope]\nhours = [\"Mun-Fri 06:00-20:00 UTC\"]",
            "`Mun-Fri 06:00-20:00 UTC` are no hours: `Mun` is no day",
        ),
        (
            "[agent.envelope]\nhours = [\"Mon-Fri 6-20 UTC\"]",
            "`Mon-Fri 6-20 UTC` are no hours: `6-20` is no span of times",
        ),
        (
            "[agent.envelope]\nhours = [\"Mon-Fri\"]",
            "`Mon-Fri` are no hours: it is not written as days, times and zone",
        ),
        ("session_name = \"\\u0007\"", "`\\u{7}` is not a pattern"),
    ];
    for (lines, said) in cases {
        let (_, problem, _) = fault(&agent_with(lines));
        assert_eq!(problem, said);
    }
}

#[test]
fn a_tool_is_an_arn() {
    let text = "[[agent]]\nname = \"a\"\ntools = [\"search\"]\n[[agent.binding]]\nrole = \"arn:aws:iam::111122223333:role/a\"\n";
    let (line, problem, _) = fault(text);
    assert_eq!(
        (line, problem.as_str()),
        (3, "`search` is not the pattern of an ARN")
    );
}

#[test]
fn a_misspelt_day_is_told_with_the_day_that_was_meant() {
    let (_, _, remedy) = fault(&agent_with(
        "[agent.envelope]\nhours = [\"Mun-Fri 06:00-20:00 UTC\"]",
    ));
    assert_eq!(remedy, "did you mean `Mon`?");
}

#[test]
fn an_empty_file_declares_no_agents() {
    assert_eq!(
        AgentsFile::parse("", "agents.toml").unwrap().agents,
        Some(Vec::new())
    );
}
