//! What the snapshot's resources run, and under which role: functions, tasks, pods, state machines, agents of Bedrock and
//! `AgentCore`.
//!
//! Source: AWS CloudFormation Template Reference, the properties of each type, which the Cloud Control API gives.

use serde_json::Value;

use super::document::{SnapshotDocument, items, text};

/// Something that runs under a role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Workload {
    pub(crate) role_arn: String,
    /// `bedrock_agent`, `agentcore_runtime`, `agentcore_gateway`, `pod_identity`, `lambda_function`, `ecs_task`, `state_machine`.
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) arn: String,
    /// The key of a binding that tells its calls, and the key's pattern; none if only the role does.
    pub(crate) binding: Option<(&'static str, String)>,
    /// Tags that name people or teams, as `key=value`.
    pub(crate) tags: Vec<(String, String)>,
}

/// Where a type of resource has its role and name.
struct Form {
    type_name: &'static str,
    kind: &'static str,
    role: &'static str,
    name: &'static str,
}

const FORMS: [Form; 7] = [
    form(
        "AWS::Bedrock::Agent",
        "bedrock_agent",
        "AgentResourceRoleArn",
        "AgentName",
    ),
    form(
        "AWS::BedrockAgentCore::Runtime",
        "agentcore_runtime",
        "RoleArn",
        "AgentRuntimeName",
    ),
    form(
        "AWS::BedrockAgentCore::Gateway",
        "agentcore_gateway",
        "RoleArn",
        "Name",
    ),
    form(
        "AWS::EKS::PodIdentityAssociation",
        "pod_identity",
        "RoleArn",
        "ServiceAccount",
    ),
    form(
        "AWS::Lambda::Function",
        "lambda_function",
        "Role",
        "FunctionName",
    ),
    form(
        "AWS::ECS::TaskDefinition",
        "ecs_task",
        "TaskRoleArn",
        "Family",
    ),
    form(
        "AWS::StepFunctions::StateMachine",
        "state_machine",
        "RoleArn",
        "StateMachineName",
    ),
];

const fn form(
    type_name: &'static str,
    kind: &'static str,
    role: &'static str,
    name: &'static str,
) -> Form {
    Form {
        type_name,
        kind,
        role,
        name,
    }
}

/// The workloads among the documents, by role, kind and name.
pub(super) fn workloads(documents: &[SnapshotDocument]) -> Vec<Workload> {
    let mut workloads: Vec<Workload> = documents.iter().filter_map(workload).collect();
    workloads.sort();
    workloads.dedup();
    workloads
}

fn workload(document: &SnapshotDocument) -> Option<Workload> {
    if document.kind != "resource" {
        return None;
    }
    let type_name = text(&document.value, "TypeName")?;
    let form = FORMS.iter().find(|form| form.type_name == type_name)?;
    let properties = document.value.get("Properties")?;
    let role_arn = text(properties, form.role)?.to_owned();
    let name = text(properties, form.name)
        .unwrap_or(&document.name)
        .to_owned();
    Some(Workload {
        role_arn,
        kind: form.kind,
        binding: binding(form.kind, &name, properties),
        name,
        arn: document.arn.clone(),
        tags: tags(properties.get("Tags")),
    })
}

fn binding(kind: &str, name: &str, properties: &Value) -> Option<(&'static str, String)> {
    match kind {
        "lambda_function" => Some(("lambda_function", text(properties, "Arn")?.to_owned())),
        "ecs_task" => Some(("ecs_task_family", name.to_owned())),
        "pod_identity" => {
            let namespace = text(properties, "Namespace")?;
            Some(("service_account", format!("{namespace}/{name}")))
        }
        _ => None,
    }
}

/// Tags as a list of `Key` and `Value`, or as an object.
pub(super) fn tags(given: Option<&Value>) -> Vec<(String, String)> {
    let mut tags: Vec<(String, String)> = match given {
        Some(Value::Object(members)) => members
            .iter()
            .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
            .collect(),
        Some(list @ Value::Array(_)) => items(&serde_json::json!({ "Tags": list }), "Tags")
            .filter_map(|tag| Some((text(tag, "Key")?.to_owned(), text(tag, "Value")?.to_owned())))
            .collect(),
        _ => Vec::new(),
    };
    tags.sort();
    tags
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(type_name: &str, properties: &Value) -> Vec<Workload> {
        workloads(&[SnapshotDocument {
            kind: "resource".to_owned(),
            name: "named".to_owned(),
            value: json!({"TypeName": type_name, "Properties": properties}),
            ..SnapshotDocument::default()
        }])
    }

    #[test]
    fn each_type_names_its_role_and_how_its_calls_are_told() {
        let role = "arn:aws:iam::111122223333:role/r";
        let function = "arn:aws:lambda:eu-west-1:111122223333:function:f";
        let cases = [
            (
                found(
                    "AWS::Lambda::Function",
                    &json!({"Role": role, "FunctionName": "f", "Arn": function}),
                ),
                (
                    "lambda_function",
                    "f",
                    Some(("lambda_function", function.to_owned())),
                ),
            ),
            (
                found(
                    "AWS::ECS::TaskDefinition",
                    &json!({"TaskRoleArn": role, "Family": "t"}),
                ),
                ("ecs_task", "t", Some(("ecs_task_family", "t".to_owned()))),
            ),
            (
                found(
                    "AWS::EKS::PodIdentityAssociation",
                    &json!({"RoleArn": role, "Namespace": "ml", "ServiceAccount": "sa"}),
                ),
                (
                    "pod_identity",
                    "sa",
                    Some(("service_account", "ml/sa".to_owned())),
                ),
            ),
            (
                found(
                    "AWS::Bedrock::Agent",
                    &json!({"AgentResourceRoleArn": role, "AgentName": "b"}),
                ),
                ("bedrock_agent", "b", None),
            ),
            (
                found("AWS::BedrockAgentCore::Runtime", &json!({"RoleArn": role})),
                ("agentcore_runtime", "named", None),
            ),
        ];
        for (found, (kind, name, binding)) in cases {
            assert_eq!(found.len(), 1, "{kind}");
            assert_eq!(found[0].role_arn, role);
            assert_eq!((found[0].kind, found[0].name.as_str()), (kind, name));
            assert_eq!(found[0].binding, binding);
        }
    }

    #[test]
    fn what_runs_under_no_role_is_no_workload() {
        assert_eq!(
            found("AWS::Lambda::Function", &json!({"FunctionName": "f"})),
            []
        );
        assert_eq!(found("AWS::Lambda::Function", &json!(7)), []);
        assert_eq!(found("AWS::S3::BucketPolicy", &json!({"Role": "r"})), []);
    }

    #[test]
    fn tags_come_as_a_list_or_as_an_object() {
        let expected = [
            ("a".to_owned(), "1".to_owned()),
            ("b".to_owned(), "2".to_owned()),
        ];
        let list = json!([{"Key": "b", "Value": "2"}, {"Key": "a", "Value": "1"}, {"Key": "c"}, 7]);
        assert_eq!(tags(Some(&list)), expected);
        assert_eq!(tags(Some(&json!({"a": "1", "b": "2", "c": 3}))), expected);
        assert_eq!(tags(Some(&json!("x"))), []);
    }
}
