//! Small policies and requests that meet often: few actions, resources, keys and values.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

/// The actions of requests: real ones, of three services.
pub(super) const ACTIONS: [&str; 9] = [
    "s3:GetObject",
    "s3:GetObjectAcl",
    "s3:PutObject",
    "s3:ListBucket",
    "s3:ListAllMyBuckets",
    "sqs:SendMessage",
    "sqs:ReceiveMessage",
    "sqs:ListQueues",
    "iam:PassRole",
];

const ACTION_PATTERNS: [&str; 14] = [
    "s3:GetObject",
    "S3:getobjectACL",
    "s3:Get*",
    "s3:*Object",
    "s3:?etObject*",
    "s3:List*",
    "s3:*",
    "sqs:*",
    "sqs:SendMessage",
    "sqs:*Message",
    "*:List*",
    "iam:Pass?ole",
    "ec2:*",
    "*",
];

/// The resources of requests; `*` for actions that take none.
const RESOURCES: [&str; 21] = [
    "arn:aws:s3:::bucket",
    "arn:aws:s3:::bucket/key",
    "arn:aws:s3:::bucket/blue/key",
    "arn:aws:s3:::bucket/Blue/key",
    "arn:aws:s3:::other/a/b",
    "arn:aws:sqs:eu-west-1:111122223333:queue",
    "arn:aws:sqs:us-east-1:444455556666:queue:more",
    "arn:aws:iam::111122223333:role/team/app",
    "*",
    // More of each type, so that every combination of patterns below has one.
    "arn:aws:s3:::third",
    "arn:aws:s3:::third/key",
    "arn:aws:s3:::bxcket/a/key",
    "arn:aws:s3:::bxcket/a",
    "arn:aws:s3:eu-west-1:111122223333:accesspoint/point",
    "arn:aws:s3:eu-west-1:111122223333:accesspoint/point/object/key",
    "arn:aws:sqs:eu-west-1:444455556666:queue",
    "arn:aws:sqs:eu-west-1:111122223333:other",
    "arn:aws:sqs:us-east-1:444455556666:other",
    "arn:aws:iam::111122223333:role/app",
    "arn:aws:iam::111122223333:role/other",
    "arn:aws:iam::444455556666:role/app",
];

const RESOURCE_PATTERNS: [&str; 13] = [
    "*",
    "arn:aws:s3:::bucket",
    "arn:aws:s3:::bucket/*",
    "arn:aws:s3:::b?cket/*/key",
    "arn:aws:s3:::*",
    "arn:*:s3:::other/*",
    "arn:aws:sqs:*:111122223333:*",
    "arn:aws:sqs:eu-west-1:*:queue",
    "arn:aws:iam::111122223333:role/app",
    "arn:aws:iam::*:role/*app",
    "arn:aws:sqs",
    "arn:aws:iam::111122223333",
    "arn:aws:s3:::bucket/${aws:PrincipalTag/team}/*",
];

/// The keys of requests with the values that they take; several values are those of one request.
const KEYS: [(&str, &[&[&str]]); 5] = [
    ("aws:principaltag/team", &[&[], &["blue"], &["*"]]),
    ("aws:securetransport", &[&["true"], &["false"]]),
    ("s3:max-keys", &[&[], &["9"], &["10.0"], &["100"]]),
    ("aws:tagkeys", &[&[], &["a"], &["a", "b"], &["c"]]),
    ("aws:sourceip", &[&[], &["10.1.2.3"], &["2001:db8::1"]]),
];

const CONDITIONS: [(&str, &str, &[&str]); 18] = [
    ("StringEquals", "aws:PrincipalTag/Team", &["blue", "red"]),
    ("StringNotEquals", "aws:principaltag/team", &["blue"]),
    ("StringLikeIfExists", "aws:PrincipalTag/team", &["b*"]),
    ("StringNotLike", "aws:PrincipalTag/team", &["?"]),
    ("StringEqualsIgnoreCase", "aws:PrincipalTag/team", &["BLUE"]),
    ("Null", "aws:PrincipalTag/team", &["true"]),
    ("Null", "aws:PrincipalTag/team", &["false"]),
    ("Bool", "aws:SecureTransport", &["true"]),
    ("BoolIfExists", "aws:SecureTransport", &["false"]),
    ("NumericLessThanEquals", "s3:max-keys", &["10"]),
    ("NumericNotEquals", "s3:max-keys", &["10"]),
    ("NumericGreaterThanIfExists", "s3:max-keys", &["9.5"]),
    ("ForAllValues:StringEquals", "aws:TagKeys", &["a", "b"]),
    ("ForAnyValue:StringLike", "aws:TagKeys", &["b*", "c"]),
    ("ForAnyValue:StringNotEquals", "aws:TagKeys", &["a"]),
    ("IpAddress", "aws:SourceIp", &["10.0.0.0/8"]),
    (
        "NotIpAddress",
        "aws:SourceIp",
        &["10.9.9.9/8", "192.0.2.0/24"],
    ),
    (
        "StringEquals",
        "aws:PrincipalTag/team",
        &["${aws:PrincipalTag/team, 'none'}"],
    ),
];

/// The policies of a role as JSON.
#[derive(Debug, Clone, Default)]
pub(super) struct Written {
    pub(super) identity: Vec<Value>,
    pub(super) boundary: Option<Value>,
    pub(super) scps: Vec<Vec<Value>>,
    pub(super) rcps: Vec<Value>,
}

/// All facts of a request. Keys without values are not in it.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub(super) action: String,
    pub(super) resource: String,
    pub(super) context: BTreeMap<String, Vec<String>>,
}

impl Facts {
    /// Tells whether the resource is one that the action takes.
    pub(super) fn is_typed(&self) -> bool {
        let is = |start: &str| self.resource.starts_with(start);
        match self.action.as_str() {
            "s3:ListAllMyBuckets" | "sqs:ListQueues" => self.resource == "*",
            "s3:ListBucket" => {
                is("arn:aws:s3:::") && !self.resource.contains('/')
                    || self.resource.ends_with(":accesspoint/point")
            }
            "iam:PassRole" => is("arn:aws:iam:"),
            action if action.starts_with("s3:") => {
                is("arn:aws:s3:")
                    && self.resource.contains('/')
                    && !self.resource.ends_with(":accesspoint/point")
            }
            _ => is("arn:aws:sqs:"),
        }
    }
}

/// What of the facts is not told.
#[derive(Debug, Clone)]
pub(super) struct Hidden {
    pub(super) keys: BTreeSet<String>,
    pub(super) resource: bool,
}

pub(super) fn facts() -> impl Strategy<Value = Facts> {
    let values: Vec<_> = KEYS
        .iter()
        .map(|(_, values)| select(values.to_vec()))
        .collect();
    (select(&ACTIONS[..]), select(&RESOURCES[..]), values).prop_map(|(action, resource, values)| {
        Facts {
            action: action.to_owned(),
            resource: resource.to_owned(),
            context: KEYS
                .iter()
                .zip(values)
                .map(|((key, _), values)| ((*key).to_owned(), owned(values)))
                .collect(),
        }
    })
}

/// Every action with every resource, without any key.
pub(super) fn every_request() -> impl Iterator<Item = Facts> {
    ACTIONS.iter().flat_map(|action| {
        RESOURCES.iter().map(|resource| Facts {
            action: (*action).to_owned(),
            resource: (*resource).to_owned(),
            context: KEYS
                .iter()
                .map(|(key, _)| ((*key).to_owned(), Vec::new()))
                .collect(),
        })
    })
}

pub(super) fn hidden() -> impl Strategy<Value = Hidden> {
    let keys = KEYS.map(|(key, _)| key.to_owned()).to_vec();
    (subsequence(keys, 0..=KEYS.len()), any::<bool>()).prop_map(|(keys, resource)| Hidden {
        keys: keys.into_iter().collect(),
        resource,
    })
}

pub(super) fn some_actions() -> impl Strategy<Value = BTreeSet<String>> {
    let actions = ACTIONS.map(str::to_owned).to_vec();
    subsequence(actions, 0..=ACTIONS.len()).prop_map(|names| names.into_iter().collect())
}

pub(super) fn written() -> impl Strategy<Value = Written> {
    policies(document().boxed())
}

/// Policies without conditions and variables.
pub(super) fn plain() -> impl Strategy<Value = Written> {
    policies(of_statements(bare(RESOURCE_PATTERNS.len() - 1).boxed()).boxed())
}

fn policies(document: BoxedStrategy<Value>) -> impl Strategy<Value = Written> {
    let several = prop::collection::vec(document.clone(), 1..3);
    let everything = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}});
    let scp = prop_oneof![2 => Just(everything), 1 => document.clone()];
    let level = prop::collection::vec(scp, 1..3);
    (
        several,
        prop::option::of(document.clone()),
        prop::collection::vec(level, 1..3),
        prop::collection::vec(document, 0..2),
    )
        .prop_map(|(identity, boundary, scps, rcps)| Written {
            identity,
            boundary,
            scps,
            rcps,
        })
}

pub(super) fn document() -> impl Strategy<Value = Value> {
    of_statements(statement().boxed())
}

fn of_statements(statement: BoxedStrategy<Value>) -> impl Strategy<Value = Value> {
    let version = select(vec![
        None,
        Some("2008-10-17"),
        Some("2012-10-17"),
        Some("2012-10-17"),
    ]);
    (version, prop::collection::vec(statement, 1..4)).prop_map(|(version, statements)| {
        let mut document = Map::new();
        if let Some(version) = version {
            document.insert("Version".to_owned(), json!(version));
        }
        document.insert("Statement".to_owned(), one_or_list(statements));
        Value::Object(document)
    })
}

pub(super) fn statement() -> impl Strategy<Value = Value> {
    let conditions =
        prop_oneof![2 => Just(Vec::new()), 1 => subsequence(CONDITIONS.to_vec(), 1..3)];
    (bare(RESOURCE_PATTERNS.len()), conditions).prop_map(|(mut statement, conditions)| {
        for (operator, key, values) in conditions {
            statement["Condition"][operator][key] =
                one_or_list(owned(values).into_iter().map(Value::from).collect());
        }
        statement
    })
}

/// A statement without conditions, over the first so many resource patterns.
fn bare(resources: usize) -> impl Strategy<Value = Value> {
    (
        prop_oneof![3 => Just("Allow"), 1 => Just("Deny")],
        prop_oneof![4 => Just("Action"), 1 => Just("NotAction")],
        subsequence(ACTION_PATTERNS.to_vec(), 1..4),
        prop_oneof![4 => Just("Resource"), 1 => Just("NotResource")],
        subsequence(RESOURCE_PATTERNS[..resources].to_vec(), 1..3),
    )
        .prop_map(|(effect, action, actions, resource, resources)| {
            let list = |texts: Vec<&str>| one_or_list(texts.into_iter().map(Value::from).collect());
            json!({"Effect": effect, action: list(actions), resource: list(resources)})
        })
}

/// Adds a statement to a document.
pub(super) fn push(document: &mut Value, statement: Value) {
    let mut statements = match document["Statement"].take() {
        Value::Array(list) => list,
        single => vec![single],
    };
    statements.push(statement);
    document["Statement"] = Value::Array(statements);
}

/// Turns the order of the statements around.
pub(super) fn reverse(document: &mut Value) {
    if let Some(list) = document["Statement"].as_array_mut() {
        list.reverse();
    }
}

fn one_or_list(mut values: Vec<Value>) -> Value {
    if values.len() == 1 {
        values.remove(0)
    } else {
        Value::Array(values)
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}
