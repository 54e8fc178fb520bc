//! How long it takes to compare two managed policies of full size, 6,144 characters each.
//!
//! `cargo bench -p curtail-iam --bench containment`; the bar is 5 ms for each.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a benchmark has no callers, and stops where it cannot be set up"
)]

use curtail_iam::catalog::Catalog;
use curtail_iam::containment::{Actions, Containment, contains};
use curtail_iam::document::Document;
use curtail_iam::minimise::size;
use serde_json::{Value, json};

fn main() {
    // Unpacked once by every program that uses it.
    let one = vec![document(vec![
        json!({"Effect": "Allow", "Action": "*", "Resource": "*"}),
    ])];
    assert_eq!(
        compared(&one, &one, Actions::Listed),
        Containment::Contained
    );
    divan::main();
}

fn document(statements: Vec<Value>) -> Document {
    let mut value = json!({"Version": "2012-10-17"});
    value["Statement"] = Value::Array(statements);
    Document::from_value(value).expect("a document")
}

fn compared(wide: &[Document], narrow: &[Document], actions: Actions) -> Containment {
    contains(wide, narrow, actions, Catalog::embedded())
}

/// As many names as fit, from this one on, each cut by so many letters and followed by a star.
fn names(from: usize, cut: usize, resource: &str) -> Document {
    let mut actions: Vec<String> = Vec::new();
    for action in Catalog::embedded().actions().skip(from) {
        let kept = action
            .name
            .len()
            .saturating_sub(cut)
            .max(action.service.len() + 2);
        let name = action.name.get(..kept).unwrap_or(action.name);
        actions.push(if cut == 0 {
            name.to_owned()
        } else {
            format!("{name}*")
        });
        let statement = json!({"Effect": "Allow", "Action": actions, "Resource": resource});
        let full = document(vec![statement]);
        if size(&full) > 6_100 {
            return full;
        }
    }
    document(vec![
        json!({"Effect": "Allow", "Action": actions, "Resource": resource}),
    ])
}

/// As many small statements as fit, each on resources of its own and under a condition, every fifth a
/// deny.
fn statements(suffix: &str) -> Document {
    let mut list = Vec::new();
    for (place, action) in Catalog::embedded()
        .actions()
        .skip(3000)
        .step_by(97)
        .enumerate()
    {
        let effect = if place % 5 == 4 { "Deny" } else { "Allow" };
        list.push(json!({
            "Effect": effect,
            "Action": action.name,
            "Resource": format!("arn:aws:{}:*:111122223333:thing/{place}{suffix}", action.service),
            "Condition": {"StringLike": {"aws:RequestedRegion": ["eu-*", "us-*"]}},
        }));
        let full = document(list.clone());
        if size(&full) > 6_000 {
            return full;
        }
    }
    document(list)
}

#[divan::bench]
fn the_same_list_of_names(bencher: divan::Bencher<'_, '_>) {
    let list = [names(5000, 0, "*")];
    assert_eq!(
        compared(&list, &list, Actions::Every),
        Containment::Contained
    );
    bencher.bench(|| compared(&list, &list, Actions::Every));
}

#[divan::bench]
fn names_within_wildcards(bencher: divan::Bencher<'_, '_>) {
    let (wide, narrow) = ([names(5000, 3, "*")], [names(5000, 0, "*")]);
    assert_eq!(
        compared(&wide, &narrow, Actions::Every),
        Containment::Contained
    );
    bencher.bench(|| compared(&wide, &narrow, Actions::Every));
}

#[divan::bench]
fn wildcards_beyond_names(bencher: divan::Bencher<'_, '_>) {
    let (wide, narrow) = ([names(5000, 0, "*")], [names(5000, 3, "*")]);
    let found = compared(&wide, &narrow, Actions::Every);
    assert!(matches!(found, Containment::NotContained { .. }));
    bencher.bench(|| compared(&wide, &narrow, Actions::Every));
}

#[divan::bench]
fn many_statements_with_denies(bencher: divan::Bencher<'_, '_>) {
    let (wide, narrow) = ([statements("/*")], [statements("/a/*")]);
    bencher.bench(|| compared(&wide, &narrow, Actions::Every));
}

#[divan::bench]
fn halves_that_cover_together(bencher: divan::Bencher<'_, '_>) {
    // No pattern of the wide side covers one of the narrow side; two resources together do.
    let halves = |resource: Value| {
        let mut statement = names(5000, 2, "*").value()["Statement"][0].clone();
        let elements = statement.as_object_mut().expect("an object");
        elements.remove("Resource");
        elements.extend(resource.as_object().expect("an object").clone());
        statement
    };
    let wide = [
        document(vec![halves(json!({"Resource": "arn:aws:s3:::a*"}))]),
        document(vec![halves(json!({"NotResource": "arn:aws:s3:::ab*"}))]),
    ];
    let narrow = [names(5000, 2, "*")];
    assert_eq!(
        compared(&wide, &narrow, Actions::Every),
        Containment::Contained
    );
    bencher.bench(|| compared(&wide, &narrow, Actions::Every));
}

#[divan::bench]
fn an_administrator_against_every_letter(bencher: divan::Bencher<'_, '_>) {
    // All names that begin so, for every letter and digit, and those that do not.
    let letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    let mut actions: Vec<String> = Vec::new();
    for a in letters.chars() {
        actions.extend(letters.chars().step_by(3).map(|b| format!("{a}{b}*:*")));
    }
    let wide = [
        document(vec![
            json!({"Effect": "Allow", "Action": actions, "Resource": "*"}),
        ]),
        document(vec![
            json!({"Effect": "Allow", "NotAction": actions, "Resource": "*"}),
        ]),
    ];
    let narrow = [document(vec![
        json!({"Effect": "Allow", "Action": "*", "Resource": "*"}),
    ])];
    assert_eq!(
        compared(&wide, &narrow, Actions::Every),
        Containment::Contained
    );
    bencher.bench(|| compared(&wide, &narrow, Actions::Every));
}
