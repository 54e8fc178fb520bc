//! How long it takes to tell what 1,000 roles with 5,000 statements in total may do.
//!
//! `cargo bench -p curtail-iam --bench grants`; the bar is 2 seconds on two cores. The crate itself
//! uses one thread; the second figure deals the roles out to two.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a benchmark has no callers, and stops where it cannot be set up"
)]

use curtail_iam::catalog::Catalog;
use curtail_iam::document::Document;
use curtail_iam::grant::grants;
use curtail_iam::policy::{NamedPolicy, PolicyKind, RolePolicies};
use serde_json::{Value, json};

const ROLES: usize = 1000;

fn main() {
    let _ = grants(&role(0), Catalog::embedded());
    divan::main();
}

fn policy(name: &str, kind: PolicyKind, statements: &[Value]) -> NamedPolicy {
    let value = json!({"Version": "2012-10-17", "Statement": statements});
    NamedPolicy {
        name: name.to_owned(),
        arn: None,
        kind,
        attachments: 1,
        document: Document::from_value(value).expect("a document"),
    }
}

/// A list such as a policy for reading everything has: wildcards of two hundred services.
fn read_only() -> Vec<String> {
    let mut services: Vec<&str> = Catalog::embedded()
        .actions()
        .map(|one| one.service)
        .collect();
    services.dedup();
    let verbs = ["Describe*", "Get*", "List*"];
    let services = services.into_iter().step_by(2).take(167);
    services
        .flat_map(|service| verbs.map(|verb| format!("{service}:{verb}")))
        .take(500)
        .collect()
}

/// Five statements: mostly a role of an application, every tenth an administrator, a power user, or a
/// reader of everything; every other role has a deny.
fn role(number: usize) -> RolePolicies {
    let own = |service: &str, name: &str| {
        format!("arn:aws:{service}:eu-west-1:111122223333:{name}-{number}")
    };
    let mut statements = match number % 30 {
        0 => vec![json!({"Effect": "Allow", "Action": "*", "Resource": "*"})],
        10 => vec![
            json!({"Effect": "Allow", "NotAction": ["iam:*", "organizations:*", "account:*"], "Resource": "*"}),
            json!({"Effect": "Allow", "Action": ["iam:CreateServiceLinkedRole", "iam:ListRoles"], "Resource": "*"}),
        ],
        20 => vec![json!({"Effect": "Allow", "Action": read_only(), "Resource": "*"})],
        _ => vec![
            json!({"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": format!("arn:aws:s3:::bucket-{number}/*")}),
            json!({"Effect": "Allow", "Action": "s3:List*", "Resource": format!("arn:aws:s3:::bucket-{number}")}),
        ],
    };
    if number.is_multiple_of(2) {
        statements.push(json!({
            "Effect": "Deny", "Action": ["s3:Delete*", "ec2:*"], "Resource": "*",
            "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}},
        }));
    }
    let others = [
        json!({"Effect": "Allow", "Action": "sqs:*", "Resource": own("sqs", "queue")}),
        json!({"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Put*"], "Resource": own("dynamodb", "table/items")}),
        json!({"Effect": "Allow", "Action": "logs:*", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}),
        json!({"Effect": "Allow", "Action": "kms:Decrypt", "Resource": own("kms", "key/k")}),
    ];
    statements.extend(others.into_iter().take(5 - statements.len()));
    RolePolicies {
        identity: vec![policy("own", PolicyKind::Inline, &statements)],
        scps: vec![vec![policy(
            "all",
            PolicyKind::Scp,
            &[json!({"Effect": "Allow", "Action": "*", "Resource": "*"})],
        )]],
        ..RolePolicies::default()
    }
}

fn roles() -> Vec<RolePolicies> {
    let roles: Vec<RolePolicies> = (0..ROLES).map(role).collect();
    let own = |role: &RolePolicies| {
        role.identity
            .iter()
            .map(|one| one.document.statements.len())
            .sum::<usize>()
    };
    assert_eq!(roles.iter().map(own).sum::<usize>(), 5 * ROLES);
    roles
}

fn total(roles: &[RolePolicies]) -> usize {
    roles
        .iter()
        .map(|role| grants(role, Catalog::embedded()).len())
        .sum()
}

#[divan::bench(sample_count = 5)]
fn one_thread(bencher: divan::Bencher<'_, '_>) {
    let roles = roles();
    bencher.bench(|| total(&roles));
}

#[divan::bench(sample_count = 5)]
fn two_threads(bencher: divan::Bencher<'_, '_>) {
    let roles = roles();
    bencher.bench(|| {
        let (first, second) = roles.split_at(ROLES / 2);
        std::thread::scope(|scope| {
            let other = scope.spawn(|| total(second));
            total(first) + other.join().expect("no panic")
        })
    });
}
