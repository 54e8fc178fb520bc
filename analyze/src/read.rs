//! Columns of a view's rows, by name and with the type that the reader wants.
//!
//! A column of a like type is cast (dictionaries, views of text, other integers); one that is missing or unlike is our
//! bug and an error, never a guess.

mod actions;
mod caught;
mod rows;

use arrow::array::{
    Array, AsArray, BooleanArray, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimeUnit, TimestampMicrosecondType};
use jiff::Timestamp;

pub(crate) use actions::action_rows;
pub(crate) use caught::{non_legitimate, signals};
pub(crate) use rows::{
    attempted, baselines, counts, coverage, integrity, missing_parts, replay, texts, unattributed,
    unmapped,
};

use crate::Error;

/// One batch of the rows of the view `view`.
pub(crate) struct Columns<'a> {
    pub(crate) view: &'a str,
    pub(crate) batch: &'a RecordBatch,
}

impl Columns<'_> {
    pub(crate) fn rows(&self) -> std::ops::Range<usize> {
        0..self.batch.num_rows()
    }

    pub(crate) fn text(&self, column: &str) -> Result<Text, Error> {
        let array = self.cast(column, &DataType::Utf8)?;
        array
            .as_string_opt::<i32>()
            .cloned()
            .map(Text)
            .ok_or_else(|| self.fault(column, "it is no text"))
    }

    pub(crate) fn number(&self, column: &str) -> Result<Numbers, Error> {
        let array = self.cast(column, &DataType::Int64)?;
        array
            .as_primitive_opt()
            .cloned()
            .map(Numbers)
            .ok_or_else(|| self.fault(column, "it is no number"))
    }

    /// Several columns of text at once.
    pub(crate) fn text_columns<const N: usize>(
        &self,
        names: [&str; N],
    ) -> Result<[Text; N], Error> {
        self.several(names, |name| self.text(name))
    }

    /// Several columns of integers at once.
    pub(crate) fn number_columns<const N: usize>(
        &self,
        names: [&str; N],
    ) -> Result<[Numbers; N], Error> {
        self.several(names, |name| self.number(name))
    }

    /// Several columns of times at once.
    pub(crate) fn time_columns<const N: usize>(
        &self,
        names: [&str; N],
    ) -> Result<[Times; N], Error> {
        self.several(names, |name| self.time(name))
    }

    fn several<T, const N: usize>(
        &self,
        names: [&str; N],
        column: impl Fn(&str) -> Result<T, Error>,
    ) -> Result<[T; N], Error> {
        let columns = names
            .into_iter()
            .map(column)
            .collect::<Result<Vec<T>, Error>>()?;
        columns
            .try_into()
            .map_err(|_| self.fault("several", "one was not read"))
    }

    pub(crate) fn flag(&self, column: &str) -> Result<Flags, Error> {
        let array = self.cast(column, &DataType::Boolean)?;
        array
            .as_boolean_opt()
            .cloned()
            .map(Flags)
            .ok_or_else(|| self.fault(column, "it is no truth value"))
    }

    pub(crate) fn time(&self, column: &str) -> Result<Times, Error> {
        let wanted = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        let array = self.cast(column, &wanted)?;
        let times = array.as_primitive_opt::<TimestampMicrosecondType>();
        times
            .cloned()
            .map(Times)
            .ok_or_else(|| self.fault(column, "it is no time"))
    }

    /// A list of texts per row; a row without a list has none.
    pub(crate) fn texts(&self, column: &str) -> Result<Vec<Vec<String>>, Error> {
        let array = self.array(column)?;
        let lists = array
            .as_list_opt::<i32>()
            .ok_or_else(|| self.fault(column, "it is no list"))?;
        lists
            .iter()
            .map(|list| {
                let Some(list) = list else {
                    return Ok(Vec::new());
                };
                let texts = cast(&list, &DataType::Utf8)
                    .map_err(|error| self.fault(column, &error.to_string()))?;
                let texts = texts
                    .as_string_opt::<i32>()
                    .ok_or_else(|| self.fault(column, "its items are no text"))?;
                Ok(texts.iter().flatten().map(str::to_owned).collect())
            })
            .collect()
    }

    fn array(&self, column: &str) -> Result<&dyn Array, Error> {
        let array = self
            .batch
            .column_by_name(column)
            .ok_or_else(|| self.fault(column, "it is missing"))?;
        Ok(array.as_ref())
    }

    fn cast(&self, column: &str, wanted: &DataType) -> Result<arrow::array::ArrayRef, Error> {
        cast(self.array(column)?, wanted).map_err(|error| self.fault(column, &error.to_string()))
    }

    fn fault(&self, column: &str, reason: &str) -> Error {
        Error::Column {
            view: self.view.to_owned(),
            column: column.to_owned(),
            reason: reason.to_owned(),
        }
    }
}

/// A column of text.
pub(crate) struct Text(StringArray);

impl Text {
    pub(crate) fn get(&self, row: usize) -> Option<&str> {
        (row < self.0.len() && self.0.is_valid(row)).then(|| self.0.value(row))
    }

    /// The text, empty where it is NULL.
    pub(crate) fn owned(&self, row: usize) -> String {
        self.get(row).unwrap_or_default().to_owned()
    }

    pub(crate) fn owned_option(&self, row: usize) -> Option<String> {
        self.get(row).map(str::to_owned)
    }
}

/// A column of integers.
pub(crate) struct Numbers(Int64Array);

impl Numbers {
    /// The number, 0 where it is NULL.
    pub(crate) fn get(&self, row: usize) -> i64 {
        if row < self.0.len() && self.0.is_valid(row) {
            self.0.value(row)
        } else {
            0
        }
    }
}

/// A column of truth values.
pub(crate) struct Flags(BooleanArray);

impl Flags {
    /// Whether it is true; NULL is not.
    pub(crate) fn get(&self, row: usize) -> bool {
        row < self.0.len() && self.0.is_valid(row) && self.0.value(row)
    }
}

/// A column of times.
pub(crate) struct Times(TimestampMicrosecondArray);

impl Times {
    pub(crate) fn get(&self, row: usize) -> Option<Timestamp> {
        let valid = row < self.0.len() && self.0.is_valid(row);
        if valid {
            Timestamp::from_microsecond(self.0.value(row)).ok()
        } else {
            None
        }
    }

    /// The time, the epoch where it is NULL.
    pub(crate) fn or_epoch(&self, row: usize) -> Timestamp {
        self.get(row).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}
