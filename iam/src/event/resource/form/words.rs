//! Small changes to names: a text in, the part of the ARN out.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::super::super::request::Request;
use super::Spelling;

/// In lower case, as RDS and Redshift keep identifiers.
/// Source: Amazon RDS API Reference, "`CreateDBInstance`" (`DBInstanceIdentifier`).
pub(super) fn lower<'t>(
    text: &'t str,
    _: &mut Spelling<'t>,
    _: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Some(Cow::Owned(text.to_ascii_lowercase()));
    }
    text.is_ascii().then_some(Cow::Borrowed(text))
}

/// A parameter of Systems Manager: neither the slash before it nor the version behind it is part of its ARN.
/// Source: AWS Systems Manager User Guide, "Restricting access to Parameter Store parameters".
///
/// The parameters that AWS publishes belong to no account. Source: the same guide, "Working with public parameters".
pub(super) fn parameter<'t>(
    text: &'t str,
    spelling: &mut Spelling<'t>,
    _: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    let is_public = text.strip_prefix("/aws/service");
    if is_public.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
        spelling.place.account = Some("");
    }
    let name = text.split(':').next()?.trim_start_matches('/');
    Some(Cow::Borrowed(name))
}

/// `family:3`, or a family alone, on which the call is then authorized.
/// Source: Amazon ECS API Reference, "`RunTask`" (`taskDefinition`); denied records.
pub(super) fn revision<'t>(
    text: &'t str,
    spelling: &mut Spelling<'t>,
    _: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    spelling.is_short = !text.contains(':');
    (!text.contains('/')).then_some(Cow::Borrowed(text))
}

/// A document of Systems Manager; those of Amazon, whose names start so, are no account's.
/// Source: AWS Systems Manager API Reference, "`CreateDocument`" (`Name`); messages of denied calls.
pub(super) fn document<'t>(
    text: &'t str,
    spelling: &mut Spelling<'t>,
    _: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    const AMAZON: [&str; 3] = ["aws", "amazon", "amzn"];
    let is_amazon = |start: &str| {
        let head = text.get(..start.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(start))
    };
    if AMAZON.into_iter().any(is_amazon) {
        spelling.place.account = Some("");
    }
    (!text.contains(':')).then_some(Cow::Borrowed(text))
}

/// A stack by its name. Its ARN ends in an id, for which a call by name is authorized with a star.
/// Source: AWS CloudFormation User Guide, "Control CloudFormation access with IAM"; messages of
/// denied calls.
pub(super) fn stack<'t>(
    text: &'t str,
    spelling: &mut Spelling<'t>,
    _: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    spelling.end = "/*";
    (!text.contains('/')).then_some(Cow::Borrowed(text))
}

/// A set of stacks by its name; that the id is a star as it is for stacks is an assumption.
pub(super) fn stack_set<'t>(
    text: &'t str,
    spelling: &mut Spelling<'t>,
    _: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    spelling.assumed = true;
    spelling.end = ":*";
    (!text.contains([':', '/'])).then_some(Cow::Borrowed(text))
}

/// With percent signs for all that does not stand in a URL by itself, as API Gateway writes ARNs.
pub(super) fn encoded<'t>(
    text: &'t str,
    _: &mut Spelling<'t>,
    _: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    let mut encoded = String::with_capacity(text.len() + 16);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").ok()?;
        }
    }
    Some(Cow::Owned(encoded))
}
