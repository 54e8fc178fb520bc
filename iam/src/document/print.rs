//! A JSON text in, the same JSON out in one of two layouts.
//!
//! Only the white space between the parts changes: the order of keys, the escapes of texts and the
//! digits of numbers stay as they were written.
//!
//! INVARIANT: the text is JSON. Any other text gives some text and no panic.

/// The text without white space between its parts.
pub(super) fn compact(text: &str) -> String {
    let mut printed = String::with_capacity(text.len());
    for part in Parts(text) {
        printed.push_str(part);
    }
    printed
}

/// The text with each item and element on a line of its own, indented by two spaces a level.
pub(super) fn pretty(text: &str) -> String {
    let mut printed = String::with_capacity(2 * text.len());
    let mut depth = 0_usize;
    let mut parts = Parts(text).peekable();
    while let Some(part) = parts.next() {
        match part {
            "{" | "[" => {
                printed.push_str(part);
                if parts.peek().is_some_and(|next| !matches!(*next, "}" | "]")) {
                    depth += 1;
                    new_line(&mut printed, depth);
                } else if let Some(closing) = parts.next() {
                    printed.push_str(closing);
                }
            }
            "}" | "]" => {
                depth = depth.saturating_sub(1);
                new_line(&mut printed, depth);
                printed.push_str(part);
            }
            "," => {
                printed.push_str(part);
                new_line(&mut printed, depth);
            }
            ":" => printed.push_str(": "),
            scalar => printed.push_str(scalar),
        }
    }
    printed
}

fn new_line(printed: &mut String, depth: usize) {
    printed.push('\n');
    for _ in 0..depth {
        printed.push_str("  ");
    }
}

/// The marks and scalars of a JSON text in their order.
struct Parts<'a>(&'a str);

impl<'a> Iterator for Parts<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.0.trim_start();
        let length = match rest.chars().next()? {
            '{' | '}' | '[' | ']' | ',' | ':' => 1,
            '"' => string_length(rest),
            _ => rest
                .find(|c: char| c.is_whitespace() || "{}[],:\"".contains(c))
                .unwrap_or(rest.len()),
        };
        let (part, rest) = rest.split_at_checked(length).unwrap_or((rest, ""));
        self.0 = rest;
        Some(part)
    }
}

/// The bytes of the string that the text begins with, quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    });
    end.map_or(text.len(), |inner| inner + 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    #[test]
    fn numbers_and_escapes_stay_as_written() {
        let text = r#"{ "a" : [ 1.10, 1e3, -0, 123456789012345678901234567890 ], "b\u002f\"" : "\u00e9\/", "c": { }, "d": [] }"#;
        assert_eq!(
            compact(text),
            r#"{"a":[1.10,1e3,-0,123456789012345678901234567890],"b\u002f\"":"\u00e9\/","c":{},"d":[]}"#
        );
        assert_eq!(compact(&pretty(text)), compact(text));
    }

    fn json() -> impl Strategy<Value = Value> {
        let scalar = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        scalar.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map("\\PC{0,4}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn both_layouts_are_those_of_the_json_writer(value in json()) {
            let (small, large) = (value.to_string(), format!("{value:#}"));
            prop_assert_eq!(compact(&large), small.clone());
            prop_assert_eq!(pretty(&small), large);
        }

        #[test]
        fn any_text_is_printed_without_a_panic(text in "[{}\\[\\]\":,a1é\\\\ -]{0,40}") {
            let _ = (compact(&text), pretty(&text));
        }
    }
}
