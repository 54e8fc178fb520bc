//! Queues of SQS: their URL in, their name, account and region out.
//!
//! Source: Amazon SQS Developer Guide, "Queue and message identifiers"; older hosts are
//! `queue.amazonaws.com` and `eu-west-1.queue.amazonaws.com`, whose region is that of the call.

use std::borrow::Cow;

use super::super::super::request::{Request, is_account};
use super::Spelling;

pub(super) fn queue_url<'t>(
    text: &'t str,
    spelling: &mut Spelling<'t>,
    _: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))?;
    let mut parts = rest.split('/');
    let (host, account, name) = (parts.next()?, parts.next()?, parts.next()?);
    if !is_account(account) || parts.next().is_some() {
        return None;
    }
    let mut labels = host.split('.');
    if let (Some("sqs"), Some(region), Some("amazonaws")) =
        (labels.next(), labels.next(), labels.next())
    {
        spelling.place.region = Some(region);
    }
    spelling.place.account = Some(account);
    Some(Cow::Borrowed(name))
}
