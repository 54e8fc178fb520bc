//! Legitimacy rules in an analysis: those of a user's folder beside the built-in ones, and what is set about them.

use curtail_analyze::{
    AgentsFile, Analysis, Bucket, Engine, Error, Options, RuleFile, Severity, analyze,
};
use curtail_ingest::{Lake, LakeTable, NoProgress};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::rows::{append, call, role, role_arn, trail, with};

const AGENTS: &str = r#"
[[agent]]
name = "app"
[[agent.binding]]
role = "arn:aws:iam::111122223333:role/app"
"#;

const RULE: &str = "-- Objects deleted in a region that is not named.
-- id: deletes_abroad
-- title: Objects deleted abroad
-- severity: low
-- effect: EFFECT
-- standards: a rule of ours
-- parameters: region text 'us-east-1' - where objects may be deleted
-- false_positives: none known
SELECT
    calls.record_key,
    calls.action,
    calls.agent,
    calls.role_arn,
    concat('deleted in ', calls.aws_region) AS reason
FROM calls
CROSS JOIN deletes_abroad_parameters
WHERE calls.action = 's3:DeleteObject'
    AND calls.aws_region <> deletes_abroad_parameters.region
";

fn events() -> Vec<Value> {
    let day = "2026-09-30T12:00:00Z";
    let iam = |key: &str, role: &str| {
        with(
            call(key, day, role, "s", "iam.amazonaws.com", "PutRolePolicy"),
            json!({"request_parameters": json!({"roleName": "app", "policyName": "p"}).to_string()}),
        )
    };
    vec![
        call(
            "delete",
            day,
            "app",
            "s",
            "s3.amazonaws.com",
            "DeleteObject",
        ),
        call("get", day, "app", "s", "s3.amazonaws.com", "GetObject"),
        iam("own", "app"),
        iam("of-another", "other"),
    ]
}

async fn lake(folder: &tempfile::TempDir) -> Lake {
    let lake = Lake::open(folder.path().to_str().unwrap()).await.unwrap();
    append(&lake, LakeTable::Events, &events()).await;
    let actions = ["s3:DeleteObject", "s3:GetObject", "iam:PutRolePolicy"];
    let mut documents = trail(true);
    documents.extend([role("app", &actions), role("other", &actions)]);
    append(&lake, LakeTable::Snapshots, &documents).await;
    lake
}

/// Options with a rule file and settings, as `curtail.toml` writes them.
fn options(rule: &str, settings: &str) -> Options {
    let mut options = Options::new("2026-10-01T00:00:00Z".parse().unwrap());
    options.rules.files = vec![RuleFile {
        name: "rules/deletes_abroad.sql".to_owned(),
        text: rule.to_owned(),
    }];
    options.rules.settings = toml::from_str(settings).unwrap();
    options
}

fn analysis(agents: &AgentsFile, options: &Options) -> (Result<Analysis, Error>, i64) {
    Runtime::new().unwrap().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let lake = lake(&folder).await;
        let analysis = analyze(&lake, agents, options, &NoProgress).await;
        let Ok(done) = &analysis else {
            return (analysis, 0);
        };
        let engine = Engine::open(&lake, agents, options).await.unwrap();
        let mut shown = 0;
        for finding in done
            .findings
            .iter()
            .filter(|finding| is_of_a_rule(&finding.category))
        {
            for batch in engine.batches(&finding.query).await.unwrap() {
                shown += i64::try_from(batch.num_rows()).unwrap();
            }
        }
        (analysis, shown)
    })
}

fn is_of_a_rule(category: &str) -> bool {
    !["never_used", "inherited", "unobservable"].contains(&category)
}

fn declared() -> AgentsFile {
    AgentsFile::parse(AGENTS, "agents.toml").unwrap()
}

/// Findings of rules: agent, rule, severity.
fn told(analysis: &Analysis) -> Vec<(String, String, Severity)> {
    let findings = analysis.findings.iter();
    let of_rules = findings.filter(|finding| is_of_a_rule(&finding.category));
    of_rules
        .map(|finding| {
            (
                finding.agent.clone(),
                finding.category.clone(),
                finding.severity,
            )
        })
        .collect()
}

fn bucket(analysis: &Analysis, action: &str) -> Bucket {
    let mut rows = analysis.actions.iter();
    rows.find(|row| row.agent == "app" && row.action == action)
        .unwrap()
        .bucket
}

fn expected(agent: &str, rule: &str, severity: Severity) -> (String, String, Severity) {
    (agent.to_owned(), rule.to_owned(), severity)
}

#[test]
fn a_rule_of_a_folder_makes_calls_non_legitimate_like_the_built_in_ones() {
    let options = options(&RULE.replace("EFFECT", "non_legitimate"), "");
    let (analysis, shown) = analysis(&declared(), &options);
    let analysis = analysis.unwrap();
    assert_eq!(
        told(&analysis),
        [
            expected("app", "deletes_abroad", Severity::Low),
            expected("app", "own_permissions_changed", Severity::High),
        ]
    );
    assert_eq!(bucket(&analysis, "s3:DeleteObject"), Bucket::NonLegitimate);
    assert_eq!(
        bucket(&analysis, "iam:PutRolePolicy"),
        Bucket::NonLegitimate
    );
    assert_eq!(bucket(&analysis, "s3:GetObject"), Bucket::Used);
    assert_eq!(shown, 2, "each finding's query shows its evidence");
    assert!(
        !analysis.baselines[0].ready,
        "nothing lies before the window"
    );
}

#[test]
fn a_rule_of_the_effect_finding_leaves_the_bucket_as_it_is() {
    let options = options(
        &RULE.replace("EFFECT", "finding"),
        "[deletes_abroad]\nseverity = \"high\"",
    );
    let (analysis, shown) = analysis(&declared(), &options);
    let analysis = analysis.unwrap();
    assert_eq!(
        told(&analysis)[0],
        expected("app", "deletes_abroad", Severity::High)
    );
    assert_eq!(bucket(&analysis, "s3:DeleteObject"), Bucket::Used);
    assert_eq!(shown, 2);
}

#[test]
fn parameters_and_rules_can_be_set() {
    let settings =
        "[deletes_abroad]\nregion = \"eu-west-1\"\n[own_permissions_changed]\nenabled = false";
    let options = options(&RULE.replace("EFFECT", "non_legitimate"), settings);
    let analysis = analysis(&declared(), &options).0.unwrap();
    assert_eq!(told(&analysis), []);
    assert_eq!(bucket(&analysis, "iam:PutRolePolicy"), Bucket::Used);
}

#[test]
fn what_an_agent_does_that_nobody_declared_is_told_and_not_judged() {
    let options = options(&RULE.replace("EFFECT", "non_legitimate"), "");
    let analysis = analysis(&AgentsFile::absent(), &options).0.unwrap();
    assert!(analysis.non_legitimate.is_empty());
    let rules: Vec<&str> = analysis
        .signals
        .iter()
        .map(|row| row.rule.as_str())
        .collect();
    assert_eq!(rules, ["own_permissions_changed", "deletes_abroad"]);
    assert!(
        analysis
            .signals
            .iter()
            .all(|row| row.role_arn == role_arn("app"))
    );
}

#[test]
fn a_broken_rule_stops_the_analysis_by_file_and_line() {
    let options = options(
        &RULE
            .replace("EFFECT", "finding")
            .replace("FROM calls", "FROM nowhere"),
        "",
    );
    let error = analysis(&declared(), &options).0.unwrap_err();
    assert!(error.is_of_rules());
    assert!(
        error
            .to_string()
            .starts_with("rules/deletes_abroad.sql:9: "),
        "{error}"
    );
    assert!(error.hint().is_some());
}
