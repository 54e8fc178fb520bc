//! `event_outcome(error_code, error_message)`: `succeeded`, `failed`, `denied` or `dry_run`. Never NULL.

use std::borrow::Cow;

use curtail_iam::outcome::outcome;

use super::text_function::TextFunction;

pub(super) fn event_outcome() -> TextFunction {
    TextFunction::new("event_outcome", 2, |texts, row| {
        Some(Cow::Borrowed(
            outcome(texts.get(0, row), texts.get(1, row)).as_str(),
        ))
    })
}
