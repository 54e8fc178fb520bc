//! One IAM action and what is known of it.
//!
//! Source: AWS Service Authorization Reference, "Actions, resources, and condition keys".

use super::Recordings;

/// An action that a policy can grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// The name as AWS writes it, with its service: `s3:GetObject`.
    pub name: &'static str,
    /// The service prefix: `s3`.
    pub service: &'static str,
    /// What the action does, in AWS's classes.
    pub access_level: AccessLevel,
    /// The kinds of resource that a policy can name for it; none: only `*`.
    pub resource_types: ActionResourceTypes,
    /// The kinds of events that its uses leave.
    pub recordings: Recordings,
}

/// AWS's class of an action.
/// Source: IAM User Guide, "Access levels in policy summaries".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccessLevel {
    /// Sees that resources exist.
    List,
    /// Reads what is in them.
    Read,
    /// Creates, changes or deletes them.
    Write,
    /// Changes only their tags.
    Tagging,
    /// Grants or takes away access to them.
    PermissionsManagement,
}

impl AccessLevel {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "List" => Self::List,
            "Read" => Self::Read,
            "Write" => Self::Write,
            "Tagging" => Self::Tagging,
            "PermissionsManagement" => Self::PermissionsManagement,
            _ => return None,
        })
    }

    /// The name in tables and reports, such as `permissions_management`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Read => "read",
            Self::Write => "write",
            Self::Tagging => "tagging",
            Self::PermissionsManagement => "permissions_management",
        }
    }
}

/// The kinds of resource of an action, read as they are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionResourceTypes(&'static str);

/// A kind of resource of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionResourceType {
    /// Its name within the service: `object`.
    pub name: &'static str,
    /// Whether every use of the action needs one.
    pub required: bool,
}

impl ActionResourceTypes {
    /// Takes the column as written: names after commas, `!` behind a required one.
    pub(super) fn new(column: &'static str) -> Self {
        Self(column)
    }

    /// The kinds by name.
    pub fn iter(self) -> impl Iterator<Item = ActionResourceType> {
        self.0
            .split(',')
            .filter(|name| !name.is_empty())
            .map(|name| {
                let plain = name.strip_suffix('!');
                ActionResourceType {
                    name: plain.unwrap_or(name),
                    required: plain.is_some(),
                }
            })
    }

    /// Whether the action is only ever granted on `*`.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_of_a_required_kind_is_not_part_of_its_name() {
        let kinds: Vec<_> = ActionResourceTypes::new("index,table!").iter().collect();
        assert_eq!(
            kinds[0],
            ActionResourceType {
                name: "index",
                required: false
            }
        );
        assert_eq!(
            kinds[1],
            ActionResourceType {
                name: "table",
                required: true
            }
        );
        assert_eq!(ActionResourceTypes::new("").iter().count(), 0);
    }
}
