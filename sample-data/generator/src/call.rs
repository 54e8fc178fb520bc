//! One API call, told without its caller: what was asked, what came back, what it exercises.
//!
//! Outcome codes and message grammar: IAM User Guide, "Troubleshoot access denied error messages";
//! the codes of each service are those that its CloudTrail records carry.

use serde_json::Value;

/// One API call as a service records it.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// `s3.amazonaws.com`.
    pub(crate) source: &'static str,
    pub(crate) name: &'static str,
    /// What the client put into its `Host` header, without region: `s3`, `bedrock-runtime`.
    pub(crate) host: String,
    pub(crate) parameters: Value,
    pub(crate) response: Value,
    pub(crate) additional: Option<Value>,
    pub(crate) resources: Option<Value>,
    pub(crate) read_only: bool,
    pub(crate) data_event: bool,
    pub(crate) api_version: Option<&'static str>,
    /// Where it is recorded, if not in the workload's own region.
    pub(crate) region: Option<&'static str>,
    /// IAM actions that the call cannot do without.
    pub(crate) actions: Vec<&'static str>,
    /// IAM actions that depend on parameters.
    pub(crate) maybe: Vec<&'static str>,
    pub(crate) ending: Ending,
    /// A service made the call with the caller's credentials (forward access session).
    pub(crate) invoked_by: Option<&'static str>,
    /// `serviceEventDetails` of an event that no call led to.
    pub(crate) service_event: Option<Value>,
    /// It lies outside the caller's work.
    pub(crate) foreign: bool,
    /// Calls that services make because of this one, in the same second.
    pub(crate) consequences: Vec<Call>,
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Succeeded,
    /// Authorized, and failed for another reason.
    Failed {
        code: &'static str,
        message: String,
    },
    /// Not authorized; the resource as the message names it.
    Denied {
        resource: String,
        reason: Reason,
    },
    /// EC2 was asked whether the call would have been allowed.
    DryRun,
}

/// Why a call was denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    NoIdentityPolicy,
    NoBoundary,
    IdentityPolicyDeny,
    ServiceControlPolicy,
    /// S3 and Bedrock data planes that do not say why.
    Unsaid,
}

impl Call {
    /// A management event that changes nothing.
    pub(crate) fn read(source: &'static str, name: &'static str, action: &'static str) -> Self {
        let host = source.trim_end_matches(".amazonaws.com").to_owned();
        Self {
            source,
            name,
            host,
            parameters: Value::Null,
            response: Value::Null,
            additional: None,
            resources: None,
            read_only: true,
            data_event: false,
            api_version: None,
            region: None,
            actions: vec![action],
            maybe: Vec::new(),
            ending: Ending::Succeeded,
            invoked_by: None,
            service_event: None,
            foreign: false,
            consequences: Vec::new(),
        }
    }

    /// A management event that changes something.
    pub(crate) fn write(source: &'static str, name: &'static str, action: &'static str) -> Self {
        Self {
            read_only: false,
            ..Self::read(source, name, action)
        }
    }

    /// The same as a data event.
    pub(crate) fn data(mut self) -> Self {
        self.data_event = true;
        self
    }

    pub(crate) fn asking(mut self, parameters: Value) -> Self {
        self.parameters = parameters;
        self
    }

    pub(crate) fn answering(mut self, response: Value) -> Self {
        self.response = response;
        self
    }

    pub(crate) fn adding(mut self, additional: Value) -> Self {
        self.additional = Some(additional);
        self
    }

    pub(crate) fn on(mut self, resources: Value) -> Self {
        self.resources = Some(resources);
        self
    }

    pub(crate) fn at_host(mut self, host: &str) -> Self {
        host.clone_into(&mut self.host);
        self
    }

    pub(crate) fn in_region(mut self, region: &'static str) -> Self {
        self.region = Some(region);
        self
    }

    pub(crate) fn version(mut self, api_version: &'static str) -> Self {
        self.api_version = Some(api_version);
        self
    }

    /// Further actions that the call cannot do without.
    pub(crate) fn also(mut self, actions: &[&'static str]) -> Self {
        self.actions.extend(actions);
        self
    }

    /// Actions that it needs only with some parameters.
    pub(crate) fn perhaps(mut self, actions: &[&'static str]) -> Self {
        self.maybe.extend(actions);
        self
    }

    /// No IAM action at all.
    pub(crate) fn without_action(mut self) -> Self {
        self.actions.clear();
        self
    }

    pub(crate) fn via(mut self, service: &'static str) -> Self {
        self.invoked_by = Some(service);
        self
    }

    pub(crate) fn causing(mut self, call: Self) -> Self {
        self.consequences.push(call);
        self
    }

    pub(crate) fn outside(mut self) -> Self {
        self.foreign = true;
        self
    }

    /// Authorized, then failed.
    pub(crate) fn failing(mut self, code: &'static str, message: &str) -> Self {
        self.ending = Ending::Failed {
            code,
            message: message.to_owned(),
        };
        self.response = Value::Null;
        self.consequences.clear();
        self
    }

    pub(crate) fn denied(mut self, resource: &str, reason: Reason) -> Self {
        self.ending = Ending::Denied {
            resource: resource.to_owned(),
            reason,
        };
        self.response = Value::Null;
        self.consequences.clear();
        self
    }

    pub(crate) fn dry_run(mut self) -> Self {
        self.ending = Ending::DryRun;
        self.response = Value::Null;
        self.consequences.clear();
        self
    }

    /// The code and message that stand in the record, for a caller with this session ARN.
    pub(crate) fn error(&self, caller: &str) -> Option<(&'static str, String)> {
        match &self.ending {
            Ending::Succeeded => None,
            Ending::Failed { code, message } => Some((code, message.clone())),
            Ending::DryRun => Some((
                "Client.DryRunOperation",
                "Request would have succeeded, but DryRun flag is set.".to_owned(),
            )),
            Ending::Denied { resource, reason } => Some(self.denial(caller, resource, *reason)),
        }
    }

    fn denial(&self, caller: &str, resource: &str, reason: Reason) -> (&'static str, String) {
        let action = self.actions.first().copied().unwrap_or_default();
        let told = format!(
            "User: {caller} is not authorized to perform: {action} on resource: {resource}"
        );
        let why = match reason {
            Reason::Unsaid => return ("AccessDenied", "Access Denied".to_owned()),
            Reason::NoIdentityPolicy => {
                format!(" because no identity-based policy allows the {action} action")
            }
            Reason::NoBoundary => {
                format!(" because no permissions boundary allows the {action} action")
            }
            Reason::IdentityPolicyDeny => {
                " with an explicit deny in an identity-based policy".to_owned()
            }
            Reason::ServiceControlPolicy => {
                " with an explicit deny in a service control policy".to_owned()
            }
        };
        if self.source == "ec2.amazonaws.com" {
            let code = "Client.UnauthorizedOperation";
            return (
                code,
                format!("You are not authorized to perform this operation. {told}{why}"),
            );
        }
        ("AccessDenied", format!("{told}{why}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALLER: &str = "arn:aws:sts::111122223333:assumed-role/app/i-0";

    #[test]
    fn a_denial_names_the_action_as_iam_does() {
        let call = Call::read("iam.amazonaws.com", "ListUsers", "iam:ListUsers")
            .denied("arn:aws:iam::111122223333:user/", Reason::NoIdentityPolicy);
        let (code, message) = call.error(CALLER).unwrap();
        assert_eq!(code, "AccessDenied");
        assert_eq!(
            message,
            "User: arn:aws:sts::111122223333:assumed-role/app/i-0 is not authorized to perform: \
             iam:ListUsers on resource: arn:aws:iam::111122223333:user/ because no identity-based \
             policy allows the iam:ListUsers action"
        );
    }

    #[test]
    fn ec2_has_a_code_of_its_own() {
        let call = Call::write("ec2.amazonaws.com", "StopInstances", "ec2:StopInstances")
            .denied("*", Reason::NoIdentityPolicy);
        assert_eq!(
            call.error(CALLER).unwrap().0,
            "Client.UnauthorizedOperation"
        );
    }
}
