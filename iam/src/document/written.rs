//! Numbers of conditions as they were written: the JSON reader keeps no more than their value.
//!
//! `1.10` as a version or a number of thirty digits is compared as text by string operators, so its
//! digits count. A number with an exponent stays in the reader's own form, which has none where
//! it can.

use serde_json::Value;

use super::fault::statement;
use super::position::Path;
use super::spans::Spans;
use super::statement::Statement;

/// Puts the digits as written into the values of the conditions.
pub(super) fn restore(statements: &mut [Statement], value: &Value, text: &str, spans: &Spans) {
    for (index, read) in statements.iter_mut().enumerate() {
        for condition in &mut read.conditions {
            let Some(given) = statement(value, index)
                .and_then(|given| given.get("Condition"))
                .and_then(|block| block.get(&condition.operator))
                .and_then(|keys| keys.get(&condition.key))
            else {
                continue;
            };
            let path = Path::statement(index)
                .element("Condition")
                .element(&condition.operator)
                .element(&condition.key);
            for (item, listed) in condition.values.iter_mut().enumerate() {
                let number = given.get(item).unwrap_or(given);
                if let Some(digits) = digits(number, &path.clone().item(item), text, spans) {
                    digits.clone_into(listed);
                }
            }
        }
    }
}

fn digits<'a>(number: &Value, path: &Path, text: &'a str, spans: &Spans) -> Option<&'a str> {
    if !number.is_f64() {
        return None;
    }
    let written = text.get(spans.value(path)?)?;
    let plain = |byte: u8| byte.is_ascii_digit() || byte == b'.' || byte == b'-';
    written.bytes().all(plain).then_some(written)
}
