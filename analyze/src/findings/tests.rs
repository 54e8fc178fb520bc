//! What is found, and how it is told.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::*;
use crate::rules::RuleOptions;

fn row(action: &str, level: &str, bucket: Bucket) -> ActionRow {
    ActionRow {
        agent: "a".to_owned(),
        role_arn: "r".to_owned(),
        action: action.to_owned(),
        service: "s3".to_owned(),
        access_level: level.to_owned(),
        bucket,
        flags: BTreeSet::new(),
        grant_status: "granted".to_owned(),
        calls: BTreeMap::new(),
        sessions: BTreeMap::new(),
        legitimate_calls: 0,
        first_used: None,
        last_used: None,
        used_by: vec!["b".to_owned()],
        inherited_through: Vec::new(),
        recording: "data".to_owned(),
        observable_because: None,
        unobservable_because: Some("no trail".to_owned()),
        turn_on: vec!["management".to_owned(), "AWS::S3::Object".to_owned()],
        sources: Value::Null,
        limits: Value::Null,
    }
}

fn count(window_days: u32) -> CountRow {
    CountRow {
        agent: "a".to_owned(),
        role_arn: "r".to_owned(),
        window_days,
        granted: 5,
        exercised: 1,
        attempted: 0,
        used: 1,
        non_legitimate: 0,
        inherited: 1,
        unobservable: 1,
        never_used: 2,
        possible: 0,
        calls: 9,
        sessions: 2,
    }
}

fn caught(action: &str) -> NonLegitimateRow {
    NonLegitimateRow {
        agent: "a".to_owned(),
        role_arn: "r".to_owned(),
        action: action.to_owned(),
        rule: "outside_envelope".to_owned(),
        reason: "because".to_owned(),
        calls: 2,
        first: Timestamp::UNIX_EPOCH,
        last: Timestamp::UNIX_EPOCH,
        sample_record_keys: vec!["k".to_owned()],
    }
}

fn told(
    actions: &[ActionRow],
    counts: &[CountRow],
    caught: &[NonLegitimateRow],
    signals: &[NonLegitimateRow],
) -> Vec<Finding> {
    findings(&Claims {
        actions,
        counts,
        non_legitimate: caught,
        signals,
        rules: &RuleSet::resolve(&RuleOptions::default()).unwrap(),
        window_days: 90,
    })
}

#[test]
fn excess_is_one_finding_per_agent_role_and_bucket() {
    let rows = [
        row("s3:GetObject", "read", Bucket::Used),
        row("s3:PutObject", "write", Bucket::NeverUsed),
        row("s3:ListBucket", "list", Bucket::NeverUsed),
        row("sqs:SendMessage", "write", Bucket::Inherited),
        row(
            "s3:PutBucketPolicy",
            "permissions_management",
            Bucket::Unobservable,
        ),
    ];
    let findings = told(&rows, &[count(7), count(90)], &[], &[]);
    let told: Vec<(&str, Severity, &str)> = findings
        .iter()
        .map(|finding| {
            (
                finding.category.as_str(),
                finding.severity,
                finding.title.as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (
                "inherited",
                Severity::Medium,
                "a: 1 actions come from a role shared with b"
            ),
            (
                "never_used",
                Severity::Medium,
                "a: 2 of 5 granted actions never used in 90 days"
            ),
            (
                "unobservable",
                Severity::Info,
                "a: the log could not show use of 1 granted actions"
            ),
        ]
    );
    assert_eq!(
        findings[1].evidence["actions"],
        json!(["s3:PutObject", "s3:ListBucket"])
    );
    assert_eq!(
        findings[1].evidence["by_access_level"],
        json!({"list": 1, "write": 1})
    );
    assert_eq!(findings[2].evidence["reasons"], json!({"no trail": 1}));
    assert_eq!(
        findings[2].evidence["turn_on"],
        json!({"management events": 1, "AWS::S3::Object": 1})
    );
}

#[test]
fn a_rules_breaches_are_one_finding_under_the_rules_name() {
    let findings = told(
        &[],
        &[],
        &[caught("s3:GetObject"), caught("s3:PutObject")],
        &[],
    );
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].category, "outside_envelope");
    assert_eq!(findings[0].title, "a: calls outside the declared work (4)");
    assert_eq!(findings[0].severity, Severity::High);
}

#[test]
fn a_signal_is_a_finding_of_its_own_with_its_own_query() {
    let findings = told(
        &[],
        &[],
        &[caught("s3:GetObject")],
        &[caught("s3:GetObject")],
    );
    assert_eq!(findings.len(), 2);
    assert_ne!(findings[0].finding_id, findings[1].finding_id);
    assert_eq!(findings[1].category, "outside_envelope");
    assert_eq!(
        findings[1].title,
        "a: calls outside the declared work (2 records)"
    );
    assert_eq!(findings[1].evidence["records"], json!(2));
    assert!(findings[1].query.contains("FROM signals WHERE"));
}

#[test]
fn an_id_tells_agent_role_and_category_apart_and_stays() {
    assert_eq!(finding_id("a", "b", "c"), finding_id("a", "b", "c"));
    assert_ne!(finding_id("a", "b", "c"), finding_id("ab", "", "c"));
    assert_eq!(finding_id("a", "b", "c").len(), 16);
}

#[test]
fn what_comes_from_above_the_role_is_told_by_its_binding() {
    let mut above = row("s3:GetObject", "read", Bucket::Inherited);
    above.used_by = Vec::new();
    above.inherited_through = vec!["permission_set".to_owned()];
    let finding = inherited(
        &count(90),
        &[&above, &row("s3:PutObject", "write", Bucket::Inherited)],
    )
    .unwrap();
    assert_eq!(
        finding.title,
        "a: 2 actions come from bindings above it: permission_set, shared_role with b"
    );
    let finding = inherited(&count(90), &[&above]).unwrap();
    assert_eq!(
        finding.title,
        "a: 1 actions come from bindings above it: permission_set"
    );
}
