//! The text of a starting `agents.toml`: candidates in, TOML with the evidence as comments out.
//!
//! INVARIANT: [`AgentsFile::parse`](crate::AgentsFile::parse) takes what is written here, whatever the signs say.

use std::fmt::Write as _;

use super::candidate::{Candidate, candidates};
use super::{Confidence, Sign};

const HEAD: &str = "\
# Agents that were discovered, with the evidence of each. A starting point: give each an owner, a purpose and the
# envelope of its work, and take out what is no agent. `curtail agents --schema` prints all keys.
";

/// The file that declares the agents which the signs amount to, of at least this confidence.
#[must_use]
pub fn agents_toml(signs: &[Sign], least: Confidence) -> String {
    let mut text = HEAD.to_owned();
    for candidate in candidates(signs) {
        if candidate.confidence >= least {
            text.push('\n');
            table(&mut text, &candidate);
        }
    }
    text
}

fn table(text: &mut String, candidate: &Candidate<'_>) {
    let mut line = |written: &str| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{written}");
    };
    line(&format!("# Confidence: {}.", candidate.confidence.as_str()));
    let own = candidate.signs.iter().map(|sign| (sign, ""));
    let shared = candidate
        .role_signs
        .iter()
        .map(|sign| (sign, ", of the role that others share"));
    for (sign, whose) in own.chain(shared) {
        let (kind, confidence) = (comment(&sign.kind), sign.confidence.as_str());
        line(&format!(
            "# {kind} ({confidence}{whose}): {}",
            comment(&sign.evidence)
        ));
    }
    line("[[agent]]");
    line(&format!("name = {}", quoted(&candidate.name)));
    let owners: Vec<String> = candidate.owners.iter().map(|owner| quoted(owner)).collect();
    line(&format!("owners = [{}]", owners.join(", ")));
    line("purpose = \"\"");
    line("[[agent.binding]]");
    line(&format!("role = {}", quoted(candidate.role_arn)));
    if let Some((key, value)) = candidate.binding {
        line(&format!("{key} = {}", quoted(value)));
    }
}

/// Text that stays on its line and shows what a terminal would obey or hide.
fn comment(text: &str) -> String {
    text.chars()
        .map(|letter| {
            if letter.is_ascii_graphic() || letter == ' ' || letter.is_alphanumeric() {
                letter.to_string()
            } else {
                letter.escape_unicode().to_string()
            }
        })
        .collect()
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AgentsFile;

    const ROLE: &str = "arn:aws:iam::111122223333:role/shared";

    fn sign(role: &str, candidate: &str, kind: &str, binding: Option<(&str, &str)>) -> Sign {
        Sign {
            role_arn: role.to_owned(),
            binding: binding.map(|(key, value)| (key.to_owned(), value.to_owned())),
            candidate: candidate.to_owned(),
            kind: kind.to_owned(),
            evidence: format!("evidence of {candidate}"),
            confidence: Confidence::Low,
            owners: vec!["a@b.example".to_owned(), "no address".to_owned()],
        }
    }

    /// Name, binding's key and pattern of each agent that the written file declares.
    fn read(signs: &[Sign]) -> Vec<(String, String)> {
        let text = agents_toml(signs, Confidence::Low);
        let file = AgentsFile::parse(&text, "agents.toml")
            .unwrap_or_else(|error| panic!("{error}\n{text}"));
        let told = |agent: &crate::agents::Agent| {
            let binding = &agent.bindings[0];
            let key = [
                &binding.oidc_subject,
                &binding.service_account,
                &binding.lambda_function,
                &binding.ecs_task_family,
                &binding.user_agent,
            ];
            let key = key.into_iter().flatten().next().cloned();
            (agent.name.clone(), key.unwrap_or_default())
        };
        file.declared().unwrap().iter().map(told).collect()
    }

    fn pair(name: &str, key: &str) -> (String, String) {
        (name.to_owned(), key.to_owned())
    }

    #[test]
    fn workloads_that_can_be_told_apart_are_agents_of_their_own() {
        let signs = [
            sign(ROLE, "shared", "trust", None),
            sign(
                ROLE,
                "ns-one",
                "trust",
                Some(("oidc_subject", "system:serviceaccount:ns:one")),
            ),
            sign(
                ROLE,
                "ns-one",
                "session",
                Some(("oidc_subject", "system:serviceaccount:ns:one")),
            ),
            sign(
                ROLE,
                "ns-two",
                "trust",
                Some(("oidc_subject", "system:serviceaccount:ns:two")),
            ),
        ];
        assert_eq!(
            read(&signs),
            [
                pair("ns-one", "system:serviceaccount:ns:one"),
                pair("ns-two", "system:serviceaccount:ns:two")
            ]
        );
    }

    #[test]
    fn one_workload_has_its_role_alone_unless_the_log_shows_how_to_tell_it() {
        let family = Some(("ecs_task_family", "summarizer"));
        assert_eq!(
            read(&[sign(ROLE, "summarizer", "ecs_task", family)]),
            [pair("summarizer", "")]
        );
        assert_eq!(
            read(&[sign(ROLE, "summarizer", "session", family)]),
            [pair("summarizer", "summarizer")]
        );
        assert_eq!(
            read(&[sign(ROLE, "shared", "model_invocation", None)]),
            [pair("shared", "")]
        );
    }

    #[test]
    fn two_of_one_name_are_told_apart_by_account_and_number() {
        let other = "arn:aws:iam::444455556666:role/shared";
        let signs = [
            sign(ROLE, "shared", "trust", None),
            sign(other, "shared", "trust", None),
            sign(
                "arn:aws:iam::444455556666:role/x/shared",
                "shared",
                "trust",
                None,
            ),
        ];
        let names: Vec<String> = read(&signs).into_iter().map(|(name, _)| name).collect();
        assert_eq!(
            names,
            ["shared", "shared@444455556666", "shared@444455556666-2"]
        );
    }

    #[test]
    fn whatever_the_signs_say_the_file_is_accepted() {
        let long = "x".repeat(5_000);
        let odd = [
            "",
            " ",
            "unattributed",
            "a\"b\\c",
            "a\nname = \"b\"\n[[agent]]",
            "\u{1b}[2J",
            "\u{202e}abc",
            "ü+=,.@",
            &long,
            "'''",
            "#",
        ];
        let keys = [
            "oidc_subject",
            "service_account",
            "lambda_function",
            "ecs_task_family",
            "user_agent",
            "no_such_key",
        ];
        let mut signs = Vec::new();
        for (number, text) in odd.iter().enumerate() {
            for role in [ROLE, text] {
                for key in keys {
                    let mut odd = sign(role, text, text, Some((key, text)));
                    odd.evidence = (*text).to_owned();
                    odd.owners = vec![(*text).to_owned(), format!("{text}@{text}")];
                    signs.push(odd);
                }
            }
            signs.push(sign(
                &format!("arn:aws:iam::111122223333:role/r{number}"),
                text,
                "trust",
                None,
            ));
        }
        signs.sort();
        assert!(read(&signs).len() > odd.len());
    }

    #[test]
    fn what_is_less_sure_than_asked_is_left_out() {
        let signs = [sign(ROLE, "shared", "trust", None)];
        let text = agents_toml(&signs, Confidence::Medium);
        assert_eq!(text, HEAD);
    }
}
