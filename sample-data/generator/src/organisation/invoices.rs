//! Invoices: the chain user → agent Lambda → Lambdas that read a database, send mail and write a PDF.
//!
//! The two Lambdas behind the PDF, `invoice-writer` and `invoice-archiver`, share one role: the
//! classic stall. Of its 57 actions the writer exercises four, and three of those that it leaves
//! unused are what the archiver needs.

use crate::clock::at;
use crate::events::{bedrock, compute, lambda, messaging, observability, s3, secrets, ssm};
use crate::model::{
    Agent, Behaviour, Binding, Entry, Envelope, Happening, Origin, Rhythm, Role, Team, Trust,
    Workload,
};
use crate::organisation::{
    AGENT_BASELINE, BOTO3_LAMBDA, LAMBDA_BASIC_EXECUTION, PRODUCTION, PRODUCTION_EGRESS,
    PRODUCTION_KEY,
};
use crate::policies;

const OWNERS: &[&str] = &["petra.novak@halden.example", "omar.haddad@halden.example"];
const BUCKET: &str = "halden-invoices";
const FUNCTION: Trust = Trust::Service("lambda.amazonaws.com");
const TAGS: &[(&str, &str)] = &[("team", "finance"), ("system", "invoices")];

static AGENT_ROLE: Role = Role {
    inline: &[("invoice-tools", policies::INVOICE_AGENT)],
    attached: &[&AGENT_BASELINE, &LAMBDA_BASIC_EXECUTION],
    tags: TAGS,
    ..Role::of(
        &PRODUCTION,
        "invoice-agent-fn",
        "2025-12-02T10:05:11+00:00",
        FUNCTION,
    )
};
static READER_ROLE: Role = Role {
    inline: &[("ledger-database", policies::INVOICE_READER)],
    attached: &[&AGENT_BASELINE, &LAMBDA_BASIC_EXECUTION],
    tags: TAGS,
    ..Role::of(
        &PRODUCTION,
        "invoice-reader-fn",
        "2025-12-02T10:07:40+00:00",
        FUNCTION,
    )
};
static MAILER_ROLE: Role = Role {
    inline: &[("invoice-mail", policies::INVOICE_MAILER)],
    attached: &[&AGENT_BASELINE, &LAMBDA_BASIC_EXECUTION],
    tags: TAGS,
    ..Role::of(
        &PRODUCTION,
        "invoice-mailer-fn",
        "2025-12-02T10:09:05+00:00",
        FUNCTION,
    )
};
static DOCUMENTS_ROLE: Role = Role {
    inline: &[("invoice-documents", policies::INVOICE_DOCUMENTS)],
    tags: TAGS,
    ..Role::of(
        &PRODUCTION,
        "invoice-documents",
        "2025-12-02T10:12:58+00:00",
        FUNCTION,
    )
};

const fn function(agent: &'static str, role: &'static Role) -> Entry {
    Entry {
        agent: Some(agent),
        role,
        origin: Origin::Lambda { function: agent },
        network: PRODUCTION_EGRESS,
        user_agent: BOTO3_LAMBDA,
        lifetime: 43_200,
    }
}
static AGENT: Entry = function("invoice-agent", &AGENT_ROLE);
static READER: Entry = function("invoice-reader", &READER_ROLE);
static MAILER: Entry = function("invoice-mailer", &MAILER_ROLE);
static WRITER: Entry = function("invoice-writer", &DOCUMENTS_ROLE);
static ARCHIVER: Entry = function("invoice-archiver", &DOCUMENTS_ROLE);

/// Roles, agents and work behind invoices.
pub(crate) static TEAM: Team = Team {
    roles: &[&AGENT_ROLE, &READER_ROLE, &MAILER_ROLE, &DOCUMENTS_ROLE],
    agents: &[
        Agent {
            binding_pattern: Some("C"),
            propagation_pattern: Some("fresh_binding"),
            envelope: Some(Envelope {
                actions: &[
                    "bedrock:InvokeModel",
                    "lambda:InvokeFunction",
                    "lambda:GetFunction",
                    "logs:*",
                    "ssm:GetParameter*",
                ],
                resources: &[],
                regions: &["eu-west-1"],
                networks: &[],
                assumable_roles: &[],
            }),
            ..Agent::of(
                "invoice-agent",
                OWNERS,
                "Plans an invoice run for a clerk and calls reader, mailer and writer",
                &[Binding::whole(&AGENT_ROLE)],
            )
        },
        Agent::of(
            "invoice-reader",
            OWNERS,
            "Tool of invoice-agent: reads what is owed from the ledger database",
            &[Binding::whole(&READER_ROLE)],
        ),
        Agent::of(
            "invoice-mailer",
            OWNERS,
            "Tool of invoice-agent: mails the PDF to the customer",
            &[Binding::whole(&MAILER_ROLE)],
        ),
        Agent {
            binding_pattern: Some("B"),
            propagation_pattern: Some("token_reuse"),
            envelope: Some(Envelope {
                actions: &[
                    "kms:GenerateDataKey",
                    "logs:CreateLogStream",
                    "logs:PutLogEvents",
                    "s3:GetObject",
                    "s3:PutObject",
                ],
                resources: &[
                    "arn:aws:kms:eu-west-1:111122223333:key/*",
                    "arn:aws:logs:eu-west-1:111122223333:*",
                    "arn:aws:s3:::halden-invoices/*",
                ],
                regions: &["eu-west-1"],
                networks: &[],
                assumable_roles: &[],
            }),
            ..Agent::of(
                "invoice-writer",
                OWNERS,
                "Tool of invoice-agent: writes the invoice as a PDF",
                &[Binding {
                    role: &DOCUMENTS_ROLE,
                    marks: &[(
                        "lambda_function",
                        "arn:aws:lambda:eu-west-1:111122223333:function:invoice-writer",
                    )],
                }],
            )
        },
        Agent {
            binding_pattern: Some("B"),
            propagation_pattern: Some("token_reuse"),
            ..Agent::of(
                "invoice-archiver",
                OWNERS,
                "Tags settled invoices and removes drafts",
                &[Binding {
                    role: &DOCUMENTS_ROLE,
                    marks: &[(
                        "lambda_function",
                        "arn:aws:lambda:eu-west-1:111122223333:function:invoice-archiver",
                    )],
                }],
            )
        },
    ],
    workloads: &[
        Workload {
            behaviours: &[
                Behaviour::daily(8.0, |draw| {
                    let function =
                        draw.one_of(&["invoice-reader", "invoice-mailer", "invoice-writer"]);
                    let call = lambda::invoke(draw, function);
                    if draw.percent(3) {
                        lambda::throttled(call)
                    } else {
                        call
                    }
                }),
                Behaviour::daily(5.0, |draw| bedrock::converse(draw, bedrock::SONNET)),
                Behaviour::daily(0.4, |draw| lambda::get_function(draw, "invoice-writer")),
                Behaviour::daily(1.0, |draw| {
                    ssm::get_parameter(draw, "/agents/invoices/settings")
                }),
                Behaviour::daily(1.5, |draw| {
                    observability::create_log_stream(draw, "/aws/lambda/invoice-agent")
                }),
            ],
            ..Workload::of("invoice-agent", &AGENT, Rhythm::Office, 2.0)
        },
        Workload {
            behaviours: &[
                Behaviour::daily(2.5, |draw| {
                    secrets::get_secret_value(draw, "ledger/reader-7Hq2Lm", Some(PRODUCTION_KEY))
                }),
                Behaviour::daily(0.7, |_| compute::describe_db_clusters("ledger")),
                Behaviour::daily(1.2, |draw| {
                    observability::create_log_stream(draw, "/aws/lambda/invoice-reader")
                }),
            ],
            ..Workload::of("invoice-reader", &READER, Rhythm::Office, 1.5)
        },
        Workload {
            behaviours: &[
                Behaviour::daily(3.5, |draw| {
                    let key = draw.dated_key("pdf", "INV", "pdf");
                    s3::get_object(draw, BUCKET, &key)
                }),
                Behaviour::daily(0.5, |_| messaging::get_send_quota()),
                Behaviour::daily(0.8, |draw| {
                    ssm::get_parameter(draw, "/agents/invoices/mail")
                }),
                Behaviour::daily(1.2, |draw| {
                    observability::create_log_stream(draw, "/aws/lambda/invoice-mailer")
                }),
            ],
            ..Workload::of("invoice-mailer", &MAILER, Rhythm::Office, 1.5)
        },
        Workload {
            behaviours: &[
                Behaviour::daily(5.0, |draw| {
                    let key = draw.dated_key("pdf", "INV", "pdf");
                    s3::put_object_encrypted(draw, BUCKET, &key, PRODUCTION_KEY)
                }),
                Behaviour::daily(3.0, |draw| {
                    s3::get_object(draw, BUCKET, "templates/invoice.html")
                }),
                Behaviour::daily(1.5, |draw| {
                    observability::create_log_stream(draw, "/aws/lambda/invoice-writer")
                }),
                Behaviour::daily(0.1, |draw| {
                    let call = lambda::invoke(draw, "invoice-mailer");
                    let function = "arn:aws:lambda:eu-west-1:111122223333:function:invoice-mailer";
                    call.denied(function, crate::call::Reason::NoIdentityPolicy)
                }),
            ],
            ..Workload::of("invoice-writer", &WRITER, Rhythm::Office, 1.5)
        },
        Workload {
            behaviours: &[
                Behaviour::daily(2.0, |draw| {
                    let key = draw.dated_key("drafts", "INV", "pdf");
                    s3::delete_object(draw, BUCKET, &key)
                }),
                Behaviour::daily(3.0, |draw| {
                    let key = draw.dated_key("pdf", "INV", "pdf");
                    s3::put_object_tagging(draw, BUCKET, &key)
                }),
                Behaviour::daily(2.0, |draw| s3::list_objects(draw, BUCKET, "drafts/")),
                Behaviour::daily(0.5, |draw| {
                    let key = draw.dated_key("pdf", "INV", "pdf");
                    s3::head_object(draw, BUCKET, &key)
                }),
            ],
            // Once, two months ago: a bucket may not be deleted in this organisation.
            happenings: &[Happening::once(at((2026, 8, 4), (1, 20, 0)), |draw| {
                s3::bucket(draw, "DeleteBucket", "s3:DeleteBucket", BUCKET, None).denied(
                    "arn:aws:s3:::halden-invoices",
                    crate::call::Reason::ServiceControlPolicy,
                )
            })],
            ..Workload::of("invoice-archiver", &ARCHIVER, Rhythm::Night, 1.0)
        },
    ],
    services: &[],
};
