//! Resource patterns as lanes of a search, in one of the two readings of the documentation.
//!
//! A pattern stands either for no more than it takes or for no less: what is left out of a statement,
//! and what is denied, counts the other way round.

use super::clause::Piece;
use crate::pattern::product::{Lane, Step};
use crate::pattern::{ResourcePattern, Token};

/// How a star that ends an early component of an ARN is read; see [`crate::pattern`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// It stays in its component.
    Strict,
    /// It may run over colons.
    Loose,
    /// Whichever makes the narrow side take less and the wide side more: what tells the sides apart
    /// then does so for certain.
    Certain,
}

/// Towards which side a pattern errs where its meaning hangs on the value of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    /// It takes no less than it should.
    Upper,
    /// It takes no more than it should.
    Lower,
}

impl Bound {
    pub(super) fn opposite(self) -> Self {
        match self {
            Self::Upper => Self::Lower,
            Self::Lower => Self::Upper,
        }
    }
}

/// The texts that are ARNs.
pub(super) fn arns() -> Lane {
    let inside = Step::Any { colon: false };
    let mut steps: Vec<Step> = "arn:".chars().map(Step::Letter).collect();
    for _ in 0..4 {
        steps.extend([inside, Step::Letter(':')]);
    }
    steps.push(Step::Any { colon: true });
    Lane::plain(steps)
}

/// The names of actions: a service, a colon, a name.
pub(super) fn action_names() -> Lane {
    Lane::plain(vec![
        Step::One { colon: false },
        Step::Any { colon: false },
        Step::Letter(':'),
        Step::One { colon: true },
        Step::Any { colon: true },
    ])
}

/// A lane for an action pattern.
pub(super) fn action(tokens: &[Token]) -> Lane {
    Lane::plain(tokens.iter().map(|&token| Step::of(token, true)).collect())
}

/// The lane that bounds the resources to those of a statement's own pattern.
pub(super) fn own(piece: &Piece<'_>, reading: Reading) -> Option<Lane> {
    let pattern = piece.pattern.as_ref().unwrap_or(&piece.open);
    steps(pattern, reading == Reading::Loose).map(Lane::plain)
}

/// As [`own`], with stars for variables.
pub(super) fn open(piece: &Piece<'_>, reading: Reading) -> Option<Lane> {
    steps(&piece.open, reading == Reading::Loose).map(Lane::plain)
}

/// The lane that watches a pattern; `None` where it takes nothing.
pub(super) fn watched(piece: &Piece<'_>, reading: Reading, bound: Bound) -> Option<Lane> {
    let loose = match reading {
        Reading::Strict => false,
        Reading::Loose => true,
        // What widens the gap between the sides in a proof narrows it in a refutation.
        Reading::Certain => bound == Bound::Lower,
    };
    match bound {
        Bound::Lower => steps(piece.pattern.as_ref()?, loose).map(Lane::plain),
        Bound::Upper => Some(Lane {
            steps: steps(&piece.open, loose)?,
            any_value: true,
        }),
    }
}

/// The steps of a pattern, or `None` if no ARN is within it.
fn steps(pattern: &ResourcePattern, loose: bool) -> Option<Vec<Step>> {
    let whole = |pattern: &ResourcePattern| {
        let tokens = pattern.whole().tokens().iter();
        Some(tokens.map(|&token| Step::of(token, true)).collect())
    };
    if pattern.is_everything() || loose && pattern.may_run_over_colons() {
        return whole(pattern);
    }
    let components = pattern.components();
    let last = components.len().checked_sub(1).filter(|&last| last == 5)?;
    let mut steps = Vec::new();
    for (place, component) in components.iter().enumerate() {
        if place > 0 {
            steps.push(Step::Letter(':'));
        }
        let tokens = component.tokens().iter();
        steps.extend(tokens.map(|&token| Step::of(token, place == last)));
    }
    Some(steps)
}
