//! The JSON Schema of `agents.toml` against what is read of it: the same keys, each with an example that is accepted.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;

/// A file with that line in one of its tables.
type FileWith = fn(&str) -> String;

/// Where a table of the file is described in the schema, and a file with one more line in that table.
const TABLES: [(&str, FileWith); 4] = [
    ("", |line| format!("{line}\n")),
    ("/$defs/agent", |line| {
        let name = unless(line, "name", "name = \"a\"");
        let binding = unless(
            line,
            "binding",
            "[[agent.binding]]\nrole = \"arn:aws:iam::111122223333:role/a\"",
        );
        format!("[[agent]]\n{name}\n{line}\n{binding}\n")
    }),
    ("/$defs/binding", |line| {
        let role = unless(line, "role", "role = \"arn:aws:iam::111122223333:role/a\"");
        format!("[[agent]]\nname = \"a\"\n[[agent.binding]]\n{role}\n{line}\n")
    }),
    ("/$defs/envelope", |line| {
        agent_with(&format!("[agent.envelope]\n{line}"))
    }),
];

/// A line that is there anyhow, unless the other one has its key.
fn unless(line: &str, key: &str, usual: &'static str) -> &'static str {
    if line.starts_with(&format!("{key} = ")) {
        ""
    } else {
        usual
    }
}

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

fn keys(table: &Value) -> BTreeSet<String> {
    table["properties"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect()
}

/// A value of JSON in the words of TOML.
fn written(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(written).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("{key} = {}", written(value)))
                .collect();
            format!("{{ {} }}", members.join(", "))
        }
        scalar => scalar.to_string(),
    }
}

#[test]
fn the_schema_has_the_keys_that_are_read_and_no_others() {
    let schema = schema();
    for (place, file) in TABLES {
        let table = schema.pointer(place).unwrap();
        assert_eq!(table["additionalProperties"], false, "{place}");
        let (_, problem, remedy) = fault(&file("zzzzzzzzzzzz = 1"));
        assert_eq!(problem, "unknown key `zzzzzzzzzzzz`", "{place}");
        let read: BTreeSet<String> = remedy
            .trim_start_matches("write one of: ")
            .split(", ")
            .map(str::to_owned)
            .collect();
        assert_eq!(keys(table), read, "{place}");
    }
}

#[test]
fn every_example_of_the_schema_is_accepted() {
    let schema = schema();
    for (place, file) in TABLES.into_iter().skip(1) {
        for (key, described) in schema.pointer(place).unwrap()["properties"]
            .as_object()
            .unwrap()
        {
            let examples = described["examples"].as_array().unwrap();
            assert!(!examples.is_empty(), "{place}: {key}");
            for example in examples {
                let text = file(&format!("{key} = {}", written(example)));
                if let Err(error) = AgentsFile::parse(&text, "agents.toml") {
                    panic!("{error}\n{text}");
                }
            }
        }
    }
}

#[test]
fn the_words_of_the_schema_are_those_that_are_read() {
    let agent = &schema()["$defs"]["agent"]["properties"];
    for key in ["binding_pattern", "propagation_pattern"] {
        let words: Vec<&str> = agent[key]["enum"]
            .as_array()
            .unwrap()
            .iter()
            .map(|word| word.as_str().unwrap())
            .collect();
        let text = format!("[[agent]]\nname = \"a\"\n{key} = \"zzzzzzzz\"\n");
        let (_, _, remedy) = fault(&text);
        assert_eq!(remedy, format!("write one of: {}", words.join(", ")));
    }
}

/// What the schema says is wrong with a value: keys, types, words and lengths, which is what it says of them here.
fn faults(schema: &Value, rule: &Value, value: &Value, path: &str, found: &mut Vec<String>) {
    if let Some(place) = rule["$ref"].as_str() {
        let target = schema.pointer(place.trim_start_matches('#')).unwrap();
        faults(schema, target, value, path, found);
    }
    let kind = match value {
        Value::Object(_) => "object",
        Value::Array(_) => "array",
        Value::String(_) => "string",
        _ => "other",
    };
    if rule["type"].as_str().is_some_and(|wanted| wanted != kind) {
        found.push(format!("{path} is {kind}"));
    }
    if rule["enum"]
        .as_array()
        .is_some_and(|words| !words.contains(value))
    {
        found.push(format!("{path} is {value}"));
    }
    for (key, member) in value.as_object().into_iter().flatten() {
        match rule["properties"].get(key) {
            Some(rule) => faults(schema, rule, member, &format!("{path}/{key}"), found),
            None if rule["additionalProperties"] == false => found.push(format!("{path}/{key}")),
            None => {}
        }
    }
    for (number, item) in value.as_array().into_iter().flatten().enumerate() {
        faults(
            schema,
            &rule["items"],
            item,
            &format!("{path}/{number}"),
            found,
        );
    }
}

#[test]
fn the_sample_is_what_the_schema_describes() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../sample-data/agents.toml");
    let text = std::fs::read_to_string(path).unwrap();
    let file: Value = serde_json::to_value(toml::from_str::<toml::Table>(&text).unwrap()).unwrap();
    let schema = schema();
    let mut found = Vec::new();
    faults(&schema, &schema, &file, "", &mut found);
    assert_eq!(found, Vec::<String>::new());
    AgentsFile::parse(&text, "agents.toml").unwrap();
    let mut wrong = file;
    wrong["agent"][0]["bindings"] = Value::Null;
    faults(&schema, &schema, &wrong, "", &mut found);
    assert_eq!(found, ["/agent/0/bindings"]);
}
