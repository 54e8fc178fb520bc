//! Cloud Control for tests: some resources, and a fault of each kind. The server of AWS's other services has no such API.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::servers::{Response, Stub};

/// The account of the servers.
pub(crate) const OWN: &str = "123456789012";

/// What must never reach a lake.
pub(crate) const SECRET: &str = "hunter2";

/// Cloud Control, with some resources and a fault of each kind.
pub(crate) fn cloud_control() -> Stub {
    let state_machines = AtomicUsize::new(0);
    Stub::start(move |request| {
        let body = request.json();
        let type_name = body["TypeName"].as_str().unwrap().to_owned();
        if type_name == "AWS::StepFunctions::StateMachine"
            && state_machines.fetch_add(1, Ordering::SeqCst) == 0
        {
            return Response::fault("ThrottlingException");
        }
        match request.target() {
            "ListResources" => listed(&type_name, &body),
            _ => got(&type_name, body["Identifier"].as_str().unwrap()),
        }
    })
}

fn described(identifier: &str, properties: &Value) -> Value {
    json!({"Identifier": identifier, "Properties": properties.to_string()})
}

fn list(type_name: &str, descriptions: &[Value]) -> Response {
    Response::json(&json!({"TypeName": type_name, "ResourceDescriptions": descriptions}))
}

fn function(name: &str) -> Value {
    json!({"FunctionName": name, "Role": format!("arn:aws:iam::{OWN}:role/agents/agent-0"),
        "Arn": format!("arn:aws:lambda:us-east-1:{OWN}:function:{name}"),
        "Environment": {"Variables": {"TOKEN": SECRET}}})
}

fn listed(type_name: &str, body: &Value) -> Response {
    let model: Value = body["ResourceModel"]
        .as_str()
        .map_or(Value::Null, |model| serde_json::from_str(model).unwrap());
    let member = format!("arn:aws:iam::{OWN}:role/agents/agent-1");
    match type_name {
        "AWS::Lambda::Function" if body["NextToken"].is_null() => Response::json(&json!({
            "ResourceDescriptions": [described("first", &function("first"))], "NextToken": "2"})),
        "AWS::Lambda::Function" => list(
            type_name,
            &[json!({"Identifier": "second", "Properties": "{\"FunctionName\": \"second\"}"})],
        ),
        "AWS::Lambda::Permission" => {
            let name = model["FunctionName"].as_str().unwrap();
            let properties = json!({"FunctionName": name, "Id": "s", "Principal": "s3.amazonaws.com",
                "Action": "lambda:InvokeFunction"});
            list(type_name, &[described(&format!("{name}|s"), &properties)])
        }
        "AWS::EKS::Cluster" => list(type_name, &[json!({"Identifier": "cluster"})]),
        "AWS::EKS::PodIdentityAssociation" => {
            assert_eq!(model, json!({"ClusterName": "cluster"}));
            let arn = format!("arn:aws:eks:us-east-1:{OWN}:podidentityassociation/cluster/a-1");
            let properties = json!({"AssociationArn": arn, "RoleArn": member, "ServiceAccount": "s",
                "Namespace": "n", "ClusterName": "cluster"});
            list(type_name, &[described(&arn, &properties)])
        }
        "AWS::StepFunctions::StateMachine" => {
            let arn = format!("arn:aws:states:us-east-1:{OWN}:stateMachine:m");
            let properties = json!({"Arn": arn, "RoleArn": member, "DefinitionString": SECRET});
            list(type_name, &[described(&arn, &properties)])
        }
        "AWS::ECS::TaskDefinition" => {
            let arn = format!("arn:aws:ecs:us-east-1:{OWN}:task-definition/t:1");
            let container = json!({"Name": "c", "Image": "i", "Environment": [{"Name": "K", "Value": SECRET}],
                "Secrets": [{"Name": "S", "ValueFrom": SECRET}]});
            let properties =
                json!({"TaskDefinitionArn": arn, "TaskRoleArn": member, "ContainerDefinitions": [container]});
            list(type_name, &[described(&arn, &properties)])
        }
        "AWS::SQS::Queue" => list(
            type_name,
            &["open", "closed"].map(|name| {
                json!({"Identifier": format!("https://sqs.us-east-1.amazonaws.com/{OWN}/{name}")})
            }),
        ),
        "AWS::KMS::Key" => Response::fault("AccessDeniedException"),
        "AWS::Bedrock::Agent" => Response::fault("UnsupportedActionException"),
        "AWS::BedrockAgentCore::Runtime" => Response::fault("TypeNotFoundException"),
        _ => list(type_name, &[]),
    }
}

fn got(type_name: &str, identifier: &str) -> Response {
    let properties = match (type_name, identifier) {
        ("AWS::Lambda::Function", name) => function(name),
        ("AWS::SQS::QueueInlinePolicy", url) if url.ends_with("/open") => {
            json!({"Queue": url, "PolicyDocument": {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}]}})
        }
        _ => return Response::fault("ResourceNotFoundException"),
    };
    Response::json(
        &json!({"TypeName": type_name, "ResourceDescription": described(identifier, &properties)}),
    )
}
