//! `curtail agents`: what it lists, what it discovers, and that what it writes is taken.

use std::fs;

use serde_json::{Value, json};

use crate::scene::{Scene, call, role, role_arn, with};

const IN: &str = "2026-09-20T10:00:00Z";

/// Two functions that share a role, a role that invokes models, and nobody declared.
fn scene() -> Scene {
    let scene = Scene::new();
    let work = json!([{"Sid": "Work", "Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]);
    let mut shared = role("shared", &work);
    shared["Tags"] =
        json!([{"Key": "owner", "Value": "team@corp.example"}, {"Key": "cost", "Value": "7"}]);
    let mut thinker = role("thinker", &work);
    thinker["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] =
        json!({"AWS": "arn:aws:iam::111122223333:root"});
    scene.iam(&[shared, thinker], &[]);
    scene.selectors(&[]);
    let of_function = |id: &str, name: &str| {
        let mut record = call(id, "shared", "s3:ListBuckets", IN);
        record["userIdentity"]["inScopeOf"] = json!({
            "issuerType": "AWS::Lambda::Function",
            "credentialsIssuedTo": format!("arn:aws:lambda:eu-west-1:111122223333:function:{name}"),
        });
        record
    };
    let model = with(
        call("e-3", "thinker", "bedrock:InvokeModel", IN),
        "requestParameters",
        json!({"modelId": "eu.anthropic.claude-sonnet-4"}),
    );
    scene.trail(
        "A",
        &[
            of_function("e-1", "reader"),
            of_function("e-2", "writer"),
            model,
        ],
    );
    scene.run();
    scene
}

fn printed(scene: &Scene, arguments: &[&str]) -> String {
    let output = scene.curtail(arguments);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_is_discovered_is_written_and_taken_and_told_apart() {
    let scene = scene();
    let text = printed(&scene, &["agents", "--discover"]);
    for expected in [
        "# session (low): sessions were issued to the function arn:aws:lambda:eu-west-1:111122223333:function:reader",
        "name = \"reader\"\nowners = [\"team@corp.example\"]",
        "lambda_function = \"arn:aws:lambda:eu-west-1:111122223333:function:writer\"",
        "# model_invocation (medium): invoked models 1 times",
        "name = \"thinker\"\nowners = []",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }

    printed(&scene, &["agents", "--discover", "--out", "found.toml"]);
    assert_eq!(fs::read_to_string(scene.path("found.toml")).unwrap(), text);
    let again = scene.curtail(&["agents", "--discover", "--out", "found.toml"]);
    assert_eq!(again.status.code(), Some(2));
    let said = String::from_utf8(again.stderr).unwrap();
    assert!(
        said.contains("found.toml") && said.contains("--force"),
        "{said}"
    );
    printed(
        &scene,
        &[
            "agents",
            "--discover",
            "--confidence",
            "high",
            "--out",
            "found.toml",
            "--force",
        ],
    );
    assert!(
        !fs::read_to_string(scene.path("found.toml"))
            .unwrap()
            .contains("[[agent]]")
    );

    scene.agents(&text);
    let rows: Value =
        serde_json::from_str(&printed(&scene, &["agents", "--format", "json"])).unwrap();
    let told: Vec<(&str, &str, i64)> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let observed = row["observed"].as_str().unwrap();
            (
                row["agent"].as_str().unwrap(),
                observed,
                row["calls"].as_i64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("reader", "lambda_function", 1),
            ("thinker", "role", 1),
            ("writer", "lambda_function", 1)
        ]
    );
}

#[test]
fn a_declared_role_that_was_never_seen_is_listed() {
    let scene = scene();
    scene.agents(&format!(
        "[[agent]]\nname = \"idle\"\n[[agent.binding]]\nrole = \"{}\"\nsession_name = \"idle-*\"\n",
        role_arn("thinker")
    ));
    let text = printed(&scene, &["agents"]);
    assert!(text.contains("session_name=idle-*"), "{text}");
    let csv = printed(&scene, &["agents", "--format", "csv"]);
    assert_eq!(
        csv,
        format!(
            "agent,role,declared,observed,calls,sessions,last call\r\nidle,{},session_name=idle-*,,0,0,\r\n",
            role_arn("thinker")
        )
    );
}

#[test]
fn the_signs_are_given_to_programs_and_the_schema_needs_no_lake() {
    let scene = scene();
    let signs: Value = serde_json::from_str(&printed(
        &scene,
        &[
            "agents",
            "--discover",
            "--confidence",
            "medium",
            "--format",
            "json",
        ],
    ))
    .unwrap();
    assert_eq!(signs.as_array().unwrap().len(), 1, "{signs}");
    assert_eq!(signs[0]["kind"], "model_invocation");
    let schema: Value =
        serde_json::from_str(&printed(&Scene::new(), &["agents", "--schema"])).unwrap();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
}
