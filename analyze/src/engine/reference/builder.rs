//! A table of rows in memory, made column by column.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{Field, Schema};
use jiff::Timestamp;

use crate::Error;

/// Columns of equal length under their names; every column may hold NULL.
pub(crate) struct Table {
    name: &'static str,
    fields: Vec<Field>,
    columns: Vec<ArrayRef>,
}

impl Table {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            fields: Vec::new(),
            columns: Vec::new(),
        }
    }

    pub(crate) fn texts<T: AsRef<str>>(
        &mut self,
        name: &str,
        values: impl IntoIterator<Item = Option<T>>,
    ) {
        self.add(name, Arc::new(values.into_iter().collect::<StringArray>()));
    }

    pub(crate) fn numbers(&mut self, name: &str, values: impl IntoIterator<Item = i64>) {
        self.add(
            name,
            Arc::new(values.into_iter().map(Some).collect::<Int64Array>()),
        );
    }

    pub(crate) fn flags(&mut self, name: &str, values: impl IntoIterator<Item = bool>) {
        self.add(
            name,
            Arc::new(values.into_iter().map(Some).collect::<BooleanArray>()),
        );
    }

    /// Times as UTC microseconds.
    pub(crate) fn times(
        &mut self,
        name: &str,
        values: impl IntoIterator<Item = Option<Timestamp>>,
    ) {
        let microseconds = values
            .into_iter()
            .map(|time| time.map(Timestamp::as_microsecond));
        let times: TimestampMicrosecondArray = microseconds.collect();
        self.add(name, Arc::new(times.with_timezone("UTC")));
    }

    /// The table.
    ///
    /// # Errors
    /// [`Error::Rows`] if the columns differ in length; that is our bug.
    pub(crate) fn finish(self) -> Result<RecordBatch, Error> {
        RecordBatch::try_new(Arc::new(Schema::new(self.fields)), self.columns)
            .map_err(Error::rows(self.name))
    }

    fn add(&mut self, name: &str, column: ArrayRef) {
        self.fields
            .push(Field::new(name, column.data_type().clone(), true));
        self.columns.push(column);
    }
}
