//! Compute of the snapshot: what runs under a role, by its ARN.
//!
//! Source: AWS CloudFormation Template Reference, the properties of each type, as the Cloud Control API gives them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::document::{SnapshotDocument, items, text};

/// What kind of compute it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ComputeKind {
    /// A Lambda function.
    Function,
    /// A Step Functions state machine.
    StateMachine,
    /// An ECS task definition.
    Task,
    /// A Bedrock agent.
    Agent,
    /// An AgentCore runtime.
    Runtime,
    /// An AgentCore gateway.
    Gateway,
    /// An EKS Pod Identity association.
    Pod,
}

/// Something that runs under a role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Compute {
    pub(crate) arn: String,
    pub(crate) kind: ComputeKind,
    pub(crate) role_arn: String,
    /// Functions that it calls by itself: the action groups of a Bedrock agent.
    pub(crate) tools: Vec<String>,
    /// Where it is known from, in words.
    pub(crate) known_from: String,
}

/// A type, its kind, the property with the ARN and the one with the role.
type Line = (&'static str, ComputeKind, &'static str, &'static str);

const TYPES: [Line; 7] = [
    (
        "AWS::Lambda::Function",
        ComputeKind::Function,
        "Arn",
        "Role",
    ),
    (
        "AWS::StepFunctions::StateMachine",
        ComputeKind::StateMachine,
        "Arn",
        "RoleArn",
    ),
    (
        "AWS::ECS::TaskDefinition",
        ComputeKind::Task,
        "TaskDefinitionArn",
        "TaskRoleArn",
    ),
    (
        "AWS::Bedrock::Agent",
        ComputeKind::Agent,
        "AgentArn",
        "AgentResourceRoleArn",
    ),
    (
        "AWS::BedrockAgentCore::Runtime",
        ComputeKind::Runtime,
        "AgentRuntimeArn",
        "RoleArn",
    ),
    (
        "AWS::BedrockAgentCore::Gateway",
        ComputeKind::Gateway,
        "GatewayArn",
        "RoleArn",
    ),
    (
        "AWS::EKS::PodIdentityAssociation",
        ComputeKind::Pod,
        "AssociationArn",
        "RoleArn",
    ),
];

/// The compute of the snapshot that names a role, sorted.
pub(super) fn compute(documents: &[SnapshotDocument]) -> Vec<Compute> {
    let resources = documents.iter().filter(|one| one.kind == "resource");
    let mut compute: Vec<Compute> = resources.filter_map(of).collect();
    compute.sort();
    compute.dedup();
    compute
}

fn of(document: &SnapshotDocument) -> Option<Compute> {
    let type_name = text(&document.value, "TypeName")?;
    let (_, kind, arn, role) = TYPES.into_iter().find(|(name, ..)| *name == type_name)?;
    let properties = document.value.get("Properties")?;
    let arn = text(properties, arn)
        .or_else(|| Some(document.arn.as_str()).filter(|arn| !arn.is_empty()))?;
    Some(Compute {
        arn: arn.to_owned(),
        kind,
        role_arn: text(properties, role)?.to_owned(),
        tools: tools(properties),
        known_from: format!("snapshot: {type_name}"),
    })
}

/// The functions of a Bedrock agent's action groups that are not turned off.
fn tools(properties: &Value) -> Vec<String> {
    let groups = items(properties, "ActionGroups")
        .filter(|group| text(group, "ActionGroupState") != Some("DISABLED"));
    let functions: BTreeSet<String> = groups
        .filter_map(|group| text(group.get("ActionGroupExecutor")?, "Lambda"))
        .map(str::to_owned)
        .collect();
    functions.into_iter().collect()
}

impl Compute {
    /// Compute that the log showed to run under a role; `None` if its ARN is of no known kind.
    /// A version or alias of a function is the function, a revision of a task definition stays.
    pub(crate) fn seen(arn: &str, role_arn: &str) -> Option<Self> {
        let mut parts = arn.splitn(6, ':');
        let service = parts.by_ref().nth(2)?;
        let resource = parts.nth(2)?;
        let (sort, _) = resource.split_once([':', '/'])?;
        let kind = match (service, sort) {
            ("lambda", "function") => ComputeKind::Function,
            ("states", "stateMachine") => ComputeKind::StateMachine,
            ("ecs", "task-definition") => ComputeKind::Task,
            ("bedrock", "agent") => ComputeKind::Agent,
            ("bedrock-agentcore", "runtime") => ComputeKind::Runtime,
            ("bedrock-agentcore", "gateway") => ComputeKind::Gateway,
            _ => return None,
        };
        let arn = match kind {
            ComputeKind::Function => arn.splitn(8, ':').take(7).collect::<Vec<_>>().join(":"),
            _ => arn.to_owned(),
        };
        Some(Self {
            arn,
            kind,
            role_arn: role_arn.to_owned(),
            tools: Vec::new(),
            known_from: "log: calls of the role came from it".to_owned(),
        })
    }

    /// The account in the ARN.
    pub(crate) fn account_id(&self) -> &str {
        self.arn.split(':').nth(4).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn compute_is_read_with_its_role_and_tools() {
        let document = |type_name: &str, properties: Value| SnapshotDocument {
            kind: "resource".to_owned(),
            value: json!({"TypeName": type_name, "Properties": properties}),
            ..SnapshotDocument::default()
        };
        let read = compute(&[
            document(
                "AWS::Lambda::Function",
                json!({"Arn": "arn:f", "Role": "arn:role"}),
            ),
            document(
                "AWS::Bedrock::Agent",
                json!({"AgentArn": "arn:a", "AgentResourceRoleArn": "arn:role", "ActionGroups": [
                    {"ActionGroupExecutor": {"Lambda": "arn:f"}}, {"ActionGroupExecutor": {"CustomControl": "RETURN_CONTROL"}},
                    {"ActionGroupState": "DISABLED", "ActionGroupExecutor": {"Lambda": "arn:g"}}, 7]}),
            ),
            document("AWS::Lambda::Function", json!({"Arn": "arn:no-role"})),
            document("AWS::ECS::TaskDefinition", json!(null)),
            document(
                "AWS::S3::Bucket",
                json!({"Arn": "arn:b", "Role": "arn:role"}),
            ),
        ]);
        let told: Vec<_> = read
            .iter()
            .map(|one| (one.arn.as_str(), one.kind, one.tools.as_slice()))
            .collect();
        assert_eq!(
            told,
            [
                ("arn:a", ComputeKind::Agent, ["arn:f".to_owned()].as_slice()),
                ("arn:f", ComputeKind::Function, &[])
            ]
        );
    }

    #[test]
    fn what_the_log_shows_is_known_by_its_arn() {
        let seen = |arn: &str| Compute::seen(arn, "r").map(|one| (one.kind, one.arn));
        assert_eq!(
            seen("arn:aws:lambda:eu-west-1:111122223333:function:f:7"),
            Some((
                ComputeKind::Function,
                "arn:aws:lambda:eu-west-1:111122223333:function:f".to_owned()
            ))
        );
        assert_eq!(
            seen("arn:aws:ec2:eu-west-1:111122223333:instance/i-1"),
            None
        );
        assert_eq!(seen("arn:aws:lambda"), None);
        assert_eq!(seen(""), None);
    }
}
