//! What an object is, as far as its key tells: a log file or one of its neighbours in the bucket.
//!
//! `CloudTrail` writes below `AWSLogs/<account>/CloudTrail/`, with digests and Insights beside it, and other products
//! write below the same account. Source: AWS `CloudTrail` User Guide, "Finding your `CloudTrail` log files".
//!
//! INVARIANT: only what is surely something else is told apart by its key; the rest is for the content to tell.

use std::fmt;

/// The kind of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ObjectKind {
    /// A log file with records.
    Trail,
    /// A digest: hashes and a signature of log files.
    Digest,
    /// `CloudTrail` Insights.
    Insight,
    /// Something else that lies in the same place.
    Foreign,
}

impl ObjectKind {
    /// As it is written to the table.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Trail => "trail",
            Self::Digest => "digest",
            Self::Insight => "insight",
            Self::Foreign => "foreign",
        }
    }
}

/// An object that holds no records, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Skip {
    pub(crate) kind: ObjectKind,
    pub(crate) reason: &'static str,
}

impl Skip {
    pub(crate) const fn foreign(reason: &'static str) -> Self {
        Self {
            kind: ObjectKind::Foreign,
            reason,
        }
    }

    pub(crate) const DIGEST: Self = Self {
        kind: ObjectKind::Digest,
        reason: "digest",
    };
    pub(crate) const INSIGHT: Self = Self {
        kind: ObjectKind::Insight,
        reason: "insight",
    };
}

impl fmt::Display for Skip {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.reason)
    }
}

/// Folders of other products below `AWSLogs/<account>/`.
/// Sources: the log delivery pages of AWS Config, Elastic Load Balancing, Amazon VPC, Route 53 Resolver, AWS WAF, Amazon
/// `GuardDuty`, Amazon Redshift, Amazon `CloudFront`, AWS Network Firewall and AWS Global Accelerator.
const OTHER_PRODUCTS: [(&str, &str); 10] = [
    ("Config", "config"),
    ("elasticloadbalancing", "load_balancer_log"),
    ("vpcflowlogs", "flow_log"),
    ("vpcdnsquerylogs", "resolver_log"),
    ("WAFLogs", "waf_log"),
    ("GuardDuty", "guardduty"),
    ("redshift", "redshift_log"),
    ("CloudFront", "cloudfront_log"),
    ("network-firewall", "network_firewall_log"),
    ("globalaccelerator", "global_accelerator_log"),
];

/// What the key alone tells.
pub(crate) fn by_key(key: &str) -> Option<Skip> {
    let segments: Vec<&str> = key.split('/').collect();
    if segments.contains(&"CloudTrail-Digest") {
        return Some(Skip::DIGEST);
    }
    if segments.contains(&"CloudTrail-Insight") {
        return Some(Skip::INSIGHT);
    }
    if segments.iter().any(|segment| segment.starts_with('.')) {
        return Some(Skip::foreign("hidden_file"));
    }
    other_product(&segments)
}

/// The product whose folder the object lies in.
fn other_product(segments: &[&str]) -> Option<Skip> {
    let root = segments.iter().position(|&segment| segment == "AWSLogs")?;
    let folder = segments
        .iter()
        .skip(root + 1)
        .find(|segment| !is_account(segment) && !segment.starts_with("o-"))?;
    OTHER_PRODUCTS
        .iter()
        .find(|(name, _)| name == folder)
        .map(|&(_, reason)| Skip::foreign(reason))
}

fn is_account(segment: &str) -> bool {
    segment.len() == 12 && segment.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a name promises JSON or Parquet, so that other content is a fault and not another kind of file.
///
/// `.json`, `.jsonl`, `.ndjson` and `.parquet` do, with or without `.gz` after it, and so does `.gz` after no other ending.
pub(crate) fn promises_json(key: &str) -> bool {
    let name = key.rsplit('/').next().unwrap_or(key).to_ascii_lowercase();
    let (stem, packed) = match name
        .strip_suffix(".gz")
        .or_else(|| name.strip_suffix(".gzip"))
    {
        Some(stem) => (stem, true),
        None => (name.as_str(), false),
    };
    match stem.rsplit_once('.') {
        Some((_, ending)) => matches!(ending, "json" | "jsonl" | "ndjson" | "parquet"),
        None => packed,
    }
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn neighbours_of_log_files_are_told_by_their_keys() {
        let cases = [
            (
                "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/06/03/x.json.gz",
                None,
            ),
            (
                "p/AWSLogs/o-abcd/111122223333/CloudTrail/eu-west-1/x.json.gz",
                None,
            ),
            (
                "AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/x.json.gz",
                Some("digest"),
            ),
            (
                "AWSLogs/o-abcd/111122223333/CloudTrail-Insight/x.json.gz",
                Some("insight"),
            ),
            (
                "AWSLogs/111122223333/Config/eu-west-1/x.json.gz",
                Some("config"),
            ),
            (
                "AWSLogs/o-abcd/111122223333/elasticloadbalancing/x.log.gz",
                Some("load_balancer_log"),
            ),
            (
                "AWSLogs/111122223333/vpcflowlogs/x.log.gz",
                Some("flow_log"),
            ),
            ("dir/.DS_Store", Some("hidden_file")),
            ("._x.json.gz", Some("hidden_file")),
            ("Config/x.json.gz", None),
            ("my-CloudTrail-Digest-copy/x.json.gz", None),
        ];
        for (key, reason) in cases {
            assert_eq!(by_key(key).map(|skip| skip.reason), reason);
        }
    }

    #[test]
    fn a_name_promises_json_or_not() {
        let cases = [
            ("x.json.gz", true),
            ("X.JSON", true),
            ("x.gz", true),
            ("x.ndjson", true),
            ("dir.d/x.jsonl.gz", true),
            ("x.gz.parquet", true),
            ("x.log.gz", false),
            ("x.csv", false),
            ("README", false),
        ];
        for (key, promises) in cases {
            assert_eq!(promises_json(key), promises);
        }
    }
}
