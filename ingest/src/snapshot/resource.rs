//! Resources as the Cloud Control API describes them: what `aws cloudcontrol list-resources` and `get-resource` print in,
//! an entry of kind `resource` each out.
//!
//! An entry's document holds `TypeName`, `Identifier`, `Region`, the `Properties` as JSON, and in `LeftOut` the names of
//! the properties that were dropped because they may hold secrets; see [`secrets`].
//! Its account and region are those of the members `AccountId` and `Region` of what is read, else those in the resource's
//! own ARN or queue URL, else those that all ARNs in its properties agree on.
//!
//! Source: Cloud Control API Reference, `ListResources`, `GetResource`, `ResourceDescription`.

mod secrets;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::entry::{Entry, Names, account_of};
use super::shape::{take, text};

/// The properties in which a resource has its own ARN, most telling first.
/// Source: AWS CloudFormation Template Reference, the return values of each type.
const OWN_ARN: [&str; 8] = [
    "Arn",
    "TaskDefinitionArn",
    "AssociationArn",
    "AgentArn",
    "AgentRuntimeArn",
    "GatewayArn",
    "TopicArn",
    "SecretId",
];

/// The properties in which a resource has its name.
const NAME: [&str; 10] = [
    "FunctionName",
    "StateMachineName",
    "Family",
    "ServiceAccount",
    "InstanceProfileName",
    "AgentName",
    "AgentRuntimeName",
    "Bucket",
    "KeyId",
    "Name",
];

/// Services whose resources are known in every region by the same identifier.
/// Source: AWS General Reference, "Service endpoints and quotas": IAM; Amazon S3 User Guide, "Bucket naming rules".
const GLOBAL: [&str; 2] = ["AWS::IAM::", "AWS::S3::"];

/// Tells whether the document is a list of resources, or one.
pub(super) fn is_one(document: &Value) -> bool {
    let listed = document
        .get("ResourceDescriptions")
        .is_some_and(Value::is_array);
    let got = document
        .get("ResourceDescription")
        .is_some_and(Value::is_object);
    text(document, "TypeName").is_some() && (listed || got)
}

/// The entries of a list of resources, or of one.
///
/// # Errors
/// What is missing to tell account and region, or that the properties are not JSON.
pub(super) fn entries(mut document: Value) -> Result<Vec<Entry>, String> {
    let mut descriptions = take(&mut document, "ResourceDescriptions");
    descriptions.extend(document.get_mut("ResourceDescription").map(Value::take));
    let place = Place {
        type_name: text(&document, "TypeName").unwrap_or_default(),
        account_id: text(&document, "AccountId"),
        region: text(&document, "Region"),
    };
    descriptions
        .into_iter()
        .map(|description| place.entry(description))
        .collect()
}

/// What is said of all the resources of a document.
struct Place<'a> {
    type_name: &'a str,
    account_id: Option<&'a str>,
    region: Option<&'a str>,
}

impl Place<'_> {
    fn entry(&self, mut description: Value) -> Result<Entry, String> {
        let type_name = self.type_name;
        let identifier = text(&description, "Identifier")
            .filter(|identifier| !identifier.is_empty())
            .ok_or_else(|| format!("a resource of {type_name} has no `Identifier`"))?
            .to_owned();
        let properties = properties(&mut description)
            .map_err(|reason| format!("the properties of {type_name} `{identifier}` {reason}"))?;
        let (properties, left_out) = secrets::leave_out(properties);
        let arn = own_arn(&identifier, &properties);
        let lacking = |what: &str| {
            format!(
                "nothing tells the {what} of {type_name} `{identifier}`; add the members \"AccountId\" and \"Region\" to what `aws cloudcontrol` printed"
            )
        };
        let found = Found::of(&identifier, &arn, &properties);
        let account_id = self
            .account_id
            .or(found.account_id.as_deref())
            .ok_or_else(|| lacking("account"))?;
        let region = if GLOBAL.iter().any(|prefix| type_name.starts_with(prefix)) {
            None
        } else {
            let region = self.region.or(found.region.as_deref());
            Some(region.ok_or_else(|| lacking("region"))?)
        };
        let id = match region {
            Some(region) => format!("{type_name}|{region}|{identifier}"),
            None => format!("{type_name}|{identifier}"),
        };
        let name = NAME
            .iter()
            .find_map(|field| properties.get(*field)?.as_str())
            .unwrap_or(&identifier)
            .to_owned();
        let document = json!({
            "TypeName": type_name, "Identifier": identifier, "Region": region,
            "Properties": properties, "LeftOut": left_out,
        });
        let names = Names { id, arn, name };
        Ok(Entry::named("resource", account_id, names, document))
    }
}

/// The properties, which the API gives as JSON text. A list may give none.
fn properties(description: &mut Value) -> Result<Map<String, Value>, String> {
    let parsed = match description.get_mut("Properties").map(Value::take) {
        None | Some(Value::Null) => return Ok(Map::new()),
        Some(Value::String(text)) => {
            serde_json::from_str(&text).map_err(|error| format!("are not JSON: {error}"))?
        }
        Some(value) => value,
    };
    match parsed {
        Value::Object(members) => Ok(members),
        _ => Err("are no object".to_owned()),
    }
}

/// The resource's own ARN; empty if nothing says it.
fn own_arn(identifier: &str, properties: &Map<String, Value>) -> String {
    let named = OWN_ARN
        .iter()
        .filter_map(|field| properties.get(*field)?.as_str());
    std::iter::once(identifier)
        .chain(named)
        .find(|text| text.starts_with("arn:"))
        .unwrap_or_default()
        .to_owned()
}

/// Account and region as the resource itself tells them.
#[derive(Debug, Default)]
struct Found {
    account_id: Option<String>,
    region: Option<String>,
}

impl Found {
    fn of(identifier: &str, arn: &str, properties: &Map<String, Value>) -> Self {
        let own = Self {
            account_id: account_of(arn).map(str::to_owned),
            region: region_of(arn).map(str::to_owned),
        };
        let queue = Self::of_queue(identifier).unwrap_or_default();
        let mut arns = BTreeSet::new();
        properties
            .values()
            .for_each(|value| arns_in(value, &mut arns));
        let only = |part: for<'a> fn(&'a str) -> Option<&'a str>| {
            let mut parts = arns.iter().filter_map(|arn| part(arn));
            let first = parts.next()?;
            parts.all(|other| other == first).then(|| first.to_owned())
        };
        Self {
            account_id: own
                .account_id
                .or(queue.account_id)
                .or_else(|| only(account_of)),
            region: own.region.or(queue.region).or_else(|| only(region_of)),
        }
    }

    /// Those of a queue's URL. Source: Amazon SQS Developer Guide, "Queue and message identifiers".
    fn of_queue(identifier: &str) -> Option<Self> {
        let rest = identifier.strip_prefix("https://sqs.")?;
        let (host, path) = rest.split_once('/')?;
        let account = path.split('/').next()?;
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        Some(Self {
            account_id: is_account.then(|| account.to_owned()),
            region: host.split('.').next().map(str::to_owned),
        })
    }
}

/// The region in an ARN; none for those of global services.
fn region_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(3).filter(|region| !region.is_empty())
}

/// Every text below a value that is an ARN. JSON that was read nests 128 levels at most.
fn arns_in<'a>(value: &'a Value, arns: &mut BTreeSet<&'a str>) {
    match value {
        Value::String(text) if text.starts_with("arn:") => drop(arns.insert(text)),
        Value::Array(elements) => elements.iter().for_each(|element| arns_in(element, arns)),
        Value::Object(members) => members.values().for_each(|member| arns_in(member, arns)),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
