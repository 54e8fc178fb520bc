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
    } else if let Some((account, name)) = text.split_once(":function:") {
        // `eu-west-1:111122223333:function:name` is written as well.
        let account = account.rsplit(':').next()?;
        if !is_account(account) {
            return None;
        }
        spelling.place.account = Some(account);
        name
    } else {
        text
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
