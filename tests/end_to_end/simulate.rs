//! `curtail simulate` and `curtail lint`: policies in, decisions and findings out.

use std::process::Output;

use serde_json::{Value, json};

use crate::scene::{self, Scene};

fn curtail(arguments: &[&str], input: &[u8]) -> Output {
    let scene = Scene::new();
    scene::curtail_reading(&scene.path("."), arguments, input)
}

fn allow(action: &str, resource: &str) -> Value {
    json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": action, "Resource": resource}})
}

fn case(id: &str, action: &str, more: &Value) -> String {
    let mut case = json!({
        "id": id,
        "principal": {"arn": "arn:aws:sts::111122223333:assumed-role/app/session"},
        "request": {
            "action": action, "resource": "arn:aws:s3:::bucket/key",
            "resourceAccount": "111122223333", "context": {},
        },
        "identity_policies": [allow("s3:Get*", "*")],
    });
    for (field, value) in more.as_object().unwrap() {
        case[field] = value.clone();
    }
    case.to_string()
}

#[test]
fn each_case_is_decided_in_its_order_and_bad_lines_are_told() {
    let deny = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]});
    let by_address = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*",
        "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}});
    let lines = [
        case("allowed", "s3:GetObject", &json!({})),
        "{\"id\": 7, \"principal\": 3}".to_owned(),
        String::new(),
        case("no allow", "s3:PutObject", &json!({})),
        case(
            "scp",
            "s3:GetObject",
            &json!({"scps": [[allow("*", "*")], [allow("*", "*"), deny]]}),
        ),
        case(
            "unknown",
            "s3:GetObject",
            &json!({"identity_policies": [by_address], "context_complete": false}),
        ),
        "not JSON".to_owned(),
    ];
    let output = curtail(&["simulate", "--quiet"], lines.join("\n").as_bytes());
    assert_eq!(output.status.code(), Some(3));
    let text = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let decisions: Vec<(&Value, Option<&str>)> = answers
        .iter()
        .map(|answer| (&answer["id"], answer["decision"].as_str()))
        .collect();
    let expected = [
        (&json!("allowed"), Some("allowed")),
        (&json!(7), None),
        (&json!("no allow"), Some("implicitly_denied")),
        (&json!("scp"), Some("explicitly_denied")),
        (&json!("unknown"), Some("undecided")),
        (&Value::Null, None),
    ];
    assert_eq!(decisions, expected);
    let by = json!([{"policy": "identity_policies[0]", "statement": 0}]);
    assert_eq!(answers[0]["by"], by);
    assert_eq!(answers[3]["by"][0]["policy"], "scps[1][1]");
    assert_eq!(answers[4]["needs"], json!(["aws:sourceip"]));
    assert!(answers[1]["error"].is_string() && answers[5]["error"].is_string());
}

#[test]
fn cases_of_a_file_are_decided_and_shown_as_csv() {
    let scene = Scene::new();
    scene.write("cases.jsonl", &case("=1", "s3:GetObject", &json!({})));
    let output = scene.curtail(&["simulate", "--cases", "cases.jsonl", "--format", "csv"]);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        text,
        "id,decision,by,needs,error\r\n\"'=1\",allowed,identity_policies[0].0,,\r\n"
    );
    let missing = scene.curtail(&["simulate", "--cases", "no-such-file"]);
    assert_eq!(missing.status.code(), Some(2));
}

#[test]
fn the_linter_tells_file_line_and_remedy() {
    let scene = Scene::new();
    scene.write(
        "policy.json",
        "{\n \"Version\": \"2012-10-17\",\n \"Statement\": {\n  \"Effect\": \"Allow\",\n  \"Action\": \"s3:GetObjekt\",\n  \"Resource\": \"*\"\n }\n}\n",
    );
    let output = scene.curtail(&["lint", "policy.json"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.starts_with("policy.json:5:") && text.contains("s3:GetObject"),
        "{text}"
    );
    let strict = scene.curtail(&["lint", "policy.json", "--fail-on", "note"]);
    assert_eq!(strict.status.code(), Some(1));
    scene.write("torn.json", "{\"Statement\": ");
    let torn = scene.curtail(&["lint", "torn.json", "--format", "json"]);
    assert_eq!(torn.status.code(), Some(1));
    let found: Value = serde_json::from_slice(&torn.stdout).unwrap();
    assert_eq!(found[0]["code"], "not-a-policy");
}
