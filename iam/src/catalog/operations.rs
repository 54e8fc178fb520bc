//! Facts on API operations: which host is which service, which operation needs which actions.
//!
//! Rows are kept as text and read when an event asks for them.

use super::table::{DEPENDENTS, EXCEPTIONS, HAND, HAND_HOSTS, HOSTS, PASS_ROLE, Row, Table};
use crate::event::{Basis, Strength};

/// The tables on operations.
pub(crate) struct Operations {
    hosts: Table,
    hand_hosts: Table,
    exceptions: Table,
    hand: Table,
    pass_role: Table,
    dependents: Table,
}

/// The actions of an operation whose name is no action.
pub(crate) struct Exception {
    pub(crate) actions: &'static str,
    pub(crate) strength: Strength,
    pub(crate) basis: Basis,
}

/// What the hand table says of an event.
pub(crate) enum Hand {
    /// It needs these actions.
    Actions(Exception),
    /// It needs none, for this reason.
    NoAction(&'static str),
}

impl Operations {
    pub(super) fn read() -> Self {
        Self {
            hosts: Table::read(&HOSTS),
            hand_hosts: Table::read(&HAND_HOSTS),
            exceptions: Table::read(&EXCEPTIONS),
            hand: Table::read(&HAND),
            pass_role: Table::read(&PASS_ROLE),
            dependents: Table::read(&DEPENDENTS),
        }
    }

    /// The service prefixes of a host label, in the order in which they are tried, if it is listed.
    pub(crate) fn prefixes(&self, label: &str) -> Option<&'static str> {
        let row = self
            .hand_hosts
            .get(label)
            .or_else(|| self.hosts.get(label))?;
        row.columns().next()
    }

    /// The actions of `prefix:Operation` where its own name is none.
    pub(crate) fn exception(&self, name: &str) -> Option<Exception> {
        let mut columns = self.exceptions.get(name)?.columns();
        Some(Exception {
            actions: columns.next()?,
            strength: strength(columns.next()?)?,
            basis: basis(columns.next()?),
        })
    }

    /// What the hand table says of `prefix:EventName`, or of `label:*`.
    pub(crate) fn hand(&self, name: &str) -> Option<Hand> {
        read_hand(self.hand.get(name)?)
    }

    /// On what ground `prefix:Operation` is listed as one that can pass a role.
    pub(crate) fn passes_role(&self, name: &str) -> Option<Basis> {
        self.pass_role.get(name)?.columns().next().map(basis)
    }

    /// The actions that `prefix:Operation` may need besides its own.
    pub(crate) fn dependents(&self, name: &str) -> impl Iterator<Item = (&'static str, Basis)> {
        self.dependents.all(name).iter().flat_map(|row| {
            let mut columns = row.columns();
            let actions = columns.next().unwrap_or_default();
            let basis = basis(columns.next().unwrap_or_default());
            actions.split(',').map(move |action| (action, basis))
        })
    }

    #[cfg(test)]
    pub(crate) fn named_actions(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        [&self.exceptions, &self.hand, &self.dependents]
            .into_iter()
            .flat_map(Table::rows)
            .flat_map(|row| {
                let actions = row.columns().next().unwrap_or_default();
                actions.split(',').map(|action| (row.key, action))
            })
            .filter(|(_, action)| *action != "-")
    }
}

fn read_hand(row: Row) -> Option<Hand> {
    let mut columns = row.columns();
    let actions = columns.next()?;
    let last = columns.next()?;
    if actions == "-" {
        return Some(Hand::NoAction(last));
    }
    Some(Hand::Actions(Exception {
        actions,
        strength: strength(last)?,
        basis: Basis::Hand,
    }))
}

fn strength(text: &str) -> Option<Strength> {
    match text {
        "certain" => Some(Strength::Certain),
        "possible" => Some(Strength::Possible),
        _ => None,
    }
}

fn basis(text: &str) -> Basis {
    match text {
        "exception" => Basis::Exception,
        "documentation" => Basis::Documentation,
        _ => Basis::Unverified,
    }
}
