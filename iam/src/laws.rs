//! Laws that hold for every policy, tried on generated ones against a slow evaluator that is written
//! line by line from the documentation.

mod cases;
mod generate;
mod operators;
mod reference;
mod whole;

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::catalog::Catalog;
use crate::document::{Document, Effect};
use crate::evaluate::{Decision, Request, evaluate};
use crate::grant::{GrantStatus, grants};
use crate::policy::{NamedPolicy, PolicyKind, RolePolicies};
use crate::simulate::case::decide_line;
use crate::trim::trim;
use generate::{Facts, Written};
use reference::Outcome;

fn named(name: String, kind: PolicyKind, document: &Value) -> NamedPolicy {
    NamedPolicy {
        name,
        arn: None,
        kind,
        attachments: 1,
        document: Document::from_value(document.clone()).unwrap(),
    }
}

fn level(kind: PolicyKind, documents: &[Value]) -> Vec<NamedPolicy> {
    let numbered = documents.iter().enumerate();
    numbered
        .map(|(index, document)| named(format!("{}-{index}", kind.as_str()), kind, document))
        .collect()
}

fn policies(written: &Written) -> RolePolicies {
    RolePolicies {
        identity: level(PolicyKind::Inline, &written.identity),
        boundary: written
            .boundary
            .as_ref()
            .map(|boundary| named("boundary".into(), PolicyKind::Boundary, boundary)),
        scps: written
            .scps
            .iter()
            .map(|scps| level(PolicyKind::Scp, scps))
            .collect(),
        rcps: vec![level(PolicyKind::Rcp, &written.rcps)],
    }
}

fn decide(written: &Written, facts: &Facts) -> Decision {
    evaluate(&policies(written), &request(facts))
}

fn request(facts: &Facts) -> Request<'_> {
    Request {
        action: &facts.action,
        resource: Some(&facts.resource),
        context: facts.context.clone(),
    }
}

fn outcome(decision: &Decision) -> Option<Outcome> {
    match decision {
        Decision::Allowed { .. } => Some(Outcome::Allowed),
        Decision::ExplicitlyDenied { .. } => Some(Outcome::ExplicitlyDenied),
        Decision::ImplicitlyDenied { .. } => Some(Outcome::ImplicitlyDenied),
        Decision::Undecided { .. } => None,
    }
}

/// How many whole cases are tried; `CURTAIL_LAW_CASES` tells another number.
#[expect(
    clippy::disallowed_methods,
    reason = "a test has no caller that could pass the number on"
)]
fn whole_cases() -> u32 {
    let told = std::env::var("CURTAIL_LAW_CASES").ok();
    told.and_then(|number| number.parse().ok())
        .unwrap_or(10_000)
}

fn answer(case: &Value) -> Value {
    serde_json::from_str(&decide_line(&case.to_string()).to_line()).unwrap()
}

fn is_allowed(written: &Written, facts: &Facts) -> bool {
    outcome(&decide(written, facts)) == Some(Outcome::Allowed)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_evaluator_agrees_with_the_reference(written in generate::written(), facts in generate::facts()) {
        let decision = decide(&written, &facts);
        prop_assert_eq!(outcome(&decision), Some(reference::decide(&written, &facts)), "{:?}", decision);
    }

    /// Whatever is decided without some of the facts holds with them.
    #[test]
    fn what_is_decided_on_part_of_the_facts_is_right(
        written in generate::written(),
        facts in generate::facts(),
        hidden in generate::hidden(),
    ) {
        let mut known = request(&facts);
        known.context.retain(|key, _| !hidden.keys.contains(key));
        if hidden.resource {
            known.resource = None;
        }
        let truth = reference::decide(&written, &facts);
        match evaluate(&policies(&written), &known) {
            Decision::Allowed { .. } => prop_assert_eq!(truth, Outcome::Allowed),
            Decision::ExplicitlyDenied { .. } => prop_assert_eq!(truth, Outcome::ExplicitlyDenied),
            // An explicit deny may hang on what is hidden; the request is denied either way.
            Decision::ImplicitlyDenied { .. } => prop_assert_ne!(truth, Outcome::Allowed),
            Decision::Undecided { on } => {
                prop_assert!(!on.is_empty());
                let resource = (hidden.resource).then(|| "resource".to_owned());
                let hidden: BTreeSet<String> = hidden.keys.into_iter().chain(resource).collect();
                prop_assert!(on.iter().all(|key| hidden.contains(key)), "{:?}", on);
            }
        }
    }

    #[test]
    fn a_deny_never_allows_more(written in generate::written(), deny in generate::statement(), facts in generate::facts(), at in 0..4_usize) {
        let mut deny = deny;
        deny["Effect"] = json!("Deny");
        let mut more = written.clone();
        match (at, &mut more.boundary) {
            (0, Some(boundary)) => generate::push(boundary, deny),
            (1, _) => more.rcps.push(json!({"Version": "2012-10-17", "Statement": deny})),
            (2, _) => generate::push(&mut more.scps[0][0], deny),
            _ => generate::push(&mut more.identity[0], deny),
        }
        prop_assert!(!is_allowed(&more, &facts) || is_allowed(&written, &facts));
    }

    #[test]
    fn an_allow_of_an_identity_policy_never_denies_more(written in generate::written(), allow in generate::statement(), facts in generate::facts()) {
        let mut allow = allow;
        allow["Effect"] = json!("Allow");
        let mut more = written.clone();
        generate::push(&mut more.identity[0], allow);
        prop_assert!(is_allowed(&more, &facts) || !is_allowed(&written, &facts));
    }

    #[test]
    fn the_order_of_statements_and_policies_does_not_matter(written in generate::written(), facts in generate::facts()) {
        let mut turned = written.clone();
        turned.identity.reverse();
        for document in turned.identity.iter_mut().chain(&mut turned.boundary).chain(turned.scps.iter_mut().flatten()) {
            generate::reverse(document);
        }
        prop_assert_eq!(outcome(&decide(&turned, &facts)), outcome(&decide(&written, &facts)));
    }

    #[test]
    fn a_boundary_and_an_scp_never_grant(written in generate::written(), facts in generate::facts()) {
        let free = Written { boundary: None, ..written.clone() };
        prop_assert!(!is_allowed(&written, &facts) || is_allowed(&free, &facts));
        let freer = Written { scps: Vec::new(), ..free.clone() };
        prop_assert!(!is_allowed(&free, &facts) || is_allowed(&freer, &facts));
        let nothing = Written { identity: Vec::new(), ..written };
        prop_assert!(!is_allowed(&nothing, &facts));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(whole_cases()))]

    #[test]
    fn whole_cases_are_decided_as_the_reference_decides_them(case in cases::case()) {
        let answer = answer(&case);
        prop_assert_eq!(&answer["decision"], whole::decide(&case), "{} for {}", answer, case);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Whatever is decided on part of the context holds with the rest of it, whichever that is.
    #[test]
    fn what_is_decided_on_part_of_a_context_is_right(case in cases::case(), hidden in any::<u16>()) {
        let mut part = case.clone();
        part["context_complete"] = json!(false);
        let keys: Vec<String> = case["request"]["context"].as_object().unwrap().keys().cloned().collect();
        for (place, key) in keys.iter().enumerate() {
            if hidden >> place & 1 == 1 {
                part["request"]["context"].as_object_mut().unwrap().remove(key);
            }
        }
        let answer = answer(&part);
        if answer["decision"] == "undecided" {
            prop_assert!(!answer["needs"].as_array().unwrap().is_empty());
            prop_assert!(!answer["by"].as_array().unwrap().is_empty());
        } else {
            prop_assert_eq!(&answer["decision"], whole::decide(&case), "{} for {}", answer, part);
        }
    }

    #[test]
    fn a_deny_anywhere_never_allows_more_of_a_case(case in cases::case(), deny in generate::statement(), at in 0..4_usize) {
        let mut deny = deny;
        deny["Effect"] = json!("Deny");
        let field = ["identity_policies", "session_policies", "rcps", "scps"][at];
        if field == "rcps" {
            deny["Principal"] = json!("*");
        }
        let mut more = case.clone();
        let document = json!({"Version": "2012-10-17", "Statement": deny});
        match more[field].as_array_mut() {
            Some(list) if at < 2 => list.push(document),
            Some(levels) if !levels.is_empty() => levels[0].as_array_mut().unwrap().push(document),
            _ => return Ok(()),
        }
        prop_assert!(answer(&more)["decision"] != "allowed" || answer(&case)["decision"] == "allowed");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn trimming_removes_the_actions_and_nothing_else(
        document in generate::document(),
        remove in generate::some_actions(),
        facts in generate::facts(),
    ) {
        let old = Document::from_value(document.clone()).unwrap();
        let trimmed = trim(&old, &remove, Catalog::embedded()).unwrap();
        let alone = |document: Option<Value>| Written { identity: document.into_iter().collect(), ..Written::default() };
        let before = reference::decide(&alone(Some(document)), &facts);
        let after = reference::decide(&alone(trimmed.document.map(|new| new.value().clone())), &facts);
        if remove.contains(&facts.action) && before == Outcome::Allowed {
            prop_assert!(trimmed.removed.contains(&facts.action));
            prop_assert_eq!(after, Outcome::ImplicitlyDenied);
        } else {
            prop_assert_eq!(after, before);
        }
    }

    #[test]
    fn trimming_is_idempotent_and_keeps_every_other_action(document in generate::document(), remove in generate::some_actions()) {
        let old = Document::from_value(document).unwrap();
        let once = trim(&old, &remove, Catalog::embedded()).unwrap();
        let allowed = |document: &Document| -> BTreeSet<String> {
            let allows = document.statements.iter().filter(|statement| statement.effect == Effect::Allow);
            allows.flat_map(reference::expand).collect()
        };
        let before = allowed(&old);
        let after = once.document.as_ref().map(allowed).unwrap_or_default();
        prop_assert_eq!(&after, &before.difference(&remove).cloned().collect::<BTreeSet<_>>());
        prop_assert_eq!(&once.removed, &before.intersection(&remove).cloned().collect::<BTreeSet<_>>());
        if let Some(document) = once.document {
            let twice = trim(&document, &remove, Catalog::embedded()).unwrap();
            prop_assert!(!twice.changed);
            prop_assert_eq!(twice.document, Some(document));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A grant is listed for every action that some request is allowed to use, and never as blocked.
    #[test]
    fn nothing_that_is_allowed_is_called_blocked(written in generate::written(), requests in prop::collection::vec(generate::facts(), 24)) {
        let found = grants(&policies(&written), Catalog::embedded());
        for facts in requests.iter().filter(|facts| facts.is_typed()) {
            if reference::decide(&written, facts) == Outcome::Allowed {
                let grant = found.iter().find(|grant| grant.action == facts.action);
                prop_assert!(grant.is_some_and(|grant| grant.status != GrantStatus::Blocked), "{:?} {:?}", facts, grant);
            }
        }
    }

    /// Without conditions and variables an action is granted only if a request over the generated
    /// resources shows it.
    #[test]
    fn what_is_called_granted_can_be_shown(written in generate::plain()) {
        let shown: BTreeSet<String> = generate::every_request()
            .filter(|facts| facts.is_typed() && reference::decide(&written, facts) == Outcome::Allowed)
            .map(|facts| facts.action)
            .collect();
        for grant in grants(&policies(&written), Catalog::embedded()) {
            let asked = generate::ACTIONS.contains(&grant.action.as_str());
            let granted = grant.status == GrantStatus::Granted;
            prop_assert!(!(asked && granted) || shown.contains(&grant.action), "{:?}", grant);
        }
    }
}
