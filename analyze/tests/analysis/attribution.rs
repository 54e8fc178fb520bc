//! Generated organisations whose truth is known: no call is given to a wrong agent, and nearly all to the right one where
//! the log allows it.

mod organisation;
mod session;
mod way;

use std::collections::BTreeMap;

use arrow::array::AsArray;
use arrow::compute::cast;
use arrow::datatypes::DataType;
use curtail_analyze::testbed;
use curtail_ingest::LakeTable;
use serde_json::Value;

use crate::rows;
use organisation::{Organisation, Shape};

/// The agent of each call, by record key, as the views say.
async fn attributed(organisation: &Organisation) -> BTreeMap<String, String> {
    let context = testbed::session().unwrap();
    let tables: [(&str, &[Value]); 2] = [
        ("roles", &organisation.roles),
        ("bindings", &organisation.bindings),
    ];
    for (name, objects) in tables {
        let schema = context.table_provider(name).await.unwrap().schema();
        testbed::fill(&context, name, rows::rows(&schema, objects)).unwrap();
    }
    let events = rows::rows(&LakeTable::Events.schema(), &organisation.events);
    testbed::fill(&context, "events", events).unwrap();
    testbed::add_views(&context).await.unwrap();
    let text = "SELECT role_calls.record_key, attribution.agent FROM role_calls
        INNER JOIN attribution ON role_calls.principal_key = attribution.principal_key";
    let batches = context.sql(text).await.unwrap().collect().await.unwrap();
    let mut agents = BTreeMap::new();
    for batch in &batches {
        let column = |number: usize| cast(batch.column(number), &DataType::Utf8).unwrap();
        let (keys, names) = (column(0), column(1));
        for (key, name) in keys.as_string::<i32>().iter().zip(names.as_string::<i32>()) {
            let before = agents.insert(key.unwrap().to_owned(), name.unwrap().to_owned());
            assert_eq!(before, None, "a call stands once");
        }
    }
    agents
}

/// How many calls the log allows to attribute, and how many of them went to the right agent.
fn measure(organisation: &Organisation, agents: &BTreeMap<String, String>) -> (usize, usize) {
    let (mut allowed, mut right) = (0, 0);
    for (key, truth) in &organisation.truth {
        let Some(given) = agents.get(key) else {
            panic!("call {key} is lost");
        };
        let wanted = truth.agent.as_deref().unwrap_or("unattributed");
        assert!(
            given == wanted || given == "unattributed",
            "{key} of {wanted} ({}) went to {given}",
            truth.story
        );
        if truth.told {
            allowed += 1;
            right += usize::from(given == wanted);
        }
    }
    (allowed, right)
}

fn run(shape: Shape, seeds: std::ops::Range<u64>) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for seed in seeds {
        let organisation = Organisation::generate(seed, shape);
        let agents = runtime.block_on(attributed(&organisation));
        let (allowed, right) = measure(&organisation, &agents);
        assert!(
            allowed > 200,
            "{shape:?}, seed {seed}: only {allowed} calls"
        );
        assert!(
            right * 100 >= allowed * 95,
            "{shape:?}, seed {seed}: {right} of {allowed} calls"
        );
    }
}

#[test]
fn every_call_of_a_whole_log_goes_to_its_agent() {
    run(Shape::WHOLE, 0..2);
}

#[test]
fn a_log_with_holes_gives_no_call_to_a_wrong_agent() {
    run(
        Shape {
            lost: 25,
            ..Shape::WHOLE
        },
        10..12,
    );
}

#[test]
fn hidden_keys_are_bridged_by_role_session_and_second() {
    run(
        Shape {
            hidden: 50,
            ..Shape::WHOLE
        },
        20..22,
    );
}

#[test]
fn sessions_of_one_name_and_second_give_no_call_to_a_wrong_agent() {
    run(
        Shape {
            hidden: 30,
            lost: 10,
            span_seconds: 40,
            ..Shape::WHOLE
        },
        30..32,
    );
}

#[test]
fn records_of_one_account_alone_give_no_call_to_a_wrong_agent() {
    run(
        Shape {
            one_sided: 50,
            ..Shape::WHOLE
        },
        40..42,
    );
}

#[test]
fn the_order_of_records_does_not_matter() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let shape = Shape {
        hidden: 20,
        lost: 10,
        one_sided: 20,
        ..Shape::WHOLE
    };
    let mut organisation = Organisation::generate(50, shape);
    let first = runtime.block_on(attributed(&organisation));
    organisation.events.reverse();
    assert_eq!(runtime.block_on(attributed(&organisation)), first);
}
