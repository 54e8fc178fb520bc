//! No wildcard over a whole service: neither `*` nor `service:*` nor `NotAction` is granted.
//!
//! A wildcard within a service's names, such as `s3:Get*`, is none of these.
//! Source: AWS Security Hub User Guide, "IAM customer managed policies should not allow wildcard actions for services"
//! (IAM.21).

use std::collections::BTreeSet;

use curtail_iam::document::ActionElement;

use super::{Outcome, Subject};

pub(super) fn no_wildcard_action(subject: &Subject<'_>) -> Outcome {
    let mut faults = BTreeSet::new();
    for (place, statement) in subject.allows() {
        match &statement.actions {
            ActionElement::Action(patterns) => faults.extend(
                patterns
                    .iter()
                    .filter(|pattern| is_whole_service(pattern))
                    .map(|pattern| format!("{place} allows {pattern}")),
            ),
            ActionElement::NotAction(_) => {
                faults.insert(format!("{place} allows all but a list of actions"));
            }
        }
    }
    subject.verdict(&faults, "no statement allows all actions of a service")
}

fn is_whole_service(pattern: &str) -> bool {
    let name = pattern.split_once(':').map_or(pattern, |(_, name)| name);
    !name.is_empty() && name.bytes().all(|byte| byte == b'*')
}
