//! What is known of a request's context: a lower-case key in, its values or "unknown" out.
//!
//! Values that are given come first, then those that follow from principal and accounts. Whatever is
//! in neither is unknown or, where the given context is complete, absent from the request.
//!
//! INVARIANT: a given value is never replaced by one that follows from something else.

use crate::policy::Context;

static NOTHING: Context = Context::new();

/// The values of condition keys in one request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    given: &'a Context,
    derived: &'a Context,
    resource_account: &'a [String],
    complete: bool,
}

impl<'a> Facts<'a> {
    /// A context in which what is absent is unknown.
    pub(crate) fn open(given: &'a Context) -> Self {
        Self {
            given,
            derived: &NOTHING,
            resource_account: &[],
            complete: false,
        }
    }

    /// A context with what follows from the principal and from the account of the resource.
    pub(crate) fn with_derived(
        given: &'a Context,
        derived: &'a Context,
        resource_account: &'a String,
        complete: bool,
    ) -> Self {
        Self {
            given,
            derived,
            resource_account: std::slice::from_ref(resource_account),
            complete,
        }
    }

    /// The values of a lower-case key: none where it is known to be absent, `None` where it is unknown.
    /// Every resource belongs to an account, so that key is never absent.
    pub(crate) fn values(&self, key: &str) -> Option<&'a [String]> {
        if let Some(values) = self.given.get(key).or_else(|| self.derived.get(key)) {
            return Some(values);
        }
        if key == "aws:resourceaccount" {
            return match self.resource_account {
                [account] if !account.is_empty() => Some(self.resource_account),
                _ => None,
            };
        }
        self.complete.then_some(&[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(key: &str, value: &str) -> Context {
        Context::from([(key.to_owned(), vec![value.to_owned()])])
    }

    #[test]
    fn what_is_given_wins_over_what_follows() {
        let (given, derived) = (context("aws:k", "given"), context("aws:k", "derived"));
        let account = "111122223333".to_owned();
        let facts = Facts::with_derived(&given, &derived, &account, true);
        assert_eq!(facts.values("aws:k").unwrap(), ["given"]);
        assert_eq!(
            facts.values("aws:resourceaccount").unwrap(),
            [account.as_str()]
        );
        let given = context("aws:resourceaccount", "444455556666");
        let facts = Facts::with_derived(&given, &derived, &account, true);
        assert_eq!(facts.values("aws:k").unwrap(), ["derived"]);
        assert_eq!(
            facts.values("aws:resourceaccount").unwrap(),
            ["444455556666"]
        );
    }

    #[test]
    fn what_is_nowhere_is_unknown_or_absent() {
        let nothing = Context::new();
        assert_eq!(Facts::open(&nothing).values("aws:k"), None);
        let account = String::new();
        let facts = Facts::with_derived(&nothing, &nothing, &account, true);
        assert_eq!(facts.values("aws:k"), Some([].as_slice()));
    }
}
