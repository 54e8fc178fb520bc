//! Deployment: an agent in GitHub Actions that comes in by OIDC and goes on into production by a
//! role chain, where `CloudFormation` acts with its credentials.

use crate::clock::at;
use crate::events::{containers, deployment, lambda, s3};
use crate::model::{
    Agent, Behaviour, Binding, Entry, Envelope, Happening, Network, Origin, Rhythm, Role,
    SessionName, Team, Trust, Workload,
};
use crate::organisation::{PRODUCTION, TOOLING};
use crate::policies;

const RUNNERS: Network = Network {
    addresses: &["192.0.2.34", "192.0.2.77", "192.0.2.181"],
    endpoint: None,
};
const ACTION: &str = "aws-sdk-js/3.908.0 ua/2.1 os/linux#6.11.0-1018-azure lang/js md/nodejs#20.19.5 api/sts#3.908.0 configure-aws-credentials-for-github-actions:halden/portal";
const CLI: &str = "aws-cli/2.31.13 md/awscrt#0.27.6 ua/2.1 os/linux#6.11.0-1018-azure md/arch#x86_64 lang/python#3.13.7 md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe md/distrib#ubuntu.24 md/prompt#off";
const REPOSITORY: &str = "portal/web";
const STACK: &str = "portal";

static ACTIONS_ROLE: Role = Role {
    path: "/ci/",
    inline: &[("release", policies::GITHUB_DEPLOYER)],
    tags: &[("team", "portal")],
    ..Role::of(
        &TOOLING,
        "github-actions-deployer",
        "2025-05-12T14:14:14+00:00",
        Trust::GitHub {
            subject: "repo:halden/portal:ref:refs/heads/main",
        },
    )
};
static TARGET_ROLE: Role = Role {
    inline: &[("deploy", policies::DEPLOY_TARGET)],
    tags: &[("team", "portal")],
    ..Role::of(
        &PRODUCTION,
        "deploy-target",
        "2025-05-12T14:31:00+00:00",
        Trust::Roles(&["arn:aws:iam::777788889999:role/ci/github-actions-deployer"]),
    )
};

static RELEASING: Entry = Entry {
    agent: Some("release-deployer"),
    role: &ACTIONS_ROLE,
    origin: Origin::GitHub {
        repository: "halden/portal",
        reference: "refs/heads/main",
    },
    network: RUNNERS,
    user_agent: ACTION,
    lifetime: 3_600,
};
static DEPLOYING: Entry = Entry {
    agent: Some("release-deployer"),
    role: &TARGET_ROLE,
    origin: Origin::AssumedBy {
        parent: &RELEASING,
        session: SessionName::Dated("release-"),
    },
    network: RUNNERS,
    user_agent: CLI,
    lifetime: 3_600,
};

/// Roles, agent and work of releases.
pub(crate) static TEAM: Team = Team {
    roles: &[&ACTIONS_ROLE, &TARGET_ROLE],
    agents: &[Agent {
        binding_pattern: Some("D"),
        propagation_pattern: Some("fresh_binding"),
        envelope: Some(Envelope {
            actions: &[
                "cloudformation:*",
                "ecr:*",
                "iam:PassRole",
                "lambda:*",
                "s3:*",
                "sts:AssumeRole",
            ],
            resources: &[],
            regions: &["eu-west-1"],
            networks: &["192.0.2.0/24"],
            assumable_roles: &["arn:aws:iam::111122223333:role/deploy-target"],
        }),
        ..Agent::of(
            "release-deployer",
            &[
                "greta.solberg@halden.example",
                "lukas.brandt@halden.example",
            ],
            "Builds and releases the portal (GitHub Actions)",
            &[
                Binding {
                    role: &ACTIONS_ROLE,
                    marks: &[("oidc_subject", "repo:halden/portal:*")],
                },
                Binding::whole(&TARGET_ROLE),
            ],
        )
    }],
    workloads: &[
        Workload {
            behaviours: &[
                Behaviour::daily(1.5, |draw| {
                    let build = draw.random.hex(8);
                    s3::put_object(
                        draw,
                        "halden-artifacts",
                        &format!("functions/portal-api/{build}.zip"),
                    )
                }),
                Behaviour::daily(0.8, |_| containers::get_authorization_token()),
                Behaviour::daily(1.2, |draw| {
                    containers::push(
                        draw,
                        "InitiateLayerUpload",
                        "ecr:InitiateLayerUpload",
                        REPOSITORY,
                    )
                }),
                Behaviour::daily(1.2, |draw| {
                    containers::push(
                        draw,
                        "CompleteLayerUpload",
                        "ecr:CompleteLayerUpload",
                        REPOSITORY,
                    )
                }),
                Behaviour::daily(0.8, |draw| {
                    containers::push(draw, "PutImage", "ecr:PutImage", REPOSITORY)
                }),
            ],
            ..Workload::of("release-deployer builds", &RELEASING, Rhythm::Office, 1.0)
        },
        Workload {
            behaviours: &[
                Behaviour::daily(0.8, |draw| deployment::create_change_set(draw, STACK)),
                Behaviour::daily(1.2, |_| deployment::describe_change_set(STACK)),
                Behaviour::daily(0.7, |draw| {
                    deployment::execute_change_set(draw, STACK, "portal-api")
                }),
                Behaviour::daily(2.0, |_| deployment::describe_stacks(STACK)),
                Behaviour::daily(1.0, |_| deployment::describe_stack_events(STACK)),
                Behaviour::daily(0.3, |draw| lambda::publish_version(draw, "portal-api")),
            ],
            happenings: &[Happening::once(at((2026, 8, 19), (12, 30, 45)), |draw| {
                lambda::create_function(
                    draw,
                    "portal-search",
                    "arn:aws:iam::111122223333:role/portal-search-fn",
                )
            })],
            ..Workload::of("release-deployer deploys", &DEPLOYING, Rhythm::Office, 0.8)
        },
    ],
    services: &[],
};
