//! The kinds of events of actions as embedded, against what AWS documents.

use std::collections::BTreeMap;

use super::*;
use crate::catalog::Catalog;

const MANAGEMENT: &str = "management";

/// What selectors must select for an action, or the name of the kind where none can.
fn kinds(action: &str) -> Vec<&'static str> {
    let action = Catalog::embedded().action(action).unwrap();
    let kinds = action.recordings.kinds().iter();
    kinds
        .map(|kind| kind.selectable().unwrap_or(kind.as_str()))
        .collect()
}

#[test]
fn object_calls_are_data_events_and_bucket_calls_are_not() {
    for action in [
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:PutObjectTagging",
        "s3:ListBucketVersions",
    ] {
        assert_eq!(kinds(action), ["AWS::S3::Object"], "{action}");
    }
    for action in [
        "s3:PutBucketPolicy",
        "s3:ListAllMyBuckets",
        "s3:CreateBucket",
    ] {
        assert_eq!(kinds(action), [MANAGEMENT], "{action}");
    }
}

#[test]
fn an_action_of_several_operations_has_the_kinds_of_all() {
    let model = [
        MANAGEMENT,
        "AWS::Bedrock::AsyncInvoke",
        "AWS::Bedrock::Model",
    ];
    assert_eq!(kinds("bedrock:InvokeModel"), model);
    // Asynchronous invocation needs the other one.
    assert_eq!(
        kinds("bedrock:InvokeModelWithResponseStream"),
        [MANAGEMENT, "AWS::Bedrock::Model"]
    );
    // HeadBucket is a management event, ListObjects a data event.
    assert_eq!(kinds("s3:ListBucket"), [MANAGEMENT, "AWS::S3::Object"]);
    assert_eq!(
        kinds("s3:GetBucketLocation"),
        [MANAGEMENT, "AWS::S3::AccessPoint"]
    );
    assert_eq!(
        kinds("cassandra:Select"),
        [MANAGEMENT, "AWS::Cassandra::Table"]
    );
}

#[test]
fn tools_of_aws_and_those_of_the_account_are_different_kinds() {
    assert_eq!(
        kinds("bedrock-agentcore:StartBrowserSession"),
        [
            "AWS::BedrockAgentCore::Browser",
            "AWS::BedrockAgentCore::BrowserCustom"
        ]
    );
    assert_eq!(
        kinds("bedrock-agentcore:InvokeCodeInterpreter"),
        [
            "AWS::BedrockAgentCore::CodeInterpreter",
            "AWS::BedrockAgentCore::CodeInterpreterCustom"
        ]
    );
}

#[test]
fn agent_calls_are_data_events() {
    let expected = [
        ("bedrock:InvokeAgent", "AWS::Bedrock::AgentAlias"),
        ("bedrock:InvokeInlineAgent", "AWS::Bedrock::InlineAgent"),
        ("bedrock:InvokeFlow", "AWS::Bedrock::FlowAlias"),
        ("bedrock:Retrieve", "AWS::Bedrock::KnowledgeBase"),
        ("bedrock:ApplyGuardrail", "AWS::Bedrock::Guardrail"),
        ("bedrock:CreateSession", "AWS::Bedrock::Session"),
        ("bedrock:RenderPrompt", "AWS::Bedrock::PromptVersion"),
        (
            "bedrock-agentcore:InvokeGateway",
            "AWS::BedrockAgentCore::Gateway",
        ),
        (
            "bedrock-agentcore:CreateEvent",
            "AWS::BedrockAgentCore::Memory",
        ),
        ("lambda:InvokeFunction", "AWS::Lambda::Function"),
        ("lambda:InvokeFunctionUrl", "AWS::Lambda::Function"),
        ("s3vectors:QueryVectors", "AWS::S3Vectors::Index"),
        ("s3tables:GetTableData", "AWS::S3Tables::Table"),
        ("sagemaker:InvokeEndpoint", "AWS::SageMaker::Endpoint"),
        (
            "states:StartSyncExecution",
            "AWS::StepFunctions::StateMachine",
        ),
        ("ses:SendEmail", "AWS::SES::EmailIdentity"),
        ("firehose:PutRecord", "AWS::KinesisFirehose::DeliveryStream"),
        ("ebs:GetSnapshotBlock", "AWS::EC2::Snapshot"),
        ("aoss:APIAccessAll", "AWS::AOSS::Collection"),
        (
            "bedrock-mantle:CreateInference",
            "AWS::BedrockMantle::Project",
        ),
    ];
    for (action, resource_type) in expected {
        assert_eq!(kinds(action), [resource_type], "{action}");
    }
}

/// The resource types that matter for agents, each of which some action must need.
/// Source: AWS CloudTrail User Guide, "Logging data events".
#[test]
fn every_resource_type_of_agents_has_its_actions() {
    let mut actions: BTreeMap<&str, usize> = BTreeMap::new();
    for action in Catalog::embedded().actions() {
        for resource_type in action.recordings.data_resource_types() {
            *actions.entry(resource_type).or_default() += 1;
        }
    }
    let agent_core = [
        "Runtime",
        "RuntimeEndpoint",
        "Gateway",
        "Memory",
        "Browser",
        "BrowserCustom",
        "CodeInterpreter",
        "CodeInterpreterCustom",
        "WorkloadIdentity",
        "WorkloadIdentityDirectory",
        "TokenVault",
        "OAuth2CredentialProvider",
        "APIKeyCredentialProvider",
    ];
    let bedrock = [
        "Model",
        "AsyncInvoke",
        "AgentAlias",
        "InlineAgent",
        "FlowAlias",
        "FlowExecution",
        "KnowledgeBase",
        "Guardrail",
        "PromptVersion",
        "Session",
        "Tool",
    ];
    let others = [
        "AWS::S3::Object",
        "AWS::S3::AccessPoint",
        "AWS::S3Express::Object",
        "AWS::S3Tables::Table",
        "AWS::S3Vectors::Index",
        "AWS::Lambda::Function",
        "AWS::DynamoDB::Table",
        "AWS::DynamoDB::Stream",
        "AWS::SQS::Queue",
        "AWS::SNS::Topic",
        "AWS::SNS::PlatformEndpoint",
        "AWS::Kinesis::Stream",
        "AWS::KinesisFirehose::DeliveryStream",
        "AWS::Events::EventBus",
        "AWS::StepFunctions::StateMachine",
        "AWS::StepFunctions::Activity",
        "AWS::SageMaker::Endpoint",
        "AWS::RDS::DBCluster",
        "AWS::Cassandra::Table",
        "AWS::CloudWatch::Metric",
        "AWS::AppSync::GraphQLApi",
        "AWS::Cognito::IdentityPool",
        "AWS::EC2::Snapshot",
        "AWS::SSMMessages::ControlChannel",
        "AWS::SES::EmailIdentity",
        "AWS::AOSS::Collection",
        "AWS::BedrockMantle::Project",
    ];
    let wanted = agent_core
        .map(|name| format!("AWS::BedrockAgentCore::{name}"))
        .into_iter()
        .chain(bedrock.map(|name| format!("AWS::Bedrock::{name}")))
        .chain(others.map(str::to_owned));
    for resource_type in wanted {
        assert!(
            actions.contains_key(resource_type.as_str()),
            "no action needs {resource_type}"
        );
    }
}

#[test]
fn what_no_operation_reaches_is_permission_only() {
    for action in [
        "iam:PassRole",
        "s3:BypassGovernanceRetention",
        "s3:ReplicateObject",
        "bedrock:CallWithBearerToken",
        "bedrock-agentcore:InvokeAgentRuntimeForUser",
    ] {
        assert_eq!(kinds(action), ["permission_only"], "{action}");
    }
}

#[test]
fn what_records_of_other_calls_prove_is_management() {
    assert_eq!(kinds("sts:TagSession"), [MANAGEMENT]);
    assert_eq!(kinds("sts:SetSourceIdentity"), [MANAGEMENT]);
}

#[test]
fn data_planes_without_records_are_not_logged() {
    for action in [
        "execute-api:Invoke",
        "es:ESHttpGet",
        "rds-db:connect",
        "kafka-cluster:ReadData",
        "iot:Publish",
        "neptune-db:ReadDataViaQuery",
        "logs:PutLogEvents",
        // Its event is one of the service, which does not name the role.
        "states:InvokeHTTPEndpoint",
    ] {
        assert_eq!(kinds(action), ["not_logged"], "{action}");
    }
}

#[test]
fn an_action_with_one_use_that_is_not_logged_says_so() {
    for (action, logged) in [
        // A text message is not logged, a message to a topic or an endpoint is.
        (
            "sns:Publish",
            &["AWS::SNS::PlatformEndpoint", "AWS::SNS::Topic"][..],
        ),
        // The SMTP interface is not logged, the API is.
        ("ses:SendRawEmail", &["AWS::SES::EmailIdentity"]),
    ] {
        let mut expected = logged.to_vec();
        expected.push("not_logged");
        assert_eq!(kinds(action), expected);
        let action = Catalog::embedded().action(action).unwrap();
        assert!(action.recordings.has_blind_use());
    }
}

#[test]
fn every_rule_reads_and_names_an_action_and_stands_once() {
    let catalog = Catalog::embedded();
    let rows: Vec<Row> = RECORDING.unpack().lines().map(Row::new).collect();
    for row in &rows {
        assert!(Recording::parse(*row).is_some(), "{}", row.key);
        assert!(
            !crate::expand::expand(row.key, catalog).is_empty(),
            "{} matches nothing",
            row.key
        );
    }
    let parsed: Vec<_> = rows
        .iter()
        .map(|row| (row.key, Recording::parse(*row)))
        .collect();
    for (index, row) in parsed.iter().enumerate() {
        assert!(!parsed[..index].contains(row), "{row:?} stands twice");
    }
}

#[test]
fn a_permission_without_a_call_stands_alone() {
    for action in Catalog::embedded().actions() {
        let kinds = action.recordings.kinds();
        assert!(kinds.is_sorted() && !kinds.is_empty(), "{}", action.name);
        assert!(
            kinds.len() == 1 || !kinds.contains(&Recording::PermissionOnly),
            "{}",
            action.name
        );
    }
}

#[test]
fn of_two_patterns_the_longer_holds_with_all_its_rows_and_no_others() {
    let table = "a:*\tdata\tX\na:b*\tdata\tZ\na:b*\tmanagement\na:c\tno such kind";
    let rules: Vec<(&str, usize)> = rules(table)
        .iter()
        .map(|rule| (rule.pattern, rule.kinds.len()))
        .collect();
    assert_eq!(rules, [("a:*", 1), ("a:b*", 2)]);
}
