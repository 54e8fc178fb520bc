//! Models of Bedrock and tools of `AgentCore`: an id in, the id out if it is one of the kind.

use std::borrow::Cow;

use super::super::super::request::Request;
use super::Spelling;

/// How the ids of profiles across Regions start.
/// Source: Amazon Bedrock User Guide, "Supported Regions and models for inference profiles".
const GEOGRAPHIES: [&str; 12] = [
    "us", "us-gov", "eu", "apac", "global", "jp", "au", "ca", "sa", "me", "af", "in",
];

/// A foundation model: `provider.name`, with a version behind a colon or not.
pub(super) fn model<'t>(
    text: &'t str,
    _: &mut Spelling<'t>,
    _: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    let (first, _) = text.split_once('.')?;
    (!GEOGRAPHIES.contains(&first)).then_some(Cow::Borrowed(text))
}

/// An inference profile across Regions: `geography.provider.name`.
pub(super) fn profile<'t>(
    text: &'t str,
    _: &mut Spelling<'t>,
    _: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    let (first, _) = text.split_once('.')?;
    GEOGRAPHIES.contains(&first).then_some(Cow::Borrowed(text))
}

/// A browser or an interpreter that AWS keeps: `aws.browser.v1`.
/// Source: Amazon Bedrock `AgentCore` Developer Guide, "Browser tool" and "Code Interpreter".
pub(super) fn managed_tool<'t>(
    text: &'t str,
    _: &mut Spelling<'t>,
    _: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    text.starts_with("aws.").then_some(Cow::Borrowed(text))
}

/// One of the account's own.
pub(super) fn custom_tool<'t>(
    text: &'t str,
    _: &mut Spelling<'t>,
    _: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    (!text.starts_with("aws.")).then_some(Cow::Borrowed(text))
}
