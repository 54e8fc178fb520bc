//! A small organisation, made by hand, for the tests of this crate.

use std::collections::{BTreeMap, BTreeSet};

use curtail_analyze::agents::{Agent, Binding, BindingPattern, Envelope};
use curtail_analyze::{
    ActionRow, Analysis, AttemptedRow, BaselineRow, Bucket, CountRow, CoverageRow, Finding,
    NonLegitimateRow, PolicyProblem, ReplayRow, Role, Severity, UnattributedRow, UnmappedRow,
};
use curtail_iam::document::Document;
use curtail_iam::policy::{NamedPolicy, PolicyKind, RolePolicies};
use jiff::Timestamp;
use serde_json::{Value, json};

pub(crate) const WINDOWS: [u32; 3] = [7, 30, 90];
pub(crate) const ACCOUNT: &str = "111122223333";

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/agents/{name}")
}

pub(crate) fn inline(name: &str, statements: &Value) -> NamedPolicy {
    NamedPolicy {
        name: name.to_owned(),
        arn: None,
        kind: PolicyKind::Inline,
        attachments: 1,
        document: document(statements),
    }
}

pub(crate) fn managed(name: &str, attachments: usize, statements: &Value) -> NamedPolicy {
    NamedPolicy {
        name: name.to_owned(),
        arn: Some(format!("arn:aws:iam::{ACCOUNT}:policy/{name}")),
        kind: PolicyKind::CustomerManaged,
        attachments,
        document: document(statements),
    }
}

pub(crate) fn aws_managed(name: &str, statements: &Value) -> NamedPolicy {
    NamedPolicy {
        name: name.to_owned(),
        arn: Some(format!("arn:aws:iam::aws:policy/{name}")),
        kind: PolicyKind::AwsManaged,
        attachments: 1,
        document: document(statements),
    }
}

fn document(statements: &Value) -> Document {
    Document::from_value(json!({ "Version": "2012-10-17", "Statement": statements })).unwrap()
}

pub(crate) fn role(name: &str, agents: &[&str], identity: Vec<NamedPolicy>) -> Role {
    Role {
        arn: arn(name),
        role_id: format!("AROA{}", name.to_ascii_uppercase()),
        name: name.to_owned(),
        account_id: ACCOUNT.to_owned(),
        created_at: Some(at("2025-02-03T09:00:00Z")),
        policies: RolePolicies {
            identity,
            ..RolePolicies::default()
        },
        agents: agents.iter().map(|&agent| agent.to_owned()).collect(),
    }
}

pub(crate) fn agent(name: &str, role: &str) -> Agent {
    Agent {
        name: name.to_owned(),
        owners: vec!["payments@corp.example".to_owned()],
        purpose: "Writes invoices as PDF and mails them.".to_owned(),
        environment: Some("production".to_owned()),
        binding_pattern: Some(BindingPattern::C),
        propagation_pattern: None,
        bindings: vec![Binding {
            role: arn(role),
            ..Binding::default()
        }],
        tools: Vec::new(),
        envelope: None,
        problems: Vec::new(),
    }
}

/// A row of an action in a bucket; used ones have 30 calls in each window.
pub(crate) fn row(agent: &str, role: &str, action: &str, bucket: Bucket) -> ActionRow {
    let exercised = matches!(bucket, Bucket::Used | Bucket::NonLegitimate);
    let calls = if exercised { 30 } else { 0 };
    let per_window = |number: i64| WINDOWS.iter().map(|days| (*days, number)).collect();
    let service = action.split(':').next().unwrap_or_default();
    ActionRow {
        agent: agent.to_owned(),
        role_arn: arn(role),
        action: action.to_owned(),
        service: service.to_owned(),
        access_level: if action.contains(":Get") {
            "read"
        } else {
            "write"
        }
        .to_owned(),
        bucket,
        flags: BTreeSet::new(),
        grant_status: "granted".to_owned(),
        calls: per_window(calls),
        sessions: per_window(calls / 10),
        legitimate_calls: if bucket == Bucket::Used { calls } else { 0 },
        first_used: exercised.then(|| at("2026-07-04T08:00:00Z")),
        last_used: exercised.then(|| at("2026-09-30T17:00:00Z")),
        used_by: Vec::new(),
        inherited_through: Vec::new(),
        recording: "management".to_owned(),
        observable_because: (bucket != Bucket::Unobservable)
            .then(|| "the trail records management events".to_owned()),
        unobservable_because: (bucket == Bucket::Unobservable)
            .then(|| "no selector covers AWS::S3::Object".to_owned()),
        turn_on: Vec::new(),
        sources: json!([{ "policy": "work", "statement": 0, "sid": "Work" }]),
        limits: json!([]),
    }
}

pub(crate) fn replayed(
    agent: Option<&str>,
    role: &str,
    action: &str,
    resource: Option<&str>,
) -> ReplayRow {
    ReplayRow {
        role_arn: arn(role),
        agent: agent.map(ToOwned::to_owned),
        action: action.to_owned(),
        strength: "certain".to_owned(),
        resource: resource.map(ToOwned::to_owned),
        calls: 30,
    }
}

/// An analysis of the given agents, roles, rows and uses; counts are made from the rows.
pub(crate) fn analysis(
    agents: Vec<Agent>,
    roles: Vec<Role>,
    actions: Vec<ActionRow>,
    replay: Vec<ReplayRow>,
) -> Analysis {
    Analysis {
        run_id: "5f0c2a".to_owned(),
        as_of: at("2026-10-01T00:00:00Z"),
        window_days: 90,
        windows: WINDOWS.to_vec(),
        table_versions: BTreeMap::from([("events".to_owned(), 4), ("snapshots".to_owned(), 1)]),
        catalog_version: "2026-11".to_owned(),
        counts: counts(&actions),
        agents,
        roles: roles
            .into_iter()
            .map(|role| (role.arn.clone(), role))
            .collect(),
        actions,
        replay,
        attempted: Vec::new(),
        unattributed: Vec::new(),
        unmapped: Vec::new(),
        coverage: Vec::new(),
        integrity: None,
        non_legitimate: Vec::new(),
        signals: Vec::new(),
        baselines: Vec::new(),
        policy_problems: Vec::new(),
        missing_parts: Vec::new(),
        findings: Vec::new(),
        quarantined: 0,
    }
}

fn counts(actions: &[ActionRow]) -> Vec<CountRow> {
    let mut counts: BTreeMap<(String, String, u32), CountRow> = BTreeMap::new();
    for row in actions {
        for days in WINDOWS {
            let key = (row.agent.clone(), row.role_arn.clone(), days);
            let count = counts.entry(key).or_insert_with(|| empty_count(row, days));
            let calls = row.calls.get(&days).copied().unwrap_or_default();
            count.granted += 1;
            count.exercised += i64::from(calls > 0);
            count.calls += calls;
            count.sessions = count.sessions.max(calls / 10);
            match row.bucket {
                Bucket::Used => count.used += 1,
                Bucket::NonLegitimate => count.non_legitimate += 1,
                Bucket::Inherited => count.inherited += 1,
                Bucket::Unobservable => count.unobservable += 1,
                Bucket::NeverUsed => count.never_used += 1,
            }
        }
    }
    counts.into_values().collect()
}

fn empty_count(row: &ActionRow, window_days: u32) -> CountRow {
    CountRow {
        agent: row.agent.clone(),
        role_arn: row.role_arn.clone(),
        window_days,
        granted: 0,
        exercised: 0,
        attempted: 0,
        used: 0,
        non_legitimate: 0,
        inherited: 0,
        unobservable: 0,
        never_used: 0,
        possible: 0,
        calls: 0,
        sessions: 0,
    }
}

/// One agent alone on a role with an own and a shared policy, two on another role, and some of
/// everything that belongs to no agent.
pub(crate) fn organisation() -> Analysis {
    let work = json!([
        { "Sid": "Work", "Effect": "Allow",
          "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteBucket", "sqs:SendMessage"],
          "Resource": "arn:aws:s3:::invoices/*" },
        { "Sid": "Queues", "Effect": "Allow", "Action": "sqs:DeleteQueue", "Resource": "*" },
    ]);
    let shared = json!({ "Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:DeleteTable"], "Resource": "*" });
    let team = json!({ "Effect": "Allow", "Action": ["sqs:SendMessage", "sqs:ReceiveMessage", "iam:CreateUser"], "Resource": "*" });
    let roles = vec![
        role(
            "invoices",
            &["invoice-writer"],
            vec![inline("work", &work), managed("shared-base", 3, &shared)],
        ),
        role(
            "team",
            &["executor", "planner"],
            vec![managed("team", 1, &team)],
        ),
    ];
    let mut invoice = agent("invoice-writer", "invoices");
    invoice.envelope = Some(Envelope {
        actions: vec!["s3:*".to_owned(), "dynamodb:GetItem".to_owned()],
        ..Envelope::default()
    });
    let mut planner = agent("planner", "team");
    planner.purpose = "Plans deliveries.".to_owned();
    planner.bindings = vec![Binding {
        role: arn("team"),
        session_name: Some("planner-*".to_owned()),
        ..Binding::default()
    }];
    let mut executor = planner.clone();
    executor.name = "executor".to_owned();
    executor.bindings = vec![Binding {
        role: arn("team"),
        session_name: Some("executor-*".to_owned()),
        ..Binding::default()
    }];
    let mut all = analysis(
        vec![executor, invoice, planner],
        roles,
        organisation_rows(),
        vec![
            replayed(
                Some("invoice-writer"),
                "invoices",
                "s3:PutObject",
                Some("arn:aws:s3:::invoices/a.pdf"),
            ),
            replayed(Some("invoice-writer"), "invoices", "dynamodb:GetItem", None),
            replayed(Some("executor"), "team", "sqs:SendMessage", None),
            replayed(Some("planner"), "team", "sqs:ReceiveMessage", None),
        ],
    );
    everything_else(&mut all);
    all
}

fn organisation_rows() -> Vec<ActionRow> {
    let own = |action, bucket| row("invoice-writer", "invoices", action, bucket);
    let mut rows = vec![
        own("dynamodb:DeleteTable", Bucket::NeverUsed),
        own("dynamodb:GetItem", Bucket::Used),
        own("s3:DeleteBucket", Bucket::NeverUsed),
        own("s3:GetObject", Bucket::Unobservable),
        own("s3:PutObject", Bucket::Used),
        own("sqs:DeleteQueue", Bucket::NonLegitimate),
        own("sqs:SendMessage", Bucket::NeverUsed),
    ];
    for (agent, other, uses, not) in [
        (
            "executor",
            "planner",
            "sqs:SendMessage",
            "sqs:ReceiveMessage",
        ),
        (
            "planner",
            "executor",
            "sqs:ReceiveMessage",
            "sqs:SendMessage",
        ),
    ] {
        rows.push(row(agent, "team", "iam:CreateUser", Bucket::NeverUsed));
        let mut inherited = row(agent, "team", not, Bucket::Inherited);
        inherited.used_by = vec![other.to_owned()];
        rows.push(inherited);
        rows.push(row(agent, "team", uses, Bucket::Used));
    }
    rows.sort_by(|a, b| (&a.agent, &a.action).cmp(&(&b.agent, &b.action)));
    rows
}

fn everything_else(analysis: &mut Analysis) {
    let (first, last) = (at("2026-08-01T00:00:00Z"), at("2026-09-01T00:00:00Z"));
    analysis.attempted = vec![AttemptedRow {
        agent: "planner".to_owned(),
        role_arn: arn("team"),
        action: "iam:CreateRole".to_owned(),
        denied_calls: 12,
        first,
        last,
        resources: 3,
        peak_per_hour: 8,
        grant_status: "not_granted".to_owned(),
        ever_authorized: false,
        probed_actions: 1,
        probed_resources: 3,
        probed_per_hour: 1,
    }];
    analysis.baselines = vec![
        BaselineRow {
            agent: "invoice-writer".to_owned(),
            baseline_days: 12,
            active_days: 9,
            needed_days: 28,
            ready: false,
        },
        BaselineRow {
            agent: "planner".to_owned(),
            baseline_days: 40,
            active_days: 31,
            needed_days: 28,
            ready: true,
        },
    ];
    analysis.unattributed = vec![UnattributedRow {
        role_arn: arn("team"),
        calls: 7,
        sessions: 2,
        first,
        last,
        reason: "no_rule_matches".to_owned(),
    }];
    analysis.unmapped = vec![UnmappedRow {
        event_source: "newservice.amazonaws.com".to_owned(),
        event_name: "DoThing".to_owned(),
        events: 3,
    }];
    analysis.coverage = vec![CoverageRow {
        account_id: ACCOUNT.to_owned(),
        days_with_events: 88,
        days_in_window: 90,
        first_event: Some(at("2026-07-03T00:00:00Z")),
        last_event: Some(at("2026-09-30T23:59:59Z")),
    }];
    analysis.non_legitimate = vec![NonLegitimateRow {
        agent: "invoice-writer".to_owned(),
        role_arn: arn("invoices"),
        action: "sqs:DeleteQueue".to_owned(),
        rule: "outside_envelope".to_owned(),
        reason: "the action is not in the agent's envelope".to_owned(),
        calls: 30,
        first,
        last,
        sample_record_keys: vec!["00aa".to_owned()],
    }];
    analysis.policy_problems = vec![PolicyProblem {
        account_id: ACCOUNT.to_owned(),
        owner: arn("broken"),
        policy: "inline-1".to_owned(),
        statement: Some(2),
        reason: "`Action` and `NotAction` exclude each other".to_owned(),
    }];
    analysis.findings = vec![Finding {
        finding_id: "f-1".to_owned(),
        agent: "invoice-writer".to_owned(),
        role_arn: arn("invoices"),
        action: None,
        category: "never_used".to_owned(),
        severity: Severity::Medium,
        title: "3 actions were never used in 90 days".to_owned(),
        evidence: json!({ "actions": ["dynamodb:DeleteTable", "s3:DeleteBucket", "sqs:SendMessage"] }),
        query: "SELECT action FROM gap WHERE agent = 'invoice-writer' AND bucket = 'never_used'"
            .to_owned(),
    }];
    analysis.quarantined = 1;
}
