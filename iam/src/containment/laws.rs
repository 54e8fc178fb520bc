//! The laws of containment, against every request of a small world, one by one.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::evaluate::{Decision, Request, evaluate};
use crate::policy::{NamedPolicy, PolicyKind, RolePolicies};

/// How many pairs of lists each law is tried on.
const CASES: u32 = 1000;

/// The same for laws whose trials take longer.
const FEW_CASES: u32 = 250;

fn catalog() -> &'static Catalog {
    Catalog::embedded()
}

fn documents(lists: &[Vec<Value>]) -> Vec<Document> {
    let document = |statements: &Vec<Value>| {
        let value = json!({"Version": "2012-10-17", "Statement": statements});
        Document::from_value(value).unwrap()
    };
    lists.iter().map(document).collect()
}

fn compared(wide: &[Document], narrow: &[Document]) -> Containment {
    contains(wide, narrow, Actions::Every, catalog())
}

fn policies(documents: &[Document]) -> RolePolicies {
    let named = |document: &Document| NamedPolicy {
        name: "p".to_owned(),
        arn: None,
        kind: PolicyKind::Inline,
        attachments: 1,
        document: document.clone(),
    };
    RolePolicies {
        identity: documents.iter().map(named).collect(),
        ..RolePolicies::default()
    }
}

fn is_denied(decision: &Decision) -> bool {
    matches!(
        decision,
        Decision::ExplicitlyDenied { .. } | Decision::ImplicitlyDenied { .. }
    )
}

fn tells_apart(
    (wide, narrow): (&RolePolicies, &RolePolicies),
    action: &str,
    resource: &str,
    context: &Context,
) -> bool {
    let request = Request {
        action,
        resource: Some(resource),
        context: context.clone(),
    };
    matches!(evaluate(narrow, &request), Decision::Allowed { .. })
        && is_denied(&evaluate(wide, &request))
}

/// Texts over two letters, up to a length.
fn texts(letters: [&str; 2], longest: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..longest {
        last = last
            .iter()
            .flat_map(|text| letters.map(|letter| format!("{text}{letter}")))
            .collect();
        all.extend(last.iter().cloned());
    }
    all
}

/// The requests of the small world, without context.
fn requests(early: &[&str]) -> Vec<(String, String)> {
    let names = texts(["x", "y"], 3)
        .into_iter()
        .filter(|name| !name.is_empty());
    let actions: Vec<String> = names
        .flat_map(|name| ["a", "b"].map(|service| format!("{service}:{name}")))
        .collect();
    let mut resources = vec!["*".to_owned()];
    for beginning in early {
        let names = texts(["p", "q"], 3).into_iter();
        resources.extend(names.map(|name| format!("{beginning}{name}")));
    }
    let pairs = actions.iter().flat_map(|action| {
        resources
            .iter()
            .map(move |resource| (action.clone(), resource.clone()))
    });
    pairs.collect()
}

/// A beginning without wildcards, and two with stars that end an early component.
const EARLY: [&str; 1] = ["arn:aws:s:r:1:"];
const LOOSE: [&str; 3] = ["arn:aws:s:r:1:", "arn:aws:s*:r:1:", "arn:aws:s:*:"];

fn element(patterns: &[String], name: &str, left_out: bool) -> (String, Value) {
    let name = if left_out {
        format!("Not{name}")
    } else {
        name.to_owned()
    };
    (name, json!(patterns))
}

fn statement(
    early: &'static [&'static str],
    conditions: BoxedStrategy<Value>,
) -> impl Strategy<Value = Value> {
    let action = prop_oneof![
        1 => Just("*".to_owned()),
        6 => "[ab*?]:[xy*?]{1,3}",
        2 => "[ab]:[xy]{1,2}",
    ];
    let resource = prop_oneof![
        2 => Just("*".to_owned()),
        6 => (proptest::sample::select(early), "[pq*?]{0,3}")
            .prop_map(|(beginning, name)| format!("{beginning}{name}")),
    ];
    let actions = proptest::collection::vec(action, 1..4);
    let resources = proptest::collection::vec(resource, 1..3);
    let negated = || proptest::bool::weighted(0.2);
    (
        proptest::bool::weighted(0.7),
        (actions, negated()),
        (resources, negated()),
        conditions,
    )
        .prop_map(
            |(allow, (actions, not_action), (resources, not_resource), conditions)| {
                let mut statement = json!({"Effect": if allow { "Allow" } else { "Deny" }});
                let (name, value) = element(&actions, "Action", not_action);
                statement[name] = value;
                let (name, value) = element(&resources, "Resource", not_resource);
                statement[name] = value;
                if conditions != json!({}) {
                    statement["Condition"] = conditions;
                }
                statement
            },
        )
}

fn list(
    early: &'static [&'static str],
    conditions: BoxedStrategy<Value>,
) -> impl Strategy<Value = Vec<Vec<Value>>> {
    let document = proptest::collection::vec(statement(early, conditions), 1..4);
    proptest::collection::vec(document, 1..3)
}

fn none() -> BoxedStrategy<Value> {
    Just(json!({})).boxed()
}

/// Conditions on a few keys, of all families of operators.
fn some() -> BoxedStrategy<Value> {
    let texts = (
        proptest::sample::select(
            &[
                "StringEquals",
                "StringNotEquals",
                "StringLike",
                "StringNotLike",
                "StringEqualsIgnoreCase",
                "StringEqualsIfExists",
                "StringNotLikeIfExists",
                "ForAnyValue:StringLike",
                "ForAllValues:StringEquals",
                "ForAnyValue:StringNotEquals",
                "ForAllValues:StringNotEquals",
            ][..],
        ),
        proptest::sample::select(&["k", "aws:username"][..]),
        proptest::collection::vec(
            proptest::sample::select(&["t", "tu", "t*", "*", "?u", "T", "${aws:username}"][..]),
            1..3,
        ),
    );
    let texts = texts.prop_map(|(operator, key, values)| (operator, key, json!(values)));
    let numbers = (
        proptest::sample::select(
            &[
                "NumericLessThan",
                "NumericLessThanEquals",
                "NumericGreaterThan",
                "NumericEquals",
                "NumericNotEquals",
                "NumericGreaterThanEqualsIfExists",
            ][..],
        ),
        proptest::collection::vec(0..3_i32, 1..3),
    );
    let numbers = numbers.prop_map(|(operator, values)| (operator, "n", json!(values)));
    let addresses = (
        proptest::sample::select(&["IpAddress", "NotIpAddress", "NotIpAddressIfExists"][..]),
        proptest::collection::vec(
            proptest::sample::select(&["10.0.0.0/8", "10.0.0.0/9", "10.128.0.1", "::/0"][..]),
            1..3,
        ),
    );
    let addresses = addresses.prop_map(|(operator, values)| (operator, "i", json!(values)));
    let others = proptest::sample::select(vec![
        ("Bool", "m", json!(["true"])),
        ("Bool", "m", json!(["false"])),
        ("BoolIfExists", "m", json!(["true"])),
        ("Null", "m", json!(["true"])),
        ("Null", "k", json!(["false"])),
        ("Null", "k", json!(["true", "false"])),
        ("Unheard", "k", json!(["t"])),
    ]);
    let one = prop_oneof![4 => texts, 2 => numbers, 1 => addresses, 2 => others];
    let block = proptest::collection::vec(one, 0..3).prop_map(|conditions| {
        let mut block = json!({});
        for (operator, key, values) in conditions {
            block[operator][key] = values;
        }
        block
    });
    block.boxed()
}

/// Contexts in which every key is known, the missing ones too.
fn context() -> impl Strategy<Value = Context> {
    let one = |key: &'static str, values: &'static [&'static str]| {
        let value = proptest::sample::select(values).prop_map(str::to_owned);
        let values = prop_oneof![
            1 => Just(Vec::new()),
            4 => value.clone().prop_map(|value| vec![value]),
            1 => (value.clone(), value).prop_map(|(a, b)| vec![a, b]),
        ];
        values.prop_map(move |values| (key.to_owned(), values))
    };
    (
        one("k", &["t", "tu", "T", "z"]),
        one("aws:username", &["t", "u", "p"]),
        one("n", &["0", "1", "1.5", "2", "3"]),
        one("i", &["10.0.0.1", "10.128.0.1", "11.0.0.0", "::1"]),
        one("m", &["true", "false"]),
    )
        .prop_map(|(a, b, c, d, e)| Context::from([a, b, c, d, e]))
}

/// Fails on any answer that some request of the small world refutes.
fn holds_up(
    answer: &Containment,
    (wide, narrow): (&[Document], &[Document]),
    early: &[&str],
    contexts: &[Context],
) -> Result<(), TestCaseError> {
    let sides = (&policies(wide), &policies(narrow));
    match answer {
        Containment::NotContained { witness } => {
            let Witness {
                action,
                resource,
                context,
                ..
            } = witness;
            prop_assert!(tells_apart(sides, action, resource, context), "{witness:?}");
        }
        Containment::Contained => {
            for (action, resource) in requests(early) {
                for context in contexts {
                    let refuted = tells_apart(sides, &action, &resource, context);
                    prop_assert!(!refuted, "{action} {resource} {context:?}");
                }
            }
        }
        Containment::Unknown { .. } => {}
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn patterns_alone_are_settled_and_rightly(
        wide in list(&EARLY, none()),
        narrow in list(&EARLY, none()),
    ) {
        let (wide, narrow) = (documents(&wide), documents(&narrow));
        let answer = compared(&wide, &narrow);
        let is_unknown = matches!(answer, Containment::Unknown { .. });
        prop_assert!(!is_unknown, "{answer:?}");
        holds_up(&answer, (&wide, &narrow), &EARLY, &[Context::new()])?;
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(FEW_CASES))]

    #[test]
    fn both_readings_of_stars_are_heeded(
        wide in list(&LOOSE, none()),
        narrow in list(&LOOSE, none()),
    ) {
        let (wide, narrow) = (documents(&wide), documents(&narrow));
        let early = ["arn:aws:s:r:1:", "arn:aws:su:r:1:", "arn:aws:s:a:b:1:", "arn:aws:s:r:1:1:"];
        holds_up(&compared(&wide, &narrow), (&wide, &narrow), &early, &[Context::new()])?;
    }

    #[test]
    fn conditions_are_compared_soundly(
        wide in list(&EARLY, some()),
        narrow in list(&EARLY, some()),
        contexts in proptest::collection::vec(context(), 6),
    ) {
        let (wide, narrow) = (documents(&wide), documents(&narrow));
        holds_up(&compared(&wide, &narrow), (&wide, &narrow), &EARLY, &contexts)?;
    }

    #[test]
    fn variables_are_compared_soundly(
        wide in list(&["arn:aws:s:r:1:", "arn:aws:s:r:1:${aws:username}", "arn:aws:s:r:1:${k, 'p'}"], none()),
        narrow in list(&["arn:aws:s:r:1:", "arn:aws:s:r:1:${aws:username}", "arn:aws:s:r:1:${k, 'p'}"], none()),
        contexts in proptest::collection::vec(context(), 6),
    ) {
        let (wide, narrow) = (documents(&wide), documents(&narrow));
        holds_up(&compared(&wide, &narrow), (&wide, &narrow), &EARLY, &contexts)?;
        prop_assert_eq!(compared(&wide, &wide), Containment::Contained);
    }

    #[test]
    fn every_list_is_within_itself_and_with_more_allows(
        list in list(&LOOSE, some()),
        more in statement(&EARLY, some()),
    ) {
        let own = documents(&list);
        prop_assert_eq!(compared(&own, &own), Containment::Contained);
        let mut allow = more.clone();
        allow["Effect"] = json!("Allow");
        let wider = [own.clone(), documents(&[vec![allow]])].concat();
        prop_assert_eq!(compared(&wider, &own), Containment::Contained);
        let mut deny = more;
        deny["Effect"] = json!("Deny");
        let narrower = [own.clone(), documents(&[vec![deny]])].concat();
        prop_assert_eq!(compared(&own, &narrower), Containment::Contained);
    }

    #[test]
    fn containment_is_transitive(
        a in list(&EARLY, some()),
        b in list(&EARLY, some()),
        c in list(&EARLY, some()),
    ) {
        // Lists that hold one another are rare among any three, so they are built up.
        let (c, b) = (documents(&c), documents(&b));
        let b = [b, c.clone()].concat();
        let a = [documents(&a), b.clone()].concat();
        let is_within = |wide: &[Document], narrow: &[Document]| {
            compared(wide, narrow) == Containment::Contained
        };
        if is_within(&a, &b) && is_within(&b, &c) {
            let whole = compared(&a, &c);
            let refuted = matches!(whole, Containment::NotContained { .. });
            prop_assert!(!refuted, "{whole:?}");
        }
    }
}
