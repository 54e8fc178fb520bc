//! Developers: an agent with `AdministratorAccess` in a sandbox, and a coding agent that works through
//! the AWS MCP Server under its user's permission set.

use crate::events::{compute, containers, lambda, mcp, observability, s3};
use crate::model::{
    Agent, Behaviour, Binding, Entry, Managed, Network, Origin, Rhythm, Role, Team, Trust, Workload,
};
use crate::organisation::TOOLING;
use crate::policies;

const OFFICE: Network = Network {
    addresses: &["192.0.2.10"],
    endpoint: None,
};
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0";
const CLIENT: &str = "claude-code/2.1.202 (cli)";
const SDK: &str = "aws-sdk-go-v2/1.39.4 ua/2.1 os/linux lang/go#1.25.3 md/GOOS#linux md/GOARCH#arm64 api/ec2#1.257.2 m/E,g";

/// Everything.
pub(crate) static ADMINISTRATOR: Managed = Managed {
    account: None,
    path: "/",
    name: "AdministratorAccess",
    document: policies::AWS_ADMINISTRATOR_ACCESS,
    version: 1,
};

static SANDBOX_ROLE: Role = Role {
    attached: &[&ADMINISTRATOR],
    instance_profile: true,
    tags: &[("team", "platform"), ("purpose", "sandbox")],
    ..Role::of(
        &TOOLING,
        "sandbox-copilot",
        "2026-05-05T17:40:00+00:00",
        Trust::Service("ec2.amazonaws.com"),
    )
};
/// The role that IAM Identity Center writes for the permission set.
pub(crate) static DEVELOPER_ROLE: Role = Role {
    path: "/aws-reserved/sso.amazonaws.com/eu-west-1/",
    inline: &[("AwsSSOInlinePolicy", policies::SSO_DEVELOPER)],
    ..Role::of(
        &TOOLING,
        "AWSReservedSSO_DeveloperAccess_4c1d8e2f7a9b0356",
        "2025-03-18T09:00:02+00:00",
        Trust::IdentityCenter,
    )
};

static SANDBOX: Entry = Entry {
    agent: Some("sandbox-copilot"),
    role: &SANDBOX_ROLE,
    origin: Origin::Ec2 {
        instances: &["i-0e8d7c6b5a4930217"],
    },
    network: Network {
        addresses: &["10.50.9.66"],
        endpoint: None,
    },
    user_agent: SDK,
    lifetime: 21_600,
};
static COPILOT: Entry = Entry {
    agent: Some("dev-copilot"),
    role: &DEVELOPER_ROLE,
    origin: Origin::McpServer {
        user: "dana.ortiz@halden.example",
        client: CLIENT,
    },
    network: OFFICE,
    user_agent: BROWSER,
    lifetime: 28_800,
};

/// Roles, agents and work of the platform team.
pub(crate) static TEAM: Team = Team {
    roles: &[&SANDBOX_ROLE, &DEVELOPER_ROLE],
    agents: &[
        Agent {
            environment: Some("sandbox"),
            binding_pattern: Some("A"),
            ..Agent::of(
                "sandbox-copilot",
                &["dana.ortiz@halden.example"],
                "Experiments; given everything so that nothing stands in the way",
                &[Binding::whole(&SANDBOX_ROLE)],
            )
        },
        Agent {
            environment: Some("development"),
            propagation_pattern: Some("token_reuse"),
            ..Agent::of(
                "dev-copilot",
                &["dana.ortiz@halden.example"],
                "Coding agent that asks AWS through the AWS MCP Server",
                &[Binding {
                    role: &DEVELOPER_ROLE,
                    marks: &[("user_agent", "aws-mcp.amazonaws.com")],
                }],
            )
        },
    ],
    workloads: &[
        Workload {
            behaviours: &[
                Behaviour::daily(1.5, |_| compute::describe_instances()),
                Behaviour::daily(0.8, |_| {
                    compute::describe("DescribeSubnets", "ec2:DescribeSubnets", "subnetSet")
                }),
                Behaviour::daily(1.0, s3::list_buckets),
                Behaviour::daily(0.7, |_| lambda::list_functions()),
            ],
            ..Workload::of("sandbox-copilot", &SANDBOX, Rhythm::Office, 1.0)
        },
        Workload {
            behaviours: &[
                Behaviour::daily(1.5, |draw| {
                    let call = observability::describe_log_groups("/aws/lambda/");
                    mcp::tool_call(draw, "logs:DescribeLogGroups", call)
                }),
                Behaviour::daily(1.2, |draw| {
                    let call = observability::start_logs_query(draw, "/aws/lambda/portal-api");
                    mcp::tool_call(draw, "logs:StartQuery", call)
                }),
                Behaviour::daily(0.8, |draw| {
                    let call = lambda::get_function(draw, "build-notifier");
                    mcp::tool_call(draw, "lambda:GetFunction", call)
                }),
                Behaviour::daily(0.5, |draw| {
                    let call = containers::describe_services("ops", "runner");
                    mcp::tool_call(draw, "ecs:DescribeServices", call)
                }),
            ],
            ..Workload::of("dev-copilot", &COPILOT, Rhythm::Office, 0.7)
        },
    ],
    services: &[],
};
