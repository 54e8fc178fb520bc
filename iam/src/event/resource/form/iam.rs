//! Entities of IAM: a name in, the name with its path out.
//!
//! Only creating names the path. Other calls name the entity alone, and its ARN is told with the
//! path that most have, a slash, as an assumption.
//! Source: IAM API Reference, "`CreateRole`" (`Path` defaults to a slash); IAM User Guide, "IAM identifiers".

use std::borrow::Cow;

use super::super::super::request::Request;
use super::Spelling;

/// The name of what the call creates, with the path that it gives.
pub(super) fn created<'t>(
    text: &'t str,
    _: &mut Spelling<'t>,
    request: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    if text.contains('/') {
        return None;
    }
    match request.parameters().text("path") {
        Some(path) if path != "/" => {
            let path = path.strip_prefix('/')?.strip_suffix('/')?;
            Some(Cow::Owned(format!("{path}/{text}")))
        }
        _ => Some(Cow::Borrowed(text)),
    }
}

/// How the names of roles start that AWS makes, under paths of its own.
/// Sources: IAM User Guide, "Using service-linked roles"; IAM Identity Center User Guide, "Referencing permission sets".
const WITH_PATH: [&str; 2] = ["AWSReservedSSO_", "AWSServiceRoleFor"];

/// The name of what is there already.
pub(super) fn assumed<'t>(
    text: &'t str,
    spelling: &mut Spelling<'t>,
    _: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    if WITH_PATH.iter().any(|start| text.starts_with(start)) {
        // No name may hold a star, so that the role stays unproven.
        return Some(Cow::Borrowed("*"));
    }
    spelling.assumed = true;
    (!text.contains('/')).then_some(Cow::Borrowed(text))
}

/// The URL of an identity provider, without its scheme.
/// Source: IAM User Guide, "IAM identifiers" (`OpenID` Connect providers).
pub(super) fn issuer<'t>(
    text: &'t str,
    _: &mut Spelling<'t>,
    _: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    let name = text.strip_prefix("https://")?;
    Some(Cow::Borrowed(name.trim_end_matches('/')))
}
