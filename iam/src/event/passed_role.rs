//! Roles that a call passed to a service: the parameters in, `iam:PassRole` on each role out.
//!
//! Passing a role is checked and never recorded as an event, so it is read off the call that
//! passes: a listed operation whose parameters name a role. Where the role comes by way of an
//! instance profile, the role itself is not named; by way of a launch template or a task
//! definition, passing is possible only.
//! Source: IAM User Guide, "Grant a user permissions to pass a role to an AWS service".

use serde_json::Value;

use super::needs::{Need, Needs, On};
use super::request::{Request, is_arn};
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

/// Adds the roles that the call passed.
pub(super) fn add(request: &Request<'_>, needs: &mut Needs) {
    let Some(basis) = request.plan.passes_role else {
        return;
    };
    let confirmed = basis != Basis::Unverified;
    let found = Found::read(request);
    let strength = if confirmed {
        Strength::Certain
    } else {
        Strength::Possible
    };
    let mut pass = |strength, on| {
        needs.add(Need {
            action: PASS_ROLE,
            strength,
            basis,
            on,
        });
    };
    if !found.arns.is_empty() {
        for arn in found.arns {
            pass(strength, On::Arn(arn));
        }
    } else if confirmed && (found.named || found.profile) {
        pass(Strength::Certain, On::Unknown);
    } else if confirmed && (found.indirect || request.parameters().is_unknown()) {
        pass(Strength::Possible, On::Unknown);
    }
}

/// What the parameters say of roles.
#[derive(Default)]
struct Found {
    /// ARNs of roles.
    arns: Vec<String>,
    /// A role by its name alone.
    named: bool,
    /// An instance profile.
    profile: bool,
    /// Something that may hold a role.
    indirect: bool,
}

impl Found {
    fn read(request: &Request<'_>) -> Self {
        let mut found = Self::default();
        let text = request.parameters_text().unwrap_or_default();
        if let Ok(Value::Object(parameters)) = serde_json::from_str(text) {
            found.walk(&Value::Object(parameters), false);
        }
        found
    }

    /// INVARIANT: the depth is bounded, because the JSON reader refuses more than 128 levels.
    fn walk(&mut self, value: &Value, is_role: bool) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let name = name.to_ascii_lowercase();
                    let set = !matches!(value, Value::Null) && value.as_str() != Some("");
                    self.profile |= set && name.contains("instanceprofile");
                    self.indirect |= set && INDIRECT.iter().any(|indirect| name.contains(indirect));
                    self.walk(value, is_role_name(&name));
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.walk(item, is_role)),
            Value::String(text) if is_role && !text.is_empty() => self.role(text),
            _ => {}
        }
    }

    fn role(&mut self, text: &str) {
        let is_role_arn = is_arn(text) && text.contains(":iam::") && text.contains(":role/");
        if !is_role_arn {
            self.named = true;
        } else if self.arns.len() < ROLE_LIMIT && !self.arns.iter().any(|arn| arn == text) {
            self.arns.push(text.to_owned());
        }
    }
}

/// Tells the names of parameters that hold a role, in lower case, from ones that speak about it.
fn is_role_name(name: &str) -> bool {
    name.contains("role") && !name.contains("session") && !name.contains("linked")
}
