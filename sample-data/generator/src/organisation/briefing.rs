//! Briefing: an agent in an Amazon Bedrock AgentCore runtime, with a declared envelope.

use crate::events::{bedrock, containers, observability, s3, secrets};
use crate::model::{
    Agent, Behaviour, Binding, Entry, Envelope, Network, Origin, Rhythm, Role, Team, Trust,
    Workload,
};
use crate::organisation::{BOTO3_RUNTIME, PRODUCTION};
use crate::policies;

const LOG_GROUP: &str = "/aws/bedrock-agentcore/runtimes/briefing_agent-Qk3v9ZbT1x-DEFAULT";
const BUCKET: &str = "halden-briefings";

static RUNTIME_ROLE: Role = Role {
    inline: &[(
        "BedrockAgentCoreRuntimeExecutionPolicy-briefing_agent",
        policies::BRIEFING_RUNTIME,
    )],
    tags: &[("team", "briefing")],
    ..Role::of(
        &PRODUCTION,
        "AmazonBedrockAgentCoreSDKRuntime-eu-west-1-b71c04e2aa",
        "2026-01-19T14:02:31+00:00",
        Trust::Service("bedrock-agentcore.amazonaws.com"),
    )
};

static RUNTIME: Entry = Entry {
    agent: Some("briefing-runtime"),
    role: &RUNTIME_ROLE,
    origin: Origin::AgentCore,
    network: Network {
        addresses: &["198.51.100.140", "198.51.100.141"],
        endpoint: None,
    },
    user_agent: BOTO3_RUNTIME,
    lifetime: 3_600,
};

/// Role, agent and work of the briefing team.
pub(crate) static TEAM: Team = Team {
    roles: &[&RUNTIME_ROLE],
    agents: &[Agent {
        binding_pattern: Some("D"),
        propagation_pattern: Some("fresh_binding"),
        envelope: Some(Envelope {
            actions: &[
                "bedrock:InvokeModel*",
                "bedrock-agentcore:*",
                "ecr:*",
                "logs:*",
                "s3:GetObject",
                "s3:PutObject",
                "secretsmanager:GetSecretValue",
            ],
            resources: &[],
            regions: &["eu-west-1"],
            networks: &["198.51.100.128/25"],
            assumable_roles: &[],
        }),
        ..Agent::of(
            "briefing-runtime",
            &["tomas.lind@halden.example"],
            "Writes the morning briefing for underwriters (AgentCore runtime)",
            &[Binding::whole(&RUNTIME_ROLE)],
        )
    }],
    workloads: &[Workload {
        behaviours: &[
            Behaviour::daily(10.0, |draw| {
                let call = bedrock::converse(draw, bedrock::SONNET);
                if draw.percent(5) {
                    bedrock::throttled(call)
                } else {
                    call
                }
            }),
            Behaviour::daily(5.0, |draw| bedrock::converse_stream(draw, bedrock::SONNET)),
            Behaviour::daily(0.15, bedrock::refused_model),
            Behaviour::daily(1.2, |_| containers::get_authorization_token()),
            Behaviour::daily(1.2, |draw| {
                containers::batch_get_image(draw, "briefing-agent")
            }),
            Behaviour::daily(1.6, |draw| {
                containers::get_download_url(draw, "briefing-agent")
            }),
            Behaviour::daily(1.5, |draw| {
                observability::create_log_stream(draw, LOG_GROUP)
            }),
            Behaviour::daily(0.8, |_| observability::describe_log_streams(LOG_GROUP)),
            Behaviour::daily(0.5, |_| {
                observability::describe_log_groups("/aws/bedrock-agentcore/")
            }),
            Behaviour::daily(2.0, |draw| {
                let key = draw.dated_key("sources", "news", "json");
                s3::get_object(draw, BUCKET, &key)
            }),
            Behaviour::daily(1.5, |draw| {
                let key = draw.dated_key("briefings", "morning", "html");
                s3::put_object(draw, BUCKET, &key)
            }),
            Behaviour::daily(1.2, |draw| {
                secrets::get_secret_value(draw, "briefing/news-feed-Xy12Ab", None)
            }),
        ],
        ..Workload::of("briefing-runtime", &RUNTIME, Rhythm::Office, 2.0)
    }],
    services: &[],
};
