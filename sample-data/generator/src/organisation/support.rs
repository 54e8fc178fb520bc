//! Support: an ECS task with queue and model, and the agent of the incident.
//!
//! In the night of 12 September `support-concierge`'s credentials are used from a network that is
//! not its own: it looks around, reads secrets in bulk and takes files of another team's bucket.

use crate::call::Reason;
use crate::clock::at;
use crate::events::{bedrock, iam, messaging, s3, secrets, sts};
use crate::model::{
    Agent, Behaviour, Binding, Entry, Envelope, Happening, Network, Origin, Rhythm, Role, Team,
    Trust, Workload,
};
use crate::organisation::{BOTO3_FARGATE, PRODUCTION, PRODUCTION_KEY, PRODUCTION_VPC};
use crate::policies;

const OWNERS: &[&str] = &["samir.aziz@halden.example"];
const TASKS: Trust = Trust::Service("ecs-tasks.amazonaws.com");
/// Where the stolen credentials are used.
const STRANGER: Option<(Network, &str)> = Some((
    Network {
        addresses: &["203.0.113.66"],
        endpoint: None,
    },
    "aws-cli/2.31.9 md/awscrt#0.27.6 ua/2.1 os/linux#6.12.48-kali-amd64 md/arch#x86_64 lang/python#3.13.7 md/pyimpl#CPython cfg/retry-mode#standard",
));

static SUMMARIZER_ROLE: Role = Role {
    inline: &[("ticket-summarizer", policies::TICKET_SUMMARIZER)],
    tags: &[("team", "support")],
    ..Role::of(
        &PRODUCTION,
        "ticket-summarizer-task",
        "2025-10-08T07:45:00+00:00",
        TASKS,
    )
};
static CONCIERGE_ROLE: Role = Role {
    inline: &[("support-concierge", policies::SUPPORT_CONCIERGE)],
    tags: &[("team", "support")],
    ..Role::of(
        &PRODUCTION,
        "support-concierge",
        "2026-03-03T11:20:15+00:00",
        TASKS,
    )
};

static SUMMARIZER: Entry = Entry {
    agent: Some("ticket-summarizer"),
    role: &SUMMARIZER_ROLE,
    origin: Origin::EcsTask,
    network: PRODUCTION_VPC,
    user_agent: BOTO3_FARGATE,
    lifetime: 21_600,
};
static CONCIERGE: Entry = Entry {
    agent: Some("support-concierge"),
    role: &CONCIERGE_ROLE,
    origin: Origin::EcsTask,
    network: PRODUCTION_VPC,
    user_agent: BOTO3_FARGATE,
    lifetime: 21_600,
};

const fn stolen(
    start: crate::clock::Moment,
    count: i64,
    spacing: i64,
    call: fn(&mut crate::draw::Draw<'_>) -> crate::call::Call,
) -> Happening {
    Happening {
        start,
        count,
        spacing,
        from: STRANGER,
        call,
    }
}

/// Roles, agents and work of the support team.
pub(crate) static TEAM: Team = Team {
    roles: &[&SUMMARIZER_ROLE, &CONCIERGE_ROLE],
    agents: &[
        Agent {
            binding_pattern: Some("C"),
            envelope: Some(Envelope {
                actions: &[
                    "bedrock:InvokeModel",
                    "s3:GetObject",
                    "s3:ListBucket",
                    "s3:PutObject",
                    "sqs:*",
                    "ssmmessages:*",
                ],
                resources: &[],
                regions: &["eu-west-1"],
                networks: &["10.20.0.0/16"],
                assumable_roles: &[],
            }),
            ..Agent::of(
                "ticket-summarizer",
                OWNERS,
                "Sums up support tickets as they close (ECS task)",
                &[Binding::whole(&SUMMARIZER_ROLE)],
            )
        },
        Agent {
            binding_pattern: Some("C"),
            envelope: Some(Envelope {
                actions: &[
                    "bedrock:InvokeModel*",
                    "dynamodb:*",
                    "kms:Decrypt",
                    "s3:GetObject",
                    "secretsmanager:GetSecretValue",
                ],
                resources: &[
                    "arn:aws:bedrock:*",
                    "arn:aws:dynamodb:*",
                    "arn:aws:kms:*",
                    "arn:aws:s3:::halden-support/*",
                    "arn:aws:secretsmanager:eu-west-1:111122223333:secret:support/*",
                ],
                regions: &["eu-west-1"],
                networks: &["10.20.0.0/16"],
                assumable_roles: &[],
            }),
            ..Agent::of(
                "support-concierge",
                OWNERS,
                "Answers customers in the support chat",
                &[Binding::whole(&CONCIERGE_ROLE)],
            )
        },
    ],
    workloads: &[
        Workload {
            behaviours: &[
                Behaviour::daily(6.0, |draw| bedrock::invoke_model(draw, bedrock::HAIKU)),
                Behaviour::daily(5.0, |draw| {
                    let key = draw.dated_key("closed", "T", "json");
                    let call = s3::get_object(draw, "halden-tickets", &key);
                    if draw.percent(8) {
                        s3::missing(call)
                    } else {
                        call
                    }
                }),
                Behaviour::daily(4.0, |draw| {
                    let key = draw.dated_key("summaries", "T", "md");
                    s3::put_object(draw, "halden-tickets", &key)
                }),
                Behaviour::daily(2.0, |draw| messaging::get_queue_attributes(draw, "tickets")),
                Behaviour::daily(0.08, |draw| {
                    s3::bucket(
                        draw,
                        "PutBucketPolicy",
                        "s3:PutBucketPolicy",
                        "halden-tickets",
                        Some("policy"),
                    )
                    .denied("arn:aws:s3:::halden-tickets", Reason::NoIdentityPolicy)
                }),
            ],
            ..Workload::of("ticket-summarizer", &SUMMARIZER, Rhythm::Steady, 2.0)
        },
        Workload {
            behaviours: &[
                Behaviour::daily(7.0, |draw| bedrock::converse_stream(draw, bedrock::SONNET)),
                Behaviour::daily(3.0, |draw| {
                    let number = draw.number(1, 120);
                    s3::get_object(draw, "halden-support", &format!("articles/{number}.md"))
                }),
                Behaviour::daily(1.0, |draw| {
                    secrets::get_secret_value(
                        draw,
                        "support/chat-token-Rw55Pq",
                        Some(PRODUCTION_KEY),
                    )
                }),
            ],
            ..Workload::of("support-concierge", &CONCIERGE, Rhythm::Steady, 2.0)
        },
        Workload {
            happenings: &[
                stolen(at((2026, 9, 12), (2, 11, 5)), 1, 0, |_| {
                    sts::get_caller_identity()
                }),
                stolen(at((2026, 9, 12), (2, 12, 40)), 3, 21, |_| {
                    iam::list_users().outside()
                }),
                stolen(at((2026, 9, 12), (2, 13, 58)), 2, 17, |draw| {
                    s3::list_buckets(draw).outside()
                }),
                stolen(at((2026, 9, 12), (2, 14, 30)), 1, 0, |_| {
                    iam::put_role_policy("support-concierge", "more", "HIDDEN")
                        .denied("role support-concierge", Reason::NoIdentityPolicy)
                        .outside()
                }),
                // The task itself goes on working.
                Happening {
                    start: at((2026, 9, 12), (2, 15, 30)),
                    count: 4,
                    spacing: 210,
                    from: None,
                    call: |draw| bedrock::converse_stream(draw, bedrock::SONNET),
                },
                stolen(at((2026, 9, 12), (2, 16, 9)), 2, 30, |_| {
                    secrets::list_secrets().outside()
                }),
                stolen(at((2026, 9, 12), (2, 18, 0)), 28, 4, |draw| {
                    let names = [
                        "payroll/db-aa11Bc",
                        "claims/db-bb22Cd",
                        "ledger/reader-7Hq2Lm",
                        "portal/oauth-cc33De",
                        "hr/sftp-dd44Ef",
                        "legal/archive-Zt81Kd",
                        "support/chat-token-Rw55Pq",
                    ];
                    let secret = draw.one_of(&names);
                    secrets::get_secret_value(draw, secret, None).outside()
                }),
                stolen(at((2026, 9, 12), (2, 24, 10)), 2, 40, |draw| {
                    s3::list_objects_v2(draw, "halden-payroll", "2026/").outside()
                }),
                stolen(at((2026, 9, 12), (2, 26, 0)), 34, 6, |draw| {
                    let number = draw.number(1, 400);
                    s3::get_object(
                        draw,
                        "halden-payroll",
                        &format!("2026/08/slip-{number}.pdf"),
                    )
                    .outside()
                }),
            ],
            ..Workload::of(
                "support-concierge, credentials stolen",
                &CONCIERGE,
                Rhythm::Steady,
                0.0,
            )
        },
    ],
    services: &[],
};
