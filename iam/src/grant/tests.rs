//! What is granted, blocked and undecided, on the smallest policies that show it.

use super::*;
use crate::arn::RoleArn;
use crate::document::Document;
use crate::policy::{NamedPolicy, role_context};

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

fn allow(action: &str, resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": resource})
}

fn deny(action: &str, resource: &str) -> Value {
    json!({"Effect": "Deny", "Action": action, "Resource": resource})
}

fn with(mut statement: Value, condition: Value) -> Value {
    statement["Condition"] = condition;
    statement
}

fn of(policies: &RolePolicies) -> Vec<Grant> {
    grants(policies, Catalog::embedded())
}

fn find<'a>(grants: &'a [Grant], action: &str) -> Option<&'a Grant> {
    grants.iter().find(|grant| grant.action == action)
}

/// Status and reasons of one action.
fn told(policies: &RolePolicies, action: &str) -> (GrantStatus, Vec<String>) {
    let grants = of(policies);
    let grant = find(&grants, action).unwrap();
    (
        grant.status,
        grant
            .limits
            .iter()
            .map(|limit| limit.reason.clone())
            .collect(),
    )
}

fn status(statements: Value, action: &str) -> GrantStatus {
    told(&role(statements), action).0
}

use GrantStatus::{Blocked, Granted, Undecided};

#[test]
fn a_wildcard_grants_the_catalog_s_actions_and_names_its_statement() {
    let grants = of(&role(
        json!([{"Sid": "Read", "Effect": "Allow", "Action": "sqs:Get*", "Resource": "*"}]),
    ));
    let names: Vec<&str> = grants.iter().map(|grant| grant.action.as_str()).collect();
    assert_eq!(names, ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"]);
    assert_eq!(
        grants[0].sources,
        [GrantSource {
            policy: "p".to_owned(),
            statement: 0,
            sid: Some("Read".to_owned()),
            resources: vec!["*".to_owned()],
            not_resources: false,
            conditions: json!({}),
        }]
    );
    assert!(
        grants
            .iter()
            .all(|grant| grant.status == Granted && grant.in_catalog && grant.limits.is_empty())
    );
}

#[test]
fn names_ignore_case_and_come_out_as_aws_writes_them() {
    let grants = of(&role(json!([allow("S3:GETOBJECT", "*")])));
    assert_eq!(grants.len(), 1);
    assert_eq!(grants[0].action, "s3:GetObject");
}

#[test]
fn a_full_name_that_the_catalog_lacks_is_granted_as_written() {
    let grants = of(&role(json!([
        allow("made-up:DoIt", "*"),
        allow("made-up:doit", "*"),
        allow("made-up:Get*", "*")
    ])));
    assert_eq!(grants.len(), 1);
    assert_eq!(
        (grants[0].action.as_str(), grants[0].in_catalog),
        ("made-up:DoIt", false)
    );
    assert_eq!(grants[0].sources.len(), 2);
    assert_eq!(
        status(
            json!([allow("made-up:DoIt", "*"), deny("*", "*")]),
            "made-up:DoIt"
        ),
        Blocked
    );
}

#[test]
fn an_action_granted_twice_names_both_statements() {
    let grants = of(&role(json!([
        allow("s3:GetObject", "*"),
        allow("s3:Get*", "arn:aws:s3:::b/*")
    ])));
    let statements: Vec<usize> = find(&grants, "s3:GetObject")
        .unwrap()
        .sources
        .iter()
        .map(|source| source.statement)
        .collect();
    assert_eq!(statements, [0, 1]);
}

#[test]
fn not_action_grants_the_rest() {
    let grants = of(&role(
        json!([{"Effect": "Allow", "NotAction": ["iam:*", "s3:Get*"], "Resource": "*"}]),
    ));
    assert!(find(&grants, "s3:PutObject").is_some());
    assert!(find(&grants, "s3:GetObject").is_none());
    assert!(find(&grants, "iam:GetRole").is_none());
}

#[test]
fn a_deny_on_all_resources_blocks_and_a_get_wildcard_in_it_only_the_gets() {
    let statements = json!([allow("s3:*", "*"), deny("s3:Get*", "*")]);
    let policies = role(statements);
    assert_eq!(
        told(&policies, "s3:GetObject"),
        (Blocked, vec!["denies it".to_owned()])
    );
    assert_eq!(told(&policies, "s3:PutObject"), (Granted, vec![]));
}

#[test]
fn a_deny_on_all_granted_resources_blocks_and_on_some_narrows() {
    let both = |resource| {
        let policies = role(json!([
            allow("s3:GetObject", "arn:aws:s3:::b/x/*"),
            deny("s3:*", resource)
        ]));
        told(&policies, "s3:GetObject")
    };
    assert_eq!(
        both("arn:aws:s3:::b/*"),
        (Blocked, vec!["denies it on `arn:aws:s3:::b/*`".to_owned()])
    );
    assert_eq!(
        both("arn:aws:s3:::b/x/y"),
        (
            Granted,
            vec!["denies it on `arn:aws:s3:::b/x/y`".to_owned()]
        )
    );
    assert_eq!(both("arn:aws:s3:::other/*"), (Granted, vec![]));
}

#[test]
fn a_deny_on_all_resources_but_some_narrows_or_blocks() {
    let with_exception = |exception| {
        let mut guard = deny("s3:*", "*");
        guard.as_object_mut().unwrap().remove("Resource");
        guard["NotResource"] = json!(exception);
        status(
            json!([allow("s3:GetObject", "arn:aws:s3:::b/*"), guard]),
            "s3:GetObject",
        )
    };
    assert_eq!(with_exception("arn:aws:s3:::b/*"), Granted);
    assert_eq!(with_exception("arn:aws:s3:::b/x*"), Granted);
    assert_eq!(with_exception("arn:aws:s3:::c/*"), Blocked);
}

#[test]
fn denies_that_block_together_are_not_called_granted() {
    let mut rest = deny("s3:*", "*");
    rest.as_object_mut().unwrap().remove("Resource");
    rest["NotResource"] = json!("arn:aws:s3:::b/x*");
    let statements = json!([
        allow("s3:GetObject", "arn:aws:s3:::b/*"),
        deny("s3:*", "arn:aws:s3:::b/x*"),
        rest
    ]);
    assert_eq!(status(statements, "s3:GetObject"), Undecided);
}

/// Symptom: a role whose policy was AWS's own for AgentCore runtimes called `DescribeLogGroups`, and was said not to have it.
#[test]
fn an_action_without_resources_that_is_named_in_full_on_an_arn_is_undecided() {
    let statements = json!([allow(
        "logs:DescribeLogGroups",
        "arn:aws:logs:eu-west-1:111122223333:log-group:*"
    )]);
    assert_eq!(status(statements, "logs:DescribeLogGroups"), Undecided);
    let statements = json!([allow(
        "logs:Describe*",
        "arn:aws:logs:eu-west-1:111122223333:log-group:*"
    )]);
    assert_eq!(status(statements, "logs:DescribeLogGroups"), Blocked);
}

#[test]
fn a_resource_that_the_action_does_not_take_grants_nothing() {
    let policies = role(json!([allow("s3:*", "arn:aws:s3:::b/*")]));
    let none = vec!["none of its resources is one that the action takes".to_owned()];
    assert_eq!(told(&policies, "s3:GetObject"), (Granted, vec![]));
    assert_eq!(told(&policies, "s3:ListBucket"), (Blocked, none.clone()));
    assert_eq!(
        told(&policies, "s3:ListAllMyBuckets"),
        (Blocked, none.clone())
    );
    let policies = role(json!([allow("s3:*", "arn:aws:s3:::b")]));
    assert_eq!(told(&policies, "s3:ListBucket"), (Granted, vec![]));
    assert_eq!(told(&policies, "s3:GetObject"), (Blocked, none));
}

#[test]
fn an_action_without_resources_is_not_denied_on_some() {
    let statements = json!([allow("*", "*"), deny("*", "arn:aws:s3:::secret/*")]);
    assert_eq!(
        told(&role(statements), "ec2:DescribeInstances"),
        (Granted, vec![])
    );
}

#[test]
fn an_arn_cut_short_stands_for_all_that_begin_with_it() {
    let short = json!([allow("sqs:SendMessage", "arn:aws:sqs")]);
    assert_eq!(status(short, "sqs:SendMessage"), Granted);
    let queue = "arn:aws:sqs:eu-west-1:111122223333:q";
    let denied = json!([
        allow("sqs:SendMessage", queue),
        deny("sqs:*", "arn:aws:sqs:eu-west-1")
    ]);
    assert_eq!(status(denied, "sqs:SendMessage"), Blocked);
}

#[test]
fn a_conditional_allow_is_granted_with_its_conditions() {
    let condition =
        json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}, "BinaryEquals": {"x:y": "QQ=="}});
    let grants = of(&role(json!([with(
        allow("s3:GetObject", "*"),
        condition.clone()
    )])));
    assert_eq!(
        (grants[0].status, &grants[0].sources[0].conditions),
        (Granted, &condition)
    );
}

#[test]
fn a_condition_that_cannot_hold_for_a_role_blocks() {
    let role_arn = RoleArn::parse("arn:aws:iam::111122223333:role/app").unwrap();
    let policies = role(json!([
        with(
            allow("s3:GetObject", "*"),
            json!({"StringLike": {"aws:username": "?*"}})
        ),
        allow("s3:PutObject", "arn:aws:s3:::home/${aws:username}/*"),
        allow(
            "s3:DeleteObject",
            "arn:aws:s3:::home/${aws:PrincipalTag/team}/*"
        ),
    ]));
    let grants = grants_in(&policies, Catalog::embedded(), &role_context(&role_arn));
    let statuses: Vec<_> = grants
        .iter()
        .map(|grant| (grant.action.as_str(), grant.status))
        .collect();
    assert_eq!(
        statuses,
        [
            ("s3:DeleteObject", Granted),
            ("s3:GetObject", Blocked),
            ("s3:PutObject", Blocked)
        ]
    );
    assert_eq!(
        grants[1].limits[0].reason,
        "its conditions on `aws:username` cannot hold for this role"
    );
}

#[test]
fn a_conditional_deny_narrows() {
    let region = json!({"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-north-1"]}});
    let policies = role(json!([allow("s3:*", "*"), with(deny("*", "*"), region)]));
    let reason = "denies it under conditions on `aws:RequestedRegion`".to_owned();
    assert_eq!(told(&policies, "s3:GetObject"), (Granted, vec![reason]));
}

#[test]
fn conditions_that_exclude_each_other_are_not_called_granted() {
    let other = json!({"StringEquals": {"aws:RequestedRegion": "us-east-1"}});
    let region = json!({"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}});
    let statements = json!([
        with(allow("s3:*", "*"), other.clone()),
        with(deny("*", "*"), region.clone())
    ]);
    assert_eq!(status(statements, "s3:GetObject"), Undecided);
    let either = json!([
        allow("s3:*", "*"),
        with(
            deny("*", "*"),
            json!({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}})
        ),
        with(deny("*", "*"), region),
    ]);
    assert_eq!(status(either, "s3:GetObject"), Undecided);
    let apart = json!([
        with(allow("s3:*", "*"), other),
        with(
            deny("*", "*"),
            json!({"Bool": {"aws:SecureTransport": "false"}})
        )
    ]);
    assert_eq!(status(apart, "s3:GetObject"), Granted);
}

#[test]
fn a_deny_on_what_the_role_is_hangs_on_the_role() {
    let guard = json!({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}});
    let policies = role(json!([allow("s3:*", "*"), with(deny("*", "*"), guard)]));
    assert_eq!(told(&policies, "s3:GetObject").0, Undecided);
    let status_of = |name: &str| {
        let role_arn = RoleArn::parse(&format!("arn:aws:iam::111122223333:role/{name}")).unwrap();
        let grants = grants_in(&policies, Catalog::embedded(), &role_context(&role_arn));
        find(&grants, "s3:GetObject").unwrap().status
    };
    assert_eq!(status_of("admin"), Granted);
    assert_eq!(status_of("my-admin"), Blocked);
}

#[test]
fn a_boundary_blocks_what_it_does_not_allow_and_grants_nothing() {
    let boundary = |statement| Some(policy("b", PolicyKind::Boundary, statement));
    let policies = RolePolicies {
        boundary: boundary(json!([
            allow("s3:Get*", "arn:aws:s3:::b/*"),
            allow("ec2:*", "*")
        ])),
        ..role(json!([allow("s3:*", "*")]))
    };
    let grants = of(&policies);
    assert!(find(&grants, "ec2:RunInstances").is_none());
    let put = find(&grants, "s3:PutObject").unwrap();
    assert_eq!(put.status, Blocked);
    assert_eq!(
        put.limits,
        [Limit {
            policy: "b".to_owned(),
            kind: PolicyKind::Boundary,
            statement: None,
            reason: "the permissions boundary allows it nowhere".to_owned(),
        }]
    );
    assert_eq!(
        told(&policies, "s3:GetObject"),
        (
            Granted,
            vec!["allows it only on `arn:aws:s3:::b/*`".to_owned()]
        )
    );
    assert_eq!(find(&grants, "s3:GetBucketAcl").unwrap().status, Blocked);
}

#[test]
fn a_deny_within_what_the_boundary_leaves_blocks() {
    let policies = RolePolicies {
        boundary: Some(policy(
            "b",
            PolicyKind::Boundary,
            json!([allow("s3:*", "arn:aws:s3:::b/*")]),
        )),
        ..role(json!([
            allow("s3:*", "*"),
            deny("s3:*", "arn:aws:s3:::b/*")
        ]))
    };
    assert_eq!(told(&policies, "s3:GetObject").0, Blocked);
}

#[test]
fn every_level_of_scps_must_allow() {
    let scp = |name: &str, statement: Value| policy(name, PolicyKind::Scp, json!([statement]));
    let policies = RolePolicies {
        scps: vec![
            vec![scp("full", allow("*", "*"))],
            vec![
                scp("a", allow("s3:Get*", "*")),
                scp("b", allow("s3:Put*", "*")),
            ],
        ],
        ..role(json!([allow("s3:*", "*")]))
    };
    assert_eq!(told(&policies, "s3:GetObject"), (Granted, vec![]));
    let grants = of(&policies);
    let delete = find(&grants, "s3:DeleteObject").unwrap();
    assert_eq!(
        (delete.status, delete.limits[0].policy.as_str()),
        (Blocked, "a, b")
    );
    assert_eq!(
        delete.limits[0].reason,
        "level 1 of the service control policies allows it nowhere"
    );
    let empty = RolePolicies {
        scps: vec![vec![]],
        ..role(json!([allow("s3:GetObject", "*")]))
    };
    assert_eq!(told(&empty, "s3:GetObject").0, Blocked);
}

#[test]
fn denies_of_scps_and_rcps_count_and_an_rcp_s_allow_does_not() {
    let statement =
        json!({"Effect": "Deny", "Principal": "*", "Action": "s3:Put*", "Resource": "*"});
    let rcp = policy(
        "r",
        PolicyKind::Rcp,
        json!([statement, {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}]),
    );
    let policies = RolePolicies {
        rcps: vec![vec![rcp]],
        ..role(json!([allow("s3:*", "*")]))
    };
    let grants = of(&policies);
    assert_eq!(find(&grants, "s3:PutObject").unwrap().status, Blocked);
    assert_eq!(find(&grants, "s3:GetObject").unwrap().status, Granted);
    assert!(find(&grants, "sqs:SendMessage").is_none());
}

#[test]
fn an_identity_perimeter_does_not_hide_what_is_unknown_of_the_role() {
    let perimeter = json!({
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-example"},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    });
    let mut statement = with(deny("s3:*", "*"), perimeter);
    statement["Principal"] = json!("*");
    let rcp = policy("r", PolicyKind::Rcp, json!([statement]));
    let policies = RolePolicies {
        rcps: vec![vec![rcp]],
        ..role(json!([allow("s3:GetObject", "*")]))
    };
    let mut known = role_context(&RoleArn::parse("arn:aws:iam::111122223333:role/app").unwrap());
    let status = |known: &Context| grants_in(&policies, Catalog::embedded(), known)[0].status;
    assert_eq!(status(&known), Undecided);
    known.insert(
        "aws:principalorgid".to_owned(),
        vec!["o-example".to_owned()],
    );
    assert_eq!(status(&known), Granted);
    known.insert("aws:principalorgid".to_owned(), vec!["o-other".to_owned()]);
    assert_eq!(status(&known), Blocked);
}

#[test]
fn a_limit_of_a_boundary_that_hangs_on_a_tag_is_undecided() {
    let policies = RolePolicies {
        boundary: Some(policy(
            "b",
            PolicyKind::Boundary,
            json!([allow("s3:*", "arn:aws:s3:::b/${aws:PrincipalTag/team}/*")]),
        )),
        ..role(json!([allow("s3:GetObject", "arn:aws:s3:::b/*")]))
    };
    assert_eq!(told(&policies, "s3:GetObject").0, Undecided);
}

/// An administrator under SCPs that guard some resources and regions.
fn administrator() -> RolePolicies {
    let guards = json!([
        allow("*", "*"),
        deny("*", "arn:aws:iam::*:role/guard-*"),
        {"Effect": "Deny", "NotAction": ["iam:*", "sts:*", "organizations:*"], "Resource": "*",
         "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]}}},
        deny("cloudtrail:StopLogging", "*"),
    ]);
    RolePolicies {
        scps: vec![
            vec![policy("full", PolicyKind::Scp, json!([allow("*", "*")]))],
            vec![policy("guards", PolicyKind::Scp, guards)],
        ],
        ..role(json!([allow("*", "*")]))
    }
}

#[test]
fn an_administrator_has_the_whole_catalog_less_what_is_denied() {
    let grants = of(&administrator());
    assert_eq!(grants.len(), Catalog::embedded().actions().count());
    let not_granted: Vec<&str> = grants
        .iter()
        .filter(|grant| grant.status != Granted)
        .map(|grant| grant.action.as_str())
        .collect();
    assert_eq!(not_granted, ["cloudtrail:StopLogging"]);
    let pass_role = find(&grants, "iam:PassRole").unwrap();
    let reasons: Vec<&str> = pass_role
        .limits
        .iter()
        .map(|limit| limit.reason.as_str())
        .collect();
    assert_eq!(reasons, ["denies it on `arn:aws:iam::*:role/guard-*`"]);
}

#[test]
fn more_rules_than_a_word_has_bits_are_told_apart() {
    let catalog = Catalog::embedded();
    let names: Vec<&str> = catalog
        .service_actions("s3")
        .iter()
        .map(|action| action.name)
        .take(100)
        .collect();
    let statements: Vec<Value> = names.iter().map(|name| allow(name, "*")).collect();
    let grants = of(&role(Value::from(statements)));
    assert_eq!(grants.len(), 100);
    for (statement, name) in names.iter().enumerate() {
        let sources = &find(&grants, name).unwrap().sources;
        assert_eq!((sources.len(), sources[0].statement), (1, statement));
    }
}
