//! `event_services(event_source)`: the IAM prefixes of the services that record under a host, separated by commas.
//!
//! NULL where the source is no host of AWS.

use std::borrow::Cow;

use curtail_iam::catalog::Catalog;
use curtail_iam::event::services;

use super::text_function::TextFunction;

pub(super) fn event_services() -> TextFunction {
    TextFunction::new("event_services", 1, |texts, row| {
        services(texts.get(0, row)?, Catalog::embedded()).map(Cow::Borrowed)
    })
}
