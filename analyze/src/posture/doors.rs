//! The ways into a role: its trust policy in, each principal that it lets in out, with the conditions that guard it.
//!
//! A service is guarded by the account, ARN or organization of the resource that it acts for, a web identity by its
//! subject and audience, a SAML identity by its audience, another account by an external id or by who the principal is.
//! A condition guards only if it must hold: `IfExists`, `ForAllValues` and negative operators are met by a request
//! without the key. Values that are nothing but wildcards guard nothing.
//! Source: IAM User Guide, "The confused deputy problem", "Create a role for `OpenID` Connect federation", "Create a role
//! for SAML 2.0 federation"; AWS STS API Reference, `AssumeRole`.

use std::collections::BTreeSet;

use arrow::array::RecordBatch;
use curtail_iam::document::{
    ActionElement, Condition, Document, Effect, PrincipalElement, Principals, Statement,
};
use curtail_iam::pattern::wildcard_match_ignore_case;

use crate::Error;
use crate::engine::Table;
use crate::inventory::Inventory;

/// Services that take roles of their own account alone, by `iam:PassRole` or an association, and send no source keys.
/// Source: IAM User Guide, "Grant a user permissions to pass a role to an AWS service" (no role of another account can be
/// passed); Amazon EC2 User Guide, "IAM roles for Amazon EC2"; AWS Lambda Developer Guide, "Lambda execution role";
/// Amazon EKS User Guide, "EKS Pod Identity".
const OWN_ACCOUNT_SERVICES: [&str; 3] = [
    "ec2.amazonaws.com",
    "lambda.amazonaws.com",
    "pods.eks.amazonaws.com",
];

/// The actions by which a role is entered.
const ENTRIES: [&str; 3] = [
    "sts:assumerole",
    "sts:assumerolewithwebidentity",
    "sts:assumerolewithsaml",
];

/// One principal that a statement lets in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Door {
    /// As written; `*` for everyone.
    pub(super) principal: String,
    /// `service`, `web_identity`, `saml`, `account`, `principal` or `everyone`.
    pub(super) kind: &'static str,
    /// The keys of the conditions that guard it, in small letters, each once.
    pub(super) guards: BTreeSet<String>,
    /// Why it lets in others than the workload; `None` if it does not.
    pub(super) open: Option<String>,
}

/// The doors of a trust policy, in the order of its statements.
pub(super) fn doors(trust: &Document, account_id: &str) -> Vec<Door> {
    let entries = trust
        .statements
        .iter()
        .filter(|statement| statement.effect == Effect::Allow && is_entry(&statement.actions));
    entries
        .flat_map(|statement| of_statement(statement, account_id))
        .collect()
}

fn is_entry(actions: &ActionElement) -> bool {
    let matches = |entry: &str| {
        actions
            .patterns()
            .iter()
            .any(|pattern| wildcard_match_ignore_case(pattern, entry))
    };
    match actions {
        ActionElement::Action(_) => ENTRIES.iter().any(|entry| matches(entry)),
        ActionElement::NotAction(_) => !ENTRIES.iter().all(|entry| matches(entry)),
    }
}

fn of_statement(statement: &Statement, account_id: &str) -> Vec<Door> {
    let guards = Guards::of(&statement.conditions);
    let listed = match &statement.principal {
        PrincipalElement::Principal(listed) => listed,
        PrincipalElement::NotPrincipal(_) => {
            return vec![guards.door("*", "everyone", Some("it lets in all but a list"))];
        }
        PrincipalElement::Absent => return Vec::new(),
    };
    by_principal(listed, &guards, account_id)
}

fn by_principal(listed: &Principals, guards: &Guards, account_id: &str) -> Vec<Door> {
    let mut doors = Vec::new();
    if listed.everyone {
        let open = (!guards.names_principal()).then_some("it lets in everyone");
        doors.push(guards.door("*", "everyone", open));
    }
    doors.extend(listed.service.iter().map(|service| {
        let own_account = OWN_ACCOUNT_SERVICES.contains(&service.as_str());
        let open = (!own_account && !guards.names_source())
            .then_some("no condition on aws:SourceAccount or aws:SourceArn");
        guards.door(service, "service", open)
    }));
    doors.extend(
        listed
            .federated
            .iter()
            .map(|provider| guards.federated(provider)),
    );
    doors.extend(
        listed
            .aws
            .iter()
            .map(|principal| guards.aws(principal, account_id)),
    );
    doors
}

/// The conditions of a statement that must hold, as far as they guard a door.
struct Guards {
    keys: BTreeSet<String>,
    broad_subject: bool,
}

impl Guards {
    fn of(conditions: &[Condition]) -> Self {
        let guarding = || conditions.iter().filter(|condition| guards(condition));
        Self {
            keys: guarding()
                .map(|condition| condition.key.to_ascii_lowercase())
                .collect(),
            broad_subject: guarding()
                .filter(|condition| condition.key.to_ascii_lowercase().ends_with(":sub"))
                .any(|condition| condition.values.iter().any(|value| is_broad_subject(value))),
        }
    }

    fn has(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.keys.contains(*name))
    }

    fn ends_with(&self, ending: &str) -> bool {
        self.keys.iter().any(|key| key.ends_with(ending))
    }

    fn names_source(&self) -> bool {
        self.has(&[
            "aws:sourceaccount",
            "aws:sourcearn",
            "aws:sourceorgid",
            "aws:sourceorgpaths",
        ])
    }

    fn names_principal(&self) -> bool {
        self.has(&[
            "aws:principalarn",
            "aws:userid",
            "aws:principalorgid",
            "aws:principalaccount",
        ]) || self
            .keys
            .iter()
            .any(|key| key.starts_with("aws:principaltag/"))
    }

    fn federated(&self, provider: &str) -> Door {
        if provider.contains(":saml-provider/") {
            let open = (!self.ends_with(":aud")).then_some("no condition on SAML:aud");
            return self.door(provider, "saml", open);
        }
        let open = if !self.ends_with(":sub") && !self.ends_with(":amr") {
            Some("no condition on the subject (`:sub`)")
        } else if self.broad_subject {
            Some("the condition on the subject matches any workload of the provider")
        } else if !self.ends_with(":aud") {
            Some("no condition on the audience (`:aud`)")
        } else {
            None
        };
        self.door(provider, "web_identity", open)
    }

    fn aws(&self, principal: &str, account_id: &str) -> Door {
        let whole = account_of(principal);
        let open = match whole {
            None => None,
            Some(_) if self.names_principal() => None,
            Some(account) if account == account_id => Some("it lets in the whole account"),
            Some(_) if self.has(&["sts:externalid"]) => None,
            Some(_) => Some("it lets in another account without an external id"),
        };
        let kind = if whole.is_some() {
            "account"
        } else {
            "principal"
        };
        self.door(principal, kind, open)
    }

    fn door(&self, principal: &str, kind: &'static str, open: Option<&str>) -> Door {
        Door {
            principal: principal.to_owned(),
            kind,
            guards: self.keys.clone(),
            open: open.map(str::to_owned),
        }
    }
}

/// The account that a principal stands for as a whole.
fn account_of(principal: &str) -> Option<&str> {
    let digits = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(principal) {
        return Some(principal);
    }
    let account = principal.split(':').nth(4)?;
    (principal.ends_with(":root") && digits(account)).then_some(account)
}

/// Whether a request without the key, or with any value, is refused by the condition.
fn guards(condition: &Condition) -> bool {
    let operator = condition.operator.to_ascii_lowercase();
    if operator.ends_with("ifexists") || operator.starts_with("forallvalues:") {
        return false;
    }
    let operator = operator.strip_prefix("foranyvalue:").unwrap_or(&operator);
    let positive = [
        "stringequals",
        "stringequalsignorecase",
        "stringlike",
        "arnequals",
        "arnlike",
    ];
    let key = condition.key.to_ascii_lowercase();
    let says_something = |value: &String| {
        // The account of an ARN decides whose resource it is.
        let part = if key == "aws:sourcearn" {
            value.split(':').nth(4).unwrap_or_default()
        } else {
            value
        };
        let anonymous = part.bytes().all(|byte| byte == b'*' || byte == b'?');
        !anonymous || (key == "aws:sourcearn" && value.starts_with("arn:") && names_bucket(value))
    };
    positive.contains(&operator)
        && !condition.values.is_empty()
        && condition.values.iter().all(says_something)
}

/// The ARN of a bucket has no account, and its name is unique all the same.
fn names_bucket(arn: &str) -> bool {
    arn.split(':').nth(2) == Some("s3")
        && arn
            .split(':')
            .nth(5)
            .is_some_and(|name| !name.is_empty() && !name.starts_with('*'))
}

/// Whether a subject pattern has nothing before its first wildcard but the words that all subjects begin with.
/// Source: GitHub documentation, "`OpenID` Connect reference" (`repo:`); Amazon EKS User Guide, "IAM roles for service
/// accounts" (`system:serviceaccount:`).
fn is_broad_subject(value: &str) -> bool {
    let rest = ["repo:", "system:serviceaccount:"]
        .iter()
        .find_map(|prefix| value.strip_prefix(prefix))
        .unwrap_or(value);
    rest.starts_with(['*', '?'])
}

/// The table `trust_doors`: each principal that the trust policy of a role of `roles` lets in.
///
/// # Errors
/// [`Error::Rows`] if the rows do not fit together; that is our bug.
pub(crate) fn trust_doors(
    inventory: &Inventory,
    roles: &BTreeSet<String>,
) -> Result<RecordBatch, Error> {
    let known = roles.iter().filter_map(|arn| inventory.role(arn));
    let rows: Vec<(&str, Door)> = known
        .flat_map(|role| {
            let trust = role.trust();
            let found = trust.map_or_else(|_| Vec::new(), |trust| doors(&trust, &role.account_id));
            found.into_iter().map(|door| (role.arn.as_str(), door))
        })
        .collect();
    let mut table = Table::new("trust_doors");
    table.texts("role_arn", rows.iter().map(|(role, _)| Some(*role)));
    table.texts(
        "principal",
        rows.iter().map(|(_, door)| Some(&door.principal)),
    );
    table.texts(
        "principal_kind",
        rows.iter().map(|(_, door)| Some(door.kind)),
    );
    table.texts(
        "guards",
        rows.iter()
            .map(|(_, door)| Some(door.guards.iter().cloned().collect::<Vec<_>>().join(", "))),
    );
    table.texts("open", rows.iter().map(|(_, door)| door.open.as_ref()));
    table.finish()
}
