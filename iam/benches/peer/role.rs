//! The role and the requests that the benchmarks of decisions share.
//!
//! A role session with 10 identity policies of 10 statements: exact actions and patterns of nine services, resources
//! exact, by prefix, by wildcards and by variable, every third statement under conditions (texts, patterns, networks,
//! numbers, dates, ARNs, set operators), every tenth a deny. The stream is 1,024 different requests of those services
//! with seven condition keys each; a third of them are allowed.

use curtail_iam::document::Document;
use curtail_iam::policy::Context;
use curtail_iam::simulate::AccessRequest;
use serde_json::{Value, json};

/// The session that asks, and its tag.
pub(crate) const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/app/build";
pub(crate) const TAG: (&str, &str) = ("team", "blue");
pub(crate) const ACCOUNT: &str = "111122223333";
/// Services, the beginning of the ARNs of one kind of resource, and actions on it.
const SERVICES: [(&str, &str, [&str; 8]); 9] = [
    (
        "s3",
        "arn:aws:s3:::lake/",
        [
            "GetObject",
            "PutObject",
            "DeleteObject",
            "GetObjectTagging",
            "PutObjectTagging",
            "GetObjectAcl",
            "PutObjectAcl",
            "DeleteObjectTagging",
        ],
    ),
    (
        "sqs",
        "arn:aws:sqs:eu-west-1:111122223333:",
        [
            "ReceiveMessage",
            "SendMessage",
            "DeleteMessage",
            "GetQueueAttributes",
            "SetQueueAttributes",
            "PurgeQueue",
            "TagQueue",
            "ListQueueTags",
        ],
    ),
    (
        "dynamodb",
        "arn:aws:dynamodb:eu-west-1:111122223333:table/",
        [
            "GetItem",
            "PutItem",
            "UpdateItem",
            "DeleteItem",
            "Query",
            "Scan",
            "BatchGetItem",
            "BatchWriteItem",
        ],
    ),
    (
        "lambda",
        "arn:aws:lambda:eu-west-1:111122223333:function:",
        [
            "InvokeFunction",
            "GetFunction",
            "UpdateFunctionCode",
            "DeleteFunction",
            "AddPermission",
            "PublishVersion",
            "CreateAlias",
            "GetFunctionConfiguration",
        ],
    ),
    (
        "kms",
        "arn:aws:kms:eu-west-1:111122223333:key/",
        [
            "Decrypt",
            "Encrypt",
            "GenerateDataKey",
            "DescribeKey",
            "CreateGrant",
            "DisableKey",
            "EnableKey",
            "GetKeyRotationStatus",
        ],
    ),
    (
        "secretsmanager",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:",
        [
            "GetSecretValue",
            "PutSecretValue",
            "DeleteSecret",
            "DescribeSecret",
            "RotateSecret",
            "TagResource",
            "UpdateSecret",
            "GetResourcePolicy",
        ],
    ),
    (
        "ecr",
        "arn:aws:ecr:eu-west-1:111122223333:repository/",
        [
            "BatchGetImage",
            "PutImage",
            "DescribeImages",
            "DeleteRepository",
            "InitiateLayerUpload",
            "UploadLayerPart",
            "CompleteLayerUpload",
            "ListImages",
        ],
    ),
    (
        "ssm",
        "arn:aws:ssm:eu-west-1:111122223333:parameter/",
        [
            "GetParameter",
            "PutParameter",
            "DeleteParameter",
            "GetParameters",
            "GetParametersByPath",
            "GetParameterHistory",
            "LabelParameterVersion",
            "DeleteParameters",
        ],
    ),
    (
        "sns",
        "arn:aws:sns:eu-west-1:111122223333:",
        [
            "Publish",
            "GetTopicAttributes",
            "SetTopicAttributes",
            "DeleteTopic",
            "AddPermission",
            "RemovePermission",
            "Subscribe",
            "TagResource",
        ],
    ),
];
/// How many requests the stream has.
pub(crate) const REQUESTS: usize = 1024;

/// The ten policies, as JSON.
pub(crate) fn identity() -> Vec<Value> {
    let policy = |number: usize| {
        let statements: Vec<Value> = (0..10)
            .map(|index| statement(number * 10 + index))
            .collect();
        policy(&statements)
    };
    (0..10).map(policy).collect()
}

/// A policy of these statements.
pub(crate) fn policy(statements: &[Value]) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// A policy, read.
pub(crate) fn document(policy: Value) -> Document {
    Document::from_value(policy).expect("a policy")
}

fn pick<'a>(of: &[&'a str], number: usize) -> &'a str {
    of.get(number % of.len()).copied().unwrap_or_default()
}

fn service(number: usize) -> (&'static str, &'static str, [&'static str; 8]) {
    SERVICES
        .get(number % SERVICES.len())
        .copied()
        .unwrap_or_default()
}

/// The first word of an action: `Get`.
fn verb(action: &str) -> &str {
    let end = action
        .char_indices()
        .skip(1)
        .find(|(_, character)| character.is_ascii_uppercase());
    end.and_then(|(at, _)| action.get(..at)).unwrap_or(action)
}

fn statement(number: usize) -> Value {
    let (prefix, start, names) = service(number / 10 + number);
    let name = |step: usize| pick(&names, number + step);
    let actions = match number % 4 {
        0 => json!([0, 3, 5].map(|step| format!("{prefix}:{}", name(step)))),
        1 => json!(format!("{prefix}:{}*", verb(name(0)))),
        2 => json!([
            format!(
                "{prefix}:*{}",
                name(1).strip_prefix(verb(name(1))).unwrap_or_default()
            ),
            format!("{prefix}:{}", name(2))
        ]),
        _ => json!([
            format!("{prefix}:Get*"),
            format!("{prefix}:List*"),
            format!("{}:Put*", service(number + 5).0)
        ]),
    };
    let resource = match number % 5 {
        0 => json!("*"),
        1 => json!(format!("{start}{}-*", number % 16)),
        2 => json!([format!("{start}1*"), format!("{start}*-b")]),
        3 => json!([format!("{start}7-a"), format!("{start}8-a")]),
        _ => json!(format!("{start}${{aws:PrincipalTag/team}}-*")),
    };
    let effect = if number % 10 == 9 { "Deny" } else { "Allow" };
    let conditions = if number.is_multiple_of(3) || effect == "Deny" {
        condition(number / 3)
    } else {
        json!({})
    };
    json!({"Effect": effect, "Action": actions, "Resource": resource, "Condition": conditions})
}

fn condition(number: usize) -> Value {
    match number % 6 {
        0 => {
            json!({"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"], "aws:PrincipalTag/team": "blue"}})
        }
        1 => {
            json!({"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "2001:db8::/32"]}, "Bool": {"aws:SecureTransport": "true"}})
        }
        2 => {
            json!({"NumericLessThanEquals": {"aws:MultiFactorAuthAge": "100"}, "StringLike": {"aws:UserAgent": ["home/*", "team/${aws:PrincipalTag/team}/*"]}})
        }
        3 => {
            json!({"ForAnyValue:StringEquals": {"aws:CalledVia": ["athena.amazonaws.com", "glue.amazonaws.com"]}})
        }
        4 => {
            json!({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/a*"}, "StringNotEqualsIfExists": {"aws:SourceVpc": "vpc-1"}})
        }
        _ => {
            json!({"DateLessThan": {"aws:CurrentTime": "2026-06-30T00:00:00Z"}, "Null": {"aws:TokenIssueTime": "true"}})
        }
    }
}

/// A request of the stream.
pub(crate) fn request(number: usize) -> AccessRequest {
    // Steps that share no factor with the length of any list, so that the combinations differ.
    let (prefix, start, names) = service(number * 7 + number / 64);
    let name = match number % 3 {
        0 => "blue".to_owned(),
        _ => (number % 17).to_string(),
    };
    let context = [
        (
            "aws:requestedregion",
            pick(&["eu-west-1", "us-east-1", "eu-central-1"], number),
        ),
        (
            "aws:sourceip",
            pick(&["10.1.2.3", "203.0.113.9", "2001:db8::7"], number / 2),
        ),
        (
            "aws:securetransport",
            pick(&["true", "false", "true"], number / 5),
        ),
        (
            "aws:currenttime",
            pick(
                &["2026-03-01T12:00:00Z", "2026-09-01T12:00:00Z"],
                number / 7,
            ),
        ),
        (
            "aws:calledvia",
            pick(
                &["athena.amazonaws.com", "cloudformation.amazonaws.com"],
                number / 4,
            ),
        ),
        ("aws:multifactorauthage", pick(&["10", "1000"], number / 6)),
        (
            "aws:useragent",
            pick(&["home/ana", "team/blue/x", "else"], number / 9),
        ),
    ];
    let context: Context = context
        .into_iter()
        .map(|(key, value)| (key.to_owned(), vec![value.to_owned()]))
        .collect();
    AccessRequest {
        action: format!("{prefix}:{}", pick(&names, number * 5 + number / 8)),
        resource: Some(format!("{start}{name}-{}", pick(&["a", "b"], number))),
        resource_account: ACCOUNT.to_owned(),
        context,
        ..AccessRequest::default()
    }
}
