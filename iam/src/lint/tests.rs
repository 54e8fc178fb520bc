//! Each rule on a statement that it is about, and on one beside it that it is not about.
#![expect(
    clippy::needless_pass_by_value,
    reason = "the cases read better without a `&` before each"
)]

use serde_json::{Value, json};

use super::*;

mod actions;
mod conditions;

fn found(document: &Value, policy_use: PolicyUse) -> Vec<Lint> {
    let document = Document::parse(&document.to_string()).unwrap();
    lint(&document, policy_use, Catalog::embedded())
}

fn codes(document: &Value, policy_use: PolicyUse) -> Vec<&'static str> {
    let found = found(document, policy_use);
    found.iter().map(|lint| lint.code).collect()
}

/// An identity policy of one statement: an allow of `s3:GetObject` on `*`, with changes.
fn policy(changes: &Value) -> Value {
    let mut statement = json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"});
    for (key, value) in changes.as_object().unwrap() {
        if value.is_null() {
            statement.as_object_mut().unwrap().remove(key);
        } else {
            statement[key] = value.clone();
        }
    }
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

fn tells(code: &str, changes: Value) {
    let codes = codes(&policy(&changes), PolicyUse::Identity);
    assert!(codes.contains(&code), "{code} is not in {codes:?}");
}

fn silent(code: &str, changes: Value) {
    let codes = codes(&policy(&changes), PolicyUse::Identity);
    assert!(!codes.contains(&code), "{code} is in {codes:?}");
}

fn when(effect: &str, condition: Value) -> Value {
    json!({"Effect": effect, "Condition": condition})
}

fn resource_policy(changes: Value) -> Vec<&'static str> {
    let mut document = policy(&changes);
    document["Statement"][0]["Resource"] = json!("arn:aws:s3:::b/*");
    codes(&document, PolicyUse::Resource)
}

fn trust(action: &str, principal: Value) -> Vec<&'static str> {
    let changes = json!({"Action": action, "Principal": principal, "Resource": null});
    codes(&policy(&changes), PolicyUse::Trust)
}

#[test]
fn the_document_as_a_whole() {
    let mut document = policy(&json!({}));
    assert!(codes(&document, PolicyUse::Identity).is_empty());
    document["Id"] = json!("name");
    assert_eq!(
        codes(&document, PolicyUse::Identity),
        ["id-in-identity-policy"]
    );
    document.as_object_mut().unwrap().remove("Version");
    assert!(codes(&document, PolicyUse::Identity).contains(&"old-version"));
    tells("empty-sid", json!({"Sid": ""}));
    silent("empty-sid", json!({"Sid": "A"}));
    let statement = json!({"Sid": "a b", "Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"});
    let twice = json!({"Version": "2012-10-17", "Statement": [statement, statement]});
    assert_eq!(codes(&twice, PolicyUse::Resource), ["duplicate-sid"]);
    tells("refused", json!({"Principal": "*"}));
    tells("refused", json!({"Sid": "a b"}));
    silent("refused", json!({"Sid": "ab"}));
}

#[test]
fn documents_over_their_quota() {
    let of_size = |size: usize| {
        policy(
            &json!({"Resource": ["*", "a".repeat(0), format!("arn:aws:s3:::b/{}", "k".repeat(size))]}),
        )
    };
    let severity = |size: usize, policy_use| {
        let found = found(&of_size(size), policy_use);
        found
            .iter()
            .find(|lint| lint.code == "policy-too-large")
            .map(|lint| lint.severity)
    };
    assert_eq!(severity(5_900, PolicyUse::Identity), None);
    assert_eq!(
        severity(6_200, PolicyUse::Identity),
        Some(Severity::Warning)
    );
    assert_eq!(severity(10_200, PolicyUse::Identity), Some(Severity::Error));
    assert_eq!(severity(6_200, PolicyUse::Boundary), Some(Severity::Error));
    assert_eq!(severity(2_000, PolicyUse::Session), Some(Severity::Error));
    assert_eq!(
        severity(10_200, PolicyUse::ServiceControl),
        Some(Severity::Error)
    );
    assert_eq!(severity(10_000, PolicyUse::ServiceControl), None);
    assert_eq!(
        severity(5_100, PolicyUse::ResourceControl),
        Some(Severity::Error)
    );
    assert_eq!(severity(4_000, PolicyUse::ResourceControl), None);
}

#[test]
fn findings_come_by_position_and_print_on_one_line() {
    let text = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\"Effect\": \"Allow\", \"Action\": [\"s3:GetObjekt\", \"s3:Get*\"], \"Resource\": \"*\"},\n    {\"Sid\": \"\", \"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}\n  ]\n}";
    let document = Document::parse(text).unwrap();
    let lines: Vec<String> = lint(&document, PolicyUse::Identity, Catalog::embedded())
        .iter()
        .map(|lint| lint.line("policy.json"))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    policy.json:4:36 warning unknown-action `s3:GetObjekt` is no action that the catalog lists
    policy.json:4:36 note redundant-action `s3:GetObjekt` adds nothing to `s3:Get*`, which stands beside it
    policy.json:5:6 note empty-sid the `Sid` is empty
    policy.json:5:36 note allow-everything allows every action on every resource
    "#);
    let value = Document::from_value(document.value().clone()).unwrap();
    let found = lint(&value, PolicyUse::Identity, Catalog::embedded());
    assert_eq!(found.len(), lines.len());
    assert!(
        found[0]
            .to_string()
            .starts_with("Statement[0].Action[0] warning unknown-action")
    );
}

#[test]
fn a_finding_as_json() {
    let found = found(
        &policy(&json!({"Action": "s3:GetObjekt"})),
        PolicyUse::Identity,
    );
    insta::assert_snapshot!(serde_json::to_string_pretty(&found[0]).unwrap(), @r#"
    {
      "code": "unknown-action",
      "severity": "warning",
      "statement": 0,
      "path": "Statement[0].Action[0]",
      "position": {
        "line": 1,
        "column": 65
      },
      "message": "`s3:GetObjekt` is no action that the catalog lists",
      "remedy": "write `s3:GetObject` if that is meant"
    }
    "#);
}

#[test]
fn a_large_document_is_looked_through_to_a_bound() {
    let names: Vec<String> = (0..20_000).map(|n| format!("s3:Nothing{n}")).collect();
    let statement = json!({"Effect": "Allow", "Action": names, "Resource": "*"});
    let document = json!({"Version": "2012-10-17", "Statement": statement});
    assert_eq!(found(&document, PolicyUse::Identity).len(), MAX_FINDINGS);
    let all = json!({"Effect": "Allow", "Action": ["ec2:*", "s3:*", "iam:*"], "Resource": "arn:aws:s3:::b/*", "Condition": {"StringEquals": {"s3:prefix": "a"}}});
    let document = json!({"Version": "2012-10-17", "Statement": vec![all; 500]});
    assert!(found(&document, PolicyUse::Identity).len() <= MAX_FINDINGS);
}
