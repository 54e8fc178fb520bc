//! An analysis of a small lake: the definitions, the traps, and the promise that nothing depends on chance.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::OnceLock;

use curtail_analyze::{ActionRow, AgentsFile, Analysis, Bucket, Engine, Error, Options, analyze};
use curtail_ingest::{Lake, LakeTable, NoProgress};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::rows::{ACCOUNT, append, call, role, role_arn, trail, with};

const AGENTS: &str = r#"
[[agent]]
name = "writer"
[[agent.binding]]
role = "arn:aws:iam::111122223333:role/documents"
session_name = "writer-*"
[agent.envelope]
actions = ["s3:GetObject", "s3:PutObject", "ec2:DescribeInstances"]

[[agent]]
name = "archiver"
[[agent.binding]]
role = "arn:aws:iam::111122223333:role/documents"
session_name = "archiver-*"

[[agent]]
name = "app"
[[agent.binding]]
role = "arn:aws:iam::111122223333:role/app"
"#;

const GRANTED: [&str; 8] = [
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:ListBucket",
    "sqs:SendMessage",
    "ec2:DescribeInstances",
    "iam:ListUsers",
    "iam:PassRole",
];

fn events() -> Vec<Value> {
    let s3 = "s3.amazonaws.com";
    let day = "2026-09-30T12:00:00Z";
    vec![
        call("get", day, "documents", "writer-1", s3, "GetObject"),
        call(
            "head",
            "2026-09-10T12:00:00Z",
            "documents",
            "writer-2",
            s3,
            "HeadObject",
        ),
        with(
            call("throttled", day, "documents", "writer-1", s3, "PutObject"),
            json!({"error_code": "SlowDown"}),
        ),
        with(
            call("denied", day, "documents", "writer-1", s3, "ListObjectsV2"),
            json!({"error_code": "AccessDenied"}),
        ),
        call(
            "outside",
            day,
            "documents",
            "writer-1",
            "iam.amazonaws.com",
            "ListUsers",
        ),
        call(
            "neighbour",
            day,
            "documents",
            "archiver-1",
            s3,
            "DeleteObject",
        ),
        call(
            "nobody",
            day,
            "documents",
            "stranger",
            "ec2.amazonaws.com",
            "DescribeInstances",
        ),
        call("mine", day, "app", "s", s3, "GetObject"),
        call("not-mine", day, "my-app", "s", s3, "PutObject"),
        with(
            call("of-the-old-role", day, "app", "s", s3, "DeleteObject"),
            json!({"session_issuer_principal_id": "AROAOLD", "user_identity_principal_id": "AROAOLD:s"}),
        ),
        with(
            call(
                "service-event",
                day,
                "app",
                "s",
                "iam.amazonaws.com",
                "ListUsers",
            ),
            json!({"event_type": "AwsServiceEvent"}),
        ),
        call("unheard-of", day, "app", "s", s3, "Frobnicate"),
    ]
}

async fn lake(folder: &tempfile::TempDir, events: &[Value], documents: &[Value]) -> Lake {
    let lake = Lake::open(folder.path().to_str().unwrap()).await.unwrap();
    if !events.is_empty() {
        append(&lake, LakeTable::Events, events).await;
    }
    if !documents.is_empty() {
        append(&lake, LakeTable::Snapshots, documents).await;
    }
    lake
}

fn documents() -> Vec<Value> {
    let mut documents = trail(true);
    documents.extend([
        role("documents", &GRANTED),
        role("app", &GRANTED),
        role("my-app", &GRANTED),
    ]);
    documents
}

fn options() -> Options {
    Options::new("2026-10-01T00:00:00Z".parse().unwrap())
}

fn agents() -> AgentsFile {
    AgentsFile::parse(AGENTS, "agents.toml").unwrap()
}

async fn analysis_of(lake: &Lake, agents: &AgentsFile, options: &Options) -> Analysis {
    analyze(lake, agents, options, &NoProgress).await.unwrap()
}

async fn sample() -> (tempfile::TempDir, Lake, Analysis) {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(&folder, &events(), &documents()).await;
    let analysis = analysis_of(&lake, &agents(), &options()).await;
    (folder, lake, analysis)
}

/// The analysis of the sample, made once for all who only look at it.
fn shared() -> &'static Analysis {
    static SHARED: OnceLock<Analysis> = OnceLock::new();
    SHARED.get_or_init(|| Runtime::new().unwrap().block_on(async { sample().await.2 }))
}

fn row<'a>(analysis: &'a Analysis, agent: &str, action: &str) -> &'a ActionRow {
    analysis
        .actions
        .iter()
        .find(|row| row.agent == agent && row.action == action)
        .unwrap()
}

fn buckets(analysis: &Analysis, agent: &str) -> BTreeMap<String, Bucket> {
    let mine = analysis.actions.iter().filter(|row| row.agent == agent);
    mine.map(|row| (row.action.clone(), row.bucket)).collect()
}

fn expected(pairs: &[(&str, Bucket)]) -> BTreeMap<String, Bucket> {
    pairs
        .iter()
        .map(|(action, bucket)| ((*action).to_owned(), *bucket))
        .collect()
}

#[test]
fn every_granted_action_stands_in_its_bucket() {
    let analysis = shared();
    assert_eq!(
        buckets(analysis, "writer"),
        expected(&[
            ("ec2:DescribeInstances", Bucket::Used),
            ("iam:ListUsers", Bucket::NonLegitimate),
            ("iam:PassRole", Bucket::Unobservable),
            ("s3:DeleteObject", Bucket::Inherited),
            ("s3:GetObject", Bucket::Used),
            ("s3:ListBucket", Bucket::NeverUsed),
            ("s3:PutObject", Bucket::Used),
            ("sqs:SendMessage", Bucket::Unobservable),
        ])
    );
    assert_eq!(
        buckets(analysis, "archiver"),
        expected(&[
            ("ec2:DescribeInstances", Bucket::Used),
            ("iam:ListUsers", Bucket::NeverUsed),
            ("iam:PassRole", Bucket::Unobservable),
            ("s3:DeleteObject", Bucket::Used),
            ("s3:GetObject", Bucket::Inherited),
            ("s3:ListBucket", Bucket::NeverUsed),
            ("s3:PutObject", Bucket::Inherited),
            ("sqs:SendMessage", Bucket::Unobservable),
        ])
    );
}

#[test]
fn calls_are_counted_per_window_with_first_and_last_use() {
    let analysis = shared();
    let get = row(analysis, "writer", "s3:GetObject");
    assert_eq!(get.calls, BTreeMap::from([(7, 1), (30, 2), (90, 2)]));
    assert_eq!(get.sessions, BTreeMap::from([(7, 1), (30, 2), (90, 2)]));
    assert_eq!(
        get.first_used,
        Some("2026-09-10T12:00:00Z".parse().unwrap())
    );
    assert_eq!(get.last_used, Some("2026-09-30T12:00:00Z".parse().unwrap()));
    assert_eq!(
        row(analysis, "archiver", "s3:GetObject").used_by,
        ["writer"]
    );
}

#[test]
fn a_denied_call_is_an_attempt_and_a_throttled_one_a_use() {
    let analysis = shared();
    let attempted: Vec<(&str, i64)> = analysis
        .attempted
        .iter()
        .map(|row| (row.action.as_str(), row.denied_calls))
        .collect();
    assert_eq!(attempted, [("s3:ListBucket", 1)]);
    assert_eq!(row(analysis, "writer", "s3:PutObject").calls[&90], 1);
}

#[test]
fn a_role_is_neither_its_namesake_nor_its_forerunner() {
    let analysis = shared();
    let used = expected(&[("s3:GetObject", Bucket::Used)]);
    let mine: BTreeMap<_, _> = buckets(analysis, "app")
        .into_iter()
        .filter(|(_, bucket)| *bucket == Bucket::Used)
        .collect();
    assert_eq!(mine, used);
    let told: Vec<(&str, &str, i64)> = analysis
        .unattributed
        .iter()
        .map(|row| (row.role_arn.as_str(), row.reason.as_str(), row.calls))
        .collect();
    assert_eq!(
        told,
        [
            (role_arn("app").as_str(), "former_role", 1),
            (role_arn("documents").as_str(), "no_rule_matches", 1),
            (role_arn("my-app").as_str(), "no_agent_bound", 1),
        ]
    );
}

#[test]
fn use_by_nobody_known_keeps_an_action_and_widens_the_count() {
    let analysis = shared();
    let describe = row(analysis, "archiver", "ec2:DescribeInstances");
    assert!(describe.flags.contains("unattributed_use"));
    let count = analysis
        .counts
        .iter()
        .find(|count| count.agent == "archiver" && count.window_days == 90)
        .unwrap();
    assert_eq!(
        (count.exercised, count.possible, count.calls, count.sessions),
        (2, 1, 1, 1)
    );
}

#[test]
fn buckets_add_up_to_what_is_granted() {
    let analysis = shared();
    assert_eq!(analysis.counts.len(), 9);
    for count in &analysis.counts {
        let sum = count.used
            + count.non_legitimate
            + count.inherited
            + count.unobservable
            + count.never_used;
        assert_eq!(sum, count.granted, "{count:?}");
        assert_eq!(count.granted, 8, "{count:?}");
    }
}

#[tokio::test]
async fn an_unlogged_data_event_is_not_unused() {
    let folder = tempfile::tempdir().unwrap();
    let mut documents = trail(false);
    documents.push(role("app", &["s3:GetObject", "s3:ListBucket"]));
    let quiet = [call(
        "only",
        "2026-09-30T12:00:00Z",
        "app",
        "s",
        "ec2.amazonaws.com",
        "DescribeInstances",
    )];
    let lake = lake(&folder, &quiet, &documents).await;
    let analysis = analysis_of(&lake, &agents(), &options()).await;
    let get = row(&analysis, "app", "s3:GetObject");
    assert_eq!(get.bucket, Bucket::Unobservable);
    assert_eq!(
        get.unobservable_because.as_deref(),
        Some("no trail selects data events of AWS::S3::Object")
    );
}

#[test]
fn what_no_rule_and_no_catalog_explains_is_shown() {
    let analysis = shared();
    let unmapped: Vec<(&str, i64)> = analysis
        .unmapped
        .iter()
        .map(|row| (row.event_name.as_str(), row.events))
        .collect();
    assert_eq!(unmapped, [("Frobnicate", 1)]);
    let caught: Vec<(&str, &str, &[String])> = analysis
        .non_legitimate
        .iter()
        .map(|row| {
            (
                row.rule.as_str(),
                row.action.as_str(),
                row.sample_record_keys.as_slice(),
            )
        })
        .collect();
    assert_eq!(
        caught,
        [(
            "outside_envelope",
            "iam:ListUsers",
            ["outside".to_owned()].as_slice()
        )]
    );
    assert_eq!(
        (
            analysis.coverage.len(),
            analysis.coverage[0].days_with_events,
            analysis.coverage[0].days_in_window
        ),
        (1, 2, 90)
    );
}

#[test]
fn what_must_be_replayed_is_every_legitimate_or_unattributed_call() {
    let analysis = shared();
    let replayed: BTreeSet<(Option<&str>, &str)> = analysis
        .replay
        .iter()
        .map(|row| (row.agent.as_deref(), row.action.as_str()))
        .filter(|(_, action)| GRANTED.contains(action))
        .collect();
    assert_eq!(
        replayed,
        BTreeSet::from([
            (None, "ec2:DescribeInstances"),
            (None, "s3:PutObject"),
            (Some("app"), "s3:GetObject"),
            (Some("archiver"), "s3:DeleteObject"),
            (Some("writer"), "s3:GetObject"),
            (Some("writer"), "s3:PutObject"),
        ])
    );
}

#[tokio::test]
async fn the_same_input_gives_the_same_bytes_and_writes_nothing_twice() {
    let (_folder, lake, first) = sample().await;
    let versions = lake.versions().await.unwrap();
    let second = analysis_of(&lake, &agents(), &options()).await;
    assert_eq!(
        serde_json::to_string(&first).unwrap(),
        serde_json::to_string(&second).unwrap()
    );
    assert_eq!(lake.versions().await.unwrap(), versions);
}

#[tokio::test]
async fn neither_partitions_nor_memory_change_the_result() {
    let (_folder, lake, first) = sample().await;
    for (partitions, memory_bytes) in [(1, 1 << 30), (3, 128 << 20)] {
        let mut options = options();
        options.partitions = NonZero::new(partitions).unwrap();
        options.memory_bytes = memory_bytes;
        let other = analysis_of(&lake, &agents(), &options).await;
        assert_eq!(
            serde_json::to_string(&first).unwrap(),
            serde_json::to_string(&other).unwrap(),
            "{partitions} partitions"
        );
    }
}

#[tokio::test]
async fn each_findings_query_shows_its_evidence_again() {
    let (_folder, lake, analysis) = sample().await;
    let categories: BTreeSet<&str> = analysis
        .findings
        .iter()
        .map(|finding| finding.category.as_str())
        .collect();
    assert_eq!(
        categories,
        BTreeSet::from([
            "inherited",
            "never_used",
            "outside_envelope",
            "unknown_client",
            "unobservable"
        ])
    );
    let engine = Engine::open(&lake, &agents(), &options()).await.unwrap();
    assert_eq!(engine.run_id(), analysis.run_id);
    for finding in &analysis.findings {
        let rows: usize = engine
            .batches(&finding.query)
            .await
            .unwrap()
            .iter()
            .map(arrow::array::RecordBatch::num_rows)
            .sum();
        let told = finding
            .evidence
            .get("actions_total")
            .or(finding.evidence.get("breaches_total"))
            .or(finding.evidence.get("signals_total"))
            .unwrap();
        assert_eq!(json!(rows), *told, "{}", finding.query);
    }
}

#[tokio::test]
async fn an_empty_lake_gives_an_honest_analysis() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(&folder, &[], &[]).await;
    let analysis = analysis_of(&lake, &agents(), &options()).await;
    assert!(
        analysis.actions.is_empty() && analysis.findings.is_empty() && analysis.coverage.is_empty()
    );
    assert!(analysis.table_versions.is_empty());
    let problems: Vec<&str> = analysis
        .agents
        .iter()
        .flat_map(|agent| agent.problems.iter().map(String::as_str))
        .collect();
    assert_eq!(
        problems[0],
        format!("role not in snapshot: {}", role_arn("app"))
    );
    assert_eq!(analysis.counts.len(), 9);
}

#[tokio::test]
async fn without_a_snapshot_use_is_told_and_grants_are_not_guessed() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(&folder, &events(), &[]).await;
    let analysis = analysis_of(&lake, &agents(), &options()).await;
    assert!(analysis.actions.is_empty() && analysis.roles.is_empty());
    let count = analysis
        .counts
        .iter()
        .find(|count| count.agent == "writer" && count.window_days == 90)
        .unwrap();
    assert_eq!((count.granted, count.exercised, count.calls), (0, 3, 4));
}

#[tokio::test]
async fn without_events_nothing_is_called_unused() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(&folder, &[], &documents()).await;
    let analysis = analysis_of(&lake, &agents(), &options()).await;
    assert_eq!(
        analysis
            .actions
            .iter()
            .filter(|row| row.bucket == Bucket::NeverUsed)
            .count(),
        0
    );
    let get = row(&analysis, "app", "s3:GetObject");
    assert_eq!(
        get.unobservable_because,
        Some(format!(
            "no management event of account {ACCOUNT} in the window"
        ))
    );
}

#[tokio::test]
async fn without_a_file_each_role_that_called_is_an_agent() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(&folder, &events(), &documents()).await;
    let analysis = analysis_of(&lake, &AgentsFile::absent(), &options()).await;
    let names: Vec<&str> = analysis
        .agents
        .iter()
        .map(|agent| agent.name.as_str())
        .collect();
    assert_eq!(names, ["app", "documents", "my-app"]);
    assert_eq!(
        row(&analysis, "my-app", "s3:PutObject").bucket,
        Bucket::Used
    );
}

#[tokio::test]
async fn a_review_can_be_asked_for_again_at_the_versions_that_it_read() {
    let (_folder, lake, first) = sample().await;
    append(
        &lake,
        LakeTable::Events,
        &[call(
            "later",
            "2026-09-30T13:00:00Z",
            "app",
            "s",
            "s3.amazonaws.com",
            "PutObject",
        )],
    )
    .await;
    let newest = analysis_of(&lake, &agents(), &options()).await;
    assert_ne!(newest.run_id, first.run_id);
    let mut pinned = options();
    pinned.table_versions.clone_from(&first.table_versions);
    let again = analysis_of(&lake, &agents(), &pinned).await;
    assert_eq!(
        serde_json::to_string(&first).unwrap(),
        serde_json::to_string(&again).unwrap()
    );
}

#[test]
fn the_roles_policies_come_along() {
    let analysis = shared();
    assert_eq!(
        analysis
            .roles
            .keys()
            .map(String::as_str)
            .collect::<Vec<_>>(),
        [role_arn("app"), role_arn("documents"), role_arn("my-app")]
    );
    let shared = &analysis.roles[&role_arn("documents")];
    assert_eq!(shared.agents, ["archiver", "writer"]);
    assert_eq!(shared.policies.identity.len(), 1);
    assert_eq!(
        shared.created_at,
        Some("2026-01-01T00:00:00Z".parse().unwrap())
    );
}

#[tokio::test]
async fn only_queries_are_run() {
    let (_folder, lake, _) = sample().await;
    let engine = Engine::open(&lake, &agents(), &options()).await.unwrap();
    let refused = engine
        .sql("DROP TABLE events")
        .await
        .map(|_| ())
        .unwrap_err();
    assert!(matches!(refused, Error::NotReadOnly { .. }));
    assert!(matches!(
        engine
            .sql("SELECT x FROM nowhere")
            .await
            .map(|_| ())
            .unwrap_err(),
        Error::Query { .. }
    ));
    let mut rows = engine
        .sql("SELECT record_key FROM events WHERE record_key = 'get'")
        .await
        .unwrap();
    assert_eq!(rows.schema().field(0).name(), "record_key");
    assert_eq!(rows.next().await.unwrap().unwrap().num_rows(), 1);
}
