//! Catalog: two agents in one cluster that share a role through IAM roles for service accounts,
//! told apart by the subject of the token that opened the session.

use crate::events::{analytics, bedrock, s3};
use crate::model::{
    Agent, Behaviour, Binding, Entry, Envelope, Origin, Rhythm, Role, Team, Trust, Workload,
};
use crate::organisation::{BOTO3_POD, DATA, DATA_VPC};
use crate::policies;

/// OIDC issuer of the cluster.
const ISSUER: &str = "oidc.eks.eu-central-1.amazonaws.com/id/6B1F0C2D9E8A7B35C41D2E60F7A8B9C0";
const LAKE: &str = "halden-lake";
const OWNERS: &[&str] = &["jana.kral@halden.example"];
const ATHENA: &str = "athena.amazonaws.com";

static CATALOG_ROLE: Role = Role {
    path: "/irsa/",
    inline: &[("catalog", policies::CATALOG)],
    tags: &[("team", "data-platform")],
    ..Role::of(
        &DATA,
        "catalog",
        "2025-08-21T13:17:54+00:00",
        Trust::ServiceAccounts {
            issuer: ISSUER,
            subjects: &[
                "system:serviceaccount:catalog:enricher",
                "system:serviceaccount:catalog:exporter",
            ],
        },
    )
};

const fn pod(agent: &'static str, service_account: &'static str) -> Entry {
    Entry {
        agent: Some(agent),
        role: &CATALOG_ROLE,
        origin: Origin::Irsa {
            issuer: ISSUER,
            namespace: "catalog",
            service_account,
        },
        network: DATA_VPC,
        user_agent: BOTO3_POD,
        lifetime: 86_400,
    }
}
static ENRICHER: Entry = pod("catalog-enricher", "enricher");
static EXPORTER: Entry = pod("catalog-exporter", "exporter");

/// Role, agents and work of the data platform team.
pub(crate) static TEAM: Team = Team {
    roles: &[&CATALOG_ROLE],
    agents: &[
        Agent {
            binding_pattern: Some("B"),
            propagation_pattern: Some("fresh_binding"),
            envelope: Some(Envelope {
                actions: &[
                    "athena:*",
                    "bedrock:InvokeModel",
                    "glue:*",
                    "lakeformation:GetDataAccess",
                    "s3:*",
                ],
                resources: &[],
                regions: &["eu-central-1"],
                networks: &["10.30.0.0/16"],
                assumable_roles: &[],
            }),
            ..Agent::of(
                "catalog-enricher",
                OWNERS,
                "Describes tables and columns of the data catalog (pod, IRSA)",
                &[Binding {
                    role: &CATALOG_ROLE,
                    marks: &[("oidc_subject", "system:serviceaccount:catalog:enricher")],
                }],
            )
        },
        Agent {
            binding_pattern: Some("B"),
            ..Agent::of(
                "catalog-exporter",
                OWNERS,
                "Exports the catalog for the search index (pod, IRSA)",
                &[Binding {
                    role: &CATALOG_ROLE,
                    marks: &[("oidc_subject", "system:serviceaccount:catalog:exporter")],
                }],
            )
        },
    ],
    workloads: &[
        Workload {
            behaviours: &[
                Behaviour::daily(7.0, |draw| {
                    let name = draw.one_of(&["policies", "claims", "customers", "quotes"]);
                    analytics::table(("GetTable", "glue:GetTable"), "core", name)
                }),
                Behaviour::daily(2.5, |draw| {
                    let name = draw.one_of(&["policies", "claims", "customers", "quotes"]);
                    analytics::table(("UpdateTable", "glue:UpdateTable"), "core", name)
                }),
                Behaviour::daily(3.0, |draw| bedrock::converse(draw, bedrock::HAIKU)),
                Behaviour::daily(1.5, |draw| analytics::start_query(draw, "catalog")),
                Behaviour::daily(3.0, analytics::get_query_execution),
                Behaviour::daily(1.5, analytics::get_query_results),
                Behaviour::daily(2.0, |draw| {
                    let key = draw.dated_key("core/claims", "part", "parquet");
                    s3::get_object(draw, LAKE, &key).via(ATHENA)
                }),
                Behaviour::daily(1.0, |draw| {
                    analytics::get_data_access(draw, "core", "claims")
                }),
            ],
            ..Workload::of("catalog-enricher", &ENRICHER, Rhythm::Office, 1.0)
        },
        Workload {
            behaviours: &[
                Behaviour::daily(2.5, |_| {
                    analytics::table(("GetTables", "glue:GetTables"), "core", "")
                }),
                Behaviour::daily(1.5, |_| {
                    analytics::table(("GetPartitions", "glue:GetPartitions"), "core", "claims")
                }),
                Behaviour::daily(3.0, |draw| {
                    let key = draw.dated_key("exports", "catalog", "json");
                    s3::put_object(draw, LAKE, &key)
                }),
                Behaviour::daily(1.0, |draw| s3::list_objects_v2(draw, LAKE, "exports/")),
                Behaviour::daily(0.5, |draw| {
                    s3::bucket(
                        draw,
                        "GetBucketLocation",
                        "s3:GetBucketLocation",
                        LAKE,
                        Some("location"),
                    )
                }),
            ],
            ..Workload::of("catalog-exporter", &EXPORTER, Rhythm::Night, 1.0)
        },
    ],
    services: &[],
};
