//! Keys of KMS: an id or an alias in, the part of its ARN out.
//!
//! A call that names an alias is authorized on the key behind it, which the record's `resources` tells.
//! Source: AWS KMS Developer Guide, "Key identifiers (`KeyId`)" and "Using aliases to control access to KMS keys".

use std::borrow::Cow;

use super::super::super::request::Request;
use super::Spelling;

/// The id of a key; an alias is none.
pub(super) fn key<'t>(
    text: &'t str,
    _: &mut Spelling<'t>,
    _: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    let is_id = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_id.then_some(Cow::Borrowed(text))
}

/// The name behind `alias/`.
pub(super) fn alias<'t>(
    text: &'t str,
    _: &mut Spelling<'t>,
    _: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    text.strip_prefix("alias/").map(Cow::Borrowed)
}
