//! Tests of calls whose parameters change what they need, on whole events.

use crate::catalog::Catalog;
use crate::event::{EventCall, EventMapping, MappedAction, Strength, map_event};

fn needs(service: &str, name: &str, parameters: &str, message: Option<&str>) -> Vec<MappedAction> {
    let call = EventCall {
        event_source: &format!("{service}.amazonaws.com"),
        event_name: name,
        request_parameters: Some(parameters),
        error_message: message,
        aws_region: Some("eu-west-1"),
        account_id: Some("111122223333"),
        ..EventCall::default()
    };
    match map_event(&call, Catalog::embedded()) {
        EventMapping::Actions(needs) => needs,
        other => panic!("{name} gives {other:?}"),
    }
}

/// The certain actions besides the call's own.
fn besides(service: &str, name: &str, parameters: &str) -> Vec<String> {
    let own = format!("{service}:{name}");
    let needs = needs(service, name, parameters, None);
    let certain = needs
        .iter()
        .filter(|need| need.strength == Strength::Certain && need.action != own);
    certain
        .map(|need| need.action.clone().into_owned())
        .collect()
}

#[test]
fn tags_of_a_token_and_of_a_federated_session_need_their_own_actions() {
    let tags = r#"{"audience":["a"],"tags":[{"key":"a","value":"b"}]}"#;
    assert_eq!(
        besides("sts", "GetWebIdentityToken", tags),
        ["sts:TagGetWebIdentityToken"]
    );
    for name in ["AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"] {
        for tags in [r#"{"a":"b"}"#, r#"[{"key":"a","value":"b"}]"#] {
            let parameters = format!(
                r#"{{"roleArn":"arn:aws:iam::111122223333:role/r","principalTags":{tags}}}"#
            );
            assert_eq!(
                besides("sts", name, &parameters),
                ["sts:TagSession"],
                "{name}"
            );
        }
    }
}

/// Symptom: a header that said `false` was said to step over retention.
#[test]
fn a_header_that_says_no_needs_nothing() {
    let no = r#"{"bucketName":"b","key":"k","x-amz-bypass-governance-retention":"false"}"#;
    let yes = no.replace("false", "true");
    for name in ["DeleteObject", "PutObjectRetention", "DeleteObjects"] {
        let bypass = "s3:BypassGovernanceRetention".to_owned();
        assert!(!besides("s3", name, no).contains(&bypass), "{name}");
        assert!(besides("s3", name, &yes).contains(&bypass), "{name}");
    }
}

#[test]
fn what_a_bucket_is_made_with_needs_its_own_actions() {
    for (header, actions) in [
        (
            r#""x-amz-bucket-object-lock-enabled":"true""#,
            [
                "s3:PutBucketObjectLockConfiguration",
                "s3:PutBucketVersioning",
            ]
            .as_slice(),
        ),
        (r#""x-amz-bucket-object-lock-enabled":"false""#, &[]),
        (r#""x-amz-acl":"public-read""#, &["s3:PutBucketAcl"]),
        (r#""x-amz-acl":["private"]"#, &[]),
        (r#""x-amz-grant-read":"id=1""#, &["s3:PutBucketAcl"]),
        (
            r#""x-amz-object-ownership":"ObjectWriter""#,
            &["s3:PutBucketOwnershipControls"],
        ),
    ] {
        let parameters = format!(r#"{{"bucketName":"b",{header}}}"#);
        assert_eq!(
            besides("s3", "CreateBucket", &parameters),
            actions,
            "{header}"
        );
    }
}

#[test]
fn each_layer_of_a_function_is_read() {
    let layer = "arn:aws:lambda:eu-west-1:444455556666:layer:l:3";
    let parameters = format!(r#"{{"functionName":"f","layers":["{layer}","arn:aws:s3:::b"]}}"#);
    for name in [
        "CreateFunction20150331",
        "UpdateFunctionConfiguration20150331v2",
    ] {
        let needs = needs("lambda", name, &parameters, None);
        let read: Vec<_> = needs
            .iter()
            .filter(|need| need.action == "lambda:GetLayerVersion")
            .collect();
        assert_eq!(read.len(), 1, "{needs:?}");
        assert_eq!(read[0].strength, Strength::Certain);
        assert_eq!(read[0].resources, [layer]);
    }
}

#[test]
fn a_message_without_a_resource_leaves_it_to_the_call() {
    let user = "User: arn:aws:iam::111122223333:user/a is not authorized to perform: ";
    let item = r#"{"tableName":"t"}"#;
    let table = "arn:aws:dynamodb:eu-west-1:111122223333:table/t";
    for (text, resource) in [
        ("dynamodb:PutItem", table),
        ("dynamodb:PutItem on resource: *", "*"),
        ("iam:PassRole", "*"),
    ] {
        let message = format!("{user}{text}");
        let needs = needs("dynamodb", "PutItem", item, Some(&message));
        assert_eq!(needs.len(), 1);
        assert_eq!(needs[0].resources, [resource], "{text}");
    }
}
