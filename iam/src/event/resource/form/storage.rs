//! Buckets of S3 and shards of `DynamoDB`: what calls name them by in, the part of the ARN out.

use std::borrow::Cow;

use super::super::super::request::Request;
use super::Spelling;

/// A bucket; the ARN or the alias of an access point stands where its name does, and directory
/// buckets are another service's.
/// Source: Amazon S3 User Guide, "Access point aliases" and "Directory bucket naming rules".
pub(super) fn bucket<'t>(
    text: &'t str,
    _: &mut Spelling<'t>,
    _: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    const OTHERS: [&str; 5] = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--xa-s3"];
    let is_other = OTHERS.iter().any(|end| text.ends_with(end));
    (!is_other && !text.contains(':')).then_some(Cow::Borrowed(text))
}

/// The stream and the table that a position in a stream starts with.
/// Source: Amazon `DynamoDB` Developer Guide, "Logging `DynamoDB` operations by using AWS
/// `CloudTrail`" (`GetRecords`).
pub(super) fn shard<'t>(
    text: &'t str,
    spelling: &mut Spelling<'t>,
    _: &'t Request<'_>,
) -> Option<Cow<'t, str>> {
    let (arn, _) = text.split_once('|')?;
    let (service, resource) = spelling.stand_at(arn)?;
    resource
        .strip_prefix("table/")
        .filter(|_| service == "dynamodb")
        .map(Cow::Borrowed)
}
