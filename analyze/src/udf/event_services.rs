//! `event_services(event_source)`: the IAM prefixes of the services that record under a host, separated by commas.
//!
//! NULL where the source is no host of AWS.

use std::sync::Arc;

use arrow::array::StringArray;
use arrow::datatypes::DataType;
use curtail_iam::catalog::Catalog;
use curtail_iam::event::services;
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature};

use super::text::{TextArguments, signature};

#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct EventServices {
    signature: Signature,
}

impl Default for EventServices {
    fn default() -> Self {
        Self {
            signature: signature(1),
        }
    }
}

impl ScalarUDFImpl for EventServices {
    fn name(&self) -> &'static str {
        "event_services"
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
            .map(|row| services(texts.get(0, row)?, Catalog::embedded()))
            .collect();
        texts.answer(Arc::new(answers))
    }
}
