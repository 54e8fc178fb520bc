//! Secrets: a name or an ARN in, the part of the ARN out.
//!
//! The ARN of a secret ends in a hyphen and six random characters, which a name lacks and which
//! may be left out of an ARN. A policy names such a secret with a question mark for each; that
//! pattern is given where the record does not tell the characters, and marked as not proven.
//! Source: AWS Secrets Manager User Guide, "What's in a Secrets Manager secret?" and "Permissions
//! policy examples" (wildcards).

use std::borrow::Cow;

use super::super::super::request::Request;
use super::Spelling;

/// What stands for the random characters.
const RANDOM: &str = "-??????";
/// A hyphen and six characters.
const RANDOM_LENGTH: usize = 7;

pub(super) fn secret<'t>(
    text: &'t str,
    spelling: &mut Spelling<'t>,
    _: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    let name = if text.starts_with("arn:") {
        let (service, resource) = spelling.stand_at(text)?;
        let name = resource.strip_prefix("secret:")?;
        if service != "secretsmanager" {
            return None;
        }
        if ends_in_random(name) {
            return Some(Cow::Borrowed(name));
        }
        name
    } else {
        text
    };
    spelling.assumed = true;
    spelling.end = RANDOM;
    Some(Cow::Borrowed(name))
}

fn ends_in_random(name: &str) -> bool {
    let Some((before, end)) = name
        .len()
        .checked_sub(RANDOM_LENGTH)
        .and_then(|at| name.split_at_checked(at))
    else {
        return false;
    };
    let mut end = end.bytes();
    !before.is_empty() && end.next() == Some(b'-') && end.all(|byte| byte.is_ascii_alphanumeric())
}
