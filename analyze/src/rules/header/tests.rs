//! Heads that are read, and those that are refused with their line.

use super::*;
use crate::rules::ParameterValue;

const HEAD: &str = "-- Calls at night, and why: they wake people.
-- id: at_night
-- title: Calls at night
-- severity: low
-- effect: finding
-- standards: NIST AI RMF MANAGE 4.1,
--      CSA MAESTRO layer 7
-- parameters: first_hour bigint 22 - hour that the night begins with
--      client text 'aws-cli' - whose calls
-- false_positives: a batch
--
-- Source: AWS CloudTrail User Guide.
-- in:  calls
SELECT 1
-- id: not_the_head
";

fn parse(text: &str) -> Result<RuleHeader, Error> {
    RuleHeader::parse(text, "rules/at_night.sql")
}

/// What is said of a head with a line of it written otherwise.
fn said(line: &str, other: &str) -> String {
    assert!(HEAD.contains(line), "{line}");
    parse(&HEAD.replacen(line, other, 1))
        .unwrap_err()
        .to_string()
}

#[test]
fn a_head_says_what_the_rule_is() {
    let header = parse(HEAD).unwrap();
    assert_eq!(header.id, "at_night");
    assert_eq!(header.title, "Calls at night");
    assert_eq!(header.severity, Severity::Low);
    assert_eq!(header.effect, Effect::Finding);
    assert_eq!(
        header.standards,
        ["NIST AI RMF MANAGE 4.1", "CSA MAESTRO layer 7"]
    );
    let defaults: Vec<(&str, ParameterValue)> = header
        .parameters
        .iter()
        .map(|parameter| (parameter.name.as_str(), parameter.default.clone()))
        .collect();
    assert_eq!(
        defaults,
        [
            ("first_hour", ParameterValue::Number(22)),
            ("client", ParameterValue::Text("aws-cli".to_owned())),
        ]
    );
    assert_eq!(header.false_positives, "a batch");
}

#[test]
fn faults_name_file_and_line() {
    let cases = [
        (
            "-- title: Calls at night\n",
            "",
            "rules/at_night.sql:1: the head has no `-- title: ...`",
        ),
        (
            "-- title: Calls at night",
            "-- title:",
            "rules/at_night.sql:3: the head has no `-- title: ...`",
        ),
        (
            "severity: low",
            "severity: huge",
            "rules/at_night.sql:4: `huge` is no severity",
        ),
        (
            "effect: finding",
            "effect: deny",
            "rules/at_night.sql:5: `deny` is no effect",
        ),
        (
            "effect: finding",
            "efect: finding",
            "rules/at_night.sql:5: `efect` is no entry of a rule's head",
        ),
        (
            "title: Calls",
            "id: Calls",
            "rules/at_night.sql:3: `id` stands here again, after line 2",
        ),
        (
            "client text 'aws-cli' - whose",
            "client list 'a' - whose",
            "rules/at_night.sql:9: `client list 'a' - whose calls` declares no parameter",
        ),
        (
            "client text 'aws-cli'",
            "first_hour bigint 1",
            "rules/at_night.sql:9: `first_hour bigint 1 - whose calls` declares no parameter",
        ),
        (
            "id: at_night",
            "id: by_day",
            "rules/at_night.sql:2: `by_day` cannot be the id of this file",
        ),
    ];
    for (line, other, message) in cases {
        assert_eq!(said(line, other), message);
    }
}

#[test]
fn whatever_text_comes_is_answered() {
    for text in [
        "",
        "--",
        "-- :",
        "SELECT 1",
        "-- id: \u{0}",
        "-- id: ../x",
        "--\u{e4}",
    ] {
        assert!(parse(text).is_err(), "{text:?}");
    }
}
