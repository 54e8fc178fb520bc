//! `event_outcome(error_code, error_message)`: `succeeded`, `failed`, `denied` or `dry_run`. Never NULL.

use std::sync::Arc;

use arrow::array::StringArray;
use arrow::datatypes::DataType;
use curtail_iam::outcome::outcome;
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature};

use super::text::{TextArguments, signature};

#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct EventOutcome {
    signature: Signature,
}

impl Default for EventOutcome {
    fn default() -> Self {
        Self {
            signature: signature(2),
        }
    }
}

impl ScalarUDFImpl for EventOutcome {
    fn name(&self) -> &'static str {
        "event_outcome"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let texts = TextArguments::new(&arguments)?;
        let answers: StringArray = (0..texts.rows())
            .map(|row| Some(outcome(texts.get(0, row), texts.get(1, row)).as_str()))
            .collect();
        texts.answer(Arc::new(answers))
    }
}
