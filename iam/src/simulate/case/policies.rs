//! The policies of a case in, documents out, or the first one that has no plain meaning.
//!
//! Where a list is asked a single policy may stand too, and so may a level that is one policy.
//!
//! Policies of identities and service control policies are checked for what AWS refuses of them;
//! policies of resources and resource control policies for their principals and conditions alone, since
//! each service has rules of its own and what stands in such a policy has a plain meaning.

use std::borrow::Cow;
use std::fmt::Display;

use serde_json::value::RawValue;

use super::lenient::{self, Keys};
use super::read::Fields;
use crate::document::{Document, DocumentError, MAX_DOCUMENT_BYTES, PolicyUse};
use crate::simulate::AccessPolicies;

/// How deep a value of JSON may nest is bounded by the reader; how many levels there are, by an
/// organization: a root, five levels of units and the account.
/// Source: AWS Organizations User Guide, "Quotas and service limits".
const MAX_LEVELS: usize = 64;

pub(super) fn read(fields: &Fields<'_>) -> Result<AccessPolicies, String> {
    Ok(AccessPolicies {
        identity: list(
            fields.identity_policies,
            "identity_policies",
            PolicyUse::Identity,
        )?,
        boundary: single(
            fields.permission_boundary,
            "permission_boundary",
            PolicyUse::Boundary,
        )?,
        session: list(
            fields.session_policies,
            "session_policies",
            PolicyUse::Session,
        )?,
        scps: levels(fields.scps, "scps", PolicyUse::ServiceControl)?,
        rcps: levels(fields.rcps, "rcps", PolicyUse::Resource)?,
        resource: single(
            fields.resource_policy,
            "resource_policy",
            PolicyUse::Resource,
        )?,
    })
}

fn single(
    given: Option<&RawValue>,
    place: &str,
    policy_use: PolicyUse,
) -> Result<Option<Document>, String> {
    let parts = parts(given, place)?;
    match parts.as_slice() {
        [] => Ok(None),
        [one] => document(one, place, policy_use).map(Some),
        _ => Err(format!("`{place}` is more than one policy")),
    }
}

fn list(
    given: Option<&RawValue>,
    place: &str,
    policy_use: PolicyUse,
) -> Result<Vec<Document>, String> {
    let parts = parts(given, place)?;
    let numbered = parts.into_iter().enumerate();
    numbered
        .map(|(index, part)| document(part, &format!("{place}[{index}]"), policy_use))
        .collect()
}

fn levels(
    given: Option<&RawValue>,
    place: &str,
    policy_use: PolicyUse,
) -> Result<Vec<Vec<Document>>, String> {
    let parts = parts(given, place)?;
    if parts.len() > MAX_LEVELS {
        return Err(format!("`{place}` has more than {MAX_LEVELS} levels"));
    }
    let numbered = parts.into_iter().enumerate();
    numbered
        .map(|(level, part)| list(Some(part), &format!("{place}[{level}]"), policy_use))
        .collect()
}

/// The values of a list, or the single value; `null` and a missing field are an empty list.
fn parts<'a>(given: Option<&'a RawValue>, place: &str) -> Result<Vec<&'a RawValue>, String> {
    match given {
        None => Ok(Vec::new()),
        Some(raw) if raw.get() == "null" => Ok(Vec::new()),
        Some(raw) if raw.get().starts_with('[') => {
            serde_json::from_str(raw.get()).map_err(|error| format!("`{place}`: {error}"))
        }
        Some(raw) => Ok(vec![raw]),
    }
}

fn document(given: &RawValue, place: &str, policy_use: PolicyUse) -> Result<Document, String> {
    let named = |error: &dyn Display| format!("`{place}`: {error}");
    let text: Cow<'_, str> = if given.get().starts_with('"') {
        serde_json::from_str(given.get()).map_err(|error| named(&error))?
    } else {
        Cow::Borrowed(given.get())
    };
    read_and_check(&text, policy_use).map_err(|error| named(&error))
}

/// A policy that is taken as it is written is not rewritten, so that faults keep their place in it.
fn read_and_check(text: &str, policy_use: PolicyUse) -> Result<Document, DocumentError> {
    let parsed = |text: &str| {
        Document::parse(text).and_then(|document| {
            document.check_grammar(policy_use)?;
            Ok(document)
        })
    };
    parsed(text).or_else(|as_written| {
        if text.len() > MAX_DOCUMENT_BYTES {
            return Err(as_written);
        }
        // The check asks for the service of a condition key, which says nothing about its values.
        let checked = lenient::rewritten(text, policy_use, Keys::WithService);
        match parsed(&checked) {
            Ok(_) => Document::parse(&lenient::rewritten(text, policy_use, Keys::AsWritten)),
            Err(_) => Err(as_written),
        }
    })
}
