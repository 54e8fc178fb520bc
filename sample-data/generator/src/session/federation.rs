//! Sessions that a token or an assertion opens: service accounts of EKS, GitHub Actions, people.
//!
//! Sources: IAM User Guide, "Logging IAM and AWS STS API calls with AWS CloudTrail"; AWS Sign-In
//! User Guide, "AWS Management Console sign-in events". The calls that open such sessions are not
//! signed, so that their records show no access key.

use serde_json::json;

use crate::events::{mcp, signin};
use crate::identity::{self, Caller, Session};
use crate::session::Opening;

/// What IAM Identity Center's SAML provider is known by in records.
const SAML_QUALIFIER: &str = "kGxq7Z0fWJ2cT5oYb1mVnA9sR3E=";

impl Opening<'_, '_> {
    /// `AssumeRoleWithWebIdentity`.
    pub(super) fn by_web_identity(&mut self, issuer: &str, subject: &str) {
        let account = self.session.role.account.id;
        let provider = format!("arn:aws:iam::{account}:oidc-provider/{issuer}");
        let audience = "sts.amazonaws.com";
        let principal = format!("{provider}:{audience}:{subject}");
        let caller = self.anonymous(&[
            ("type", "WebIdentityUser"),
            ("principalId", &principal),
            ("userName", subject),
            ("identityProvider", &provider),
        ]);
        let answered = json!({
            "subjectFromWebIdentityToken": subject, "provider": provider, "audience": audience,
        });
        let asked = json!({"durationSeconds": self.entry.lifetime});
        let call = self.assume("AssumeRoleWithWebIdentity", asked, answered);
        self.record(&caller, &call, 0);
    }

    /// IAM Identity Center, then the console.
    pub(super) fn by_console(&mut self, user: &str) {
        self.by_identity_center(user);
        self.session.caller.console = true;
        self.record(&signed_in(&self.session), &signin::console_login(), 2);
    }

    /// IAM Identity Center, then the AWS MCP Server, used by an agent client for the user.
    pub(super) fn by_agent_client(&mut self, user: &str, client: &str) {
        self.by_identity_center(user);
        let account = self.session.role.account;
        let id = self.random.uuid();
        let sign_in = format!("arn:aws:signin:{}:{}:session/{id}", mcp::REGION, account.id);
        self.record(&signed_in(&self.session), &mcp::oauth_token(&sign_in), 16);
        client.clone_into(&mut self.session.caller.user_agent);
        self.session.caller.sign_in_session = Some(sign_in);
    }

    /// `AssumeRoleWithSAML`.
    fn by_identity_center(&mut self, user: &str) {
        let account = self.session.role.account.id;
        let provider =
            format!("arn:aws:iam::{account}:saml-provider/AWSSSO_5f0c2d8e9a7b1c34_DO_NOT_DELETE");
        let principal = format!("{SAML_QUALIFIER}:{user}");
        let caller = self.anonymous(&[
            ("type", "SAMLUser"),
            ("principalId", &principal),
            ("userName", user),
            ("identityProvider", SAML_QUALIFIER),
        ]);
        let asked = json!({
            "sAMLAssertionID": format!("_{}", self.random.uuid()), "principalArn": provider,
            "durationSeconds": self.entry.lifetime,
        });
        let answered = json!({
            "subject": user, "subjectType": "persistent",
            "audience": "https://signin.aws.amazon.com/saml", "nameQualifier": SAML_QUALIFIER,
        });
        let call = self.assume("AssumeRoleWithSAML", asked, answered);
        self.record(&caller, &call, 0);
    }

    /// A caller without credentials, at the place where the session will be used.
    fn anonymous(&self, identity: &[(&str, &str)]) -> Caller {
        let holder = &self.session.caller;
        identity::plain(identity, &holder.address, &holder.user_agent)
    }
}

/// The session's owner in the records of sign-in, which show no access key.
fn signed_in(session: &Session) -> Caller {
    let mut caller = session.caller.clone();
    caller.identity.shift_remove("accessKeyId");
    caller
}
