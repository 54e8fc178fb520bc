//! What each form gives, and what it takes to tell account and region.

use super::*;

const FUNCTION: &str = "arn:aws:lambda:eu-west-1:111122223333:function:f";

fn one(document: Value) -> Entry {
    entries(document).unwrap().remove(0)
}

fn refused(type_name: &str, properties: &Value) -> String {
    entries(json!({"TypeName": type_name, "ResourceDescriptions": [
        {"Identifier": "x", "Properties": properties.to_string()}]}))
    .unwrap_err()
}

#[test]
fn a_list_and_a_single_resource_give_the_same_entry() {
    let description = json!({"Identifier": "f", "Properties": json!({"FunctionName": "f", "Arn": FUNCTION}).to_string()});
    let listed =
        one(json!({"ResourceDescriptions": [description], "TypeName": "AWS::Lambda::Function"}));
    let got = one(json!({"TypeName": "AWS::Lambda::Function", "ResourceDescription": description}));
    assert_eq!(listed, got);
    assert_eq!(
        (
            listed.kind.as_str(),
            listed.account_id.as_str(),
            listed.name.as_str()
        ),
        ("resource", "111122223333", "f")
    );
    assert_eq!(listed.id, "AWS::Lambda::Function|eu-west-1|f");
    assert_eq!(listed.arn, FUNCTION);
    assert_eq!(listed.document["Properties"]["Arn"], FUNCTION);
    assert_eq!(listed.document["Region"], "eu-west-1");
}

#[test]
fn the_members_of_the_document_are_stronger_than_what_is_found() {
    let entry = one(
        json!({"TypeName": "AWS::Lambda::Permission", "AccountId": "444455556666",
        "Region": "us-east-1", "ResourceDescriptions": [{"Identifier": "f|s",
        "Properties": json!({"FunctionName": FUNCTION}).to_string()}]}),
    );
    assert_eq!(entry.account_id, "444455556666");
    assert_eq!(entry.id, "AWS::Lambda::Permission|us-east-1|f|s");
}

#[test]
fn a_queue_url_and_agreeing_arns_tell_account_and_region() {
    let queue = one(
        json!({"TypeName": "AWS::SQS::QueueInlinePolicy", "ResourceDescription":
            {"Identifier": "https://sqs.eu-west-1.amazonaws.com/111122223333/q", "Properties": "{}"}}),
    );
    assert_eq!(queue.account_id, "111122223333");
    assert_eq!(queue.document["Region"], "eu-west-1");
    let agreed = one(
        json!({"TypeName": "AWS::Lambda::Permission", "ResourceDescription":
            {"Identifier": "f|s", "Properties": {"FunctionName": FUNCTION, "SourceArn": "arn:aws:s3:::b"}}}),
    );
    assert_eq!(agreed.account_id, "111122223333");
}

#[test]
fn a_resource_of_a_global_service_needs_no_region() {
    let entry = one(
        json!({"TypeName": "AWS::S3::BucketPolicy", "AccountId": "111122223333",
            "ResourceDescription": {"Identifier": "b", "Properties": "{\"Bucket\": \"b\"}"}}),
    );
    assert_eq!(entry.id, "AWS::S3::BucketPolicy|b");
    assert_eq!(entry.document["Region"], Value::Null);
}

#[test]
fn what_tells_no_account_or_two_is_refused_with_a_remedy() {
    for properties in [
        json!({"Bucket": "b"}),
        json!({"A": "arn:aws:iam::111122223333:role/a", "B": "arn:aws:iam::444455556666:role/b"}),
    ] {
        let reason = refused("AWS::S3::BucketPolicy", &properties);
        assert!(
            reason.contains("the account of") && reason.contains("\"AccountId\""),
            "{reason}"
        );
    }
    let no_region = refused(
        "AWS::Lambda::Function",
        &json!({"Role": "arn:aws:iam::111122223333:role/a"}),
    );
    assert!(no_region.contains("the region of"), "{no_region}");
}

#[test]
fn broken_properties_are_named() {
    let broken =
        json!({"TypeName": "T", "ResourceDescription": {"Identifier": "x", "Properties": "{"}});
    assert!(entries(broken).unwrap_err().contains("T `x` are not JSON"));
    let list =
        json!({"TypeName": "T", "ResourceDescription": {"Identifier": "x", "Properties": "[]"}});
    assert!(entries(list).unwrap_err().contains("are no object"));
    let nameless = json!({"TypeName": "T", "ResourceDescription": {"Properties": "{}"}});
    assert!(entries(nameless).unwrap_err().contains("no `Identifier`"));
}
