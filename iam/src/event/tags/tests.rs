//! Tests of tags set on creation, on whole events.

use super::*;
use crate::catalog::Catalog;
use crate::event::{EventCall, EventMapping, MappedAction, map_event};

fn needs(service: &str, name: &str, parameters: &str) -> Vec<MappedAction> {
    let call = EventCall {
        event_source: &format!("{service}.amazonaws.com"),
        event_name: name,
        request_parameters: Some(parameters),
        aws_region: Some("eu-west-1"),
        account_id: Some("111122223333"),
        ..EventCall::default()
    };
    match map_event(&call, Catalog::embedded()) {
        EventMapping::Actions(needs) => needs,
        other => panic!("{other:?}"),
    }
}

fn strength_of(action: &str, service: &str, name: &str, parameters: &str) -> Option<Strength> {
    let needs = needs(service, name, parameters);
    let need = needs.iter().find(|need| need.action == action)?;
    Some(need.strength)
}

#[test]
fn every_action_that_tags_is_in_the_catalog() {
    for (service, _, action, _) in TAG_ACTIONS {
        let found = Catalog::embedded().action(action);
        assert_eq!(
            found.map(|one| (one.name, one.service)),
            Some((action, service))
        );
    }
}

/// Symptom: a database with tags was said to need the tagging of a secret that no call had asked for.
#[test]
fn the_tagging_of_another_service_is_possible_with_tags_and_without() {
    for parameters in [
        r#"{"tags":[{"key":"a","value":"b"}]}"#,
        r#"{"engine":"mysql"}"#,
    ] {
        assert_eq!(
            strength_of(
                "secretsmanager:TagResource",
                "rds",
                "CreateDBInstance",
                parameters
            ),
            Some(Strength::Possible),
            "{parameters}"
        );
    }
}

#[test]
fn tags_on_creation_need_the_action_whatever_it_is_called() {
    for (service, name, action) in [
        ("iam", "CreateRole", "iam:TagRole"),
        ("iam", "CreateUser", "iam:TagUser"),
        ("iam", "CreatePolicy", "iam:TagPolicy"),
        ("iam", "UploadServerCertificate", "iam:TagServerCertificate"),
        ("ssm", "PutParameter", "ssm:AddTagsToResource"),
        (
            "firehose",
            "CreateDeliveryStream",
            "firehose:TagDeliveryStream",
        ),
        ("kinesis", "CreateStream", "kinesis:AddTagsToStream"),
        ("sqs", "CreateQueue", "sqs:TagQueue"),
        (
            "elasticloadbalancing",
            "CreateLoadBalancer",
            "elasticloadbalancing:AddTags",
        ),
    ] {
        let tagged = r#"{"tags":[{"key":"a","value":"b"}]}"#;
        assert_eq!(
            strength_of(action, service, name, tagged),
            Some(Strength::Certain),
            "{name}"
        );
        assert_eq!(
            strength_of(action, service, name, r#"{"tags":[]}"#),
            None,
            "{name}"
        );
    }
    let domain = r#"{"domainName":"d","tagList":[{"key":"a","value":"b"}]}"#;
    assert_eq!(
        strength_of("es:AddTags", "es", "CreateDomain", domain),
        Some(Strength::Possible)
    );
    let role = r#"{"roleName":"r","path":"/a/","tags":[{"key":"a","value":"b"}]}"#;
    let needs = needs("iam", "CreateRole", role);
    let tag = needs.iter().find(|need| need.action == "iam:TagRole");
    assert_eq!(
        tag.unwrap().resources,
        ["arn:aws:iam::111122223333:role/a/r"]
    );
}

#[test]
fn tags_inside_the_wrapper_of_a_request_and_under_its_other_name_are_seen() {
    for (name, wrapper) in [
        ("CreateLaunchTemplate", "CreateLaunchTemplateRequest"),
        ("CreateNatGateway", "CreateNatGatewayRequest"),
        ("CreateVpcEndpoint", "CreateVpcEndpointRequest"),
        ("CreateFleet", "CreateFleetRequest"),
        ("CreateFlowLogs", "CreateFlowLogsRequest"),
    ] {
        let parameters = format!(
            r#"{{"{wrapper}":{{"TagSpecification":{{"tag":1,"Tag":{{"Key":"a","Value":"b"}}}}}}}}"#
        );
        assert_eq!(
            strength_of("ec2:CreateTags", "ec2", name, &parameters),
            Some(Strength::Certain),
            "{name}"
        );
    }
    let trail = r#"{"name":"t","tagsList":[{"key":"a"}]}"#;
    assert_eq!(
        strength_of("cloudtrail:AddTags", "cloudtrail", "CreateTrail", trail),
        Some(Strength::Certain)
    );
}
