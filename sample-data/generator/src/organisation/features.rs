//! Features and forecasts: EKS Pod Identity, and a pod that lost it.
//!
//! On 20 August somebody deletes the Pod Identity association of `sales-forecaster`. Its pod does
//! not stop: the SDK falls back to the credentials of the node, whose role has a policy left over
//! from before the cluster had identities for pods.

use crate::clock::{at, day};
use crate::events::{analytics, compute, containers, s3, ssm};
use crate::model::{
    Agent, Behaviour, Binding, Entry, Envelope, Happening, Managed, Origin, Rhythm, Role, Team,
    Trust, Workload,
};
use crate::organisation::{BOTO3_POD, DATA, DATA_KEY, DATA_VPC, REVIEW_DAY, SSM_MANAGED_INSTANCE};
use crate::policies;

const LAKE: &str = "halden-lake";
const CLUSTER: &str = "halden-analytics";
const NODES: &[&str] = &["i-0a41d7c2b9e8f6053", "i-0f93b6e5d4c2a1087"];
const KUBELET: &str = "kubelet/v1.33.5 (linux/amd64) kubernetes/5af6b4c";
const POD_AGENT: &str = "eks-pod-identity-agent/v0.1.33";
const FORECASTER: &str = "sales-forecaster/1.4 Boto3/1.40.49 md/Botocore#1.40.49 ua/2.1 os/linux#6.1.153-175.280.amzn2023.x86_64 md/arch#x86_64 lang/python#3.12.11 md/pyimpl#CPython Botocore/1.40.49";
/// First day without the association.
const LOST: crate::clock::Day = day(2026, 8, 20);

static WORKER_NODE: Managed = Managed {
    account: None,
    path: "/",
    name: "AmazonEKSWorkerNodePolicy",
    document: policies::AWS_EKS_WORKER_NODE,
    version: 3,
};
static REGISTRY_READ_ONLY: Managed = Managed {
    account: None,
    path: "/",
    name: "AmazonEC2ContainerRegistryReadOnly",
    document: policies::AWS_ECR_READ_ONLY,
    version: 3,
};

static FEATURE_ROLE: Role = Role {
    inline: &[("feature-builder", policies::FEATURE_BUILDER)],
    tags: &[("team", "machine-learning")],
    ..Role::of(
        &DATA,
        "eks-feature-builder",
        "2026-02-24T16:08:20+00:00",
        Trust::Pods,
    )
};
static FORECAST_ROLE: Role = Role {
    inline: &[("sales-forecaster", policies::SALES_FORECASTER)],
    tags: &[("team", "machine-learning")],
    ..Role::of(
        &DATA,
        "eks-sales-forecaster",
        "2026-02-24T16:20:41+00:00",
        Trust::Pods,
    )
};
static NODE_ROLE: Role = Role {
    inline: &[("legacy-data-access", policies::NODE_LEGACY_DATA)],
    attached: &[&WORKER_NODE, &REGISTRY_READ_ONLY, &SSM_MANAGED_INSTANCE],
    instance_profile: true,
    tags: &[("eks:cluster-name", CLUSTER)],
    ..Role::of(
        &DATA,
        "eks-node-analytics",
        "2025-04-11T06:50:00+00:00",
        Trust::Service("ec2.amazonaws.com"),
    )
};
static JOB_ROLE: Role = Role {
    tags: &[("team", "machine-learning")],
    ..Role::of(
        &DATA,
        "feature-job",
        "2026-02-24T16:31:09+00:00",
        Trust::Service("sagemaker.amazonaws.com"),
    )
};

/// The node by itself: kubelet and Pod Identity agent.
static NODE: Entry = Entry {
    agent: None,
    role: &NODE_ROLE,
    origin: Origin::Ec2 { instances: NODES },
    network: DATA_VPC,
    user_agent: POD_AGENT,
    lifetime: 21_600,
};
static KUBELET_ON_NODE: Entry = Entry {
    user_agent: KUBELET,
    ..NODE_TEMPLATE
};
static FORECASTER_ON_NODE: Entry = Entry {
    agent: Some("sales-forecaster"),
    user_agent: FORECASTER,
    ..NODE_TEMPLATE
};
const NODE_TEMPLATE: Entry = Entry {
    agent: None,
    role: &NODE_ROLE,
    origin: Origin::Ec2 { instances: NODES },
    network: DATA_VPC,
    user_agent: "",
    lifetime: 21_600,
};

const fn pod(agent: &'static str, role: &'static Role, user_agent: &'static str) -> Entry {
    Entry {
        agent: Some(agent),
        role,
        origin: Origin::PodIdentity {
            cluster: CLUSTER,
            namespace: "ml",
            service_account: agent,
            node: &NODE,
        },
        network: DATA_VPC,
        user_agent,
        lifetime: 21_600,
    }
}
static FEATURES: Entry = pod("feature-builder", &FEATURE_ROLE, BOTO3_POD);
static FORECASTS: Entry = pod("sales-forecaster", &FORECAST_ROLE, FORECASTER);

/// What the forecaster does, with whatever credentials it finds.
const FORECASTING: &[Behaviour] = &[
    Behaviour::daily(4.0, |draw| {
        let key = draw.dated_key("sales", "orders", "parquet");
        s3::get_object(draw, LAKE, &key)
    }),
    Behaviour::daily(1.5, |draw| {
        let key = draw.dated_key("sales/forecast", "week", "parquet");
        s3::put_object(draw, LAKE, &key)
    }),
    Behaviour::daily(1.2, |draw| analytics::start_query(draw, "sales")),
    Behaviour::daily(2.0, analytics::get_query_execution),
    Behaviour::daily(1.0, analytics::get_query_results),
];

/// Roles, agents and work of the machine-learning team.
pub(crate) static TEAM: Team = Team {
    roles: &[&FEATURE_ROLE, &FORECAST_ROLE, &NODE_ROLE, &JOB_ROLE],
    agents: &[
        Agent {
            binding_pattern: Some("C"),
            propagation_pattern: Some("scoped_sub_token"),
            envelope: Some(Envelope {
                actions: &[
                    "iam:PassRole",
                    "kms:*",
                    "s3:GetObject",
                    "s3:ListBucket",
                    "s3:PutObject",
                    "sagemaker:*",
                ],
                resources: &[],
                regions: &["eu-central-1"],
                networks: &["10.30.0.0/16"],
                assumable_roles: &[],
            }),
            ..Agent::of(
                "feature-builder",
                &["kofi.mensah@halden.example"],
                "Builds features for pricing models (pod, Pod Identity)",
                &[Binding {
                    role: &FEATURE_ROLE,
                    marks: &[("service_account", "ml/feature-builder")],
                }],
            )
        },
        Agent {
            binding_pattern: Some("A"),
            ..Agent::of(
                "sales-forecaster",
                &["kofi.mensah@halden.example"],
                "Forecasts sales each week (pod; Pod Identity until August, the node's role since)",
                &[
                    Binding {
                        role: &FORECAST_ROLE,
                        marks: &[("service_account", "ml/sales-forecaster")],
                    },
                    Binding {
                        role: &NODE_ROLE,
                        marks: &[("user_agent", "*sales-forecaster/*")],
                    },
                ],
            )
        },
    ],
    workloads: &[
        Workload {
            behaviours: &[
                Behaviour::daily(5.0, |draw| {
                    let key = draw.dated_key("core/quotes", "part", "parquet");
                    s3::get_object(draw, LAKE, &key)
                }),
                Behaviour::daily(2.5, |draw| {
                    let key = draw.dated_key("pricing", "features", "parquet");
                    s3::put_object_encrypted(draw, "halden-features", &key, DATA_KEY)
                }),
                Behaviour::daily(1.0, |draw| s3::list_objects_v2(draw, LAKE, "core/quotes/")),
                Behaviour::daily(0.6, |draw| {
                    analytics::create_processing_job(
                        draw,
                        "arn:aws:iam::444455556666:role/feature-job",
                    )
                }),
                Behaviour::daily(1.5, analytics::describe_processing_job),
                Behaviour::daily(0.15, |draw| {
                    analytics::refused_training_job(
                        draw,
                        "arn:aws:iam::444455556666:role/training-job",
                    )
                }),
            ],
            ..Workload::of("feature-builder", &FEATURES, Rhythm::Night, 1.0)
        },
        Workload {
            days: Some((day(2026, 1, 1), LOST.plus(-1))),
            behaviours: FORECASTING,
            ..Workload::of(
                "sales-forecaster with its own role",
                &FORECASTS,
                Rhythm::Night,
                1.0,
            )
        },
        Workload {
            days: Some((LOST, REVIEW_DAY)),
            behaviours: FORECASTING,
            ..Workload::of(
                "sales-forecaster on the node's role",
                &FORECASTER_ON_NODE,
                Rhythm::Night,
                1.0,
            )
        },
        Workload {
            behaviours: &[
                Behaviour::daily(1.0, |_| containers::get_authorization_token()),
                Behaviour::daily(1.5, |draw| {
                    containers::batch_get_image(draw, "ml/feature-builder")
                }),
                Behaviour::daily(2.0, |draw| {
                    containers::get_download_url(draw, "ml/feature-builder")
                }),
                Behaviour::daily(2.0, |_| compute::describe_instances()),
                Behaviour::daily(0.5, |_| containers::describe_cluster(CLUSTER)),
                Behaviour::daily(2.0, |_| {
                    ssm::update_instance_information("i-0a41d7c2b9e8f6053")
                }),
            ],
            happenings: &[Happening::once(at((2026, 7, 20), (4, 2, 11)), |_| {
                containers::describe_cluster(CLUSTER)
            })],
            ..Workload::of("kubelet", &KUBELET_ON_NODE, Rhythm::Steady, 2.0)
        },
    ],
    services: &[],
};
