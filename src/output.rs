//! What commands print on standard output: text for people, JSON for programs, CSV for spreadsheets.
//!
//! Log fields are text that somebody else chose: control characters are shown, never sent to the
//! terminal, and a CSV cell that a spreadsheet would run as a formula gets a quote before it
//! (OWASP, "CSV Injection").

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use comfy_table::{CellAlignment, ContentArrangement, Table, TableComponent, presets};
use serde::Serialize;

/// Standard output, locked and buffered. Flush it before it goes.
pub(crate) fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::new(io::stdout().lock())
}

/// Writes a note for people on standard error, where a failure to write it matters to nobody.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "note: {}", printable(text));
}

/// Writes one JSON value, indented, and a line break.
///
/// # Errors
/// Standard output cannot be written.
pub(crate) fn json(value: &impl Serialize) -> io::Result<()> {
    let mut out = stdout();
    serde_json::to_writer_pretty(&mut out, value)?;
    writeln!(out)?;
    out.flush()
}

/// Writes lines, safe on a terminal.
///
/// # Errors
/// Standard output cannot be written.
pub(crate) fn lines(lines: impl Iterator<Item = String>) -> io::Result<()> {
    let mut out = stdout();
    for line in lines {
        writeln!(out, "{}", printable(&line))?;
    }
    out.flush()
}

/// Writes rows under a head as a table: columns in line, a rule below the head.
///
/// # Errors
/// Standard output cannot be written.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_style(TableComponent::HeaderLines, '─')
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(head.iter().map(|name| printable(name)));
    for row in rows {
        table.add_row(row.iter().map(|cell| printable(cell)));
    }
    for (position, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if !rows.is_empty() && rows.iter().all(|row| is_number(row.get(position))) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut out = stdout();
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    out.flush()
}

fn is_number(cell: Option<&String>) -> bool {
    cell.is_some_and(|cell| cell.is_empty() || cell.parse::<f64>().is_ok())
}

/// Writes rows under a head as CSV (RFC 4180).
///
/// # Errors
/// Standard output cannot be written.
pub(crate) fn csv(head: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
    let mut out = stdout();
    csv_line(&mut out, head.iter().copied())?;
    for row in rows {
        csv_line(&mut out, row.iter().map(String::as_str))?;
    }
    out.flush()
}

/// Writes one CSV line.
pub(crate) fn csv_line<'a>(
    out: &mut impl Write,
    cells: impl Iterator<Item = &'a str>,
) -> io::Result<()> {
    for (position, cell) in cells.enumerate() {
        if position > 0 {
            out.write_all(b",")?;
        }
        out.write_all(csv_cell(cell).as_bytes())?;
    }
    out.write_all(b"\r\n")
}

/// A cell as CSV: quoted where it must be, and never one that a spreadsheet runs.
///
/// A plain number keeps its sign.
fn csv_cell(cell: &str) -> String {
    let is_formula =
        cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    // A terminal would obey what a file only holds.
    let shown = if io::stdout().is_terminal() {
        printable(cell)
    } else {
        cell.to_owned()
    };
    let cell = shown.as_str();
    let guarded = if is_formula {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if guarded.contains([',', '"', '\n', '\r']) || is_formula {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

/// Text that is safe on a terminal: control characters and those that reorder text are escaped.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character == '\n' || !(character.is_control() || reorders(character)) {
            shown.push(character);
        } else {
            shown.extend(character.escape_unicode());
        }
    }
    shown
}

/// Whether a character changes the order or the presence of others (Unicode UAX #9, section 2).
fn reorders(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_text_in_a_spreadsheet() {
        assert_eq!(csv_cell("=1+1"), "\"'=1+1\"");
        assert_eq!(csv_cell("@sum"), "\"'@sum\"");
        assert_eq!(csv_cell("-5"), "-5");
        assert_eq!(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
    }

    #[test]
    fn a_terminal_escape_is_shown_not_sent() {
        assert_eq!(printable("a\u{1b}[31m"), "a\\u{1b}[31m");
        assert_eq!(printable("a\u{202e}b"), "a\\u{202e}b");
        assert_eq!(printable("a\nb"), "a\nb");
    }
}
