//! How a template prints a value: any value in, text that its form shows as that very text out.
//!
//! Escaping is not left to the templates' authors: it is the engine's formatter, and only text that
//! the engine itself has marked as safe passes it by.
//!
//! - HTML: the five characters of the HTML standard, "13.3 Serializing HTML fragments", and `'`.
//! - Markdown: GitHub Flavored Markdown Spec 0.29, "2.4 Backslash escapes" (`CommonMark` 0.31 alike): any ASCII
//!   punctuation may be escaped; escaped are those that could start an element inside a line,
//!   a table cell's end, and what would turn a bare address into a link.

use std::borrow::Cow;
use std::fmt::Write as _;

use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Error, Output, State, Value};

use crate::text::{grouped, visible, visible_lines};

/// The name under which templates ask for Markdown escaping.
pub(super) const MARKDOWN: &str = "markdown";

/// The engine's formatter: prints one value, escaped for the template's form.
pub(super) fn print(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    let text: Cow<'_, str> = match value.as_str() {
        Some(text) if value.is_safe() => Cow::Borrowed(text),
        Some(text) => Cow::Owned(escaped(state.auto_escape(), text)),
        None => match value.kind() {
            ValueKind::None | ValueKind::Undefined => Cow::Borrowed(""),
            _ => Cow::Owned(escaped(state.auto_escape(), &value.to_string())),
        },
    };
    out.write_str(&text).map_err(Error::from)
}

fn escaped(form: &AutoEscape, text: &str) -> String {
    match form {
        AutoEscape::Html => html(&visible(text)),
        _ => markdown(&visible(text)),
    }
}

/// Text for an HTML element or a quoted attribute.
fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(character),
        }
    }
    out
}

/// Text within a line of Markdown, a table cell included.
fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let after = rest.get(character.len_utf8()..).unwrap_or("");
        let links = (character == ':' && after.starts_with("//"))
            || (character == '.' && out.to_ascii_lowercase().ends_with("www"));
        let opens = out.is_empty() && matches!(character, '#' | '-' | '+' | '=' | ':' | '.' | ')');
        if links
            || opens
            || matches!(
                character,
                '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$'
            )
        {
            out.push('\\');
        }
        out.push(character);
        rest = after;
    }
    out
}

/// Filter `code`: a name as code, where the form can show it as code.
///
/// In Markdown a code span knows no escapes, so that a name with a backtick or a bar is printed as escaped text.
pub(super) fn code(state: &State, value: &Value) -> Value {
    let owned = value.to_string();
    let text = visible(value.as_str().unwrap_or(&owned));
    Value::from_safe_string(match state.auto_escape() {
        AutoEscape::Html => format!("<code>{}</code>", html(&text)),
        _ if text.is_empty() => String::new(),
        _ if text.contains(['`', '|']) || text.starts_with(' ') || text.ends_with(' ') => {
            markdown(&text)
        }
        _ => format!("`{text}`"),
    })
}

/// Filter `block`: text of several lines, for `<pre>` or, indented by a fence of its own, for Markdown.
pub(super) fn block(state: &State, value: &Value, language: Option<&str>) -> Value {
    let owned = value.to_string();
    let text = visible_lines(value.as_str().unwrap_or(&owned));
    let text = text.trim_end_matches('\n');
    Value::from_safe_string(match state.auto_escape() {
        AutoEscape::Html => html(text),
        _ => fenced(text, language.unwrap_or("")),
    })
}

/// A fenced code block whose fence is longer than any run of backticks in it (GFM, "4.5 Fenced code blocks").
fn fenced(text: &str, language: &str) -> String {
    let mut longest = 2_usize;
    let mut run = 0_usize;
    for character in text.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let mut out = String::with_capacity(text.len() + 2 * fence.len() + 16);
    // Writing to a `String` cannot fail.
    let _ = write!(out, "{fence}{language}\n{text}\n{fence}");
    out
}

/// Filter `num`: a whole number with its thousands grouped.
pub(super) fn num(value: i64) -> String {
    grouped(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn html_shows_markup_as_text() {
        assert_eq!(
            html("<script>\"a\" & 'b'</script>"),
            "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;"
        );
    }

    #[test]
    fn markdown_shows_markup_as_text() {
        assert_eq!(
            markdown("a|b `c` *d* _e_ [f](g) <h> http://i www.j &amp;"),
            "a\\|b \\`c\\` \\*d\\* \\_e\\_ \\[f\\](g) \\<h\\> http\\://i www\\.j \\&amp;"
        );
        assert_eq!(markdown("=cmd()"), "\\=cmd()");
        assert_eq!(markdown("# title"), "\\# title");
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fenced("a\n````\nb", "diff"), "`````diff\na\n````\nb\n`````");
    }

    proptest! {
        #[test]
        fn no_text_breaks_out_of_html(text in any::<String>()) {
            let shown = html(&visible(&text));
            prop_assert!(!shown.contains(['<', '>', '"', '\'']));
        }

        #[test]
        fn no_text_breaks_out_of_a_table_cell(text in any::<String>()) {
            let shown = markdown(&visible(&text));
            prop_assert!(!shown.contains('\n'));
            let unescaped = shown.replace("\\\\", "").replace("\\|", "");
            prop_assert!(!unescaped.contains('|'));
        }
    }
}
