//! Applications: the roles `app` and `my-app`, whose names end alike, and a reader of contracts
//! under a `Deny` on `Get*`.

use crate::call::Reason;
use crate::clock::at;
use crate::events::{bedrock, observability, s3, secrets, ssm};
use crate::model::{
    Agent, Behaviour, Binding, Entry, Happening, Origin, Rhythm, Role, Team, Trust, Workload,
};
use crate::organisation::{
    AGENT_BASELINE, BOTO3_LAMBDA, LAMBDA_BASIC_EXECUTION, PRODUCTION, PRODUCTION_EGRESS,
    PRODUCTION_VPC,
};
use crate::policies;

const OWNERS: &[&str] = &["greta.solberg@halden.example"];
const JAVA: &str = "aws-sdk-java/2.35.6 md/io#sync md/http#Apache ua/2.1 os/Linux#6.1.150-174.273.amzn2023.x86_64 lang/java#21.0.8 md/OpenJDK_64-Bit_Server_VM m/E,D,g";

static APP_ROLE: Role = Role {
    inline: &[("app", policies::APP)],
    instance_profile: true,
    tags: &[("team", "portal")],
    ..Role::of(
        &PRODUCTION,
        "app",
        "2025-06-17T08:00:19+00:00",
        Trust::Service("ec2.amazonaws.com"),
    )
};
static MY_APP_ROLE: Role = Role {
    inline: &[("my-app", policies::MY_APP)],
    instance_profile: true,
    tags: &[("team", "portal")],
    ..Role::of(
        &PRODUCTION,
        "my-app",
        "2025-09-30T12:41:07+00:00",
        Trust::Service("ec2.amazonaws.com"),
    )
};
static CONTRACT_ROLE: Role = Role {
    inline: &[("contracts", policies::CONTRACT_READER)],
    attached: &[&AGENT_BASELINE, &LAMBDA_BASIC_EXECUTION],
    tags: &[("team", "legal")],
    ..Role::of(
        &PRODUCTION,
        "contract-reader",
        "2026-02-10T15:26:33+00:00",
        Trust::Service("lambda.amazonaws.com"),
    )
};

static APP: Entry = Entry {
    agent: Some("app-assistant"),
    role: &APP_ROLE,
    origin: Origin::Ec2 {
        instances: &["i-0b6f1a2c3d4e5f607"],
    },
    network: PRODUCTION_VPC,
    user_agent: JAVA,
    lifetime: 21_600,
};
static MY_APP: Entry = Entry {
    agent: Some("my-app-assistant"),
    role: &MY_APP_ROLE,
    origin: Origin::Ec2 {
        instances: &["i-0c7e2b3d4f5a61708"],
    },
    network: PRODUCTION_VPC,
    user_agent: JAVA,
    lifetime: 21_600,
};
static CONTRACTS: Entry = Entry {
    agent: Some("contract-reader"),
    role: &CONTRACT_ROLE,
    origin: Origin::Lambda {
        function: "contract-reader",
    },
    network: PRODUCTION_EGRESS,
    user_agent: BOTO3_LAMBDA,
    lifetime: 43_200,
};

/// Roles, agents and work of the portal and legal teams.
pub(crate) static TEAM: Team = Team {
    roles: &[&APP_ROLE, &MY_APP_ROLE, &CONTRACT_ROLE],
    agents: &[
        Agent {
            binding_pattern: Some("B"),
            ..Agent::of(
                "app-assistant",
                OWNERS,
                "Answers questions in the customer portal",
                &[Binding {
                    role: &APP_ROLE,
                    marks: &[("instance_id", "i-*")],
                }],
            )
        },
        Agent::of(
            "my-app-assistant",
            OWNERS,
            "Keeps the files of a customer's personal page",
            &[Binding::whole(&MY_APP_ROLE)],
        ),
        Agent::of(
            "contract-reader",
            &["nora.weiss@halden.example"],
            "Finds clauses in contracts",
            &[Binding::whole(&CONTRACT_ROLE)],
        ),
    ],
    workloads: &[
        Workload {
            behaviours: &[
                Behaviour::daily(6.0, |draw| {
                    let number = draw.number(1, 400);
                    s3::get_object(draw, "halden-app", &format!("articles/{number}.md"))
                }),
                Behaviour::daily(3.0, |draw| bedrock::invoke_model(draw, bedrock::HAIKU)),
            ],
            // The edge of a 90-day window that ends with 30 September: the first call lies before
            // it by a second, the second one is its very first second. Neither action is used again.
            happenings: &[
                Happening::once(at((2026, 6, 18), (9, 14, 2)), |_| {
                    ssm::get_parameters_by_path("/app/")
                }),
                Happening::once(at((2026, 7, 2), (23, 59, 59)), |_| {
                    ssm::get_parameters_by_path("/app/")
                }),
                Happening::once(at((2026, 7, 3), (0, 0, 0)), |draw| {
                    ssm::get_parameter(draw, "/app/model")
                }),
            ],
            ..Workload::of("app-assistant", &APP, Rhythm::Steady, 2.0)
        },
        Workload {
            behaviours: &[
                Behaviour::daily(2.5, |draw| {
                    let number = draw.number(1, 900);
                    s3::put_object(draw, "halden-my-app", &format!("pages/{number}.json"))
                }),
                Behaviour::daily(0.6, |draw| {
                    let number = draw.number(1, 900);
                    s3::delete_object(draw, "halden-my-app", &format!("pages/{number}.json"))
                }),
                Behaviour::daily(1.0, |_| ssm::get_parameters_by_path("/my-app/")),
                Behaviour::daily(0.15, |draw| {
                    let parameter = "arn:aws:ssm:eu-west-1:111122223333:parameter/app/model";
                    ssm::get_parameter(draw, "/app/model")
                        .denied(parameter, Reason::NoIdentityPolicy)
                }),
            ],
            ..Workload::of("my-app-assistant", &MY_APP, Rhythm::Steady, 2.0)
        },
        Workload {
            behaviours: &[
                Behaviour::daily(4.0, |draw| {
                    let number = draw.number(100, 900);
                    let key = format!("signed/C-{number}.pdf");
                    s3::get_object(draw, "halden-contracts", &key)
                }),
                Behaviour::daily(1.2, |draw| {
                    s3::list_objects_v2(draw, "halden-contracts", "signed/")
                }),
                Behaviour::daily(0.7, |draw| {
                    let number = draw.number(10, 40);
                    let key = format!("restricted/C-{number}.pdf");
                    let call = s3::get_object(draw, "halden-contracts", &key);
                    s3::refused(call)
                }),
                Behaviour::daily(0.5, |draw| {
                    secrets::refused_secret_value(draw, "legal/archive-Zt81Kd")
                }),
                Behaviour::daily(0.5, |draw| {
                    secrets::describe_secret(draw, "legal/archive-Zt81Kd")
                }),
                Behaviour::daily(1.2, |draw| {
                    observability::create_log_stream(draw, "/aws/lambda/contract-reader")
                }),
            ],
            ..Workload::of("contract-reader", &CONTRACTS, Rhythm::Office, 1.5)
        },
    ],
    services: &[],
};
