//! People and services around the agents: developers in the console, clerks, clean-up, and AWS
//! services that work for themselves.

use crate::clock::at;
use crate::events::{compute, containers, iam, kms, lambda, observability, s3};
use crate::model::{
    Behaviour, Entry, Happening, Network, Origin, Rhythm, Role, ServiceWork, Team, Trust, Workload,
};
use crate::organisation::developers::DEVELOPER_ROLE;
use crate::organisation::{DATA, DATA_KEY, PRODUCTION, PRODUCTION_KEY, TOOLING};
use crate::policies;

const OFFICE: Network = Network {
    addresses: &["192.0.2.10", "192.0.2.11"],
    endpoint: None,
};
const BROWSER: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";
const LEDGER_TRUST: &str = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}";

static CLERK_ROLE: Role = Role {
    path: "/aws-reserved/sso.amazonaws.com/eu-west-1/",
    inline: &[("AwsSSOInlinePolicy", policies::INVOICE_AGENT)],
    ..Role::of(
        &PRODUCTION,
        "AWSReservedSSO_FinanceClerk_90ab12cd34ef5678",
        "2025-12-01T09:00:02+00:00",
        Trust::IdentityCenter,
    )
};
static DATA_ADMIN_ROLE: Role = Role {
    path: "/aws-reserved/sso.amazonaws.com/eu-west-1/",
    attached: &[&super::developers::ADMINISTRATOR],
    ..Role::of(
        &DATA,
        "AWSReservedSSO_DataAdministrator_1f2e3d4c5b6a7980",
        "2025-03-18T09:02:41+00:00",
        Trust::IdentityCenter,
    )
};

const fn person(user: &'static str, role: &'static Role) -> Entry {
    Entry {
        agent: None,
        role,
        origin: Origin::IdentityCenter { user },
        network: OFFICE,
        user_agent: BROWSER,
        lifetime: 28_800,
    }
}
static DEVELOPER: Entry = person("dana.ortiz@halden.example", &DEVELOPER_ROLE);
static CLERK: Entry = person("omar.haddad@halden.example", &CLERK_ROLE);
static DATA_ADMIN: Entry = person("jana.kral@halden.example", &DATA_ADMIN_ROLE);

/// People's roles and work, and services of AWS.
pub(crate) static TEAM: Team = Team {
    roles: &[&CLERK_ROLE, &DATA_ADMIN_ROLE],
    agents: &[],
    workloads: &[
        Workload {
            behaviours: &[
                Behaviour::daily(3.0, |_| compute::describe_instances()),
                Behaviour::daily(1.5, |_| observability::describe_alarms()),
                Behaviour::daily(1.0, |_| lambda::list_functions()),
                Behaviour::daily(0.6, |_| iam::list_roles()),
                Behaviour::daily(0.8, s3::list_buckets),
            ],
            ..Workload::of("developer in the console", &DEVELOPER, Rhythm::Office, 0.8)
        },
        Workload {
            behaviours: &[Behaviour::daily(2.0, |draw| {
                lambda::invoke(draw, "invoice-agent")
            })],
            ..Workload::of("clerk starts an invoice run", &CLERK, Rhythm::Office, 0.7)
        },
        Workload {
            happenings: &[
                Happening::once(at((2026, 7, 21), (8, 25, 40)), |_| {
                    iam::delete_role("ledger-reconciler")
                }),
                Happening::once(at((2026, 7, 21), (8, 31, 12)), |draw| {
                    let arn = format!("arn:aws:iam::{}:role/ledger-reconciler", draw.account);
                    iam::create_role(
                        "ledger-reconciler",
                        &draw.role_id(&super::ledger::LEDGER_ROLE),
                        &arn,
                        LEDGER_TRUST,
                    )
                }),
                Happening::once(at((2026, 7, 21), (8, 33, 5)), |_| {
                    iam::put_role_policy(
                        "ledger-reconciler",
                        "ledger-reconciler",
                        policies::LEDGER_RECONCILER,
                    )
                }),
                Happening::once(at((2026, 8, 20), (0, 12, 9)), |_| {
                    containers::delete_pod_identity_association(
                        "halden-analytics",
                        "a-9k2m4n6p8q1r3s5t7",
                    )
                }),
            ],
            ..Workload::of("data administrator", &DATA_ADMIN, Rhythm::Office, 0.0)
        },
    ],
    services: &[
        ServiceWork {
            name: "CloudTrail encrypts log files",
            service: "cloudtrail.amazonaws.com",
            account: &PRODUCTION,
            per_day: 6.0,
            call: |draw| {
                let mut call =
                    kms::generate_data_key(draw, PRODUCTION_KEY, "arn:aws:s3:::halden-org-trail");
                call.invoked_by = None;
                call
            },
        },
        ServiceWork {
            name: "Config looks at the data account",
            service: "config.amazonaws.com",
            account: &DATA,
            per_day: 4.0,
            call: |_| observability::describe_recorder_status(),
        },
        ServiceWork {
            name: "Auto Scaling looks at instances",
            service: "autoscaling.amazonaws.com",
            account: &TOOLING,
            per_day: 5.0,
            call: |_| compute::describe_instances(),
        },
        ServiceWork {
            name: "KMS rotates a key",
            service: "kms.amazonaws.com",
            account: &PRODUCTION,
            per_day: 0.02,
            call: |draw| kms::rotate_key(draw, PRODUCTION_KEY),
        },
        ServiceWork {
            name: "EBS decrypts volumes",
            service: "ec2.amazonaws.com",
            account: &DATA,
            per_day: 2.0,
            call: |draw| kms::decrypt(draw, DATA_KEY),
        },
    ],
};
