//! Kind of resource as one operation names it: a call in, the ARNs that its parameters spell out.
//!
//! The rows of the table are tried in order, and the first whose values are all set tells. A value
//! that is a whole ARN of the kind is taken as it is. One that may not stand in a name leaves the
//! resource unproven, and no further row is asked.
//!
//! INVARIANT: an ARN holds a wildcard or a variable of policies only where the table or a form
//! writes it, never from a value.

use std::borrow::Cow;

use super::super::request::Request;
use super::form::Spelling;
use super::path::{Path, Texts, VALUE_LIMIT};
use super::row::Row;
use super::text::{is_plain_arn, is_plain_name};
use super::{Found, Proven};
use crate::catalog::{Catalog, ResourceType, Shape, Template};

/// A kind, and the ways to spell its ARN in the calls of one operation.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) shape: Shape,
    /// Whether every use of the action needs one.
    pub(super) required: bool,
    rows: Vec<Row>,
}

/// What the texts of one row give.
enum Spelt {
    Arn(String),
    /// Something of another kind.
    Other,
    /// A name that cannot be one.
    Unfit,
}

impl Kind {
    /// The kind with the rows that hold for an action and an operation.
    pub(super) fn new(
        of: ResourceType,
        required: bool,
        action: &str,
        operation: &str,
        catalog: &Catalog,
    ) -> Self {
        let holds = |row: &Template| {
            row.holds_for()
                .any(|name| name == "*" || name == operation || name == action)
        };
        let templates: Vec<Template> = catalog.templates().of(of.name).filter(holds).collect();
        let is_never_named = |template: &Template| template.values().eq(["!"]);
        Self {
            shape: Shape::new(of.arn),
            required: required || templates.iter().any(is_never_named),
            rows: templates
                .into_iter()
                .filter(|template| !is_never_named(template))
                .filter_map(Row::parse)
                .collect(),
        }
    }

    /// Keeps the rows that start with the parameter that the ARN's first variable is named after: of two
    /// forms of an ARN, each has rows of its own.
    pub(super) fn keep_own_rows(&mut self) {
        let variable = self.shape.variables().first().copied();
        self.rows.retain(|row| {
            let first = row.values.first().and_then(|value| value.path.first());
            first
                .zip(variable)
                .is_some_and(|(one, two)| one.eq_ignore_ascii_case(two))
        });
    }

    /// Tells whether both kinds are read from one parameter, so that a call names the one or the other.
    pub(super) fn shares_parameter(&self, other: &Self) -> bool {
        let names = |kind: &Self, path: &Path| kind.rows.iter().any(|row| row.last() == Some(path));
        self.rows
            .iter()
            .filter_map(Row::last)
            .any(|path| names(other, path))
    }

    /// The paths whose texts belong to this kind only if they start in a certain way, and that start.
    pub(super) fn guards(&self) -> impl Iterator<Item = (&Path, &'static str)> {
        self.rows
            .iter()
            .flat_map(|row| &row.values)
            .filter(|value| !value.start.is_empty())
            .map(|value| (&value.path, value.start))
    }

    /// Adds the ARNs that the parameters spell; `index` is the kind's own.
    pub(super) fn build(&self, index: usize, request: &Request<'_>, found: &mut Found) {
        let mut gaps = false;
        for row in &self.rows {
            match self.build_row(row, index, request, found) {
                Outcome::Named { gaps } => {
                    found.gaps |= gaps;
                    return;
                }
                Outcome::Absent { gaps: more } => gaps |= more,
            }
        }
        found.gaps |= gaps;
    }

    fn build_row(
        &self,
        row: &Row,
        index: usize,
        request: &Request<'_>,
        found: &mut Found,
    ) -> Outcome {
        let columns = match row.read(request) {
            Ok(columns) => columns,
            Err(outcome) => return outcome,
        };
        let lengths = columns.texts.iter().map(Texts::len);
        let length = lengths.max().unwrap_or(1).min(VALUE_LIMIT);
        let (mut gaps, mut named) = (columns.texts.iter().any(|one| one.unread), false);
        for position in 0..length {
            let texts = || {
                columns
                    .texts
                    .iter()
                    .map_while(|one| one.at(position, length))
            };
            let mut spelling = Spelling::new(request, columns.account.as_deref());
            match self.spell(row, texts(), &mut spelling, request) {
                Spelt::Arn(arn) => {
                    found.add(Proven {
                        arn,
                        kind: index,
                        assumed: spelling.assumed,
                        is_recorded: false,
                    });
                    named = true;
                }
                Spelt::Other => {}
                Spelt::Unfit => (named, gaps) = (true, true),
            }
        }
        if named {
            Outcome::Named { gaps }
        } else {
            Outcome::Absent { gaps: false }
        }
    }

    /// Spells one ARN from one text per value.
    fn spell<'t>(
        &self,
        row: &Row,
        texts: impl Iterator<Item = &'t str>,
        spelling: &mut Spelling<'t>,
        request: &'t Request<'_>,
    ) -> Spelt {
        let mut parts: Vec<Cow<'t, str>> = Vec::with_capacity(row.values.len());
        for (value, text) in row.values.iter().zip(texts) {
            if !text.starts_with(value.start) {
                return Spelt::Other;
            }
            let is_last = parts.len() + 1 == row.values.len();
            if text.starts_with("arn:") && !value.form.reads_arns() {
                if is_last {
                    return self.whole(text, row);
                }
                let Some(name) = spelling.enter(text, &self.shape) else {
                    return Spelt::Other;
                };
                parts.push(Cow::Borrowed(name));
                continue;
            }
            match value.form.read(text, spelling, request) {
                Some(part) => parts.push(part),
                None => return Spelt::Other,
            }
        }
        if parts.len() < row.values.len() {
            return Spelt::Unfit;
        }
        self.fill(row, &parts, spelling)
    }

    /// An ARN that a parameter holds.
    fn whole(&self, arn: &str, row: &Row) -> Spelt {
        if !self.shape.fits(arn) {
            return Spelt::Other;
        }
        if is_plain_arn(arn) && row.end.is_empty() {
            Spelt::Arn(arn.to_owned())
        } else {
            Spelt::Unfit
        }
    }

    fn fill(&self, row: &Row, parts: &[Cow<'_, str>], spelling: &Spelling<'_>) -> Spelt {
        let variables = self.shape.variables();
        let rest = variables.len() > parts.len();
        for (position, (part, variable)) in parts.iter().zip(variables).enumerate() {
            let ends = rest && position + 1 == parts.len();
            if !is_plain_name(variable, part, ends) {
                return Spelt::Unfit;
            }
        }
        let Some(mut arn) = self.shape.fill(spelling.place, parts) else {
            return Spelt::Unfit;
        };
        arn.push_str(spelling.end);
        if rest && !spelling.is_short && !self.shape.fits(&arn) {
            return Spelt::Other;
        }
        arn.push_str(row.end);
        Spelt::Arn(arn)
    }
}

/// What a row told.
pub(super) enum Outcome {
    /// It names the resources.
    Named {
        /// Whether one of them is not proven.
        gaps: bool,
    },
    /// It names none.
    Absent {
        /// Whether something stands there that cannot be read.
        gaps: bool,
    },
}
