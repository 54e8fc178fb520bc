//! What stands where in the document.

use super::*;

fn material(kind: &str, item: &str, declared: Option<bool>) -> Material {
    Material {
        agent: "planner".to_owned(),
        kind: kind.to_owned(),
        item: item.to_owned(),
        declared,
        observed: true,
        first_seen: Some("2026-09-01T00:00:00Z".parse().unwrap()),
        last_seen: None,
        calls: 3,
        detail: Some("\u{1b}[31m\"quoted\"".to_owned()),
    }
}

fn document(materials: &[Material]) -> Value {
    let agents = crate::AgentsFile::parse(
        "[[agent]]\nname = \"planner\"\nowners = [\"a@example.com\"]\npurpose = \"plans\"\n[[agent.binding]]\nrole = \"arn:aws:iam::111122223333:role/r\"\n",
        "agents.toml",
    )
    .unwrap();
    let agent = agents.declared().unwrap()[0].clone();
    cyclonedx(
        Subject {
            agent: &agent,
            as_of: "2026-10-01T00:00:00Z".parse().unwrap(),
            run_id: "run",
        },
        materials,
    )
}

#[test]
fn models_and_data_are_components_and_tools_are_services() {
    let document = document(&[
        material("tool", "f", Some(true)),
        material("model", "m", Some(false)),
        material("data_store", "d", None),
        material("role", "r", Some(true)),
        Material {
            agent: "other".to_owned(),
            ..material("model", "n", None)
        },
    ]);
    assert_eq!(document["specVersion"], "1.6");
    let names = |list: &str| -> Vec<(Value, Value)> {
        document[list]
            .as_array()
            .unwrap()
            .iter()
            .map(|part| (part["name"].clone(), part["type"].clone()))
            .collect()
    };
    assert_eq!(
        names("components"),
        [
            (json!("d"), json!("data")),
            (json!("m"), json!("machine-learning-model"))
        ]
    );
    assert_eq!(names("services"), [(json!("f"), Value::Null)]);
    assert_eq!(
        document["dependencies"][0]["dependsOn"],
        json!(["data_store:d", "model:m", "tool:f"])
    );
    let of_agent = &document["metadata"]["component"]["properties"];
    assert!(
        of_agent
            .as_array()
            .unwrap()
            .contains(&json!({"name": "curtail:role", "value": "r (declared and observed)"}))
    );
    assert_eq!(
        document["components"][0]["properties"][0]["value"],
        "unknown"
    );
}

#[test]
fn order_and_repetition_of_the_input_do_not_matter() {
    let (one, two) = (material("tool", "f", None), material("tool", "g", None));
    assert_eq!(
        document(&[one.clone(), two.clone()]),
        document(&[two, one.clone(), one])
    );
}

#[test]
fn a_serial_number_is_a_uuid() {
    let number = document(&[])["serialNumber"].as_str().unwrap().to_owned();
    let groups: Vec<usize> = number
        .strip_prefix("urn:uuid:")
        .unwrap()
        .split('-')
        .map(str::len)
        .collect();
    assert_eq!(groups, [8, 4, 4, 4, 12]);
    assert_eq!(&number[23..24], "8");
}
