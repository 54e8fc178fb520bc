//! Policies of resources in the snapshot, by the ARN of the resource.
//!
//! Lambda gives the policy of a function in parts, a statement each; they are put together here as Lambda does.
//! Source: AWS CloudFormation Template Reference, the properties of each type; AWS Lambda API Reference, `AddPermission`
//! (`SourceArn` becomes `ArnLike` on `aws:SourceArn`, `SourceAccount` and `PrincipalOrgID` become `StringEquals`).

use std::collections::BTreeMap;

use curtail_iam::document::Document;
use curtail_ingest::PolicyProblem;
use serde_json::{Map, Value, json};

use super::document::{PolicyPlace, SnapshotDocument, policy, text};

/// The policy of one resource.
#[derive(Debug, Clone)]
pub(crate) struct ResourcePolicy {
    /// The ARN of the resource.
    pub(crate) arn: String,
    /// The account that owns it.
    pub(crate) account_id: String,
    pub(crate) document: Document,
}

/// What was read of them, by ARN.
#[derive(Debug, Default)]
pub(super) struct ResourcePolicies {
    pub(super) policies: Vec<ResourcePolicy>,
    pub(super) problems: Vec<PolicyProblem>,
}

/// The types with the property that holds the policy.
const TYPES: [(&str, &str); 5] = [
    ("AWS::S3::BucketPolicy", "PolicyDocument"),
    ("AWS::KMS::Key", "KeyPolicy"),
    ("AWS::SQS::QueueInlinePolicy", "PolicyDocument"),
    ("AWS::SNS::TopicInlinePolicy", "PolicyDocument"),
    ("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy"),
];

const PERMISSION: &str = "AWS::Lambda::Permission";

impl ResourcePolicies {
    pub(super) fn of(documents: &[SnapshotDocument]) -> Self {
        let mut read = Self::default();
        let mut functions: BTreeMap<(String, String), Vec<Value>> = BTreeMap::new();
        for document in documents.iter().filter(|one| one.kind == "resource") {
            let type_name = text(&document.value, "TypeName").unwrap_or_default();
            let Some(properties) = document.value.get("Properties") else {
                continue;
            };
            if type_name == PERMISSION {
                if let Some((arn, statement)) = permission(document, properties) {
                    let key = (arn, document.account_id.clone());
                    functions.entry(key).or_default().push(statement);
                }
            } else if let Some((_, field)) = TYPES.iter().find(|(name, _)| *name == type_name) {
                read.add(document, properties, field);
            }
        }
        for ((arn, account_id), statements) in functions {
            let value = json!({"Version": "2012-10-17", "Statement": statements});
            read.put(arn, account_id, Some(&value));
        }
        read.policies
            .sort_by(|a, b| (&a.arn, &a.account_id).cmp(&(&b.arn, &b.account_id)));
        read
    }

    fn add(&mut self, document: &SnapshotDocument, properties: &Value, field: &str) {
        if let Some(value) = properties.get(field)
            && let Some(arn) = arn(document, properties)
        {
            self.put(arn, document.account_id.clone(), Some(value));
        }
    }

    fn put(&mut self, arn: String, account_id: String, value: Option<&Value>) {
        let place = PolicyPlace {
            account_id: &account_id,
            owner: &arn,
            policy: "resource policy",
        };
        match policy(value, &place) {
            Ok(document) => self.policies.push(ResourcePolicy {
                arn,
                account_id,
                document,
            }),
            Err(problem) => self.problems.push(problem),
        }
    }
}

/// The ARN of the resource that a policy is for.
fn arn(document: &SnapshotDocument, properties: &Value) -> Option<String> {
    let partition = "aws";
    let named = ["Arn", "TopicArn", "SecretId"]
        .iter()
        .filter_map(|field| text(properties, field));
    let own = std::iter::once(document.arn.as_str())
        .chain(named)
        .find(|arn| arn.starts_with("arn:"));
    if let Some(own) = own {
        return Some(own.to_owned());
    }
    if let Some(bucket) = text(properties, "Bucket") {
        return Some(format!("arn:{partition}:s3:::{bucket}"));
    }
    let url = text(properties, "Queue").or_else(|| text(&document.value, "Identifier"))?;
    queue_arn(url)
}

/// Source: Amazon SQS Developer Guide, "Queue and message identifiers".
fn queue_arn(url: &str) -> Option<String> {
    let (host, path) = url.strip_prefix("https://sqs.")?.split_once('/')?;
    let (account, name) = path.split_once('/')?;
    let (region, domain) = host.split_once('.')?;
    let partition = if domain.rsplit('.').next() == Some("cn") {
        "aws-cn"
    } else {
        "aws"
    };
    Some(format!("arn:{partition}:sqs:{region}:{account}:{name}"))
}

/// The function's ARN and the statement that a permission is.
fn permission(document: &SnapshotDocument, properties: &Value) -> Option<(String, Value)> {
    let function = function_arn(document, text(properties, "FunctionName")?)?;
    let principal = text(properties, "Principal")?;
    let principal = match principal {
        "*" => json!("*"),
        name if name.starts_with("arn:") || name.bytes().all(|byte| byte.is_ascii_digit()) => {
            json!({"AWS": name})
        }
        name => json!({"Service": name}),
    };
    let mut condition = Map::new();
    let mut add = |operator: &str, key: &str, field: &str| {
        if let Some(value) = text(properties, field) {
            let block = condition.entry(operator).or_insert_with(|| json!({}));
            if let Some(block) = block.as_object_mut() {
                block.insert(key.to_owned(), json!(value));
            }
        }
    };
    add("ArnLike", "aws:SourceArn", "SourceArn");
    add("StringEquals", "aws:SourceAccount", "SourceAccount");
    add("StringEquals", "aws:PrincipalOrgID", "PrincipalOrgID");
    add(
        "StringEquals",
        "lambda:FunctionUrlAuthType",
        "FunctionUrlAuthType",
    );
    add(
        "StringEquals",
        "lambda:EventSourceToken",
        "EventSourceToken",
    );
    let mut statement = json!({
        "Effect": "Allow", "Principal": principal, "Action": text(properties, "Action")?, "Resource": function,
    });
    if let Some(members) = statement.as_object_mut().filter(|_| !condition.is_empty()) {
        members.insert("Condition".to_owned(), Value::Object(condition));
    }
    Some((function, statement))
}

/// A function's ARN from its ARN, or from its name with the account and region of the document.
fn function_arn(document: &SnapshotDocument, function: &str) -> Option<String> {
    if function.starts_with("arn:") {
        return Some(function.to_owned());
    }
    let region = text(&document.value, "Region")?;
    let name = function.rsplit(':').next().unwrap_or(function);
    Some(format!(
        "arn:aws:lambda:{region}:{}:function:{name}",
        document.account_id
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(type_name: &str, properties: &Value) -> SnapshotDocument {
        SnapshotDocument {
            account_id: "111122223333".to_owned(),
            kind: "resource".to_owned(),
            value: json!({"TypeName": type_name, "Region": "eu-west-1", "Properties": properties}),
            ..SnapshotDocument::default()
        }
    }

    #[test]
    fn a_function_has_one_policy_of_all_its_permissions() {
        let read = ResourcePolicies::of(&[
            resource(
                PERMISSION,
                &json!({"FunctionName": "f", "Principal": "bedrock.amazonaws.com", "Action": "lambda:InvokeFunction",
                "SourceArn": "arn:aws:bedrock:eu-west-1:111122223333:agent/A", "SourceAccount": "111122223333"}),
            ),
            resource(
                PERMISSION,
                &json!({"FunctionName": "arn:aws:lambda:eu-west-1:111122223333:function:f",
                "Principal": "444455556666", "Action": "lambda:InvokeFunction"}),
            ),
            resource(PERMISSION, &json!({"FunctionName": "g"})),
        ]);
        assert_eq!(read.policies.len(), 1);
        let policy = &read.policies[0];
        assert_eq!(
            policy.arn,
            "arn:aws:lambda:eu-west-1:111122223333:function:f"
        );
        assert_eq!(policy.document.statements.len(), 2);
        assert_eq!(policy.document.statements[0].conditions.len(), 2);
    }

    #[test]
    fn a_policy_is_known_by_the_arn_of_its_resource() {
        let open = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]});
        let read = ResourcePolicies::of(&[
            resource(
                "AWS::S3::BucketPolicy",
                &json!({"Bucket": "b", "PolicyDocument": open}),
            ),
            resource(
                "AWS::SQS::QueueInlinePolicy",
                &json!({"Queue": "https://sqs.eu-west-1.amazonaws.com/111122223333/q", "PolicyDocument": open}),
            ),
            resource(
                "AWS::SNS::TopicInlinePolicy",
                &json!({"TopicArn": "arn:aws:sns:eu-west-1:111122223333:t", "PolicyDocument": open}),
            ),
            resource(
                "AWS::S3::BucketPolicy",
                &json!({"Bucket": "odd", "PolicyDocument": {"Statement": 7}}),
            ),
            resource("AWS::S3::BucketPolicy", &json!({"PolicyDocument": open})),
        ]);
        let arns: Vec<&str> = read
            .policies
            .iter()
            .map(|policy| policy.arn.as_str())
            .collect();
        assert_eq!(
            arns,
            [
                "arn:aws:s3:::b",
                "arn:aws:sns:eu-west-1:111122223333:t",
                "arn:aws:sqs:eu-west-1:111122223333:q"
            ]
        );
        assert_eq!(read.problems.len(), 1);
    }
}
