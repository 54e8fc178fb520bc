//! How policies combine, on the smallest policies that show it.

use serde_json::{Value, json};

use super::*;
use crate::document::Document;
use crate::policy::PolicyKind;

fn policy(name: &str, kind: PolicyKind, statements: Value) -> NamedPolicy {
    let mut document = json!({"Version": "2012-10-17"});
    document["Statement"] = statements;
    NamedPolicy {
        name: name.to_owned(),
        arn: None,
        kind,
        attachments: 1,
        document: Document::from_value(document).unwrap(),
    }
}

fn role(statements: Value) -> RolePolicies {
    RolePolicies {
        identity: vec![policy("p", PolicyKind::Inline, statements)],
        ..RolePolicies::default()
    }
}

fn allow(action: &str) -> Value {
    json!([{"Effect": "Allow", "Action": action, "Resource": "*"}])
}

const OBJECT: &str = "arn:aws:s3:::bucket/key";

fn get_object(policies: &RolePolicies) -> Decision {
    evaluate(
        policies,
        &Request {
            action: "s3:GetObject",
            resource: Some(OBJECT),
            ..Request::default()
        },
    )
}

fn is_allowed(decision: &Decision) -> bool {
    matches!(decision, Decision::Allowed { .. })
}

fn undecided(on: &str) -> Decision {
    Decision::Undecided {
        on: vec![on.to_owned()],
    }
}

fn statement(index: usize) -> StatementRef {
    StatementRef {
        policy: "p".to_owned(),
        statement: index,
        sid: None,
    }
}

#[test]
fn deny_beats_allow_and_is_named() {
    let policies = role(json!([
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
        {"Sid": "No", "Effect": "Deny", "Action": "s3:Get*", "Resource": "arn:aws:s3:::bucket/*"},
    ]));
    let by = vec![StatementRef {
        sid: Some("No".to_owned()),
        ..statement(1)
    }];
    assert_eq!(get_object(&policies), Decision::ExplicitlyDenied { by });
}

#[test]
fn a_get_wildcard_in_a_deny_denies_every_get_and_nothing_else() {
    let policies = role(json!([
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "s3:Get*", "Resource": "*"},
    ]));
    let decide = |action| {
        evaluate(
            &policies,
            &Request {
                action,
                resource: Some(OBJECT),
                ..Request::default()
            },
        )
    };
    assert!(matches!(
        decide("s3:GetObjectAcl"),
        Decision::ExplicitlyDenied { .. }
    ));
    assert!(is_allowed(&decide("s3:PutObject")));
}

#[test]
fn a_deny_without_any_allow_is_still_explicit() {
    let policies = role(json!([{"Effect": "Deny", "Action": "*", "Resource": "*"}]));
    assert_eq!(
        get_object(&policies),
        Decision::ExplicitlyDenied {
            by: vec![statement(0)]
        }
    );
}

#[test]
fn actions_ignore_case() {
    assert!(is_allowed(&get_object(&role(allow("S3:gETobject")))));
}

#[test]
fn two_statements_that_allow_are_both_named() {
    let policies = role(json!([
        {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"},
        {"Effect": "Allow", "NotAction": "ec2:*", "Resource": "*"},
    ]));
    assert_eq!(
        get_object(&policies),
        Decision::Allowed {
            by: vec![statement(0), statement(1)]
        }
    );
}

#[test]
fn not_action_matches_everything_but_its_patterns() {
    let policies =
        role(json!([{"Effect": "Allow", "NotAction": ["iam:*", "s3:Put*"], "Resource": "*"}]));
    let decide = |action| {
        evaluate(
            &policies,
            &Request {
                action,
                ..Request::default()
            },
        )
    };
    assert!(is_allowed(&decide("s3:GetObject")));
    assert!(!is_allowed(&decide("s3:PutObject")));
    assert!(!is_allowed(&decide("IAM:GetRole")));
}

#[test]
fn not_resource_applies_where_no_pattern_matches_also_without_a_resource() {
    let policies = role(
        json!([{"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::secret/*"}]),
    );
    let decide = |resource| {
        evaluate(
            &policies,
            &Request {
                action: "s3:GetObject",
                resource,
                ..Request::default()
            },
        )
    };
    assert!(is_allowed(&decide(Some(OBJECT))));
    assert!(is_allowed(&decide(Some("*"))));
    assert!(!is_allowed(&decide(Some("arn:aws:s3:::secret/a"))));
    assert_eq!(decide(None), undecided("resource"));
}

#[test]
fn an_unknown_resource_is_decided_where_everything_is_allowed() {
    let unknown = Request {
        action: "s3:GetObject",
        ..Request::default()
    };
    assert!(is_allowed(&evaluate(&role(allow("s3:*")), &unknown)));
    let narrow = role(json!([{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::*"}]));
    assert_eq!(evaluate(&narrow, &unknown), undecided("resource"));
}

#[test]
fn an_action_without_a_resource_is_covered_by_a_star_alone() {
    let whole = Request {
        action: "s3:ListAllMyBuckets",
        resource: Some("*"),
        ..Request::default()
    };
    assert!(is_allowed(&evaluate(&role(allow("s3:*")), &whole)));
    let narrow = role(json!([{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::*"}]));
    assert_eq!(
        evaluate(&narrow, &whole),
        Decision::ImplicitlyDenied {
            missing: Layer::Identity
        }
    );
}

#[test]
fn a_conditional_deny_is_undecided_not_denied() {
    let policies = role(json!([
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}},
    ]));
    assert_eq!(get_object(&policies), undecided("aws:requestedregion"));
    let decide = |region: &str| {
        let context = [("aws:requestedregion".to_owned(), vec![region.to_owned()])].into();
        evaluate(
            &policies,
            &Request {
                action: "s3:GetObject",
                resource: None,
                context,
            },
        )
    };
    assert!(is_allowed(&decide("eu-west-1")));
    assert_eq!(
        decide("us-east-1"),
        Decision::ExplicitlyDenied {
            by: vec![statement(1)]
        }
    );
}

#[test]
fn an_undecided_deny_does_not_hide_that_nothing_allows() {
    let policies = role(json!([
        {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
    ]));
    assert_eq!(
        get_object(&policies),
        Decision::ImplicitlyDenied {
            missing: Layer::Identity
        }
    );
}

#[test]
fn a_condition_that_cannot_hold_is_no_grant() {
    let policies = role(json!([
        {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {
            "StringEquals": {"aws:PrincipalTag/team": "blue"}, "Bool": {"aws:SecureTransport": "true"}}},
    ]));
    let context = [("aws:principaltag/team".to_owned(), vec!["red".to_owned()])].into();
    let decision = evaluate(
        &policies,
        &Request {
            action: "s3:GetObject",
            resource: None,
            context,
        },
    );
    assert_eq!(
        decision,
        Decision::ImplicitlyDenied {
            missing: Layer::Identity
        }
    );
}

#[test]
fn a_boundary_limits_and_never_grants() {
    let boundary = |statements| Some(policy("b", PolicyKind::Boundary, statements));
    let alone = RolePolicies {
        boundary: boundary(allow("*")),
        ..RolePolicies::default()
    };
    assert_eq!(
        get_object(&alone),
        Decision::ImplicitlyDenied {
            missing: Layer::Identity
        }
    );
    let other = RolePolicies {
        boundary: boundary(allow("ec2:*")),
        ..role(allow("*"))
    };
    assert_eq!(
        get_object(&other),
        Decision::ImplicitlyDenied {
            missing: Layer::Boundary
        }
    );
    let within = RolePolicies {
        boundary: boundary(allow("s3:*")),
        ..role(allow("*"))
    };
    assert_eq!(
        get_object(&within),
        Decision::Allowed {
            by: vec![statement(0)]
        }
    );
}

#[test]
fn every_level_of_scps_must_allow_and_policies_of_a_level_add_up() {
    let scp = |statements| policy("scp", PolicyKind::Scp, statements);
    let with = |scps| {
        get_object(&RolePolicies {
            scps,
            ..role(allow("*"))
        })
    };
    assert!(is_allowed(&with(vec![
        vec![scp(allow("ec2:*")), scp(allow("s3:*"))],
        vec![scp(allow("*"))],
    ])));
    let missing = |level| Decision::ImplicitlyDenied {
        missing: Layer::Scp { level },
    };
    assert_eq!(
        with(vec![vec![scp(allow("*"))], vec![scp(allow("ec2:*"))]]),
        missing(1)
    );
    assert_eq!(with(vec![vec![], vec![scp(allow("*"))]]), missing(0));
}

#[test]
fn a_deny_of_any_policy_is_final() {
    let deny = |kind| {
        policy(
            "d",
            kind,
            json!([
                {"Effect": "Allow", "Action": "*", "Resource": "*"},
                {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"},
            ]),
        )
    };
    let cases = [
        RolePolicies {
            boundary: Some(deny(PolicyKind::Boundary)),
            ..role(allow("*"))
        },
        RolePolicies {
            scps: vec![vec![deny(PolicyKind::Scp)]],
            ..role(allow("*"))
        },
        RolePolicies {
            rcps: vec![vec![deny(PolicyKind::Rcp)]],
            ..role(allow("*"))
        },
    ];
    for policies in cases {
        assert!(matches!(
            get_object(&policies),
            Decision::ExplicitlyDenied { .. }
        ));
    }
}

#[test]
fn an_rcp_is_for_everyone_or_undecided() {
    let rcp = |principal: Value| {
        let statement =
            json!([{"Effect": "Deny", "Principal": principal, "Action": "s3:*", "Resource": "*"}]);
        get_object(&RolePolicies {
            rcps: vec![vec![policy("r", PolicyKind::Rcp, statement)]],
            ..role(allow("*"))
        })
    };
    assert!(matches!(rcp(json!("*")), Decision::ExplicitlyDenied { .. }));
    assert!(matches!(
        rcp(json!({"AWS": ["*"]})),
        Decision::ExplicitlyDenied { .. }
    ));
    assert_eq!(rcp(json!({"AWS": "111122223333"})), undecided("principal"));
}

#[test]
fn an_rcp_s_allow_neither_grants_nor_limits() {
    let rcp = policy("r", PolicyKind::Rcp, allow("*"));
    let alone = RolePolicies {
        rcps: vec![vec![rcp]],
        ..RolePolicies::default()
    };
    assert_eq!(
        get_object(&alone),
        Decision::ImplicitlyDenied {
            missing: Layer::Identity
        }
    );
    let empty = RolePolicies {
        rcps: vec![vec![]],
        ..role(allow("*"))
    };
    assert!(is_allowed(&get_object(&empty)));
}

#[test]
fn a_variable_in_a_resource_is_replaced_or_undecided_never_literal() {
    let policies = role(json!([
        {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::bucket/${aws:PrincipalTag/team}/*"},
    ]));
    let decide = |resource: &str, team: Option<&str>| {
        let context = team.map(|team| ("aws:principaltag/team".to_owned(), vec![team.to_owned()]));
        let context = context.into_iter().collect();
        evaluate(
            &policies,
            &Request {
                action: "s3:GetObject",
                resource: Some(resource),
                context,
            },
        )
    };
    assert!(is_allowed(&decide(
        "arn:aws:s3:::bucket/blue/a",
        Some("blue")
    )));
    assert!(!is_allowed(&decide("arn:aws:s3:::bucket/red/a", Some("*"))));
    assert_eq!(
        decide("arn:aws:s3:::bucket/blue/a", None),
        undecided("aws:principaltag/team")
    );
    let literal = "arn:aws:s3:::bucket/${aws:PrincipalTag/team}/a";
    assert_eq!(decide(literal, None), undecided("aws:principaltag/team"));
    let elsewhere = Decision::ImplicitlyDenied {
        missing: Layer::Identity,
    };
    assert_eq!(decide("arn:aws:s3:::other/blue/a", None), elsewhere);
}

#[test]
fn the_evidence_lists_what_applies_and_what_may() {
    let policies = role(json!([
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:ViaAWSService": "true"}}},
    ]));
    let found = explain(
        &policies,
        &Request {
            action: "s3:GetObject",
            ..Request::default()
        },
    );
    let found: Vec<_> = found
        .iter()
        .map(|one| {
            (
                one.statement.statement,
                one.effect,
                one.undecided_on.join(","),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (0, Effect::Allow, String::new()),
            (2, Effect::Deny, "aws:viaawsservice".to_owned()),
        ]
    );
}
