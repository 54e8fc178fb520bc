//! Care with what callers wrote: a text in, whether it may become part of an ARN out.
//!
//! A policy reads `*` and `?` in an ARN as wildcards and `${` as the start of a variable. A caller
//! may name an object `*`; taken over, that name would stand for the whole bucket. No such name is
//! taken over, also not for the few objects that are really called so.
//! Source: IAM User Guide, "IAM JSON policy elements: Resource" and "… Variables and tags".

use super::super::request::is_arn;

/// How long a name may be. Source: Amazon S3 User Guide, "Naming Amazon S3 objects" (the longest of all).
const NAME_LIMIT_BYTES: usize = 1024;

/// Parts of ARNs whose values hold colons.
const WITH_COLON: [&str; 9] = [
    "ClusterSnapshotName",
    "DbInstanceAutomatedBackupId",
    "FunctionName",
    "IdentityPoolId",
    "LogStreamName",
    "ObjectName",
    "OptionGroupName",
    "ResourceId",
    "SnapshotName",
];

/// Parts of ARNs whose values hold slashes.
const WITH_SLASH: [&str; 17] = [
    "Alias",
    "BasePath",
    "CertificateNameWithPath",
    "GroupNameWithPath",
    "InstanceProfileNameWithPath",
    "LogGroupName",
    "LogStreamName",
    "MfaTokenIdWithPath",
    "ObjectName",
    "OidcProviderName",
    "ParameterNameWithoutLeadingSlash",
    "PolicyNameWithPath",
    "RepositoryName",
    "RoleNameWithPath",
    "RouteKey",
    "SecretId",
    "UserNameWithPath",
];

/// Tells an ARN that names one thing.
pub(super) fn is_plain_arn(text: &str) -> bool {
    is_arn(text) && !reads_as_pattern(text)
}

/// Tells a text that may stand for a variable of an ARN. One that stands for the rest of the ARN
/// holds what stands between its variables.
pub(super) fn is_plain_name(variable: &str, text: &str, is_rest: bool) -> bool {
    if text.is_empty() || text.len() > NAME_LIMIT_BYTES || reads_as_pattern(text) {
        return false;
    }
    let (mut colon, mut slash, mut control) = (false, false, false);
    for byte in text.bytes() {
        colon |= byte == b':';
        slash |= byte == b'/';
        control |= byte.is_ascii_control();
    }
    !(control || !text.is_ascii() && text.contains(char::is_control))
        && (!colon || is_rest || WITH_COLON.contains(&variable))
        && (!slash || is_rest || WITH_SLASH.contains(&variable))
}

/// Tells a text that a policy would read as more than itself.
pub(in crate::event) fn reads_as_pattern(text: &str) -> bool {
    let mut last = 0;
    text.bytes().any(|byte| {
        let opens = last == b'$' && byte == b'{';
        last = byte;
        opens || byte == b'*' || byte == b'?'
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_that_policies_read_as_patterns_are_not_plain() {
        for text in [
            "*",
            "a?",
            "${aws:username}",
            "a\n",
            "a\u{85}",
            "",
            &"a".repeat(2000),
        ] {
            assert!(!is_plain_name("ObjectName", text, false), "{text:?}");
        }
        for text in ["$LATEST", "a b", "é", "{}", "a:b/c"] {
            assert!(is_plain_name("ObjectName", text, false), "{text:?}");
        }
    }

    #[test]
    fn colons_and_slashes_stand_only_where_the_kind_has_them() {
        assert!(!is_plain_name("TableName", "t/index/i", false));
        assert!(is_plain_name("TableName", "t/index/i", true));
        assert!(is_plain_name("RoleNameWithPath", "agents/r", false));
        assert!(!is_plain_name("RoleNameWithPath", "a:r", false));
        assert!(is_plain_name("SnapshotName", "rds:nightly", false));
    }

    proptest! {
        #[test]
        fn the_check_in_one_pass_agrees_with_the_plain_one(text in "[a-c*?${}:/\u{80}-\u{a0}\n]{0,6}") {
            let plain = !text.is_empty() && !text.contains(['*', '?']) && !text.contains("${")
                && !text.contains(char::is_control);
            prop_assert_eq!(is_plain_name("ObjectName", &text, false), plain);
            let bare = plain && !text.contains([':', '/']);
            prop_assert_eq!(is_plain_name("BucketName", &text, false), bare);
        }
    }
}
