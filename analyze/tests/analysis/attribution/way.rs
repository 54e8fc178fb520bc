//! The ways in which agents of a role are told apart.

use super::session::ACCOUNTS;

/// How agents of a role are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Role,
    OidcSubject,
    ServiceAccount,
    Lambda,
    EcsTask,
    Instance,
    SourceIdentity,
    SessionName,
    UserAgent,
    Network,
}

pub(super) const WAYS: [Way; 10] = [
    Way::Role,
    Way::OidcSubject,
    Way::ServiceAccount,
    Way::Lambda,
    Way::EcsTask,
    Way::Instance,
    Way::SourceIdentity,
    Way::SessionName,
    Way::UserAgent,
    Way::Network,
];

impl Way {
    /// Whether it follows a session down a chain.
    pub(super) fn follows(self) -> bool {
        matches!(
            self,
            Self::OidcSubject
                | Self::ServiceAccount
                | Self::Lambda
                | Self::EcsTask
                | Self::Instance
                | Self::SourceIdentity
        )
    }

    /// Whether each record of a first session shows it, so that no issue needs to be known.
    pub(super) fn shows_in_calls(self) -> bool {
        !matches!(self, Self::OidcSubject | Self::ServiceAccount)
    }

    /// Key and pattern of the binding of agent `number`.
    pub(super) fn key(self, number: usize) -> Option<(&'static str, String)> {
        let account = ACCOUNTS[0];
        match self {
            Self::Role => None,
            Self::OidcSubject => Some((
                "oidc_subject",
                format!("system:serviceaccount:ns:a{number}"),
            )),
            Self::ServiceAccount => Some(("service_account", format!("ns/a{number}"))),
            Self::Lambda => Some((
                "lambda_function",
                format!("arn:aws:lambda:eu-west-1:{account}:function:a{number}"),
            )),
            Self::EcsTask => Some(("ecs_task_family", format!("a{number}"))),
            Self::Instance => Some(("instance_id", format!("i-{number}*"))),
            Self::SourceIdentity => Some(("source_identity", format!("a{number}"))),
            Self::SessionName => Some(("session_name", format!("a{number}-*"))),
            Self::UserAgent => Some(("user_agent", format!("*a{number}/*"))),
            Self::Network => Some(("source_network", format!("10.{number}.0.0/16"))),
        }
    }
}
