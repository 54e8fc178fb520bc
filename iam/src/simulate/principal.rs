//! Who makes a request: an ARN or a service's name in, its kind and its parts out.
//!
//! A user, a role, a session of a role, a federated user, the root user of an account, a service, an
//! identity provider, or nobody that is known.
//! Source: IAM User Guide, "IAM identifiers" and "AWS JSON policy elements: Principal".
//!
//! The ARN of a role session has the role's name without its path. No two roles of an account share
//! a name, so the name alone tells which role it is; its path is told by [`Principal::with_role`].

use crate::arn::{Arn, ArnError, RoleArn};

/// The caller of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// An IAM user.
    User(Identity),
    /// A role, its session not known.
    Role(RoleArn),
    /// A session of a role, and the role's ARN if its path is known.
    Session {
        session: Identity,
        role_name: String,
        role: Option<RoleArn>,
    },
    /// A session of `GetFederationToken`; its name is that of the user who federated.
    Federated(Identity),
    /// The root user of an account.
    Root(Identity),
    /// A service, by its name.
    Service(String),
    /// An identity provider, by its ARN or its name.
    Provider(String),
    /// An unsigned request.
    Anonymous,
}

/// An ARN with the parts that matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) arn: String,
    pub(super) partition: String,
    pub(super) account: String,
    /// What stands after the last slash; of the root user, `root`.
    pub(super) name: String,
}

/// Names of identity providers that look like those of services. Any other name of a host that is not of
/// AWS, such as `token.actions.githubusercontent.com`, is a provider's as well.
/// Source: IAM User Guide, "AWS JSON policy elements: Principal", OIDC federated principals.
const PROVIDERS: [&str; 2] = ["cognito-identity.amazonaws.com", "www.amazon.com"];

const WANTED: &str =
    "the ARN of a user, a role, a session or an account, nor the name of a service";

impl Principal {
    /// Nobody that is known: an unsigned request.
    #[must_use]
    pub fn anonymous() -> Self {
        Self {
            kind: Kind::Anonymous,
        }
    }

    /// Reads an ARN, the name of a service such as `lambda.amazonaws.com`, or the name of an identity
    /// provider such as `accounts.google.com`.
    ///
    /// # Errors
    /// [`ArnError`] if the text is neither.
    ///
    /// ```
    /// use curtail_iam::simulate::Principal;
    /// let session = Principal::parse("arn:aws:sts::111122223333:assumed-role/app/build-7")?;
    /// assert_eq!(session.account_id(), Some("111122223333"));
    /// assert_eq!(Principal::parse("lambda.amazonaws.com")?.account_id(), None);
    /// assert!(Principal::parse("arn:aws:s3:::bucket").is_err());
    /// # Ok::<(), curtail_iam::arn::ArnError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, ArnError> {
        let kind = match Arn::parse(text) {
            Ok(arn) => of_arn(text, &arn),
            Err(_) => of_name(text),
        };
        kind.map(|kind| Self { kind }).ok_or_else(|| ArnError {
            text: text.to_owned(),
            wanted: WANTED,
        })
    }

    /// Tells which role a session belongs to, path included. A role of another name or account is no
    /// role of the session and changes nothing, and so does any role of another principal.
    #[must_use]
    pub fn with_role(mut self, known: &RoleArn) -> Self {
        if let Kind::Session {
            session,
            role_name,
            role,
        } = &mut self.kind
            && known.account_id() == session.account
            && known.partition() == session.partition
            && known.name() == role_name
        {
            *role = Some(known.clone());
        }
        self
    }

    /// The account that the principal belongs to; services, providers and unsigned requests have none.
    #[must_use]
    pub fn account_id(&self) -> Option<&str> {
        match &self.kind {
            Kind::Role(role) => Some(role.account_id()),
            Kind::User(identity)
            | Kind::Federated(identity)
            | Kind::Root(identity)
            | Kind::Session {
                session: identity, ..
            } => Some(&identity.account),
            Kind::Service(_) | Kind::Provider(_) | Kind::Anonymous => None,
        }
    }

    pub(super) fn kind(&self) -> &Kind {
        &self.kind
    }

    /// Tells whether it is a role that a service is linked to: control policies do not bind it.
    /// Source: IAM User Guide, "Create a service-linked role": path and name are given by the service.
    pub(super) fn is_linked_to_a_service(&self) -> bool {
        match &self.kind {
            Kind::Role(role)
            | Kind::Session {
                role: Some(role), ..
            } => role.path().starts_with("/aws-service-role/"),
            Kind::Session { role_name, .. } => role_name.starts_with("AWSServiceRoleFor"),
            _ => false,
        }
    }
}

fn of_arn(text: &str, arn: &Arn<'_>) -> Option<Kind> {
    let in_account = arn.region.is_empty()
        && arn.account_id.len() == 12
        && arn.account_id.bytes().all(|byte| byte.is_ascii_digit());
    let (sort, rest) = arn.resource.split_once('/').unwrap_or((arn.resource, ""));
    let identity = |name: &str| Identity {
        arn: text.to_owned(),
        partition: arn.partition.to_owned(),
        account: arn.account_id.to_owned(),
        name: name.to_owned(),
    };
    let last = rest.rsplit('/').next().filter(|name| !name.is_empty());
    match (arn.service, sort) {
        _ if !in_account => None,
        ("iam", "root") if rest.is_empty() => Some(Kind::Root(identity("root"))),
        ("iam", "user") => last.map(|name| Kind::User(identity(name))),
        ("iam", "role") => RoleArn::parse(text).ok().map(Kind::Role),
        ("iam", "saml-provider" | "oidc-provider") => last.map(|_| Kind::Provider(text.to_owned())),
        ("sts", "federated-user") => last
            .filter(|&name| name == rest)
            .map(|name| Kind::Federated(identity(name))),
        ("sts", "assumed-role") => {
            let (role_name, session) = rest.split_once('/')?;
            let whole = !role_name.is_empty() && !session.is_empty() && !session.contains('/');
            whole.then(|| Kind::Session {
                session: identity(session),
                role_name: role_name.to_owned(),
                role: None,
            })
        }
        _ => None,
    }
}

fn of_name(text: &str) -> Option<Kind> {
    // A provider may have a path, as the clusters of EKS do.
    let (host, path) = match text.split_once('/') {
        Some((host, path)) => (host, Some(path)),
        None => (text, None),
    };
    let is_host = host.contains('.')
        && host.split('.').all(|label| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        });
    let of_aws = [".amazonaws.com", ".amazonaws.com.cn", ".amazon.com"];
    let is_service = path.is_none()
        && of_aws.iter().any(|end| host.ends_with(end))
        && !PROVIDERS.contains(&host);
    let whole = is_host && path.is_none_or(|path| !path.is_empty() && path.is_ascii());
    whole.then(|| {
        if is_service {
            Kind::Service(text.to_owned())
        } else {
            Kind::Provider(text.to_owned())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_form_is_told_from_the_others() {
        for (text, expected) in [
            ("arn:aws:iam::111122223333:user/team/ana", "User"),
            ("arn:aws:iam::111122223333:role/team/app", "Role"),
            ("arn:aws:sts::111122223333:assumed-role/app/s@x", "Session"),
            ("arn:aws:sts::111122223333:federated-user/ana", "Federated"),
            ("arn:aws:iam::111122223333:root", "Root"),
            ("arn:aws-cn:iam::111122223333:root", "Root"),
            ("delivery.logs.amazonaws.com", "Service"),
            ("ec2.amazonaws.com.cn", "Service"),
            ("arn:aws:iam::111122223333:saml-provider/idp", "Provider"),
            ("cognito-identity.amazonaws.com", "Provider"),
            ("accounts.google.com", "Provider"),
            ("token.actions.githubusercontent.com", "Provider"),
            ("oidc.eks.eu-west-1.amazonaws.com/id/A1B2", "Provider"),
        ] {
            let kind = format!("{:?}", Principal::parse(text).unwrap().kind);
            assert!(kind.starts_with(expected), "{text}: {kind}");
        }
    }

    #[test]
    fn what_is_no_principal_is_refused() {
        for text in [
            "",
            "*",
            "111122223333",
            "arn:aws:iam::111122223333:group/g",
            "arn:aws:iam::1111:user/u",
            "arn:aws:iam::111122223333:user/",
            "arn:aws:iam::111122223333:root/x",
            "arn:aws:sts::111122223333:assumed-role/app",
            "arn:aws:sts::111122223333:assumed-role/path/app/session",
            "arn:aws:sts::111122223333:federated-user/a/b",
            ".amazonaws.com",
            "example",
            "example..com",
            "example.com/",
            "https://example.com",
            "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be",
        ] {
            assert!(Principal::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_session_takes_the_path_of_its_own_role_only() {
        let session = Principal::parse("arn:aws:sts::111122223333:assumed-role/app/s").unwrap();
        let role = |text| RoleArn::parse(text).unwrap();
        let known = session
            .clone()
            .with_role(&role("arn:aws:iam::111122223333:role/team/app"));
        assert_ne!(known, session);
        for other in [
            "arn:aws:iam::444455556666:role/team/app",
            "arn:aws:iam::111122223333:role/app/other",
        ] {
            assert_eq!(session.clone().with_role(&role(other)), session);
        }
    }

    #[test]
    fn a_role_of_a_service_is_told_by_its_path_or_its_name() {
        for (text, linked) in [
            (
                "arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
                true,
            ),
            (
                "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForECS/s",
                true,
            ),
            ("arn:aws:iam::111122223333:role/AWSServiceRoleForECS", false),
            ("arn:aws:sts::111122223333:assumed-role/app/s", false),
        ] {
            assert_eq!(
                Principal::parse(text).unwrap().is_linked_to_a_service(),
                linked,
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_a_principal_or_an_error(text in any::<String>(), rest in ":?[a-z/:-]{0,20}") {
            let _ = Principal::parse(&text);
            let _ = Principal::parse(&format!("arn:aws:sts::111122223333{rest}"));
        }
    }
}
