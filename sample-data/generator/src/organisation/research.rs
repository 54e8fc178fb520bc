//! Research: `Allow` with `NotAction` and a condition, `Deny` with `NotResource`, and a permissions
//! boundary that leaves little of it.

use crate::call::Reason;
use crate::events::{analytics, bedrock, s3};
use crate::model::{
    Agent, Behaviour, Binding, Entry, Managed, Origin, Rhythm, Role, Team, Trust, Workload,
};
use crate::organisation::{BOTO3_FARGATE, DATA, DATA_VPC};
use crate::policies;

static BOUNDARY: Managed = Managed {
    account: Some(&DATA),
    path: "/boundaries/",
    name: "AgentBoundary",
    document: policies::AGENT_BOUNDARY,
    version: 1,
};

static SCOUT_ROLE: Role = Role {
    inline: &[("research", policies::RESEARCH_SCOUT)],
    boundary: Some(&BOUNDARY),
    tags: &[("team", "research")],
    ..Role::of(
        &DATA,
        "research-scout",
        "2026-04-28T09:55:00+00:00",
        Trust::Service("ecs-tasks.amazonaws.com"),
    )
};

static SCOUT: Entry = Entry {
    agent: Some("research-scout"),
    role: &SCOUT_ROLE,
    origin: Origin::EcsTask,
    network: DATA_VPC,
    user_agent: BOTO3_FARGATE,
    lifetime: 21_600,
};

/// Role, agent and work of the research team.
pub(crate) static TEAM: Team = Team {
    roles: &[&SCOUT_ROLE],
    agents: &[Agent {
        environment: Some("research"),
        ..Agent::of(
            "research-scout",
            &["amara.diallo@halden.example"],
            "Looks for patterns in published data",
            &[Binding::whole(&SCOUT_ROLE)],
        )
    }],
    workloads: &[Workload {
        behaviours: &[
            Behaviour::daily(2.0, |draw| analytics::start_query(draw, "research")),
            Behaviour::daily(3.0, analytics::get_query_execution),
            Behaviour::daily(1.5, analytics::get_query_results),
            Behaviour::daily(2.0, |_| {
                analytics::table(("GetTable", "glue:GetTable"), "published", "claims")
            }),
            Behaviour::daily(2.0, |draw| bedrock::invoke_model(draw, bedrock::SONNET)),
            Behaviour::daily(1.5, |draw| {
                let key = draw.dated_key("notes", "finding", "md");
                s3::put_object(draw, "halden-research", &key)
            }),
            Behaviour::daily(0.6, |draw| {
                let key = draw.dated_key("raw/claims", "part", "parquet");
                let call = s3::get_object(draw, "halden-lake", &key);
                s3::refused(call)
            }),
            Behaviour::daily(0.3, |_| {
                analytics::table(("CreateTable", "glue:CreateTable"), "published", "patterns")
                    .denied(
                        "arn:aws:glue:eu-central-1:444455556666:catalog",
                        Reason::NoBoundary,
                    )
            }),
        ],
        ..Workload::of("research-scout", &SCOUT, Rhythm::Office, 1.0)
    }],
    services: &[],
};
