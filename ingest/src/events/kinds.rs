//! The kinds of columns that a row has: the value in Rust, the builder and the type in Arrow.

use std::borrow::Cow;
use std::fmt::Debug;
use std::sync::Arc;

use arrow::array::{
    ArrayBuilder, ArrayRef, BooleanBuilder, Date32Builder, Int64Builder, StringBuilder,
    TimestampMicrosecondBuilder,
};
use arrow::datatypes::DataType;

use crate::lake::schema::time_type;

/// Room for a text from the beginning, in bytes: 48. Chosen: most ARNs of a log, so that few columns grow.
const TEXT_BYTES: usize = 48;

/// Room for a JSON text from the beginning, in bytes: 512. Chosen: most identities and requests.
const JSON_BYTES: usize = 512;

/// Room for a record key, in bytes.
const KEY_BYTES: usize = 32;

/// A kind of column.
pub(crate) trait Kind {
    /// What a row holds.
    type Value<'a>: Debug;
    /// What collects the rows.
    type Builder: ArrayBuilder + Debug;
    /// Whether a row may lack a value.
    const NULLABLE: bool = true;
    /// The type of the column.
    fn data_type() -> DataType;
    /// A builder with room for so many rows.
    fn builder(rows: usize) -> Self::Builder;
    /// Adds a row.
    fn append(builder: &mut Self::Builder, value: Option<&Self::Value<'_>>);
    /// The rows so far.
    fn finish(builder: &mut Self::Builder) -> ArrayRef {
        builder.finish()
    }
}

/// Text, borrowed where it can be.
#[derive(Debug)]
pub(crate) struct Text;
/// JSON as the text that it is in the record.
#[derive(Debug)]
pub(crate) struct Json;
/// True or false.
#[derive(Debug)]
pub(crate) struct Flag;
/// A whole number.
#[derive(Debug)]
pub(crate) struct Whole;
/// UTC microseconds.
#[derive(Debug)]
pub(crate) struct Time;
/// Days since 1970-01-01, UTC.
#[derive(Debug)]
pub(crate) struct Date;
/// 128 bits, written as 32 hexadecimal digits; never null.
#[derive(Debug)]
pub(crate) struct RecordKey;

impl Kind for Text {
    type Value<'a> = Cow<'a, str>;
    type Builder = StringBuilder;

    fn data_type() -> DataType {
        DataType::Utf8
    }

    fn builder(rows: usize) -> StringBuilder {
        StringBuilder::with_capacity(rows, rows * TEXT_BYTES)
    }

    fn append(builder: &mut StringBuilder, value: Option<&Cow<'_, str>>) {
        builder.append_option(value);
    }
}

impl Kind for Json {
    type Value<'a> = Cow<'a, str>;
    type Builder = StringBuilder;

    fn data_type() -> DataType {
        DataType::Utf8
    }

    fn builder(rows: usize) -> StringBuilder {
        StringBuilder::with_capacity(rows, rows * JSON_BYTES)
    }

    fn append(builder: &mut StringBuilder, value: Option<&Cow<'_, str>>) {
        builder.append_option(value);
    }
}

impl Kind for Flag {
    type Value<'a> = bool;
    type Builder = BooleanBuilder;

    fn data_type() -> DataType {
        DataType::Boolean
    }

    fn builder(rows: usize) -> BooleanBuilder {
        BooleanBuilder::with_capacity(rows)
    }

    fn append(builder: &mut BooleanBuilder, value: Option<&bool>) {
        builder.append_option(value.copied());
    }
}

impl Kind for Whole {
    type Value<'a> = i64;
    type Builder = Int64Builder;

    fn data_type() -> DataType {
        DataType::Int64
    }

    fn builder(rows: usize) -> Int64Builder {
        Int64Builder::with_capacity(rows)
    }

    fn append(builder: &mut Int64Builder, value: Option<&i64>) {
        builder.append_option(value.copied());
    }
}

impl Kind for Time {
    type Value<'a> = i64;
    type Builder = TimestampMicrosecondBuilder;

    fn data_type() -> DataType {
        time_type()
    }

    fn builder(rows: usize) -> TimestampMicrosecondBuilder {
        TimestampMicrosecondBuilder::with_capacity(rows)
    }

    fn append(builder: &mut TimestampMicrosecondBuilder, value: Option<&i64>) {
        builder.append_option(value.copied());
    }

    fn finish(builder: &mut TimestampMicrosecondBuilder) -> ArrayRef {
        Arc::new(builder.finish().with_timezone("UTC"))
    }
}

impl Kind for Date {
    type Value<'a> = i32;
    type Builder = Date32Builder;

    fn data_type() -> DataType {
        DataType::Date32
    }

    fn builder(rows: usize) -> Date32Builder {
        Date32Builder::with_capacity(rows)
    }

    fn append(builder: &mut Date32Builder, value: Option<&i32>) {
        builder.append_option(value.copied());
    }
}

impl Kind for RecordKey {
    type Value<'a> = u128;
    type Builder = StringBuilder;
    const NULLABLE: bool = false;

    fn data_type() -> DataType {
        DataType::Utf8
    }

    fn builder(rows: usize) -> StringBuilder {
        StringBuilder::with_capacity(rows, rows * KEY_BYTES)
    }

    fn append(builder: &mut StringBuilder, value: Option<&u128>) {
        let key = value.copied().unwrap_or_default();
        let digits = key
            .to_be_bytes()
            .map(|byte| [digit(byte >> 4), digit(byte & 15)]);
        // Digits are ASCII.
        builder.append_value(str::from_utf8(digits.as_flattened()).unwrap_or_default());
    }
}

/// A hexadecimal digit.
fn digit(value: u8) -> u8 {
    if value < 10 {
        b'0' + value
    } else {
        b'a' + value - 10
    }
}
