//! Cuts of actions on some resources.

use proptest::prelude::*;
use serde_json::json;

use super::cut::*;
use super::*;

const A: &str = "arn:aws:s3:::a/*";
const B: &str = "arn:aws:s3:::b/*";

fn document(statements: Value) -> Document {
    let mut document = json!({"Version": "2012-10-17"});
    document["Statement"] = statements;
    Document::from_value(document).unwrap()
}

fn cuts(cuts: &[(&str, &str)]) -> BTreeSet<Cut> {
    let cut = |&(action, resource): &(&str, &str)| Cut {
        action: action.to_owned(),
        resource: resource.to_owned(),
    };
    cuts.iter().map(cut).collect()
}

fn made(statements: Value, list: &[(&str, &str)]) -> CutOut {
    cut_out(&document(statements), &cuts(list), Catalog::embedded()).unwrap()
}

fn left(statements: Value, list: &[(&str, &str)]) -> Value {
    let document = made(statements, list).document;
    document.map_or(Value::Null, |document| {
        document.value()["Statement"].clone()
    })
}

#[test]
fn an_arn_cut_short_is_cut_with_what_it_stands_for() {
    let statements = || json!([{"Effect": "Allow", "Action": ["sqs:SendMessage", "sqs:ReceiveMessage"], "Resource": "arn:aws:sqs"}]);
    assert_eq!(
        left(statements(), &[("sqs:sendmessage", "arn:aws:sqs:*:*:*")]),
        json!([{"Effect": "Allow", "Action": ["sqs:ReceiveMessage"], "Resource": "arn:aws:sqs"}])
    );
    let queue = "arn:aws:sqs:eu-west-1:111122223333:q";
    let partly = made(statements(), &[("sqs:sendmessage", queue)]);
    assert!(!partly.changed);
    assert_eq!(partly.refused.len(), 1);
}

#[test]
fn the_action_moves_to_the_resources_that_it_keeps() {
    let statements = json!([{
        "Sid": "Objects",
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        "Resource": [A, B],
        "Condition": {"Bool": {"aws:SecureTransport": "true"}},
    }]);
    assert_eq!(
        left(statements, &[("s3:deleteobject", A)]),
        json!([
            {
                "Sid": "Objects",
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": [A, B],
                "Condition": {"Bool": {"aws:SecureTransport": "true"}},
            },
            {
                "Sid": "Objects2",
                "Effect": "Allow",
                "Action": ["s3:DeleteObject"],
                "Resource": [B],
                "Condition": {"Bool": {"aws:SecureTransport": "true"}},
            },
        ])
    );
}

#[test]
fn a_statement_is_split_only_where_it_must_be() {
    let statement =
        json!({"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": [A, B]});
    let all_of_a = [("s3:GetObject", A), ("s3:PutObject", A)];
    assert_eq!(
        left(json!([statement]), &all_of_a)[0]["Resource"],
        json!([B])
    );
    let one_everywhere = [("s3:GetObject", A), ("s3:GetObject", B)];
    let found = left(json!([statement]), &one_everywhere);
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!(found[0]["Action"], json!(["s3:PutObject"]));
    let everything = [("s3:GetObject", "*"), ("s3:PutObject", "*")];
    assert_eq!(left(json!([statement]), &everything), Value::Null);
}

#[test]
fn resources_are_split_where_that_is_shorter() {
    let actions = [
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:GetObjectAcl",
    ];
    let statement = json!({"Effect": "Allow", "Action": actions, "Resource": [A, B]});
    let list: Vec<(&str, &str)> = actions.iter().skip(1).map(|&action| (action, A)).collect();
    let found = left(json!([statement]), &list);
    assert_eq!(found.as_array().unwrap().len(), 2);
    let on_a = json!({"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": [A]});
    assert_eq!(found[0], on_a);
    assert_eq!(found[1]["Action"], json!(actions));
    assert_eq!(found[1]["Resource"], json!([B]));
}

#[test]
fn a_cut_from_everything_is_made_with_not_resource() {
    let statements =
        json!([{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*"}]);
    assert_eq!(
        left(statements, &[("s3:GetObject", A)]),
        json!([
            {"Effect": "Allow", "Action": ["s3:PutObject"], "Resource": "*"},
            {"Effect": "Allow", "Action": ["s3:GetObject"], "NotResource": A},
        ])
    );
    let statements = json!([{"Effect": "Allow", "Action": "s3:GetObject", "NotResource": [B]}]);
    assert_eq!(
        left(statements, &[("s3:GetObject", A)]),
        json!([{"Effect": "Allow", "Action": "s3:GetObject", "NotResource": [B, A]}])
    );
}

#[test]
fn a_part_of_a_wildcard_is_refused_and_named() {
    let statements = json!([
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": A},
        {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::*"},
    ]);
    let found = made(
        statements.clone(),
        &[("s3:GetObject", A), ("s3:PutObject", "arn:aws:s3:::*")],
    );
    assert_eq!(found.refused.len(), 1);
    assert_eq!(found.refused[0].statement, 1);
    assert_eq!(found.refused[0].reason, Refusal::PartOfAWildcard);
    assert_eq!(found.removed, cuts(&[("s3:PutObject", "arn:aws:s3:::*")]));
    let first = found.document.unwrap().value()["Statement"][0].clone();
    assert_eq!(first, statements[0]);
}

#[test]
fn denies_and_what_is_apart_stay() {
    let statements = json!([
        {"Effect": "Deny", "Action": "s3:GetObject", "Resource": A},
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": B},
    ]);
    let found = made(statements, &[("s3:GetObject", A), ("s3:Get*", B)]);
    assert!(!found.changed && found.removed.is_empty() && found.refused.is_empty());
}

#[test]
fn not_action_is_cut_on_one_resource_too() {
    let statements = json!([{"Effect": "Allow", "NotAction": "iam:*", "Resource": [A, B]}]);
    let found = left(statements, &[("s3:GetObject", A)]);
    assert_eq!(
        found,
        json!([
            {"Effect": "Allow", "NotAction": ["iam:*", "s3:GetObject"], "Resource": [A]},
            {"Effect": "Allow", "NotAction": "iam:*", "Resource": [B]},
        ])
    );
}

fn statement() -> impl Strategy<Value = Value> {
    let actions = [
        "s3:GetObject",
        "s3:PutObject",
        "s3:GetObjectAcl",
        "s3:Get*",
        "s3:*",
        "sqs:SendMessage",
    ];
    let resources = [
        A,
        B,
        "arn:aws:s3:::a/x",
        "arn:aws:s3:::*",
        "*",
        "arn:aws:s3:::${aws:username}/*",
    ];
    let pick = |from: &'static [&'static str]| {
        proptest::collection::btree_set(proptest::sample::select(from), 1..4)
    };
    let actions = pick(Box::leak(Box::new(actions)));
    let resources = pick(Box::leak(Box::new(resources)));
    (actions, resources, 0..6_u8).prop_map(|(actions, resources, kind)| {
        let action = if kind == 1 { "NotAction" } else { "Action" };
        let resource = if kind == 2 { "NotResource" } else { "Resource" };
        let mut statement = json!({"Effect": if kind == 3 { "Deny" } else { "Allow" }});
        statement[action] = json!(actions);
        statement[resource] = json!(resources);
        if kind == 4 {
            statement["Condition"] = json!({"StringEquals": {"aws:RequestedRegion": "a"}});
        }
        statement
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// The proof inside is what is tried here: no edit may fail it.
    #[test]
    fn every_cut_passes_its_own_proof(
        statements in proptest::collection::vec(statement(), 1..4),
        list in proptest::collection::vec(
            (
                proptest::sample::select(&["s3:GetObject", "s3:PutObject", "sqs:SendMessage", "made:Up"][..]),
                proptest::sample::select(&[A, B, "*", "arn:aws:s3:::*", "arn:aws:s3:::${aws:username}/*"][..]),
            ),
            1..4,
        ),
    ) {
        let document = document(json!(statements));
        let found = cut_out(&document, &cuts(&list), Catalog::embedded());
        prop_assert!(found.is_ok(), "{found:?}");
        let found = found.unwrap();
        if let Some(edited) = &found.document {
            let again = cut_out(edited, &found.removed, Catalog::embedded()).unwrap();
            prop_assert!(!again.changed);
        }
    }
}
