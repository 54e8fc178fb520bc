//! What a trail shows of an action's use: the hand-written rules in, the kinds of events of each action out.
//!
//! Source: AWS CloudTrail User Guide, "Logging management events" and "Logging data events"; the services' own
//! CloudTrail topics. The head of `data/recording.tsv` tells how a row is decided.
//!
//! INVARIANT: a missing record counts as "not used" only if a trail records *every* kind of an action. So each kind of
//! event that a use may leave is in the set, and `Management` stands there only if some API operation is authorized by
//! the action.

use super::table::{RECORDING, Row};
use super::{Action, range_of};
use crate::pattern::wildcard_match_ignore_case;

/// A kind of event that a use of an action leaves, or that it leaves none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recording {
    /// A management event, which a trail records unless it is told otherwise.
    Management,
    /// A data event, which a trail records only where a selector names the resource type.
    Data {
        /// The `resources.type` of the selector: `AWS::S3::Object`.
        resource_type: &'static str,
    },
    /// No operation of its own: it is checked along with others, and no event names it.
    PermissionOnly,
    /// Used by calls that CloudTrail does not record.
    NotLogged,
}

impl Recording {
    /// The name in tables and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Management => "management",
            Self::Data { .. } => "data",
            Self::PermissionOnly => "permission_only",
            Self::NotLogged => "not_logged",
        }
    }

    /// What an event selector must select for it: `management` or the resource type; nothing where none can.
    #[must_use]
    pub fn selectable(self) -> Option<&'static str> {
        match self {
            Self::Management => Some("management"),
            Self::Data { resource_type } => Some(resource_type),
            Self::PermissionOnly | Self::NotLogged => None,
        }
    }

    fn parse(row: Row) -> Option<Self> {
        let mut columns = row.columns();
        Some(match columns.next()? {
            "management" => Self::Management,
            "data" => Self::Data {
                resource_type: columns.next()?,
            },
            "permission_only" => Self::PermissionOnly,
            "not_logged" => Self::NotLogged,
            _ => return None,
        })
    }
}

/// The kinds of events that uses of an action leave: at least one, sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recordings(&'static [Recording]);

impl Recordings {
    /// The kinds, each once.
    #[must_use]
    pub fn kinds(self) -> &'static [Recording] {
        self.0
    }

    /// The `resources.type` of each kind of data events.
    pub fn data_resource_types(self) -> impl Iterator<Item = &'static str> {
        self.0.iter().filter_map(|kind| match kind {
            Recording::Data { resource_type } => Some(*resource_type),
            _ => None,
        })
    }

    /// Whether some use leaves no event at all, so that no selector makes a missing event mean anything.
    #[must_use]
    pub fn has_blind_use(self) -> bool {
        self.0.iter().any(|kind| kind.selectable().is_none())
    }

    /// The answer without a rule: `reach` is the column of the action table.
    pub(super) fn derive(reach: &str) -> Self {
        if reach == "operation" {
            Self(&[Recording::Management])
        } else {
            Self(&[Recording::PermissionOnly])
        }
    }
}

/// The rows of one pattern.
struct Rule {
    pattern: &'static str,
    kinds: Vec<Recording>,
}

/// The rules in the order of the table: rows of one pattern stand together.
fn rules(table: &'static str) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for row in table.lines().map(Row::new) {
        let Some(kind) = Recording::parse(row) else {
            continue;
        };
        match rules.last_mut() {
            Some(rule) if rule.pattern == row.key => rule.kinds.push(kind),
            _ => rules.push(Rule {
                pattern: row.key,
                kinds: vec![kind],
            }),
        }
    }
    rules
}

/// Overrides the derived answers with the rules; of several patterns that match, the longest holds with all its rows.
///
/// `names` are the names of `actions` in lower case.
pub(super) fn apply_rules(names: &[&str], actions: &mut [Action]) {
    let mut rules = rules(RECORDING.unpack());
    rules.sort_by_key(|rule| rule.pattern.len());
    let mut is_settled = vec![false; actions.len()];
    for Rule { pattern, mut kinds } in rules.into_iter().rev() {
        kinds.sort_unstable();
        kinds.dedup();
        let literal = pattern.split(['*', '?']).next().unwrap_or_default();
        let range = range_of(names, literal);
        let candidates = actions.get_mut(range.clone()).unwrap_or_default();
        let settled = is_settled.get_mut(range).unwrap_or_default();
        let matching: Vec<(&mut Action, &mut bool)> = candidates
            .iter_mut()
            .zip(settled)
            .filter(|(action, settled)| {
                !**settled && wildcard_match_ignore_case(pattern, action.name)
            })
            .collect();
        if matching.is_empty() {
            continue;
        }
        // The kinds live as long as the catalog, which is as long as the process; one list serves all actions of a rule.
        let recordings = Recordings(kinds.leak());
        for (action, settled) in matching {
            action.recordings = recordings;
            *settled = true;
        }
    }
}

#[cfg(test)]
mod tests;
