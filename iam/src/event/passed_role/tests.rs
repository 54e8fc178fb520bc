//! Tests of passed roles, on whole events.

use crate::catalog::Catalog;
use crate::event::{EventCall, EventMapping, Strength, map_event};

const ROLE: &str = "arn:aws:iam::111122223333:role/r";

/// The roles that a call passes; `ROLE` stands for an ARN in its parameters.
fn passed(service: &str, name: &str, parameters: &str) -> Vec<(Strength, String)> {
    let parameters = parameters.replace("ROLE", ROLE);
    let call = EventCall {
        event_source: &format!("{service}.amazonaws.com"),
        event_name: name,
        request_parameters: Some(&parameters),
        aws_region: Some("eu-west-1"),
        account_id: Some("111122223333"),
        ..EventCall::default()
    };
    let EventMapping::Actions(needs) = map_event(&call, Catalog::embedded()) else {
        panic!("{name} is not mapped")
    };
    needs
        .into_iter()
        .filter(|need| need.action == "iam:PassRole")
        .map(|need| (need.strength, need.resources.join(" ")))
        .collect()
}

/// Symptom: an instance without a profile was said to need `iam:PassRole` on everything.
#[test]
fn an_empty_profile_or_role_passes_none() {
    for parameters in [
        r#"{"iamInstanceProfile":{}}"#,
        r#"{"iamInstanceProfile":[],"launchTemplate":{"items":[]}}"#,
    ] {
        assert_eq!(
            passed("ec2", "RunInstances", parameters),
            [],
            "{parameters}"
        );
    }
}

/// Symptom: a role that an environment or a label spoke of was said to be passed.
#[test]
fn what_the_caller_makes_up_names_no_role() {
    let function = r#"{"functionName":"f","role":"ROLE","environment":{"variables":{"ROLE_NAME":"x","role":"arn:aws:iam::111122223333:role/other"}},"tags":{"role":"y"}}"#;
    assert_eq!(
        passed("lambda", "CreateFunction20150331", function),
        [(Strength::Certain, ROLE.to_owned())]
    );
    let job = r#"{"name":"j","role":"ROLE","defaultArguments":{"--role":"x"},"nonOverridableArguments":{"--role":"x"}}"#;
    assert_eq!(
        passed("glue", "CreateJob", job),
        [(Strength::Certain, ROLE.to_owned())]
    );
}

#[test]
fn a_role_by_name_beside_one_by_arn_is_passed_too() {
    let task = r#"{"family":"t","executionRoleArn":"ROLE","taskRoleArn":"by-name"}"#;
    assert_eq!(
        passed("ecs", "RegisterTaskDefinition", task),
        [
            (Strength::Certain, ROLE.to_owned()),
            (Strength::Certain, "*".to_owned())
        ]
    );
}

#[test]
fn a_role_is_found_whatever_its_parameter_is_called() {
    for (service, name, parameters) in [
        (
            "ec2",
            "CreateFlowLogs",
            r#"{"CreateFlowLogsRequest":{"DeliverLogsPermissionArn":"ROLE"}}"#,
        ),
        (
            "cognito-identity",
            "SetIdentityPoolRoles",
            r#"{"identityPoolId":"p","roles":{"authenticated":"ROLE"}}"#,
        ),
        (
            "sns",
            "SetTopicAttributes",
            r#"{"attributeName":"LambdaSuccessFeedbackRoleArn","attributeValue":"ROLE"}"#,
        ),
    ] {
        let roles = passed(service, name, parameters);
        assert_eq!(roles, [(Strength::Certain, ROLE.to_owned())], "{name}");
    }
    let odd = r#"{"functionName":"f","role":"ROLE","description":"arn:aws:iam::111122223333:role/other"}"#;
    let roles = passed("lambda", "CreateFunction20150331", odd);
    assert!(
        roles.contains(&(
            Strength::Possible,
            "arn:aws:iam::111122223333:role/other".to_owned()
        )),
        "{roles:?}"
    );
}

#[test]
fn operations_that_no_list_has_pass_the_role_that_they_name_and_else_none() {
    for (service, name, parameters) in [
        ("apigateway", "PutIntegration", r#"{"credentials":"ROLE"}"#),
        (
            "apigateway",
            "UpdateAccount",
            r#"{"patchOperations":[{"op":"replace","path":"/cloudwatchRoleArn","value":"ROLE"}]}"#,
        ),
        (
            "cognito-idp",
            "CreateUserPool",
            r#"{"smsConfiguration":{"snsCallerArn":"ROLE"}}"#,
        ),
        (
            "ssm",
            "StartAutomationExecution",
            r#"{"documentName":"d","parameters":{"AutomationAssumeRole":["ROLE"],"Role":["arn:aws:iam::111122223333:role/x"]}}"#,
        ),
        (
            "sns",
            "Subscribe",
            r#"{"topicArn":"t","attributes":{"SubscriptionRoleArn":"ROLE"}}"#,
        ),
        (
            "sns",
            "SetSubscriptionAttributes",
            r#"{"attributeName":"SubscriptionRoleArn","attributeValue":"ROLE"}"#,
        ),
    ] {
        let roles = passed(service, name, parameters);
        assert_eq!(roles, [(Strength::Certain, ROLE.to_owned())], "{name}");
        assert_eq!(passed(service, name, r#"{"role":"by-name"}"#), [], "{name}");
        assert_eq!(passed(service, name, "null"), [], "{name}");
    }
}
