//! Documents of every form, read and printed: nothing is lost, whatever their white space.

use proptest::prelude::*;
use serde_json::json;

use crate::document::*;

/// One or several texts, as a single one or as a list.
fn one_or_many(texts: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop_oneof![
        prop::sample::select(texts).prop_map(Value::from),
        prop::collection::vec(prop::sample::select(texts), 0..4).prop_map(Value::from),
    ]
}

fn conditions() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i32>().prop_map(|n| Value::from(f64::from(n) / 64.0)),
        "\\PC{0,6}".prop_map(Value::from),
    ];
    let keys = prop::collection::hash_map(
        "aws:[a-zé\"]{1,4}",
        prop::collection::vec(scalar, 0..3),
        0..3,
    );
    let block = prop::collection::hash_map("[A-Z][a-z]{1,6}", keys, 0..3);
    block.prop_map(|block| json!(block))
}

/// Statements of every form, their elements in any order.
fn statements() -> impl Strategy<Value = Value> {
    let action = (
        prop::sample::select(vec!["Action", "NotAction"]),
        one_or_many(&["*", "s3:Get*", "iam:Pass?ole"]),
    );
    let resource = (
        prop::sample::select(vec!["Resource", "NotResource"]),
        one_or_many(&["*", "arn:aws:s3:::b/${aws:username}"]),
    );
    let principal = (
        prop::sample::select(vec!["Principal", "NotPrincipal"]),
        prop_oneof![
            Just(json!("*")),
            one_or_many(&["*", "111122223333"]).prop_map(|aws| json!({"AWS": aws})),
            one_or_many(&["lambda.amazonaws.com"])
                .prop_map(|service| json!({"Service": service, "CanonicalUser": []})),
        ],
    );
    let effect = prop::sample::select(vec!["Allow", "Deny"]);
    (
        effect,
        action,
        prop::option::of(resource),
        prop::option::of(principal),
        prop::option::of(conditions()),
        prop::option::of("\\PC{0,5}"),
    )
        .prop_map(|(effect, action, resource, principal, condition, sid)| {
            let mut elements = vec![("Effect", json!(effect)), action];
            elements.extend(resource);
            elements.extend(principal);
            elements.extend(condition.map(|block| ("Condition", block)));
            elements.extend(sid.map(|sid| ("Sid", json!(sid))));
            elements
        })
        .prop_shuffle()
        .prop_map(|elements| {
            let elements = elements
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value));
            Value::Object(elements.collect())
        })
}

fn documents() -> impl Strategy<Value = Value> {
    let many = prop_oneof![
        statements(),
        prop::collection::vec(statements(), 1..4).prop_map(Value::from),
    ];
    let version = prop::option::of(prop::sample::select(vec!["2008-10-17", "2012-10-17"]));
    (many, version).prop_map(|(statements, version)| match version {
        Some(version) => json!({"Version": version, "Statement": statements}),
        None => json!({"Statement": statements}),
    })
}

/// White space put between the parts of a JSON text.
fn with_space(text: &str, spaces: &[&str]) -> String {
    let mut loose = String::new();
    let (mut quoted, mut escaped) = (false, false);
    for (index, character) in text.chars().enumerate() {
        let mark = !quoted && "{}[]:,".contains(character);
        let space = spaces[index % spaces.len()];
        loose.extend(mark.then_some(space));
        loose.push(character);
        loose.extend(mark.then_some(space));
        quoted ^= character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
    }
    loose
}

proptest! {
    #[test]
    fn whatever_its_white_space_a_document_prints_without_loss(
        value in documents(),
        spaces in prop::collection::vec(prop::sample::select(vec!["", " ", "\n", "\r\n\t", "  "]), 1..6),
    ) {
        let text = value.to_string();
        let document = Document::parse(&with_space(&text, &spaces)).unwrap();
        prop_assert_eq!(document.to_string(), text.clone());
        prop_assert_eq!(document.to_pretty(), format!("{value:#}"));
        prop_assert_eq!(serde_json::to_string(&document).unwrap(), text.clone());
        prop_assert_eq!(&Document::parse(&document.to_pretty()).unwrap(), &document);
        prop_assert_eq!(&Document::from_value(value).unwrap(), &document);
    }

    #[test]
    fn each_statement_stands_where_its_position_says(value in documents()) {
        let document = Document::parse(&format!("{value:#}")).unwrap();
        let text = document.to_pretty();
        let positions = document.positions().unwrap();
        for index in 0..document.statements.len() {
            let at = positions.of(&Path::statement(index).element("Effect")).unwrap();
            let line = text.split('\n').nth(at.line - 1).unwrap();
            let rest: String = line.chars().skip(at.column - 1).collect();
            prop_assert!(rest.starts_with("\"Effect\": "), "{}", rest);
        }
    }

    #[test]
    fn every_check_answers(value in documents()) {
        let document = Document::from_value(value).unwrap();
        for policy_use in [PolicyUse::Identity, PolicyUse::Resource, PolicyUse::Trust, PolicyUse::ResourceControl] {
            let _ = document.check(policy_use);
            let _ = crate::lint::lint(&document, policy_use, crate::catalog::Catalog::embedded());
        }
    }
}
