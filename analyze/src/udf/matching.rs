//! `wildcard_match(pattern, text)` and `action_match(pattern, action)`: IAM's `*` and `?`.
//!
//! Both match the whole text; `*` is any run of characters, also over `/` and `:`, `?` is one. Resources compare
//! case-sensitively, actions do not. NULL if either side is.
//! Source: IAM User Guide, "IAM JSON policy elements: Resource" and "Action".

use std::sync::Arc;

use arrow::array::BooleanArray;
use arrow::datatypes::DataType;
use curtail_iam::pattern;
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature};

use super::text::{TextArguments, signature};

/// One of the two functions.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Matching {
    name: &'static str,
    ignores_case: bool,
    signature: Signature,
}

impl Matching {
    pub(super) fn action_match() -> Self {
        Self {
            name: "action_match",
            ignores_case: true,
            signature: signature(2),
        }
    }

    pub(super) fn wildcard_match() -> Self {
        Self {
            name: "wildcard_match",
            ignores_case: false,
            signature: signature(2),
        }
    }
}

impl ScalarUDFImpl for Matching {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let matches = if self.ignores_case {
            pattern::wildcard_match_ignore_case
        } else {
            pattern::wildcard_match
        };
        let texts = TextArguments::new(&arguments)?;
        let answers: BooleanArray = (0..texts.rows())
            .map(|row| Some(matches(texts.get(0, row)?, texts.get(1, row)?)))
            .collect();
        texts.answer(Arc::new(answers))
    }
}
