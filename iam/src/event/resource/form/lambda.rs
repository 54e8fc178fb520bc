//! Functions of Lambda: a name in any of its forms in, the part of the ARN out, with the qualifier.
//!
//! `name`, `account:function:name` and ARNs are all allowed, each with a version or an alias behind
//! it, which may also be a parameter of its own.
//! Source: Lambda API Reference, "Invoke" (`FunctionName`, `Qualifier`).

use std::borrow::Cow;

use super::super::super::request::{Request, is_account};
use super::Spelling;

pub(super) fn function<'t>(
    text: &'t str,
    spelling: &mut Spelling<'t>,
    request: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    let name = if text.starts_with("arn:") {
        let (service, resource) = spelling.stand_at(text)?;
        resource
            .strip_prefix("function:")
            .filter(|_| service == "lambda")?
    } else {
        shortened(text, spelling)?
    };
    let mut parts = name.split(':');
    let is_plain = parts.all(|part| !part.is_empty() && !part.contains('/'));
    if !is_plain || name.split(':').count() > 2 {
        return None;
    }
    match request.parameters().text("qualifier") {
        Some(qualifier) if !name.contains(':') => Some(Cow::Owned(format!("{name}:{qualifier}"))),
        _ => Some(Cow::Borrowed(name)),
    }
}

/// The name behind what a shortened ARN may hold: `eu-west-1:111122223333:function:name`, each part before the name
/// left out or not.
/// Source: Lambda API Reference, "Invoke" (pattern of `FunctionName`).
fn shortened<'t>(text: &'t str, spelling: &mut Spelling<'t>) -> Option<&'t str> {
    let mut rest = text;
    if let Some((region, after)) = rest.split_once(':')
        && after.split_once(':').is_some_and(|(id, _)| is_account(id))
    {
        let is_region = region.contains('-') && region.ends_with(|c: char| c.is_ascii_digit());
        spelling.place.region = is_region.then_some(region);
        rest = is_region.then_some(after)?;
    }
    if let Some((account, after)) = rest.split_once(':')
        && is_account(account)
    {
        spelling.place.account = Some(account);
        rest = after;
    }
    Some(match rest.strip_prefix("function:") {
        Some(name) => name,
        None => rest,
    })
}
