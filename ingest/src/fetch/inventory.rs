//! The resources of an account: compute that runs under roles, and policies of resources, by the Cloud Control API.
//!
//! A list may give identifiers alone; then each resource is asked for. A type that is denied, or that a region does not
//! have, is named as missing, and a region that does not answer as a whole.
//! Source: Cloud Control API Reference, `ListResources`, `GetResource`.

mod types;

use std::collections::BTreeMap;

use aws_sdk_cloudcontrol::Client;
use aws_sdk_cloudcontrol::types::ResourceDescription;
use futures::{StreamExt as _, stream};
use serde_json::{Value, json};

use self::types::{Found, ResourceType, Scope, TYPES};
use super::call::pages;
use super::missing::Place;
use super::portion::Portion;
use crate::aws::fault;
use crate::{Aws, AwsFault, MissingPart};

const LIST: &str = "cloudformation:ListResources";
const GET: &str = "cloudformation:GetResource";

/// Resources that are asked for at a time: 4. Chosen: the API throttles a region of an account.
const AT_ONCE: usize = 4;

/// Resources of one type that may fail one by one before the type is given up: 20. Chosen.
const MOST_FAILURES: usize = 20;

/// A resource: its identifier, and its properties as JSON text where the list gave them.
#[derive(Debug, Clone)]
struct Resource {
    identifier: String,
    properties: Option<String>,
}

/// Reads the resources of the account in each of the regions into its portion.
pub(super) async fn fetch(aws: &Aws, regions: &[String], portion: &mut Portion) {
    for (index, region) in regions.iter().enumerate() {
        let mut walk = Walk {
            client: Client::new(aws.in_region(region).config()),
            account_id: portion.account_id().to_owned(),
            region,
            listed: BTreeMap::new(),
            missing: Vec::new(),
        };
        let types = TYPES
            .iter()
            .filter(|one| one.scope == Scope::Region || index == 0);
        for resource_type in types {
            match walk.read(resource_type).await {
                Ok(resources) => walk.add(resource_type, resources, portion),
                Err(fault) if fault.status.is_none() => {
                    walk.missing
                        .push(walk.place("inventory", "").failed(&fault));
                    break;
                }
                Err(fault) => {
                    walk.missing
                        .push(walk.place(resource_type.name, "").failed(&fault));
                }
            }
        }
        walk.missing.into_iter().for_each(|part| portion.miss(part));
    }
}

/// One account in one region.
struct Walk<'a> {
    client: Client,
    account_id: String,
    region: &'a str,
    /// What listing each type gave, since some types are listed for the sake of others too.
    listed: BTreeMap<&'static str, Result<Vec<Resource>, AwsFault>>,
    missing: Vec<MissingPart>,
}

impl Walk<'_> {
    fn place<'a>(&'a self, part: &'a str, subject: &'a str) -> Place<'a> {
        Place {
            account_id: &self.account_id,
            part,
            region: self.region,
            subject,
        }
    }

    /// Hands the resources on, in the shape of what the AWS CLI prints.
    fn add(&self, resource_type: &ResourceType, resources: Vec<Resource>, portion: &mut Portion) {
        for resource in resources {
            let description = json!({
                "Identifier": resource.identifier, "Properties": resource.properties.unwrap_or_else(|| "{}".to_owned()),
            });
            let document = json!({
                "TypeName": resource_type.name, "AccountId": self.account_id, "Region": self.region,
                "ResourceDescription": description,
            });
            let place = self.place(resource_type.name, &resource.identifier);
            portion.add_or_miss(document, place, LIST);
        }
    }

    /// The resources of a type, with the properties that are needed of it.
    async fn read(&mut self, resource_type: &ResourceType) -> Result<Vec<Resource>, AwsFault> {
        let listed = match resource_type.found {
            Found::Itself => self.list(resource_type.name).await?,
            Found::Below { parent, property } => {
                self.below(resource_type.name, parent, property).await?
            }
            Found::Beside(other) => {
                let others = self.list(other).await?;
                let unknown = others.into_iter().map(|resource| Resource {
                    properties: None,
                    ..resource
                });
                unknown.collect()
            }
        };
        Ok(self.complete(resource_type, listed).await)
    }

    /// The resources of a type as the list gives them.
    async fn list(&mut self, type_name: &'static str) -> Result<Vec<Resource>, AwsFault> {
        if let Some(known) = self.listed.get(type_name) {
            return known.clone();
        }
        let listed = list(&self.client, type_name, None).await;
        self.listed.insert(type_name, listed.clone());
        listed
    }

    async fn below(
        &mut self,
        type_name: &'static str,
        parent: &'static str,
        property: &'static str,
    ) -> Result<Vec<Resource>, AwsFault> {
        let mut all = Vec::new();
        for parent in self.list(parent).await? {
            let model = json!({ property: parent.identifier }).to_string();
            match list(&self.client, type_name, Some(model)).await {
                Ok(found) => all.extend(found),
                Err(fault) if ends_the_type(&fault) => return Err(fault),
                Err(fault) if fault.is_missing() => {}
                Err(fault) => {
                    let part = self.place(type_name, &parent.identifier).failed(&fault);
                    self.missing.push(part);
                }
            }
        }
        Ok(all)
    }

    /// Asks for each resource of which something needed is not known. What is gone since is left out, and so is what was
    /// never there; one that cannot be read stays as the list gave it.
    async fn complete(
        &mut self,
        resource_type: &ResourceType,
        listed: Vec<Resource>,
    ) -> Vec<Resource> {
        let mut answers = self.answers(resource_type, &listed).await.into_iter();
        let mut resources = Vec::new();
        for resource in listed {
            match answers.next().unwrap_or(Ok(None)) {
                Ok(Some(properties)) => resources.push(Resource {
                    properties: Some(properties),
                    ..resource
                }),
                Err(fault) if !ends_the_type(&fault) && fault.is_missing() => {}
                Ok(None) | Err(_) => {
                    resources.extend(resource.properties.is_some().then_some(resource));
                }
            }
        }
        resources
    }

    /// The properties of each resource, none where the list has what is needed; fewer where the type is given up.
    async fn answers(
        &mut self,
        resource_type: &ResourceType,
        listed: &[Resource],
    ) -> Vec<Result<Option<String>, AwsFault>> {
        let client = &self.client;
        let ask = |resource: &Resource| {
            let is_asked = lacks(resource, resource_type.needs);
            let identifier = resource.identifier.clone();
            async move {
                if is_asked {
                    get(client, resource_type.name, &identifier).await
                } else {
                    Ok(None)
                }
            }
        };
        let mut stream = stream::iter(listed).map(ask).buffered(AT_ONCE);
        let (mut answers, mut missing) = (Vec::new(), Vec::new());
        while let Some(answer) = stream.next().await {
            let mut is_over = false;
            if let Err(fault) = &answer {
                let one = listed.get(answers.len());
                let subject = one.map_or("", |resource| resource.identifier.as_str());
                is_over = ends_the_type(fault) || missing.len() >= MOST_FAILURES;
                let place = self.place(resource_type.name, if is_over { "" } else { subject });
                if is_over || !fault.is_missing() {
                    missing.push(place.failed(fault));
                }
            }
            answers.push(answer);
            if is_over {
                break;
            }
        }
        drop(stream);
        self.missing.append(&mut missing);
        answers
    }
}

/// Tells whether every other resource of the type would fail alike.
fn ends_the_type(fault: &AwsFault) -> bool {
    let code = fault.code.as_deref().unwrap_or_default();
    fault.is_denied()
        || fault.status.is_none()
        || ["UnsupportedActionException", "TypeNotFoundException"].contains(&code)
}

/// Tells whether one of the properties is not known.
fn lacks(resource: &Resource, needs: &[&str]) -> bool {
    let properties = resource.properties.as_deref().unwrap_or_default();
    let Ok(Value::Object(properties)) = serde_json::from_str(properties) else {
        return true;
    };
    needs.iter().any(|need| !properties.contains_key(*need))
}

async fn list(
    client: &Client,
    type_name: &str,
    model: Option<String>,
) -> Result<Vec<Resource>, AwsFault> {
    let pages = pages(LIST, async |token| {
        let call = client.list_resources().type_name(type_name);
        let call = call.set_resource_model(model.clone()).set_next_token(token);
        let answer = call.send().await.map_err(fault(LIST))?;
        let found = answer.resource_descriptions.unwrap_or_default();
        Ok((found, answer.next_token))
    });
    let found = pages.await?.into_iter().flatten();
    Ok(found.filter_map(resource).collect())
}

/// The properties of a resource.
async fn get(
    client: &Client,
    type_name: &str,
    identifier: &str,
) -> Result<Option<String>, AwsFault> {
    let call = client.get_resource().type_name(type_name);
    let answer = call.identifier(identifier).send().await;
    let description = answer.map_err(fault(GET))?.resource_description;
    Ok(description.and_then(|description| description.properties))
}

fn resource(description: ResourceDescription) -> Option<Resource> {
    Some(Resource {
        identifier: description.identifier?,
        properties: description.properties,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_has_what_is_needed_is_enough() {
        let resource = |properties: Option<&str>| Resource {
            identifier: "x".to_owned(),
            properties: properties.map(str::to_owned),
        };
        assert!(!lacks(
            &resource(Some("{\"Role\": \"r\", \"X\": 1}")),
            &["Role"]
        ));
        assert!(lacks(&resource(Some("{\"X\": 1}")), &["Role"]));
        assert!(lacks(&resource(Some("nonsense")), &["Role"]));
        assert!(lacks(&resource(None), &["Role"]));
    }
}
