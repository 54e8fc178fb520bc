//! Amazon Athena, AWS Glue, Lake Formation, `SageMaker` AI and DynamoDB's control plane.
//!
//! Source: the "Logging API calls with AWS CloudTrail" page of each service's guide. Item-level
//! calls of DynamoDB and the feature store are data events that no selector of the sample covers,
//! so no template makes them.

use serde_json::json;

use crate::call::{Call, Reason};
use crate::draw::Draw;

const ATHENA: &str = "athena.amazonaws.com";
const GLUE: &str = "glue.amazonaws.com";
const SAGEMAKER: &str = "sagemaker.amazonaws.com";

/// `StartQueryExecution`.
pub(crate) fn start_query(draw: &mut Draw<'_>, workgroup: &str) -> Call {
    Call::write(ATHENA, "StartQueryExecution", "athena:StartQueryExecution")
        .asking(json!({"queryString": "***OMITTED***", "workGroup": workgroup}))
        .answering(json!({"queryExecutionId": draw.random.uuid()}))
}

/// `GetQueryExecution`.
pub(crate) fn get_query_execution(draw: &mut Draw<'_>) -> Call {
    about_query(
        draw,
        Call::read(ATHENA, "GetQueryExecution", "athena:GetQueryExecution"),
    )
}

/// `GetQueryResults`.
pub(crate) fn get_query_results(draw: &mut Draw<'_>) -> Call {
    about_query(
        draw,
        Call::read(ATHENA, "GetQueryResults", "athena:GetQueryResults"),
    )
}

/// `StopQueryExecution`.
pub(crate) fn stop_query(draw: &mut Draw<'_>) -> Call {
    about_query(
        draw,
        Call::write(ATHENA, "StopQueryExecution", "athena:StopQueryExecution"),
    )
}

/// A Glue call about one table: `GetTable`, `GetPartitions`, `UpdateTable` ...
pub(crate) fn table(call: (&'static str, &'static str), database: &str, table: &str) -> Call {
    let made = if call.0.starts_with("Get") {
        Call::read
    } else {
        Call::write
    };
    let named = made(GLUE, call.0, call.1);
    if call.0 == "GetTable" || call.0 == "UpdateTable" {
        return named.asking(json!({"databaseName": database, "name": table}));
    }
    named.asking(json!({"databaseName": database, "tableName": table}))
}

/// `GetDataAccess` of Lake Formation, by Athena for its caller.
pub(crate) fn get_data_access(draw: &Draw<'_>, database: &str, table: &str) -> Call {
    let arn = format!(
        "arn:aws:glue:{}:{}:table/{database}/{table}",
        draw.region, draw.account
    );
    Call::read("lakeformation.amazonaws.com", "GetDataAccess", "lakeformation:GetDataAccess")
        .asking(json!({"tableArn": arn, "durationSeconds": 3_600, "auditContext": {"additionalAuditContext": ""}}))
        .via(ATHENA)
}

/// `CreateProcessingJob`, which passes the job's role.
pub(crate) fn create_processing_job(draw: &mut Draw<'_>, role: &str) -> Call {
    let job = format!("features-{}", draw.random.hex(6));
    let arn = format!(
        "arn:aws:sagemaker:{}:{}:processing-job/{job}",
        draw.region, draw.account
    );
    Call::write(SAGEMAKER, "CreateProcessingJob", "sagemaker:CreateProcessingJob")
        .at_host("api.sagemaker")
        .asking(json!({
            "processingJobName": job, "roleArn": role,
            "processingResources": {"clusterConfig": {"instanceCount": 1, "instanceType": "ml.m5.xlarge", "volumeSizeInGB": 50}},
        }))
        .answering(json!({"processingJobArn": arn}))
        .perhaps(&["iam:PassRole", "sagemaker:AddTags"])
}

/// `DescribeProcessingJob`.
pub(crate) fn describe_processing_job(draw: &mut Draw<'_>) -> Call {
    Call::read(
        SAGEMAKER,
        "DescribeProcessingJob",
        "sagemaker:DescribeProcessingJob",
    )
    .at_host("api.sagemaker")
    .asking(json!({"processingJobName": format!("features-{}", draw.random.hex(6))}))
}

/// `CreateTrainingJob` without the permission to pass the role that it names.
pub(crate) fn refused_training_job(draw: &Draw<'_>, role: &str) -> Call {
    Call::write(SAGEMAKER, "CreateTrainingJob", "iam:PassRole")
        .at_host("api.sagemaker")
        .asking(
            json!({"trainingJobName": format!("forecast-{}", draw.at.day().0), "roleArn": role}),
        )
        .denied(role, Reason::NoIdentityPolicy)
}

/// `DescribeTable` of DynamoDB, a management event.
pub(crate) fn describe_dynamodb_table(draw: &Draw<'_>, table: &str) -> Call {
    let arn = format!(
        "arn:aws:dynamodb:{}:{}:table/{table}",
        draw.region, draw.account
    );
    Call::read(
        "dynamodb.amazonaws.com",
        "DescribeTable",
        "dynamodb:DescribeTable",
    )
    .asking(json!({"tableName": table}))
    .on(json!([{"accountId": draw.account, "type": "AWS::DynamoDB::Table", "ARN": arn}]))
    .version("2012-08-10")
}

fn about_query(draw: &mut Draw<'_>, call: Call) -> Call {
    call.asking(json!({"queryExecutionId": draw.random.uuid()}))
}
