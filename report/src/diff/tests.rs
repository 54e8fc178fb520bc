//! What trims, their forms and their proofs hold to.

use std::collections::BTreeSet;

use curtail_analyze::{Analysis, Bucket, ReplayRow, Role};
use curtail_iam::catalog::Catalog;
use curtail_iam::document::Document;
use curtail_iam::evaluate::{Decision, Request, evaluate};
use curtail_iam::policy::{NamedPolicy, RolePolicies};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::fixture::{agent, analysis, arn, aws_managed, inline, managed, replayed, role, row};

const GRANTED: [&str; 4] = [
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteBucket",
    "sqs:SendMessage",
];

/// One agent on one role; it uses `s3:GetObject` alone of what it is granted.
fn lone(policies: Vec<NamedPolicy>) -> Analysis {
    let rows = GRANTED
        .iter()
        .map(|action| match *action {
            "s3:GetObject" => row("reader", "app", action, Bucket::Used),
            other => row("reader", "app", other, Bucket::NeverUsed),
        })
        .collect();
    analysis(
        vec![agent("reader", "app")],
        vec![role("app", &["reader"], policies)],
        rows,
        vec![replayed(
            Some("reader"),
            "app",
            "s3:GetObject",
            Some("arn:aws:s3:::b/k"),
        )],
    )
}

fn trim_of(analysis: &Analysis) -> RoleTrim {
    trims(analysis, Catalog::embedded(), &Options::default())
        .remove(&arn("app"))
        .unwrap()
}

fn allow(actions: &Value) -> Value {
    json!({ "Effect": "Allow", "Action": actions, "Resource": "*" })
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// Trims the role of a set that is given, right or wrong.
fn trim_exactly(role: &Role, replay: &[ReplayRow], removable: &[&str]) -> RoleTrim {
    let replay: Vec<&ReplayRow> = replay.iter().collect();
    let subject = draft::Subject {
        role,
        replay: &replay,
        names: &form::replacement_names(std::iter::once(role)),
        catalog: Catalog::embedded(),
        context_lines: 3,
    };
    trim::trim_role(&subject, set(removable))
}

#[test]
fn an_inline_policy_is_edited() {
    let trim = trim_of(&lone(vec![inline("work", &allow(&json!(GRANTED)))]));
    assert_eq!(
        trim.removed,
        set(&["s3:DeleteBucket", "s3:PutObject", "sqs:SendMessage"])
    );
    assert!(trim.kept.is_empty());
    let change = &trim.policies[0];
    assert_eq!((change.form, &change.withheld), (Form::Edit, &None));
    let new = change.new.as_ref().unwrap();
    assert_eq!(new["Statement"]["Action"], json!(["s3:GetObject"]));
    insta::assert_snapshot!(change.unified);
}

#[test]
fn a_proof_counts_every_call() {
    let mut analysis = lone(vec![inline("work", &allow(&json!(GRANTED)))]);
    let mut possible = replayed(None, "app", "s3:GetObject", None);
    possible.strength = "possible".to_owned();
    analysis.replay.push(possible);
    let proof = trim_of(&analysis).proof.unwrap();
    assert!(proof.holds());
    assert_eq!((proof.calls_replayed, proof.uses_replayed), (60, 2));
    assert_eq!((proof.possible_calls, proof.would_be_denied), (30, 0));
}

#[test]
fn a_shared_managed_policy_is_replaced_and_not_edited() {
    let trim = trim_of(&lone(vec![managed("base", 2, &allow(&json!(GRANTED)))]));
    let change = &trim.policies[0];
    assert_eq!(change.form, Form::Replace);
    assert_eq!(change.new_name.as_deref(), Some("app-base-trimmed"));
    assert!(
        change
            .unified
            .starts_with("--- a/base\n+++ b/app-base-trimmed\n")
    );
}

#[test]
fn a_managed_policy_of_this_role_alone_is_edited() {
    let trim = trim_of(&lone(vec![managed("base", 1, &allow(&json!(GRANTED)))]));
    assert_eq!(trim.policies[0].form, Form::Edit);
    assert_eq!(trim.policies[0].new_name, None);
}

#[test]
fn a_policy_of_aws_is_never_edited() {
    let trim = trim_of(&lone(vec![aws_managed(
        "ReadMost",
        &allow(&json!(GRANTED)),
    )]));
    assert_eq!(trim.policies[0].form, Form::Replace);
}

#[test]
fn a_policy_of_which_nothing_is_left_is_detached() {
    let trim = trim_of(&lone(vec![
        inline("work", &allow(&json!("s3:GetObject"))),
        managed("queues", 7, &allow(&json!("sqs:SendMessage"))),
    ]));
    assert_eq!(trim.policies.len(), 1);
    let change = &trim.policies[0];
    assert_eq!(
        (change.policy.as_str(), change.form),
        ("queues", Form::Detach)
    );
    assert_eq!(
        (&change.new, &change.new_name, &change.size),
        (&None, &None, &None)
    );
    assert!(change.unified.contains("+++ /dev/null\n"));
}

#[test]
fn an_action_granted_twice_is_cut_from_both() {
    let trim = trim_of(&lone(vec![
        inline("one", &allow(&json!(["s3:GetObject", "s3:PutObject"]))),
        inline("two", &allow(&json!(["s3:GetObject", "s3:PutObject"]))),
    ]));
    assert!(trim.removed.contains("s3:PutObject"));
    assert_eq!(trim.policies.len(), 2);
    for change in &trim.policies {
        assert_eq!(change.removed, set(&["s3:PutObject"]));
    }
}

#[test]
fn a_not_action_gets_longer() {
    let trim = trim_of(&lone(vec![inline(
        "most",
        &json!({ "Effect": "Allow", "NotAction": "iam:*", "Resource": "*" }),
    )]));
    let new = trim.policies[0].new.as_ref().unwrap();
    let excepted: BTreeSet<&str> = new["Statement"]["NotAction"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    assert_eq!(
        excepted,
        BTreeSet::from([
            "iam:*",
            "s3:DeleteBucket",
            "s3:PutObject",
            "sqs:SendMessage"
        ])
    );
    assert!(trim.proof.unwrap().holds());
}

#[test]
fn a_deny_stays() {
    let trim = trim_of(&lone(vec![inline(
        "work",
        &json!([
            { "Effect": "Allow", "Action": GRANTED, "Resource": "*" },
            { "Sid": "Never", "Effect": "Deny", "Action": "s3:PutObject", "Resource": "*" },
        ]),
    )]));
    let new = trim.policies[0].new.as_ref().unwrap();
    assert_eq!(new["Statement"][1]["Sid"], json!("Never"));
    assert!(trim.proof.unwrap().not_broader);
}

#[test]
fn a_change_that_would_deny_a_call_is_withheld() {
    let role = role(
        "app",
        &["reader"],
        vec![inline("work", &allow(&json!(GRANTED)))],
    );
    let replay = [replayed(
        Some("reader"),
        "app",
        "s3:PutObject",
        Some("arn:aws:s3:::b/k"),
    )];
    let trim = trim_exactly(&role, &replay, &["s3:PutObject", "s3:DeleteBucket"]);
    let proof = trim.proof.as_ref().unwrap();
    assert_eq!((proof.would_be_denied, proof.breaks.len()), (30, 1));
    let change = &trim.policies[0];
    assert_eq!(
        change.withheld.as_deref(),
        Some("30 of 30 replayed calls would be denied, the first of them s3:PutObject")
    );
    assert_eq!((change.new.as_ref(), change.unified.as_str()), (None, ""));
    assert!(trim.removed.is_empty());
    assert_eq!(trim.kept.values().map(BTreeSet::len).sum::<usize>(), 2);
}

#[test]
fn a_call_that_is_left_with_a_condition_is_no_longer_surely_allowed() {
    let role = role(
        "app",
        &["reader"],
        vec![inline(
            "work",
            &json!([
                { "Effect": "Allow", "Action": ["s3:PutObject"], "Resource": "*" },
                { "Effect": "Allow", "Action": "s3:Put*", "Resource": "*",
                  "Condition": { "StringEquals": { "s3:x-amz-acl": "private" } } },
            ]),
        )],
    );
    let mut narrowed = role.policies.clone();
    narrowed.identity[0].document = Document::from_value(json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": "s3:Put*", "Resource": "*",
            "Condition": { "StringEquals": { "s3:x-amz-acl": "private" } } }],
    }))
    .unwrap();
    let row = replayed(
        Some("reader"),
        "app",
        "s3:PutObject",
        Some("arn:aws:s3:::b/k"),
    );
    let proof = proof::prove(&role, &narrowed, &[&row], Catalog::embedded());
    assert!(!proof.holds());
    assert_eq!((proof.unproven, proof.would_be_denied), (30, 0));
    assert!(proof.not_broader);
}

#[test]
fn an_undecided_call_holds_while_its_statements_stay() {
    let role = role(
        "app",
        &["reader"],
        vec![inline(
            "work",
            &json!({ "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*",
                "Condition": { "IpAddress": { "aws:SourceIp": "10.0.0.0/8" } } }),
        )],
    );
    let replay = [replayed(
        Some("reader"),
        "app",
        "s3:GetObject",
        Some("arn:aws:s3:::b/k"),
    )];
    let trim = trim_exactly(&role, &replay, &["s3:PutObject"]);
    let proof = trim.proof.unwrap();
    assert!(proof.holds());
    assert_eq!(proof.undecided, 30);
    assert_eq!(proof.undecided_on, set(&["aws:sourceip"]));
}

#[test]
fn a_call_that_the_policies_never_allowed_is_left_alone() {
    let mut analysis = lone(vec![inline("work", &allow(&json!(GRANTED)))]);
    analysis.replay.push(replayed(
        Some("reader"),
        "app",
        "kms:Decrypt",
        Some("arn:aws:kms:eu-west-1:111122223333:key/k"),
    ));
    let proof = trim_of(&analysis).proof.unwrap();
    assert!(proof.holds());
    assert_eq!(proof.not_explained, 30);
}

#[test]
fn new_policies_that_allow_more_are_no_trim() {
    let old = [inline("work", &allow(&json!(["s3:GetObject"])))];
    for wider in [
        allow(&json!(["s3:GetObject", "s3:PutObject"])),
        allow(&json!("s3:Get*")),
        json!({ "Effect": "Allow", "NotAction": "s3:PutObject", "Resource": "*" }),
        json!({ "Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::b/*" }),
    ] {
        let new = [inline("work", &wider)];
        assert!(
            !broader::widenings(&old, &new, Catalog::embedded()).is_empty(),
            "{wider}"
        );
    }
    assert!(broader::widenings(&old, &old, Catalog::embedded()).is_empty());
}

#[test]
fn a_deny_that_is_gone_is_broader() {
    let deny = json!({ "Effect": "Deny", "Action": "s3:*", "Resource": "*" });
    let old = [
        inline("work", &allow(&json!("s3:GetObject"))),
        inline("never", &deny),
    ];
    let new = [inline("work", &allow(&json!("s3:GetObject")))];
    assert_eq!(broader::widenings(&old, &new, Catalog::embedded()).len(), 1);
}

#[test]
fn what_one_agent_of_the_role_needs_stays() {
    let mut analysis = lone(vec![inline("work", &allow(&json!(GRANTED)))]);
    analysis.agents.push(agent("writer", "app"));
    analysis
        .roles
        .get_mut(&arn("app"))
        .unwrap()
        .agents
        .push("writer".to_owned());
    for action in GRANTED {
        let bucket = match action {
            "s3:PutObject" => Bucket::Used,
            "sqs:SendMessage" => Bucket::Unobservable,
            "s3:GetObject" => Bucket::Inherited,
            _ => Bucket::NonLegitimate,
        };
        analysis.actions.push(row("writer", "app", action, bucket));
    }
    assert_eq!(trim_of(&analysis).removable, set(&["s3:DeleteBucket"]));
}

#[test]
fn what_is_there_for_a_neighbour_that_never_used_it_goes() {
    let mut analysis = lone(vec![inline("work", &allow(&json!(GRANTED)))]);
    analysis.agents.push(agent("writer", "app"));
    analysis
        .roles
        .get_mut(&arn("app"))
        .unwrap()
        .agents
        .push("writer".to_owned());
    for action in GRANTED {
        analysis
            .actions
            .push(row("writer", "app", action, Bucket::Inherited));
    }
    let gone = set(&["s3:DeleteBucket", "s3:PutObject", "sqs:SendMessage"]);
    assert_eq!(trim_of(&analysis).removable, gone);
    for row in &mut analysis.actions {
        row.bucket = Bucket::Inherited;
    }
    assert_eq!(trim_of(&analysis).removable, set(&[]));
}

#[test]
fn what_is_in_doubt_stays() {
    for doubt in ["possible", "unattributed_use", "undecided_grant"] {
        let mut analysis = lone(vec![inline("work", &allow(&json!(GRANTED)))]);
        analysis.actions[2].flags.insert(doubt.to_owned());
        assert!(
            !trim_of(&analysis).removable.contains("s3:DeleteBucket"),
            "{doubt}"
        );
    }
}

#[test]
fn what_an_unattributed_call_needs_stays() {
    let mut analysis = lone(vec![inline("work", &allow(&json!(GRANTED)))]);
    analysis
        .replay
        .push(replayed(None, "app", "S3:deletebucket", None));
    let trim = trim_of(&analysis);
    assert!(!trim.removable.contains("s3:DeleteBucket"));
    assert!(trim.removable.contains("s3:PutObject"));
}

#[test]
fn a_role_that_identity_center_writes_is_not_changed() {
    let mut analysis = lone(vec![inline("work", &allow(&json!(GRANTED)))]);
    let mut role = analysis.roles.remove(&arn("app")).unwrap();
    role.arn = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/app".to_owned();
    for row in &mut analysis.actions {
        row.role_arn.clone_from(&role.arn);
    }
    let key = role.arn.clone();
    analysis.roles.insert(key.clone(), role);
    let trim = trims(&analysis, Catalog::embedded(), &Options::default())
        .remove(&key)
        .unwrap();
    assert!(trim.policies.is_empty() && trim.removed.is_empty());
    assert!(trim.withheld.unwrap().contains("IAM Identity Center"));
}

#[test]
fn a_document_over_the_quota_is_withheld() {
    let resources: Vec<String> = (0..200)
        .map(|n| format!("arn:aws:s3:::bucket-of-some-length-{n:04}/*"))
        .collect();
    let big = json!({ "Effect": "Allow", "Action": GRANTED, "Resource": resources });
    let trim = trim_of(&lone(vec![
        managed("big", 2, &big),
        inline("work", &allow(&json!(GRANTED))),
    ]));
    let (big, work) = (&trim.policies[0], &trim.policies[1]);
    assert!(
        big.withheld
            .as_ref()
            .unwrap()
            .contains("of the 6,144 that IAM allows"),
        "{:?}",
        big.withheld
    );
    assert_eq!(work.withheld, None);
    assert!(trim.removed.is_empty());
    assert_eq!(
        trim.kept.keys().collect::<Vec<_>>(),
        ["policy big still grants it, and its change is withheld"]
    );
}

#[test]
fn a_wildcard_too_long_to_split_loses_whole_services() {
    let all = Catalog::embedded();
    let kept = |service: &str| ["ec2", "s3", "lambda", "glue"].contains(&service);
    let mut analysis = lone(vec![aws_managed(
        "AdministratorAccess",
        &allow(&json!("*")),
    )]);
    analysis.actions = all
        .actions()
        .enumerate()
        .map(|(number, action)| {
            let needed = kept(action.service) && number % 2 == 0 || action.name == "s3:GetObject";
            let bucket = if needed {
                Bucket::Unobservable
            } else {
                Bucket::NeverUsed
            };
            row("reader", "app", action.name, bucket)
        })
        .collect();
    let trim = trim_of(&analysis);
    let change = &trim.policies[0];
    assert!(change.is_applicable() && change.whole_services_only);
    let new = change.new.as_ref().unwrap();
    assert_eq!(
        new["Statement"]["Action"],
        json!(["ec2:*", "glue:*", "lambda:*", "s3:*"])
    );
    assert!(trim.removed.contains("sqs:SendMessage"));
    let reason = trim.kept.keys().next().unwrap();
    assert!(reason.ends_with("would not fit IAM's quota"), "{reason}");
}

#[test]
fn inline_policies_share_one_quota() {
    let resources: Vec<String> = (0..150)
        .map(|n| format!("arn:aws:s3:::bucket-of-some-length-{n:04}/*"))
        .collect();
    let big = json!({ "Effect": "Allow", "Action": GRANTED, "Resource": resources });
    let trim = trim_of(&lone(vec![inline("a", &big), inline("b", &big)]));
    assert!(trim.policies.iter().all(|change| change.withheld.is_some()));
}

/// The role's policies as they are once every applicable change is made by hand.
fn applied(role: &Role, trim: &RoleTrim) -> RolePolicies {
    let mut policies = role.policies.clone();
    for change in trim.policies.iter().filter(|change| change.is_applicable()) {
        let place = policies
            .identity
            .iter()
            .position(|policy| policy.name == change.policy)
            .unwrap();
        match &change.new {
            None => {
                policies.identity.remove(place);
            }
            Some(new) => {
                policies.identity[place].document = Document::from_value(new.clone()).unwrap();
            }
        }
    }
    policies
}

fn statement() -> impl Strategy<Value = Value> {
    let patterns = [
        "s3:*",
        "s3:Get*",
        "s3:?etObject",
        "sqs:SendMessage",
        "S3:putobject",
        "s?s:*Message",
        "sqs:*",
        "iam:PassRole",
    ];
    let elements = prop::collection::vec(prop::sample::select(patterns.to_vec()), 1..4);
    (
        elements,
        prop::bool::ANY,
        prop::bool::weighted(0.2),
        prop::sample::select(vec!["*", "arn:aws:s3:::b/*"]),
    )
        .prop_map(|(patterns, positive, deny, resource)| {
            let element = if positive { "Action" } else { "NotAction" };
            let effect = if deny { "Deny" } else { "Allow" };
            json!({ "Effect": effect, element: patterns, "Resource": resource })
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_change_takes_what_is_removable_and_nothing_else(
        documents in prop::collection::vec(prop::collection::vec(statement(), 1..4), 1..3),
        wanted in prop::collection::btree_set(prop::sample::select(GRANTED.to_vec()), 1..4),
    ) {
        let policies = documents
            .iter()
            .enumerate()
            .map(|(number, statements)| inline(&format!("p{number}"), &json!(statements)))
            .collect();
        let role = role("app", &["reader"], policies);
        let removable: Vec<&str> = wanted.iter().copied().collect();
        let trim = trim_exactly(&role, &[], &removable);
        let new = applied(&role, &trim);
        for action in GRANTED.into_iter().chain(["s3:GetObjectTagging", "sqs:ReceiveMessage", "iam:PassRole", "ec2:RunInstances"]) {
            for resource in [None, Some("arn:aws:s3:::b/k"), Some("*")] {
                let request = Request { action, resource, ..Request::default() };
                let after = evaluate(&new, &request);
                if trim.removed.contains(action) {
                    let denied = matches!(after, Decision::ExplicitlyDenied { .. } | Decision::ImplicitlyDenied { .. });
                    prop_assert!(denied, "{action} {after:?}");
                } else {
                    let before = evaluate(&role.policies, &request);
                    prop_assert_eq!(outcome(&before), outcome(&after), "{} {:?}", action, resource);
                }
            }
        }
    }
}

/// The decision without the statements that it names, whose places move.
fn outcome(decision: &Decision) -> u8 {
    match decision {
        Decision::Allowed { .. } => 0,
        Decision::ExplicitlyDenied { .. } => 1,
        Decision::ImplicitlyDenied { .. } => 2,
        Decision::Undecided { .. } => 3,
    }
}
