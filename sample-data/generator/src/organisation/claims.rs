//! Claims: a Bedrock agent, and the two action-group Lambdas that it calls, each under its own role.

use crate::events::{analytics, bedrock, kms, lambda, messaging, observability, s3, ssm};
use crate::model::{
    Agent, Behaviour, Binding, Entry, Managed, Origin, Rhythm, Role, ServiceWork, Team, Trust,
    Workload,
};
use crate::organisation::{
    AGENT_BASELINE, BOTO3_LAMBDA, LAMBDA_BASIC_EXECUTION, PRODUCTION, PRODUCTION_EGRESS,
    PRODUCTION_KEY, WITHIN_BEDROCK,
};
use crate::policies;

const OWNERS: &[&str] = &["ines.moreau@halden.example"];
const BEDROCK: &str = "bedrock.amazonaws.com";

static MODELS: Managed = Managed {
    account: Some(&PRODUCTION),
    path: "/service-role/",
    name: "AmazonBedrockAgentBedrockFoundationModelPolicy_CLMTRIAGE1",
    document: policies::BEDROCK_AGENT_MODELS,
    version: 1,
};
static KNOWLEDGE: Managed = Managed {
    account: Some(&PRODUCTION),
    path: "/service-role/",
    name: "AmazonBedrockAgentRetrieveKnowledgeBasePolicy_CLMTRIAGE1",
    document: policies::BEDROCK_AGENT_KNOWLEDGE,
    version: 2,
};

static TRIAGE_ROLE: Role = Role {
    path: "/service-role/",
    attached: &[&MODELS, &KNOWLEDGE],
    tags: &[("team", "claims")],
    ..Role::of(
        &PRODUCTION,
        "AmazonBedrockExecutionRoleForAgents_CLMTRIAGE1",
        "2025-11-04T09:12:44+00:00",
        Trust::Service(BEDROCK),
    )
};
static LOOKUP_ROLE: Role = Role {
    inline: &[("claims-lookup", policies::CLAIMS_LOOKUP)],
    attached: &[&AGENT_BASELINE, &LAMBDA_BASIC_EXECUTION],
    tags: &[("team", "claims")],
    ..Role::of(
        &PRODUCTION,
        "claims-lookup-fn",
        "2025-11-04T09:31:02+00:00",
        Trust::Service("lambda.amazonaws.com"),
    )
};
static NOTIFY_ROLE: Role = Role {
    inline: &[("claims-notify", policies::CLAIMS_NOTIFY)],
    attached: &[&AGENT_BASELINE, &LAMBDA_BASIC_EXECUTION],
    tags: &[("team", "claims")],
    ..Role::of(
        &PRODUCTION,
        "claims-notify-fn",
        "2025-11-04T09:33:50+00:00",
        Trust::Service("lambda.amazonaws.com"),
    )
};

static TRIAGE: Entry = Entry {
    agent: Some("claims-triage"),
    role: &TRIAGE_ROLE,
    origin: Origin::BedrockAgent {
        agent: "CLMTRIAGE1",
    },
    network: WITHIN_BEDROCK,
    user_agent: BEDROCK,
    lifetime: 3_600,
};
static LOOKUP: Entry = Entry {
    agent: Some("claims-lookup"),
    role: &LOOKUP_ROLE,
    origin: Origin::Lambda {
        function: "claims-lookup",
    },
    network: PRODUCTION_EGRESS,
    user_agent: BOTO3_LAMBDA,
    lifetime: 43_200,
};
static NOTIFY: Entry = Entry {
    agent: Some("claims-notify"),
    role: &NOTIFY_ROLE,
    origin: Origin::Lambda {
        function: "claims-notify",
    },
    network: PRODUCTION_EGRESS,
    user_agent: BOTO3_LAMBDA,
    lifetime: 43_200,
};

/// Roles, agents and work of the claims team.
pub(crate) static TEAM: Team = Team {
    roles: &[&TRIAGE_ROLE, &LOOKUP_ROLE, &NOTIFY_ROLE],
    agents: &[
        Agent {
            binding_pattern: Some("C"),
            propagation_pattern: Some("fresh_binding"),
            ..Agent::of(
                "claims-triage",
                OWNERS,
                "Sorts incoming claims and answers customers about them (Bedrock agent)",
                &[Binding::whole(&TRIAGE_ROLE)],
            )
        },
        Agent {
            binding_pattern: Some("C"),
            ..Agent::of(
                "claims-lookup",
                OWNERS,
                "Action group of claims-triage: finds a claim and its files",
                &[Binding {
                    role: &LOOKUP_ROLE,
                    marks: &[(
                        "lambda_function",
                        "arn:aws:lambda:eu-west-1:111122223333:function:claims-lookup",
                    )],
                }],
            )
        },
        Agent::of(
            "claims-notify",
            OWNERS,
            "Action group of claims-triage: tells the customer by mail",
            &[Binding::whole(&NOTIFY_ROLE)],
        ),
    ],
    workloads: &[
        Workload {
            behaviours: &[
                Behaviour::daily(10.0, |draw| {
                    bedrock::invoke_model_stream(draw, bedrock::SONNET).via(BEDROCK)
                }),
                Behaviour::daily(3.0, |draw| {
                    let call = bedrock::invoke_model(draw, bedrock::HAIKU).via(BEDROCK);
                    if draw.percent(4) {
                        bedrock::throttled(call)
                    } else {
                        call
                    }
                }),
                Behaviour::daily(0.8, |_| {
                    bedrock::get_inference_profile(bedrock::SONNET).via(BEDROCK)
                }),
                Behaviour::daily(0.8, |draw| {
                    s3::get_object(draw, "halden-agent-schemas", "claims/actions.yaml").via(BEDROCK)
                }),
            ],
            ..Workload::of("claims-triage", &TRIAGE, Rhythm::Office, 2.0)
        },
        Workload {
            behaviours: &[
                Behaviour::daily(7.0, |draw| {
                    let key = draw.dated_key("claims", "CLM", "pdf");
                    let call = s3::get_object(draw, "halden-claims", &key);
                    if draw.percent(6) {
                        s3::missing(call)
                    } else {
                        call
                    }
                }),
                Behaviour::daily(4.0, |draw| {
                    s3::list_objects_v2(draw, "halden-claims", "claims/")
                }),
                Behaviour::daily(0.5, |draw| {
                    analytics::describe_dynamodb_table(draw, "claims")
                }),
                Behaviour::daily(1.5, |draw| kms::decrypt(draw, PRODUCTION_KEY)),
                Behaviour::daily(2.0, |draw| {
                    observability::create_log_stream(draw, "/aws/lambda/claims-lookup")
                }),
            ],
            ..Workload::of("claims-lookup", &LOOKUP, Rhythm::Office, 2.0)
        },
        Workload {
            behaviours: &[
                Behaviour::daily(2.0, |draw| {
                    ssm::get_parameter(draw, "/agents/claims/templates")
                }),
                Behaviour::daily(0.6, |_| messaging::get_send_quota()),
                Behaviour::daily(0.4, |draw| {
                    messaging::get_topic_attributes(draw, "claims-status")
                }),
                Behaviour::daily(1.5, |draw| {
                    observability::create_log_stream(draw, "/aws/lambda/claims-notify")
                }),
                Behaviour::daily(0.1, |_| {
                    observability::create_existing_log_group("/aws/lambda/claims-notify")
                }),
            ],
            ..Workload::of("claims-notify", &NOTIFY, Rhythm::Office, 1.5)
        },
    ],
    services: &[ServiceWork {
        name: "claims-triage calls its action groups",
        service: BEDROCK,
        account: &PRODUCTION,
        per_day: 7.0,
        call: |draw| {
            let function = draw.one_of(&["claims-lookup", "claims-lookup", "claims-notify"]);
            lambda::invoke(draw, function)
        },
    }],
};
