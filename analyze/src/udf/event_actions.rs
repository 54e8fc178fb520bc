//! `event_actions(event_source, event_name, event_type, request_parameters, response_elements, resources, error_message,
//! aws_region, account_id)`: the IAM actions that a call needs, as a list of `action`, `strength`, `basis`, `resource`,
//! `resource_basis`; an action on several resources comes once for each.
//!
//! The list is empty where the call needs no IAM action, and NULL where the catalog does not know the event. A `resource`
//! is NULL where the record does not prove it.

use std::sync::Arc;

use arrow::array::{ArrayRef, ListArray, StringBuilder, StructArray};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use curtail_iam::catalog::Catalog;
use curtail_iam::event::{EventCall, EventMapping, MappedAction, Mapper};
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature};

use super::text::{TextArguments, signature};

/// How many arguments the function has.
const ARGUMENTS: usize = 9;

/// The fields of an element.
const FIELDS: [&str; 5] = ["action", "strength", "basis", "resource", "resource_basis"];

#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct EventActions {
    signature: Signature,
}

impl Default for EventActions {
    fn default() -> Self {
        Self {
            signature: signature(ARGUMENTS),
        }
    }
}

fn fields() -> Fields {
    FIELDS
        .into_iter()
        .map(|name| Field::new(name, DataType::Utf8, true))
        .collect()
}

fn item() -> FieldRef {
    Arc::new(Field::new("item", DataType::Struct(fields()), true))
}

impl ScalarUDFImpl for EventActions {
    fn name(&self) -> &'static str {
        "event_actions"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::List(item()))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let texts = TextArguments::new(&arguments)?;
        let mut mapper = Mapper::new(Catalog::embedded());
        let mut lists = Lists::default();
        for row in 0..texts.rows() {
            lists.append(&mapper.map(&call(&texts, row)));
        }
        texts.answer(lists.finish()?)
    }
}

/// The call of a row.
fn call(texts: &TextArguments, row: usize) -> EventCall<'_> {
    let [
        event_source,
        event_name,
        event_type,
        request_parameters,
        response_elements,
        resources,
        error_message,
        aws_region,
        account_id,
    ] = std::array::from_fn::<_, ARGUMENTS, _>(|index| texts.get(index, row));
    EventCall {
        event_source: event_source.unwrap_or_default(),
        event_name: event_name.unwrap_or_default(),
        event_type,
        request_parameters,
        response_elements,
        resources,
        error_message,
        aws_region,
        account_id,
    }
}

/// The answers so far, as columns.
#[derive(Default)]
struct Lists {
    columns: [StringBuilder; FIELDS.len()],
    lengths: Vec<usize>,
    known: Vec<bool>,
}

impl Lists {
    fn append(&mut self, mapping: &EventMapping) {
        let actions: &[MappedAction] = match mapping {
            EventMapping::Actions(actions) => actions,
            EventMapping::NoAction { .. } | EventMapping::Unmapped { .. } => &[],
        };
        let [names, strengths, bases, resources, resource_bases] = &mut self.columns;
        let mut length = 0;
        for action in actions {
            for resource in action.proven_resources() {
                length += 1;
                names.append_value(&action.action);
                strengths.append_value(action.strength.as_str());
                bases.append_value(action.basis.as_str());
                resources.append_option(resource);
                resource_bases.append_value(action.resource_basis.as_str());
            }
        }
        self.lengths.push(length);
        self.known
            .push(!matches!(mapping, EventMapping::Unmapped { .. }));
    }

    fn finish(mut self) -> Result<ArrayRef> {
        let columns = self
            .columns
            .iter_mut()
            .map(|column| Arc::new(column.finish()) as ArrayRef)
            .collect();
        let items = StructArray::try_new(fields(), columns, None)?;
        Ok(Arc::new(ListArray::try_new(
            item(),
            OffsetBuffer::from_lengths(self.lengths),
            Arc::new(items),
            Some(NullBuffer::from(self.known)),
        )?))
    }
}
