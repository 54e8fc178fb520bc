//! `within_hours(hours, instant)`: whether an instant (RFC 3339 text) is among hours such as `Mon-Fri 06:00-20:00 Europe/Berlin`.
//!
//! NULL where either text is none.

use std::sync::Arc;

use arrow::array::BooleanArray;
use arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature};
use jiff::Timestamp;

use super::text::{TextArguments, signature};
use crate::agents::Hours;

#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct WithinHours {
    signature: Signature,
}

impl Default for WithinHours {
    fn default() -> Self {
        Self {
            signature: signature(2),
        }
    }
}

impl ScalarUDFImpl for WithinHours {
    fn name(&self) -> &'static str {
        "within_hours"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let texts = TextArguments::new(&arguments)?;
        let mut last: Option<(&str, Option<Hours>)> = None;
        let answers: BooleanArray = (0..texts.rows())
            .map(|row| {
                let text = texts.get(0, row)?;
                if last.as_ref().is_none_or(|(same, _)| *same != text) {
                    last = Some((text, text.parse().ok()));
                }
                let hours = last.as_ref()?.1.as_ref()?;
                let instant: Timestamp = texts.get(1, row)?.parse().ok()?;
                Some(hours.contain(instant))
            })
            .collect();
        texts.answer(Arc::new(answers))
    }
}
