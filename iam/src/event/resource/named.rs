//! Objects that parameters name: kinds of resource and a call in, the ARN that its parameters spell out.
//!
//! Source: the services' API references, for what a parameter may hold; CloudTrail's records, for
//! how it is called.

mod odd;

use super::super::request::{Request, is_arn};
use crate::catalog::ResourceType;

/// An ARN spelt by parameters.
pub(super) struct Named {
    /// The ARN.
    pub(super) arn: String,
    /// How many parameters it took.
    pub(super) parameters: usize,
}

/// Kinds of resource whose ARN the given parameters fill, in order.
const PLAIN: [(&str, &[&str]); 29] = [
    ("athena:workgroup", &["workGroup"]),
    ("bedrock:agent", &["agentId"]),
    ("bedrock:agent-alias", &["agentId", "agentAliasId"]),
    (
        "bedrock:flow-alias",
        &["flowIdentifier", "flowAliasIdentifier"],
    ),
    ("bedrock:guardrail", &["guardrailIdentifier"]),
    ("bedrock:knowledge-base", &["knowledgeBaseId"]),
    ("bedrock:prompt", &["promptIdentifier"]),
    ("codebuild:project", &["projectName"]),
    ("codecommit:repository", &["repositoryName"]),
    ("dynamodb:index", &["tableName", "indexName"]),
    ("dynamodb:table", &["tableName"]),
    ("eks:cluster", &["clusterName"]),
    ("elasticfilesystem:file-system", &["fileSystemId"]),
    ("es:domain", &["domainName"]),
    ("firehose:deliverystream", &["deliveryStreamName"]),
    ("kinesis:stream", &["streamName"]),
    ("kms:key", &["keyId"]),
    ("logs:log-stream", &["logGroupName", "logStreamName"]),
    ("rds:cluster", &["dBClusterIdentifier"]),
    ("rds:db", &["dBInstanceIdentifier"]),
    ("s3:bucket", &["bucketName"]),
    ("s3:object", &["bucketName", "key"]),
    ("s3express:bucket", &["bucketName"]),
    ("sagemaker:endpoint", &["endpointName"]),
    ("ses:identity", &["emailIdentity"]),
    ("sns:topic", &["topicName"]),
    ("sqs:queue", &["queueName"]),
    ("states:activity", &["activityName"]),
    ("states:statemachine", &["stateMachineName"]),
];

/// The ARN that takes the most parameters; `None` if several kinds take as many.
pub(super) fn best(kinds: &[ResourceType], request: &Request<'_>) -> Option<Named> {
    let mut found: Option<Named> = None;
    let mut tied = false;
    for kind in kinds {
        let Some(named) = spell(*kind, request) else {
            continue;
        };
        match &found {
            Some(other) if other.parameters > named.parameters => {}
            Some(other) if other.parameters == named.parameters => tied |= other.arn != named.arn,
            _ => {
                tied = false;
                found = Some(named);
            }
        }
    }
    found.filter(|named| !tied && is_arn(&named.arn))
}

fn spell(kind: ResourceType, request: &Request<'_>) -> Option<Named> {
    odd::spell(kind, request).or_else(|| plain(kind, request))
}

fn plain(kind: ResourceType, request: &Request<'_>) -> Option<Named> {
    let (_, names) = PLAIN.iter().find(|(name, _)| *name == kind.name)?;
    let mut values = Vec::with_capacity(names.len());
    for name in *names {
        let value = request.parameters().text(name)?;
        // A key of an object may hold anything; other names with a colon are ARNs or parts of them.
        if *name != "key" && *name != "logStreamName" && value.contains(':') {
            return None;
        }
        values.push(value);
    }
    let values: Vec<&str> = values.iter().map(AsRef::as_ref).collect();
    if kind.name.starts_with("s3") && is_alias(values.first().copied()?) {
        return None;
    }
    if kind.name == "kms:key" && values.first().is_some_and(|id| id.contains('/')) {
        return None;
    }
    Some(Named {
        arn: kind.fill(request.place(), &values)?,
        parameters: values.len(),
    })
}

/// Tells the alias of an access point, which stands where a bucket's name does.
/// Source: Amazon S3 User Guide, "Access point aliases".
fn is_alias(bucket: &str) -> bool {
    ["-s3alias", "--ol-s3", ".mrap", "-ext-s3alias"]
        .iter()
        .any(|end| bucket.ends_with(end))
}
