//! The trust policy lets in the agent's own workload alone: each of its doors has a guard that names it.
//!
//! A Deny in a trust policy may close a door that an Allow opens, so that beside one nothing is called open.

use std::collections::BTreeSet;

use curtail_iam::document::Effect;

use super::doors::doors;
use super::evidence::listed;
use super::{Outcome, Status, Subject};

pub(super) fn trust_scoped(subject: &Subject<'_>) -> Outcome {
    let document = match &subject.trust {
        Ok(document) => document,
        Err(problem) => {
            let text = format!("the trust policy could not be read: {}", problem.reason);
            return Outcome::new(Status::Unknown, text);
        }
    };
    let doors = doors(document, subject.account_id);
    let open: BTreeSet<String> = doors
        .iter()
        .filter_map(|door| Some(format!("{}: {}", door.principal, door.open.as_ref()?)))
        .collect();
    let denies = document
        .statements
        .iter()
        .any(|statement| statement.effect == Effect::Deny);
    match (open.is_empty(), denies) {
        (true, _) => Outcome::new(Status::Pass, "every way in names the workload"),
        (false, true) => Outcome::new(
            Status::Unknown,
            format!("a Deny may or may not close it: {}", listed(&open)),
        ),
        (false, false) => Outcome::new(Status::Fail, listed(&open)),
    }
}
