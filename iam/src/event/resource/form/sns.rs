//! Subscriptions of SNS, which are authorized on their topic: the ARN of the one in, the name of the other out.
//!
//! Source: Amazon SNS API Reference, "`Unsubscribe`"; Service Authorization Reference, "Amazon SNS".

use std::borrow::Cow;

use super::super::super::request::Request;
use super::Spelling;

pub(super) fn subscription<'t>(
    text: &'t str,
    spelling: &mut Spelling<'t>,
    _: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    let (service, resource) = spelling.stand_at(text)?;
    let (topic, _) = resource.split_once(':')?;
    (service == "sns").then_some(Cow::Borrowed(topic))
}
