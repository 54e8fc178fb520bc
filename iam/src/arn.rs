//! Amazon Resource Names: text in, its parts out.
//!
//! `arn:partition:service:region:account-id:resource`; region and account may be empty, and the
//! resource may hold further colons and slashes.
//! Source: AWS General Reference, "Amazon Resource Names (ARNs)"; IAM User Guide, "IAM identifiers".
//!
//! INVARIANT: a [`RoleArn`] is compared as a whole: a path is part of it, and role `app` is not `my-app`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use crate::error::ArnError;

/// Longest role name, in characters. Source: IAM User Guide, "IAM and AWS STS quotas".
pub const MAX_ROLE_NAME_LENGTH: usize = 64;

/// An ARN's parts, borrowed from its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov` …
    pub partition: &'a str,
    /// The service's namespace, such as `s3`.
    pub service: &'a str,
    /// The region's code; empty for global resources.
    pub region: &'a str,
    /// The account's 12 digits; empty where the ARN does not show it, as for buckets.
    pub account_id: &'a str,
    /// All the rest, further colons included.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Splits an ARN into its parts.
    ///
    /// # Errors
    /// [`ArnError`] if the text does not begin with `arn:`, has fewer than six parts, or an empty
    /// partition, service or resource.
    ///
    /// ```
    /// use curtail_iam::arn::Arn;
    /// let arn = Arn::parse("arn:aws:logs:eu-west-1:111122223333:log-group:a:*")?;
    /// assert_eq!((arn.service, arn.resource), ("logs", "log-group:a:*"));
    /// # Ok::<(), curtail_iam::arn::ArnError>(())
    /// ```
    pub fn parse(text: &'a str) -> Result<Self, ArnError> {
        let mut parts = text.splitn(6, ':');
        let mut part = || parts.next().unwrap_or_default();
        let prefix = part();
        let arn = Self {
            partition: part(),
            service: part(),
            region: part(),
            account_id: part(),
            resource: part(),
        };
        let whole = [arn.partition, arn.service, arn.resource];
        if prefix == "arn" && whole.iter().all(|part| !part.is_empty()) {
            Ok(arn)
        } else {
            Err(refused(text, "an ARN"))
        }
    }
}

/// The ARN of an IAM role, checked once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoleArn {
    text: String,
}

impl RoleArn {
    /// Reads `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`.
    ///
    /// # Errors
    /// [`ArnError`] if the text is anything else; the ARN of a session (`sts`, `assumed-role`) is.
    ///
    /// ```
    /// use curtail_iam::arn::RoleArn;
    /// let role: RoleArn = "arn:aws:iam::111122223333:role/team/blue/app".parse()?;
    /// assert_eq!((role.account_id(), role.path(), role.name()), ("111122223333", "/team/blue/", "app"));
    /// # Ok::<(), curtail_iam::arn::ArnError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, ArnError> {
        let wanted = "the ARN of an IAM role";
        let arn = Arn::parse(text).map_err(|_| refused(text, wanted))?;
        let is_role = arn.service == "iam"
            && arn.region.is_empty()
            && arn.partition.starts_with("aws")
            && is_account_id(arn.account_id)
            && arn
                .resource
                .strip_prefix("role/")
                .is_some_and(is_role_path_and_name);
        if is_role {
            Ok(Self {
                text: text.to_owned(),
            })
        } else {
            Err(refused(text, wanted))
        }
    }

    /// The whole ARN.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The partition, such as `aws`.
    #[must_use]
    pub fn partition(&self) -> &str {
        self.part(1)
    }

    /// The 12 digits of the account that owns the role.
    #[must_use]
    pub fn account_id(&self) -> &str {
        self.part(4)
    }

    /// The role's name: what follows the last slash.
    #[must_use]
    pub fn name(&self) -> &str {
        self.text.rsplit('/').next().unwrap_or_default()
    }

    /// The role's path with its slashes on both sides; `/` where it has none.
    #[must_use]
    pub fn path(&self) -> &str {
        let from = self.text.find('/').unwrap_or_default();
        let to = self.text.rfind('/').map_or(from, |slash| slash + 1);
        self.text.get(from..to).unwrap_or("/")
    }

    fn part(&self, index: usize) -> &str {
        self.text.split(':').nth(index).unwrap_or_default()
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl FromStr for RoleArn {
    type Err = ArnError;

    fn from_str(text: &str) -> Result<Self, ArnError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for RoleArn {
    type Error = ArnError;

    fn try_from(text: String) -> Result<Self, ArnError> {
        Self::parse(&text)
    }
}

impl From<RoleArn> for String {
    fn from(role: RoleArn) -> Self {
        role.text
    }
}

fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Letters, digits and `_+=,.@-`. Source: IAM User Guide, "IAM and AWS STS quotas".
fn is_name_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_+=,.@-".contains(character)
}

/// A path holds printable ASCII. Source: IAM API Reference, `CreateRole`.
fn is_role_path_and_name(text: &str) -> bool {
    let (path, name) = text.rsplit_once('/').unwrap_or(("", text));
    !name.is_empty()
        && name.len() <= MAX_ROLE_NAME_LENGTH
        && name.chars().all(is_name_character)
        && path.chars().all(|character| character.is_ascii_graphic())
}

fn refused(text: &str, wanted: &'static str) -> ArnError {
    ArnError {
        text: text.to_owned(),
        wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_role_without_a_path_has_the_path_slash() {
        let role = RoleArn::parse("arn:aws-us-gov:iam::111122223333:role/app").unwrap();
        assert_eq!(
            (role.path(), role.name(), role.partition()),
            ("/", "app", "aws-us-gov")
        );
    }

    #[test]
    fn a_name_is_not_its_ending_nor_its_path() {
        let parse = |text| RoleArn::parse(text).unwrap();
        let app = parse("arn:aws:iam::111122223333:role/app");
        let my_app = parse("arn:aws:iam::111122223333:role/my-app");
        let in_path = parse("arn:aws:iam::111122223333:role/my/app");
        assert_ne!(app, my_app);
        assert_ne!(app, in_path);
        assert_eq!(app.name(), in_path.name());
    }

    #[test]
    fn what_is_no_role_is_refused() {
        for text in [
            "",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::111122223333:role",
            "arn:aws:iam::111122223333:role/a:b",
            "arn:aws:iam::11112222333:role/app",
            "arn:aws:iam::111122223333:user/app",
            "arn:aws:iam:eu-west-1:111122223333:role/app",
            "arn:aws:sts::111122223333:assumed-role/app/session",
            " arn:aws:iam::111122223333:role/app",
        ] {
            assert!(RoleArn::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_a_role_or_an_error(text in any::<String>()) {
            let _ = Arn::parse(&text);
            prop_assert!(RoleArn::parse(&text).is_err());
        }
    }
}
