//! Whether some policies allow no more than others: two lists of documents in, an answer out.
//!
//! The documents of a list are taken together: what one of them allows and none denies. The answer is
//! that everything the narrow list allows is allowed by the wide one, or a request that tells them
//! apart, or that it cannot be told, and why.
//!
//! What counts as a request: an action is any name with a colon inside, since AWS adds actions daily,
//! or on demand one of the catalog; a resource is any ARN, or `*` for an action that takes none.
//! Whether an action takes a resource of that type does not count.
//! Source: IAM User Guide, "Policy evaluation logic", "IAM JSON policy elements: Action", "… Resource",
//! "… Condition".
//!
//! Patterns are compared exactly, several of them together. Conditions are compared at sight: one
//! implies another on the same key if its values lie within the other's. A policy variable equals
//! itself and nothing else. The documentation can be read in two ways where a star ends an early
//! component of an ARN: contained is only what is so in both, and a request tells the lists apart only
//! if it does so in both.
//!
//! INVARIANT: [`Containment::Contained`] is a proof; every [`Witness`] was decided by the evaluator,
//! allowed by the narrow list and denied by the wide one.

mod candidates;
mod clause;
mod compare;
mod doubt;
mod frame;
mod imply;
mod lanes;
mod place;
mod resources;
mod search;
mod values;
mod variable;
mod witness;

use crate::catalog::Catalog;
use crate::document::Document;
use crate::index::indexed;
use crate::pattern::product::is_symbol;
use crate::policy::Context;
use compare::Comparison;
use frame::Sides;
use variable::Variables;

pub use doubt::{Doubt, Reason};
pub use place::Place;

/// Which names count as actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Actions {
    /// Every name, also of actions that AWS may add.
    #[default]
    Every,
    /// Those of the catalog.
    Listed,
}

/// A request that the narrow list allows and the wide one does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The action; in lower case and made up where no action of the catalog was found to do.
    pub action: String,
    /// Whether the catalog has the action.
    pub in_catalog: bool,
    /// The ARN of the resource, or `*`.
    pub resource: String,
    /// Values of condition keys by lower-case key; none means that the key is absent. Keys that are
    /// not listed do not matter.
    pub context: Context,
}

/// Whether everything that the narrow list allows is allowed by the wide one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Containment {
    /// It is.
    Contained,
    /// It is not.
    NotContained {
        /// A request that shows it.
        witness: Witness,
    },
    /// It cannot be told.
    Unknown {
        /// Why not.
        why: Doubt,
    },
}

/// The most pairs of patterns that are compared; chosen. Ten managed policies of full size on either
/// side have fewer.
const MOST_PAIRS: usize = 16_000_000;

/// Tells whether `wide` allows everything that `narrow` does.
///
/// ```
/// use curtail_iam::{catalog::Catalog, containment::*, document::Document};
/// let of = |action: &str| Document::parse(&format!(
///     r#"{{"Statement": {{"Effect": "Allow", "Action": "{action}", "Resource": "*"}}}}"#
/// ));
/// let (all, some) = ([of("sqs:*")?], [of("sqs:Send*")?]);
/// let contained = |wide, narrow| contains(wide, narrow, Actions::Every, Catalog::embedded());
/// assert_eq!(contained(&all, &some), Containment::Contained);
/// let Containment::NotContained { witness } = contained(&some, &all) else { panic!() };
/// assert!(witness.action.starts_with("sqs:"));
/// # Ok::<(), curtail_iam::document::DocumentError>(())
/// ```
#[must_use]
pub fn contains(
    wide: &[Document],
    narrow: &[Document],
    actions: Actions,
    catalog: &Catalog,
) -> Containment {
    indexed(catalog, |index| {
        let mut variables = Variables::default();
        let sides = Sides::read(wide, narrow, &mut variables);
        let comparison = Comparison {
            sides: &sides,
            variables: &variables,
            index,
            listed_only: actions == Actions::Listed,
            documents: (wide, narrow),
        };
        if sides.pairs() > MOST_PAIRS
            || holds_private_letters(wide)
            || holds_private_letters(narrow)
        {
            return Containment::Unknown {
                why: Doubt::of_size(),
            };
        }
        comparison.answer()
    })
}

/// Tells whether a pattern holds a letter that stands for a variable here.
fn holds_private_letters(documents: &[Document]) -> bool {
    documents
        .iter()
        .any(|document| document.value().to_string().chars().any(is_symbol))
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
