//! What a record lists, held against what its parameters spell.

use super::*;

const TABLE: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/t";
const FUNCTION: &str = "arn:aws:lambda:eu-west-1:111122223333:function:f";

fn on(
    source: &str,
    name: &str,
    request: &str,
    listed: &str,
    action: &str,
) -> (String, ResourceBasis) {
    Call {
        listed,
        ..Call::new(source, name, request)
    }
    .on(action)
}

#[test]
fn only_the_kind_that_the_action_takes_counts() {
    let both = "arn:aws:s3:::b/k arn:aws:s3:::b";
    assert_eq!(
        on("s3", "GetObject", "null", both, "s3:GetObject"),
        ("arn:aws:s3:::b/k".to_owned(), ResourceBasis::Record)
    );
    assert_eq!(
        on("s3", "GetBucketPolicy", "null", both, "s3:GetBucketPolicy"),
        ("arn:aws:s3:::b".to_owned(), ResourceBasis::Record)
    );
}

#[test]
fn the_target_of_a_copy_is_told_from_its_source() {
    let listed = "arn:aws:s3:::b/new arn:aws:s3:::b arn:aws:s3:::b/old";
    let request = r#"{"bucketName":"b","key":"new","x-amz-copy-source":"b/old"}"#;
    assert_eq!(
        on("s3", "CopyObject", request, listed, "s3:PutObject"),
        ("arn:aws:s3:::b/new".to_owned(), ResourceBasis::Record)
    );
}

#[test]
fn what_lies_inside_a_listed_resource_is_the_resource() {
    let index = r#"{"tableName":"t","indexName":"i"}"#;
    assert_eq!(
        on("dynamodb", "Query", index, TABLE, "dynamodb:Query"),
        (format!("{TABLE}/index/i"), ResourceBasis::Parameters)
    );
    let live = r#"{"functionName":"f","qualifier":"live"}"#;
    assert_eq!(
        on("lambda", "Invoke", live, FUNCTION, "lambda:InvokeFunction"),
        (format!("{FUNCTION}:live"), ResourceBasis::Parameters)
    );
}

#[test]
fn of_two_answers_the_record_has_the_last_word() {
    let other = "arn:aws:dynamodb:eu-west-1:444455556666:table/t";
    assert_eq!(
        on(
            "dynamodb",
            "GetItem",
            r#"{"tableName":"t"}"#,
            other,
            "dynamodb:GetItem"
        ),
        (other.to_owned(), ResourceBasis::Record)
    );
}

#[test]
fn several_listed_resources_are_all_told() {
    let listed = "arn:aws:ssm:eu-west-1:111122223333:parameter/a arn:aws:ssm:eu-west-1:111122223333:parameter/b";
    assert_eq!(
        on("ssm", "GetParameters", "null", listed, "ssm:GetParameters"),
        (listed.to_owned(), ResourceBasis::Record)
    );
    assert_eq!(
        on(
            "ssm",
            "GetParameters",
            r#"{"names":["/a","/b"]}"#,
            listed,
            "ssm:GetParameters"
        ),
        (listed.to_owned(), ResourceBasis::Record)
    );
}

#[test]
fn an_alias_is_authorized_on_the_key_that_the_record_lists() {
    let key = "arn:aws:kms:eu-west-1:111122223333:key/1-2";
    assert_eq!(
        on(
            "kms",
            "Decrypt",
            r#"{"keyId":"alias/a"}"#,
            key,
            "kms:Decrypt"
        ),
        (key.to_owned(), ResourceBasis::Record)
    );
}

#[test]
fn a_listed_name_that_a_policy_reads_as_a_pattern_proves_nothing() {
    let star = r#"{"bucketName":"b","key":"*"}"#;
    for (request, listed) in [
        ("null", "arn:aws:s3:::b/*"),
        (star, "arn:aws:s3:::b/*"),
        ("null", "arn:aws:s3:::b/${aws:username}"),
    ] {
        assert_eq!(
            on("s3", "GetObject", request, listed, "s3:GetObject"),
            ("*".to_owned(), ResourceBasis::Unknown)
        );
    }
}

/// Calls as records show them, with the resources that such records list.
const LISTED: [(&str, &str, &str, &str); 14] = [
    (
        "s3",
        "PutObject",
        r#"{"bucketName":"b","key":"a/b c"}"#,
        "arn:aws:s3:::b/a/b c",
    ),
    (
        "s3",
        "GetBucketAcl",
        r#"{"bucketName":"b","acl":""}"#,
        "arn:aws:s3:::b",
    ),
    (
        "kms",
        "Encrypt",
        r#"{"keyId":"1-2"}"#,
        "arn:aws:kms:eu-west-1:111122223333:key/1-2",
    ),
    (
        "kms",
        "CreateAlias",
        r#"{"aliasName":"alias/A","targetKeyId":"1-2"}"#,
        "arn:aws:kms:eu-west-1:111122223333:alias/A arn:aws:kms:eu-west-1:111122223333:key/1-2",
    ),
    (
        "sts",
        "AssumeRole",
        r#"{"roleArn":"arn:aws:iam::111122223333:role/r","roleSessionName":"s"}"#,
        "arn:aws:iam::111122223333:role/r",
    ),
    (
        "lambda",
        "Invoke",
        r#"{"functionName":"arn:aws:lambda:eu-west-1:111122223333:function:f"}"#,
        FUNCTION,
    ),
    (
        "dynamodb",
        "PutItem",
        r#"{"tableName":"t","key":{}}"#,
        TABLE,
    ),
    (
        "sqs",
        "SendMessage",
        r#"{"queueUrl":"https://sqs.eu-west-1.amazonaws.com/111122223333/q"}"#,
        "arn:aws:sqs:eu-west-1:111122223333:q",
    ),
    (
        "sns",
        "Publish",
        r#"{"topicArn":"arn:aws:sns:eu-west-1:111122223333:t"}"#,
        "arn:aws:sns:eu-west-1:111122223333:t",
    ),
    (
        "ecr",
        "PutImage",
        r#"{"registryId":"111122223333","repositoryName":"a/b"}"#,
        "arn:aws:ecr:eu-west-1:111122223333:repository/a/b",
    ),
    (
        "ssm",
        "GetParameters",
        r#"{"names":["/a/b"]}"#,
        "arn:aws:ssm:eu-west-1:111122223333:parameter/a/b",
    ),
    (
        "kinesis",
        "PutRecord",
        r#"{"streamName":"s"}"#,
        "arn:aws:kinesis:eu-west-1:111122223333:stream/s",
    ),
    (
        "bedrock",
        "InvokeAgent",
        r#"{"agentId":"A","agentAliasId":"B"}"#,
        "arn:aws:bedrock:eu-west-1:111122223333:agent-alias/A/B",
    ),
    (
        "ses",
        "GetEmailIdentity",
        r#"{"emailIdentity":"example.com"}"#,
        "arn:aws:ses:eu-west-1:111122223333:identity/example.com",
    ),
];

#[test]
fn parameters_spell_what_records_list() {
    for (source, name, request, listed) in LISTED {
        let bare = Call::new(source, name, request).needs();
        assert_eq!(bare[0].resources.join(" "), listed, "{name}");
        if !listed.contains("b c") {
            let with = Call {
                listed,
                ..Call::new(source, name, request)
            }
            .needs();
            assert_eq!(with[0].resources.join(" "), listed, "{name}");
            assert_eq!(with[0].resource_basis, ResourceBasis::Record, "{name}");
        }
    }
}
