//! Hostile text made harmless: any string in, text that shows as what it is out.
//!
//! Names, user agents and reasons come from log records and policies that an attacker may have
//! written. Control characters reach terminals and spreadsheets as commands, and bidirectional
//! marks make text read as something else ("Trojan Source", CVE-2021-42574), so that every
//! character that does not show is written as an escape.
//!
//! INVARIANT: what [`visible`] and [`visible_json`] return holds no control character (but line
//! breaks, where the caller asks for them) and no character that hides or turns text around.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character does not show, or changes how its neighbours show.
///
/// Source: Unicode Standard Annex #9 (bidirectional controls) and general category `Cf`.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{600}'..='\u{605}'
                | '\u{61c}'
                | '\u{6dd}'
                | '\u{70f}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// The text on one line, with every hidden character as an escape: `\n`, `\t`, `\u{202e}`.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    replace_hidden(text, |_| false, escape_for_people)
}

/// The text with its line breaks, and every other hidden character as an escape.
pub(crate) fn visible_lines(text: &str) -> Cow<'_, str> {
    replace_hidden(text, |character| character == '\n', escape_for_people)
}

/// JSON text with the same meaning whose strings hold hidden characters only as `\uXXXX`.
///
/// Outside its strings JSON is ASCII, so that a replaced character always stands in a string,
/// where the escape means the same (RFC 8259, section 7).
pub(crate) fn visible_json(json: &str) -> Cow<'_, str> {
    replace_hidden(json, |character| character == '\n', escape_for_json)
}

fn replace_hidden(
    text: &str,
    keep: impl Fn(char) -> bool,
    escape: impl Fn(char, &mut String),
) -> Cow<'_, str> {
    let replaced = |character: char| is_hidden(character) && !keep(character);
    if !text.chars().any(replaced) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if replaced(character) {
            escape(character, &mut shown);
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

fn escape_for_people(character: char, out: &mut String) {
    match character {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        _ => out.extend(character.escape_unicode()),
    }
}

fn escape_for_json(character: char, out: &mut String) {
    let mut units = [0_u16; 2];
    for unit in character.encode_utf16(&mut units) {
        // Writing to a `String` cannot fail.
        let _ = write!(out, "\\u{unit:04x}");
    }
}

/// `1234567` as `1,234,567`.
pub(crate) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A length as a number that can be printed and summed up.
pub(crate) fn to_count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// `1 call`, `2 calls`, `1,234 calls`.
pub(crate) fn counted(number: i64, singular: &str, plural: &str) -> String {
    let noun = if number == 1 { singular } else { plural };
    format!("{} {noun}", grouped(number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_text_is_left_alone() {
        assert_eq!(
            visible("invoice-writer ünïcode 漢字"),
            "invoice-writer ünïcode 漢字"
        );
    }

    #[test]
    fn control_and_turning_characters_are_spelled_out() {
        assert_eq!(
            visible("a\u{1b}[31m\nb\u{202e}c\u{9b}"),
            "a\\u{1b}[31m\\nb\\u{202e}c\\u{9b}"
        );
        assert_eq!(visible_lines("a\r\nb"), "a\\r\nb");
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(-1_234_567), "-1,234,567");
        assert_eq!(counted(1, "call", "calls"), "1 call");
        assert_eq!(counted(12_000, "call", "calls"), "12,000 calls");
    }

    proptest! {
        #[test]
        fn nothing_hidden_is_left(text in any::<String>()) {
            prop_assert!(!visible(&text).chars().any(is_hidden));
            prop_assert!(!visible_lines(&text).chars().any(|c| c != '\n' && is_hidden(c)));
        }

        #[test]
        fn json_keeps_its_meaning(text in any::<String>()) {
            let value = serde_json::json!({ "key": text });
            let json = serde_json::to_string_pretty(&value).unwrap();
            let shown = visible_json(&json);
            prop_assert!(!shown.chars().any(|c| c != '\n' && is_hidden(c)));
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
        }
    }
}
