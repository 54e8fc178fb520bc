//! The text arguments of a function, as columns of equal length.

use arrow::array::{Array, ArrayRef, StringArray};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, Signature, Volatility};

/// `count` text arguments; the engine casts other kinds of text to it.
pub(super) fn signature(count: usize) -> Signature {
    Signature::uniform(
        count,
        vec![arrow::datatypes::DataType::Utf8],
        Volatility::Immutable,
    )
}

/// The arguments of one call, all of the same length.
pub(super) struct TextArguments {
    columns: Vec<StringArray>,
    rows: usize,
    scalar: bool,
}

impl TextArguments {
    pub(super) fn new(arguments: &ScalarFunctionArgs) -> Result<Self> {
        let scalar = arguments
            .args
            .iter()
            .all(|argument| matches!(argument, ColumnarValue::Scalar(_)));
        let rows = if scalar { 1 } else { arguments.number_rows };
        let columns = arguments
            .args
            .iter()
            .map(|argument| {
                let array = argument.to_array(rows)?;
                let text = array.as_any().downcast_ref::<StringArray>().cloned();
                text.ok_or_else(|| {
                    DataFusionError::Execution(format!(
                        "text was expected, not {}",
                        array.data_type()
                    ))
                })
            })
            .collect::<Result<_>>()?;
        Ok(Self {
            columns,
            rows,
            scalar,
        })
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Argument `index` in `row`, unless it is NULL.
    pub(super) fn get(&self, index: usize, row: usize) -> Option<&str> {
        let column = self.columns.get(index)?;
        column.is_valid(row).then(|| column.value(row))
    }

    /// One value where every argument was one, else the column.
    pub(super) fn answer(&self, array: ArrayRef) -> Result<ColumnarValue> {
        if self.scalar {
            return Ok(ColumnarValue::Scalar(
                datafusion::scalar::ScalarValue::try_from_array(&array, 0)?,
            ));
        }
        Ok(ColumnarValue::Array(array))
    }
}
