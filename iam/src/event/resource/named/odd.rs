//! Parameters that need more than filling in: each service's own forms in, the ARN out.

use super::super::super::request::{Request, is_account, is_arn};
use super::Named;
use crate::catalog::{Place, ResourceType};

/// Spells an ARN of a kind whose parameters have a form of their own.
pub(super) fn spell(kind: ResourceType, request: &Request<'_>) -> Option<Named> {
    let arn = match kind.name {
        "bedrock:foundation-model" | "bedrock:inference-profile" => model(kind, request),
        "ecr:repository" => repository(kind, request),
        "events:rule-on-custom-event-bus" | "events:rule-on-default-event-bus" => {
            rule(kind, request)
        }
        "iam:group" => created(kind, request, "groupName"),
        "iam:instance-profile" => created(kind, request, "instanceProfileName"),
        "iam:policy" => created(kind, request, "policyName"),
        "iam:role" => created(kind, request, "roleName"),
        "iam:user" => created(kind, request, "userName"),
        "lambda:function" => function(kind, request),
        "logs:log-group" => log_group(request),
        "s3:accesspoint" => access_point(request),
        "s3:accesspointobject" => return access_point_object(request),
        "sns:topic" => topic(kind, request),
        "sqs:queue" => queue(kind, request),
        "ssm:parameter" => parameter(kind, request),
        _ => None,
    }?;
    Some(Named { arn, parameters: 1 })
}

/// Source: Amazon Bedrock User Guide, "Supported Regions and models for inference profiles":
/// the name of a profile across Regions starts with a geography.
fn model(kind: ResourceType, request: &Request<'_>) -> Option<String> {
    const GEOGRAPHIES: [&str; 12] = [
        "us", "us-gov", "eu", "apac", "global", "jp", "au", "ca", "sa", "me", "af", "in",
    ];
    let id = request.parameters().text("modelId")?;
    let (first, _) = id.split_once('.')?;
    let is_profile = GEOGRAPHIES.contains(&first);
    // A version follows a colon (`…-v1:0`), while an ARN holds more of them.
    if is_profile != (kind.name == "bedrock:inference-profile") || id.starts_with("arn:") {
        return None;
    }
    kind.fill(request.place(), &[&id])
}

/// A repository of another account is named with its registry.
fn repository(kind: ResourceType, request: &Request<'_>) -> Option<String> {
    let name = request.parameters().text("repositoryName")?;
    let registry = request.parameters().text("registryId");
    let place = Place {
        account: registry
            .as_deref()
            .filter(|id| is_account(id))
            .or(request.place().account),
        ..request.place()
    };
    kind.fill(place, &[&name])
}

fn rule(kind: ResourceType, request: &Request<'_>) -> Option<String> {
    let parameters = request.parameters();
    let name = parameters
        .text("rule")
        .or_else(|| parameters.text("name"))?;
    let bus = parameters
        .text("eventBusName")
        .filter(|bus| bus != "default");
    match (kind.name, &bus) {
        ("events:rule-on-custom-event-bus", Some(bus)) if !bus.contains([':', '/']) => {
            kind.fill(request.place(), &[bus, &name])
        }
        ("events:rule-on-default-event-bus", None) => kind.fill(request.place(), &[&name]),
        _ => None,
    }
}

/// Only creating names the path; other calls name the entity alone.
/// Source: IAM API Reference, "`CreateRole`" (`Path` defaults to a slash).
fn created(kind: ResourceType, request: &Request<'_>, parameter: &str) -> Option<String> {
    let made = kind.name.strip_prefix("iam:")?.replace('-', "");
    let creates = request
        .name
        .strip_prefix("Create")
        .is_some_and(|what| what.eq_ignore_ascii_case(&made));
    if !creates {
        return None;
    }
    let name = request.parameters().text(parameter)?;
    let path = request.parameters().text("path");
    let path = path.as_deref().unwrap_or("/").trim_start_matches('/');
    kind.fill(request.place(), &[&format!("{path}{name}")])
}

/// `name`, `account:function:name` or an ARN, each with a qualifier or not.
/// Source: Lambda API Reference, "Invoke" (`FunctionName`).
fn function(kind: ResourceType, request: &Request<'_>) -> Option<String> {
    let text = request.parameters().text("functionName")?;
    let mut arn = match text.split(':').collect::<Vec<_>>().as_slice() {
        ["arn", ..] => text.into_owned(),
        [account, "function", name @ ..] if is_account(account) => {
            let place = Place {
                account: Some(account),
                ..request.place()
            };
            kind.fill(place, &[&name.join(":")])?
        }
        [_] | [_, _] => kind.fill(request.place(), &[&text])?,
        _ => return None,
    };
    if let Some(qualifier) = request.parameters().text("qualifier")
        && !arn.ends_with(&format!(":{qualifier}"))
    {
        arn.push(':');
        arn.push_str(&qualifier);
    }
    kind.fits(&arn).then_some(arn)
}

/// Calls on a group are checked on all of its streams, with an empty name of the stream.
/// Source: CloudWatch Logs User Guide, "Overview of managing access permissions"; denied records.
fn log_group(request: &Request<'_>) -> Option<String> {
    if request.name.contains("Tag") {
        return None;
    }
    let group = request
        .parameters()
        .text("logGroupName")
        .filter(|name| !name.contains(':'))?;
    let kind = request.catalog.resource_type("logs", "log-group")?;
    let arn = kind.fill(request.place(), &[&group])?;
    Some(format!("{arn}:log-stream:"))
}

fn access_point(request: &Request<'_>) -> Option<String> {
    let arn = request.parameters().text("bucketName")?;
    (is_arn(&arn) && arn.contains(":accesspoint/")).then(|| arn.into_owned())
}

fn access_point_object(request: &Request<'_>) -> Option<Named> {
    let point = access_point(request)?;
    let key = request.parameters().text("key")?;
    Some(Named {
        arn: format!("{point}/object/{key}"),
        parameters: 2,
    })
}

/// Only creating names a topic without its ARN.
fn topic(kind: ResourceType, request: &Request<'_>) -> Option<String> {
    if request.name != "CreateTopic" {
        return None;
    }
    kind.fill(request.place(), &[&request.parameters().text("name")?])
}

/// The URL of a queue names its account and, in its host, its region.
/// Source: Amazon SQS Developer Guide, "Queue and message identifiers".
fn queue(kind: ResourceType, request: &Request<'_>) -> Option<String> {
    let url = request.parameters().text("queueUrl")?;
    let mut parts = url.strip_prefix("https://")?.split('/');
    let (host, account, name) = (parts.next()?, parts.next()?, parts.next()?);
    let region = match host.split('.').collect::<Vec<_>>().as_slice() {
        ["sqs", region, "amazonaws", ..] => Some(*region),
        _ => request.place().region,
    };
    if !is_account(account) || parts.next().is_some() {
        return None;
    }
    let place = Place {
        region,
        account: Some(account),
        ..request.place()
    };
    kind.fill(place, &[name])
}

/// A leading slash is no part of the ARN, nor is the version behind a colon.
/// Source: AWS Systems Manager User Guide, "Restricting access to Parameter Store parameters".
fn parameter(kind: ResourceType, request: &Request<'_>) -> Option<String> {
    let parameters = request.parameters();
    let name = parameters
        .text("name")
        .or_else(|| parameters.text("path"))?;
    if name.starts_with("arn:") {
        return None;
    }
    let plain = name.split(':').next()?.trim_start_matches('/');
    kind.fill(request.place(), &[plain])
}
