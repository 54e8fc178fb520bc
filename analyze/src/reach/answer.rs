//! Whether something can be done: surely, possibly with what it hangs on, or not at all (`None` of an [`Answer`]).

use std::collections::BTreeSet;

/// That something can be done, and why. It is sure if it hangs on nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Answer {
    /// The statements and documents that say so, each once, in the order in which they are needed.
    pub(crate) evidence: Vec<String>,
    /// Condition keys and things that are not known.
    pub(crate) hangs_on: BTreeSet<String>,
}

impl Answer {
    /// Sure, by one piece of evidence.
    pub(super) fn sure(evidence: impl Into<String>) -> Self {
        Self {
            evidence: vec![evidence.into()],
            hangs_on: BTreeSet::new(),
        }
    }

    /// Hanging on one thing more.
    pub(super) fn if_known(mut self, thing: impl Into<String>) -> Self {
        self.hangs_on.insert(thing.into());
        self
    }

    /// Both are needed.
    pub(super) fn and(mut self, other: Self) -> Self {
        for evidence in other.evidence {
            if !self.evidence.contains(&evidence) {
                self.evidence.push(evidence);
            }
        }
        self.hangs_on.extend(other.hangs_on);
        self
    }

    pub(crate) fn is_certain(&self) -> bool {
        self.hangs_on.is_empty()
    }

    /// The word in tables.
    pub(crate) fn certainty(&self) -> &'static str {
        if self.is_certain() {
            "certain"
        } else {
            "possible"
        }
    }
}

/// All of them are needed; no, if one is.
pub(super) fn all(answers: impl IntoIterator<Item = Option<Answer>>) -> Option<Answer> {
    let mut sum = Answer::default();
    for answer in answers {
        sum = sum.and(answer?);
    }
    Some(sum)
}

/// One of them is needed: the first that is sure, else the first.
pub(super) fn best(answers: impl IntoIterator<Item = Answer>) -> Option<Answer> {
    let mut first = None;
    for answer in answers {
        if answer.is_certain() {
            return Some(answer);
        }
        first = first.or(Some(answer));
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hangs_on_nothing_is_certain_and_no_wins_in_all() {
        let sure = Answer::sure("a");
        let open = Answer::sure("b").if_known("aws:sourceip");
        assert_eq!(sure.certainty(), "certain");
        assert_eq!(
            all([Some(sure.clone()), Some(open.clone())])
                .unwrap()
                .certainty(),
            "possible"
        );
        assert_eq!(all([Some(sure.clone()), None]), None);
        assert_eq!(best([open.clone(), sure.clone()]), Some(sure));
        assert_eq!(best([open.clone()]), Some(open));
        assert_eq!(best([]), None);
    }
}
