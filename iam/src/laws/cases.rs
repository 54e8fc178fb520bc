//! Whole cases that meet often: callers of every kind, policies of every type, small vocabularies.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

const CALLERS: [&str; 9] = [
    "arn:aws:iam::111122223333:user/team/ana",
    "arn:aws:iam::111122223333:role/team/app",
    "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX",
    "arn:aws:sts::111122223333:assumed-role/app/build",
    "arn:aws:sts::111122223333:assumed-role/app/other",
    "arn:aws:sts::111122223333:federated-user/ana",
    "arn:aws:iam::111122223333:root",
    "sns.amazonaws.com",
    "nobody",
];

const PRINCIPALS: [&str; 9] = [
    "*",
    "111122223333",
    "arn:aws:iam::111122223333:root",
    "arn:aws:iam::111122223333:user/team/ana",
    "arn:aws:iam::111122223333:role/team/app",
    "arn:aws:sts::111122223333:assumed-role/app/build",
    "arn:aws:sts::111122223333:federated-user/ana",
    "arn:aws:iam::444455556666:root",
    "arn:aws:iam::444455556666:role/team/app",
];

/// Actions with resources that they take.
const REQUESTS: [(&str, &str); 10] = [
    ("s3:GetObject", "arn:aws:s3:::bucket/ana/key"),
    ("s3:PutObject", "arn:aws:s3:::bucket/build:x"),
    ("S3:listbucket", "arn:aws:s3:::bucket"),
    ("s3:ListAllMyBuckets", "*"),
    (
        "sqs:SendMessage",
        "arn:aws:sqs:eu-west-1:111122223333:queue",
    ),
    ("sts:AssumeRole", "arn:aws:iam::111122223333:role/target"),
    ("kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/k1"),
    ("kms:ListKeys", "*"),
    ("ec2:RunInstances", "*"),
    ("sts:GetCallerIdentity", "*"),
];

const ACTIONS: [&str; 10] = [
    "*",
    "s3:*",
    "s3:GetObject",
    "S3:*Object",
    "s3:List*",
    "sqs:Send?essage",
    "sts:AssumeRole*",
    "kms:*",
    "kms:Decrypt",
    "ec2:*",
];

const RESOURCES: [&str; 9] = [
    "*",
    "arn:aws:s3:::bucket",
    "arn:aws:s3:::bucket/*",
    "arn:aws:s3:::bucket/${aws:username}/*",
    "arn:aws:s3:::bucket/${aws:PrincipalTag/Team, 'build'}?x",
    "arn:aws:sqs:*:111122223333:*",
    "arn:aws:iam::*:role/t?rget",
    "arn:aws:kms:*:*:key/k1",
    "arn:aws:s3:::bucket/${aws:TokenIssueTime}*",
];

/// Resources of policies on the caller's side: incomplete ARNs, and a variable in an early component.
const SHORT: [&str; 5] = [
    "arn:aws:sqs",
    "arn:aws:s3:*",
    "arn:aws:sqs:us-east-1:*",
    "arn:*",
    "arn:aws:sqs:*:${aws:PrincipalAccount}:queue",
];

const CONTEXT: [(&str, &[&[&str]]); 9] = [
    ("aws:SourceVpc", &[&["vpc-1"], &["VPC-1"], &["vpc-12"]]),
    ("aws:SecureTransport", &[&["true"], &["false"]]),
    (
        "aws:SourceIp",
        &[&["10.1.2.3"], &["192.0.2.200"], &["2001:db8::1"], &["x"]],
    ),
    ("s3:max-keys", &[&["9"], &["1e1"], &["-3"], &["ten"], &[""]]),
    (
        "aws:CurrentTime",
        &[
            &["2026-03-01T12:00:00Z"],
            &["1772366399"],
            &["2026-03-01"],
            &["1772366400000"],
            &["noon"],
        ],
    ),
    (
        "aws:TagKeys",
        &[&["a"], &["a", "b"], &["c", "b"], &[], &[""]],
    ),
    (
        "aws:SourceArn",
        &[&["arn:aws:sns:eu-west-1:111122223333:topic"]],
    ),
    ("svc:blob", &[&["QQ=="], &["Qg=="]]),
    ("aws:userid", &[&["ana"], &["AROA:build"]]),
];

const CONDITIONS: [(&str, &str, &[&str]); 39] = [
    ("StringEquals", "aws:sourcevpc", &["vpc-1", "vpc-2"]),
    ("StringNotEquals", "aws:SourceVpc", &["vpc-1"]),
    ("StringEqualsIgnoreCase", "AWS:SourceVpc", &["Vpc-1"]),
    ("StringNotEqualsIgnoreCase", "aws:SourceVpc", &["Vpc-1"]),
    ("StringLike", "aws:SourceVpc", &["vpc-?", "x*"]),
    ("StringNotLike", "aws:SourceVpc", &["vpc-1*"]),
    ("StringLikeIfExists", "aws:SourceVpc", &["V*"]),
    ("StringEquals", "aws:userid", &["${aws:username}"]),
    ("StringNotEquals", "aws:userid", &["${aws:username}", "x"]),
    (
        "StringLike",
        "aws:userid",
        &["AROA${*}build", "A*:${aws:PrincipalTag/team, 'build'}"],
    ),
    ("Bool", "aws:SecureTransport", &["true"]),
    ("BoolIfExists", "aws:SecureTransport", &["false"]),
    ("Bool", "aws:PrincipalIsAWSService", &["false"]),
    (
        "IpAddress",
        "aws:SourceIp",
        &["10.9.9.9/8", "2001:DB8:0::/32"],
    ),
    ("NotIpAddress", "aws:SourceIp", &["0.0.0.0/0"]),
    ("IpAddressIfExists", "aws:SourceIp", &["192.0.2.193/26"]),
    ("NumericLessThan", "s3:max-keys", &["10"]),
    ("NumericEquals", "s3:max-keys", &["10", "9.00"]),
    ("NumericNotEquals", "s3:max-keys", &["10"]),
    ("NumericGreaterThanEqualsIfExists", "s3:max-keys", &["-3.0"]),
    (
        "DateLessThan",
        "aws:CurrentTime",
        &["2026-03-01T14:30:00+02:30"],
    ),
    (
        "DateEquals",
        "aws:CurrentTime",
        &["1772366400", "2026-03-01T00:00Z"],
    ),
    (
        "DateNotEquals",
        "aws:CurrentTime",
        &["2026-03-01T12:00:00Z"],
    ),
    (
        "DateGreaterThanEqualsIfExists",
        "aws:CurrentTime",
        &["1772366400"],
    ),
    ("ForAllValues:StringEquals", "aws:TagKeys", &["a", "b"]),
    ("ForAllValues:StringNotLike", "aws:TagKeys", &["a*"]),
    ("ForAnyValue:StringLike", "aws:TagKeys", &["b?", "c"]),
    ("ForAnyValue:StringNotEquals", "aws:TagKeys", &["a", "b"]),
    ("ForAnyValue:StringEqualsIfExists", "aws:TagKeys", &["a"]),
    ("Null", "aws:TagKeys", &["true"]),
    ("Null", "aws:SourceVpc", &["false"]),
    ("ArnLike", "aws:SourceArn", &["arn:aws:sns:*:*:top*"]),
    (
        "ArnNotEquals",
        "aws:SourceArn",
        &["arn:aws:sns:us-*:*:topic"],
    ),
    ("ArnLike", "aws:SourceArn", &["arn:aws:sns:*"]),
    ("ArnNotLike", "aws:SourceArn", &["arn:aws:sqs:*", "x"]),
    ("Bool", "aws:SecureTransport", &["${svc:blob, 'true'}", "1"]),
    ("BinaryEquals", "svc:blob", &["QQ=="]),
    (
        "ArnEquals",
        "aws:PrincipalArn",
        &["arn:aws:iam::111122223333:role/*app"],
    ),
    (
        "StringEquals",
        "aws:PrincipalAccount",
        &["${aws:ResourceAccount}"],
    ),
];

/// A case with every part that it may have.
pub(super) fn case() -> impl Strategy<Value = Value> {
    let levels =
        |level: BoxedStrategy<Value>| prop::collection::vec(level, 0..3).prop_map(Value::from);
    let scp = prop_oneof![3 => Just(everything()), 1 => document(false)];
    let scp_level = prop::collection::vec(scp, 0..3)
        .prop_map(Value::from)
        .boxed();
    let rcp_level = prop::collection::vec(rcp(), 0..2)
        .prop_map(Value::from)
        .boxed();
    let limit = || prop_oneof![2 => Just(everything()), 1 => document(false)];
    (
        request(),
        prop::collection::vec(document(false), 0..3),
        prop::option::weighted(0.3, limit()),
        prop::option::weighted(0.4, prop::collection::vec(limit(), 1..3)),
        prop::option::weighted(0.4, levels(scp_level)),
        prop::option::weighted(0.3, levels(rcp_level)),
        prop::option::weighted(0.7, document(true)),
    )
        .prop_map(
            |(mut case, identity, boundary, session, scps, rcps, resource)| {
                case["identity_policies"] = Value::from(identity);
                let optional = [
                    ("permission_boundary", boundary),
                    ("session_policies", session.map(Value::from)),
                    ("scps", scps),
                    ("rcps", rcps),
                    ("resource_policy", resource),
                ];
                for (field, value) in optional {
                    if let Some(value) = value {
                        case[field] = value;
                    }
                }
                case
            },
        )
}

fn request() -> impl Strategy<Value = Value> {
    let values: Vec<_> = CONTEXT
        .iter()
        .map(|(_, values)| prop::option::of(select(values.to_vec())))
        .collect();
    let account = prop_oneof![3 => Just("111122223333"), 1 => Just("444455556666")];
    let team = prop::option::of(select(vec!["build", "b*"]));
    (select(&CALLERS[..]), select(&REQUESTS[..]), account, values, team).prop_map(
        |(caller, (action, resource), account, values, team)| {
            let mut context = Map::new();
            for ((key, _), values) in CONTEXT.iter().zip(values) {
                if let Some(values) = values {
                    context.insert((*key).to_owned(), json!(values));
                }
            }
            let mut case = json!({
                "id": 0,
                "principal": {"arn": caller},
                "request": {"action": action, "resource": resource, "resourceAccount": account, "context": context},
            });
            if caller == "nobody" {
                case["principal"]["arn"] = Value::Null;
            }
            if let Some(team) = team {
                case["principal"]["tags"] = json!({"Team": team});
            }
            case
        },
    )
}

fn everything() -> Value {
    json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
}

fn document(of_resource: bool) -> BoxedStrategy<Value> {
    let version = prop_oneof![5 => Just("2012-10-17"), 1 => Just("2008-10-17")];
    (version, prop::collection::vec(statement(of_resource), 1..4))
        .prop_map(|(version, statements)| json!({"Version": version, "Statement": statements}))
        .boxed()
}

/// Resource control policies deny to everyone.
fn rcp() -> impl Strategy<Value = Value> {
    document(true).prop_map(|mut document| {
        for statement in document["Statement"].as_array_mut().unwrap() {
            statement["Principal"] = json!("*");
            statement.as_object_mut().unwrap().remove("NotPrincipal");
            if statement.get("NotResource").is_none() && statement.get("Resource").is_none() {
                statement["Resource"] = json!("*");
            }
        }
        document
    })
}

fn statement(of_resource: bool) -> impl Strategy<Value = Value> {
    let conditions =
        prop_oneof![2 => Just(Vec::new()), 3 => subsequence(CONDITIONS.to_vec(), 1..3)];
    let not = |plain: &'static str, negated: &'static str, weight: u32| prop_oneof![weight => Just(plain), 1 => Just(negated)];
    let resources = if of_resource { 0..3_usize } else { 1..3 };
    let mut patterns = RESOURCES.to_vec();
    if !of_resource {
        patterns.extend(SHORT);
    }
    (
        prop_oneof![4 => Just("Allow"), 1 => Just("Deny")],
        (
            not("Action", "NotAction", 6),
            subsequence(ACTIONS.to_vec(), 1..4),
        ),
        (
            not("Resource", "NotResource", 6),
            subsequence(patterns, resources),
        ),
        (not("Principal", "NotPrincipal", 4), principals()),
        conditions,
    )
        .prop_map(
            move |(
                effect,
                (action, actions),
                (resource, resources),
                (principal, principals),
                conditions,
            )| {
                let mut statement = json!({"Effect": effect, action: actions});
                if !resources.is_empty() {
                    statement[resource] = json!(resources);
                }
                if of_resource {
                    statement[principal] = principals;
                }
                for (operator, key, values) in conditions {
                    statement["Condition"][operator][key] = json!(values);
                }
                statement
            },
        )
}

fn principals() -> impl Strategy<Value = Value> {
    prop_oneof![
        1 => Just(json!("*")),
        5 => (subsequence(PRINCIPALS.to_vec(), 1..4), any::<bool>()).prop_map(|(aws, service)| {
            let mut element = json!({"AWS": aws});
            if service {
                element["Service"] = json!("sns.amazonaws.com");
            }
            element
        }),
    ]
}
