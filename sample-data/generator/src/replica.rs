//! Copies of the organisation for large samples: other accounts, other buckets, the same life.

use std::borrow::Cow;

use crate::organisation::{ACCOUNTS, MANAGEMENT};

/// The text as it reads in this copy; the first copy, number 0, is the organisation itself.
pub(crate) fn rename(text: &str, replica: u32) -> String {
    if replica == 0 {
        return text.to_owned();
    }
    let mut text = Cow::Borrowed(text);
    for account in ACCOUNTS {
        if text.contains(account.id) {
            text = Cow::Owned(text.replace(account.id, &account_id(account.id, replica)));
        }
    }
    text.replace("halden-", &format!("halden{replica}-"))
}

/// The name of an agent in this copy.
pub(crate) fn agent_name(name: &str, replica: u32) -> String {
    if replica == 0 {
        name.to_owned()
    } else {
        format!("{name}-{replica}")
    }
}

/// The account id that stands for this one in a copy. The management account has no copies.
pub(crate) fn account_id(id: &str, replica: u32) -> String {
    let number: u64 = id.parse().unwrap_or_default();
    let moved = if id == MANAGEMENT {
        number
    } else {
        number + u64::from(replica)
    };
    format!("{moved:012}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_differ_in_accounts_and_buckets() {
        let text = "arn:aws:iam::111122223333:role/app halden-lake";
        assert_eq!(rename(text, 0), text);
        assert_eq!(
            rename(text, 2),
            "arn:aws:iam::111122223335:role/app halden2-lake"
        );
    }
}
