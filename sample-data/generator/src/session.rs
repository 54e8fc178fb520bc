//! How a session begins: an entry in, the session and the records of its beginning out.
//!
//! Sources: AWS CloudTrail User Guide, "CloudTrail userIdentity element"; IAM User Guide, "Logging
//! IAM and AWS STS API calls". The access key id of a session's calls is the one in the
//! `responseElements` of the record that opened it, and their `creationDate` is that record's time.

mod chain;
mod federation;
mod service;

use serde_json::{Value, json};

use crate::call::Call;
use crate::clock::Moment;
use crate::identity::{self, Caller, Marks, Session};
use crate::model::{Entry, Origin, SessionName};
use crate::random::Random;
use crate::world::World;

/// Issuer of the tokens of GitHub Actions.
const GITHUB_ISSUER: &str = "token.actions.githubusercontent.com";

/// Opens a session at this moment; `parent` is the session that the origin needs, if it needs one.
pub(crate) fn open(
    world: &mut World<'_>,
    random: &mut Random,
    entry: &'static Entry,
    parent: Option<&Session>,
    at: Moment,
) -> Session {
    let name = session_name(random, entry, at);
    let role_id = identity::role_id(world.seed, world.replica, entry.role);
    let marks = marks(entry, &name);
    let session = identity::session(entry.role, role_id, name, at, &marks, random);
    let session = session.held_by(entry.network, entry.user_agent, random);
    let mut opening = Opening {
        world,
        random,
        entry,
        session,
    };
    match entry.origin {
        Origin::Lambda { .. } => opening.by_service("lambda.amazonaws.com"),
        Origin::Ec2 { .. } => opening.by_service("ec2.amazonaws.com"),
        Origin::EcsTask => opening.by_service("ecs-tasks.amazonaws.com"),
        Origin::BedrockAgent { .. } => opening.by_service("bedrock.amazonaws.com"),
        Origin::AgentCore => opening.by_service("bedrock-agentcore.amazonaws.com"),
        Origin::Irsa {
            issuer,
            namespace,
            service_account,
        } => {
            let subject = format!("system:serviceaccount:{namespace}:{service_account}");
            opening.by_web_identity(issuer, &subject);
        }
        Origin::GitHub {
            repository,
            reference,
        } => {
            opening.by_web_identity(GITHUB_ISSUER, &format!("repo:{repository}:ref:{reference}"));
        }
        Origin::PodIdentity { .. } => opening.by_pod_identity(parent),
        Origin::AssumedBy { parent: by, .. } => opening.by_role(by, parent),
        Origin::IdentityCenter { user } => opening.by_console(user),
        Origin::McpServer { user, client } => opening.by_agent_client(user, client),
    }
    opening.session
}

/// The session that an entry needs before it can be used.
pub(crate) fn parent_entry(entry: &Entry) -> Option<&'static Entry> {
    match entry.origin {
        Origin::PodIdentity { node, .. } => Some(node),
        Origin::AssumedBy { parent, .. } => Some(parent),
        _ => None,
    }
}

fn session_name(random: &mut Random, entry: &Entry, at: Moment) -> String {
    match entry.origin {
        Origin::Lambda { function } => function.to_owned(),
        Origin::Ec2 { instances } => random.pick(instances).to_owned(),
        Origin::EcsTask => random.hex(32),
        Origin::BedrockAgent { agent } => format!("BedrockAgents-{agent}-{}", random.uuid()),
        Origin::AgentCore => format!("BedrockAgentCore-{}", random.uuid()),
        Origin::GitHub { .. } => "GitHubActions".to_owned(),
        Origin::PodIdentity {
            cluster,
            service_account,
            ..
        } => {
            // EKS cuts cluster and pod name to fit the 64 characters of a session name.
            let cluster: String = cluster.chars().take(11).collect();
            let pod: String = service_account.chars().take(10).collect();
            format!("eks-{cluster}-{pod}-{}", random.uuid())
        }
        Origin::AssumedBy {
            session: SessionName::Dated(prefix),
            ..
        } => format!("{prefix}{}", at.day()),
        Origin::Irsa { .. }
        | Origin::AssumedBy {
            session: SessionName::Botocore,
            ..
        } => format!("botocore-session-{}", at.0),
        Origin::IdentityCenter { user } | Origin::McpServer { user, .. } => user.to_owned(),
    }
}

fn marks(entry: &Entry, name: &str) -> Marks {
    let (account, region) = (entry.role.account.id, entry.role.account.region);
    match entry.origin {
        Origin::Lambda { function } => {
            let arn = format!("arn:aws:lambda:{region}:{account}:function:{function}");
            let scope = json!({
                "issuerType": "AWS::Lambda::Function", "credentialsIssuedTo": arn,
                "credentialsIssuedToVersion": format!("{arn}:$LATEST"),
            });
            Marks {
                context: Vec::new(),
                scope: Some(scope),
            }
        }
        Origin::Ec2 { .. } => {
            let scope = json!({
                "issuerType": "AWS::EC2::Instance",
                "credentialsIssuedTo": format!("arn:aws:ec2:{region}:{account}:instance/{name}"),
            });
            Marks {
                context: vec![("ec2RoleDelivery", json!("2.0"))],
                scope: Some(scope),
            }
        }
        Origin::Irsa { issuer, .. } => federated(account, issuer),
        Origin::GitHub { .. } => federated(account, "token.actions.githubusercontent.com"),
        _ => Marks::default(),
    }
}

fn federated(account: &str, issuer: &str) -> Marks {
    let provider = format!("arn:aws:iam::{account}:oidc-provider/{issuer}");
    let data = json!({"federatedProvider": provider, "attributes": {}});
    Marks {
        context: vec![("webIdFederationData", data)],
        scope: None,
    }
}

/// A session that is being opened.
struct Opening<'w, 'e> {
    world: &'w mut World<'e>,
    random: &'w mut Random,
    entry: &'static Entry,
    session: Session,
}

impl Opening<'_, '_> {
    /// The call that opens the session; `asked` and `answered` are what the plain form of its
    /// parameters and its answer lack.
    fn assume(&self, name: &'static str, asked: Value, answered: Value) -> Call {
        let (session, account) = (&self.session, self.session.role.account.id);
        let parameters = json!({"roleArn": session.role.arn(), "roleSessionName": session.name});
        let response = json!({
            "credentials": {
                "accessKeyId": session.access_key,
                "sessionToken": "IQoJb3JpZ2luX2VjEXAMPLETOKEN",
                "expiration": session.created.plus(self.entry.lifetime).in_words(),
            },
            "assumedRoleUser": {
                "assumedRoleId": format!("{}:{}", session.role_id, session.name),
                "arn": session.caller.arn,
            },
        });
        let role =
            json!([{"accountId": account, "type": "AWS::IAM::Role", "ARN": session.role.arn()}]);
        Call::read("sts.amazonaws.com", name, "sts:AssumeRole")
            .asking(joined(parameters, asked))
            .answering(joined(response, answered))
            .on(role)
    }

    /// The record of a call that no session made.
    fn record(&mut self, caller: &Caller, call: &Call, after: i64) {
        let (account, at) = (self.session.role.account, self.session.created.plus(after));
        self.world
            .outside_call(self.random, caller, call, account, at);
    }
}

/// Two JSON objects as one.
fn joined(mut one: Value, other: Value) -> Value {
    if let (Some(map), Value::Object(more)) = (one.as_object_mut(), other) {
        map.extend(more);
    }
    one
}
