//! The invented organisation, Halden Insurance: three accounts, their teams, and what they share.
//!
//! A team's file holds its roles, its agents and their work, so that it can be read as one story.

pub(crate) mod applications;
pub(crate) mod briefing;
pub(crate) mod catalog;
pub(crate) mod claims;
pub(crate) mod deployment;
pub(crate) mod developers;
pub(crate) mod features;
pub(crate) mod invoices;
pub(crate) mod ledger;
pub(crate) mod operations;
pub(crate) mod people;
pub(crate) mod research;
pub(crate) mod support;

use crate::clock::{Day, day};
use crate::model::{Account, Managed, Network, Team};
use crate::policies;

/// Id of the organisation.
pub(crate) const ORGANIZATION: &str = "o-h4ld3n7x2q";
/// The account that owns organisation and trail, and runs no workload.
pub(crate) const MANAGEMENT: &str = "999988887777";
/// The day after the last one of the sample: the review's date.
pub(crate) const REVIEW_DAY: Day = day(2026, 10, 1);

/// Where customers are served.
pub(crate) static PRODUCTION: Account = Account {
    id: "111122223333",
    name: "halden-production",
    region: "eu-west-1",
};
/// Where data is prepared and analysed.
pub(crate) static DATA: Account = Account {
    id: "444455556666",
    name: "halden-data",
    region: "eu-central-1",
};
/// Where releases are made and operations run.
pub(crate) static TOOLING: Account = Account {
    id: "777788889999",
    name: "halden-tooling",
    region: "eu-west-1",
};

/// All accounts with workloads.
pub(crate) static ACCOUNTS: [&Account; 3] = [&PRODUCTION, &DATA, &TOOLING];

/// All teams.
pub(crate) static TEAMS: [&Team; 13] = [
    &claims::TEAM,
    &briefing::TEAM,
    &invoices::TEAM,
    &applications::TEAM,
    &support::TEAM,
    &catalog::TEAM,
    &features::TEAM,
    &ledger::TEAM,
    &research::TEAM,
    &operations::TEAM,
    &deployment::TEAM,
    &developers::TEAM,
    &people::TEAM,
];

/// The key that encrypts production data.
pub(crate) const PRODUCTION_KEY: &str =
    "arn:aws:kms:eu-west-1:111122223333:key/5d3c1a7e-2b64-4c8f-9a01-6e7f80b1c2d3";
/// The key that encrypts the data lake.
pub(crate) const DATA_KEY: &str =
    "arn:aws:kms:eu-central-1:444455556666:key/8e2f4b10-7c35-4d9a-b6e8-0f1a2b3c4d5e";

/// Python 3.13 in Lambda.
pub(crate) const BOTO3_LAMBDA: &str = "Boto3/1.40.61 md/Botocore#1.40.61 ua/2.1 os/linux#5.10.244-276.965.amzn2.aarch64 md/arch#aarch64 lang/python#3.13.5 md/pyimpl#CPython exec-env/AWS_Lambda_python3.13 m/Z,D,b cfg/retry-mode#legacy Botocore/1.40.61";
/// Python in a pod of EKS.
pub(crate) const BOTO3_POD: &str = "Boto3/1.40.49 md/Botocore#1.40.49 ua/2.1 os/linux#6.1.153-175.280.amzn2023.x86_64 md/arch#x86_64 lang/python#3.12.11 md/pyimpl#CPython m/Z,b cfg/retry-mode#legacy Botocore/1.40.49";
/// Python on Fargate.
pub(crate) const BOTO3_FARGATE: &str = "Boto3/1.40.55 md/Botocore#1.40.55 ua/2.1 os/linux#5.10.245-245.983.amzn2.x86_64 md/arch#x86_64 lang/python#3.12.11 md/pyimpl#CPython exec-env/AWS_ECS_FARGATE m/Z,b cfg/retry-mode#legacy Botocore/1.40.55";
/// The agent framework's runtime container.
pub(crate) const BOTO3_RUNTIME: &str = "Boto3/1.40.70 md/Botocore#1.40.70 ua/2.1 os/linux#6.1.155-176.282.amzn2023.aarch64 md/arch#aarch64 lang/python#3.13.7 md/pyimpl#CPython cfg/retry-mode#standard strands-agents/1.14.0 Botocore/1.40.70";

/// Private subnets of the production VPC, through its endpoints.
pub(crate) const PRODUCTION_VPC: Network = Network {
    addresses: &["10.20.4.17", "10.20.4.88", "10.20.5.41"],
    endpoint: Some("vpce-0a51c7d20b9e4f613"),
};
/// What AWS runs outside the VPC leaves through these addresses.
pub(crate) const PRODUCTION_EGRESS: Network = Network {
    addresses: &["198.51.100.11", "198.51.100.12", "198.51.100.34"],
    endpoint: None,
};
/// Nodes and pods of the data account.
pub(crate) const DATA_VPC: Network = Network {
    addresses: &["10.30.8.21", "10.30.8.77", "10.30.9.140"],
    endpoint: Some("vpce-0d93e2b7146fa8c05"),
};
/// A service calls in the agent's name from within AWS.
pub(crate) const WITHIN_BEDROCK: Network = Network {
    addresses: &["bedrock.amazonaws.com"],
    endpoint: None,
};

/// What every agent of production gets, managed by the platform team and attached to six roles.
pub(crate) static AGENT_BASELINE: Managed = Managed {
    account: Some(&PRODUCTION),
    path: "/",
    name: "AgentBaseline",
    document: policies::AGENT_BASELINE,
    version: 4,
};
/// AWS's policy for functions that write logs.
pub(crate) static LAMBDA_BASIC_EXECUTION: Managed = Managed {
    account: None,
    path: "/service-role/",
    name: "AWSLambdaBasicExecutionRole",
    document: policies::AWS_LAMBDA_BASIC_EXECUTION,
    version: 1,
};
/// AWS's policy for instances under Systems Manager.
pub(crate) static SSM_MANAGED_INSTANCE: Managed = Managed {
    account: None,
    path: "/",
    name: "AmazonSSMManagedInstanceCore",
    document: policies::AWS_SSM_MANAGED_INSTANCE,
    version: 2,
};
