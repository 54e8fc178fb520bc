//! How long policies may be.
//!
//! IAM does not count white space; Organizations counts all that is sent. What is measured here is the
//! document without white space between its parts, in bytes, which is never less than the characters
//! that AWS counts.
//! Source: IAM User Guide, "IAM and AWS STS quotas", "IAM and STS character limits"; AWS Organizations
//! User Guide, "Quotas and service limits for AWS Organizations".

use crate::document::Document;

/// The longest that a policy of some kind may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// A managed policy: 6,144 characters each.
    Managed,
    /// The inline policies of a role: 10,240 characters in sum.
    RoleInline,
    /// The inline policies of a user: 2,048 characters in sum.
    UserInline,
    /// The inline policies of a group: 5,120 characters in sum.
    GroupInline,
    /// A service control policy: 10,240 characters each.
    Scp,
    /// A resource control policy: 5,120 characters each.
    Rcp,
}

impl Limit {
    /// The limit in characters.
    #[must_use]
    pub const fn characters(self) -> usize {
        match self {
            Self::Managed => 6_144,
            Self::RoleInline | Self::Scp => 10_240,
            Self::UserInline => 2_048,
            Self::GroupInline | Self::Rcp => 5_120,
        }
    }

    /// Whether the limit holds for all policies together, so that more of them do not help.
    #[must_use]
    pub const fn is_shared(self) -> bool {
        matches!(
            self,
            Self::RoleInline | Self::UserInline | Self::GroupInline
        )
    }
}

/// The size of a document as it counts against a [`Limit`].
#[must_use]
pub fn size(document: &Document) -> usize {
    document.value().to_string().len()
}
