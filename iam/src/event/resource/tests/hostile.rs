//! Texts that callers choose.

use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn no_name_turns_into_a_pattern() {
    for (source, name, request) in [
        ("s3", "GetObject", r#"{"bucketName":"b","key":"*"}"#),
        (
            "s3",
            "GetObject",
            r#"{"bucketName":"b","key":"${aws:username}"}"#,
        ),
        ("s3", "GetObject", r#"{"bucketName":"b/c","key":"k"}"#),
        ("dynamodb", "PutItem", r#"{"tableName":"t*"}"#),
        (
            "dynamodb",
            "PutItem",
            r#"{"tableName":"arn:aws:dynamodb:eu-west-1:111122223333:table/*"}"#,
        ),
        (
            "sts",
            "AssumeRole",
            r#"{"roleArn":"arn:aws:iam::111122223333:role/*"}"#,
        ),
        ("lambda", "Invoke", r#"{"functionName":"f?"}"#),
        (
            "lambda",
            "Invoke",
            r#"{"functionName":"f","qualifier":"*"}"#,
        ),
        ("secretsmanager", "GetSecretValue", r#"{"secretId":"db-*"}"#),
        ("kms", "Decrypt", r#"{"keyId":"*"}"#),
        (
            "sqs",
            "SendMessage",
            r#"{"queueUrl":"https://sqs.eu-west-1.amazonaws.com/111122223333/*"}"#,
        ),
        ("cloudformation", "DescribeStacks", r#"{"stackName":"s*"}"#),
        ("iam", "GetRole", r#"{"roleName":"*"}"#),
        ("ssm", "GetParameter", "{\"name\":\"a\\u0000b\"}"),
        (
            "glue",
            "StartJobRun",
            r#"{"jobName":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#,
        ),
        ("dynamodb", "PutItem", r#"{"tableName":7e3}"#),
    ] {
        let first = &Call::new(source, name, request).needs()[0];
        assert_eq!(first.resources, ["*"], "{request}");
        assert_eq!(first.resource_basis, ResourceBasis::Unknown, "{request}");
    }
}

#[test]
fn one_bad_name_among_many_leaves_the_rest_and_a_star() {
    let request = r#"{"instancesSet":{"items":[{"instanceId":"i-1"},{"instanceId":"*"},{"instanceId":"i-2"}]}}"#;
    let stop = Call::new("ec2", "StopInstances", request);
    let ids = "arn:aws:ec2:eu-west-1:111122223333:instance/i-1 arn:aws:ec2:eu-west-1:111122223333:instance/i-2 *";
    assert_eq!(
        stop.on("ec2:StopInstances"),
        (ids.to_owned(), ResourceBasis::Partial)
    );
}

#[test]
fn many_are_told_up_to_a_hundred() {
    let items: Vec<Value> = (0..150)
        .map(|id| json!({"instanceId": format!("i-{id}")}))
        .collect();
    let request = json!({"instancesSet": {"items": items}}).to_string();
    let stop = Call::new("ec2", "StopInstances", &request).needs();
    assert_eq!(stop[0].resources.len(), 101);
    assert_eq!(stop[0].resources.last().unwrap(), "*");
    assert_eq!(stop[0].resource_basis, ResourceBasis::Partial);
}

#[test]
fn deep_values_are_not_followed() {
    let deep = format!(
        r#"{{"names":{}"a"{}}}"#,
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    let first = &Call::new("ssm", "GetParameters", &deep).needs()[0];
    assert_eq!(first.resources, ["*"]);
}

#[test]
fn hidden_parameters_prove_no_default() {
    let omitted = r#"{"omitted":true,"originalSize":200000}"#;
    for (source, name) in [
        ("ecs", "UpdateService"),
        ("athena", "StartQueryExecution"),
        ("events", "PutEvents"),
    ] {
        assert_eq!(
            Call::new(source, name, omitted).needs()[0].resources,
            ["*"],
            "{name}"
        );
    }
}

fn event() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop::sample::select(vec![
        ("s3", "GetObject"),
        ("s3", "PutObject"),
        ("dynamodb", "TransactWriteItems"),
        ("dynamodb", "BatchGetItem"),
        ("dynamodb", "Query"),
        ("lambda", "Invoke"),
        ("sqs", "SendMessage"),
        ("sns", "Unsubscribe"),
        ("kms", "ReEncrypt"),
        ("kms", "CreateAlias"),
        ("secretsmanager", "GetSecretValue"),
        ("ssm", "GetParameters"),
        ("ssm", "SendCommand"),
        ("iam", "CreateRole"),
        ("iam", "GetRole"),
        ("logs", "PutLogEvents"),
        ("events", "PutEvents"),
        ("events", "PutTargets"),
        ("ecs", "RunTask"),
        ("ecs", "UpdateService"),
        ("ec2", "RunInstances"),
        ("ec2", "CreateTags"),
        ("glue", "GetTable"),
        ("bedrock", "InvokeModel"),
        ("bedrock-agentcore", "InvokeAgentRuntime"),
        ("apigateway", "UpdateStage"),
        ("cloudformation", "DescribeStacks"),
        ("cognito-identity", "DescribeIdentityPool"),
        ("rds", "DeleteDBSnapshot"),
    ])
}

/// Any JSON with the names that the rows look for.
fn json_with_known_names() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec![
        "bucketName",
        "key",
        "tableName",
        "indexName",
        "requestItems",
        "transactItems",
        "put",
        "operation",
        "functionName",
        "qualifier",
        "queueUrl",
        "subscriptionArn",
        "sourceKeyId",
        "aliasName",
        "targetKeyId",
        "secretId",
        "names",
        "documentName",
        "instanceIds",
        "roleName",
        "path",
        "logGroupName",
        "logStreamName",
        "entries",
        "eventBusName",
        "rule",
        "cluster",
        "service",
        "taskDefinition",
        "instancesSet",
        "items",
        "instanceId",
        "resourcesSet",
        "resourceId",
        "databaseName",
        "name",
        "catalogId",
        "modelId",
        "agentRuntimeArn",
        "restApiId",
        "stageName",
        "stackName",
        "identityPoolId",
        "dBSnapshotIdentifier",
        "content",
    ]);
    let leaf = prop_oneof![
        "\\PC{0,8}".prop_map(Value::from),
        "[a-z*?${}:/|.\\n]{0,12}".prop_map(Value::from),
        "arn:aws:[a-z0-9]{1,8}:[a-z0-9-]{0,9}:[0-9]{12}:[a-z*/:]{0,14}".prop_map(Value::from),
        "https://sqs[a-z.]{0,9}/[0-9]{12}/[a-z*]{1,3}".prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(name.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_parameters_give_a_star_or_short_arns_without_patterns(
        (source, name) in event(), request in json_with_known_names(), response in json_with_known_names(),
    ) {
        let (request, response) = (request.to_string(), response.to_string());
        for need in (Call { response: &response, ..Call::new(source, name, &request) }).needs() {
            prop_assert!(!need.resources.is_empty());
            for arn in need.resources.iter().filter(|arn| *arn != "*") {
                prop_assert!(arn.starts_with("arn:") && arn.len() <= 2048, "{}", arn);
                prop_assert!(!arn.contains(char::is_control), "{:?}", arn);
                let plain = arn.strip_suffix("-??????").or(arn.strip_suffix("/*")).unwrap_or(arn);
                // What other rules name is not this rule's.
                if need.action.starts_with(source) {
                    prop_assert!(!plain.contains(['*', '?']) && !plain.contains("${"), "{}", arn);
                }
            }
            let starred = need.resources.iter().any(|arn| arn == "*");
            let says_so = !matches!(need.resource_basis, ResourceBasis::Record | ResourceBasis::Parameters | ResourceBasis::Message);
            prop_assert!(!starred || says_so, "{:?}", need);
        }
    }
}
