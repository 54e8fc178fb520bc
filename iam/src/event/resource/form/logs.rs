//! Groups of CloudWatch Logs: a name or an ARN, with `:*` at its end or not, in; the name out.
//!
//! Calls on a group are checked on all of its streams, with an empty name of the stream, which the
//! table writes behind the ARN.
//! Source: Amazon CloudWatch Logs User Guide, "Overview of managing access permissions"; denied records.

use std::borrow::Cow;

use super::super::super::request::Request;
use super::Spelling;

pub(super) fn group<'t>(
    text: &'t str,
    spelling: &mut Spelling<'t>,
    _: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    if !text.starts_with("arn:") {
        return Some(Cow::Borrowed(text));
    }
    let (service, resource) = spelling.stand_at(text)?;
    let name = resource.strip_prefix("log-group:")?;
    let name = name.strip_suffix(":*").unwrap_or(name);
    (service == "logs" && !name.contains(':')).then_some(Cow::Borrowed(name))
}
