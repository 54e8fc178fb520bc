//! Table of the parameters that name resources: a kind in, the rows that spell its ARN out.
//!
//! `data/templates.tsv` tells what its columns mean. Source: the services' API models, for the
//! parameters; CloudTrail's records, for how they are written.

use super::table::{Row, TEMPLATES, Table};

/// The rows of all kinds.
pub(crate) struct Templates(Table);

/// One way to spell the ARN of a kind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Template {
    holds_for: &'static str,
    row: Row,
}

impl Templates {
    /// Unpacks the table.
    pub(super) fn read() -> Self {
        Self(Table::read(&TEMPLATES))
    }

    /// The rows of a kind (`s3:object`), in the order in which they are to be tried.
    pub(crate) fn of(&self, kind: &str) -> impl Iterator<Item = Template> {
        self.0.all(kind).iter().map(|row| Template {
            holds_for: row.columns().next().unwrap_or_default(),
            row: *row,
        })
    }

    /// The kinds of a service that have a row for an operation, by their names within the service.
    pub(crate) fn kinds(
        &self,
        service: &str,
        operation: &str,
    ) -> impl Iterator<Item = &'static str> {
        let rows = self.0.rows().iter().filter(move |row| {
            let mut operations = row.columns().next().unwrap_or_default().split(',');
            operations.any(|name| name == operation)
        });
        let mut last = "";
        rows.filter_map(move |row| {
            let kind = row.key.strip_prefix(service)?.strip_prefix(':')?;
            let is_new = kind != last;
            last = kind;
            is_new.then_some(kind)
        })
    }

    /// All rows, with the kinds that they belong to, in lower case.
    #[cfg(test)]
    pub(crate) fn rows(&self) -> impl Iterator<Item = (&'static str, Template)> {
        self.0.rows().iter().map(|row| {
            let holds_for = row.columns().next().unwrap_or_default();
            (
                row.key,
                Template {
                    holds_for,
                    row: *row,
                },
            )
        })
    }
}

impl Template {
    /// The operations and actions that the row holds for; `*` is all.
    pub(crate) fn holds_for(self) -> impl Iterator<Item = &'static str> {
        self.holds_for.split(',')
    }

    /// What names the parts of the ARN, in order.
    pub(crate) fn values(self) -> impl Iterator<Item = &'static str> {
        self.row.columns().skip(1).filter(|value| !value.is_empty())
    }
}
