//! How many requests one core decides in a second.
//!
//! The role and the requests are those of `peer/role.rs`. `role` has its ten policies alone; `bounded` has a boundary and
//! three levels of control policies too. The policies are read once, beforehand; what is measured is `Engine::decide`,
//! verdict and statements included.
//!
//! `cargo bench -p curtail-iam --bench decide`; the counts per second are divan's `item/s`.

#![expect(
    clippy::expect_used,
    reason = "a benchmark that cannot build its policies is to stop"
)]

#[path = "peer/role.rs"]
mod role_of;

use std::collections::BTreeMap;

use curtail_iam::simulate::{AccessPolicies, AccessRequest, Engine, Principal};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use role_of::{REQUESTS, SESSION, TAG, document, identity, policy, request};
use serde_json::json;

fn main() {
    divan::main();
}

#[divan::bench]
fn role(bencher: Bencher<'_, '_>) {
    measure(bencher, &policies());
}

#[divan::bench]
fn bounded(bencher: Bencher<'_, '_>) {
    let everything = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    let regions = json!({"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1", "us-east-1"]}});
    let guard = document(policy(&[
        everything.clone(),
        json!({"Effect": "Deny", "Action": ["iam:Create*", "iam:Delete*"], "Resource": "*"}),
        json!({"Effect": "Deny", "NotAction": ["iam:*", "kms:*"], "Resource": "*", "Condition": regions}),
    ]));
    let everything = document(policy(&[everything]));
    let policies = AccessPolicies {
        boundary: Some(guard.clone()),
        scps: vec![
            vec![everything.clone()],
            vec![everything.clone(), guard],
            vec![everything],
        ],
        ..policies()
    };
    measure(bencher, &policies);
}

fn policies() -> AccessPolicies {
    AccessPolicies {
        identity: identity().into_iter().map(document).collect(),
        ..AccessPolicies::default()
    }
}

fn measure(bencher: Bencher<'_, '_>, policies: &AccessPolicies) {
    let principal = Principal::parse(SESSION).expect("the ARN of a session");
    let tags = BTreeMap::from([(TAG.0.to_owned(), TAG.1.to_owned())]);
    let engine = Engine::new(principal, &tags, policies);
    let requests: Vec<AccessRequest> = (0..REQUESTS).map(request).collect();
    bencher
        .counter(ItemsCount::new(requests.len()))
        .bench_local(|| {
            for request in black_box(&requests) {
                black_box(engine.decide(request));
            }
        });
}
