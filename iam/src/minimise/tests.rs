//! What is written grants just what was wanted, and pieces say what the whole says.

use proptest::prelude::*;

use super::*;
use crate::containment::{Actions, Containment, contains};
use crate::expand::expand;

fn catalog() -> &'static Catalog {
    Catalog::embedded()
}

fn names(pattern: &str) -> BTreeSet<String> {
    let actions = expand(pattern, catalog()).into_iter();
    actions.map(|action| action.name.to_owned()).collect()
}

fn expanded(patterns: &[String]) -> BTreeSet<String> {
    patterns.iter().flat_map(|pattern| names(pattern)).collect()
}

fn wanted(actions: &[&str], resources: &[&str]) -> Wanted {
    Wanted {
        actions: actions.iter().map(|&name| name.to_owned()).collect(),
        resources: resources.iter().map(|&name| name.to_owned()).collect(),
        conditions: None,
    }
}

#[test]
fn whole_services_and_whole_verbs_become_one_pattern() {
    let of = |patterns: &[&str]| {
        let wanted = patterns.iter().flat_map(|pattern| names(pattern)).collect();
        super::patterns(&wanted, Wildcards::ForWords, catalog())
    };
    assert_eq!(of(&["sqs:*"]), ["sqs:*"]);
    assert_eq!(
        of(&["ec2:Describe*", "s3:GetObject"]),
        ["ec2:Describe*", "s3:GetObject"]
    );
    assert_eq!(of(&["*"]), ["*"]);
}

#[test]
fn a_service_with_one_action_keeps_its_name() {
    let single = catalog()
        .actions()
        .find(|action| catalog().service_actions(action.service).len() == 1);
    let name = single.unwrap().name.to_owned();
    let found = patterns(&[name.clone()].into(), Wildcards::ForWords, catalog());
    assert_eq!(found, [name]);
}

#[test]
fn statements_are_joined_by_place_and_by_actions() {
    let document = minimise(
        &[
            wanted(&["s3:GetObject"], &["arn:aws:s3:::b/*"]),
            wanted(&["s3:PutObject"], &["arn:aws:s3:::b/*"]),
            wanted(&["s3:GetObject", "s3:PutObject"], &["arn:aws:s3:::a/*"]),
            wanted(&["sqs:SendMessage"], &[]),
        ],
        Wildcards::ForWords,
        catalog(),
    );
    let value = document.unwrap().unwrap().value().clone();
    assert_eq!(
        value["Statement"],
        json!([
            {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"},
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"],
            },
        ])
    );
}

#[test]
fn nothing_wanted_is_no_document() {
    let found = minimise(&[wanted(&[], &["*"])], Wildcards::ForWords, catalog());
    assert_eq!(found, Ok(None));
}

fn document(value: Value) -> Document {
    Document::from_value(value).unwrap()
}

#[test]
fn pieces_fit_and_say_what_the_whole_says() {
    let reads: Vec<String> = names("ec2:Describe*").into_iter().collect();
    let others: Vec<String> = names("iam:*").into_iter().collect();
    let whole = document(json!({"Version": "2012-10-17", "Id": "kept", "Statement": [
        {"Sid": "Reads", "Effect": "Allow", "Action": reads, "Resource": "*"},
        {"Sid": "Others", "Effect": "Allow", "Action": others, "Resource": ["arn:aws:iam::111122223333:role/a", "arn:aws:iam::111122223333:role/b"]},
        {"Sid": "Never", "Effect": "Deny", "Action": "iam:Delete*", "Resource": "*"},
    ]}));
    for limit in [Limit::Managed, Limit::Scp] {
        let pieces = split(&whole, limit).unwrap();
        assert!(pieces.len() > 1);
        for piece in &pieces {
            assert!(limit::size(piece) <= limit.characters());
            assert_eq!(piece.id.as_deref(), Some("kept"));
            piece.check_identity().unwrap();
        }
        let one = std::slice::from_ref(&whole);
        for (wide, narrow) in [(one, pieces.as_slice()), (&pieces, one)] {
            let found = contains(wide, narrow, Actions::Every, catalog());
            assert_eq!(found, Containment::Contained);
        }
    }
}

#[test]
fn what_cannot_be_split_is_refused() {
    let long = format!("arn:aws:s3:::b/{}", "x".repeat(7000));
    let statement = |action: Value| {
        document(json!({"Statement": [{"Effect": "Allow", "Action": action, "Resource": long}]}))
    };
    assert_eq!(
        split(&statement(json!("s3:GetObject")), Limit::Managed),
        Err(SplitError::NoRoom {
            statement: 0,
            most: 6144
        })
    );
    assert!(
        split(
            &statement(json!(["s3:GetObject", "s3:PutObject"])),
            Limit::Managed
        )
        .is_err()
    );
    assert!(matches!(
        split(&statement(json!("s3:GetObject")), Limit::UserInline),
        Err(SplitError::Shared { most: 2048, .. })
    ));
}

#[test]
fn a_list_of_resources_is_dealt_out_where_one_action_is_left() {
    let resources: Vec<String> = (0..300)
        .map(|n| format!("arn:aws:s3:::bucket-number-{n}/*"))
        .collect();
    let whole = document(
        json!({"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": resources}}),
    );
    let pieces = split(&whole, Limit::Managed).unwrap();
    let counts: usize = pieces
        .iter()
        .map(|piece| {
            piece.value()["Statement"][0]["Resource"]
                .as_array()
                .unwrap()
                .len()
        })
        .sum();
    assert_eq!((pieces.len(), counts), (2, 300));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn expanding_what_was_written_gives_what_was_wanted(
        picks in proptest::collection::vec((any::<u32>(), 1..60_usize), 1..30),
        anywhere in any::<bool>(),
    ) {
        let all: Vec<&str> = catalog().actions().map(|action| action.name).collect();
        // Runs of neighbours, some with gaps, so that there is something to shorten.
        let wanted: BTreeSet<String> = picks
            .iter()
            .flat_map(|&(from, length)| {
                let from = from as usize % all.len();
                let gap = if length % 3 == 0 { 2 } else { 1 };
                (from..from + length).step_by(gap)
            })
            .filter_map(|place| all.get(place).map(|&name| name.to_owned()))
            .collect();
        let wildcards = if anywhere { Wildcards::Anywhere } else { Wildcards::ForWords };
        let found = patterns(&wanted, wildcards, catalog());
        prop_assert_eq!(expanded(&found), wanted.clone());
        let length = |texts: &[String]| texts.iter().map(|text| text.len() + 3).sum::<usize>();
        prop_assert!(length(&found) <= length(&wanted.iter().cloned().collect::<Vec<_>>()));
        let again = patterns(&wanted, wildcards, catalog());
        prop_assert_eq!(again, found);
    }

    #[test]
    fn any_share_of_the_catalog_is_written_exactly(one_in in 2..50_usize, from in 0..50_usize) {
        let all = catalog().actions().map(|action| action.name.to_owned());
        let wanted: BTreeSet<String> = all.skip(from).step_by(one_in).collect();
        let found = patterns(&wanted, Wildcards::ForWords, catalog());
        prop_assert_eq!(expanded(&found), wanted);
    }
}
