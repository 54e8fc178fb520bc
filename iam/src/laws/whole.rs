//! The rules for whole cases, one after the other, slow and without cleverness, on the bare JSON.
//!
//! Written from the documentation, not from the engine: IAM User Guide, "How AWS enforcement code logic
//! evaluates requests to allow or deny access", "Cross-account policy evaluation logic", "AWS JSON policy
//! elements: Principal" and "… `NotPrincipal`"; AWS Organizations User Guide, "SCP evaluation". The whole
//! context is known.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::operators::holds;
use super::reference::{glob, glob_steps, list};

/// Values of condition keys in lower case.
pub(super) type Keys = BTreeMap<String, Vec<String>>;

/// How a statement of the resource's policy names the caller.
#[derive(PartialEq)]
enum Named {
    Itself,
    ItsRole,
    ItsAccount,
}

/// Whose policy it is.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Caller,
    Resource,
}

/// `allowed`, `implicitly_denied` or `explicitly_denied`.
pub(super) fn decide(case: &Value) -> &'static str {
    let keys = keys(case);
    let asked = case["request"]["action"].as_str().unwrap().to_lowercase();
    let arn = case["principal"]["arn"].as_str().unwrap_or("nobody");
    let account = account(arn);
    let linked_to_a_service = arn.contains(":role/aws-service-role/");
    let nothing = json!([]);
    // Who has an account may always ask who it is.
    if account.is_some() && asked == "sts:getcalleridentity" {
        return "allowed";
    }
    // Services and unsigned requests have no policies of their own.
    let own = |field: &str| -> Vec<&Value> {
        if account.is_some() {
            list(case.get(field).unwrap_or(&nothing)).iter().collect()
        } else {
            Vec::new()
        }
    };
    // Control policies do not bind roles that services are linked to, and SCPs nobody without account;
    // RCPs bind the resources of some services only, of which all but EC2 and IAM are asked for here.
    let scps: Vec<&Value> = if linked_to_a_service {
        Vec::new()
    } else {
        own("scps")
    };
    let outside = asked.starts_with("ec2:") || asked.starts_with("iam:");
    let rcps: Vec<&Value> = if linked_to_a_service || outside {
        Vec::new()
    } else {
        list(&case["rcps"]).iter().collect()
    };
    let boundary = own("permission_boundary");
    let attached: Vec<&Value> = own("identity_policies")
        .into_iter()
        .chain(boundary.iter().copied())
        .chain(own("session_policies"))
        .chain(scps.iter().flat_map(|level| list(level)))
        .collect();

    // A deny in any policy is final.
    let applies_on = |side: Side, document: &Value, statement: &Value, effect: &str| {
        statement["Effect"] == effect && statement_applies(side, document, statement, case, &keys)
    };
    let applies = |document: &Value, statement: &Value, effect: &str| {
        applies_on(Side::Resource, document, statement, effect)
    };
    let has = |document: &Value, effect: &str| {
        list(&document["Statement"])
            .iter()
            .any(|statement| applies_on(Side::Caller, document, statement, effect))
    };
    if attached.iter().any(|document| has(document, "Deny")) {
        return "explicitly_denied";
    }
    let of_resource = rcps
        .iter()
        .flat_map(|level| list(level))
        .chain(case.get("resource_policy"));
    for document in of_resource.clone() {
        for statement in list(&document["Statement"]) {
            if applies(document, statement, "Deny")
                && names_for_deny(statement, arn, !boundary.is_empty())
            {
                return "explicitly_denied";
            }
        }
    }

    // At every level of SCPs there is an allow.
    if scps
        .iter()
        .any(|level| !list(level).iter().any(|document| has(document, "Allow")))
    {
        return "implicitly_denied";
    }
    // What the resource's policy allows, by how it names the caller.
    let mut named: Vec<Named> = Vec::new();
    if let Some(document) = case.get("resource_policy") {
        for statement in list(&document["Statement"]) {
            if applies(document, statement, "Allow") {
                named.extend(names(statement, arn));
            }
        }
    }
    let Some(account) = account else {
        return verdict(named.contains(&Named::Itself));
    };
    // The limits of the caller's identity policies.
    let within_boundary = boundary.iter().all(|document| has(document, "Allow"));
    let sessions = own("session_policies");
    let within_session = if sessions.is_empty() {
        !arn.contains(":federated-user/")
    } else {
        sessions.iter().any(|document| has(document, "Allow"))
    };
    let limits = within_boundary && within_session;
    let by_identity = own("identity_policies")
        .iter()
        .any(|document| has(document, "Allow"));
    let own_side = arn.ends_with(":root") || (by_identity && limits);

    if case["request"]["resourceAccount"] != account {
        return verdict(own_side && !named.is_empty());
    }
    if named.contains(&Named::Itself) || (named.contains(&Named::ItsRole) && limits) {
        return verdict(true);
    }
    // Trust policies and key policies must at least name the account.
    let resource = case["request"]["resource"].as_str().unwrap();
    let asked_first = (asked.starts_with("sts:assumerole") && resource.contains(":role/"))
        || (asked.starts_with("kms:") && resource.contains(":key/"));
    verdict(own_side && (!asked_first || named.contains(&Named::ItsAccount)))
}

fn verdict(allowed: bool) -> &'static str {
    if allowed {
        "allowed"
    } else {
        "implicitly_denied"
    }
}

fn account(arn: &str) -> Option<&str> {
    arn.split(':').nth(4)
}

/// The keys that follow from the caller and the accounts, then those that are given.
fn keys(case: &Value) -> Keys {
    let arn = case["principal"]["arn"].as_str().unwrap_or("nobody");
    let mut keys = Keys::new();
    let mut set = |key: &str, value: &str| keys.insert(key.to_owned(), vec![value.to_owned()]);
    set(
        "aws:resourceaccount",
        case["request"]["resourceAccount"].as_str().unwrap(),
    );
    if let Some(account) = account(arn) {
        set("aws:principalaccount", account);
        set("aws:principalisawsservice", "false");
        let parts: Vec<&str> = arn.split('/').collect();
        let (principal_arn, sort) = if arn.contains(":assumed-role/") {
            (
                format!("arn:aws:iam::{account}:role/{}", parts[1]),
                "AssumedRole",
            )
        } else if arn.contains(":federated-user/") {
            set("aws:userid", &format!("{account}:{}", parts[1]));
            (arn.to_owned(), "FederatedUser")
        } else if arn.contains(":user/") {
            set("aws:username", parts[parts.len() - 1]);
            (arn.to_owned(), "User")
        } else if arn.contains(":role/") {
            (arn.to_owned(), "AssumedRole")
        } else {
            set("aws:userid", account);
            (arn.to_owned(), "Account")
        };
        set("aws:principalarn", &principal_arn);
        set("aws:principaltype", sort);
    } else if arn == "nobody" {
        set("aws:principalaccount", "anonymous");
        set("aws:principaltype", "Anonymous");
        set("aws:userid", "anonymous");
    } else {
        set("aws:principalisawsservice", "true");
        set("aws:principalservicename", arn);
    }
    for (tag, value) in case["principal"]["tags"].as_object().into_iter().flatten() {
        set(
            &format!("aws:principaltag/{}", tag.to_lowercase()),
            value.as_str().unwrap(),
        );
    }
    for (key, values) in case["request"]["context"].as_object().unwrap() {
        let values = list(values)
            .iter()
            .map(|value| value.as_str().unwrap().to_owned());
        keys.insert(key.to_lowercase(), values.collect());
    }
    keys
}

/// Action, resource and conditions.
fn statement_applies(
    side: Side,
    document: &Value,
    statement: &Value,
    case: &Value,
    keys: &Keys,
) -> bool {
    let variables = document["Version"] == "2012-10-17";
    let action = case["request"]["action"].as_str().unwrap().to_lowercase();
    let resource = case["request"]["resource"].as_str().unwrap();
    let named = |element: &str, matches: &dyn Fn(&str) -> bool| {
        list(&statement[element])
            .iter()
            .any(|pattern| matches(pattern.as_str().unwrap()))
    };
    let action_is = |pattern: &str| glob(&pattern.to_lowercase(), &action);
    let resource_is = |pattern: &str| {
        // On the caller's side an ARN may lack components, which are stars then.
        let colons = pattern.matches(':').count();
        let short = side == Side::Caller && pattern.starts_with("arn:") && colons < 5;
        let missing = if short { 5 - colons } else { 0 };
        let pattern = pattern.to_owned() + &":*".repeat(missing);
        resource_matches(&pattern, resource, keys, variables)
    };
    let action_applies = match statement.get("NotAction") {
        Some(_) => !named("NotAction", &action_is),
        None => named("Action", &action_is),
    };
    let resource_applies = match statement.get("NotResource") {
        Some(_) => !named("NotResource", &resource_is),
        // Without the element the resource is the one that the policy is attached to.
        None => statement.get("Resource").is_none() || named("Resource", &resource_is),
    };
    let conditions = statement.get("Condition").and_then(Value::as_object);
    let conditions_hold = conditions.into_iter().flatten().all(|(operator, tested)| {
        let mut tested = tested.as_object().unwrap().iter();
        tested.all(|(key, listed)| {
            let listed: Vec<&str> = list(listed)
                .iter()
                .map(|value| value.as_str().unwrap())
                .collect();
            let given = keys.get(&key.to_lowercase()).cloned().unwrap_or_default();
            holds(operator, &listed, &given, keys, variables)
        })
    });
    action_applies && resource_applies && conditions_hold
}

fn resource_matches(pattern: &str, resource: &str, keys: &Keys, variables: bool) -> bool {
    if pattern == "*" {
        return true;
    }
    let parts: Vec<&str> = resource.splitn(6, ':').collect();
    // The colon in a variable's name separates nothing.
    let plain = if variables { "{aws;" } else { "{aws:" };
    let pattern = pattern.replace("{aws:", plain);
    let patterns = pattern
        .splitn(6, ':')
        .map(|one| one.replace("{aws;", "{aws:"));
    let patterns: Vec<String> = patterns.collect();
    parts.len() == patterns.len()
        && patterns.iter().zip(parts).all(|(pattern, part)| {
            let steps = super::operators::filled(pattern, true, keys, variables);
            steps.is_some_and(|steps| glob_steps(&steps, &part.chars().collect::<Vec<_>>()))
        })
}

/// The texts under one type of an element; `"*"` is `{"AWS": "*"}`.
fn listed(element: &Value, sort: &str) -> Vec<String> {
    if element == "*" {
        return if sort == "AWS" {
            vec!["*".to_owned()]
        } else {
            Vec::new()
        };
    }
    let values = element
        .get(sort)
        .map(|values| list(values).to_vec())
        .unwrap_or_default();
    values
        .iter()
        .map(|value| value.as_str().unwrap().to_owned())
        .collect()
}

/// How `Principal`, or `NotPrincipal` with `Allow`, names the caller.
fn names(statement: &Value, arn: &str) -> Option<Named> {
    match statement.get("NotPrincipal") {
        Some(element) => listed_as(element, arn).is_none().then_some(Named::Itself),
        None => listed_as(&statement["Principal"], arn),
    }
}

fn listed_as(element: &Value, arn: &str) -> Option<Named> {
    let aws = listed(element, "AWS");
    if aws.contains(&"*".to_owned()) || listed(element, "Service").contains(&arn.to_owned()) {
        return Some(Named::Itself);
    }
    let account = account(arn)?;
    let root = format!("arn:aws:iam::{account}:root");
    let by_account = aws.contains(&account.to_owned()) || aws.contains(&root);
    let name = arn.split('/').nth(1).unwrap_or_default();
    let ends = |one: &String, sort: &str| {
        let (before, after) = one.split_once('/').unwrap_or((one, ""));
        before == format!("arn:aws:iam::{account}:{sort}") && after.rsplit('/').next() == Some(name)
    };
    let by_parent = match () {
        () if arn.contains(":assumed-role/") => aws.iter().any(|one| ends(one, "role")),
        () if arn.contains(":federated-user/") => aws.iter().any(|one| ends(one, "user")),
        () => arn.contains(":role/") && aws.contains(&arn.to_owned()),
    };
    let itself = !arn.contains(":role/") && aws.contains(&arn.to_owned());
    if itself || (arn == root && by_account) {
        Some(Named::Itself)
    } else if by_parent {
        Some(Named::ItsRole)
    } else {
        by_account.then_some(Named::ItsAccount)
    }
}

/// Whether a deny of the resource's side is about the caller.
fn names_for_deny(statement: &Value, arn: &str, has_boundary: bool) -> bool {
    let Some(element) = statement.get("NotPrincipal") else {
        return listed_as(&statement["Principal"], arn).is_some();
    };
    let aws = listed(element, "AWS");
    let Some(account) = account(arn) else {
        return !(aws.contains(&"*".to_owned())
            || listed(element, "Service").contains(&arn.to_owned()));
    };
    let root = format!("arn:aws:iam::{account}:root");
    if has_boundary && arn != root {
        return true;
    }
    // Every part of the caller must be listed for it to be excepted.
    let lists_account = aws.contains(&root) || aws.contains(&account.to_owned());
    let lists_itself = arn == root || aws.contains(&arn.to_owned());
    let lists_role = !arn.contains(":assumed-role/")
        || aws.iter().any(|one| {
            one.starts_with(&format!("arn:aws:iam::{account}:role/"))
                && one.rsplit('/').next() == arn.split('/').nth(1)
        });
    !(aws.contains(&"*".to_owned()) || (lists_account && lists_itself && lists_role))
}
