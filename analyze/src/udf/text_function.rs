//! A function of texts that gives a text, row by row.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::StringArray;
use arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature};

use super::text::{TextArguments, signature};

/// What the function gives for a row; `None` is NULL.
type Answer = for<'a> fn(&'a TextArguments, usize) -> Option<Cow<'a, str>>;

/// A function under a name. Two of one name are the same function.
pub(super) struct TextFunction {
    name: &'static str,
    signature: Signature,
    answer: Answer,
}

impl TextFunction {
    /// The function `name` of so many texts.
    pub(super) fn new(name: &'static str, arguments: usize, answer: Answer) -> Self {
        Self {
            name,
            signature: signature(arguments),
            answer,
        }
    }
}

impl ScalarUDFImpl for TextFunction {
    fn name(&self) -> &str {
        self.name
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
            .map(|row| (self.answer)(&texts, row))
            .collect();
        texts.answer(Arc::new(answers))
    }
}

impl fmt::Debug for TextFunction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

impl PartialEq for TextFunction {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for TextFunction {}

impl Hash for TextFunction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
