//! Tests of whole events.

use super::*;
use proptest::prelude::*;

const ACCOUNT: &str = "111122223333";
const REGION: &str = "eu-west-1";

fn call<'a>(source: &'a str, name: &'a str, parameters: &'a str) -> EventCall<'a> {
    EventCall {
        event_source: source,
        event_name: name,
        request_parameters: (!parameters.is_empty()).then_some(parameters),
        aws_region: Some(REGION),
        account_id: Some(ACCOUNT),
        ..EventCall::default()
    }
}

fn mapped(call: &EventCall<'_>) -> Vec<MappedAction> {
    match map_event(call, Catalog::embedded()) {
        EventMapping::Actions(actions) => actions,
        other => panic!("{} gives {other:?}", call.event_name),
    }
}

/// One line per action: `action strength basis resource`.
fn lines(source: &str, name: &str, parameters: &str) -> Vec<String> {
    mapped(&call(source, name, parameters))
        .iter()
        .map(line)
        .collect()
}

fn line(found: &MappedAction) -> String {
    let resource = found.proven_resources().next().flatten().unwrap_or("-");
    format!(
        "{} {} {} {resource}",
        found.action,
        found.strength.as_str(),
        found.basis.as_str()
    )
}

#[test]
fn a_version_behind_the_name_is_cut_off() {
    assert_eq!(
        lines(
            "lambda.amazonaws.com",
            "GetFunction20150331v2",
            r#"{"functionName":"f"}"#
        ),
        ["lambda:GetFunction certain identity arn:aws:lambda:eu-west-1:111122223333:function:f"]
    );
}

#[test]
fn head_object_reads_and_list_objects_lists() {
    let parameters = r#"{"bucketName":"b","key":"k/a b"}"#;
    assert_eq!(
        lines("s3.amazonaws.com", "HeadObject", parameters),
        ["s3:GetObject certain hand arn:aws:s3:::b/k/a b"]
    );
    for name in ["ListObjects", "ListObjectsV2", "HeadBucket"] {
        assert_eq!(
            lines("s3.amazonaws.com", name, r#"{"bucketName":"b"}"#),
            ["s3:ListBucket certain exception arn:aws:s3:::b"]
        );
    }
    assert_eq!(
        lines("s3.amazonaws.com", "ListBuckets", "{}"),
        ["s3:ListAllMyBuckets certain exception -"]
    );
}

#[test]
fn invoke_invokes_a_function() {
    for name in ["Invoke", "InvokeAsync", "InvokeWithResponseStream"] {
        let found = mapped(&call(
            "lambda.amazonaws.com",
            name,
            r#"{"functionName":"f","qualifier":"live"}"#,
        ));
        assert_eq!(found[0].action, "lambda:InvokeFunction", "{name}");
        assert_eq!(
            found[0].proven_resources().next().flatten(),
            Some("arn:aws:lambda:eu-west-1:111122223333:function:f:live")
        );
    }
}

#[test]
fn a_copy_reads_its_source_and_writes_its_target() {
    let parameters =
        r#"{"bucketName":"target","key":"new","x-amz-copy-source":"/source/old%20one"}"#;
    assert_eq!(
        lines("s3.amazonaws.com", "CopyObject", parameters),
        [
            "s3:GetObject certain hand arn:aws:s3:::source/old one",
            "s3:PutObject certain hand arn:aws:s3:::target/new"
        ]
    );
    let versioned = r#"{"bucketName":"t","key":"n","x-amz-copy-source":"s/o?versionId=7"}"#;
    assert_eq!(
        lines("s3.amazonaws.com", "UploadPartCopy", versioned)[0],
        "s3:GetObjectVersion certain hand arn:aws:s3:::s/o"
    );
    assert_eq!(
        lines(
            "s3.amazonaws.com",
            "CopyObject",
            r#"{"bucketName":"t","key":"n"}"#
        )[0],
        "s3:GetObject certain hand -"
    );
}

#[test]
fn a_version_of_an_object_has_actions_of_its_own() {
    for (name, action) in [
        ("GetObject", "s3:GetObjectVersion"),
        ("HeadObject", "s3:GetObjectVersion"),
        ("DeleteObject", "s3:DeleteObjectVersion"),
        ("GetObjectAcl", "s3:GetObjectVersionAcl"),
        ("PutObjectTagging", "s3:PutObjectVersionTagging"),
        ("RestoreObject", "s3:RestoreObject"),
    ] {
        let found = mapped(&call(
            "s3.amazonaws.com",
            name,
            r#"{"bucketName":"b","key":"k","versionId":"7"}"#,
        ));
        assert_eq!(found[0].action, action, "{name}");
    }
}

#[test]
fn headers_of_a_write_need_their_own_actions() {
    let parameters = r#"{"bucketName":"b","key":"k","x-amz-acl":"public-read","x-amz-tagging":""}"#;
    assert_eq!(
        lines("s3.amazonaws.com", "PutObject", parameters),
        [
            "s3:PutObject certain identity arn:aws:s3:::b/k",
            "s3:PutObjectAcl certain hand arn:aws:s3:::b/k"
        ]
    );
}

#[test]
fn a_profile_passes_a_role_that_it_does_not_name() {
    let parameters = r#"{"iamInstanceProfile":{"name":"p"},"tagSpecificationSet":{"items":[]}}"#;
    let found = lines("ec2.amazonaws.com", "RunInstances", parameters);
    assert_eq!(found[0], "ec2:RunInstances certain identity -");
    assert!(
        found.contains(&"iam:PassRole certain exception -".to_owned()),
        "{found:?}"
    );
    assert!(
        !found.iter().any(|line| line.starts_with("ec2:CreateTags")),
        "{found:?}"
    );
}

#[test]
fn a_launch_template_may_pass_a_role_and_nothing_passes_none() {
    let template = lines(
        "ec2.amazonaws.com",
        "RunInstances",
        r#"{"launchTemplate":{"launchTemplateId":"lt-1"}}"#,
    );
    assert!(
        template.contains(&"iam:PassRole possible exception -".to_owned()),
        "{template:?}"
    );
    let hidden = lines("ec2.amazonaws.com", "RunInstances", "null");
    assert!(
        hidden.contains(&"iam:PassRole possible exception -".to_owned()),
        "{hidden:?}"
    );
    let plain = lines(
        "ec2.amazonaws.com",
        "RunInstances",
        r#"{"imageId":"ami-1"}"#,
    );
    assert!(
        !plain.iter().any(|line| line.starts_with("iam:PassRole")),
        "{plain:?}"
    );
}

#[test]
fn tags_on_creation_need_the_tagging_action() {
    let parameters = r#"{"tagSpecificationSet":{"items":[{"resourceType":"instance"}]}}"#;
    let found = lines("ec2.amazonaws.com", "RunInstances", parameters);
    assert!(
        found
            .iter()
            .any(|line| line.starts_with("ec2:CreateTags certain")),
        "{found:?}"
    );
    let found = lines(
        "sqs.amazonaws.com",
        "CreateQueue",
        r#"{"queueName":"q","tags":{"a":"b"}}"#,
    );
    assert!(
        found.iter().any(|line| line.starts_with("sqs:TagQueue")) || found.len() == 1,
        "{found:?}"
    );
}

#[test]
fn the_role_of_a_function_is_passed() {
    let parameters =
        r#"{"functionName":"f","role":"arn:aws:iam::111122223333:role/agents/writer"}"#;
    let found = lines("lambda.amazonaws.com", "CreateFunction20150331", parameters);
    assert_eq!(
        found[0],
        "lambda:CreateFunction certain identity arn:aws:lambda:eu-west-1:111122223333:function:f"
    );
    assert_eq!(
        found[1],
        "iam:PassRole certain exception arn:aws:iam::111122223333:role/agents/writer"
    );
}

#[test]
fn both_roles_of_a_task_are_passed() {
    let parameters = r#"{"executionRoleArn":"arn:aws:iam::111122223333:role/x","taskRoleArn":"arn:aws:iam::111122223333:role/t"}"#;
    let found = lines("ecs.amazonaws.com", "RegisterTaskDefinition", parameters);
    assert!(
        found.contains(
            &"iam:PassRole certain exception arn:aws:iam::111122223333:role/x".to_owned()
        )
    );
    assert!(
        found.contains(
            &"iam:PassRole certain exception arn:aws:iam::111122223333:role/t".to_owned()
        )
    );
}

#[test]
fn assuming_a_role_passes_none() {
    let role = "arn:aws:iam::111122223333:role/r";
    let parameters = format!(r#"{{"roleArn":"{role}","roleSessionName":"s"}}"#);
    assert_eq!(
        lines("sts.amazonaws.com", "AssumeRole", &parameters),
        [format!("sts:AssumeRole certain identity {role}")]
    );
}

#[test]
fn session_tags_and_source_identity_are_read_off_the_parameters() {
    let role = "arn:aws:iam::111122223333:role/r";
    let parameters = format!(
        r#"{{"roleArn":"{role}","roleSessionName":"s","sourceIdentity":"ann","tags":[{{"key":"a","value":"b"}}],"transitiveTagKeys":["a"]}}"#
    );
    assert_eq!(
        lines("sts.amazonaws.com", "AssumeRole", &parameters),
        [
            format!("sts:AssumeRole certain identity {role}"),
            format!("sts:SetSourceIdentity certain hand {role}"),
            format!("sts:TagSession certain hand {role}"),
        ]
    );
}

#[test]
fn a_conversation_needs_the_invocation_of_its_model() {
    let claude = r#"{"modelId":"anthropic.claude-3-5-sonnet-20240620-v1:0"}"#;
    assert_eq!(
        lines("bedrock.amazonaws.com", "Converse", claude),
        [
            "bedrock:InvokeModel certain documentation arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-3-5-sonnet-20240620-v1:0"
        ]
    );
    let profile = r#"{"modelId":"eu.anthropic.claude-sonnet-4-20250514-v1:0"}"#;
    assert_eq!(
        lines("bedrock.amazonaws.com", "ConverseStream", profile),
        [
            "bedrock:InvokeModelWithResponseStream certain documentation arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.anthropic.claude-sonnet-4-20250514-v1:0"
        ]
    );
}

#[test]
fn batches_need_the_single_action() {
    let queue = r#"{"queueUrl":"https://sqs.eu-central-1.amazonaws.com/444455556666/q"}"#;
    assert_eq!(
        lines("sqs.amazonaws.com", "SendMessageBatch", queue),
        ["sqs:SendMessage certain hand arn:aws:sqs:eu-central-1:444455556666:q"]
    );
    let topic = r#"{"topicArn":"arn:aws:sns:eu-west-1:111122223333:t"}"#;
    assert_eq!(
        lines("sns.amazonaws.com", "PublishBatch", topic),
        ["sns:Publish certain hand arn:aws:sns:eu-west-1:111122223333:t"]
    );
}

#[test]
fn statements_tell_their_verbs_and_hidden_ones_stay_alternatives() {
    let shown =
        r#"{"statements":[{"statement":"SELECT * FROM t"},{"statement":" update t set a=1"}]}"#;
    let found = lines("dynamodb.amazonaws.com", "BatchExecuteStatement", shown);
    assert_eq!(found.len(), 2);
    assert!(found[0].starts_with("dynamodb:PartiQLSelect certain"));
    assert!(found[1].starts_with("dynamodb:PartiQLUpdate certain"));
    let hidden = r#"{"statement":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#;
    let found = lines("dynamodb.amazonaws.com", "ExecuteStatement", hidden);
    assert_eq!(found.len(), 4);
    assert!(found.iter().all(|line| line.contains(" possible hand ")));
    let items = r#"{"transactItems":[{"put":{"tableName":"t"}},{"delete":{"tableName":"t"}}]}"#;
    let found = lines("dynamodb.amazonaws.com", "TransactWriteItems", items);
    assert!(found[0].starts_with("dynamodb:DeleteItem certain"));
    assert!(found[1].starts_with("dynamodb:PutItem certain"));
}

/// Symptom: a copy from a key that holds a star gave a resource that a policy reads as a pattern.
#[test]
fn a_name_that_reads_as_a_pattern_is_not_proven() {
    let copy = r#"{"bucketName":"b","key":"k","x-amz-copy-source":"b/*"}"#;
    let role = r#"{"functionName":"f","role":"arn:aws:iam::111122223333:role/*"}"#;
    for (source, name, parameters) in [
        ("s3.amazonaws.com", "CopyObject", copy),
        ("lambda.amazonaws.com", "CreateFunction20150331", role),
    ] {
        let needs = mapped(&call(source, name, parameters));
        let arns = needs.iter().flat_map(|need| &need.resources);
        for arn in arns.filter(|arn| *arn != "*") {
            assert!(!arn.contains('*'), "{name}: {arn}");
        }
    }
}

#[test]
fn transactions_and_batches_are_read_as_records_write_them() {
    let items = r#"{"requestItems":[{"operation":"Put","tableName":"t"},{"operation":"ConditionCheck","TableName":"u"}]}"#;
    let found = lines("dynamodb.amazonaws.com", "TransactWriteItems", items);
    assert!(
        found[0].starts_with("dynamodb:ConditionCheckItem certain"),
        "{found:?}"
    );
    assert!(
        found[1].starts_with("dynamodb:PutItem certain"),
        "{found:?}"
    );
    let batch = r#"{"requestItems":[{"statement":"SELECT * FROM t"}]}"#;
    let found = lines("dynamodb.amazonaws.com", "BatchExecuteStatement", batch);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("dynamodb:PartiQLSelect certain"));
}

#[test]
fn an_index_is_the_object_and_not_its_table() {
    let index = r#"{"tableName":"t","indexName":"i"}"#;
    let table = r#"[{"accountId":"111122223333","type":"AWS::DynamoDB::Table","ARN":"arn:aws:dynamodb:eu-west-1:111122223333:table/t"}]"#;
    let query = EventCall {
        resources: Some(table),
        ..call("dynamodb.amazonaws.com", "Query", index)
    };
    assert_eq!(
        mapped(&query)[0].proven_resources().next().flatten(),
        Some("arn:aws:dynamodb:eu-west-1:111122223333:table/t/index/i")
    );
}

#[test]
fn api_gateway_is_authorized_by_method() {
    assert_eq!(
        lines("apigateway.amazonaws.com", "CreateRestApi", "{}"),
        ["apigateway:POST certain documentation arn:aws:apigateway:eu-west-1::/restapis"]
    );
}

#[test]
fn the_resource_that_fits_is_taken_from_the_record() {
    let both = r#"[
        {"type":"AWS::S3::Object","ARN":"arn:aws:s3:::b/k"},
        {"accountId":"111122223333","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::b"}
    ]"#;
    let get = EventCall {
        resources: Some(both),
        ..call("s3.amazonaws.com", "GetObject", "")
    };
    assert_eq!(
        mapped(&get)[0].proven_resources().next().flatten(),
        Some("arn:aws:s3:::b/k")
    );
    let policy = EventCall {
        event_name: "GetBucketPolicy",
        ..get
    };
    assert_eq!(
        mapped(&policy)[0].proven_resources().next().flatten(),
        Some("arn:aws:s3:::b")
    );
    let key = r#"[{"type":"AWS::KMS::Key","ARN":"arn:aws:kms:eu-west-1:111122223333:key/1-2"}]"#;
    let decrypt = EventCall {
        resources: Some(key),
        ..call("kms.amazonaws.com", "Decrypt", r#"{"keyId":"alias/a"}"#)
    };
    assert_eq!(
        mapped(&decrypt)[0].proven_resources().next().flatten(),
        Some("arn:aws:kms:eu-west-1:111122223333:key/1-2")
    );
}

#[test]
fn parameters_spell_the_resource_where_the_record_lists_none() {
    for (source, name, parameters, arn) in [
        (
            "ssm.amazonaws.com",
            "GetParameter",
            r#"{"name":"/app/key:3"}"#,
            "arn:aws:ssm:eu-west-1:111122223333:parameter/app/key",
        ),
        (
            "states.amazonaws.com",
            "StartExecution",
            r#"{"stateMachineArn":"arn:aws:states:eu-west-1:111122223333:stateMachine:m"}"#,
            "arn:aws:states:eu-west-1:111122223333:stateMachine:m",
        ),
        (
            "logs.amazonaws.com",
            "CreateLogStream",
            r#"{"logGroupName":"/aws/lambda/f","logStreamName":"2026/[1]a"}"#,
            "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/f:log-stream:2026/[1]a",
        ),
        (
            "logs.amazonaws.com",
            "FilterLogEvents",
            r#"{"logGroupName":"g"}"#,
            "arn:aws:logs:eu-west-1:111122223333:log-group:g:log-stream:",
        ),
        (
            "ecr.amazonaws.com",
            "BatchGetImage",
            r#"{"repositoryName":"a/b","registryId":"444455556666"}"#,
            "arn:aws:ecr:eu-west-1:444455556666:repository/a/b",
        ),
        (
            "secretsmanager.amazonaws.com",
            "GetSecretValue",
            r#"{"secretId":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-AbCdEf"}"#,
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-AbCdEf",
        ),
        (
            "iam.amazonaws.com",
            "CreateRole",
            r#"{"path":"/agents/","roleName":"r"}"#,
            "arn:aws:iam::111122223333:role/agents/r",
        ),
        (
            "events.amazonaws.com",
            "PutRule",
            r#"{"name":"r"}"#,
            "arn:aws:events:eu-west-1:111122223333:rule/r",
        ),
        (
            "dynamodb.amazonaws.com",
            "PutItem",
            r#"{"tableName":"t"}"#,
            "arn:aws:dynamodb:eu-west-1:111122223333:table/t",
        ),
        (
            "kms.amazonaws.com",
            "Decrypt",
            r#"{"keyId":"1-2-3"}"#,
            "arn:aws:kms:eu-west-1:111122223333:key/1-2-3",
        ),
    ] {
        let found = mapped(&call(source, name, parameters));
        assert_eq!(
            found[0].proven_resources().next().flatten(),
            Some(arn),
            "{name}"
        );
    }
}

#[test]
fn what_is_not_the_whole_arn_is_not_proven() {
    for (source, name, parameters) in [
        // A role may have a path, and a secret has a suffix.
        ("iam.amazonaws.com", "GetRole", r#"{"roleName":"r"}"#),
        (
            "secretsmanager.amazonaws.com",
            "GetSecretValue",
            r#"{"secretId":"s"}"#,
        ),
        ("kms.amazonaws.com", "Decrypt", r#"{"keyId":"alias/a"}"#),
        (
            "s3.amazonaws.com",
            "GetObject",
            r#"{"bucketName":"p-abc-s3alias","key":"k"}"#,
        ),
        (
            "states.amazonaws.com",
            "StartExecution",
            r#"{"stateMachineArn":"arn:aws:sns:eu-west-1:111122223333:t"}"#,
        ),
    ] {
        let found = mapped(&call(source, name, parameters));
        assert_eq!(found[0].proven_resources().next(), Some(None), "{name}");
    }
}

#[test]
fn the_message_of_a_denied_record_is_the_truth() {
    let message = "User: arn:aws:sts::111122223333:assumed-role/a/s is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/x because no identity-based policy allows the iam:PassRole action";
    let denied = EventCall {
        error_message: Some(message),
        ..call("lambda.amazonaws.com", "CreateFunction20150331", "{}")
    };
    let found: Vec<String> = mapped(&denied).iter().map(line).collect();
    assert_eq!(
        found,
        ["iam:PassRole certain message arn:aws:iam::111122223333:role/x"]
    );
}

#[test]
fn sign_ins_and_events_of_services_need_no_action() {
    for (source, name) in [
        ("signin.amazonaws.com", "ConsoleLogin"),
        ("sts.amazonaws.com", "GetCallerIdentity"),
        ("kms.amazonaws.com", "RotateKey"),
        ("secretsmanager.amazonaws.com", "RotationStarted"),
        ("aws-mcp.amazonaws.com", "CallReadWriteTool"),
    ] {
        let answer = map_event(&call(source, name, ""), Catalog::embedded());
        assert!(
            matches!(answer, EventMapping::NoAction { reason } if !reason.is_empty()),
            "{name}: {answer:?}"
        );
    }
}

#[test]
fn an_event_that_is_no_call_needs_no_action() {
    for kind in ["AwsServiceEvent", "AwsConsoleSignIn", "AwsMcpEvent"] {
        let event = EventCall {
            event_type: Some(kind),
            ..call("ec2.amazonaws.com", "RunInstances", "")
        };
        let answer = map_event(&event, Catalog::embedded());
        assert!(
            matches!(answer, EventMapping::NoAction { .. }),
            "{kind}: {answer:?}"
        );
    }
}

#[test]
fn a_message_that_is_ignored_tells_nothing() {
    let message = "User: arn:aws:iam::111122223333:user/a is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/x";
    let denied = EventCall {
        error_message: Some(message),
        ..call("lambda.amazonaws.com", "CreateFunction20150331", "")
    };
    let first = |mut mapper: Mapper<'_>| match mapper.map(&denied) {
        EventMapping::Actions(actions) => actions.into_iter().next().unwrap().action,
        other => panic!("{other:?}"),
    };
    let mapper = || Mapper::new(Catalog::embedded());
    assert_eq!(first(mapper()), "iam:PassRole");
    assert_eq!(first(mapper().ignoring_messages()), "lambda:CreateFunction");
}

#[test]
fn what_no_table_knows_is_unmapped() {
    for (source, name, why) in [
        (
            "s3.amazonaws.com",
            "NoSuchCall",
            "the catalog knows no operation `s3:NoSuchCall`",
        ),
        (
            "nowhere.amazonaws.com",
            "GetObject",
            "the catalog knows no service `nowhere`",
        ),
        (
            "codestar.amazonaws.com",
            "CreateProject",
            "`codestar:CreateProject` is an action that AWS no longer lists",
        ),
        (
            "aws:s3",
            "ObjectCreated:Put",
            "`aws:s3` is no event source of AWS",
        ),
        ("", "", "`` is no event source of AWS"),
    ] {
        let reason = why.to_owned();
        assert_eq!(
            map_event(&call(source, name, ""), Catalog::embedded()),
            EventMapping::Unmapped { reason },
            "{name}"
        );
    }
}

#[test]
fn hosts_of_other_partitions_name_other_arns() {
    let get = EventCall {
        aws_region: Some("cn-north-1"),
        ..call(
            "s3.amazonaws.com.cn",
            "GetObject",
            r#"{"bucketName":"b","key":"k"}"#,
        )
    };
    assert_eq!(
        mapped(&get)[0].proven_resources().next().flatten(),
        Some("arn:aws-cn:s3:::b/k")
    );
}

#[test]
fn deep_parameters_are_refused_and_not_followed() {
    let deep = format!(
        "{{\"role\":{}{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let found = lines("lambda.amazonaws.com", "CreateFunction20150331", &deep);
    assert_eq!(found[0], "lambda:CreateFunction certain identity -");
}

/// Events whose parameters are read in different ways.
fn known_event() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop::sample::select(vec![
        ("s3.amazonaws.com", "CopyObject"),
        ("s3.amazonaws.com", "GetObject"),
        ("s3.amazonaws.com", "PutObject"),
        ("lambda.amazonaws.com", "CreateFunction20150331"),
        ("lambda.amazonaws.com", "Invoke"),
        ("ec2.amazonaws.com", "RunInstances"),
        ("sts.amazonaws.com", "AssumeRole"),
        ("sqs.amazonaws.com", "SendMessage"),
        ("dynamodb.amazonaws.com", "TransactWriteItems"),
        ("bedrock.amazonaws.com", "Converse"),
        ("iam.amazonaws.com", "CreateRole"),
        ("ssm.amazonaws.com", "GetParameter"),
        ("events.amazonaws.com", "PutTargets"),
    ])
}

/// Objects with the names that the rules look for and any values.
fn parameters() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "bucketName",
        "key",
        "x-amz-copy-source",
        "functionName",
        "qualifier",
        "role",
        "queueUrl",
        "tableName",
        "indexName",
        "modelId",
        "path",
        "roleName",
        "name",
        "tags",
        "transactItems",
        "versionId",
        "iamInstanceProfile",
        "roleArn",
        "rule",
        "eventBusName",
        "omitted",
    ]);
    let value = prop_oneof![
        "\\PC{0,12}".prop_map(serde_json::Value::from),
        "arn:[a-z:/%0-9]{0,40}".prop_map(serde_json::Value::from),
        "https://[a-z./0-9]{0,30}".prop_map(serde_json::Value::from),
        "[a-z/:%?=0-9.é]{0,20}".prop_map(serde_json::Value::from),
        any::<bool>().prop_map(serde_json::Value::from),
        Just(serde_json::json!([{"put": {}}, {"x": null}, 3])),
        Just(serde_json::json!({"items": [{"roleArn": "arn:aws:iam::1:role/"}]})),
    ];
    prop::collection::btree_map(name, value, 0..5)
        .prop_map(|fields| serde_json::to_string(&fields).unwrap())
}

proptest! {
    #[test]
    fn any_text_gives_an_answer(
        source in "\\PC{0,30}", name in "\\PC{0,30}", parameters in "\\PC{0,60}",
        resources in "\\PC{0,40}", message in "\\PC{0,60}", region in "\\PC{0,12}", account in "\\PC{0,13}",
    ) {
        let call = EventCall {
            event_source: &source,
            event_name: &name,
            request_parameters: Some(&parameters),
            resources: Some(&resources),
            error_message: Some(&message),
            aws_region: Some(&region),
            account_id: Some(&account),
            ..EventCall::default()
        };
        let answer = map_event(&call, Catalog::embedded());
        prop_assert!(!matches!(answer, EventMapping::Actions(actions) if actions.is_empty()));
    }

    #[test]
    fn an_answer_does_not_depend_on_the_calls_before(
        calls in proptest::collection::vec((known_event(), parameters()), 1..20),
    ) {
        let mut forth = Mapper::new(Catalog::embedded());
        let mut back = Mapper::new(Catalog::embedded());
        let map = |mapper: &mut Mapper<'_>, ((source, name), parameters): &((&str, &str), String)| {
            mapper.map(&call(source, name, parameters))
        };
        let there: Vec<EventMapping> = calls.iter().map(|call| map(&mut forth, call)).collect();
        let mut again: Vec<EventMapping> = calls.iter().rev().map(|call| map(&mut back, call)).collect();
        again.reverse();
        prop_assert_eq!(there, again);
    }

    #[test]
    fn any_parameters_of_a_known_event_give_actions_of_the_catalog(
        (source, name) in known_event(), parameters in parameters(), resources in "\\[\\{\"ARN\":\"[a-z:/]{0,20}\"\\}\\]",
    ) {
        let call = EventCall { resources: Some(&resources), ..call(source, name, &parameters) };
        let found = mapped(&call);
        prop_assert!(!found.is_empty());
        for action in found {
            prop_assert!(Catalog::embedded().action(&action.action).is_some());
            prop_assert!(!action.resources.is_empty());
            for arn in &action.resources {
                prop_assert!(arn.starts_with("arn:") || arn == "*", "{}", arn);
            }
        }
    }
}

/// Symptom: a deployer that updates functions from a bucket was said never to use `s3:GetObject`, and would have lost it.
#[test]
fn an_object_that_another_service_reads_for_the_caller_is_possibly_needed() {
    let needed =
        |source: &str, name: &str, parameters: &str| -> Vec<(String, Strength, Option<String>)> {
            let call = EventCall {
                event_source: source,
                event_name: name,
                request_parameters: Some(parameters),
                ..EventCall::default()
            };
            let EventMapping::Actions(actions) = map_event(&call, Catalog::embedded()) else {
                panic!("{name} is not mapped")
            };
            actions
                .into_iter()
                .filter(|one| one.action.starts_with("s3:"))
                .map(|one| {
                    let resource = one.proven_resources().next().flatten().map(str::to_owned);
                    (one.action.into_owned(), one.strength, resource)
                })
                .collect()
        };
    let code = r#"{"functionName":"f","s3Bucket":"code","s3Key":"f.zip","s3ObjectVersion":"3"}"#;
    let object = Some("arn:aws:s3:::code/f.zip".to_owned());
    assert_eq!(
        needed("lambda.amazonaws.com", "UpdateFunctionCode20150331v2", code),
        [
            (
                "s3:GetObject".to_owned(),
                Strength::Possible,
                object.clone()
            ),
            ("s3:GetObjectVersion".to_owned(), Strength::Possible, object),
        ]
    );
    let template =
        r#"{"stackName":"s","templateURL":"https://templates.s3.eu-west-1.amazonaws.com/a.yaml"}"#;
    assert!(
        needed("cloudformation.amazonaws.com", "CreateStack", template).contains(&(
            "s3:GetObject".to_owned(),
            Strength::Possible,
            None
        ))
    );
    let query = r#"{"resultConfiguration":{"outputLocation":"s3://results/athena/"}}"#;
    let found = needed("athena.amazonaws.com", "StartQueryExecution", query);
    assert!(
        found.contains(&("s3:PutObject".to_owned(), Strength::Possible, None)),
        "{found:?}"
    );
    assert_eq!(needed("ec2.amazonaws.com", "DescribeVpcs", "{}"), []);
}

/// Symptom: Application Auto Scaling records under the host of EC2 Auto Scaling, and its `PutScalingPolicy` was said to be
/// never used.
#[test]
fn an_operation_that_two_services_of_one_host_have_is_possibly_either() {
    let call = EventCall {
        event_source: "autoscaling.amazonaws.com",
        event_name: "PutScalingPolicy",
        ..EventCall::default()
    };
    let EventMapping::Actions(actions) = map_event(&call, Catalog::embedded()) else {
        panic!("not mapped")
    };
    let found: Vec<(&str, Strength)> = actions
        .iter()
        .map(|one| (one.action.as_ref(), one.strength))
        .collect();
    assert!(
        found.contains(&("autoscaling:PutScalingPolicy", Strength::Possible)),
        "{found:?}"
    );
    assert!(
        found.contains(&(
            "application-autoscaling:PutScalingPolicy",
            Strength::Possible
        )),
        "{found:?}"
    );
}
