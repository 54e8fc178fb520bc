//! What AWS refuses in policies of each kind, beyond what every document needs to be read at all.
//!
//! Documents are read leniently, because a policy that AWS holds is in force whatever is odd about
//! it; this check tells whether AWS would take the document anew. Where the documentation does not
//! settle a case, the document passes.
//! Sources: IAM User Guide, "Grammar of the IAM JSON policy language", "IAM JSON policy elements
//! reference" and "IAM policy validation check reference" (findings of type error); AWS
//! Organizations User Guide, "SCP syntax" and "RCP syntax".
//!
//! What AWS takes and nobody means is told by [`crate::lint`].

mod condition;
mod elements;
mod principal;

use std::collections::BTreeSet;

use super::fault::Fault;
use super::position::{Path, Position};
use super::statement::Statement;
use super::{Document, PrincipalElement, ResourceElement};
use crate::error::{DocumentError, printable};

/// What a policy is used for, which decides what AWS lets stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyUse {
    /// Attached to a user, a group or a role.
    Identity,
    /// A permissions boundary.
    Boundary,
    /// Passed as a session is made.
    Session,
    /// Attached to a resource, such as a bucket, a key or a queue.
    Resource,
    /// Attached to a role: who may assume it.
    Trust,
    /// A service control policy of an organization.
    ServiceControl,
    /// A resource control policy of an organization.
    ResourceControl,
}

impl PolicyUse {
    /// Every use.
    pub const ALL: [Self; 7] = [
        Self::Identity,
        Self::Boundary,
        Self::Session,
        Self::Resource,
        Self::Trust,
        Self::ServiceControl,
        Self::ResourceControl,
    ];

    /// The name in options and output, such as `service_control`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Boundary => "boundary",
            Self::Session => "session",
            Self::Resource => "resource",
            Self::Trust => "trust",
            Self::ServiceControl => "service_control",
            Self::ResourceControl => "resource_control",
        }
    }

    /// The use that the form of a document points to: with principals it is a policy of a resource, or of
    /// trust where no statement has a resource; without it is an identity policy. A guess.
    #[must_use]
    pub fn guess(document: &Document) -> Self {
        let mut statements = document.statements.iter();
        if statements.all(|statement| statement.principal == PrincipalElement::Absent) {
            return Self::Identity;
        }
        let absent = |statement: &Statement| statement.resources == ResourceElement::Absent;
        if document.statements.iter().all(absent) {
            Self::Trust
        } else {
            Self::Resource
        }
    }

    /// Whether its statements say whom they are about.
    #[must_use]
    pub fn names_principals(self) -> bool {
        matches!(self, Self::Resource | Self::Trust | Self::ResourceControl)
    }

    /// How such a policy is called in messages.
    fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity policies",
            Self::Boundary => "permissions boundaries",
            Self::Session => "session policies",
            Self::Resource => "resource policies",
            Self::Trust => "trust policies",
            Self::ServiceControl => "service control policies",
            Self::ResourceControl => "resource control policies",
        }
    }
}

impl Document {
    /// Checks what AWS asks of policies of that use.
    ///
    /// # Errors
    /// [`DocumentError`] with the first thing that AWS would refuse.
    ///
    /// ```
    /// use curtail_iam::document::{Document, PolicyUse};
    /// let text = r#"{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#;
    /// let document = Document::parse(text)?;
    /// assert!(document.check(PolicyUse::Identity).is_ok());
    /// assert!(document.check(PolicyUse::Trust).is_err());
    /// # Ok::<(), curtail_iam::document::DocumentError>(())
    /// ```
    pub fn check(&self, policy_use: PolicyUse) -> Result<(), DocumentError> {
        self.named(check(&self.statements, policy_use))?;
        match policy_use {
            PolicyUse::Resource | PolicyUse::ServiceControl | PolicyUse::ResourceControl => Ok(()),
            _ => self.check_characters(),
        }
    }

    /// Checks what the grammar of the language asks of policies of that use, and no more: principals
    /// and resources where they belong, known operators, and keys that name their service, each once
    /// under an operator.
    ///
    /// What only a service's own validation refuses, such as a `Sid` with a space, passes here: such a
    /// document still has a meaning.
    ///
    /// # Errors
    /// [`DocumentError`] with the first thing that the grammar does not have.
    pub fn check_grammar(&self, policy_use: PolicyUse) -> Result<(), DocumentError> {
        self.named(each(&self.statements, |statement, at| {
            principal::presence(statement, policy_use, at)?;
            if !matches!(policy_use, PolicyUse::Resource | PolicyUse::Trust) {
                elements::resources(statement, policy_use, at)?;
            }
            condition::grammar(statement, at)
        }))
    }

    /// IAM takes the characters of Latin-1 alone; others can be written as escapes.
    /// Source: IAM User Guide, "IAM and AWS STS quotas", "IAM name requirements".
    fn check_characters(&self) -> Result<(), DocumentError> {
        let text = self.text.as_deref().unwrap_or_default();
        let plain = |character: char| matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{ff}');
        match text
            .char_indices()
            .find(|(_, character)| !plain(*character))
        {
            None => Ok(()),
            Some((offset, character)) => Err(DocumentError {
                statement: None,
                sid: None,
                position: Some(Position::of(text, offset)),
                reason: format!(
                    "holds the character `{}`, which IAM does not take",
                    printable(&character.to_string())
                ),
            }),
        }
    }

    fn named(&self, checked: Result<(), Fault>) -> Result<(), DocumentError> {
        checked.map_err(|fault| {
            let positions = self.positions();
            let text = positions.as_ref().map(|found| (found.text, &found.spans));
            fault.into_error(&self.value, text)
        })
    }
}

fn check(statements: &[Statement], policy_use: PolicyUse) -> Result<(), Fault> {
    each(statements, |statement, at| {
        principal::presence(statement, policy_use, at)?;
        principal::check(statement, policy_use, at)?;
        elements::actions(statement, at)?;
        elements::check(statement, policy_use, at)?;
        condition::grammar(statement, at)?;
        condition::addresses(statement, at)
    })?;
    unique_sids(statements, policy_use)
}

fn each(
    statements: &[Statement],
    check: impl Fn(&Statement, &Path) -> Result<(), Fault>,
) -> Result<(), Fault> {
    statements
        .iter()
        .enumerate()
        .try_for_each(|(index, statement)| check(statement, &Path::statement(index)))
}

/// IAM and Organizations want each `Sid` once; other services have rules of their own.
/// Source: IAM User Guide, "IAM JSON policy elements: Sid".
fn unique_sids(statements: &[Statement], policy_use: PolicyUse) -> Result<(), Fault> {
    if policy_use == PolicyUse::Resource {
        return Ok(());
    }
    let mut seen = BTreeSet::new();
    each_sid(statements)
        .find(|(_, sid)| !seen.insert(*sid))
        .map_or(Ok(()), |(index, _)| {
            Err(Fault::new(
                Path::statement(index).element("Sid"),
                "has the `Sid` of an earlier statement",
            ))
        })
}

/// The `Sid`s that are not empty, with the index of their statement.
fn each_sid(statements: &[Statement]) -> impl Iterator<Item = (usize, &str)> {
    statements
        .iter()
        .enumerate()
        .filter_map(|(index, statement)| {
            let sid = statement.sid.as_deref()?;
            (!sid.is_empty()).then_some((index, sid))
        })
}

#[cfg(test)]
mod tests;
