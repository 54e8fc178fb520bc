//! `event_actions(event_source, event_name, request_parameters, resources, error_message, aws_region, account_id)`:
//! the IAM actions that a call needs, as a list of `action`, `strength`, `basis`, `resource`.
//!
//! The list is empty where the call needs no IAM action, and NULL where the catalog does not know the event. The same
//! arguments are mapped once per batch.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, ListArray, StringBuilder, StructArray};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use curtail_iam::catalog::Catalog;
use curtail_iam::event::{EventCall, EventMapping, MappedAction, map_event};
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature};

use super::text::{TextArguments, signature};

/// How many arguments the function has.
const ARGUMENTS: usize = 7;

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
    ["action", "strength", "basis", "resource"]
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
        let mut known: HashMap<[Option<&str>; ARGUMENTS], Arc<Option<Vec<MappedAction>>>> =
            HashMap::new();
        let mapped: Vec<_> = (0..texts.rows())
            .map(|row| {
                let key = std::array::from_fn(|index| texts.get(index, row));
                Arc::clone(
                    known
                        .entry(key)
                        .or_insert_with(|| Arc::new(actions_of(key))),
                )
            })
            .collect();
        texts.answer(list(&mapped)?)
    }
}

/// The actions of one record; none if the catalog does not know it.
fn actions_of(arguments: [Option<&str>; ARGUMENTS]) -> Option<Vec<MappedAction>> {
    let [
        event_source,
        event_name,
        request_parameters,
        resources,
        error_message,
        aws_region,
        account_id,
    ] = arguments;
    let call = EventCall {
        event_source: event_source.unwrap_or_default(),
        event_name: event_name.unwrap_or_default(),
        request_parameters,
        resources,
        error_message,
        aws_region,
        account_id,
    };
    match map_event(&call, Catalog::embedded()) {
        EventMapping::Actions(actions) => Some(actions),
        EventMapping::NoAction { .. } => Some(Vec::new()),
        EventMapping::Unmapped => None,
    }
}

fn list(mapped: &[Arc<Option<Vec<MappedAction>>>]) -> Result<ArrayRef> {
    let mut columns: [StringBuilder; 4] = std::array::from_fn(|_| StringBuilder::new());
    let [actions, strengths, bases, resources] = &mut columns;
    for action in mapped.iter().flat_map(|actions| actions.iter().flatten()) {
        actions.append_value(&action.action);
        strengths.append_value(action.strength.as_str());
        bases.append_value(action.basis.as_str());
        resources.append_option(action.resource.as_deref());
    }
    let columns = columns
        .iter_mut()
        .map(|column| Arc::new(column.finish()) as ArrayRef)
        .collect();
    let items = StructArray::try_new(fields(), columns, None)?;
    let lengths = mapped
        .iter()
        .map(|actions| actions.as_ref().as_ref().map_or(0, Vec::len));
    let known: NullBuffer = mapped.iter().map(|actions| actions.is_some()).collect();
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(ListArray::try_new(
        item(),
        offsets,
        Arc::new(items),
        Some(known),
    )?))
}
