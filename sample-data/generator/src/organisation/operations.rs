//! Operations: a planner, an executor and a monitor on one role, and a chain into production.
//!
//! They are told apart by session name, user agent and network. A fourth client uses the role too,
//! by none of these: its calls stay unattributed.

use crate::call::Reason;
use crate::clock::{at, day};
use crate::events::{bedrock, compute, containers, observability, ssm, sts};
use crate::model::{
    Agent, Behaviour, Binding, Entry, Envelope, Happening, Network, Origin, Rhythm, Role,
    SessionName, Team, Trust, Workload,
};
use crate::organisation::{PRODUCTION, TOOLING};
use crate::policies;

const OWNERS: &[&str] = &["lukas.brandt@halden.example"];
const INSTANCES: &[&str] = &["i-01f2e3d4c5b6a7980", "i-09a8b7c6d5e4f3210"];
const EXECUTOR: &str = "executor/2.3.1 Boto3/1.40.66 md/Botocore#1.40.66 ua/2.1 os/linux#6.1.155-176.282.amzn2023.aarch64 lang/python#3.13.7 Botocore/1.40.66";
const PLAIN: &str = "Boto3/1.40.66 md/Botocore#1.40.66 ua/2.1 os/linux#6.1.155-176.282.amzn2023.aarch64 md/arch#aarch64 lang/python#3.13.7 md/pyimpl#CPython Botocore/1.40.66";
const WORKERS: Network = Network {
    addresses: &["10.50.2.14", "10.50.2.15"],
    endpoint: Some("vpce-04b7e1d9c2f3a8650"),
};
const WATCHERS: Network = Network {
    addresses: &["10.40.7.31", "10.40.7.32"],
    endpoint: Some("vpce-04b7e1d9c2f3a8650"),
};

static OPS_ROLE: Role = Role {
    inline: &[("ops-agents", policies::OPS_AGENTS)],
    tags: &[("team", "operations")],
    ..Role::of(
        &TOOLING,
        "ops-agents",
        "2025-07-07T07:07:00+00:00",
        Trust::Roles(&["arn:aws:iam::777788889999:role/ops-host"]),
    )
};
static HOST_ROLE: Role = Role {
    inline: &[("become-agents", policies::OPS_HOST)],
    instance_profile: true,
    tags: &[("team", "operations")],
    ..Role::of(
        &TOOLING,
        "ops-host",
        "2025-07-07T07:01:30+00:00",
        Trust::Service("ec2.amazonaws.com"),
    )
};
static WORKER_ROLE: Role = Role {
    inline: &[("ops-worker", policies::OPS_WORKER)],
    instance_profile: true,
    tags: &[("team", "operations")],
    ..Role::of(
        &TOOLING,
        "ops-worker",
        "2025-07-07T07:03:45+00:00",
        Trust::Service("ec2.amazonaws.com"),
    )
};
static REMEDIATION_ROLE: Role = Role {
    inline: &[("ops-remediation", policies::OPS_REMEDIATION)],
    tags: &[("team", "operations")],
    ..Role::of(
        &PRODUCTION,
        "ops-remediation",
        "2025-07-09T12:00:00+00:00",
        Trust::Roles(&["arn:aws:iam::777788889999:role/ops-agents"]),
    )
};

static HOST: Entry = Entry {
    agent: None,
    role: &HOST_ROLE,
    origin: Origin::Ec2 {
        instances: &["i-0d5c4b3a291807f6e"],
    },
    network: WORKERS,
    user_agent: PLAIN,
    lifetime: 21_600,
};
const fn assumed(
    agent: Option<&'static str>,
    session: SessionName,
    network: Network,
    user_agent: &'static str,
) -> Entry {
    Entry {
        agent,
        role: &OPS_ROLE,
        origin: Origin::AssumedBy {
            parent: &HOST,
            session,
        },
        network,
        user_agent,
        lifetime: 3_600,
    }
}
static PLANNING: Entry = assumed(
    Some("planner"),
    SessionName::Dated("planner-"),
    WORKERS,
    PLAIN,
);
/// A planner's session that uses the executor's client: the session name decides.
static PLANNING_AS_EXECUTOR: Entry = assumed(
    Some("planner"),
    SessionName::Dated("planner-"),
    WORKERS,
    EXECUTOR,
);
static EXECUTING: Entry = assumed(Some("executor"), SessionName::Botocore, WORKERS, EXECUTOR);
static MONITORING: Entry = assumed(Some("monitor"), SessionName::Botocore, WATCHERS, PLAIN);
static SOMEBODY: Entry = assumed(None, SessionName::Botocore, WORKERS, PLAIN);
static REMEDIATING: Entry = Entry {
    agent: Some("executor"),
    role: &REMEDIATION_ROLE,
    origin: Origin::AssumedBy {
        parent: &EXECUTING,
        session: SessionName::Dated("remediation-"),
    },
    network: WORKERS,
    user_agent: EXECUTOR,
    lifetime: 3_600,
};

/// Roles, agents and work of operations.
pub(crate) static TEAM: Team = Team {
    roles: &[&OPS_ROLE, &HOST_ROLE, &WORKER_ROLE, &REMEDIATION_ROLE],
    agents: &[
        Agent {
            binding_pattern: Some("B"),
            propagation_pattern: Some("token_reuse"),
            ..Agent::of(
                "planner",
                OWNERS,
                "Plans capacity and maintenance",
                &[Binding {
                    role: &OPS_ROLE,
                    marks: &[("session_name", "planner-*")],
                }],
            )
        },
        Agent {
            binding_pattern: Some("B"),
            propagation_pattern: Some("token_reuse"),
            envelope: Some(Envelope {
                actions: &[
                    "autoscaling:*",
                    "cloudwatch:PutMetricAlarm",
                    "ec2:*",
                    "ecs:*",
                    "iam:PassRole",
                    "ssm:*",
                    "sts:AssumeRole",
                ],
                resources: &[],
                regions: &["eu-west-1"],
                networks: &["10.50.0.0/16"],
                assumable_roles: &["arn:aws:iam::111122223333:role/ops-remediation"],
            }),
            ..Agent::of(
                "executor",
                OWNERS,
                "Carries out what the planner decided, in tooling and in production",
                &[
                    Binding {
                        role: &OPS_ROLE,
                        marks: &[("user_agent", "*executor/*")],
                    },
                    Binding::whole(&REMEDIATION_ROLE),
                ],
            )
        },
        Agent {
            binding_pattern: Some("B"),
            propagation_pattern: Some("token_reuse"),
            ..Agent::of(
                "monitor",
                OWNERS,
                "Watches alarms and instances",
                &[Binding {
                    role: &OPS_ROLE,
                    marks: &[("source_network", "10.40.0.0/16")],
                }],
            )
        },
    ],
    workloads: &[
        Workload {
            behaviours: &[
                Behaviour::daily(4.0, |draw| bedrock::converse(draw, bedrock::SONNET)),
                Behaviour::daily(3.0, |_| compute::describe_instances()),
                Behaviour::daily(1.0, |_| {
                    compute::describe("DescribeImages", "ec2:DescribeImages", "imagesSet")
                }),
                Behaviour::daily(1.5, |_| compute::describe_auto_scaling_groups()),
            ],
            ..Workload::of("planner", &PLANNING, Rhythm::Office, 1.0)
        },
        Workload {
            behaviours: &[Behaviour::daily(0.3, |_| compute::describe_instances())],
            ..Workload::of(
                "planner with the executor's client",
                &PLANNING_AS_EXECUTOR,
                Rhythm::Office,
                0.2,
            )
        },
        Workload {
            behaviours: &[
                Behaviour::daily(1.2, |draw| {
                    let instance = draw.one_of(INSTANCES);
                    compute::start(instance)
                }),
                Behaviour::daily(1.2, |draw| {
                    let instance = draw.one_of(INSTANCES);
                    compute::stop(instance)
                }),
                Behaviour::daily(0.5, |draw| compute::run_instances(draw, "ops-worker")),
                Behaviour::daily(0.4, |draw| {
                    compute::run_instances(draw, "ops-worker").dry_run()
                }),
                Behaviour::daily(1.5, |draw| {
                    let instance = draw.one_of(INSTANCES);
                    ssm::send_command(draw, instance)
                }),
                Behaviour::daily(2.0, |draw| {
                    let instance = draw.one_of(INSTANCES);
                    ssm::get_command_invocation(draw, instance)
                }),
                Behaviour::daily(0.4, |draw| {
                    let capacity = draw.number(2, 6);
                    compute::set_desired_capacity("ops-workers", capacity)
                }),
                Behaviour::daily(0.2, |_| {
                    compute::reboot("i-0ffffffffffffffff").failing(
                        "Client.InvalidInstanceID.NotFound",
                        "The instance ID 'i-0ffffffffffffffff' does not exist",
                    )
                }),
                Behaviour::daily(0.2, |_| sts::get_caller_identity()),
            ],
            // Twice a termination is only tried out; an image is never allowed.
            happenings: &[
                Happening {
                    start: at((2026, 8, 12), (10, 3, 30)),
                    count: 2,
                    spacing: 90,
                    from: None,
                    call: |draw| compute::terminate(draw.one_of(INSTANCES)).dry_run(),
                },
                Happening::once(at((2026, 9, 3), (14, 40, 12)), |_| {
                    let instance =
                        "arn:aws:ec2:eu-west-1:777788889999:instance/i-01f2e3d4c5b6a7980";
                    compute::create_image("i-01f2e3d4c5b6a7980", "before-maintenance")
                        .denied(instance, Reason::NoIdentityPolicy)
                }),
            ],
            ..Workload::of("executor", &EXECUTING, Rhythm::Office, 1.5)
        },
        Workload {
            behaviours: &[
                Behaviour::daily(0.8, |_| {
                    containers::describe_services("portal", "portal-web")
                }),
                Behaviour::daily(0.5, |_| containers::update_service("portal", "portal-web")),
                Behaviour::daily(0.4, |_| compute::describe_instances()),
            ],
            ..Workload::of("executor in production", &REMEDIATING, Rhythm::Office, 0.5)
        },
        Workload {
            behaviours: &[
                Behaviour::daily(5.0, |_| observability::describe_alarms()),
                Behaviour::daily(3.0, |_| {
                    compute::describe(
                        "DescribeInstanceStatus",
                        "ec2:DescribeInstanceStatus",
                        "instancesSet",
                    )
                }),
                Behaviour::daily(1.0, |_| containers::describe_services("ops", "runner")),
            ],
            ..Workload::of("monitor", &MONITORING, Rhythm::Steady, 2.0)
        },
        Workload {
            days: Some((day(2026, 7, 13), day(2026, 9, 18))),
            behaviours: &[
                Behaviour::daily(0.5, |_| compute::describe_instances()),
                Behaviour::daily(0.3, |_| observability::put_metric_alarm("disk-almost-full")),
            ],
            ..Workload::of("somebody on ops-agents", &SOMEBODY, Rhythm::Office, 0.4)
        },
    ],
    services: &[],
};
