//! The policies that bear on a request, by kind.

use crate::document::Document;

/// All policies that bear on a request, on the caller's side and on the resource's.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AccessPolicies {
    /// Policies of the user (its groups' included), of the role, or of the user who federated.
    pub identity: Vec<Document>,
    /// The permissions boundary of the user or role, if it has one.
    pub boundary: Option<Document>,
    /// The policies that the session was made with. They add up; without any, they do not limit a role
    /// session, and leave a federated user with nothing.
    pub session: Vec<Document>,
    /// Service control policies over the caller's account, level by level from the root. Empty where
    /// none apply, as in the management account; a level without a policy allows nothing.
    pub scps: Vec<Vec<Document>>,
    /// Resource control policies over the resource's account, level by level. AWS's own one that allows
    /// everything is always attached, so only denies count.
    pub rcps: Vec<Vec<Document>>,
    /// The policy of the resource: of a role its trust policy, of a key its key policy.
    pub resource: Option<Document>,
}
