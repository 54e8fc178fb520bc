//! Ledger: a role that was deleted and made anew under the same name. The old role's use, of which
//! deleting objects and stopping queries are part, is not the new role's.

use crate::clock::day;
use crate::events::{analytics, observability, s3};
use crate::model::{
    Agent, Behaviour, Binding, Entry, Network, Origin, Rhythm, Role, Team, Trust, Workload,
};
use crate::organisation::{BOTO3_LAMBDA, DATA, REVIEW_DAY};
use crate::policies;

const BUCKET: &str = "halden-ledger";
const FUNCTION: Trust = Trust::Service("lambda.amazonaws.com");
const EGRESS: Network = Network {
    addresses: &["198.51.100.71", "198.51.100.72"],
    endpoint: None,
};

/// The role since 21 July.
pub(crate) static LEDGER_ROLE: Role = Role {
    inline: &[("ledger-reconciler", policies::LEDGER_RECONCILER)],
    tags: &[("team", "finance")],
    ..Role::of(
        &DATA,
        "ledger-reconciler",
        "2026-07-21T08:31:12+00:00",
        FUNCTION,
    )
};
/// The role of the same name that was deleted on 21 July.
pub(crate) static FORMER_ROLE: Role = Role {
    former: true,
    ..Role::of(
        &DATA,
        "ledger-reconciler",
        "2025-01-15T10:00:00+00:00",
        FUNCTION,
    )
};

const fn function(role: &'static Role) -> Entry {
    Entry {
        agent: Some("ledger-reconciler"),
        role,
        origin: Origin::Lambda {
            function: "ledger-reconciler",
        },
        network: EGRESS,
        user_agent: BOTO3_LAMBDA,
        lifetime: 43_200,
    }
}
static RECONCILER: Entry = function(&LEDGER_ROLE);
static FORMER_RECONCILER: Entry = function(&FORMER_ROLE);

/// Role, agent and work of the ledger.
pub(crate) static TEAM: Team = Team {
    roles: &[&LEDGER_ROLE],
    agents: &[Agent::of(
        "ledger-reconciler",
        &["petra.novak@halden.example"],
        "Reconciles the ledger with bank statements",
        &[Binding::whole(&LEDGER_ROLE)],
    )],
    workloads: &[
        Workload {
            days: Some((day(2026, 1, 1), day(2026, 7, 20))),
            behaviours: &[
                Behaviour::daily(3.0, |draw| {
                    let key = draw.dated_key("statements", "bank", "csv");
                    s3::get_object(draw, BUCKET, &key)
                }),
                Behaviour::daily(1.5, |draw| {
                    let key = draw.dated_key("statements", "bank", "csv");
                    s3::delete_object(draw, BUCKET, &key)
                }),
                Behaviour::daily(1.0, |draw| analytics::start_query(draw, "ledger")),
                Behaviour::daily(0.5, analytics::stop_query),
            ],
            ..Workload::of(
                "ledger-reconciler, former role",
                &FORMER_RECONCILER,
                Rhythm::Night,
                1.0,
            )
        },
        Workload {
            days: Some((day(2026, 7, 22), REVIEW_DAY)),
            behaviours: &[
                Behaviour::daily(3.0, |draw| {
                    let key = draw.dated_key("statements", "bank", "csv");
                    s3::get_object(draw, BUCKET, &key)
                }),
                Behaviour::daily(1.5, |draw| {
                    let key = draw.dated_key("matched", "bank", "csv");
                    s3::copy_object(draw, BUCKET, "statements/latest.csv", &key)
                }),
                Behaviour::daily(1.0, |draw| analytics::start_query(draw, "ledger")),
                Behaviour::daily(1.5, analytics::get_query_execution),
                Behaviour::daily(1.0, |draw| {
                    observability::create_log_stream(draw, "/aws/lambda/ledger-reconciler")
                }),
            ],
            ..Workload::of("ledger-reconciler", &RECONCILER, Rhythm::Night, 1.0)
        },
    ],
    services: &[],
};
