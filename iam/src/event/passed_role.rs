//! Roles that a call passed to a service: the parameters in, `iam:PassRole` on each role out.
//!
//! Passing a role is checked and never recorded as an event, so it is read off the call that
//! passes: a listed operation whose parameters name a role. An ARN under a name that says that it is
//! passed is certain, under any other name possible; maps whose names and values the caller makes up
//! (tags, environments, arguments) are not looked into. Where the role comes by way of an
//! instance profile, the role itself is not named; by way of a launch template or a task
//! definition, passing is possible only.
//! Source: IAM User Guide, "Grant a user permissions to pass a role to an AWS service".

use serde_json::Value;

use super::needs::{Need, Needs, On};
use super::request::{Request, is_account, is_arn};
use super::tags::TAG_PARAMETERS;
use super::{Basis, Strength};

const PASS_ROLE: &str = "iam:PassRole";
/// More roles in one call than any operation takes; chosen against records made to be long.
const ROLE_LIMIT: usize = 32;
/// Parameters that stand for something that holds a role.
const INDIRECT: [&str; 4] = [
    "launchtemplate",
    "launchconfigurationname",
    "taskdefinition",
    "templatename",
];
/// Operations that pass a role that their parameters name, besides those of the list.
/// Sources: API Gateway Developer Guide, "API Gateway permissions model"; Amazon Cognito Developer Guide, "SMS message
/// settings"; AWS Systems Manager User Guide, "Setting up Automation"; Amazon Data Firehose with Amazon SNS, "Prerequisites".
const BY_HAND: [(&str, &str); 10] = [
    ("apigateway", "CreateIntegration"),
    ("apigateway", "PutIntegration"),
    ("apigateway", "UpdateAccount"),
    ("apigateway", "UpdateIntegration"),
    ("cognito-idp", "CreateUserPool"),
    ("cognito-idp", "SetUserPoolMfaConfig"),
    ("cognito-idp", "UpdateUserPool"),
    ("sns", "SetSubscriptionAttributes"),
    ("sns", "Subscribe"),
    ("ssm", "StartAutomationExecution"),
];
/// Parameters without the word in their names whose role is passed, in lower case.
const OTHER_NAMES: [&str; 5] = [
    "attributevalue",
    "credentials",
    "credentialsarn",
    "deliverlogspermissionarn",
    "snscallerarn",
];
/// Maps whose names and values are the caller's own, besides tags, in lower case.
const FREE_FORM: [&str; 9] = [
    "arguments",
    "defaultarguments",
    "dockerlabels",
    "environment",
    "environmentvariables",
    "labels",
    "nonoverridablearguments",
    "parameters",
    "variables",
];
/// The one parameter of a document of Systems Manager that is a role which is passed, in lower case.
const AUTOMATION_ROLE: &str = "automationassumerole";

/// Adds the roles that the call passed.
pub(super) fn add(request: &Request<'_>, needs: &mut Needs) {
    let listed = request.plan.passes_role;
    let by_hand = || BY_HAND.contains(&(request.prefix, request.name));
    let Some(basis) = listed.or_else(|| by_hand().then_some(Basis::Hand)) else {
        return;
    };
    let confirmed = basis != Basis::Unverified;
    let found = Found::read(request);
    let mut pass = |is_certain: bool, on| {
        needs.add(Need {
            action: PASS_ROLE,
            strength: if is_certain {
                Strength::Certain
            } else {
                Strength::Possible
            },
            basis,
            on,
        });
    };
    let names_none = found.arns.is_empty();
    for (arn, is_passed) in found.arns {
        pass(confirmed && is_passed, On::Arn(arn));
    }
    // An operation of the hand table passes a role only if it names one.
    if !confirmed || listed.is_none() {
        return;
    }
    if found.named || names_none && found.profile {
        pass(true, On::Unknown);
    } else if names_none && (found.indirect || request.parameters().is_unknown()) {
        pass(false, On::Unknown);
    }
}

/// What the parameters say of roles.
#[derive(Default)]
struct Found<'a> {
    /// The service that the parameters are of.
    service: &'a str,
    /// ARNs of roles, and whether each stands where one is passed.
    arns: Vec<(String, bool)>,
    /// A role by its name alone.
    named: bool,
    /// An instance profile.
    profile: bool,
    /// Something that may hold a role.
    indirect: bool,
}

/// What the name of a parameter says of its value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    /// It is a role.
    Role,
    /// If it is a role, that one is passed.
    Passed,
    /// Nothing of roles.
    Nothing,
}

impl<'a> Found<'a> {
    fn read(request: &Request<'a>) -> Self {
        let mut found = Self {
            service: request.prefix,
            ..Self::default()
        };
        let text = request.parameters_text().unwrap_or_default();
        if let Ok(Value::Object(parameters)) = serde_json::from_str(text) {
            found.walk(&Value::Object(parameters), Says::Nothing);
        }
        found
    }

    /// INVARIANT: the depth is bounded, because the JSON reader refuses more than 128 levels.
    fn walk(&mut self, value: &Value, says: Says) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    self.field(&name.to_ascii_lowercase(), value, says);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.walk(item, says)),
            Value::String(text) if !text.is_empty() => self.text(text, says),
            _ => {}
        }
    }

    /// `name` is in lower case, `outer` what the object is that the field stands in.
    fn field(&mut self, name: &str, value: &Value, outer: Says) {
        if self.service == "ssm" && name == "parameters" {
            let fields = value.as_object().into_iter().flatten();
            let mut roles = fields.filter(|(name, _)| name.eq_ignore_ascii_case(AUTOMATION_ROLE));
            if let Some((_, value)) = roles.next() {
                self.walk(value, Says::Passed);
            }
            return;
        }
        if FREE_FORM.contains(&name) || TAG_PARAMETERS.contains(&name) || is_empty(value) {
            return;
        }
        self.profile |= name.contains("instanceprofile");
        self.indirect |= INDIRECT.iter().any(|indirect| name.contains(indirect));
        let says = if is_role_name(name) {
            Says::Role
        } else if outer != Says::Nothing
            || OTHER_NAMES.contains(&name)
            // API Gateway writes changes as lists of paths and values.
            || self.service == "apigateway" && name == "value"
        {
            Says::Passed
        } else {
            Says::Nothing
        };
        self.walk(value, says);
    }

    fn text(&mut self, text: &str, says: Says) {
        if !is_role(text) {
            self.named |= says == Says::Role;
            return;
        }
        let is_passed = says != Says::Nothing;
        if let Some((_, known)) = self.arns.iter_mut().find(|(arn, _)| arn == text) {
            *known |= is_passed;
        } else if self.arns.len() < ROLE_LIMIT {
            self.arns.push((text.to_owned(), is_passed));
        } else {
            self.named |= is_passed;
        }
    }
}

/// Tells `arn:aws:iam::111122223333:role/name`.
fn is_role(text: &str) -> bool {
    let mut parts = text.splitn(6, ':');
    is_arn(text)
        && parts.nth(2) == Some("iam")
        && parts.next() == Some("")
        && parts.next().is_some_and(is_account)
        && parts.next().is_some_and(|rest| {
            let name = rest.strip_prefix("role/");
            name.is_some_and(|name| !name.is_empty())
        })
}

/// Tells a value that says nothing, by the rule that holds for outermost parameters too.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => {
            let items = fields.get("items").and_then(Value::as_array);
            fields.is_empty() || fields.len() == 1 && items.is_some_and(Vec::is_empty)
        }
        _ => false,
    }
}

/// Tells the names of parameters that hold a role, in lower case, from ones that speak about it.
fn is_role_name(name: &str) -> bool {
    let about = ["session", "linked", "resolution", "mapping", "roletype"];
    name.contains("role") && !about.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests;
