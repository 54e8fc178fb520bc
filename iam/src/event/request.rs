//! A call with what its record tells, each part read at most once and only if it is asked for.

use std::borrow::Cow;
use std::cell::OnceCell;

use serde::Deserialize;

use super::EventCall;
use super::denial::ARN_LIMIT_BYTES;
use super::parameters::{Parameters, Text};
use super::plan::CallPlan;
use crate::catalog::{Catalog, Place};

/// A call, its operation and the catalog.
pub(super) struct Request<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) plan: &'a CallPlan<'a>,
    pub(super) prefix: &'a str,
    pub(super) name: &'a str,
    call: &'a EventCall<'a>,
    parameters: OnceCell<Parameters<'a>>,
    response: OnceCell<Parameters<'a>>,
    record_arns: OnceCell<Vec<Cow<'a, str>>>,
}

impl<'a> Request<'a> {
    pub(super) fn new(
        call: &'a EventCall<'a>,
        plan: &'a CallPlan<'a>,
        catalog: &'a Catalog,
    ) -> Self {
        Self {
            catalog,
            plan,
            prefix: &plan.prefix,
            name: &plan.name,
            call,
            parameters: OnceCell::new(),
            response: OnceCell::new(),
            record_arns: OnceCell::new(),
        }
    }

    /// Tells whether the text of the parameters holds `part`, without reading them.
    pub(super) fn mentions(&self, part: &str) -> bool {
        self.call
            .request_parameters
            .is_some_and(|text| text.contains(part))
    }

    /// The text of the parameters, to be read whole.
    pub(super) fn parameters_text(&self) -> Option<&'a str> {
        self.call.request_parameters
    }

    pub(super) fn parameters(&self) -> &Parameters<'a> {
        self.parameters
            .get_or_init(|| Parameters::read(self.call.request_parameters))
    }

    /// What the response tells.
    pub(super) fn response(&self) -> &Parameters<'a> {
        self.response
            .get_or_init(|| Parameters::read(self.call.response_elements))
    }

    /// The ARNs that the record lists as its resources.
    pub(super) fn record_arns(&self) -> &[Cow<'a, str>] {
        self.record_arns.get_or_init(|| {
            let listed: Vec<Listed<'_>> = self
                .call
                .resources
                .and_then(|text| serde_json::from_str(text).ok())
                .unwrap_or_default();
            listed
                .into_iter()
                .filter_map(|one| Some(one.arn?.0))
                .filter(|arn| is_arn(arn))
                .collect()
        })
    }

    /// Where the call was made.
    pub(super) fn place(&self) -> Place<'a> {
        let region = self.call.aws_region.filter(|region| is_plain(region));
        Place {
            partition: partition_of(region.unwrap_or_default()),
            region,
            account: self.call.account_id.filter(|id| is_account(id)),
        }
    }
}

/// An element of a record's `resources`.
#[derive(Deserialize)]
struct Listed<'a> {
    #[serde(rename = "ARN", alias = "arn", default, borrow)]
    arn: Option<Text<'a>>,
}

/// Tells a whole ARN of a length that AWS allows.
pub(super) fn is_arn(text: &str) -> bool {
    text.starts_with("arn:")
        && text.len() <= ARN_LIMIT_BYTES
        && !text
            .bytes()
            .fold(false, |found, byte| found | byte.is_ascii_control())
        && (text.is_ascii() || !text.contains(char::is_control))
}

/// Tells an account id.
pub(super) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The partition of a region, whose name ends in a number; a name that does not is none that AWS has.
/// Source: AWS General Reference, "AWS service endpoints", and the SDK's partition table.
fn partition_of(region: &str) -> &'static str {
    const PARTITIONS: [(&str, &str); 8] = [
        ("cn-", "aws-cn"),
        ("eu-isoe-", "aws-iso-e"),
        ("eusc-", "aws-eusc"),
        ("us-gov-", "aws-us-gov"),
        ("us-iso-", "aws-iso"),
        ("us-isob-", "aws-iso-b"),
        ("us-isof-", "aws-iso-f"),
        ("eu-isof-", "aws-iso-f"),
    ];
    PARTITIONS
        .iter()
        .find(|(start, _)| region.starts_with(start))
        .filter(|_| region.ends_with(|last: char| last.is_ascii_digit()))
        .map_or("aws", |(_, partition)| partition)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_tells_its_partition() {
        assert_eq!(partition_of("eu-west-1"), "aws");
        assert_eq!(partition_of("cn-north-1"), "aws-cn");
        assert_eq!(partition_of("us-gov-west-1"), "aws-us-gov");
        assert_eq!(partition_of("us-isob-east-1"), "aws-iso-b");
        assert_eq!(
            partition_of("cn-west-3r"),
            "aws",
            "no region has such a name"
        );
        assert_eq!(partition_of("cn-somewhere"), "aws");
    }
}
