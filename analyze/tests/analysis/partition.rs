//! Buckets partition what is granted: generated organisations of any shape, every window, every row once.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::AsArray;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use curtail_analyze::testbed;
use curtail_ingest::LakeTable;
use datafusion::prelude::SessionContext;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::model::{ERRORS, OPERATIONS};
use crate::rows;

const AGENTS: [&str; 4] = ["a", "b", "c", "d"];
const ROLES: [&str; 4] = ["one", "two", "three", "gone"];
const SESSIONS: [&str; 4] = ["a-1", "b-1", "c-1", "nobody"];
const STATUSES: [&str; 3] = ["granted", "undecided", "blocked"];
const LEVELS: [&str; 4] = ["read", "write", "permissions_management", ""];

/// An organisation by the places of its parts in the lists above.
#[derive(Debug, Clone)]
struct Organisation {
    /// Agent, role, and whether its sessions are told by name.
    bindings: Vec<(usize, usize, bool)>,
    /// Role, action, status and level; the last action is in no catalog.
    grants: BTreeMap<(usize, usize), (usize, usize)>,
    /// Agent and action.
    envelopes: Vec<(usize, usize)>,
    /// Role, session, operation, error and days before the review.
    calls: Vec<(usize, usize, usize, usize, i64)>,
    windows: BTreeSet<i64>,
    selectors: bool,
    /// Roles of the snapshot, with their age in days.
    ages: Vec<Option<i64>>,
}

fn organisation() -> impl Strategy<Value = Organisation> {
    let bindings = prop::collection::vec((0..AGENTS.len(), 0..ROLES.len(), any::<bool>()), 0..7);
    let grants = prop::collection::btree_map(
        (0..ROLES.len() - 1, 0..=OPERATIONS.len()),
        (0..STATUSES.len(), 0..LEVELS.len()),
        0..20,
    );
    let envelopes = prop::collection::vec((0..AGENTS.len(), 0..OPERATIONS.len()), 0..4);
    let call = (
        0..ROLES.len(),
        0..SESSIONS.len(),
        0..OPERATIONS.len(),
        0..ERRORS.len(),
        -1_i64..100,
    );
    let calls = prop::collection::vec(call, 0..40);
    let windows = prop::collection::btree_set(1_i64..100, 1..4);
    let ages = prop::collection::vec(prop::option::of(-3_i64..200), ROLES.len() - 1);
    (
        bindings,
        grants,
        envelopes,
        calls,
        windows,
        any::<bool>(),
        ages,
    )
        .prop_map(
            |(bindings, grants, envelopes, calls, windows, selectors, ages)| Organisation {
                bindings,
                grants,
                envelopes,
                calls,
                windows,
                selectors,
                ages,
            },
        )
}

fn as_of() -> Timestamp {
    "2026-10-01T00:00:00Z".parse().unwrap()
}

fn before(days: i64) -> String {
    (as_of() - SignedDuration::from_hours(days * 24)).to_string()
}

fn action(place: usize) -> &'static str {
    OPERATIONS
        .get(place)
        .map_or("new:Action", |(_, _, action, _)| action)
}

impl Organisation {
    fn events(&self) -> Vec<Value> {
        let calls = self.calls.iter().enumerate();
        calls
            .map(|(index, &(role, session, operation, error, days))| {
                let (source, name, _, _) = OPERATIONS[operation];
                let key = format!("key-{index}");
                let event = rows::call(
                    &key,
                    &before(days),
                    ROLES[role],
                    SESSIONS[session],
                    source,
                    name,
                );
                rows::with(event, json!({"error_code": ERRORS[error].0}))
            })
            .collect()
    }

    fn tables(&self) -> Vec<(&'static str, Vec<Value>)> {
        let windows = self.windows.iter().map(|days| {
            json!({"window_days": days, "starts_at": before(*days), "ends_at": before(0), "days": days})
        });
        let params =
            json!({"as_of": before(0), "window_days": self.windows.first(), "run_id": "run"});
        let roles = self.ages.iter().enumerate().map(|(role, age)| {
            json!({"role_arn": rows::role_arn(ROLES[role]), "role_id": format!("AROA{}", ROLES[role].to_uppercase()),
                "role_name": ROLES[role], "account_id": rows::ACCOUNT, "created_at": age.map(before)})
        });
        let bindings = self.bindings.iter().map(|&(agent, role, named)| {
            let name = named.then(|| format!("{}-*", AGENTS[agent]));
            json!({"agent": AGENTS[agent], "role_arn": rows::role_arn(ROLES[role]), "session_name": name})
        });
        let envelopes = self.envelopes.iter().map(
            |&(agent, place)| json!({"agent": AGENTS[agent], "kind": "action", "pattern": action(place)}),
        );
        let grants = self.grants.iter().map(|(&(role, place), &(status, level))| {
            json!({"account_id": rows::ACCOUNT, "role_arn": rows::role_arn(ROLES[role]), "action": action(place),
                "service": "x", "status": STATUSES[status], "access_level": LEVELS[level]})
        });
        let kinds = OPERATIONS.map(|(_, _, action, recorded)| {
            let (kind, of) = if recorded {
                ("management", "management")
            } else {
                ("data", "AWS::SQS::Queue")
            };
            json!({"action": action, "recording": kind, "resource_type": of})
        });
        let actions = OPERATIONS.map(|(_, _, action, recorded)| {
            let (kind, of) = if recorded { ("management", "") } else { ("data", "AWS::SQS::Queue") };
            json!({"action": action, "service": "x", "access_level": "read", "recording": kind, "data_resource_types": of})
        });
        let selectors = self.selectors.then(|| json!({
            "account_id": rows::ACCOUNT, "trail_arn": "trail", "resource_type": "management", "read_events": true,
            "write_events": true, "limited": false, "excluded_services": "",
        }));
        vec![
            ("windows", windows.collect()),
            ("params", vec![params]),
            ("roles", roles.collect()),
            ("bindings", bindings.collect()),
            ("envelopes", envelopes.collect()),
            ("grants", grants.collect()),
            ("action_recordings", kinds.to_vec()),
            ("actions", actions.to_vec()),
            ("selectors", selectors.into_iter().collect()),
        ]
    }

    async fn session(&self) -> SessionContext {
        let context = testbed::session().unwrap();
        testbed::fill(
            &context,
            "events",
            rows::rows(&LakeTable::Events.schema(), &self.events()),
        )
        .unwrap();
        for (name, objects) in self.tables() {
            let schema = context.table_provider(name).await.unwrap().schema();
            testbed::fill(&context, name, rows::rows(&schema, &objects)).unwrap();
        }
        testbed::add_views(&context).await.unwrap();
        context
    }

    /// What is granted to each agent, by agent, role, action and window.
    fn granted(&self) -> BTreeSet<(String, String, String, i64)> {
        let mut granted = BTreeSet::new();
        for &(agent, role, _) in &self.bindings {
            let of_role = self
                .grants
                .iter()
                .filter(|((of, _), (status, _))| *of == role && STATUSES[*status] != "blocked");
            for ((_, place), _) in of_role {
                granted.extend(self.windows.iter().map(|days| {
                    (
                        AGENTS[agent].to_owned(),
                        rows::role_arn(ROLES[role]),
                        action(*place).to_owned(),
                        *days,
                    )
                }));
            }
        }
        granted
    }
}

/// The rows of a query: its columns of text, then its numbers.
async fn read(context: &SessionContext, query: &str, texts: usize) -> Vec<(Vec<String>, Vec<i64>)> {
    let batches = context.sql(query).await.unwrap().collect().await.unwrap();
    let mut rows = Vec::new();
    for batch in batches {
        let columns: Vec<_> = batch
            .columns()
            .iter()
            .enumerate()
            .map(|(place, column)| {
                cast(
                    column,
                    if place < texts {
                        &DataType::Utf8
                    } else {
                        &DataType::Int64
                    },
                )
                .unwrap()
            })
            .collect();
        for row in 0..batch.num_rows() {
            let text = |place: usize| columns[place].as_string::<i32>().value(row).to_owned();
            let number = |place: usize| columns[place].as_primitive::<Int64Type>().value(row);
            rows.push((
                (0..texts).map(text).collect(),
                (texts..columns.len()).map(number).collect(),
            ));
        }
    }
    rows
}

const BUCKETS: [&str; 5] = [
    "used",
    "non_legitimate",
    "inherited",
    "unobservable",
    "never_used",
];
const CONFIDENCES: [&str; 4] = ["high", "medium", "low", "none"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_granted_action_stands_in_one_bucket_of_every_window(organisation in organisation()) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (buckets, counts, index) = runtime.block_on(async {
            let context = organisation.session().await;
            (
                read(&context, "SELECT agent, role_arn, action, bucket, confidence, confidence_because, window_days FROM buckets", 6).await,
                read(&context, "SELECT agent, role_arn, window_days, granted, used, non_legitimate, inherited, unobservable, never_used FROM counts", 2).await,
                read(&context, "SELECT coalesce(agent, ''), window_days, granted_actions, CAST(excess_low * 10 AS BIGINT), CAST(excess_high * 10 AS BIGINT) FROM excess_index WHERE scope = 'agent'", 1).await,
            )
        });
        let mut seen = BTreeSet::new();
        let mut by_role: BTreeMap<(String, String, i64), BTreeMap<String, i64>> = BTreeMap::new();
        for (texts, numbers) in &buckets {
            let [agent, role, action, bucket, confidence, because] = texts.as_slice() else { unreachable!() };
            prop_assert!(BUCKETS.contains(&bucket.as_str()), "{bucket}");
            prop_assert!(CONFIDENCES.contains(&confidence.as_str()) && !because.is_empty());
            prop_assert_eq!(bucket == "unobservable", confidence == "none");
            let key = (agent.clone(), role.clone(), action.clone(), numbers[0]);
            prop_assert!(seen.insert(key), "twice: {texts:?}");
            *by_role.entry((agent.clone(), role.clone(), numbers[0])).or_default().entry(bucket.clone()).or_default() += 1;
        }
        prop_assert_eq!(&seen, &organisation.granted());
        let pairs: BTreeSet<(usize, usize)> = organisation.bindings.iter().map(|&(agent, role, _)| (agent, role)).collect();
        prop_assert_eq!(counts.len(), pairs.len() * organisation.windows.len());
        for (texts, numbers) in &counts {
            let [days, granted, parts @ ..] = numbers.as_slice() else { unreachable!() };
            prop_assert_eq!(*granted, parts.iter().sum::<i64>());
            let found = by_role.remove(&(texts[0].clone(), texts[1].clone(), *days)).unwrap_or_default();
            let told: BTreeMap<String, i64> = BUCKETS.iter().zip(parts).filter(|(_, count)| **count > 0)
                .map(|(bucket, count)| ((*bucket).to_owned(), *count)).collect();
            prop_assert_eq!(found, told);
        }
        prop_assert!(by_role.is_empty());
        for (texts, numbers) in &index {
            let [days, granted, low, high] = numbers.as_slice() else { unreachable!() };
            let of_agent = seen.iter().filter(|(agent, _, _, window)| *agent == texts[0] && window == days).count();
            prop_assert_eq!(i64::try_from(of_agent).unwrap(), *granted);
            prop_assert!(0 <= *low && low <= high && *high <= 1000, "{low} {high}");
        }
    }
}
