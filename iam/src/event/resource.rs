//! Object of a call: an action and its record in, the ARN that it was used on out.
//!
//! In order: an ARN that several parameters name together (an index of a table); the one ARN of
//! the record's `resources` that fits a kind of resource of the action; the one that a parameter
//! names; the one ARN among the parameters that fits. Where several fit, none is proven.
//! Source: Service Authorization Reference, "Resource types defined by …".
//!
//! INVARIANT: an ARN is given only if the record holds every part of it. Names that are part of
//! an ARN only with a path or a suffix (IAM's entities, secrets) give none.

mod named;

use super::request::{Request, is_arn};
use crate::catalog::ResourceType;

/// The ARN that `action` was used on, if the record proves one.
pub(super) fn of(action: &str, request: &Request<'_>) -> Option<String> {
    let action = request.catalog.action(action)?;
    let kinds: Vec<ResourceType> = action
        .resource_types
        .iter()
        .filter_map(|kind| request.catalog.resource_type(action.service, kind.name))
        .collect();
    if kinds.is_empty() {
        return None;
    }
    let fits = |arn: &str| kinds.iter().any(|kind| kind.fits(arn));
    let named = named::best(&kinds, request);
    if let Some(named) = named.as_ref().filter(|named| named.parameters > 1) {
        return Some(named.arn.clone());
    }
    only(
        request
            .record_arns()
            .iter()
            .filter(|arn| fits(arn))
            .cloned(),
    )
    .or_else(|| named.map(|named| named.arn))
    .or_else(|| {
        let texts = request
            .parameters()
            .texts()
            .map(std::borrow::Cow::into_owned);
        only(texts.filter(|text| is_arn(text) && fits(text)))
    })
}

/// The one element, however often it comes; `None` for none or several.
fn only(mut found: impl Iterator<Item = String>) -> Option<String> {
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}
