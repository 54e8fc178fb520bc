//! `curtail map`: records of every form in, an answer a line out, in their order.

use std::process::Output;

use serde_json::{Value, json};

use crate::scene::{self, Scene};

fn curtail(arguments: &[&str], input: &[u8]) -> Output {
    let scene = Scene::new();
    scene::curtail_reading(&scene.path("."), arguments, input)
}

/// The answers to what stands on standard input, and the exit code.
fn map(arguments: &[&str], input: &[u8]) -> (Vec<Value>, Option<i32>) {
    let arguments: Vec<&str> = ["map", "--quiet"]
        .iter()
        .chain(arguments)
        .copied()
        .collect();
    let output = curtail(&arguments, input);
    let text = String::from_utf8(output.stdout).unwrap();
    let answers = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    (answers, output.status.code())
}

fn record(id: usize, source: &str, name: &str, more: &Value) -> Value {
    let mut record = json!({
        "eventVersion": "1.11", "eventID": format!("{id}"), "eventSource": source, "eventName": name,
        "awsRegion": "eu-west-1", "recipientAccountId": "111122223333", "eventType": "AwsApiCall",
        "userIdentity": {"type": "AssumedRole", "accountId": "111122223333"}, "requestParameters": null,
    });
    for (field, value) in more.as_object().unwrap() {
        record[field] = value.clone();
    }
    record
}

/// One record of each outcome.
fn records() -> Vec<Value> {
    let denied = "User: arn:aws:sts::111122223333:assumed-role/a/s is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/worker because no identity-based policy allows the iam:PassRole action";
    let function = json!({"functionName": "f", "role": "arn:aws:iam::111122223333:role/worker"});
    vec![
        record(
            0,
            "s3.amazonaws.com",
            "HeadObject",
            &json!({"requestParameters": {"bucketName": "b", "key": "k"}}),
        ),
        record(
            1,
            "lambda.amazonaws.com",
            "CreateFunction20150331",
            &json!({"requestParameters": function, "errorCode": "AccessDenied", "errorMessage": denied}),
        ),
        record(
            2,
            "ec2.amazonaws.com",
            "RunInstances",
            &json!({"errorCode": "Client.DryRunOperation"}),
        ),
        record(
            3,
            "dynamodb.amazonaws.com",
            "DescribeTable",
            &json!({"requestParameters": {"tableName": "t"}, "errorCode": "ResourceNotFoundException"}),
        ),
        record(
            4,
            "kms.amazonaws.com",
            "RotateKey",
            &json!({"eventType": "AwsServiceEvent"}),
        ),
        record(
            5,
            "ec2.amazonaws.com",
            "DescribeVpcs",
            &json!({"userIdentity": {"type": "AssumedRole", "invokedBy": "cloudformation.amazonaws.com"}}),
        ),
        record(6, "s3.amazonaws.com", "Frobnicate", &json!({})),
    ]
}

fn summaries(answers: &[Value]) -> Vec<(String, String, Vec<String>)> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    answers
        .iter()
        .map(|answer| {
            let needs = answer["needs"].as_array().unwrap();
            let certain = needs.iter().filter(|need| need["strength"] == "certain");
            let needs = certain
                .map(|need| format!("{} {}", text(&need["action"]), text(&need["resources"][0])));
            (
                text(&answer["event_id"]),
                text(&answer["outcome"]),
                needs.collect(),
            )
        })
        .collect()
}

#[test]
fn every_form_of_input_gives_the_same_answers_in_order() {
    let records = records();
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    let lines = lines.join("\n");
    let file = json!({ "Records": records }).to_string();
    let pretty = serde_json::to_string_pretty(&json!({ "Records": records })).unwrap();
    let packed = scene::gzip(file.as_bytes());
    let array = Value::Array(records).to_string();
    let (answers, code) = map(&[], lines.as_bytes());
    assert_eq!(code, Some(0));
    let expected = [
        ("0", "authorized", vec!["s3:GetObject arn:aws:s3:::b/k"]),
        (
            "1",
            "denied",
            vec!["iam:PassRole arn:aws:iam::111122223333:role/worker"],
        ),
        ("2", "dry_run", vec!["ec2:RunInstances *"]),
        (
            "3",
            "failed",
            vec!["dynamodb:DescribeTable arn:aws:dynamodb:eu-west-1:111122223333:table/t"],
        ),
        ("4", "service_event", vec![]),
        ("5", "authorized", vec!["ec2:DescribeVpcs *"]),
        ("6", "authorized", vec![]),
    ]
    .map(|(id, outcome, needs)| {
        (
            id.to_owned(),
            outcome.to_owned(),
            needs.into_iter().map(str::to_owned).collect(),
        )
    });
    assert_eq!(summaries(&answers), expected);
    assert_eq!(answers[4]["unmapped"], Value::Null);
    assert_eq!(answers[4]["needs_none"], "an event of the service itself");
    assert_eq!(answers[5]["via"], "cloudformation.amazonaws.com");
    assert_eq!(
        answers[6]["unmapped"],
        "the catalog knows no operation `s3:Frobnicate`"
    );
    for input in [
        file.as_bytes(),
        pretty.as_bytes(),
        array.as_bytes(),
        packed.as_slice(),
    ] {
        assert_eq!(map(&[], input), (answers.clone(), Some(0)));
    }
    let scene = Scene::new();
    scene.write("records.json", &file);
    let path = scene.path("records.json");
    assert_eq!(map(&[path.to_str().unwrap()], b"").0, answers);
}

#[test]
fn without_its_message_a_denied_record_is_mapped_by_name() {
    let denied = records()[1].to_string();
    let (answers, _) = map(&["--ignore-message"], denied.as_bytes());
    let needs = answers[0]["needs"].as_array().unwrap();
    let certain: Vec<&Value> = needs
        .iter()
        .filter(|need| need["strength"] == "certain")
        .collect();
    assert_eq!(certain[0]["action"], "lambda:CreateFunction");
    assert_eq!(certain[1]["action"], "iam:PassRole");
    assert_eq!(
        certain[1]["resources"],
        json!(["arn:aws:iam::111122223333:role/worker"])
    );
}

#[test]
fn whatever_json_comes_gets_a_line_and_the_rest_goes_on() {
    let odd = [
        "42".to_owned(),
        "null".to_owned(),
        "\"eventName\"".to_owned(),
        "{}".to_owned(),
        "{\"eventSource\":1,\"eventName\":[]}".to_owned(),
        "[[[[]]]]".to_owned(),
        "{\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"PutObject\",\"requestParameters\":\"text\",\"resources\":7}".to_owned(),
        format!("{{\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"{}\"}}", "x".repeat(100_000)),
        "[".repeat(3000),
        "{not json}".to_owned(),
        records()[0].to_string(),
    ];
    let (answers, code) = map(&[], odd.join("\n").as_bytes());
    assert_eq!(answers.len(), odd.len());
    assert_eq!(
        code,
        Some(3),
        "what is no record makes the answer one in part"
    );
    for answer in &answers[..10] {
        let told =
            !answer["needs"].as_array().unwrap().is_empty() || answer["unmapped"].is_string();
        assert!(told, "{answer}");
    }
    assert_eq!(answers[10]["needs"][0]["action"], "s3:GetObject");
}

#[test]
fn csv_has_a_line_for_each_action_and_resource() {
    let copy = record(
        0,
        "s3.amazonaws.com",
        "CopyObject",
        &json!({"requestParameters": {"bucketName": "to", "key": "=k", "x-amz-copy-source": "from/k"}}),
    );
    let output = curtail(&["map", "--format", "csv"], copy.to_string().as_bytes());
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines,
        [
            "event_id,event_source,event_name,outcome,via,action,strength,basis,resource,resource_basis,reason",
            "0,s3.amazonaws.com,CopyObject,authorized,,s3:GetObject,certain,hand,arn:aws:s3:::from/k,parameters,",
            "0,s3.amazonaws.com,CopyObject,authorized,,s3:PutObject,certain,hand,arn:aws:s3:::to/=k,parameters,",
        ]
    );
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let output = curtail(&["map", "no-such-file.json"], b"");
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("no-such-file.json"), "{text}");
}
