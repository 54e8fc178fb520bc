//! Three-valued logic: true, false, or unknown with what it hangs on.

use std::collections::BTreeSet;

/// The truth of a proposition about a request of which not everything is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Truth {
    /// It holds, whatever the unknown is.
    True,
    /// It does not hold, whatever the unknown is.
    False,
    /// It hangs on these.
    Unknown(BTreeSet<String>),
}

impl Truth {
    /// Unknown, because of one thing.
    pub(crate) fn unknown(on: impl Into<String>) -> Self {
        Self::Unknown(BTreeSet::from([on.into()]))
    }

    /// Both hold.
    #[inline]
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, rest) | (rest, Self::True) => rest,
            (Self::Unknown(mut on), Self::Unknown(more)) => {
                on.extend(more);
                Self::Unknown(on)
            }
        }
    }

    /// One of the two holds.
    #[inline]
    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::True, _) | (_, Self::True) => Self::True,
            (Self::False, rest) | (rest, Self::False) => rest,
            (Self::Unknown(mut on), Self::Unknown(more)) => {
                on.extend(more);
                Self::Unknown(on)
            }
        }
    }

    /// It does not hold.
    pub(crate) fn negated(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            unknown @ Self::Unknown(_) => unknown,
        }
    }

    /// All hold; true if there are none.
    pub(crate) fn all(truths: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::True;
        for truth in truths {
            match truth {
                Self::True => {}
                Self::False => return Self::False,
                unknown @ Self::Unknown(_) => all = all.and(unknown),
            }
        }
        all
    }

    /// One of them holds; false if there are none.
    pub(crate) fn any(truths: impl IntoIterator<Item = Self>) -> Self {
        let mut any = Self::False;
        for truth in truths {
            match truth {
                Self::False => {}
                Self::True => return Self::True,
                unknown @ Self::Unknown(_) => any = any.or(unknown),
            }
        }
        any
    }
}

impl From<bool> for Truth {
    fn from(known: bool) -> Self {
        if known { Self::True } else { Self::False }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn false_beats_unknown_in_and_true_beats_it_in_or() {
        let unknown = Truth::unknown("key");
        assert_eq!(unknown.clone().and(Truth::False), Truth::False);
        assert_eq!(Truth::any([unknown.clone(), Truth::True]), Truth::True);
        assert_eq!(unknown.clone().and(Truth::True), unknown);
        assert_eq!(Truth::any([unknown.clone(), Truth::False]), unknown);
    }

    #[test]
    fn two_unknowns_hang_on_both() {
        let both = Truth::any([Truth::unknown("a"), Truth::unknown("b")]);
        assert_eq!(
            both,
            Truth::Unknown(["a".to_owned(), "b".to_owned()].into())
        );
    }

    #[test]
    fn nothing_is_all_true_and_none_true() {
        assert_eq!(Truth::all([]), Truth::True);
        assert_eq!(Truth::any([]), Truth::False);
    }
}
