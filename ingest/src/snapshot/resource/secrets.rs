//! What of a resource's properties does not reach the lake: properties in, those that decide about access out.
//!
//! Who may use a resource, and under which role it runs, never hangs on its environment, commands, definitions or
//! instructions; these often hold keys and tokens in clear text.
//! Source: AWS CloudFormation Template Reference, `AWS::Lambda::Function Environment`, `AWS::ECS::TaskDefinition
//! ContainerDefinition`, `AWS::StepFunctions::StateMachine`, `AWS::Bedrock::Agent`, `AWS::BedrockAgentCore::Runtime`.
//!
//! INVARIANT: no value below one of these names is kept, at whatever depth it stands; nor is a text that is JSON and
//! has one of them.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// The properties that are dropped, in small letters.
const DROPPED: [&str; 20] = [
    "command",
    "definition",
    "definitionstring",
    "definitionsubstitutions",
    "dockerlabels",
    "entrypoint",
    "environment",
    "environmentfiles",
    "environmentvariables",
    "eventsourcetoken",
    "healthcheck",
    "instruction",
    "logconfiguration",
    "masteruserpassword",
    "promptoverrideconfiguration",
    "secretoptions",
    "secrets",
    "secretstring",
    "systemcontrols",
    "zipfile",
];

/// The properties without those that may hold secrets, and the names of those that were there.
pub(super) fn leave_out(
    mut properties: Map<String, Value>,
) -> (Map<String, Value>, BTreeSet<String>) {
    let mut dropped = BTreeSet::new();
    clean(&mut properties, &mut dropped);
    (properties, dropped)
}

fn clean(members: &mut Map<String, Value>, dropped: &mut BTreeSet<String>) {
    members.retain(|name, value| {
        let is_dropped = DROPPED.contains(&name.to_ascii_lowercase().as_str());
        if is_dropped {
            dropped.insert(name.clone());
        } else {
            clean_value(value, dropped);
        }
        !is_dropped
    });
}

/// JSON that was read nests 128 levels at most; JSON in a text of it begins anew, and becomes a value if it is changed.
fn clean_value(value: &mut Value, dropped: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => clean(members, dropped),
        Value::Array(elements) => {
            for element in elements {
                clean_value(element, dropped);
            }
        }
        Value::String(text) if text.trim_start().starts_with(['{', '[']) => {
            let Ok(mut inner) = serde_json::from_str(text) else {
                return;
            };
            let mut found = BTreeSet::new();
            clean_value(&mut inner, &mut found);
            if !found.is_empty() {
                dropped.append(&mut found);
                *value = inner;
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn cleaned(properties: Value) -> (Value, Vec<String>) {
        let Value::Object(members) = properties else {
            panic!("no object")
        };
        let (kept, dropped) = leave_out(members);
        (Value::Object(kept), dropped.into_iter().collect())
    }

    #[test]
    fn environment_of_functions_and_containers_is_dropped() {
        let (kept, dropped) = cleaned(json!({
            "FunctionName": "f", "Role": "arn:aws:iam::111122223333:role/f",
            "Environment": {"Variables": {"TOKEN": "hunter2"}},
            "ContainerDefinitions": [{"Name": "c", "Environment": [{"Name": "K", "Value": "hunter2"}],
                "Secrets": [{"Name": "S", "ValueFrom": "hunter2"}], "Image": "i"}],
        }));
        assert_eq!(
            kept,
            json!({"FunctionName": "f", "Role": "arn:aws:iam::111122223333:role/f",
                "ContainerDefinitions": [{"Name": "c", "Image": "i"}]})
        );
        assert_eq!(dropped, ["Environment", "Secrets"]);
    }

    #[test]
    fn other_letters_and_json_in_a_text_hide_nothing() {
        let (kept, dropped) = cleaned(json!({
            "environmentVariables": {"A": "hunter2"},
            "Payload": "{\"deep\": [{\"Environment\": \"hunter2\"}], \"Resource\": \"r\"}",
            "Twice": "{\"Environment\": \"hunter2\"}",
        }));
        assert!(!kept.to_string().contains("hunter2"), "{kept}");
        assert_eq!(kept["Payload"]["Resource"], "r");
        assert_eq!(dropped, ["Environment", "environmentVariables"]);
    }

    #[test]
    fn a_policy_stays_as_it_is() {
        let policy = json!({"PolicyDocument": "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:*\"}]}",
            "KeyPolicy": {"Statement": [{"Condition": {"StringEquals": {"aws:PrincipalTag/Environment": "x"}}}]}});
        assert_eq!(cleaned(policy.clone()), (policy, Vec::new()));
    }
}
