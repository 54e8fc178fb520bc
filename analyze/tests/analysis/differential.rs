//! Random small trails: the views must say what plain iterators say.

use std::collections::BTreeMap;

use arrow::array::{AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use curtail_analyze::testbed;
use curtail_ingest::LakeTable;
use datafusion::prelude::SessionContext;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::model::{
    self, BOUND, Call, ENVELOPE, ERRORS, Key, OPERATIONS, ROLES, SESSIONS, WINDOWS,
};
use crate::rows;

fn day(days: i64) -> i64 {
    days * 86_400_000_000
}

/// Any time, and more often than chance the edges of the windows.
fn offset() -> impl Strategy<Value = i64> {
    let edges = [0, day(23), day(30)];
    let near_an_edge =
        (0..edges.len(), -1_i64..=1).prop_map(move |(edge, step)| edges[edge] + step);
    prop_oneof![1 => near_an_edge, 2 => -day(2)..day(32)]
}

fn call() -> impl Strategy<Value = Call> {
    (
        offset(),
        0..ROLES.len(),
        0..SESSIONS.len(),
        0..OPERATIONS.len(),
        0..ERRORS.len(),
        prop::bool::weighted(0.1),
    )
        .prop_map(|(offset, role, session, operation, error, former)| Call {
            offset,
            role,
            session,
            operation,
            error,
            former,
        })
}

fn start() -> Timestamp {
    "2026-09-01T00:00:00Z".parse().unwrap()
}

fn event(index: usize, call: &Call) -> Value {
    let time = (start() + SignedDuration::from_micros(call.offset)).to_string();
    let (source, name, _, _) = OPERATIONS[call.operation];
    let event = rows::call(
        &format!("key-{index}"),
        &time,
        ROLES[call.role],
        SESSIONS[call.session],
        source,
        name,
    );
    let old = if call.former {
        json!({"session_issuer_principal_id": "AROAOLD"})
    } else {
        json!({})
    };
    rows::with(
        rows::with(event, old),
        json!({"error_code": ERRORS[call.error].0}),
    )
}

/// The tables that the views read, filled with the calls and the fixed surroundings.
async fn session(calls: &[Call]) -> SessionContext {
    let context = testbed::session().unwrap();
    let events: Vec<Value> = calls
        .iter()
        .enumerate()
        .map(|(index, call)| event(index, call))
        .collect();
    testbed::fill(
        &context,
        "events",
        rows::rows(&LakeTable::Events.schema(), &events),
    )
    .unwrap();
    let end = start() + SignedDuration::from_hours(30 * 24);
    let windows = WINDOWS.map(|days| {
        json!({"window_days": days, "starts_at": (end - SignedDuration::from_hours(days * 24)).to_string(), "ends_at": end.to_string(), "days": days})
    });
    let roles = ROLES.map(|role| {
        json!({"role_arn": rows::role_arn(role), "role_id": format!("AROA{}", role.to_uppercase()), "role_name": role, "account_id": rows::ACCOUNT})
    });
    let bindings = BOUND.map(|(agent, role)| {
        let pattern = if role == 0 {
            json!(format!("{agent}-*"))
        } else {
            Value::Null
        };
        json!({"agent": agent, "role_arn": rows::role_arn(ROLES[role]), "session_name": pattern})
    });
    let envelopes =
        ENVELOPE.map(|action| json!({"agent": "planner", "kind": "action", "pattern": action}));
    let kinds = OPERATIONS.map(|(_, _, action, recorded)| {
        let (kind, resource_type) = if recorded {
            ("management", "management")
        } else {
            ("data", "AWS::SQS::Queue")
        };
        json!({"action": action, "recording": kind, "resource_type": resource_type})
    });
    let catalog = OPERATIONS.map(|(_, _, action, recorded)| {
        let (kind, types) = if recorded { ("management", "") } else { ("data", "AWS::SQS::Queue") };
        json!({"action": action, "service": "x", "access_level": "read", "recording": kind, "data_resource_types": types})
    });
    let selectors = [json!({
        "account_id": rows::ACCOUNT, "trail_arn": "trail", "resource_type": "management", "read_events": true, "write_events": true,
        "limited": false, "excluded_services": "",
    })];
    let grants: Vec<Value> = ROLES
        .iter()
        .flat_map(|role| {
            OPERATIONS.map(|(_, _, action, _)| {
                json!({"account_id": rows::ACCOUNT, "role_arn": rows::role_arn(role), "action": action, "service": "x", "status": "granted"})
            })
        })
        .collect();
    let agents =
        ["planner", "executor", "alone"].map(|agent| json!({"agent": agent, "declared": true}));
    let tables: [(&str, &[Value]); 9] = [
        ("agents", &agents),
        ("windows", &windows),
        ("roles", &roles),
        ("bindings", &bindings),
        ("envelopes", &envelopes),
        ("actions", &catalog),
        ("action_recordings", &kinds),
        ("selectors", &selectors),
        ("grants", &grants),
    ];
    for (name, objects) in tables {
        let schema = context.table_provider(name).await.unwrap().schema();
        testbed::fill(&context, name, rows::rows(&schema, objects)).unwrap();
    }
    testbed::add_views(&context).await.unwrap();
    context
}

async fn table(context: &SessionContext, name: &str) -> Vec<RecordBatch> {
    context.table(name).await.unwrap().collect().await.unwrap()
}

fn text(batch: &RecordBatch, column: &str) -> Vec<String> {
    let array = cast(batch.column_by_name(column).unwrap(), &DataType::Utf8).unwrap();
    array
        .as_string::<i32>()
        .iter()
        .map(|value| value.unwrap().to_owned())
        .collect()
}

fn number(batch: &RecordBatch, column: &str) -> Vec<i64> {
    let array = cast(batch.column_by_name(column).unwrap(), &DataType::Int64).unwrap();
    array.as_primitive::<Int64Type>().values().to_vec()
}

fn keys(batch: &RecordBatch) -> Vec<Key> {
    let (agents, roles) = (text(batch, "agent"), text(batch, "role_arn"));
    let (actions, days) = (text(batch, "action"), number(batch, "window_days"));
    let name = |arn: &str| arn.rsplit('/').next().unwrap().to_owned();
    (0..batch.num_rows())
        .map(|row| {
            (
                agents[row].clone(),
                name(&roles[row]),
                actions[row].clone(),
                days[row],
            )
        })
        .collect()
}

/// What the view says of certain use; what a call only possibly needs is not in the model.
fn exercised(batches: &[RecordBatch]) -> BTreeMap<Key, (i64, i64, i64)> {
    let mut exercised = BTreeMap::new();
    for batch in batches {
        let (calls, legitimate) = (
            number(batch, "certain_calls"),
            number(batch, "certain_legitimate_calls"),
        );
        let sessions = number(batch, "sessions");
        for (row, key) in keys(batch).into_iter().enumerate() {
            if calls[row] > 0 {
                exercised.insert(key, (calls[row], legitimate[row], sessions[row]));
            }
        }
    }
    exercised
}

fn buckets(batches: &[RecordBatch]) -> BTreeMap<Key, String> {
    batches
        .iter()
        .flat_map(|batch| keys(batch).into_iter().zip(text(batch, "bucket")))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sql_agrees_with_plain_iterators(calls in prop::collection::vec(call(), 0..80)) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (used, sorted) = runtime.block_on(async {
            let context = session(&calls).await;
            (table(&context, "exercised").await, table(&context, "buckets").await)
        });
        prop_assert_eq!(exercised(&used), model::exercised(&calls));
        let expected: BTreeMap<Key, String> =
            model::buckets(&calls).into_iter().map(|(key, bucket)| (key, bucket.to_owned())).collect();
        prop_assert_eq!(buckets(&sorted), expected);
    }
}
