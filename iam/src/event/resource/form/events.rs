//! Buses and rules of EventBridge: names in, the parts of ARNs out.
//!
//! A rule of the default bus has no bus in its ARN; the default bus is the one that a call means
//! if it names none.
//! Source: Amazon EventBridge API Reference, "`PutRule`" (`EventBusName`).

use std::borrow::Cow;

use super::super::super::request::Request;
use super::Spelling;

const DEFAULT_BUS: &str = "default";

/// The bus, if it is not the default one.
pub(super) fn custom_bus<'t>(
    text: &'t str,
    spelling: &mut Spelling<'t>,
    _: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    let name = if text.starts_with("arn:") {
        let (service, resource) = spelling.stand_at(text)?;
        resource
            .strip_prefix("event-bus/")
            .filter(|_| service == "events")?
    } else {
        text
    };
    (name != DEFAULT_BUS).then_some(Cow::Borrowed(name))
}

/// A rule, if it is on the default bus.
pub(super) fn default_bus_rule<'t>(
    text: &'t str,
    spelling: &mut Spelling<'t>,
    request: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    let parameters = request.parameters();
    if parameters.has("eventBusName") {
        let bus = parameters.text("eventBusName")?;
        let is_arn_of_default = bus.starts_with("arn:") && bus.ends_with(":event-bus/default");
        // The rules of another account's default bus stand in that account.
        let is_own = spelling
            .place
            .account
            .is_some_and(|account| bus.contains(&format!(":{account}:")));
        if bus != DEFAULT_BUS && !(is_arn_of_default && is_own) {
            return None;
        }
    }
    Some(Cow::Borrowed(text))
}
