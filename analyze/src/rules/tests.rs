//! Rules and what is set about them.

use super::*;

fn file(id: &str, more: &str) -> RuleFile {
    RuleFile {
        name: format!("rules/{id}.sql"),
        text: format!(
            "-- What it is.\n-- id: {id}\n-- title: T\n-- severity: low\n-- effect: finding\n-- standards: S\n-- false_positives: none known\n{more}SELECT 1"
        ),
    }
}

fn settings(text: &str) -> BTreeMap<String, RuleSettings> {
    toml::from_str(text).unwrap()
}

fn resolve(files: Vec<RuleFile>, text: &str) -> Result<RuleSet, Error> {
    RuleSet::resolve(&RuleOptions {
        files,
        settings: settings(text),
    })
}

#[test]
fn every_built_in_rule_has_a_whole_head() {
    let rules = resolve(Vec::new(), "").unwrap();
    let ids: Vec<&str> = rules.iter().map(|rule| rule.header.id.as_str()).collect();
    let listed: Vec<&str> = RULES.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids, listed);
    for rule in rules.iter() {
        for head in ["-- in:  ", "-- out: ", "-- key: "] {
            assert!(
                rule.sql.lines().any(|line| line.starts_with(head)),
                "{} lacks `{head}`",
                rule.header.id
            );
        }
        assert!(rule.header.standards.len() >= 4, "{}", rule.header.id);
        assert!(!rule.sql.contains("SELECT *"), "{}", rule.header.id);
    }
}

#[test]
fn settings_turn_rules_off_and_give_values() {
    let own = file("mine", "-- parameters: most bigint 5 - calls\n");
    let text = "[mine]\nmost = 9\nseverity = \"high\"\n[outside_envelope]\nenabled = false";
    let rules = resolve(vec![own], text).unwrap();
    let mine = rules.get("mine").unwrap();
    assert_eq!(mine.values, [ParameterValue::Number(9)]);
    assert_eq!(mine.severity, Severity::High);
    assert!(mine.enabled);
    assert!(!rules.get("outside_envelope").unwrap().enabled);
}

#[test]
fn what_no_rule_has_is_refused() {
    let own = || vec![file("mine", "-- parameters: most bigint 5 - calls\n")];
    let cases = [
        ("[other]", "rule `other`: there is no such rule"),
        (
            "[mine]\nleast = 1",
            "rule `mine`: it has no parameter `least`; it has enabled, severity, most",
        ),
        (
            "[mine]\nmost = \"1\"",
            "rule `mine`: parameter `most` is a bigint, not a text",
        ),
    ];
    for (text, message) in cases {
        assert_eq!(resolve(own(), text).unwrap_err().to_string(), message);
    }
}

#[test]
fn an_id_is_given_once() {
    let twice = resolve(vec![file("mine", ""), file("mine", "")], "").unwrap_err();
    assert_eq!(
        twice.to_string(),
        "rules/mine.sql:2: `mine` is the rule of `rules/mine.sql` already"
    );
    let built_in = resolve(vec![file("outside_envelope", "")], "").unwrap_err();
    assert_eq!(
        built_in.to_string(),
        "rules/outside_envelope.sql:2: `outside_envelope` is a built-in rule"
    );
}
