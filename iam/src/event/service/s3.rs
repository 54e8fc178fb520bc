//! S3 calls whose parameters change what they need: versions, copies, and headers that do more.
//!
//! Source: Amazon S3 User Guide, "Required permissions for Amazon S3 API operations".

use serde_json::value::RawValue;

use super::super::needs::{Need, Needs, On};
use super::super::parameters::is_set;
use super::super::request::Request;
use super::super::{Basis, Strength};

/// Header or parameter, and the action that it needs when an object is written with it.
/// `x-amz-grant-…` headers are told by their start.
const WRITE_OPTIONS: [(&str, &str); 6] = [
    ("x-amz-acl", "s3:PutObjectAcl"),
    ("x-amz-grant-", "s3:PutObjectAcl"),
    ("x-amz-tagging", "s3:PutObjectTagging"),
    ("x-amz-object-lock-mode", "s3:PutObjectRetention"),
    ("x-amz-object-lock-legal-hold", "s3:PutObjectLegalHold"),
    (
        "x-amz-bypass-governance-retention",
        "s3:BypassGovernanceRetention",
    ),
];
/// The same when a bucket is made.
/// Source: Amazon S3 API Reference, "`CreateBucket`" (Permissions).
const BUCKET_OPTIONS: [(&str, &str); 5] = [
    ("x-amz-acl", "s3:PutBucketAcl"),
    (
        "x-amz-bucket-object-lock-enabled",
        "s3:PutBucketObjectLockConfiguration",
    ),
    ("x-amz-bucket-object-lock-enabled", "s3:PutBucketVersioning"),
    ("x-amz-grant-", "s3:PutBucketAcl"),
    ("x-amz-object-ownership", "s3:PutBucketOwnershipControls"),
];
/// The same for calls that write no object and may step over its retention.
const BYPASS_OPTIONS: [(&str, &str); 1] = [(
    "x-amz-bypass-governance-retention",
    "s3:BypassGovernanceRetention",
)];
const BYPASSES: [&str; 2] = ["DeleteObjects", "PutObjectRetention"];
const WRITES: [&str; 5] = [
    "PutObject",
    "PostObject",
    "CopyObject",
    "CreateMultipartUpload",
    "DeleteObject",
];

/// Applies the rules to the needs of an S3 call.
pub(super) fn refine(request: &Request<'_>, needs: &mut Needs) {
    if request.name.ends_with("Copy") || request.name == "CopyObject" {
        copy_from_source(request, needs);
    } else if request.mentions("ersionId") && request.parameters().has("versionId") {
        for need in needs.iter_mut() {
            if let Some(versioned) = versioned(need.action, request) {
                need.action = versioned;
            }
        }
    }
    let options: &[(&str, &str)] = match request.name {
        _ if request.prefix != "s3" => &[],
        "CreateBucket" => &BUCKET_OPTIONS,
        name if WRITES.contains(&name) => &WRITE_OPTIONS,
        name if BYPASSES.contains(&name) => &BYPASS_OPTIONS,
        _ => &[],
    };
    write_options(request, options, needs);
}

/// The action for one version of an object: `s3:GetObjectAcl` is `s3:GetObjectVersionAcl`.
fn versioned(action: &str, request: &Request<'_>) -> Option<&'static str> {
    let (service, name) = action.split_once(':')?;
    let (verb, rest) = name.split_once("Object")?;
    let versioned = request
        .catalog
        .action(&format!("{service}:{verb}ObjectVersion{rest}"))?;
    // The catalog outlives the process, and so do its names.
    Some(versioned.name)
}

/// Reading is done on the source of a copy, which the parameters name apart.
fn copy_from_source(request: &Request<'_>, needs: &mut Needs) {
    let source = request.parameters().text("x-amz-copy-source");
    for need in needs.iter_mut().filter(|need| need.action.contains(":Get")) {
        match source
            .as_deref()
            .and_then(|source| Source::parse(source, request))
        {
            Some(source) => {
                if source.has_version
                    && let Some(action) = versioned(need.action, request)
                {
                    need.action = action;
                }
                need.on = On::Arn(source.arn);
            }
            None => need.on = On::Unknown,
        }
    }
}

/// The source of a copy: `bucket/key`, with a leading slash or not, URL-encoded.
struct Source {
    arn: String,
    has_version: bool,
}

impl Source {
    fn parse(text: &str, request: &Request<'_>) -> Option<Self> {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let path = percent_decoded(path.strip_prefix('/').unwrap_or(path))?;
        let has_version = query.starts_with("versionId=");
        if path.starts_with("arn:") {
            return super::super::request::is_arn(&path).then_some(Self {
                arn: path,
                has_version,
            });
        }
        let (bucket, key) = path.split_once('/')?;
        let kind = request.catalog.resource_type("s3", "object")?;
        let arn = kind.fill(request.place(), &[bucket, key])?;
        Some(Self { arn, has_version })
    }
}

/// Decodes `%XX`; `None` if the result is no text.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = (byte == b'%')
            .then(|| after.split_at_checked(2))
            .flatten()
            .and_then(|(digits, after)| {
                let digits = std::str::from_utf8(digits).ok()?;
                Some((u8::from_str_radix(digits, 16).ok()?, after))
            });
        let (decoded, left) = hex.unwrap_or((byte, after));
        bytes.push(decoded);
        rest = left;
    }
    String::from_utf8(bytes).ok()
}

fn write_options(request: &Request<'_>, options: &[(&str, &'static str)], needs: &mut Needs) {
    if options.is_empty() || !request.mentions("x-amz-") {
        return;
    }
    for (name, value) in request.parameters().pairs() {
        let name = name.to_ascii_lowercase();
        // A new bucket is private as it is, and asking for that needs nothing.
        let is_idle = says(value, "false")
            || request.name == "CreateBucket" && name == "x-amz-acl" && says(value, "private");
        if is_idle || !is_set(value) {
            continue;
        }
        for (option, action) in options {
            if name == *option || (option.ends_with('-') && name.starts_with(option)) {
                needs.add(Need {
                    action,
                    strength: Strength::Certain,
                    basis: Basis::Hand,
                    on: On::Object,
                });
            }
        }
    }
}

/// Tells a header's value, also where the record writes it as a list of one.
fn says(value: &RawValue, text: &str) -> bool {
    let plain = value
        .get()
        .trim_matches(|c: char| c.is_whitespace() || "[]\"".contains(c));
    plain.eq_ignore_ascii_case(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_and_broken_ones_kept() {
        assert_eq!(percent_decoded("a%20b%2Fc").as_deref(), Some("a b/c"));
        assert_eq!(percent_decoded("100%").as_deref(), Some("100%"));
        assert_eq!(percent_decoded("%zz%4").as_deref(), Some("%zz%4"));
        assert_eq!(percent_decoded("%ff"), None);
    }
}
